"""How published tables are stored: the rows of parts, in tables that follow from the declared ones.

`fact_indicator` is declared in `facts.py` and read under that name, which is a view (`warehouse/table_views.py`); its
rows lie in `stored_fact_indicator`, each with the part that it belongs to. Keys, unique columns, indexes and word
lists are those of the declared table within a part. Foreign keys hold between parts of one release, which a database
cannot say: `warehouse/edition.py` checks them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy.schema import SchemaItem

from warehouse.schema.base import metadata

STORED = "stored_"
_OF_RELEASES = frozenset({"release_id"})

storage = MetaData(naming_convention=metadata.naming_convention)
"""The tables that are in the database, to which migrations lead; `metadata` is what readers see."""


def store(published: Iterable[Table]) -> dict[Table, Table]:
    """The stored table of each published one; all other tables of the schema are in the database as declared."""
    published = tuple(published)
    names = {table.name for table in published}
    for table in metadata.tables.values():
        if table.name not in names:
            table.to_metadata(storage)
    return {table: _stored(table) for table in published}


def slice_column(table: Table) -> str | None:
    """The column by whose values a published table is cut into parts; None for one that is a part as a whole."""
    found = "year" if "release_id" in table.c else table.info.get("cut_by")
    return str(found) if found else None


def kept_columns(table: Table) -> list[Column[Any]]:
    """The columns of a published table that its parts hold."""
    return [column for column in table.columns if column.name not in _OF_RELEASES]


def _stored(table: Table) -> Table:
    options = {"sqlite_with_rowid": table.dialect_options["sqlite"]["with_rowid"]}
    return Table(f"{STORED}{table.name}", storage, *_items(table), comment=table.comment, **options)


def _items(table: Table) -> Iterator[SchemaItem]:
    is_keyed = bool(table.primary_key.columns)
    # No foreign key to `part`: a check for each of 100,000 rows would cost more than loading them.
    key: dict[str, Any] = {"primary_key": is_keyed, "nullable": False, "autoincrement": False}
    yield Column("part_id", Integer, comment="分片编号 / part that the row belongs to", **key)
    for column in kept_columns(table):
        facts: dict[str, Any] = {"nullable": column.nullable, "primary_key": column.primary_key}
        yield Column(column.name, column.type, autoincrement=False, comment=column.comment, **facts)
    for constraint in sorted(table.constraints, key=lambda each: str(each.name)):
        if isinstance(constraint, CheckConstraint):
            yield CheckConstraint(str(constraint.sqltext), name=constraint.info["column"])
        if isinstance(constraint, UniqueConstraint):
            yield UniqueConstraint("part_id", *constraint.columns.keys(), **constraint.dialect_kwargs)
    for index in sorted(table.indexes, key=lambda each: str(each.name)):
        yield Index(None, "part_id", *index.columns.keys())
