"""Residents by age and disabled children: decided per county and unit.

Not here: children in kindergartens (`classes.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from samples.ages import AGES, AIMS, NET, Aged, of_ages
from samples.classes import Class
from samples.facts import JISHOU, OWN_SCHOOLS, ZONE, county_codes, county_of, quotas, rates, rng, unit_codes
from samples.pupils import SENIOR
from samples.tables import Table, calendar_year, census, from_rows
from samples.truths import Truths

ALL_AGES = "合计"
CATEGORIES = {"视力": 30, "听力": 45, "智力": 130, "其他": 90}
WAYS = ("in_special_school", "in_regular_class", "in_attached_class", "home_taught")


def decide_residents(
    classes: list[Class], aged: Aged, technical: Mapping[str, int], year: int, seed: int
) -> dict[str, list[int]]:
    """Residents aged 0 to 17 and of all ages, by county.

    Those of 3 to 5 are such that the county's kindergartens reach the wanted share of them; 吉首 is also home to the
    children of the prefecture's own kindergartens and of the zone, but to at most a third more than its own. Those from
    6 on are such that the pupils who live there, whichever unit has their school, reach the wanted shares.
    """
    found = {}
    children = _children(classes)
    for county in county_codes():
        aims = rates(county, year, AIMS)
        chance = rng(seed, "residents", county, year)
        three_to_five = round(children[county] / rates(county, year)["gross_enrolment"])
        each = three_to_five // 3
        ages = [max(1, round(each * f)) for f in chance.uniform(0.92, 1.12, 18)]
        ages[3:6] = [each, each - each // 50, three_to_five - 2 * each + each // 50]
        homes = [unit for unit in unit_codes() if county_of(unit) == county]
        for stage, name in NET.items():
            people = round(sum(of_ages(aged, unit, stage) for unit in homes) / aims[f"net_{name}"])
            ages[AGES[stage].start : AGES[stage].stop] = _spread(people, len(AGES[stage]))
        senior = sum(pupils for (unit, stage, _), (pupils, _) in aged.items() if unit in homes and stage in SENIOR)
        ages[15:18] = _spread(round((senior + technical[county]) / aims["senior_gross"]), 3)
        found[county] = [*ages, round(sum(ages) * 4.1)]
    return found


def _children(classes: list[Class]) -> dict[str, int]:
    """Children in kindergartens of each county, with those who live there of the two units without population."""
    children: dict[str, int] = defaultdict(int)
    for one in (one for one in classes if one.stage == "幼儿园"):
        children[one.school.unit] += one.pupils
    children[JISHOU] += min(children[OWN_SCHOOLS] + children[ZONE], children[JISHOU] // 3)
    return children


def _spread(people: int, ages: int) -> list[int]:
    """People over neighbouring ages, a few more of the older."""
    shares = [(100 + age) * people // (100 * ages + ages * (ages - 1) // 2) for age in range(ages)]
    return [*shares[:-1], people - sum(shares[:-1])]


def population(residents: dict[str, list[int]], year: int) -> Table:
    """The file of the bureau for all eight counties."""
    rows: list[dict[str, Any]] = []
    for county, ages in residents.items():
        for age, people in enumerate(ages):
            label = ALL_AGES if age == 18 else str(age)
            registered = people + people // 9
            rows.append(
                {"county_code": county, "year": year, "age": label, "residents": people, "registered": registered}
            )
    return from_rows("population", calendar_year(year, 9, 15), rows)


def tell_enrolment(truths: Truths, classes: list[Class], residents: dict[str, list[int]], year: int) -> None:
    """Adds children in kindergartens to the residents of 3 to 5; the two units without population add children only."""
    for one in (one for one in classes if one.stage == "幼儿园"):
        truths.at_unit("preschool_gross_enrolment", year, one.school.unit, one.pupils)
    for county, ages in residents.items():
        truths.at_unit("preschool_gross_enrolment", year, county, 0, sum(ages[3:6]))


def decide_disabled(scale: float, year: int, seed: int) -> dict[str, dict[str, list[int]]]:
    """Registered disabled children and those taught in each of four ways, by unit and category."""
    found: dict[str, dict[str, list[int]]] = {unit: {} for unit in unit_codes()}
    shares = {unit: rates(unit, year)["disability_enrolment"] for unit in unit_codes()}
    for category, full in CATEGORIES.items():
        chance = rng(seed, "disabled", category, year)
        registered = {unit: max(8, round(full * scale * chance.uniform(0.6, 1.5))) for unit in unit_codes()}
        for unit, taught in quotas(registered, shares).items():
            ways = chance.multinomial(taught, [0.4, 0.4, 0.05, 0.15]).tolist()
            found[unit][category] = [registered[unit], *ways]
    return found


def disabled_children(unit: str, categories: dict[str, list[int]], year: int) -> Table:
    """The file of one unit."""
    rows = (
        {"county_code": unit, "school_year": year, "category": category}
        | dict(zip(("registered", *WAYS), numbers, strict=True))
        for category, numbers in categories.items()
    )
    return from_rows("disabled_children", census(year), rows)


def tell_disabled(truths: Truths, decided: dict[str, dict[str, list[int]]], year: int) -> None:
    """Adds children of three categories who are taught to those registered."""
    for unit, categories in decided.items():
        for category, (registered, *ways) in categories.items():
            if category != "其他":
                truths.at_unit("three_disabilities_enrolment", year, unit, sum(ways), registered)
