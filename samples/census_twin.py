"""What a school reports in its census workbook: pupils, classes and how they changed, cell by cell.

A cell is named by its form, the code of its line and the code of its column. Every figure comes from what the sample
decided of the school, so that the forms agree with each other and with the ledgers of its unit; what the sample does
not decide is divided so that parts make up their wholes. Not here: staff and rooms (`census_twin_staff.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from samples.classes import Class
from samples.facilities import Facilities
from samples.pupils import DISABLED, Grade
from samples.schools import School
from samples.staff import Staff

Value = int | Decimal | str
Figures = dict[tuple[str, str, int], Value]
STAGES = ("幼儿园", "小学", "初中", "普通高中", "特教")
LEVELS = {"小学": "基础基312", "初中": "基础基313", "普通高中": "基础基314"}
TYPES = {"小学": ("教基3112", 7), "初中": ("教基3115", 3), "普通高中": ("教基3118", 3)}
GROUPS = {"02": "girls", "03": "minority", "05": "boarders", "06": "migrant", "09": "migrant", "12": "left_behind"}
BANDS = (25, 30, 35, 40, 45, 50, 55, 60, 65)
CARE = ("K0", "K1", "K2", "K3")
MINORITY = Decimal("0.78")


@dataclass
class Stock:
    """Pupils of a stage, girls and minorities among them, and its teachers."""

    pupils: int = 0
    girls: int = 0
    minority: int = 0
    teachers: int = 0

    def add(self, pupils: int, girls: int, minority: int) -> None:
        """Adds the pupils of a grade."""
        self.pupils, self.girls, self.minority = self.pupils + pupils, self.girls + girls, self.minority + minority


@dataclass(frozen=True)
class Reported:
    """All that is decided of one school at one census; `before`: what each of its stages had a year before."""

    school: School
    year: int
    grades: Sequence[Grade]
    classes: Sequence[Class]
    before: Mapping[str, Stock]
    staff: Sequence[Staff]
    facilities: Facilities | None

    @property
    def pupils(self) -> int:
        """Its pupils of all stages."""
        return sum(one.pupils for one in self.grades)

    @property
    def stages(self) -> list[str]:
        """Its stages, the lowest first."""
        return list(dict.fromkeys(one.stage for one in sorted(self.grades, key=lambda one: one.grade)))

    def of_stage(self, stage: str) -> list[Grade]:
        """Its grades of one stage."""
        return [one for one in self.grades if one.stage == stage]


def pupil_figures(told: Reported) -> Figures:
    """Pupils and classes in the forms of 2018."""
    found: Figures = {}
    for stage in told.stages:
        grades = told.of_stage(stage)
        if stage in STAGES:
            found |= _changes(stage, grades, told.before.get(stage, Stock()))
        if stage in LEVELS:
            found |= _grades(LEVELS[stage], 4, grades)
    if "幼儿园" in told.stages:
        found |= _children(told.of_stage("幼儿园")) | _groups_of_children(told.classes)
    found |= {("基础基315", "1", 4): told.pupils, ("基础基214", "1", 1): len(told.classes)}
    found |= _grades("中职基311", 11, told.of_stage("中职"))
    return found | _old_classes(told.classes) | _fitness(told)


def _grades(form: str, total: int, grades: Sequence[Grade]) -> Figures:
    """The pupils of a stage by grade, with those who came and left where the form asks for them."""
    found: Figures = {(form, "01", total): sum(one.pupils for one in grades)}
    if form in LEVELS.values():
        found |= {(form, "01", 1): sum(one.leavers or 0 for one in grades)}
        found |= {(form, "01", 2): sum(one.entrants or 0 for one in grades)}
        found[form, "01", total + 1] = sum(one.girls for one in grades)
    start = max(column for _, _, column in found)
    return found | {(form, "01", start + int(one.grade[1])): one.pupils for one in grades}


def younger_pupil_figures(told: Reported) -> Figures:
    """Pupils and classes in the forms of 2021."""
    found: Figures = {("教基3120", "01", 3): told.pupils, ("教基3221", "01", 5): told.pupils}
    for stage, (form, total) in TYPES.items():
        found |= _types(form, total, told.of_stage(stage))
    found["教基2105", "01", 1] = sum(one.stage == "幼儿园" for one in told.classes)
    for form, stages in (("教基2106", {"小学"}), ("教基2107", {"初中", "普通高中"})):
        there = [one for one in told.classes if one.stage in stages]
        sizes = Counter(_band(one.pupils) for one in there)
        found[form, "01", 1] = len(there)
        found |= {(form, f"{band + 2:02d}", 1): many for band, many in sizes.items()}
    return found


def _band(pupils: int) -> int:
    """The place of a class among the ten bands of size."""
    return sum(pupils > limit for limit in BANDS)


def _types(form: str, total: int, grades: Sequence[Grade]) -> Figures:
    """Pupils of a stage by grade, in all and of some groups."""
    found: Figures = {}
    if not grades:
        return found
    for line, group in {"01": "pupils", **GROUPS}.items():
        by_grade = {int(one.grade[1]): _of_group(one, group) for one in grades}
        found |= {(form, line, total + 1 + grade): many for grade, many in by_grade.items()}
        found[form, line, total] = sum(by_grade.values())
    found[form, "01", total + 1] = found[form, "02", total]
    found[form, "01", 1] = sum(one.leavers or 0 for one in grades)
    found[form, "01", 2] = sum(one.entrants or 0 for one in grades)
    return found


def _of_group(grade: Grade, group: str) -> int:
    if group in {"pupils", "girls", "boarders"}:
        return int(getattr(grade, group))
    return grade.groups[group]


def _changes(stage: str, grades: Sequence[Grade], before: Stock) -> Figures:
    """How the pupils of a stage changed in a year: all of them, girls, the minorities."""
    place = STAGES.index(stage) * 3 + 1
    flows = [sum(one.entrants or 0 for one in grades), sum(one.groups["transferred_in"] for one in grades),
             sum(one.leavers or 0 for one in grades), sum(one.groups["transferred_out"] for one in grades)]  # fmt: skip
    halves = [flow // 2 for flow in flows]
    minorities = [int(flow * MINORITY) for flow in flows]
    lines = [
        (before.pupils, flows, sum(one.pupils for one in grades)),
        (before.girls, halves, sum(one.girls for one in grades)),
        (before.minority, minorities, sum(one.groups["minority"] for one in grades)),
    ]
    rests = [now - (base + ins + came - left - outs) for base, (ins, came, left, outs), now in lines]
    others = [(max(rest, 0), max(-rest, 0)) for rest in rests]
    more = max(0, *(part[side] - others[0][side] for part in others for side in (0, 1)))
    others[0] = (others[0][0] + more, others[0][1] + more)
    found: Figures = {}
    for line, ((base, (ins, came, left, outs), now), (up, down)) in enumerate(zip(lines, others, strict=True), place):
        cells = {1: base, 2: ins + came + up, 3: ins, 5: came, 6: up, 7: left + outs + down, 8: left, 13: outs,
                 14: down, 15: now}  # fmt: skip
        found |= {("基础基331", f"{line:02d}", column): many for column, many in cells.items()}
    return found


def _children(grades: Sequence[Grade]) -> Figures:
    """Children of a kindergarten by group and age, and those who came and left; the form has no mixed group."""
    found: Figures = {}
    for one in (one for one in grades if one.grade in CARE):
        group = CARE.index(one.grade)
        older = one.pupils // 10
        ages = {group: (one.pupils - older, one.girls - one.girls // 10), group + 1: (older, one.girls // 10)}
        for age, (many, girls) in ages.items():
            _add(found, "基础基311", str(5 + age), {6: many, 7: girls, 8 + group: many})
            came = (one.entrants or 0) - (one.entrants or 0) // 10 if age == group else (one.entrants or 0) // 10
            _add(found, "基础基311", str(5 + age), {1: came, 2 + group: came})
        disabled = sum(one.groups[name] for name in DISABLED)
        for line, many in (("2", one.girls), ("3", one.groups["minority"]), ("4", disabled)):
            _add(found, "基础基311", line, {6: many, 8 + group: many})
        _add(found, "基础基311", "1", {1: one.entrants or 0, 2 + group: one.entrants or 0, 12: one.leavers or 0})
        _add(found, "基础基311", "1", {6: one.pupils, 7: one.girls, 8 + group: one.pupils})
    return {cell: many for cell, many in found.items() if many}


def _add(found: Figures, form: str, line: str, cells: Mapping[int, int]) -> None:
    for column, many in cells.items():
        found[form, line, column] = int(found.get((form, line, column), 0)) + many


def _groups_of_children(classes: Iterable[Class]) -> Figures:
    groups = Counter(one.grade for one in classes if one.grade in CARE)
    found: Figures = {("基础基211", "1", 2 + CARE.index(grade)): many for grade, many in groups.items()}
    return found | {("基础基211", "1", 1): sum(groups.values())}


def _old_classes(classes: Sequence[Class]) -> Figures:
    """Classes by grade in the first line, by size below it."""
    found: Figures = {}
    for stage, form, first in (("小学", "基础基212", 1), ("初中", "基础基213", 2), ("普通高中", "基础基213", 7)):
        there = [one for one in classes if one.stage == stage]
        by_grade = Counter(int(one.grade[1]) for one in there)
        for line, many in [("01", len(there)), *_by_size(there)]:
            for column in {1, first}:
                _add(found, form, line, {column: many})
        found |= {(form, "01", first + grade): many for grade, many in by_grade.items()}
    return {cell: many for cell, many in found.items() if many}


def _by_size(classes: Iterable[Class]) -> Iterable[tuple[str, int]]:
    return ((f"{band + 3:02d}", many) for band, many in Counter(_band(one.pupils) for one in classes).items())


def _fitness(told: Reported) -> Figures:
    """Who was examined and tested, and the teachers who are told beside them."""
    examined = told.pupils - told.pupils // 50
    found: Figures = {("基础基112", str(line), 1): "是" for line in (1, 2, 7, 8)}
    found["基础基112", "20", 1] = examined
    if told.stages != ["幼儿园"]:
        excellent, good, passed = examined // 10, examined * 2 // 5, examined * 2 // 5
        marks = (examined, excellent, good, passed, examined - excellent - good - passed)
        found |= {("基础基112", str(line), 1): many for line, many in enumerate(marks, 21)}
    key = {one.stage: one.numbers.get("key_teachers") for one in told.staff}
    for line, stage in (("26", "小学"), ("27", "初中"), ("28", "普通高中")):
        if (many := key.get(stage)) is not None:
            found["基础基112", line, 1] = many
    return found
