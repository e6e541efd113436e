"""The school list as a file: what is decided of every school beside its kind and sponsor, and the rows that tell it.

Which schools say 否 or leave a cell empty is decided per unit, in an order that stays the same from year to year, so
that a school which said 是 once goes on doing so. Some cells hold values where a column does not apply: nobody reads
them. Not here: the coverages counted from it (`coverages.py`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from samples.classes import Class
from samples.facts import rates, read_yaml, rng, unit_codes, writers
from samples.schools import ATTACHED, KINDERGARTEN, TEACHING_POINT, School
from samples.tables import Table, census, from_rows

Facts = dict[str, dict[str, Any]]
SCHOOLING = "中小"
Hours = tuple[str | None, str | None]
KEPT_HALF: tuple[Hours, ...] = (("1", "2"), ("1.5", "2"), ("2", "2"), ("1.5", "3"), ("2.5", "3"))
MISSED_HALF: tuple[Hours, ...] = (("0.5", "2"), ("1.4", "3"))
NOT_APPLICABLE: tuple[Hours, ...] = (("2", "0"), ("1", None))
UNTOLD: Hours = (None, "2")


def group(name: str) -> frozenset[str]:
    """The kinds of school that a group of the school list holds."""
    return frozenset(read_yaml("school_flags")["groups"][name])


def asked_schools(schools: Iterable[School], name: str) -> list[School]:
    """The counted schools of a group."""
    kinds = group(name)
    return [school for school in schools if school.counted and school.kind in kinds]


def decide_list(schools: Sequence[School], before: Iterable[Class], year: int, seed: int) -> Facts:
    """What the lists of a census say beside names and kinds, by school and column; nothing of schools not yet open.

    `before`: the classes of the census before, whose pupils came back after the spring.
    """
    pupils = {code: sum(one.pupils for one in ones) for code, ones in _by_school(before).items()}
    facts: Facts = {school.code: {} for school in schools if school.opened <= year}
    for unit in unit_codes():
        own = [school for school in schools if school.unit == unit]
        _decide_flags(facts, own, year, seed)
        _decide_hours(facts, _in_order(own, facts, SCHOOLING, "hours", seed), year)
        if year in read_yaml("school_flags")["days_short"]:
            _decide_spring(facts, own, pupils, year, seed)
    return facts


def _by_school(classes: Iterable[Class]) -> dict[str, list[Class]]:
    found: dict[str, list[Class]] = {}
    for one in classes:
        found.setdefault(one.school.code, []).append(one)
    return found


def _in_order(own: list[School], facts: Facts, name: str, topic: str, seed: int) -> list[School]:
    """The open schools of a group in the order in which they fall short, private ones last."""
    order = rng(seed, "flag", topic, own[0].unit).random(len(own)).tolist()
    place = {school.code: (not school.public, one) for school, one in zip(own, order, strict=True)}
    there = [school for school in asked_schools(own, name) if school.code in facts]
    return sorted(there, key=lambda school: place[school.code])


def _many(shares: Mapping[str, float], unit: str, among: int) -> int:
    """How many of the schools asked a share is: at least one where it is named."""
    share = shares.get(unit, 0)
    return min(among, max(1, round(share * among))) if share else 0


def _decide_flags(facts: Facts, own: list[School], year: int, seed: int) -> None:
    """The yes-or-no columns of one unit, those that depend on another after it."""
    stray = rng(seed, "stray", own[0].unit, year)
    for flag, told in read_yaml("school_flags")["flags"].items():
        order = _in_order(own, facts, told["asked"], flag, seed)
        if "where" in told:
            order = [school for school in order if facts[school.code][told["where"]]]
        answers = _answers(order, told, year)
        dice = stray.random(len(own)).tolist()
        for school, die in zip(own, dice, strict=True):
            if school.code in facts:
                facts[school.code][flag] = answers.get(school.code, None if die > 0.15 else die > 0.1)
    many = int(read_yaml("school_flags")["nutrition_pilots"].get(year, {}).get(own[0].unit, 0))
    for place, school in enumerate(_in_order(own, facts, "义", "pilot", seed)):
        facts[school.code]["nutrition_pilot"] = place < many


def _answers(order: list[School], told: Mapping[str, Any], year: int) -> dict[str, bool | None]:
    """What the schools asked answer: the first say 否, the last leave the cell empty."""
    unit = order[0].unit if order else ""
    short = _many(told["lacking"].get(year, {}), unit, len(order))
    silent = min(len(order) - short, _many(told["blank"].get(year, {}), unit, len(order)))
    answers: dict[str, bool | None] = {school.code: place >= short for place, school in enumerate(order)}
    for school in order[len(order) - silent :]:
        answers[school.code] = None
    return answers


def _decide_hours(facts: Facts, order: list[School], year: int) -> None:
    """Lessons of labour and of practical activities: half of them exactly is enough.

    The last two of a unit with enough schools have no practical activities or do not say; in some units the one before
    them left labour empty.
    """
    short = _many(read_yaml("school_flags")["labour_short"].get(year, {}), order[0].unit, len(order))
    kept = [KEPT_HALF[place % len(KEPT_HALF)] for place in range(len(order) - short)]
    if len(kept) > len(NOT_APPLICABLE) + 1:
        silent = [UNTOLD] if int(order[0].code[5]) % 3 == 0 else []
        last = [*silent, *NOT_APPLICABLE]
        kept[-len(last) :] = last
    missed = [MISSED_HALF[place % len(MISSED_HALF)] for place in range(short)]
    for school, (labour, practice) in zip(order, [*missed, *kept], strict=True):
        facts[school.code]["labour_hours"] = None if labour is None else Decimal(labour)
        facts[school.code]["practice_hours"] = None if practice is None else Decimal(practice)


def _decide_spring(facts: Facts, own: list[School], pupils: Mapping[str, int], year: int, seed: int) -> None:
    """Teaching days lost and made up, and persons under health monitoring, in the spring before a census.

    A school that lost no day is asked for none; one that opened since knows of no spring.
    """
    shares, chance = read_yaml("school_flags"), rng(seed, "spring", own[0].unit, year)
    there = [school for school in _in_order(own, facts, "全", "spring", seed) if school.code in pupils]
    short = _many(shares["days_short"][year], own[0].unit, len(there))
    unmonitored = _many(shares["unmonitored"].get(year, {}), own[0].unit, len(there))
    dice = chance.integers(0, 20, len(there)).tolist()
    silent = short + 1 if int(own[0].code[5]) % 4 == 1 else None
    for place, (school, die) in enumerate(zip(there, dice, strict=True)):
        none_lost = place > short and place % 11 == 10
        lost = 0 if none_lost else 20 + die
        people = pupils[school.code] * 13 // 12 + 2
        facts[school.code] |= {
            "days_lost": lost,
            "days_made_up": None if silent == place else lost - (2 if place < short else 0) + (die % 4 == 3),
            "staff_and_pupils": people,
            "health_monitored": people - (1 + people // 20 if place < unmonitored else 0),
        }


def school_list(there: Sequence[School], facts: Facts, year: int) -> Table:
    """The school list of one unit and census."""
    columns = dict.fromkeys(itertools.chain.from_iterable(facts[school.code] for school in there))
    rows = (_row(school, year) | dict.fromkeys(columns) | facts[school.code] for school in there)
    return from_rows("school", census(year), rows)


def _row(school: School, year: int) -> dict[str, Any]:
    """What the list tells of a school as such; a sparse writer leaves what goes without saying to the kind."""
    goes_without_saying = school.counted is not (school.kind in {TEACHING_POINT, ATTACHED})
    return {
        "school_code": school.code,
        "school_name": school.name,
        "county_code": school.unit,
        "school_year": year,
        "township_code": school.township,
        "kind": school.kind,
        "sponsor": school.sponsor,
        "urban_rural": school.urban_rural,
        "counted": None if writers()[school.unit].sparse and goes_without_saying else school.counted,
        "parent_school_code": school.parent.code if school.parent else None,
        "inclusive_private": school.flag(year),
        "inclusive_since": school.since if school.flag(year) else None,
        "places": places(school, year) if school.kind == KINDERGARTEN else None,
    }


def places(school: School, year: int) -> int:
    """Children whom a kindergarten can hold, growing as the unit plans it."""
    growth = rates(school.unit, year)["places_growth"]
    return 10 * round(12 * school.weight * growth)
