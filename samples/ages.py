"""Pupils by age, entrants of former years and pupils of technical schools, with the enrolment and retention they yield.

Not here: residents of each age (`children.py`), pupils by grade (`pupils.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from samples.facts import county_codes, rates, rng, unit_codes
from samples.pupils import SENIOR, Grade, ages_of_grades
from samples.tables import Table, census, from_rows
from samples.truths import Truths

Aged = dict[tuple[str, str, int], list[int]]
AIMS = "census_aims"
PRIMARY, JUNIOR = "小学", "初中"
AGES = {PRIMARY: range(6, 12), JUNIOR: range(12, 15)}
NET = {PRIMARY: "primary", JUNIOR: "junior"}
OLDER, YOUNGER = 0.02, 0.006
YOUNGEST = 2
SPECIAL_AGES = range(7, 16)
LOWEST_OF = {PRIMARY: 5}
HIGHEST_OF = dict.fromkeys(SENIOR, 18)
YEARS_BACK = 9
TECHNICAL = 0.06


def decide_ages(grades: Iterable[Grade], year: int, seed: int) -> Aged:
    """Pupils and girls by unit, stage and age: most have the age of their grade, some are a year older or younger."""
    usual, chance = ages_of_grades(), rng(seed, "ages", year)
    found: Aged = defaultdict(lambda: [0, 0])
    for one in grades:
        ages = SPECIAL_AGES if one.stage == "特教" else range(usual[one.grade] - 1, usual[one.grade] + 2)
        shares = [1 / len(ages)] * len(ages) if one.stage == "特教" else [YOUNGER, 1 - OLDER - YOUNGER, OLDER]
        boys, girls = (chance.multinomial(many, shares).tolist() for many in (one.pupils - one.girls, one.girls))
        for age, some, of_them in zip(ages, boys, girls, strict=True):
            if some + of_them:
                at = found[one.school.unit, one.stage, max(age, YOUNGEST)]
                at[0] += some + of_them
                at[1] += of_them
    return found


def of_ages(aged: Aged, unit: str, stage: str) -> int:
    """Pupils of a unit and stage who are of the age of the stage."""
    return sum(aged[unit, stage, age][0] for age in AGES[stage] if (unit, stage, age) in aged)


def pupils_by_age(unit: str, aged: Aged, year: int) -> Table:
    """The file of one unit; the youngest of 小学 and the oldest of senior schools stand with whoever is beyond them."""
    rows = (
        {
            "county_code": unit,
            "school_year": year,
            "stage": stage,
            "age": _age(stage, age),
            "pupils": pupils,
            "girls": girls,
        }
        for (where, stage, age), (pupils, girls) in sorted(aged.items())
        if where == unit
    )
    return from_rows("pupils_by_age", census(year), rows)


def _age(stage: str, age: int) -> str:
    if age == LOWEST_OF.get(stage):
        return f"{age}岁及以下"
    return f"{age}岁及以上" if age == HIGHEST_OF.get(stage) else str(age)


def decide_technical(grades: Iterable[Grade]) -> dict[str, int]:
    """Pupils of technical schools by county: a small part beside the county's other senior pupils."""
    senior = dict.fromkeys(county_codes(), 0)
    for one in grades:
        if one.stage in SENIOR and one.school.unit in senior:
            senior[one.school.unit] += one.pupils
    return {county: round(pupils * TECHNICAL) for county, pupils in senior.items()}


def technical_pupils(technical: Mapping[str, int], year: int) -> Table:
    """The file that the bureau has from the human-resources bureau, for the eight counties."""
    rows = (
        {"county_code": county, "school_year": year, "pupils": pupils, "entrants": pupils * 2 // 5}
        for county, pupils in technical.items()
    )
    return from_rows("technical_pupils", census(year), rows)


def decide_base(grades: Iterable[Grade], year: int, seed: int) -> dict[str, dict[tuple[str, int], int]]:
    """Entrants of former years by unit, stage and year of entry, the base of retention among them.

    Whoever entered primary school nine years before is so many that the leavers of 初中 are the wanted share of them.
    """
    leavers = dict.fromkeys(unit_codes(), 0)
    for one in grades:
        leavers[one.school.unit] += (one.leavers or 0) if one.stage == JUNIOR else 0
    found = {}
    for unit, many in leavers.items():
        chance = rng(seed, "base", unit)
        base = round(many / rates(unit, year, AIMS)["retention"])
        later = {start: round(base * chance.uniform(0.96, 1.06)) for start in range(year - YEARS_BACK + 1, year + 1)}
        juniors = {start: round(many * chance.uniform(0.98, 1.05)) for start in range(year - 3, year + 1)}
        found[unit] = {(PRIMARY, year - YEARS_BACK): base}
        found[unit] |= {(PRIMARY, start): entrants for start, entrants in later.items()}
        found[unit] |= {(JUNIOR, start): entrants for start, entrants in juniors.items()}
    return found


def entrants_base(unit: str, base: Mapping[tuple[str, int], int], year: int) -> Table:
    """The file of one unit."""
    rows: list[dict[str, Any]] = [
        {"county_code": unit, "school_year": year, "stage": stage, "entry_year": entry_year, "entrants": entrants}
        for (stage, entry_year), entrants in base.items()
    ]
    return from_rows("entrants_base", census(year), rows)


def tell_retention(
    truths: Truths, grades: Iterable[Grade], base: Mapping[str, Mapping[tuple[str, int], int]], year: int
) -> None:
    """Adds the leavers of junior schools to the children who entered primary school nine years before."""
    for one in grades:
        if one.stage == JUNIOR and one.leavers is not None:
            truths.at_unit("nine_year_retention", year, one.school.unit, one.leavers)
    for unit, entrants in base.items():
        truths.at_unit("nine_year_retention", year, unit, 0, entrants[PRIMARY, year - YEARS_BACK])


def tell_ages(truths: Truths, aged: Aged, residents: Mapping[str, list[int]], year: int) -> None:
    """Adds pupils of the age of primary and junior schools to the residents of these ages."""
    for stage, name in NET.items():
        for unit in unit_codes():
            truths.at_unit(f"net_enrolment_{name}", year, unit, of_ages(aged, unit, stage))
        for county, ages in residents.items():
            truths.at_unit(f"net_enrolment_{name}", year, county, 0, sum(ages[age] for age in AGES[stage]))


def tell_senior(
    truths: Truths,
    grades: Iterable[Grade],
    technical: Mapping[str, int],
    residents: Mapping[str, list[int]],
    year: int,
) -> None:
    """Adds pupils of senior, vocational and technical schools to the residents of 15 to 17."""
    for one in (one for one in grades if one.stage in SENIOR):
        truths.at_unit("senior_gross_enrolment", year, one.school.unit, one.pupils)
    for county, pupils in technical.items():
        truths.at_unit("senior_gross_enrolment", year, county, pupils, sum(residents[county][15:18]))
