"""Officers for student loans in the townships, and which townships have one on the last day of a year.

Not here: the loans (`loans.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import numpy as np

from samples.facts import Township, county_codes, rates, rng, townships
from samples.persons import names, phones
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

COVERED_KINDS = {"镇", "乡"}
Days = tuple[dt.date, dt.date | None]


def decide_unserved(year: int, seed: int) -> dict[str, list[Township]]:
    """Towns and townships without an officer on the last day of a year, by county: the first of a fixed order."""
    found = {}
    for county in county_codes():
        own = [township for township in townships()[county] if township.kind in COVERED_KINDS]
        order = rng(seed, "unserved", county).permutation(len(own))
        found[county] = [own[i] for i in order[: round(rates(county, year, "aims")["officers_missing"])]]
    return found


def loan_officers(county: str, unserved: list[Township], year: int) -> Table:
    """The file of one county; streets and forest farms may have officers too, who count for none of the townships."""
    rows = [
        {"county_code": county, "township_code": township, "year": year, "appointed_on": first, "ended_on": last}
        for i, township in enumerate(townships()[county])
        for first, last in (_left(unserved.index(township), year) if township in unserved else _serving(i, year))
    ]
    places = np.arange(len(rows), dtype=np.int64) + int(county[-2:]) * 100
    named: list[dict[str, Any]] = [
        row | {"name": name, "phone": phone}
        for row, name, phone in zip(rows, names(places), phones(places), strict=True)
    ]
    return from_rows("loan_officers", calendar_year(year), named)


def _left(i: int, year: int) -> Iterator[Days]:
    """Somebody whose last day is the last of the year, nobody, or somebody who left before."""
    if i % 3 != 1:
        yield dt.date(year - 2, 3, 1), dt.date(year, 12, 31) if i % 3 == 0 else dt.date(year, 6, 30)


def _serving(i: int, year: int) -> Iterator[Days]:
    """One in office; some townships also had a predecessor, some have two who were appointed on the same day."""
    if i % 5 == 1:
        yield dt.date(2018, 3, 12), dt.date(year, 10 + i % 3, 30)
        yield dt.date(year, 12, 31), None
        return
    for _ in range(2 if i % 9 == 4 else 1):
        yield dt.date(2017 + i % 2, 4 + i % 6, 1 + i % 28), None


def tell_officers(truths: Truths, unserved: dict[str, list[Township]], year: int) -> None:
    """Adds the served towns and townships of the eight counties to all of them."""
    for county, without in unserved.items():
        own = sum(township.kind in COVERED_KINDS for township in townships()[county])
        truths.at_unit("township_loan_officer_coverage", year, county, own - len(without), own)
