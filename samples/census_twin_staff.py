"""What a school reports in its census workbook of its staff, rooms, grounds and equipment, cell by cell.

Not here: pupils and classes (`census_twin.py`), which also says what a cell is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from samples.census_twin import STAGES, Figures, Reported, Stock, pupil_figures, younger_pupil_figures
from samples.facilities import HUNDREDTH

SHARES = (Decimal("0.6"), Decimal("0.3"), Decimal("0.08"))
OFFICES, DWELLINGS, OTHERS = Decimal("0.1"), Decimal("0.3"), Decimal("0.05")
MORE_ROOMS = {"基础基511": (7, 8, 9), "基础基512": (11, 12, 13), "基础基513": (11, 12, 13)}
TOTAL, DANGEROUS, TEACHING, HALL = 1, 2, 4, 10
WAN = 1_000_000
WAN_STEP = WAN // 100


def old_figures(told: Reported) -> Figures:
    """All cells of a workbook of 2018; those of forms that the school does not fill are told too."""
    teachers = sum(one.teachers for one in told.staff)
    found = pupil_figures(told) | _posts(told) | _movements(told) | _qualities(teachers)
    return found | _rooms(told) | _grounds(told)


def younger_figures(told: Reported) -> Figures:
    """All cells of a workbook of 2021; those of forms that the school does not fill are told too."""
    staff, teachers = (sum(getattr(one, name) for one in told.staff) for name in ("staff", "teachers"))
    found: Figures = {("教基1102", "01", 1): "是", ("教基1102", "02", 1): "否"}
    for form in ("教基4148", "教基4149"):
        found |= {(form, "01", 1): staff, (form, "01", 3 if form == "教基4148" else 2): teachers}
    clerks, helpers = (staff - teachers) // 2, (staff - teachers + 1) // 2
    found |= {("教基4149", "01", 3): clerks, ("教基4149", "01", 5): helpers}
    found |= {("教基4148", "01", 2): 1, ("教基4150", "01", 2): teachers, ("教基4251", "01", 2): staff}
    degrees, diplomas = teachers * 3 // 5, teachers * 3 // 10
    schooling = (teachers, 0, degrees, diplomas, teachers - degrees - diplomas)
    found |= {("教基4159", "03", column): many for column, many in enumerate(schooling, 1)}
    for line, stage in (("08", "小学"), ("09", "初中")):
        found |= _number(told, ("教基1102续", line, 2), "key_teachers", stage)
    for column, name in ((4, "specialist_teachers"), (5, "dual_qualified")):
        found |= _number(told, ("教基4261", "01", column), name, "中职")
    return younger_pupil_figures(told) | found | _younger_facilities(told)


def _number(told: Reported, cell: tuple[str, str, int], name: str, stage: str) -> Figures:
    """The cell with the teachers of a quality in a stage, where the school tells them."""
    many = next((one.numbers.get(name) for one in told.staff if one.stage == stage), None)
    return {} if many is None else {cell: many}


def _posts(told: Reported) -> Figures:
    """Staff by what they do."""
    staff, teachers = (sum(getattr(one, name) for one in told.staff) for name in ("staff", "teachers"))
    heads = min(1, staff - teachers)
    nurses = (staff - teachers - heads) // 2
    care = (staff, heads, teachers, 0, nurses, staff - teachers - heads - nurses)
    found: Figures = {("基础基411", "1", column): many for column, many in enumerate(care, 1)}
    women = {3: teachers - teachers // 8, 5: nurses}
    found |= {("基础基411", "2", column): many for column, many in {1: sum(women.values()), **women}.items()}
    for form in ("基础基412", "基础基413"):
        found |= {(form, "1", 1): staff, (form, "1", 2): teachers}
    found["中职基411", "1", 4] = staff
    for column, name in ((3, "specialist_teachers"), (4, "dual_qualified")):
        found |= _number(told, ("中职基421", "1", column), name, "中职")
    return found


def _movements(told: Reported) -> Figures:
    """How the teachers of each stage changed in a year; the trained base is those of the year before."""
    found: Figures = {}
    bases = 0
    for one in (one for one in told.staff if one.stage in STAGES):
        base = told.before.get(one.stage, Stock()).teachers
        lost = min(base, max(base - one.teachers, 0) + int(told.school.code[-1]) % 3)
        hired = one.teachers - base + lost
        bases += base
        cells = {1: base, 2: hired, 3: hired, 4: hired // 2, 10: lost, 11: lost, 17: one.teachers}
        line = str(STAGES.index(one.stage) + 1)
        found |= {("基础基431", line, column): many for column, many in cells.items()}
    return found | {("基础基442", "1", 1): bases}


def _qualities(teachers: int) -> Figures:
    """Teachers of a kindergarten by schooling, by post and by age, and its head."""
    found: Figures = {}
    for line, many in (("1", 1), ("2", teachers)):
        half, fifth = many // 2, many // 5
        schooling = {3: fifth, 4: many - fifth - half, 5: half}
        posts = {9: fifth, 10: half, 12: many - fifth - half}
        ages = {2: fifth, 3: half, 4: many - fifth - half}
        found |= {("基础基4211", line, column): some for column, some in {1: many, **schooling, **posts}.items()}
        found |= {("基础基4212", line, column): some for column, some in {1: many, **ages}.items()}
    return found


def _rooms(told: Reported) -> Figures:
    """Areas by use and structure: the four uses make up the whole, in each structure and in all of them."""
    if told.facilities is None or told.facilities.numbers["teaching_area"] is None:
        return {}
    numbers = told.facilities.numbers
    found: Figures = {}
    for form, others in MORE_ROOMS.items():
        teaching = _by_structure(numbers["teaching_area"])
        uses = {TEACHING: teaching}
        for line, share in zip(others, (OFFICES, DWELLINGS, OTHERS), strict=True):
            uses[line] = _by_structure(_area(numbers["teaching_area"] * share))
        whole = [sum((use[place] for use in uses.values()), Decimal(0)) for place in range(len(teaching))]
        lines: dict[int, Sequence[Decimal]] = {TOTAL: whole, **uses}
        lines[DANGEROUS] = [whole[-1], *(Decimal(0) for _ in SHARES), whole[-1]]
        if form != "基础基511" and numbers["indoor_sports_area"]:
            lines[HALL] = [numbers["indoor_sports_area"]] * 2
        found |= _lines(form, lines)
    return found


def _lines(form: str, lines: Mapping[int, Sequence[Decimal]]) -> Figures:
    """Lines of areas; an area of nothing is an empty cell."""
    return {
        (form, str(line), column): area for line, areas in lines.items() for column, area in enumerate(areas, 1) if area
    }


def _area(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def _by_structure(whole: Decimal) -> list[Decimal]:
    """An area and its parts by structure, the last of which takes what is left."""
    parts = [_area(whole * share) for share in SHARES]
    return [whole, *parts, whole - sum(parts, Decimal(0))]


def _grounds(told: Reported) -> Figures:
    """Grounds, books, rooms with media and equipment, the latter in 元 or 万元 as the form's header says."""
    if told.facilities is None:
        return {}
    numbers = told.facilities.numbers
    ground, rooms, equipment = (numbers[name] for name in ("sports_ground_area", "multimedia_rooms", "equipment_value"))
    value = None if equipment is None else money(told, equipment)
    cells = {
        ("基础基521", 1): ground * 5, ("基础基521", 3): ground, ("基础基521", 4): numbers["books"],
        ("基础基522", 1): ground * 3, ("基础基522", 3): ground, ("基础基522", 9): rooms and rooms - rooms // 4,
        ("基础基522", 11): rooms and rooms // 4, ("基础基522", 12): value, ("中职基521", 11): value,
        ("基础基531", 1): numbers["computers"], ("基础基531", 2): numbers["books"],
    }  # fmt: skip
    return {(form, "1", column): value for (form, column), value in cells.items() if value is not None}


def money(told: Reported, value: int) -> Decimal:
    """Money as the school's form asks for it: in 元, or in 万元 where whole hundredths of that say it exactly."""
    return Decimal(value) / (WAN if money_unit(told) == "万元" else 100)


def money_unit(told: Reported) -> str:
    """万元 where that is exact with two decimals and the school has an even code, else 元."""
    value = told.facilities.numbers["equipment_value"] if told.facilities else None
    return "万元" if value and value % WAN_STEP == 0 and int(told.school.code) % 2 == 0 else "元"


def _younger_facilities(told: Reported) -> Figures:
    """Grounds and what stands on them; equipment always in 万元, rounded to two decimals."""
    if told.facilities is None:
        return {}
    numbers = told.facilities.numbers
    equipment = numbers["equipment_value"]
    value = None if equipment is None else _area(Decimal(equipment) / WAN)
    teaching, hall = numbers["teaching_area"], numbers["indoor_sports_area"]
    cells = {
        ("教基5170", "01", 4): teaching and _area(teaching * (1 + OFFICES + DWELLINGS)),
        ("教基5170", "04", 4): teaching, ("教基5170", "11", 4): hall,
        ("教基5176", "01", 2): numbers["sports_ground_area"] * 3, ("教基5176", "02", 2): numbers["sports_ground_area"],
        ("教基5176", "07", 2): numbers["books"], ("教基5176", "12", 2): numbers["multimedia_rooms"],
        ("教基5176", "14", 2): value, ("教基5377", "24", 2): value,
    }  # fmt: skip
    return {cell: value for cell, value in cells.items() if value is not None}
