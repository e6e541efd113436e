"""Athletes that a unit registers in a year, and those whom it sent on to higher teams.

Not here: what they won (`results.py`) and who coaches them (`coaches.py`).
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from samples.facts import OWN_SCHOOLS, PREFECTURE, rates, read_yaml, rng, writers
from samples.persons import Registry, born, identity_numbers, names, phones, sexes
from samples.schools import School
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

SUSPENDED_EACH = 23
COACHED_BY = 7


def counts_for(sender: str) -> str:
    """The unit for which a sender's sports count: the bureau's own are those of the prefecture's schools."""
    return OWN_SCHOOLS if sender == PREFECTURE else sender


def number_of_athletes(sender: str, scale: float, seed: int) -> int:
    """How many athletes a unit, or the bureau, registers in any year."""
    usual: int = read_yaml("sports")["athletes"]
    return max(8, round(usual * scale * float(rng(seed, "athletes", sender).uniform(0.5, 1.5))))


def athletes(sender: str, schools: list[School], registry: Registry, scale: float, year: int, seed: int) -> Table:
    """The athletes that a unit registers in a year; the bureau registers those of its sports school in 州直."""
    facts = read_yaml("sports")
    many = number_of_athletes(sender, scale, seed)
    first = registry.behind + list(writers()).index(sender)
    places = first + np.arange(many, dtype=np.int64) * len(writers())
    cohorts = rng(seed, "cohorts", sender).integers(2004, 2011, many).astype(np.int64)
    numbers = identity_numbers(cohorts, places)
    there = [school.code for school in schools if school.kind in {"311", "312", "341", "342"}]
    people = zip(numbers, sexes(numbers), born(cohorts, places).tolist(), names(places), phones(places), strict=True)
    rows: list[dict[str, Any]] = []
    for i, (number, sex, day, name, phone) in enumerate(people):
        person = {"name": name, "student_id": number, "sex": sex, "birth_date": day, "phone": phone}
        school = {"school_code": there[i % len(there)] if there else None}
        for sport in sports_of(i, list(facts["events"])):
            rows.append(_registration(sender, i, sport, year) | person | school | _bone_age(i, day, year))
    return from_rows("athletes", calendar_year(year), rows)


def registration_no(sender: str, i: int) -> str:
    """Registration number of a sender's athlete."""
    return f"43{sender[-3:]}{i:05d}"


def _registration(sender: str, i: int, sport: str, year: int) -> dict[str, Any]:
    facts, sent_on = read_yaml("sports"), _sent_on(sender, i, year)
    return {
        "registration_no": registration_no(sender, i),
        "county_code": counts_for(sender),
        "sport": sport,
        "event": facts["events"][sport][i % len(facts["events"][sport])],
        "coach_no": f"JL43{sender[-3:]}{i % COACHED_BY:03d}",
        "year": year,
        "unit_name": f"{writers()[sender].name}样例业余体校",
        "athlete_grade": facts["grades"][i % len(facts["grades"])],
        "status": "暂停" if i % SUSPENDED_EACH == SUSPENDED_EACH - 1 else "有效",
        "first_registered_on": dt.date(min(year, 2017 + i % 3), 4, 1 + i % 28),
        "sent_on": sent_on,
        "sent_to": "样例省队" if sent_on else None,
    }


def _sent_on(sender: str, i: int, year: int) -> dt.date | None:
    """The first athletes of a unit were sent on this year, one on its last day; the next one the year before."""
    sent = round(rates(sender, year, "aims")["sent"])
    if i < sent:
        return dt.date(year, 12, 31) if i == 0 else dt.date(year, 2 + i, 20)
    return dt.date(year - 1, 12, 31) if i == sent else None


def _bone_age(i: int, day: dt.date, year: int) -> dict[str, Any]:
    """A bone test of 10 March that tells at most a year more or less than the age."""
    tested = dt.date(year, 3, 10)
    return {"bone_age": round((tested - day).days / 365.25 + (i % 5 - 2) * 0.4, 1), "bone_age_on": tested}


def sports_of(i: int, sports: list[str]) -> list[str]:
    """One sport, and a second one for each ninth athlete."""
    return [sports[i % len(sports)]] + ([sports[(i + 1) % len(sports)]] if i % 9 == 8 else [])


def tell_athletes(truths: Truths, sender: str, scale: float, year: int, seed: int) -> None:
    """Adds a sender's athletes, each once: those who are not suspended, and those sent on in the year."""
    many = number_of_athletes(sender, scale, seed)
    valid = sum(i % SUSPENDED_EACH < SUSPENDED_EACH - 1 for i in range(many))
    truths.at_unit("registered_athletes", year, counts_for(sender), valid)
    truths.at_unit("athletes_sent", year, counts_for(sender), round(rates(sender, year, "aims")["sent"]))
