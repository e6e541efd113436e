"""What tables, views and columns mean, told in the database: a dictionary on both engines, comments on PostgreSQL.

The texts are the comments of the schema; a view's column has that of the column it shows, else its two names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Column, ColumnElement, Connection, delete

from warehouse.analyst import VIEWS, View
from warehouse.bulk import insert_rows
from warehouse.column_types import arrow_schema
from warehouse.mart import status_columns
from warehouse.schema import STORED, analyst_status, data_dictionary, metadata

_DECLARED = {stored: table for table, stored in STORED.items()}


@dataclass(frozen=True)
class Described:
    """A column of a view in both languages: its names, type, comment, and the column that it shows, if it is one."""

    name_en: str
    name_zh: str
    type: str
    comment: str
    source: Column[Any] | None


def view_columns(view: View) -> Iterator[Described]:
    """The columns of a view, in order."""
    pairs = zip(view.query(False).selected_columns, view.query(True).selected_columns, strict=True)
    for english, chinese in pairs:
        source = _source(english, chinese)
        words = str(english.key).replace("_", " ")
        own = f"{chinese.key} / {words}{', yuan' if str(chinese.key).endswith('（元）') else ''}"
        comment = own if source is None else str(source.comment)
        yield Described(str(english.key), str(chinese.key), type_name(english), comment, source)


def _source(english: ColumnElement[Any], chinese: ColumnElement[Any]) -> Column[Any] | None:
    """The column that is shown, by its code or word; a name that each language has of its own is none."""
    shown, other = getattr(english, "element", english), getattr(chinese, "element", chinese)
    if isinstance(shown, Column) and shown.comment and (shown is other or not isinstance(other, Column)):
        return _DECLARED[shown.table].c[shown.name] if shown.table in _DECLARED else shown
    return None


def type_name(column: ColumnElement[Any]) -> str:
    """The type of a column in a word."""
    name = type(column.type).__name__
    return {"Exact": "decimal", "UtcDateTime": "timestamp"}.get(name, str(column.type).lower())


def comment_parts(comment: str | None) -> tuple[str, str]:
    """The Chinese and the English of a comment, which stand on the two sides of ` / `."""
    chinese, _, english = (comment or "").partition(" / ")
    return chinese, english


def describe(connection: Connection) -> None:
    """Write the dictionary anew, and on PostgreSQL the comments of the views."""
    connection.execute(delete(data_dictionary))
    has_schemas = connection.dialect.name == "postgresql"
    told = [*_tables(), *_views(), *(_of_mart() if has_schemas else ())]
    insert_rows(connection, data_dictionary, pa.Table.from_pylist(told, arrow_schema(data_dictionary.columns)))
    if has_schemas:
        connection.connection.cursor().execute(_comments(connection))


def _row(name: str, column: str, kind: str, data_type: str | None, comment: str | None) -> dict[str, str | None]:
    chinese, english = comment_parts(comment)
    return {"object_name": name, "column_name": column, "kind": kind, "data_type": data_type, "comment_zh": chinese,
            "comment_en": english}  # fmt: skip


def _tables() -> Iterator[dict[str, str | None]]:
    for table in metadata.tables.values():
        yield _row(table.name, "", "table", None, table.comment)
        for column in table.columns:
            yield _row(table.name, column.name, "table", type_name(column), column.comment)


def _views() -> Iterator[dict[str, str | None]]:
    for view in VIEWS:
        columns = list(view_columns(view))
        for name, is_chinese in ((view.name_en, False), (view.name_zh, True)):
            yield _row(name, "", "view", None, view.comment)
            for each in columns:
                yield _row(name, each.name_zh if is_chinese else each.name_en, "view", each.type, each.comment)


def _of_mart() -> Iterator[dict[str, str | None]]:
    """What analysts see beside the columns of the exact views."""
    status = analyst_status.c.status
    return (_row(name, column, "view", type_name(status), status.comment) for name, column in status_columns())


def _comments(connection: Connection) -> str:
    """The statements that comment all views, as one text."""
    quote = connection.dialect.identifier_preparer.quote
    statements = []
    for row in _views():
        text = f"{row['comment_zh']} / {row['comment_en']}".replace("'", "''")
        name = quote(str(row["object_name"]))
        what = f"COLUMN {name}.{quote(str(row['column_name']))}" if row["column_name"] else f"VIEW {name}"
        statements.append(f"COMMENT ON {what} IS '{text}'")
    return "; ".join(statements)
