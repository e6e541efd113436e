"""What the parts of a release tell of a year: the counts that are guarded, by unit, and every figure above schools."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Select, Table, func, select

from warehouse.disclosure.counts import Tallies, is_guarded
from warehouse.schema import STORED, dim_commitment, dim_indicator, fact_indicator, fact_verdict
from warehouse.schema.themes import fact_aid, fact_enrolment, fact_staff
from warehouse.words import DELIVERABLES

COUNTED = (fact_indicator, fact_enrolment, fact_aid, fact_staff)
"""The tables that tell counts."""
SOURCES = (*COUNTED, dim_indicator, fact_verdict, dim_commitment)
"""All tables that are looked at."""

Parts = Mapping[str, int]
"""The part of each table."""


@dataclass(frozen=True)
class YearFacts:
    """What the facts of a year tell."""

    year: int
    tallies: Tallies
    figures: Mapping[tuple[str, str], tuple[float | None, str]] = field(default_factory=dict)
    """Value and maturity of each indicator, by region."""
    units: tuple[str, ...] = ()


def read_facts(connection: Connection, year: int, parts: Parts) -> YearFacts:
    """The facts of a year in the release that is made of these parts."""
    rows = _Rows(connection, parts)
    figures = rows.of(fact_indicator, "indicator_id", "region_code", "level", "value", "maturity", "numerator",
                      "denominator", but={"level": "school"})  # fmt: skip
    things = {name for name, theme in rows.of(dim_indicator, "indicator_id", "theme") if theme == DELIVERABLES}
    enrolment = rows.of(fact_enrolment, "unit_code", "stage", sums=("pupils", "girls"))
    aid = rows.of(fact_aid, "unit_code", "term", "project", sums=("payments", "amount_paid"))
    staff = rows.of(fact_staff, "unit_code", sums=("staff", "teachers"))
    prefecture = next((row[1] for row in figures if row[2] == "prefecture"), "")
    paid: dict[str, int] = {}
    for unit, _, _, _, amount in aid:
        if amount is not None:
            paid[unit] = paid.get(unit, 0) + int(amount)
    tallies = Tallies(
        prefecture,
        enrolment={(unit, stage): (_whole(pupils), _whole(girls)) for unit, stage, pupils, girls in enrolment},
        aid={(unit, term, project): int(n) for unit, term, project, n, _ in aid if n is not None},
        paid=paid,
        staff={unit: (_whole(staff), _whole(teachers)) for unit, staff, teachers in staff},
        figures={(i, region): (n, d) for i, region, _, value, _, n, d in figures
                 if value is not None and i not in things and is_guarded(i)},
    )  # fmt: skip
    units = sorted({row[1] for row in figures if row[2] == "county"} | {row[0] for row in (*enrolment, *aid, *staff)})
    return YearFacts(year, tallies, {(i, region): (v, m) for i, region, _, v, m, *_ in figures}, tuple(units))


@dataclass(frozen=True)
class Verdict:
    """What there is to withhold of a commitment in a region: all its indicators, the one shown, word and maturity."""

    commitment_id: str
    region_code: str
    indicators: tuple[str, ...]
    shown: str | None
    verdict: str
    maturity: str


def read_verdicts(connection: Connection, year: int, parts: Parts) -> Iterator[Verdict]:
    """The verdicts of a year, each with the indicators that are all to be met."""
    rows = _Rows(connection, parts)
    named = {
        commitment: tuple((indicators or "").split(","))
        for commitment, plan_year, indicators in rows.of(dim_commitment, "commitment_id", "plan_year", "indicator_id")
        if plan_year == year
    }
    by = ("commitment_id", "region_code", "indicator_id", "verdict", "maturity")
    for commitment, region, shown, verdict, maturity in rows.of(fact_verdict, *by):
        yield Verdict(commitment, region, named.get(commitment, (shown,)), shown, verdict, maturity)


def _whole(count: Any) -> int | None:
    return None if count is None else int(count)


@dataclass(frozen=True)
class _Rows:
    """The rows of some parts."""

    connection: Connection
    parts: Parts

    def of(
        self, table: Table, *by: str, sums: tuple[str, ...] = (), but: Mapping[str, str] | None = None
    ) -> list[tuple[Any, ...]]:
        """The columns of a table's part, or the sums by them; without the rows that have one of those values."""
        stored = STORED[table].c
        query: Select[Any] = select(*(stored[name] for name in by), *(func.sum(stored[name]) for name in sums))
        query = query.where(stored.part_id == self.parts.get(table.name, -1))
        query = query.where(*(stored[name] != value for name, value in (but or {}).items()))
        grouped = query.group_by(*(stored[name] for name in by)) if sums else query
        return [tuple(row) for row in self.connection.execute(grouped)]


def read_statuses(connection: Connection, table: Table, parts: Parts) -> Mapping[tuple[str, ...], str]:
    """The status of each row of a table that publication made, by the rest of its key."""
    by = [column.name for column in table.primary_key.columns if column.name != "year"]
    return {row[:-1]: row[-1] for row in _Rows(connection, parts).of(table, *by, "status")}
