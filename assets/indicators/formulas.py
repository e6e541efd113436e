"""What an indicator function returns: which rows of which table, and what is added up on both sides.

Values are given row by row, and an empty value is unknown: the row leaves numerator and denominator and is counted
beside them. So a formula never fills a blank unless its definition says what a blank means. Adding up is done in
`passes.py`, dividing in `sql.ratio`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Subquery, Table, and_, case, func, literal, not_, null, or_

Expression = ColumnElement[Any]
Source = Table | Subquery
Condition = ColumnElement[bool]
Side = Literal["both", "numerator", "denominator"]

ONE = literal(1)
NEVER: Condition = literal(False)


@dataclass(frozen=True)
class Aggregates:
    """What a group of rows comes to: exact sums of both sides, and how many rows of the domain are known and unknown.

    `lacking` counts the rows without which the unit has no figure at all.
    """

    numerator: Expression
    denominator: Expression
    known: Expression
    unknown: Expression
    lacking: Expression


@dataclass(frozen=True)
class Piece:
    """What one formula takes from the rows of one table: their values, and whether they are of the domain.

    `greatest` keeps the largest numerator instead of the sum. `rows_needed`: a county with fewer known rows than that
    has no figure.
    """

    source: Source
    numerator: Expression
    denominator: Expression
    among: Condition
    lacking: Condition = NEVER
    side: Side = "both"
    greatest: bool = False
    rows_needed: int = 0

    @property
    def values(self) -> Mapping[str, Expression]:
        """What it says of each row."""
        return {"numerator": self.numerator, "denominator": self.denominator, "among": self.among,
                "lacking": self.lacking}  # fmt: skip

    def aggregates(self, values: Mapping[str, Expression]) -> Aggregates:
        """The aggregates of rows whose `values` stand in these columns, to be grouped by unit and school."""
        numerator, denominator, among = values["numerator"], values["denominator"], values["among"]
        is_known = and_(numerator.is_not(None), denominator.is_not(None))
        known = and_(among, is_known)
        unknown = and_(among.is_not(False), or_(among.is_(None), not_(is_known)))
        add = func.max if self.greatest else func.sum
        return Aggregates(
            numerator=add(numerator).filter(known), denominator=func.sum(denominator).filter(known),
            known=func.count().filter(known), unknown=func.count().filter(unknown),
            lacking=func.count().filter(and_(among, values["lacking"])),
        )  # fmt: skip


@dataclass(frozen=True)
class Ratio:
    """Sum of `numerator` over sum of `denominator` in the rows `among`; no data where the latter is 0.

    A unit that has a row in which `lacking` holds has no figure at all.
    """

    source: Source
    numerator: Expression
    denominator: Expression
    among: Condition
    lacking: Condition = NEVER

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its table."""
        yield Piece(self.source, self.numerator, self.denominator, self.among, self.lacking)


def share(source: Source, that: Condition, among: Condition, of: Expression = ONE, lacking: Condition = NEVER) -> Ratio:
    """The part for which `that` holds of the sum of `of` (default: of the rows) `among`; unknown where it is empty."""
    return Ratio(source, _where(that, of), of, among, lacking)


def _where(that: Condition, of: Expression) -> Expression:
    """`of` where it holds, 0 where it does not, empty where that is unknown."""
    return case((that, of), (not_(that), 0))


@dataclass(frozen=True)
class Count:
    """Sum of `of` (default: number of rows) for which `that` holds, among the rows that it could hold for.

    Without such rows it is 0, where the datasets are there. `by_unit_if_told`: the table's rows may leave their unit
    open; there are figures of units only when at least one row tells it.
    """

    source: Source
    among: Condition
    that: Condition | None = None
    of: Expression = ONE
    by_unit_if_told: bool = False

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its table."""
        value = self.of if self.that is None else _where(self.that, self.of)
        yield Piece(self.source, value, literal(0), self.among)


@dataclass(frozen=True)
class Largest:
    """The largest `of` among the rows; no data where there is none."""

    source: Source
    of: Expression
    among: Condition

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its table."""
        yield Piece(self.source, self.of, literal(0), self.among, greatest=True)


@dataclass(frozen=True)
class Total:
    """Sum of `of` among the rows of a table; a county with fewer known rows than `rows_needed` has no figure."""

    source: Source
    of: Expression
    among: Condition
    rows_needed: int = 0


@dataclass(frozen=True)
class Across:
    """The total of one table over the total of another; a unit that lacks one of them leaves both."""

    numerator: Total
    denominator: Total

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its two tables."""
        upper, lower = self.numerator, self.denominator
        yield Piece(upper.source, upper.of, literal(0), upper.among, side="numerator", rows_needed=upper.rows_needed)
        yield Piece(lower.source, literal(0), lower.of, lower.among, side="denominator", rows_needed=lower.rows_needed)


@dataclass(frozen=True)
class Distinct:
    """Distinct `key` of the rows `among`; with `that`, the share of them for which it holds in at least one row.

    The second kind of formula: a person in two units counts once in the prefecture, so it does not roll up and is
    computed at each grain by itself. Rows without a key count for nothing.
    """

    source: Source
    key: Expression
    among: Condition
    that: Condition | None = None

    @property
    def is_ratio(self) -> bool:
        """Whether it has a denominator."""
        return self.that is not None

    def aggregates(self) -> Aggregates:
        """The aggregates of the rows that it selects, at whatever grain they are grouped."""
        chosen = self.among if self.that is None else and_(self.among, self.that)
        every = func.count(self.key.distinct()).filter(self.among)
        return Aggregates(
            numerator=func.count(self.key.distinct()).filter(chosen),
            denominator=every if self.is_ratio else null(),
            known=func.count().filter(self.among), unknown=literal(0), lacking=literal(0),
        )  # fmt: skip


Additive = Ratio | Count | Largest | Across
Formula = Additive | Distinct
