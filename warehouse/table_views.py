"""The views under which readers find the published tables: their declared names and columns, over the stored parts.

`<table>` shows the newest release, a fact every kept one; `published_as_of_<table>` shows any kept release, told by
`release_id` and the time of publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Select,
    String,
    Table,
    func,
    literal_column,
    select,
)
from sqlalchemy.schema import SetColumnComment

from warehouse.schema import FACTS, PUBLISHED, STORED, release, release_part
from warehouse.schema.storage import kept_columns, slice_column

AS_OF = "published_as_of_"

NEWEST = select(func.max(release.c.release_id)).scalar_subquery()
"""The number of the newest release."""


def in_newest(table: Table) -> ColumnElement[bool]:
    """Whether a stored row of a published table belongs to the newest release.

    A condition and no join: the view of a table that is not cut stays one of a single table, which engines join by its
    key, and of others they know how many parts they will read.
    """
    of = release_part.c
    parts = select(of.part_id).where(of.release_id == NEWEST, of.table_name == _named(table)).correlate(None)
    stored = STORED[table].c.part_id
    return stored == parts.scalar_subquery() if slice_column(table) is None else stored.in_(parts)


def table_queries() -> Iterator[tuple[str, Select[Any]]]:
    """Each view by its name: that of the table, and that of any release."""
    for table in PUBLISHED:
        yield table.name, _per_release(table) if table in FACTS else _newest(table)
        yield f"{AS_OF}{table.name}", _as_of(table)


def tell_comments(connection: Connection) -> None:
    """Give the views the comments of their tables, where the database keeps comments."""
    if not connection.dialect.supports_comments:
        return
    connection.exec_driver_sql("; ".join(_comments(connection.dialect)))


def _comments(dialect: Dialect) -> Iterator[str]:
    quoted = String().literal_processor(dialect) or str  # type: ignore[no-untyped-call]
    of_release = (release.c.release_id, release.c.published_at)
    for table in PUBLISHED:
        for name, columns in ((table.name, ()), (f"{AS_OF}{table.name}", of_release)):
            yield f"COMMENT ON VIEW {name} IS {quoted(table.comment or '')}"
            told = {column.name: column for column in (*columns, *table.columns)}.values()
            view = Table(name, MetaData(), *(Column(c.name, c.type, comment=c.comment) for c in told))
            yield from (str(SetColumnComment(column).compile(dialect=dialect)) for column in view.columns)


def _newest(table: Table) -> Select[Any]:
    return select(*_columns(table)).where(in_newest(table))


def _per_release(table: Table) -> Select[Any]:
    return _of_parts(table, release_part.c.release_id, *_columns(table))


def _as_of(table: Table) -> Select[Any]:
    query = _of_parts(table, release_part.c.release_id, release.c.published_at, *_columns(table))
    return query.join(release, release.c.release_id == release_part.c.release_id)


def _of_parts(table: Table, *columns: Any) -> Select[Any]:
    stored = STORED[table]
    joined = select(*columns).select_from(release_part).join(stored, stored.c.part_id == release_part.c.part_id)
    return joined.where(release_part.c.table_name == _named(table))


def _named(table: Table) -> ColumnElement[str]:
    return literal_column(f"'{table.name}'")


def _columns(table: Table) -> list[Any]:
    return [STORED[table].c[column.name] for column in kept_columns(table)]
