"""Staff of every school and stage: teachers and what they are qualified for, and posts that are misused.

How well a school is staffed beside its neighbours stays the same over the years; its unit's level rises. Not here: what
that means per pupil (`resources.py`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samples.facts import kinds, quotas, rates, read_yaml, rng, unit_codes, writers
from samples.pupils import Grade
from samples.schools import School
from samples.tables import Table, census
from samples.truths import Truths

AIMS = "census_aims"
VOCATIONAL = "中职"
QUALIFIED = ("qualified_above", "key_teachers", "arts_pe_teachers")
POSTS = {
    "off_post": "off_post_staff",
    "ghost_pay": "ghost_pay_staff",
    "misused_posts": "misused_posts",
    "unapproved_hires": "unapproved_hires",
    "seconded": "seconded_teachers",
}
RATIOS = {
    "幼儿园": "preschool",
    "小学": "primary",
    "初中": "junior",
    "普通高中": "senior",
    "中职": "vocational",
    "特教": "special",
}
STAGES = tuple(RATIOS)


@dataclass
class Staff:
    """The staff of one school and stage; None in `numbers` is an empty cell."""

    school: School
    stage: str
    teachers: int
    staff: int
    numbers: dict[str, int | None] = field(default_factory=dict)


def decide_staff(grades: Iterable[Grade], year: int, seed: int) -> list[Staff]:
    """The staff of all schools of a census, stage by stage; other staff stand in the lowest stage of a school."""
    places: dict[str, dict[tuple[str, str], tuple[School, int]]] = {unit: {} for unit in unit_codes()}
    for one in grades:
        key = (one.school.code, one.stage)
        _, pupils = places[one.school.unit].get(key, (one.school, 0))
        places[one.school.unit][key] = (one.school, pupils + one.pupils)
    found = []
    for unit, there in places.items():
        own = [_staff_of(school, stage, pupils, year, seed) for (_, stage), (school, pupils) in there.items()]
        own.sort(key=lambda one: (one.school.code, STAGES.index(one.stage)))
        _add_others(own)
        _decide_posts(own, unit, year, seed)
        _decide_dual(own, unit, year)
        found += own
    return found


def _staff_of(school: School, stage: str, pupils: int, year: int, seed: int) -> Staff:
    """Teachers of a school and stage; those of the three qualities vary with the school."""
    facts, aims = read_yaml("resources")["staff"][stage], rates(school.unit, year, AIMS)
    luck = rng(seed, "staff", school.code, stage).normal(0, aims["spread"], 4)
    level = aims["resources"]
    wanted = facts["teachers"] * pupils / 100 * level * np.exp(luck[0] / 3)
    teachers = max(1, round(float(wanted)))
    one = Staff(school, stage, teachers, teachers)
    for name, die in zip(QUALIFIED, luck[1:].tolist(), strict=True):
        if name in facts:
            wanted = facts[name] * pupils / 100 * level * np.exp(die)
            one.numbers[name] = min(teachers, round(float(wanted)))
    return one


def _add_others(own: list[Staff]) -> None:
    """Those who do not teach, in each school's first row, which is its lowest stage."""
    teachers: dict[str, int] = defaultdict(int)
    for one in own:
        teachers[one.school.code] += one.teachers
    for one in own:
        one.staff += 1 + teachers.pop(one.school.code, 0) // 8 if one.school.code in teachers else 0


def _decide_posts(own: list[Staff], unit: str, year: int, seed: int) -> None:
    """Misused posts of a unit, one by one in some schools; one school of some units leaves a cell empty."""
    chance, aims = rng(seed, "posts", unit, year), rates(unit, year, AIMS)
    large = [one for one in own if one.teachers > 2]
    for name in POSTS:
        for one in own:
            one.numbers[name] = 0
        for place in chance.integers(0, len(large), int(aims[name])).tolist():
            large[place].numbers[name] = (large[place].numbers[name] or 0) + 1
    for name, many in silent(unit, year).items():
        chosen = [one for one in own if _may_be_silent(one, name)]
        for one in chosen[:many]:
            one.numbers[name] = None


def silent(unit: str, year: int) -> dict[str, int]:
    """How many schools of a unit leave the cell of a column empty."""
    found: dict[str, int] = read_yaml("resources")["silent"].get(year, {}).get(unit, {})
    return found


def _may_be_silent(one: Staff, name: str) -> bool:
    """Posts that are none anyway at compulsory schools, qualities of teachers at junior schools."""
    if name in POSTS:
        return not one.numbers[name] and one.stage in {"小学", "初中"}
    return name in QUALIFIED and one.school.kind == "311"


def _decide_dual(own: list[Staff], unit: str, year: int) -> None:
    """Teachers of vocational subjects, and the wanted share of them with a second qualification."""
    there = {one.school.code: one for one in own if one.stage == VOCATIONAL}
    specialists = {code: max(1, one.teachers * 11 // 20) for code, one in there.items()}
    share = rates(unit, year, AIMS)["dual_qualified"]
    for code, dual in quotas(specialists, dict.fromkeys(specialists, share)).items():
        there[code].numbers |= {"specialist_teachers": specialists[code], "dual_qualified": dual}


def staff_table(own: Sequence[Staff], year: int) -> Table:
    """The file of one unit; a sparse writer leaves out the stage of a school that has one, that of its kind."""
    sparse, rows = writers()[own[0].school.unit].sparse, Counter(one.school.code for one in own)
    told = [None if sparse and rows[one.school.code] == 1 and is_of_kind(one) else one.stage for one in own]
    columns: dict[str, list[Any]] = {
        "school_code": [one.school.code for one in own],
        "school_name": [one.school.name for one in own],
        "school_year": [year] * len(own),
        "stage": told,
        "staff": [one.staff for one in own],
        "teachers": [one.teachers for one in own],
    }
    names = (*QUALIFIED, "specialist_teachers", "dual_qualified", *POSTS)
    return Table("staff", census(year), columns | {name: [one.numbers.get(name) for one in own] for name in names})


def is_of_kind(one: Staff) -> bool:
    """Whether the stage is the one that the kind of school has."""
    return (tuple(kinds()[one.school.kind].per_grade) or ("幼儿园",)) == (one.stage,)


def tell_staff(truths: Truths, every: Iterable[Staff], grades: Iterable[Grade], year: int) -> None:
    """Adds misused posts, teachers with a second qualification, and pupils to teachers of each stage."""
    for one in every:
        for name, indicator in POSTS.items():
            if (number := one.numbers[name]) is not None:
                truths.at_school(indicator, year, one.school, number)
        if one.stage == VOCATIONAL:
            dual, specialists = one.numbers["dual_qualified"] or 0, one.numbers["specialist_teachers"] or 0
            truths.at_school("dual_qualified_share", year, one.school, dual, specialists)
        truths.at_unit(f"pupil_teacher_ratio_{RATIOS[one.stage]}", year, one.school.unit, 0, one.teachers)
    for grade in grades:
        truths.at_unit(f"pupil_teacher_ratio_{RATIOS[grade.stage]}", year, grade.school.unit, grade.pupils)
