"""The page of the warehouse: every table and view with its columns, types, keys and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table
from sqlalchemy.sql.visitors import iterate

from assets.reports.dictionary.markdown import WAREHOUSE, code, lead, page, prose, table
from warehouse.schema import FACTS, REPLACED, metadata
from warehouse.views import view_queries

_HEADS = ("列 Column", "类型 Type", "键 Key", "说明", "Meaning")


def warehouse_page() -> str:
    """The text of the page: tables in the order of the schema, then the views."""
    return page(
        "数据库 Warehouse",
        lead("Tables of a release, and views for people who write SQL", WAREHOUSE),
        "每次发布写入的表，和供人查询的视图。",
        *(_table(each) for each in metadata.tables.values()),
        *(_view(name, query) for name, query in view_queries().items()),
    )  # fmt: skip


def comment_parts(comment: str | None) -> tuple[str, str]:
    """The Chinese and the English of a comment, which stand on the two sides of ` / `."""
    chinese, _, english = (comment or "").partition(" / ")
    return chinese, english


def _table(each: Table) -> str:
    chinese, english = comment_parts(each.comment)
    kept = "按发布保留 kept per release" if each in FACTS else "只有最新发布 newest release only" if (
        each in REPLACED) else "各次发布共用 shared by releases"  # fmt: skip
    rows = table(_HEADS, (_column(column) for column in each.columns))
    return f"## {each.name}\n\n{prose(chinese)}。{prose(english)}（{kept}）\n\n{rows}"


def _column(column: Column[Any]) -> tuple[str, ...]:
    chinese, english = comment_parts(column.comment)
    foreign = (code(key.target_fullname) for key in column.foreign_keys)
    keys = ["主键" if column.primary_key else "" if column.nullable else "不为空", *foreign]
    return code(column.name), code(_type(column)), "，".join(filter(None, keys)), prose(chinese), prose(english)


def _type(column: ColumnElement[Any]) -> str:
    name = type(column.type).__name__
    return name if name in {"Exact", "UtcDateTime"} else str(column.type).lower()


def _view(name: str, query: Select[Any]) -> str:
    heads = ("列 Column", "类型 Type", "来自 From", "说明", "Meaning")
    rows = table(heads, (_view_column(column) for column in view_columns(query)))
    return f"## {name}\n\n视图，最新发布。View of the newest release.\n\n{rows}"


def view_columns(query: Select[Any]) -> Iterator[ColumnElement[Any]]:
    """The labelled columns of a view, in order."""
    yield from query.selected_columns


def _view_column(column: ColumnElement[Any]) -> tuple[str, ...]:
    """Name, type, and the column that it is made of with its comment."""
    source = next((part for part in iterate(column) if isinstance(part, Column) and part.comment), None)
    made_of = "" if source is None else code(f"{source.table.name}.{source.name}")
    chinese, english = comment_parts(None if source is None else source.comment)
    return code(str(column.key)), code(_type(column)), made_of, prose(chinese), prose(english)
