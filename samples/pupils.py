"""Enrolment: the pupils of every school, stage and grade as its classes hold them, with who entered and who left.

Not here: pupils by age and entrants of former years (`ages.py`), single pupils (`roll.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from samples.classes import Class
from samples.facts import read_yaml, rng, writers
from samples.schools import School
from samples.tables import Table, census
from samples.truths import Truths

TOP_GRADES = ("K3", "P6", "J3", "S3", "V3")
GROUPS = {"minority": 0.78, "left_behind": 0.3, "migrant": 0.04, "transferred_in": 0.015, "transferred_out": 0.02}
DISABLED = ("disabled_visual", "disabled_hearing", "disabled_intellectual")
IN_SPECIAL_SCHOOLS = (0.08, 0.2, 0.7)
ELSEWHERE = (0.0005, 0.0005, 0.002)
SENIOR = ("普通高中", "中职")
KINDERGARTENS, SPECIAL = "幼儿园", "特教"
SPECIAL_YEARS = 9


@dataclass
class Grade:
    """The pupils of one school, stage and grade; `groups` are parts of them by column."""

    school: School
    stage: str
    grade: str
    pupils: int = 0
    girls: int = 0
    boarders: int = 0
    entrants: int | None = None
    leavers: int | None = None
    groups: dict[str, int] = field(default_factory=dict)


def decide_enrolment(classes: Iterable[Class], before: Iterable[Class], year: int, seed: int) -> list[Grade]:
    """All grades of a census, and who left the top ones since the census before.

    Entrants stand in the first grade that a school has in a stage, leavers in the top one. Beyond kindergartens, those
    who came and went make up the difference to the same pupils a year ago.
    """
    grades = _grades(classes)
    earlier = {(one.school.code, one.grade): one.pupils for one in _grades(before)}
    first_of: set[tuple[str, str]] = set()
    for one in sorted(grades, key=lambda one: (one.school.code, one.stage, one.grade)):
        if (one.school.code, one.stage) not in first_of:
            one.entrants = _entrants(one)
            first_of.add((one.school.code, one.stage))
        one.leavers = earlier.get((one.school.code, one.grade), 0) if one.grade in TOP_GRADES else None
    chance = rng(seed, "groups", year)
    pupils = [one.pupils for one in grades]
    for name, share in GROUPS.items():
        for one, some in zip(grades, chance.binomial(pupils, share).tolist(), strict=True):
            one.groups[name] = some
    _move(grades, earlier)
    special = [one.stage == "特教" for one in grades]
    for name, inside, outside in zip(DISABLED, IN_SPECIAL_SCHOOLS, ELSEWHERE, strict=True):
        shares = [inside if is_special else outside for is_special in special]
        for one, some in zip(grades, chance.binomial(pupils, shares).tolist(), strict=True):
            one.groups[name] = some
    return grades


def _entrants(one: Grade) -> int:
    """Those of a first grade who are new: all in senior schools, nearly all elsewhere, a ninth in special schools."""
    if one.stage == SPECIAL:
        return one.pupils // SPECIAL_YEARS
    return one.pupils if one.stage in SENIOR else one.pupils - one.pupils // 40


def _move(grades: Sequence[Grade], earlier: Mapping[tuple[str, str], int]) -> None:
    """Lets so many come or go that each grade is what the one below it was a year ago, and some both ways beside.

    Pupils of teaching points that have no next grade go on in the school into which the point is merged.
    """
    there = {(one.school.code, one.grade) for one in grades}
    merged: dict[str, set[str]] = defaultdict(set)
    for one in grades:
        merged[one.school.figures_of.code].add(one.school.code)
    for one in (one for one in grades if one.stage != KINDERGARTENS):
        below = one.grade if one.stage == SPECIAL else f"{one.grade[0]}{int(one.grade[1]) - 1}"
        from_points = {code for code in merged[one.school.code] if (code, one.grade) not in there}
        before = sum(earlier.get((code, below), 0) for code in {one.school.code} | from_points)
        missing = one.pupils - before - (one.entrants or 0)
        both_ways = min(one.groups["transferred_in"], one.groups["transferred_out"])
        one.groups["transferred_in"] = both_ways + max(missing, 0)
        one.groups["transferred_out"] = both_ways + max(-missing, 0)


def _grades(classes: Iterable[Class]) -> list[Grade]:
    """The classes of each school and grade together, in the order in which they come."""
    found: dict[tuple[str, str, str], Grade] = {}
    for one in classes:
        key = (one.school.code, one.stage, one.grade)
        grade = found.setdefault(key, Grade(one.school, one.stage, one.grade))
        grade.pupils += one.pupils
        grade.girls += one.girls
        grade.boarders += one.boarders
    return list(found.values())


def pupils_of_stages(grades: Iterable[Grade]) -> dict[tuple[str, str], int]:
    """Pupils by school and stage."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for one in grades:
        found[one.school.code, one.stage] += one.pupils
    return found


def enrolment(grades: list[Grade], year: int) -> Table:
    """The file of one unit; a sparse writer leaves cells of entrants and leavers empty, another writes 0."""
    blank = None if writers()[grades[0].school.unit].sparse else 0
    columns: dict[str, list[Any]] = {
        "school_code": [one.school.code for one in grades],
        "school_name": [one.school.name for one in grades],
        "school_year": [year] * len(grades),
        "stage": [one.stage for one in grades],
        "grade": [one.grade for one in grades],
        "pupils": [one.pupils for one in grades],
        "girls": [one.girls for one in grades],
        "boarders": [one.boarders for one in grades],
        "entrants": [blank if one.entrants is None else one.entrants for one in grades],
        "leavers": [blank if one.leavers is None else one.leavers for one in grades],
    }
    names = (*GROUPS, *DISABLED)
    return Table("enrolment", census(year), columns | {name: [one.groups[name] for one in grades] for name in names})


def tell_entrants(truths: Truths, grades: Iterable[Grade], year: int) -> None:
    """Adds to the truths the entrants of general senior schools to those of vocational schools."""
    for one in grades:
        if one.entrants is not None and one.stage in SENIOR:
            general, vocational = (one.entrants, 0) if one.stage == SENIOR[0] else (0, one.entrants)
            truths.at_unit("general_vocational_ratio", year, one.school.unit, general, vocational)


def ages_of_grades() -> dict[str, int]:
    """The usual age of each grade on 1 September."""
    return {grade: age for facts in read_yaml("stages").values() for grade, age in facts["grades"].items()}
