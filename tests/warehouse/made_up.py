"""Rows of tables that only have to hold what their columns can hold, made from the schema itself."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from sqlalchemy import Column, Table

from warehouse.column_types import arrow_schema

ROWS = 4


def made_up(table: Table, years: tuple[int, ...] = (2020,)) -> pa.Table:
    """Four rows per year: the last one is empty where a column may be, and no key is repeated."""
    columns = [column for column in table.columns if column.name != "release_id"]
    rows = [{column.name: _value(column, year, nth) for column in columns} for year in years for nth in range(ROWS)]
    if "year" not in table.columns:
        rows = rows[:ROWS]
    return pa.Table.from_pylist(rows, arrow_schema(columns))


def _value(column: Column[Any], year: int, nth: int) -> Any:
    if column.nullable and nth == ROWS - 1:
        return None
    if column.name == "year":
        return year
    made = {
        bool: nth % 2 == 0, int: 7 + nth, str: f"{column.name}-{nth}", date: date(year, 9, 1 + nth),
        Decimal: Decimal(nth) / 4 + 12,
    }  # fmt: skip
    return made[column.type.python_type]
