"""The SQL that indicators become: one dialect, one way to compile, and the divisions.

What is summed is told by `formulas.py`, in which order by `passes.py`; nothing here knows a table. SQLAlchemy's own `/`
is not used: it casts to a NUMERIC without scale, which loses digits on DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Double, Numeric, case, cast, func, literal
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import UserDefinedType

EXACT = Numeric(28, 4)
UNITS_OF_EXACT = 10**4
FINER = 10**10


class ComputeDialect(PGDialect):
    """PostgreSQL's grammar as DuckDB reads it: the `%` of a pattern is written once, names may be long."""

    supports_statement_cache = False
    max_identifier_length = 255

    def __init__(self) -> None:
        super().__init__(paramstyle="named")  # type: ignore[no-untyped-call]


class _HugeInt(UserDefinedType[int]):
    """Whole numbers of 128 bits."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "HUGEINT"

    def literal_processor(self, dialect: Dialect) -> Callable[[int], str]:
        return str


def sql_text(statement: Executable | ColumnElement[Any]) -> str:
    """The statement as text with its values written in."""
    return str(statement.compile(dialect=ComputeDialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[union-attr]


def ratio(numerator: ColumnElement[Any], denominator: ColumnElement[Any]) -> ColumnElement[float]:
    """The quotient as a double, empty where the denominator is 0: for what is shown, never for what is summed."""
    return cast(numerator, Double).op("/", return_type=Double())(func.nullif(cast(denominator, Double), 0))


def quotient(numerator: ColumnElement[Any], denominator: ColumnElement[Any]) -> ColumnElement[Any]:
    """The quotient of two numbers that are not negative to four decimals, half up; empty where the denominator is 0.

    It is computed in whole numbers, so it is the same on every run and may be summed.
    """
    upper, lower = _in_units(numerator), _in_units(denominator)
    units = _whole_quotient(upper * (2 * UNITS_OF_EXACT) + lower, lower * 2)
    return cast(cast(units, Numeric(28, 0)) * literal(Decimal("0.0001"), Numeric(4, 4)), EXACT)


def variation(of: ColumnElement[Any], pupils: ColumnElement[Any]) -> ColumnElement[float]:
    """The coefficient of variation of `of` per pupil over the rows of a group, weighted by `pupils`, as a double.

    With p pupils and x of the thing in each row it is √(Σp · Σ(x²/p) / (Σx)² - 1). Rows that lack either or have no
    pupils are left out; empty where Σp or Σx is 0. The sums are of whole numbers, so the order of rows does not matter.
    """
    x = case((pupils > 0, of))
    p = case((x.is_not(None), pupils))
    units = _in_units(x)
    squares = func.sum(_whole_quotient(units * units * FINER, _in_units(p)))
    total = cast(func.sum(x), Double)
    scaled = cast(func.sum(p), Double) * cast(squares, Double)
    squared = ratio(scaled, total * total * float(FINER * UNITS_OF_EXACT)) - 1.0
    return func.sqrt(case((squared > 0, squared), (squared <= 0, 0.0)))


def _in_units(number: ColumnElement[Any]) -> ColumnElement[int]:
    """An exact number as the whole number of its ten-thousandths."""
    return cast(cast(number, EXACT) * UNITS_OF_EXACT, _HugeInt())


def _whole_quotient(numerator: ColumnElement[int], denominator: ColumnElement[int]) -> ColumnElement[int]:
    """What is left of the quotient without its fraction; it binds as tightly as a product."""
    return numerator.op("//", precedence=8, return_type=_HugeInt())(func.nullif(denominator, 0))
