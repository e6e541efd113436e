"""What a release changed: every figure that differs from the release before, and why.

Of a year that the release before did not hold, only the figures of prefecture and units are told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, Connection, Select, and_, cast, null, or_, select
from sqlalchemy.sql import FromClause

from warehouse.bulk import insert_rows, select_rows
from warehouse.column_types import arrow_schema
from warehouse.edition import ReasonOf
from warehouse.parts import parts_of
from warehouse.schema import STORED, fact_indicator, release_change

_KEY = ("indicator_id", "region_code")
_MOVING = ("value", "numerator", "denominator", "maturity")
_TOLD = [c for c in release_change.columns if c.name not in {"release_id", "published_at", "reason"}]


def tell_changes(
    connection: Connection, before: int, release_id: int, published_at: datetime, reason_of: ReasonOf
) -> None:
    """Write the figures in which the release differs from the one before."""
    for earlier, later in _moved_parts(connection, before, release_id):
        for query in _differences(earlier, later):
            for batch in select_rows(connection, query, arrow_schema(_TOLD)):
                insert_rows(connection, release_change, _with_reasons(batch, release_id, published_at, reason_of))


def _moved_parts(connection: Connection, before: int, release_id: int) -> Iterator[tuple[int | None, int | None]]:
    """The parts of figures that differ, slice by slice; None where a release has no such slice."""
    earlier, later = (parts_of(connection, each, fact_indicator) for each in (before, release_id))
    for piece in sorted({*earlier, *later}):
        if earlier.get(piece) != later.get(piece):
            yield earlier.get(piece), later.get(piece)


def _differences(earlier: int | None, later: int | None) -> list[Select[Any]]:
    """The figures of part `later` that are new or other than in `earlier`, and those that `later` lacks."""
    stored = STORED[fact_indicator]
    before, after = stored.alias("before"), stored.alias("after")
    if earlier is None:
        is_told = and_(after.c.part_id == later, after.c.level != "school")
        return [_columns(after, None, after).where(is_told)]
    moved = or_(*(before.c[name].is_distinct_from(after.c[name]) for name in _MOVING))
    same = [before.c[name] == after.c[name] for name in ("year", *_KEY)]
    new = after.outerjoin(before, and_(before.c.part_id == earlier, *same))
    gone = before.outerjoin(after, and_(after.c.part_id == later, *same))
    lost = and_(before.c.part_id == earlier, after.c.part_id.is_(None))
    queries = [_columns(before, before, None).select_from(gone).where(lost)]
    return queries if later is None else [
        _columns(after, before, after).select_from(new).where(after.c.part_id == later, moved), *queries,
    ]  # fmt: skip


def _columns(key: FromClause, before: FromClause | None, after: FromClause | None) -> Select[Any]:
    return select(*(_column(name, key, before, after) for name in (column.name for column in _TOLD)))


def _column(name: str, key: FromClause, before: FromClause | None, after: FromClause | None) -> ColumnElement[Any]:
    moving, _, side = name.rpartition("_")
    if moving not in _MOVING:
        return key.c[name]
    source = before if side == "before" else after
    return cast(null(), release_change.c[name].type) if source is None else source.c[moving]


def _with_reasons(batch: pa.RecordBatch, release_id: int, published_at: datetime, reason_of: ReasonOf) -> pa.Table:
    rows = pa.Table.from_batches([batch])
    named = zip(*(rows[name].to_pylist() for name in ("year", *_KEY)), strict=True)
    told: dict[str, pa.Array] = {
        "release_id": pa.repeat(pa.scalar(release_id, pa.int32()), rows.num_rows),
        "published_at": pa.repeat(pa.scalar(published_at, pa.timestamp("us", tz="UTC")), rows.num_rows),
        "reason": pa.array([reason_of(*each) for each in named], pa.string()),
    }
    for name, values in told.items():
        rows = rows.append_column(name, values)
    return rows
