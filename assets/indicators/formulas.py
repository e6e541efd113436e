"""What an indicator function returns: which rows of which table, and what is added up on both sides.

Values are given row by row, and an empty value is unknown: the row leaves numerator and denominator and is counted
beside them. So a formula never fills a blank unless its definition says what a blank means. A denominator of 0 is no
data. Adding up is done in `passes.py`, dividing in `sql.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal

from sqlalchemy import ColumnElement, Numeric, Subquery, Table, and_, case, cast, func, literal, not_, or_

from assets.indicators.errors import IndicatorError
from assets.indicators.sql import EXACT

Expression = ColumnElement[Any]
Source = Table | Subquery
Condition = ColumnElement[bool]
Adding = Literal["sum", "greatest", "variation"]
Kind = Literal["ratio", "parity", "count", "largest", "measure"]

ONE = literal(1)
NEVER: Condition = literal(False)
FEN = literal(Decimal("0.01"), Numeric(3, 2))


def in_yuan(column: Expression) -> Expression:
    """Money of 分 in 元, exact."""
    return cast(cast(column, Numeric(20, 0)) * FEN, EXACT)


@dataclass(frozen=True)
class Piece:
    """What one formula takes from the rows of one table: their values, and whether they are of the domain.

    A side that it says nothing of is None. `adding`: how numerators become one. `rows_needed`: a county with fewer
    known rows than that has no figure. `is_whole`: its ratio is what another piece's ratio is divided by.
    """

    source: Source
    numerator: Expression | None
    denominator: Expression | None
    among: Condition
    lacking: Condition = NEVER
    adding: Adding = "sum"
    rows_needed: int = 0
    is_whole: bool = False

    @property
    def values(self) -> Mapping[str, Expression]:
        """What it says of each row."""
        told = {"numerator": self.numerator, "denominator": self.denominator, "among": self.among,
                "lacking": None if self.lacking is NEVER else self.lacking}  # fmt: skip
        return {name: value for name, value in told.items() if value is not None}

    def aggregates(self, values: Mapping[str, Expression]) -> Mapping[str, Expression]:
        """What rows come to whose `values` stand in these columns: exact sums, rows of the domain known and unknown.

        `lacking` counts the rows without which the unit has no figure at all.
        """
        sides = {name: values[name] for name in ("numerator", "denominator") if name in values}
        among, is_known = values["among"], and_(*(side.is_not(None) for side in sides.values()))
        known, unknown = _told(among, is_known)
        add = {name: func.max if self.adding == "greatest" and name == "numerator" else func.sum for name in sides}
        made: dict[str, Expression] = {name: add[name](case((known, side))) for name, side in sides.items()}
        made["known"], made["unknown"] = _rows(known), _rows(unknown)
        if "lacking" in values:
            made["lacking"] = _rows(and_(among, values["lacking"]))
        return made


def _told(among: Condition, is_known: Condition) -> tuple[Condition, Condition]:
    """Which rows of the domain are known, and of which rows it is unknown what they say or whether they are of it."""
    return and_(among, is_known), and_(among.is_not(False), or_(among.is_(None), not_(is_known)))


def _rows(that: Condition) -> Expression:
    """How many rows it holds of: a CASE, since the time that many aggregates with a FILTER take is quadratic."""
    return func.count(case((that, ONE)))


def _keys(key: Expression, that: Condition) -> Expression:
    return func.count(case((that, key)).distinct())


@dataclass(frozen=True)
class Ratio:
    """Sum of `numerator` over sum of `denominator` in the rows `among`; no data where the latter is 0.

    A unit that has a row in which `lacking` holds has no figure at all.
    """

    kind: ClassVar[Kind] = "ratio"

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

    Without such rows it is 0, where the datasets are there. `rows_needed`: with fewer known rows than that there is no
    figure, so True says that none known is no data; of a number above 1 each county is asked. `by_unit_if_told`: the
    table's rows may leave their unit open; there are figures of units only when at least one row tells it.
    """

    kind: ClassVar[Kind] = "count"

    source: Source
    among: Condition
    that: Condition | None = None
    of: Expression = ONE
    by_unit_if_told: bool = False
    rows_needed: bool | int = False

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its table."""
        value = self.of if self.that is None else _where(self.that, self.of)
        yield Piece(self.source, value, None, self.among, rows_needed=self.rows_needed if self.rows_needed > 1 else 0)


@dataclass(frozen=True)
class Largest:
    """The largest `of` among the rows; no data where there is none."""

    kind: ClassVar[Kind] = "largest"

    source: Source
    of: Expression
    among: Condition

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its table."""
        yield Piece(self.source, self.of, None, self.among, adding="greatest")


@dataclass(frozen=True)
class Total:
    """Sum of `of` among the rows of a table; a county with fewer known rows than `rows_needed` has no figure."""

    source: Source
    of: Expression
    among: Condition
    rows_needed: int = 0


@dataclass(frozen=True)
class Across:
    """The total of one table, or of several together, over that of another; a unit that lacks one leaves both sides."""

    kind: ClassVar[Kind] = "ratio"

    numerator: Total | tuple[Total, ...]
    denominator: Total

    def pieces(self) -> Iterator[Piece]:
        """What it takes from each of its tables."""
        for upper in self.numerator if isinstance(self.numerator, tuple) else (self.numerator,):
            yield Piece(upper.source, upper.of, None, upper.among, rows_needed=upper.rows_needed)
        lower = self.denominator
        yield Piece(lower.source, None, lower.of, lower.among, rows_needed=lower.rows_needed)


@dataclass(frozen=True)
class Variation:
    """How unequal schools are in `of` per pupil: the coefficient of variation weighted by `pupils` (差异系数).

    The rows of one school, told by `counted_school_code`, are added up first; a school without pupils is left out. No
    data where the sum of `pupils` or of `of` is 0. It makes no sense of a school: for unit and prefecture only.
    """

    kind: ClassVar[Kind] = "measure"

    source: Source
    of: Expression
    pupils: Expression
    among: Condition

    def __post_init__(self) -> None:
        if "counted_school_code" not in self.source.c:
            raise IndicatorError(f"{self.source.name} has no counted_school_code: a variation is one among schools")

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its table."""
        yield Piece(self.source, self.of, self.pupils, self.among, adding="variation")


@dataclass(frozen=True)
class Parity:
    """The ratio of the part over that of the whole: a·d over b·c of a/b and c/d; no data where b, c or d is 0."""

    kind: ClassVar[Kind] = "parity"

    part: Ratio
    whole: Ratio

    def pieces(self) -> Iterator[Piece]:
        """What it takes from its tables."""
        for ratio, is_whole in ((self.part, False), (self.whole, True)):
            yield Piece(ratio.source, ratio.numerator, ratio.denominator, ratio.among, ratio.lacking,
                        is_whole=is_whole)  # fmt: skip


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
    def kind(self) -> Kind:
        """A ratio when it has a denominator, else a count."""
        return "count" if self.that is None else "ratio"

    def aggregates(self, has_figure: Condition | None) -> Mapping[str, Expression]:
        """What its rows come to, at whatever grain they are grouped; only those of units that have a figure."""
        among = self.among if has_figure is None else and_(self.among, has_figure)
        chosen = among if self.that is None else and_(among, self.that)
        made = {"numerator": _keys(self.key, chosen), "known": _rows(among)}
        return made if self.that is None else made | {"denominator": _keys(self.key, among)}


@dataclass(frozen=True)
class PerDistinct:
    """Sum of `of` over the number of distinct `key`, in the rows `among`: an amount per head.

    Computed at each grain by itself, as `Distinct` is. A row of which amount or key is empty is unknown.
    """

    kind: ClassVar[Kind] = "ratio"

    source: Source
    of: Expression
    key: Expression
    among: Condition

    def aggregates(self, has_figure: Condition | None) -> Mapping[str, Expression]:
        """What its rows come to, at whatever grain they are grouped; only those of units that have a figure."""
        among = self.among if has_figure is None else and_(self.among, has_figure)
        known, unknown = _told(among, and_(self.of.is_not(None), self.key.is_not(None)))
        return {
            "numerator": func.sum(case((known, self.of))), "denominator": _keys(self.key, known),
            "known": _rows(known), "unknown": _rows(unknown),
        }  # fmt: skip


Additive = Ratio | Count | Largest | Across | Variation | Parity
Apart = Distinct | PerDistinct
Formula = Additive | Apart
