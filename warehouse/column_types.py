"""Column types whose values are the same on SQLite and PostgreSQL, and the Arrow type of each kind of column.

SQLite has neither exact numbers nor moments: a NUMERIC column there keeps 64-bit integers and 15 significant digits,
a moment is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Double,
    Integer,
    Numeric,
    Text,
    TypeDecorator,
)

PRECISION, SCALE = 28, 4
_STEP = Decimal(1).scaleb(-SCALE)


class Exact(Numeric[Decimal]):
    """A number with four decimals that is never rounded: a `Decimal` of scale 4 on both engines.

    On SQLite a whole number is stored as INTEGER, any other as the text of its digits, which the column's NUMERIC
    affinity keeps as REAL: exact up to 15 digits. What needs more is refused before it is written (`edition.py`).
    """

    cache_ok = True

    def __init__(self, precision: int = PRECISION, scale: int = SCALE) -> None:
        super().__init__(precision, scale)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """Write whole numbers as integers and others as digits on SQLite."""
        return _to_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)  # type: ignore[no-untyped-call]

    def result_processor(self, dialect: Dialect, coltype: Any) -> Callable[[Any], Any] | None:
        """Read a `Decimal` of scale 4 from whatever SQLite stored."""
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)  # type: ignore[no-untyped-call]


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: an aware datetime goes in, the same moment in UTC comes out, on both engines."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment in UTC.

        Raises:
            ValueError: the datetime names no time zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("时间必须带时区。A moment needs a time zone.")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment, aware, in UTC; SQLite hands it out naive."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


_ARROW_TYPES: Mapping[type, pa.DataType] = {
    BigInteger: pa.int64(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
    Double: pa.float64(),
    Exact: pa.decimal128(PRECISION, SCALE),
    Integer: pa.int32(),
    Text: pa.string(),
    UtcDateTime: pa.timestamp("us", tz="UTC"),
}


def arrow_schema(columns: Iterable[Column[Any]]) -> pa.Schema:
    """The Arrow fields in which these columns go in and out of the warehouse, each with its comment."""
    return pa.schema([_arrow_field(column) for column in columns])


def _arrow_field(column: Column[Any]) -> pa.Field:
    comment = {"comment": column.comment or ""}
    return pa.field(column.name, _ARROW_TYPES[type(column.type)], nullable=bool(column.nullable), metadata=comment)


def _to_sqlite(value: Decimal | int | None) -> int | str | None:
    if value is None:
        return None
    return int(value) if value == int(value) else f"{Decimal(value):f}"


def _from_sqlite(value: float | str | None) -> Decimal | None:
    return None if value is None else Decimal(str(value)).quantize(_STEP)
