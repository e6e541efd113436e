"""Rows between Arrow and the database, many at a time, inside the caller's transaction.

SQLite takes tuples through the driver's `executemany`, PostgreSQL the CSV of PyArrow through COPY.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from sqlalchemy import Connection, Select, Table, insert

from warehouse.errors import EditionError

CHUNK_ROWS = 20_000
SQLITE_SAMPLE = 400
_SQLITE_DIGITS = 15
_LOSSLESS_BELOW = Decimal(10) ** (_SQLITE_DIGITS - 4)
_INT64_BELOW = Decimal(2) ** 63


def insert_rows(connection: Connection, table: Table, rows: pa.Table) -> None:
    """Add the rows, which have every column of `table` in the types of `edition.fit`."""
    rows = rows.select([column.name for column in table.columns])
    if connection.dialect.name == "sqlite":
        _insert_many(connection, table, rows)
    else:
        _copy(connection, table, rows)


def count_anew(connection: Connection, tables: Iterable[Table]) -> None:
    """Let the database count a sample of the rows of these tables: without it, it joins the views in a bad order."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA analysis_limit = {SQLITE_SAMPLE}")
    for table in tables:
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def select_rows(connection: Connection, query: Select[Any], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows that the query finds, as batches of `schema`, which names its columns in their order."""
    for part in connection.execute(query, execution_options={"yield_per": CHUNK_ROWS}).partitions():
        columns = zip(zip(*part, strict=True), schema, strict=True)
        yield pa.record_batch([pa.array(values, field.type) for values, field in columns], schema=schema)


def _insert_many(connection: Connection, table: Table, rows: pa.Table) -> None:
    statement = str(insert(table).compile(dialect=connection.dialect))
    for batch in rows.to_batches(max_chunksize=CHUNK_ROWS):
        columns = [_for_sqlite(table, name, batch[name]) for name in batch.schema.names]
        if batch.num_rows:
            connection.exec_driver_sql(statement, list(zip(*columns, strict=True)))


def _for_sqlite(table: Table, name: str, values: pa.Array) -> list[Any]:
    """The values as SQLite stores them, which is how SQLAlchemy's types read them back."""
    if pa.types.is_decimal(values.type):
        return [_exact(table, name, value) for value in values.to_pylist()]
    if pa.types.is_timestamp(values.type):
        values = pc.strftime(values, "%Y-%m-%d %H:%M:%S")
    elif pa.types.is_date(values.type):
        values = values.cast(pa.string())
    elif pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    return list(values.to_pylist())


def _exact(table: Table, name: str, value: Decimal | None) -> int | str | None:
    if value is None:
        return None
    whole = int(value)
    if abs(value) >= (_INT64_BELOW if whole == value else _LOSSLESS_BELOW):
        raise EditionError(table.name, f"列 {name} 有数值超出 SQLite 能精确保存的位数，请改用 PostgreSQL")
    return whole if whole == value else f"{value:f}"


def _copy(connection: Connection, table: Table, rows: pa.Table) -> None:
    names = ", ".join(connection.dialect.identifier_preparer.quote(name) for name in rows.column_names)
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY {table.name} ({names}) FROM STDIN (FORMAT csv)") as copy:
        for batch in rows.to_batches(max_chunksize=CHUNK_ROWS):
            text = BytesIO()
            pyarrow.csv.write_csv(batch, text, pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed"))
            copy.write(text.getbuffer())
