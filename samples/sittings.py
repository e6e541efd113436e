"""How examinations were held: candidates, sites, absence and violations by examination, session and unit.

Not here: what candidates scored (`exams.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from samples.classes import Class
from samples.facts import PREFECTURE, rates, read_yaml, rng, unit_codes
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths
from samples.work import commitments

PER_ROOM, ROOMS_OF_SITE = 30, 12
LAST_GRADE = "S3"
ONE_MORE = "433127"


@dataclass(frozen=True)
class Sitting:
    """One session of an examination in one unit."""

    unit: str
    id: str
    exam: str
    session: str | None
    sites: int
    standard_sites: int
    rooms: int
    registered: int
    absent: int
    violations: int

    @property
    def sat(self) -> int:
        """Candidates who sat it."""
        return self.registered - self.absent


def decide_sittings(before: list[Class], scale: float, year: int, seed: int) -> list[Sitting]:
    """All sessions of a year; the last grade of the census before sits for 普通高考, in one unit with one more."""
    leavers = dict.fromkeys(unit_codes(), 0)
    for one in (one for one in before if one.grade == LAST_GRADE):
        leavers[one.school.unit] += one.pupils
    return [
        _sitting(facts, unit, _registered(facts, unit, leavers, scale, year), year, seed)
        for facts in read_yaml("sittings")
        for unit in facts.get("where", unit_codes())
    ]


def _registered(facts: dict[str, Any], unit: str, leavers: dict[str, int], scale: float, year: int) -> int:
    if "full" not in facts:
        return leavers[unit] + (unit == ONE_MORE)
    full: int = facts["full"][min(max(year, min(facts["full"])), max(facts["full"]))]
    return max(12, round(full * scale)) + int(unit) % 5 if full else 0


def _sitting(facts: dict[str, Any], unit: str, registered: int, year: int, seed: int) -> Sitting:
    usual = rates(unit, year, "aims")
    die = float(rng(seed, "sitting", facts["exam"], facts.get("session"), unit, year).uniform(0.7, 1.3))
    absent = min(registered, round(registered * usual["absent"] * facts["absent"] * die))
    rooms = -(-registered // PER_ROOM)
    sites = -(-rooms // ROOMS_OF_SITE) + (registered > PER_ROOM)
    return Sitting(
        unit=unit,
        id=facts["id"],
        exam=facts["exam"],
        session=facts.get("session"),
        sites=sites,
        standard_sites=round(sites * usual["full_sites"]),
        rooms=rooms,
        registered=registered,
        absent=absent,
        violations=round((registered - absent) * usual["violations"] * facts["violations"] * die),
    )


def exam_sittings(decided: list[Sitting], year: int) -> Table:
    """The file of the bureau."""
    rows = (
        {
            "county_code": one.unit,
            "year": year,
            "exam": one.exam,
            "session": one.session,
            "sites": one.sites,
            "standard_sites": one.standard_sites,
            "rooms": one.rooms,
            "registered": one.registered,
            "sat": one.sat,
            "absent": one.absent,
            "violations": one.violations,
        }
        for one in decided
    )
    return from_rows("exam_sittings", calendar_year(year), rows)


def tell_sittings(truths: Truths, decided: list[Sitting], year: int) -> None:
    """Adds absence, violations and standard sites of all sessions; and how many of the named kinds were held."""
    for one in decided:
        truths.at_unit(f"absence_rate_{one.id}", year, one.unit, one.absent, one.registered)
        truths.at_unit(f"violation_rate_{one.id}", year, one.unit, one.violations, one.sat)
        truths.at_unit("standard_site_share", year, one.unit, one.standard_sites, one.sites)
    held = {one.exam for one in decided if one.registered}
    for promised in commitments("exam_sittings"):
        truths.at_unit(promised.indicator, year, PREFECTURE, len(held & set(promised.exams)))
