"""Coaches and social sports instructors of every unit and of the bureau, and how many of them there are.

Not here: whom they coach (`athletes.py`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from samples.athletes import COACHED_BY, counts_for
from samples.facts import JISHOU, OWN_SCHOOLS, PREFECTURE, county_of, rates, read_yaml, townships, writers
from samples.persons import Registry, identity_numbers, names, phones
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

FIRST_GRANTS = 2012
FIRST_COHORT, COHORTS = 1955, 30


def coach_numbers(sender: str, year: int) -> list[str]:
    """The coaches whom a sender lists; 吉首 also lists the first coach of the bureau's sports school."""
    many = max(COACHED_BY, round(rates(sender, year, "aims")["coaches"]))
    own = [f"JL43{sender[-3:]}{i:03d}" for i in range(many)]
    return [*own, f"JL43{PREFECTURE[-3:]}000"] if sender == JISHOU else own


def coaches(sender: str, year: int) -> Table:
    """The file of one sender."""
    facts = read_yaml("sports")
    numbers = coach_numbers(sender, year)
    places = np.arange(len(numbers), dtype=np.int64) + int(sender[-2:]) * 40
    sports = list(facts["events"])
    rows = (
        {
            "coach_no": number,
            "name": name,
            "county_code": counts_for(sender),
            "sport": sports[i % len(sports)],
            "year": year,
            "title": facts["titles"][i % len(facts["titles"])],
            "employed_by": f"{writers()[sender].name}样例业余体校",
            "since": 2001 + i % 15,
            "phone": phone,
        }
        for i, (number, name, phone) in enumerate(zip(numbers, names(places), phones(places), strict=True))
    )
    return from_rows("coaches", calendar_year(year), rows)


def tell_coaches(truths: Truths, year: int) -> None:
    """Tells the coaches of each unit, and those of the prefecture, where one whom two units list counts once."""
    listed: dict[str, set[str]] = {}
    for sender in writers():
        listed.setdefault(counts_for(sender), set()).update(coach_numbers(sender, year))
    for unit, numbers in listed.items():
        truths.at_level("coaches", year, "county", unit, len(numbers))
    truths.at_level("coaches", year, "prefecture", PREFECTURE, len(set().union(*listed.values())))


def grants(sender: str, year: int, scale: float) -> dict[int, int]:
    """How many of a sender's instructors were granted their grade in each year until this one."""
    return {
        granted: max(1, round(rates(sender, granted, "aims")["new_instructors"] * scale))
        for granted in range(FIRST_GRANTS, year + 1)
    }


def sports_instructors(sender: str, registry: Registry, scale: float, year: int) -> Table:
    """The file of one sender."""
    facts, rows = read_yaml("sports"), []
    there = townships()[county_of(OWN_SCHOOLS if sender == PREFECTURE else sender)]
    for granted, many in grants(sender, year, scale).items():
        order = np.arange(many, dtype=np.int64)
        places = _places(sender, granted, order, registry)
        cohorts = FIRST_COHORT + (order + granted) % COHORTS
        people = zip(identity_numbers(cohorts, places), names(places), phones(places), strict=True)
        for i, (number, name, phone) in enumerate(people):
            grade, authority = facts["instructors"][i % len(facts["instructors"])]
            rows.append(
                {
                    "certificate_no": f"ZD{sender}{granted}{i:04d}",
                    "name": name,
                    "student_id": number,
                    "county_code": counts_for(sender),
                    "township_code": there[i % len(there)],
                    "year": year,
                    "discipline": facts["disciplines"][i % len(facts["disciplines"])],
                    "instructor_grade": grade,
                    "granted_by": authority.format(county=writers()[county_of(counts_for(sender))].name),
                    "granted_on": _granted_on(granted, i),
                    "services": 30 + i % 25,
                    "phone": phone,
                }
            )
    return from_rows("sports_instructors", calendar_year(year), rows)


def _places(sender: str, granted: int, order: np.ndarray[Any, np.dtype[np.int64]], registry: Registry) -> Any:
    """Places behind the pupils: those of one cohort beside each other, year of grant by year."""
    turn = order // COHORTS * 100 + granted - FIRST_GRANTS
    return registry.behind + list(writers()).index(sender) + turn * len(writers())


def _granted_on(year: int, i: int) -> dt.date:
    """The last day of the year, its first, and days between."""
    return (dt.date(year, 12, 31), dt.date(year, 1, 1), dt.date(year, 3 + i % 8, 15))[min(i, 2)]


def tell_instructors(truths: Truths, sender: str, scale: float, year: int) -> None:
    """Adds a sender's instructors: a thousand for each to those per thousand residents, and those granted this year."""
    granted = grants(sender, year, scale)
    unit = counts_for(sender)
    truths.at_unit("instructors_per_thousand", year, unit, 1000 * sum(granted.values()))
    truths.at_unit("instructors_granted", year, unit, granted[year])


def tell_residents(truths: Truths, residents: dict[str, list[int]], year: int) -> None:
    """Adds the residents of all ages to what is told per head: area of venues, instructors."""
    for county, (*_, people) in residents.items():
        truths.at_unit("sports_area_per_capita", year, county, 0, people)
        truths.at_unit("instructors_per_thousand", year, county, 0, people)
