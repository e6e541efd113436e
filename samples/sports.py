"""Sports: the athletes and venues of every unit, and which townships are equipped.

Not here: competitions (`competitions.py`); coaches, instructors and results, for which no file is made.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from samples.facts import (
    OWN_SCHOOLS,
    PREFECTURE,
    Township,
    county_codes,
    county_of,
    rates,
    read_yaml,
    rng,
    townships,
    writers,
)
from samples.persons import Registry, born, identity_numbers, names, phones, sexes
from samples.schools import School
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

COVERED_KINDS = {"镇", "乡"}


def athletes(unit: str, schools: list[School], registry: Registry, scale: float, year: int, seed: int) -> Table:
    """The athletes that a unit registers in a year; the bureau registers those of its sports school in 州直."""
    facts = read_yaml("sports")
    chance = rng(seed, "athletes", unit)
    many = max(8, round(facts["athletes"] * scale * chance.uniform(0.5, 1.5)))
    first = registry.behind + list(writers()).index(unit)
    places = first + np.arange(many, dtype=np.int64) * len(writers())
    cohorts = chance.integers(2004, 2011, many).astype(np.int64)
    numbers = identity_numbers(cohorts, places)
    there = [school.code for school in schools if school.kind in {"311", "312", "341", "342"}]
    people = zip(numbers, sexes(numbers), born(cohorts, places).tolist(), names(places), phones(places), strict=True)
    rows: list[dict[str, Any]] = []
    for i, (number, sex, day, name, phone) in enumerate(people):
        person = {"name": name, "student_id": number, "sex": sex, "birth_date": day, "phone": phone}
        school = {"school_code": there[i % len(there)] if there else None}
        for sport in _sports_of(i, list(facts["events"])):
            rows.append(_registration(unit, i, sport, year) | person | school | _bone_age(i, day, year))
    return from_rows("athletes", calendar_year(year), rows)


def _registration(unit: str, i: int, sport: str, year: int) -> dict[str, Any]:
    facts = read_yaml("sports")
    return {
        "registration_no": f"43{unit[-3:]}{i:05d}",
        "county_code": OWN_SCHOOLS if unit == PREFECTURE else unit,
        "sport": sport,
        "event": facts["events"][sport][i % len(facts["events"][sport])],
        "coach_no": f"JL43{unit[-3:]}{i % 7:03d}",
        "year": year,
        "unit_name": f"{writers()[unit].name}样例业余体校",
        "athlete_grade": facts["grades"][i % len(facts["grades"])],
        "status": "暂停" if i % 23 == 22 else "有效",
        "first_registered_on": dt.date(min(year, 2017 + i % 3), 4, 1 + i % 28),
    }


def _bone_age(i: int, day: dt.date, year: int) -> dict[str, Any]:
    """A bone test of 10 March that tells at most a year more or less than the age."""
    tested = dt.date(year, 3, 10)
    return {"bone_age": round((tested - day).days / 365.25 + (i % 5 - 2) * 0.4, 1), "bone_age_on": tested}


def _sports_of(i: int, sports: list[str]) -> list[str]:
    """One sport, and a second one for each ninth athlete."""
    return [sports[i % len(sports)]] + ([sports[(i + 1) % len(sports)]] if i % 9 == 8 else [])


def decide_unequipped(year: int, seed: int) -> dict[str, frozenset[str]]:
    """Townships without a usable venue of the farmers' project, by county; each year the first of a fixed order."""
    found = {}
    for county in county_codes():
        own = [township.code for township in townships()[county] if township.kind in COVERED_KINDS]
        order = rng(seed, "unequipped", county).permutation(len(own))
        found[county] = frozenset(own[i] for i in order[: round(rates(county, year)["townships_uncovered"])])
    return found


def venues(unit: str, unequipped: frozenset[str], scale: float, year: int, seed: int) -> Table:
    """The venues of a unit at the end of a year; those of the bureau, 州直 and the zone lie in the streets of 吉首."""
    own = townships()[county_of(OWN_SCHOOLS if unit == PREFECTURE else unit)]
    where = {"county_code": OWN_SCHOOLS if unit == PREFECTURE else unit, "year": year}
    chance = rng(seed, "venues", unit)
    rows: list[dict[str, Any]] = []
    for township in own if unit in county_codes() else [t for t in own if t.kind == "街道"]:
        for i in range(1 + int(chance.poisson(8 * scale))):
            dice = chance.random(5).tolist()
            row = where | {"township_code": township} | _venue(unit, township, i, year, dice)
            if unit in county_codes():
                row |= _project(township, i, dice[4], unequipped=township.code in unequipped)
            rows.append(row)
    return from_rows("venues", calendar_year(year), rows)


def _venue(unit: str, township: Township, i: int, year: int, dice: list[float]) -> dict[str, Any]:
    facts = read_yaml("sports")
    kind = facts["venues"][0 if i == 0 else int(dice[0] * 2.2)]
    checked = i % 10 > 0
    return {
        "venue_no": f"{unit[-3:]}{township.code}{i:03d}",
        "venue_name": f"{township.name}样例{kind['name']}{i + 1}",
        "owner_code": facts["owner_codes"][i % len(facts["owner_codes"])],
        "kind": kind["kind"],
        "area": round(kind["low"] + dice[1] * (kind["high"] - kind["low"]), 2),
        "built": 2008 + int(dice[2] * 11),
        "opening": facts["opening"][min(2, int(dice[3] * 2.1))],
        "farmers_project": False,
        "inspected_on": dt.date(year, 4 + i % 6, 15) if checked else None,
        "inspection": facts["inspection"][i % len(facts["inspection"])] if checked else None,
    }


def _project(township: Township, i: int, die: float, *, unequipped: bool) -> dict[str, Any]:
    """Whether a county's venue belongs to the farmers' project: the first of each township does, and some others.

    An unequipped township has none, or one that is closed; streets and forest farms may have some, and count nowhere.
    """
    if not unequipped:
        return {"farmers_project": i == 0 or die < 0.5}
    return {"farmers_project": True, "inspection": "停用"} if i == 0 and int(township.code) % 2 else {}


def tell_townships(truths: Truths, unequipped: dict[str, frozenset[str]], year: int) -> None:
    """Adds the equipped towns and townships of the eight counties to all of them."""
    for county, without in unequipped.items():
        own = sum(township.kind in COVERED_KINDS for township in townships()[county])
        truths.at_unit("township_fitness_coverage", year, county, own - len(without), own)
