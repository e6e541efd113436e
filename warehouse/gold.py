"""Copies of the gold tables, the dimensions and facts of the newest release, for tools that read files.

Each table is a Parquet file and a CSV beside it; `datapackage.json` tells what the CSVs hold (`datapackage.py`). The
CSV is for spreadsheets: it begins with the mark by which they know UTF-8, and text that they would take for a formula
has an apostrophe before it. Parquet has every value as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, Table, select

from warehouse.bulk import select_rows
from warehouse.column_types import arrow_schema
from warehouse.connect import reading
from warehouse.datapackage import package_of
from warehouse.lake import replacing, sync_names
from warehouse.schema import DIMENSIONS, FACTS, release

GOLD = (*DIMENSIONS, *FACTS)
"""The tables that are copied."""

BOM = b"\xef\xbb\xbf"
RISKY = "=+\\-@\t\r\n＝＋－＠"
"""Characters, within the brackets of a regular expression, by which a spreadsheet knows a formula."""


def write_gold(engine: Engine, folder: Path) -> dict[str, int]:
    """Write `<table>.parquet` and `<table>.csv` for every gold table into `folder`; returns the rows of each.

    All are read in one transaction, written aside and then renamed one after the other, `datapackage.json` last: it
    and the metadata of each Parquet file name the release. Without a release nothing is written.
    """
    with reading(engine) as connection:
        newest = connection.execute(select(release).order_by(release.c.release_id.desc()).limit(1)).first()
        if newest is None:
            return {}
        with ExitStack() as renamed_together:
            package = renamed_together.enter_context(replacing(folder / "datapackage.json"))
            counts, files = {}, {}
            for table in reversed(GOLD):  # what is entered last is renamed first
                parquet, csv = (
                    renamed_together.enter_context(replacing(folder / f"{table.name}{end}", is_name_synced=False))
                    for end in (".parquet", ".csv")
                )
                counts[table.name] = _write(connection, table, newest.release_id, parquet, csv)
                files[table] = csv
            told = package_of({table: files[table] for table in GOLD}, newest.release_id, newest.published_at)
            package.write_text(told, "utf-8")
    sync_names([folder])
    return {table.name: counts[table.name] for table in GOLD}


def _write(connection: Connection, table: Table, newest: int, parquet: Path, csv: Path) -> int:
    schema = arrow_schema(table.columns).with_metadata({"release_id": str(newest), "comment": table.comment or ""})
    options = pyarrow.csv.WriteOptions(quoting_style="needed")
    rows = 0
    with csv.open("wb") as handle, pq.ParquetWriter(parquet, schema, compression="zstd") as writer:
        handle.write(BOM)
        with pyarrow.csv.CSVWriter(handle, schema, write_options=options) as lines:
            for batch in _rows_of(connection, table, newest, schema):
                writer.write_batch(batch)
                lines.write_batch(_as_text(batch))
                rows += batch.num_rows
    return rows


def _rows_of(connection: Connection, table: Table, newest: int, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    query = select(table).order_by(*table.primary_key.columns)
    return select_rows(connection, query.where(table.c.release_id == newest) if table in FACTS else query, schema)


def _as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows with every text as a spreadsheet leaves it."""
    columns = [
        pc.replace_substring_regex(column, f"^([{RISKY}])", "'\\1") if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.record_batch(columns, schema=batch.schema)
