"""The work ledger of the bureau and what its finished rows count for.

Not here: commitments that other files answer; competitions and examinations are told by modules of their own. What was
done is a fact (`reference/work_items.csv`), equal at every scale; `reference/commitments.csv` says what it is done for.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from samples.facts import PREFECTURE, county_codes, read_csv, unit_codes
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

FINISHED = "已完成"
CANCELLED = "已取消"


@dataclass(frozen=True)
class Commitment:
    """A promise that is read off a ledger: by which indicator, from which rows, and how the ledger may name it.

    `reading` is count, amount, share, counties_reaching (work), held, by_county (competitions) or distinct_exams.
    `years` and `since`: a round of so many years from that year on.
    """

    id: str
    source: str
    reading: str
    indicator: str
    article: int
    names: tuple[str, ...]
    office: str
    at_least: int
    edition: int | None
    years: int
    since: int
    exams: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """One deliverable of a year; `county` is empty where it is the prefecture's."""

    id: str
    item: str
    county: str
    quantity: Decimal | None
    due: Decimal | None
    planned_by: dt.date | None
    done_on: dt.date | None
    status: str

    def done(self, year: int) -> Decimal:
        """How much of it counts as done by the end of the year."""
        in_time = self.status == FINISHED and self.done_on is not None and self.done_on.year <= year
        return (Decimal(1) if self.quantity is None else self.quantity) if in_time else Decimal(0)


@functools.cache
def commitments(source: str) -> tuple[Commitment, ...]:
    """The commitments that are read off one ledger, in the order of the plan."""
    return tuple(
        Commitment(
            id=row["id"],
            source=row["source"],
            reading=row["reading"],
            indicator=row["indicator"],
            article=int(row["article"]),
            names=tuple(name for name in (row["name"], row["alias"], row["id"]) if name),
            office=row["office"],
            at_least=int(row["at_least"] or 1),
            edition=int(row["edition"]) if row["edition"] else None,
            years=int(row["years"] or 1),
            since=int(row["since"] or 0),
            exams=tuple(row["exams"].split()),
        )
        for row in read_csv("commitments")
        if row["source"] == source
    )


def work_rows(year: int) -> list[Item]:
    """The deliverables of a year; none where the facts have none."""
    return [
        Item(
            id=row["id"],
            item=row["item"],
            county=row["county"],
            quantity=Decimal(row["quantity"]) if row["quantity"] else None,
            due=Decimal(row["due"]) if row["due"] else None,
            planned_by=dt.date.fromisoformat(row["planned_by"]) if row["planned_by"] else None,
            done_on=dt.date.fromisoformat(row["done_on"]) if row["done_on"] else None,
            status=row["status"],
        )
        for row in read_csv("work_items")
        if row["year"] == str(year)
    ]


def work_items(year: int) -> Table:
    """The bureau's file; it calls a commitment by its name, now and then by another name or by its id."""
    promised = {one.id: one for one in commitments("work_items")}
    rows = (
        {
            "article": promised[row.id].article,
            "commitment": promised[row.id].names[i * i % 7 % len(promised[row.id].names)],
            "item": row.item,
            "county_code": row.county or None,
            "year": year,
            "quantity": None if row.quantity is None else float(row.quantity),
            "due": None if row.due is None else float(row.due),
            "planned_by": row.planned_by,
            "done_on": row.done_on,
            "status": row.status,
            "evidence": f"样例〔{year}〕{i + 1}号" if row.status == FINISHED else None,
            "office": promised[row.id].office,
        }
        for i, row in enumerate(work_rows(year))
    )
    return from_rows("work_items", calendar_year(year), rows)


def tell_work(truths: Truths, year: int) -> None:
    """Adds the finished rows of a year to the truths: counts, the share of what was due, the share of counties."""
    own: dict[str, list[Item]] = defaultdict(list)
    for row in work_rows(year):
        own[row.id].append(row)
    for one in commitments("work_items") if own else ():
        match one.reading:
            case "count":
                _tell_count(truths, one, year, own[one.id])
            case "amount":
                if own[one.id]:
                    _tell_count(truths, one, year, own[one.id])
            case "share":
                _tell_share(truths, one, year, own[one.id])
            case "counties_reaching":
                _tell_counties(truths, one, year, own[one.id])


def _tell_count(truths: Truths, one: Commitment, year: int, own: list[Item]) -> None:
    """What is done in all; a count that some row gives to a county stands for every unit, an amount where told."""
    counties: Collection[str] = {row.county for row in own if row.county}
    if counties and one.reading == "count":
        counties = unit_codes()
    for place in (PREFECTURE, *counties):
        truths.at_unit(one.indicator, year, place, 0)
    for row in own:
        truths.at_unit(one.indicator, year, row.county or PREFECTURE, row.done(year))


def _tell_share(truths: Truths, one: Commitment, year: int, own: list[Item]) -> None:
    """What is done of what is due; of a round of n years, n times that over as many parts as years have begun."""
    begun = min(max(year - one.since + 1, 0), one.years)
    for row in own:
        due = row.due if row.due and row.status != CANCELLED else Decimal(0)
        place = row.county or PREFECTURE
        truths.at_unit(one.indicator, year, place, row.done(year) * one.years, due * (begun if one.since else 1))


def _tell_counties(truths: Truths, one: Commitment, year: int, own: list[Item]) -> None:
    done: dict[str, Decimal] = defaultdict(Decimal)
    for row in own:
        done[row.county] += row.done(year)
    for county in county_codes():
        truths.at_unit(one.indicator, year, county, int(done[county] >= one.at_least), 1)
