"""Copies of the gold tables, the dimensions and facts of the newest release, for tools that read files.

Each table is a Parquet file and a CSV beside it; `datapackage.json` tells of which release they are and what the CSVs
hold (`datapackage.py`). The CSV is for spreadsheets: it begins with the mark by which they know UTF-8, and text that
they would take for a formula has an apostrophe before it. Parquet has every value as it is.

A copy names the parts that it is made of by their digests. While the release holds the same it stays as it is; else
the database is asked for the parts that are new, and the others are taken from the copy. A file that is not what the
package tells of it, because a disk or a hand changed it, counts as none.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
from sqlalchemy import Connection, Engine, Table, select

from warehouse.bulk import select_rows
from warehouse.column_types import arrow_schema
from warehouse.connect import reading
from warehouse.datapackage import Told, facts_of, facts_told, package_of
from warehouse.lake import replacing, sync_names
from warehouse.parts import digests_of, parts_of
from warehouse.schema import DIMENSIONS, FACTS, STORED, release
from warehouse.schema.storage import kept_columns, slice_column

GOLD = (*DIMENSIONS, *FACTS)
"""The tables that are copied."""

PACKAGE = "datapackage.json"
BOM = b"\xef\xbb\xbf"
RISKY = "=+\\-@\t\r\n＝＋－＠"
"""Characters, within the brackets of a regular expression, by which a spreadsheet knows a formula."""

Digests = Mapping[str, str | None]
"""What names the parts of a table, slice by slice; of parts of before the first digests nothing does."""


def write_gold(engine: Engine, folder: Path) -> dict[str, int]:
    """Let `folder` hold `<table>.parquet` and `<table>.csv` of every gold table; returns the rows of each.

    All are read in one transaction, written aside and then renamed one after the other, `datapackage.json` last. What
    holds the release already is left alone. Without a release nothing is written.
    """
    with reading(engine) as connection:
        newest = connection.execute(select(release).order_by(release.c.release_id.desc()).limit(1)).first()
        if newest is None:
            return {}
        known, counts, files = facts_told(folder / PACKAGE), {}, {}
        with ExitStack() as renamed_together:
            package = renamed_together.enter_context(replacing(folder / PACKAGE))
            for table in reversed(GOLD):  # what is entered last is renamed first
                digests = digests_of(connection, newest.release_id, table)
                copy = _Copy(table, folder, newest.release_id, digests, known.get(table.name, {}))
                if copy.is_true():
                    files[table], counts[table.name] = known[table.name], pq.read_metadata(copy.parquet).num_rows
                    continue
                parquet, csv = (
                    renamed_together.enter_context(replacing(path, is_name_synced=False))
                    for path in (copy.parquet, copy.csv)
                )
                counts[table.name] = _write(parquet, csv, copy.schema, copy.rows(connection))
                files[table] = {**facts_of(csv), "parquet": facts_of(parquet)}
            told = package_of({table: files[table] for table in GOLD}, newest.release_id, newest.published_at)
            package.write_text(told, "utf-8")
    sync_names([folder])
    return {table.name: counts[table.name] for table in GOLD}


@dataclass(frozen=True)
class _Copy:
    """The copy of a table: where it lies, which parts the release holds, and what the package tells of its files."""

    table: Table
    folder: Path
    release_id: int
    digests: Digests
    told: Told

    @property
    def parquet(self) -> Path:
        return self.folder / f"{self.table.name}.parquet"

    @property
    def csv(self) -> Path:
        return self.folder / f"{self.table.name}.csv"

    @property
    def schema(self) -> pa.Schema:
        """The columns, with the digests of the parts, and that of the code which writes them."""
        code = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
        told = {"comment": self.table.comment or "", "parts": json.dumps(self.digests), "made_by": code}
        return arrow_schema(kept_columns(self.table)).with_metadata(told)

    @cached_property
    def held(self) -> Digests | None:
        """The parts that the copy is made of; None where none is there, or its columns or the code were others."""
        if not self.parquet.is_file() or facts_of(self.parquet) != self.told.get("parquet"):
            return None
        found = pq.read_schema(self.parquet)
        told, own = found.metadata or {}, self.schema
        if told.get(b"made_by") != own.metadata[b"made_by"] or not _columns(found).equals(_columns(own), True):
            return None
        parts: Digests = json.loads(told[b"parts"])
        return parts

    def is_true(self) -> bool:
        """Whether the copy holds what the release does, and its CSV is what the package tells of it."""
        is_there = self.csv.is_file() and self.held == self.digests and None not in self.digests.values()
        return is_there and facts_of(self.csv).items() <= self.told.items()

    def rows(self, connection: Connection) -> Iterator[pa.RecordBatch]:
        """The rows of the release in the order of slices and keys."""
        held, by, there = self.held or {}, slice_column(self.table), None
        stored = STORED[self.table]
        for piece, number in sorted(parts_of(connection, self.release_id, self.table).items()):
            if by is not None and self.digests[piece] is not None and held.get(piece) == self.digests[piece]:
                there = pq.read_table(self.parquet, partitioning=None) if there is None else there
                yield from there.filter(pc.equal(there[by].cast(pa.string()), piece)).to_batches()
                continue
            query = select(*(stored.c[name] for name in self.schema.names)).where(stored.c.part_id == number)
            yield from select_rows(connection, query.order_by(*stored.primary_key.columns), self.schema)


def _columns(schema: pa.Schema) -> pa.Schema:
    return schema.remove_metadata()


def _write(parquet: Path, csv: Path, schema: pa.Schema, rows: Iterator[pa.RecordBatch]) -> int:
    options, written = pyarrow.csv.WriteOptions(quoting_style="needed"), 0
    with csv.open("wb") as handle, pq.ParquetWriter(parquet, schema, compression="zstd") as writer:
        handle.write(BOM)
        with pyarrow.csv.CSVWriter(handle, schema, write_options=options) as lines:
            for batch in rows:
                writer.write_batch(batch)
                lines.write_batch(_as_text(batch))
                written += batch.num_rows
    return written


def _as_text(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows with every text as a spreadsheet leaves it."""
    columns = [
        pc.replace_substring_regex(column, f"^([{RISKY}])", "'\\1") if pa.types.is_string(column.type) else column
        for column in batch.columns
    ]
    return pa.record_batch(columns, schema=batch.schema)
