"""The page of the warehouse: every table and view with its columns, types, keys and comments."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Table

from assets.reports.dictionary.markdown import WAREHOUSE, code, lead, link, page, prose, table
from assets.reports.dictionary.warehouse_contract import WAREHOUSE_CONTRACT
from warehouse.analyst import VIEWS, View
from warehouse.described import Described, comment_parts, view_columns
from warehouse.schema import FACTS, MADE, REPLACED, metadata

_HEADS = ("列 Column", "类型 Type", "键 Key", "说明", "Meaning")


def warehouse_page() -> str:
    """The text of the page: tables in the order of the schema, then the views."""
    return page(
        "数据库 Warehouse",
        lead("Tables of a release, and views for people who write SQL", WAREHOUSE),
        "每次发布写入的表，和供人查询的视图。",
        f"已发布各表的数据合同 Contract of the published tables: {link('ODCS 3.2', WAREHOUSE_CONTRACT, WAREHOUSE)}",
        *(_table(each) for each in metadata.tables.values()),
        *map(_view, VIEWS),
    )  # fmt: skip


def _table(each: Table) -> str:
    chinese, english = comment_parts(each.comment)
    kept = "按发布保留 kept per release" if each in FACTS else "只有最新发布 newest release only" if (
        each in (*REPLACED, *MADE)) else "各次发布共用 shared by releases"  # fmt: skip
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


def _view(view: View) -> str:
    """A view under its English name, with its Chinese one, and its columns in both languages."""
    chinese, english = comment_parts(view.comment)
    heads = ("列", "Column", "类型 Type", "来自 From", "说明", "Meaning")
    rows = table(heads, map(_view_column, view_columns(view)))
    told = f"{prose(chinese)}。{prose(english)}（视图 {code(view.name_zh)}，最新发布 view of the newest release）"
    return f"## {view.name_en}\n\n{told}\n\n{rows}"


def _view_column(column: Described) -> tuple[str, ...]:
    """Names, type, and the column that it shows with its comment."""
    made_of = "" if column.source is None else code(f"{column.source.table.name}.{column.source.name}")
    chinese, english = comment_parts(column.comment)
    return code(column.name_zh), code(column.name_en), code(column.type), made_of, prose(chinese), prose(english)
