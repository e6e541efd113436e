"""Why a figure is what it is: its sides, what is below it, what it was made from, what is asked about it, how it moved.

Everything is read from the newest release of the warehouse; which datasets an indicator needs is told by the catalogue.
From a figure to files, sheets and rows goes `lineage.py`. Nothing here names a person.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, or_, select

from assets.house import House
from assets.indicators.catalogue import Indicator
from assets.periods import periods_of
from assets.year import indicators_for
from expectations.regions import PREFECTURE
from warehouse.releases import Row, newest, published
from warehouse.schema import (
    dim_commitment,
    dim_school,
    fact_indicator,
    fact_verdict,
    finding,
    release,
    release_change,
    submission,
)

BELOW = {"prefecture": "county", "county": "school"}


@dataclass(frozen=True)
class Why:
    """A figure with all that explains it; rows are those of the warehouse, in the columns that are told.

    `below`: the same figure one level down. `submissions`: every version of what its datasets were sent in, those that
    stand and those that were replaced. `findings`: how often each rule asked about them. `changes`: the releases in
    which the figure moved, newest first.
    """

    indicator: Indicator
    figure: Row
    release: Row
    verdicts: Sequence[Row]
    below: Sequence[Row]
    submissions: Sequence[Row]
    findings: Sequence[Row]
    changes: Sequence[Row]


def indicators_by_id(house: House, year: int) -> dict[str, Indicator]:
    """Every indicator of a year by its id."""
    return {each.id: each for each in indicators_for(house.plans, year)}


def why(house: House, indicator: Indicator, region_code: str, year: int) -> Why | None:
    """What explains the figure of a region or school; None where the newest release has no such figure.

    Raises:
        NothingPublishedError: there is no release.
    """
    engine = house.engine()
    try:
        with published(engine) as connection:
            return _Asked(house, connection, indicator, region_code, year).answer()
    finally:
        engine.dispose()


@dataclass(frozen=True)
class _Asked:
    """A question to the warehouse."""

    house: House
    connection: Connection
    indicator: Indicator
    region_code: str
    year: int

    def answer(self) -> Why | None:
        """All that is told, None without a figure."""
        number = newest(self.connection)
        found = self._rows(self._figures(number).where(fact_indicator.c.region_code == self.region_code))
        if not found:
            return None
        (figure,) = found
        units = self._units(figure["level"])
        submissions = self._submissions(units)
        (kept,) = self._rows(select(release).where(release.c.release_id == number))
        return Why(
            self.indicator, figure, kept, self._verdicts(number), self._below(number, figure["level"]), submissions,
            self._findings({row["submission_id"] for row in submissions}), self._changes(),
        )  # fmt: skip

    def _rows(self, query: Select[Any]) -> list[Row]:
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _figures(self, number: int | None) -> Select[Any]:
        fact = fact_indicator.c
        return select(fact_indicator).where(
            fact.release_id == number, fact.year == self.year, fact.indicator_id == self.indicator.id
        )

    def _below(self, number: int | None, level: str) -> list[Row]:
        fact, of_unit = fact_indicator.c, select(dim_school.c.school_code).where(
            dim_school.c.unit_code == self.region_code
        )  # fmt: skip
        if level not in BELOW:
            return []
        query = self._figures(number).where(fact.level == BELOW[level]).order_by(fact.region_code)
        return self._rows(query.where(fact.region_code.in_(of_unit)) if level == "county" else query)

    def _verdicts(self, number: int | None) -> list[Row]:
        fact, promise = fact_verdict.c, dim_commitment.c
        same = and_(promise.commitment_id == fact.commitment_id, promise.plan_year == fact.year)
        asked = and_(fact.release_id == number, fact.year == self.year, fact.region_code == self.region_code)
        named = (literal(",") + promise.indicator_id + ",").contains(f",{self.indicator.id},")
        return self._rows(
            select(fact.commitment_id, promise.name_zh, fact.comparison, fact.target, fact.verdict, fact.maturity)
            .select_from(fact_verdict.join(dim_commitment, same)).where(asked, named).order_by(fact.commitment_id)
        )  # fmt: skip

    def _units(self, level: str) -> tuple[str, ...] | None:
        """Whose submissions are asked for: None for everybody's."""
        if level == "prefecture":
            return None
        if level == "county":
            return self.region_code, PREFECTURE
        lists = select(dim_school.c.unit_code).where(dim_school.c.school_code == self.region_code)
        return (*self.connection.execute(lists).scalars(), PREFECTURE)

    def _submissions(self, units: Collection[str] | None) -> list[Row]:
        sent = submission.c
        conditions: list[ColumnElement[bool]] = [or_(*(
            and_(sent.dataset == need.dataset, sent.period.in_(self._periods(need.dataset, need.term)))
            for need in self.indicator.needs
        ))]  # fmt: skip
        if units is not None:
            conditions.append(sent.unit_code.in_(units))
        order = (sent.dataset, sent.period, sent.unit_code, sent.version)
        return self._rows(select(submission).where(*conditions).order_by(*order))

    def _periods(self, dataset: str, term: str | None) -> list[str]:
        periods = periods_of(self.house.contracts[dataset], self.year)
        return [period for period in periods if term is None or period.endswith(f"-{term}")]

    def _findings(self, submissions: Collection[str]) -> list[Row]:
        asked, datasets = finding.c, {need.dataset for need in self.indicator.needs}
        key = (asked.dataset, asked.rule_id, asked.severity, asked.state)
        of_these = and_(asked.submission_id.in_(submissions), asked.dataset.in_(datasets))
        return self._rows(select(*key, func.count().label("n")).where(of_these).group_by(*key).order_by(*key))

    def _changes(self) -> list[Row]:
        change = release_change.c
        same = and_(change.indicator_id == self.indicator.id, change.region_code == self.region_code)
        query = select(release_change).where(same, change.year == self.year).order_by(change.release_id.desc())
        return self._rows(query)
