"""Trainees of registered poor families in formal education: who had to graduate, who did, and who found work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from samples.facts import quotas, rates, read_yaml, rng, writers
from samples.persons import Ints, Registry, identity_numbers, names, phones
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

FULL = 90
FIRST_COHORT, COHORTS = 1985, 11


@dataclass(frozen=True)
class Trainees:
    """The trainees of a county by the year in which they have to graduate: how many, graduated, at work, untold."""

    due: int
    many: int
    graduated: int
    employed: int
    untold: int = 0


def decide_trainees(county: str, year: int, scale: float, seed: int) -> list[Trainees]:
    """Those who had to graduate in the year before, in this one, and those who are still learning.

    A sparse writer leaves open of one trainee of this year whether he graduated.
    """
    found = []
    for due in (year - 1, year, year + 1):
        many = max(6, round(FULL * scale * float(rng(seed, "trainees", county, due).uniform(0.7, 1.3))))
        untold = int(due == year and writers()[county].sparse)
        wanted = rates(county, due, "aims")
        graduated = 0 if due > year else quotas({county: many - untold}, {county: wanted["graduated"]})[county]
        employed = quotas({county: graduated}, {county: wanted["employed"]})[county]
        found.append(Trainees(due, many, graduated, employed, untold))
    return found


def trainees(county: str, decided: list[Trainees], registry: Registry, year: int) -> Table:
    """The file of one county."""
    facts = read_yaml("schooling")
    rows = []
    for group in decided:
        places = _places(group, county, registry)
        cohorts = FIRST_COHORT + np.arange(group.many, dtype=np.int64) % COHORTS
        people = zip(identity_numbers(cohorts, places), names(places), phones(places), strict=True)
        for i, (number, name, phone) in enumerate(people):
            rows.append(
                {
                    "county_code": county,
                    "year": year,
                    "name": name,
                    "student_id": number,
                    "institution": facts["institutions"][i % len(facts["institutions"])],
                    "study_level": facts["levels"][i % len(facts["levels"])],
                    "enrolled_on": f"{group.due - 3}-09",
                    "graduation_due": group.due,
                    "graduated": None if i >= group.many - group.untold else i < group.graduated,
                    "employed": i < group.employed if i < group.graduated else None,
                    "phone": phone,
                }
            )
    return from_rows("trainees", calendar_year(year), rows)


def _places(group: Trainees, county: str, registry: Registry) -> Ints:
    """Places behind the pupils, those of three years beside each other."""
    order = np.arange(group.many, dtype=np.int64) // COHORTS * 3 + group.due % 3
    places: Ints = registry.behind + list(writers()).index(county) + order * len(writers())
    return places


def tell_trainees(truths: Truths, county: str, decided: list[Trainees], year: int) -> None:
    """Adds those who had to graduate in the year: graduated among those of whom it is told, at work among graduates."""
    for group in decided:
        if group.due == year:
            truths.at_unit("trainee_graduation", year, county, group.graduated, group.many - group.untold)
            truths.at_unit("trainee_employment", year, county, group.employed, group.graduated)
