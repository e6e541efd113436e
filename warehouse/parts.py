"""Parts: the pieces into which an edition is cut, and how they are written, shared between releases and removed.

A part is named by the SHA-256 of its rows in the order of their key, with names and types of the columns. One whose
digest the release before holds for the same slice is shared, and nothing of it is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from sqlalchemy import Connection, Table, and_, delete, func, insert, literal, or_, select

from warehouse.bulk import count_anew, insert_rows
from warehouse.schema import FACTS, MADE, STORED, part, release_part
from warehouse.schema.storage import slice_column

WHOLE = ""
"""The slice of a table that is not cut, and of rows whose slice is empty."""


@dataclass(frozen=True)
class Piece:
    """One slice of a published table: its rows in the order of their key."""

    table: Table
    slice: str
    rows: pa.Table

    @property
    def digest(self) -> str:
        """The SHA-256 of the rows with names and types of their columns."""
        told = hashlib.sha256(repr([(field.name, str(field.type)) for field in self.rows.schema]).encode())
        pyarrow.csv.write_csv(self.rows, pa.PythonFile(_Sink(told), mode="w"))
        return told.hexdigest()


@dataclass(frozen=True)
class _Sink:
    """A file that only adds to a digest."""

    told: Any
    closed: bool = False

    def write(self, text: bytes) -> int:
        self.told.update(text)
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""


def cut(tables: Mapping[Table, pa.Table]) -> list[Piece]:
    """The pieces of fitted tables; a table without rows has none."""
    return [piece for table, rows in tables.items() for piece in _cut(table, rows)]


def _cut(table: Table, rows: pa.Table) -> Iterator[Piece]:
    key = [column.name for column in table.primary_key.columns if column.name in rows.column_names]
    rows = rows.sort_by([(name, "ascending") for name in key or rows.column_names])
    by = slice_column(table)
    if by is None:
        yield from [Piece(table, WHOLE, rows)] if rows.num_rows else []
        return
    for value in pc.unique(rows[by]):
        is_here = pc.is_null(rows[by]) if value.as_py() is None else pc.equal(rows[by], value)
        yield Piece(table, WHOLE if value.as_py() is None else str(value.as_py()), rows.filter(is_here))


def write_pieces(connection: Connection, pieces: Iterable[Piece], before: int, release_id: int) -> None:
    """Make the pieces parts of the release; those that release `before` holds already are shared."""
    written: dict[Table, None] = {part: None, release_part: None}
    held = _held(connection, before)
    next_id = connection.execute(select(func.coalesce(func.max(part.c.part_id), 0))).scalar_one() + 1
    for piece in pieces:
        digest = piece.digest
        part_id = held.get((piece.table.name, piece.slice, digest))
        if part_id is None:
            part_id, next_id = next_id, next_id + 1
            _write(connection, piece, part_id, digest)
            written[STORED[piece.table]] = None
        of_release = {"release_id": release_id, "table_name": piece.table.name, "slice": piece.slice}
        connection.execute(insert(release_part), {**of_release, "part_id": part_id})
    count_anew(connection, written)


def _held(connection: Connection, release_id: int) -> dict[tuple[str, str, str], int]:
    """The parts of a release by table, slice and digest."""
    query = select(part.c.table_name, part.c.slice, part.c.digest, part.c.part_id).join(release_part)
    rows = connection.execute(query.where(release_part.c.release_id == release_id, part.c.digest.is_not(None)))
    return {(name, piece, digest): part_id for name, piece, digest, part_id in rows}


def _write(connection: Connection, piece: Piece, part_id: int, digest: str) -> None:
    told = {"part_id": part_id, "table_name": piece.table.name, "slice": piece.slice, "digest": digest}
    connection.execute(insert(part), {**told, "row_count": piece.rows.num_rows})
    number = pa.repeat(pa.scalar(part_id, pa.int32()), piece.rows.num_rows)
    insert_rows(connection, STORED[piece.table], piece.rows.append_column("part_id", number))


def carry_over(connection: Connection, named: Collection[str], years: Collection[int], before: int, new: int) -> None:
    """Let the new release share what an edition left out: facts of other years, and tables that it does not name."""
    of, facts = release_part.c, [table.name for table in (*FACTS, *MADE)]
    is_left = or_(
        and_(of.table_name.in_(facts), of.slice.not_in([str(year) for year in years])),
        and_(of.table_name.not_in(facts), of.table_name.not_in(named)),
    )
    _share(connection, and_(of.release_id == before, is_left), new)


def bring_back(connection: Connection, source: int, before: int, new: int) -> None:
    """Make the new release of the parts of an earlier one; tables that it does not know stay as in the one before.

    Not so those that publication makes: what was decided of other facts is not true of these.
    """
    of = release_part.c
    known = select(of.table_name).where(of.release_id == source)
    stays = and_(of.table_name.not_in(known), of.table_name.not_in([table.name for table in MADE]))
    _share(connection, or_(of.release_id == source, and_(of.release_id == before, stays)), new)


def _share(connection: Connection, condition: Any, new: int) -> None:
    of = release_part.c
    rows = select(literal(new), of.table_name, of.slice, of.part_id).where(condition)
    connection.execute(insert(release_part).from_select(["release_id", "table_name", "slice", "part_id"], rows))


def parts_of(connection: Connection, release_id: int, table: Table) -> dict[str, int]:
    """The parts of a table that make up a release, by slice."""
    of = release_part.c
    rows = select(of.slice, of.part_id).where(of.release_id == release_id, of.table_name == table.name)
    return {piece: part_id for piece, part_id in connection.execute(rows)}  # noqa: C416


def digests_of(connection: Connection, release_id: int, table: Table) -> dict[str, str | None]:
    """The digests of the parts of a table that make up a release, by slice; None of a part that has none."""
    of = release_part.c
    rows = select(of.slice, part.c.digest).join(part).where(of.release_id == release_id, of.table_name == table.name)
    return {piece: digest for piece, digest in connection.execute(rows)}  # noqa: C416


def remove_unheld(connection: Connection) -> None:
    """Remove every part that no release holds."""
    held = select(release_part.c.part_id)
    rows = connection.execute(select(part.c.table_name, part.c.part_id).where(part.c.part_id.not_in(held))).all()
    stored = {table.name: kept for table, kept in STORED.items()}
    for name, part_id in rows:
        if name in stored:
            connection.execute(delete(stored[name]).where(stored[name].c.part_id == part_id))
    connection.execute(delete(part).where(part.c.part_id.in_([part_id for _, part_id in rows])))
