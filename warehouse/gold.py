"""Parquet copies of the gold tables: the dimensions and facts of the newest release, for tools that read files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, Table, func, select

from warehouse.bulk import select_rows
from warehouse.column_types import arrow_schema
from warehouse.connect import reading
from warehouse.lake import replacing
from warehouse.schema import DIMENSIONS, FACTS, release


def write_gold(engine: Engine, folder: Path) -> dict[str, int]:
    """Write `<table>.parquet` for every gold table into `folder`; returns the rows of each.

    All are read in one transaction, written aside and then renamed one after the other. The metadata of each file
    names its release. Without a release nothing is written.
    """
    with reading(engine) as connection, ExitStack() as renamed_together:
        newest = connection.execute(select(func.max(release.c.release_id))).scalar()
        if newest is None:
            return {}
        counts = {}
        for table in (*DIMENSIONS, *FACTS):
            aside = renamed_together.enter_context(replacing(folder / f"{table.name}.parquet"))
            counts[table.name] = _write(connection, table, newest, aside)
        return counts


def _write(connection: Connection, table: Table, newest: int, target: Path) -> int:
    schema = arrow_schema(table.columns).with_metadata({"release_id": str(newest), "comment": table.comment or ""})
    rows = 0
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        for batch in _rows_of(connection, table, newest, schema):
            writer.write_batch(batch)
            rows += batch.num_rows
    return rows


def _rows_of(connection: Connection, table: Table, newest: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    query = select(table).order_by(*table.primary_key.columns)
    return select_rows(connection, query.where(table.c.release_id == newest) if table in FACTS else query, schema)
