"""The classes of a census: how many each school has, how large they are, and how many are too large.

The numbers of classes beyond a limit are decided per unit before a single size is drawn. Not here: kindergartens'
shares of children (`care.py`) and the class ledger as a file (`census.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from samples.care import kindergarten_classes
from samples.facts import kinds, quotas, rates, read_yaml, rng, unit_codes
from samples.schools import TEACHING_POINT, School

ORDINARY = "普通"
COMBINED = "复式"
SPECIAL = "特教"


@dataclass
class Class:
    """One class of a census, with its pupils by sex and its boarders."""

    school: School
    stage: str
    grade: str
    no: int
    kind: str
    pupils: int = 0
    girls: int = 0
    boarders: int = 0


@dataclass(frozen=True)
class Excess:
    """Which classes may pass a limit, the limit, and the sizes of those that do, the first of them first."""

    chosen: Callable[[Class], bool]
    limit: int
    share: str
    sizes: tuple[int, ...]


PRIMARY_ENTRY = Excess(lambda c: c.grade == "P1" and c.kind == ORDINARY, 45, "primary_over", (46, 50, 48, 52, 47))
JUNIOR_ENTRY = Excess(lambda c: c.grade == "J1" and c.kind == ORDINARY, 50, "junior_over", (51, 54, 52, 55, 53))
SENIOR_LARGE = Excess(lambda c: c.stage == "普通高中", 55, "senior_large", (56, 58, 65, 60, 57, 62))
OVERSIZED = (66, 68, 70, 67)
CARE_LIMITS = {"K1": 25, "K2": 30, "K3": 35}
CROWDED, SMALLEST_GROUP = 0.6, 12
COMPULSORY_LARGE = (56, 58, 60, 57)


def take_census(schools: list[School], year: int, scale: float, seed: int) -> list[Class]:
    """All classes on 1 September of a year, school by school."""
    classes = []
    for unit in unit_codes():
        there = [school for school in schools if school.unit == unit and school.opened <= year]
        classes += [Class(*row) for row in kindergarten_classes(there, year, scale, seed)]
        classes += [one for school in there for one in _classes_of(school, scale)]
    _fill(classes, year, seed)
    _crowd(classes, year, seed)
    for excess in (PRIMARY_ENTRY, JUNIOR_ENTRY, SENIOR_LARGE):
        _exceed(classes, excess, year, seed)
    _enlarge(classes, year, scale, seed)
    _divide(classes, year, seed)
    return classes


def _classes_of(school: School, scale: float) -> Iterable[Class]:
    """The empty classes of a school that is no kindergarten; some teaching points of their own have all six grades."""
    if school.kind == TEACHING_POINT and school.counted and int(school.code[5]) % 2:
        yield from (Class(school, "小学", f"P{grade}", 1, ORDINARY) for grade in range(1, 7))
        return
    if school.kind == TEACHING_POINT:
        yield Class(school, "小学", "P1", 1, COMBINED)
        yield Class(school, "小学", "P2", 1, ORDINARY)
        if int(school.code[-1]) % 2:
            yield Class(school, "小学", "P1", 2, ORDINARY)
        return
    for stage, per_grade in kinds()[school.kind].per_grade.items():
        each = max(1, round(per_grade * school.weight * school.factor(scale)))
        kind = SPECIAL if stage == "特教" else ORDINARY
        for grade in (g for g in read_yaml("stages")[stage]["grades"] if g != "KM"):
            yield from (Class(school, stage, grade, no + 1, kind) for no in range(each))
    if school.kind == "211" and school.code.endswith("7"):
        yield Class(school, "小学", "P1", 99, SPECIAL)


def _fill(classes: list[Class], year: int, seed: int) -> None:
    """Gives every class a size within all limits; classes of one school are alike, in all years."""
    chance = rng(seed, "sizes", year)
    levels = {code: rng(seed, "size", code).random() for code in {one.school.code for one in classes}}
    drifts = chance.integers(-1, 2, len(classes)).tolist()
    for one, drift in zip(classes, drifts, strict=True):
        facts = read_yaml("stages")[one.stage]
        low, high = (5, 14) if one.kind in {COMBINED, SPECIAL} else facts.get(one.grade, facts["size"])
        if one.school.kind == TEACHING_POINT and one.kind == ORDINARY:
            low, high = 8, 18
        size = round(low + levels[one.school.code] * (high - low)) + drift
        one.pupils = min(max(size, low - 3), high)


def _crowd(classes: list[Class], year: int, seed: int) -> None:
    """Lets some groups of children be too large at the cost of the next of the same age: on average none is."""
    chance = rng(seed, "crowded", year)
    groups: dict[tuple[str, str], list[Class]] = defaultdict(list)
    for one in classes:
        if one.grade in CARE_LIMITS:
            groups[one.school.code, one.grade].append(one)
    for (_, grade), ones in groups.items():
        more = CARE_LIMITS[grade] + 1 + int(chance.integers(0, 2)) - ones[0].pupils
        if len(ones) > 1 and chance.random() < CROWDED and more < ones[1].pupils - SMALLEST_GROUP:
            ones[0].pupils += more
            ones[1].pupils -= more


def _exceed(classes: list[Class], excess: Excess, year: int, seed: int) -> None:
    """Makes the decided share of each unit's classes too large, and one that is not exactly as large as it may be."""
    chance = rng(seed, excess.share, year)
    chosen = _by_unit(classes, excess.chosen)
    shares = {unit: rates(unit, year)[excess.share] for unit in chosen}
    for unit, over in quotas({unit: len(ones) for unit, ones in chosen.items()}, shares).items():
        ones = [chosen[unit][i] for i in chance.permutation(len(chosen[unit]))]
        ones.sort(key=lambda one: one.school.kind == TEACHING_POINT)
        for i, one in enumerate(ones[:over]):
            one.pupils = excess.sizes[i % len(excess.sizes)]
        for one in [one for one in ones[over:] if one.school.kind != TEACHING_POINT][:1]:
            one.pupils = excess.limit


def _enlarge(classes: list[Class], year: int, scale: float, seed: int) -> None:
    """Makes the decided numbers of compulsory classes large, of these and of senior classes oversized."""
    chance = rng(seed, "large", year)
    senior = _by_unit(classes, lambda c: c.stage == "普通高中" and c.pupils >= 56)
    compulsory = _by_unit(classes, lambda c: c.grade in {"P4", "P5", "P6", "J2", "J3"} and c.kind == ORDINARY)
    for name, chosen, sizes in (
        ("senior_oversized", senior, OVERSIZED),
        ("compulsory_large", compulsory, COMPULSORY_LARGE),
        ("compulsory_oversized", compulsory, OVERSIZED),
    ):
        for unit in unit_codes():
            wanted = rates(unit, year)[name]
            many = max(1, round(wanted * scale)) if wanted else 0
            ones = chosen.get(unit, [])
            for i, place in enumerate(chance.permutation(len(ones))[:many]):
                ones[place].pupils = sizes[i % len(sizes)]


def _divide(classes: list[Class], year: int, seed: int) -> None:
    """Decides girls and boarders of every class."""
    chance = rng(seed, "sexes", year)
    pupils = np.array([one.pupils for one in classes])
    stages = read_yaml("stages")
    board = [0.0 if c.school.kind == TEACHING_POINT else float(stages[c.stage]["boarders"]) for c in classes]
    girls, boarders = chance.binomial(pupils, 0.48).tolist(), chance.binomial(pupils, board).tolist()
    for one, some, few in zip(classes, girls, boarders, strict=True):
        one.girls, one.boarders = some, few


def _by_unit(classes: list[Class], chosen: Callable[[Class], bool]) -> dict[str, list[Class]]:
    found: dict[str, list[Class]] = defaultdict(list)
    for one in classes:
        if chosen(one):
            found[one.school.unit].append(one)
    return found
