"""The SQL that indicators become: one dialect, one way to compile, the one division.

What is summed is told by `formulas.py`, in which order by `passes.py`; nothing here knows a table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Double, Numeric, cast, func
from sqlalchemy.dialects.postgresql.base import PGDialect
from sqlalchemy.sql.base import Executable

EXACT = Numeric(28, 4)


class ComputeDialect(PGDialect):
    """PostgreSQL's grammar as DuckDB reads it: the `%` of a pattern is written once."""

    supports_statement_cache = False

    def __init__(self) -> None:
        super().__init__(paramstyle="named")  # type: ignore[no-untyped-call]


def sql_text(statement: Executable | ColumnElement[Any]) -> str:
    """The statement as text with its values written in."""
    return str(statement.compile(dialect=ComputeDialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[union-attr]


def ratio(numerator: ColumnElement[Any], denominator: ColumnElement[Any]) -> ColumnElement[float]:
    """The quotient as a double, empty where the denominator is 0.

    The only division there is: SQLAlchemy's own `/` casts to a NUMERIC without scale, which loses digits on DuckDB.
    """
    return cast(numerator, Double).op("/", return_type=Double())(func.nullif(cast(denominator, Double), 0))
