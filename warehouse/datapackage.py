"""`datapackage.json` beside the CSV copies: what each file, column and key of the release is, for machines.

It follows the Data Package and Table Schema standards (https://datapackage.org). Names and meanings are those of the
schema's comments; nothing is told here that is not told there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer, Table, Text

from warehouse.column_types import Exact, UtcDateTime
from warehouse.described import comment_parts
from warehouse.schema.base import listed_words
from warehouse.schema.storage import kept_columns

TYPES: Mapping[type, str] = {
    BigInteger: "integer", Boolean: "boolean", Date: "date", Double: "number", Exact: "number", Integer: "integer",
    Text: "string", UtcDateTime: "datetime",
}  # fmt: skip
"""The type of Table Schema for each type of a column."""

Told = dict[str, Any]


def facts_of(file: Path) -> Told:
    """Size and digest of a file, as a resource tells those of its CSV, and in `parquet` those of the file beside it."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
        return {"bytes": content.tell(), "hash": f"sha256:{digest}"}


def facts_told(package: Path) -> dict[str, Told]:
    """What a package tells of the files of each table; nothing where there is none that can be read."""
    try:
        resources = json.loads(package.read_text("utf-8"))["resources"]
        return {each["name"]: {name: each[name] for name in ("bytes", "hash", "parquet")} for each in resources}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def package_of(files: Mapping[Table, Told], release_id: int, published_at: datetime) -> str:
    """The text of the file: a resource per table with the facts of its files, parents before children."""
    package = {
        "profile": "tabular-data-package",
        "name": "xiangxi-gold",
        "title": "湘西州教体局工作要点监测：维度与事实表",
        "description": "最新一次发布的维度表和事实表。同名的 .parquet 文件内容相同，数值和文本均为原样；CSV 中会被电子"
        "表格当作公式的文本前加了单引号。空格子表示未知，不是零。 / Dimensions and facts of the newest release. The "
        ".parquet file of the same name holds the same rows; in the CSV a text that a spreadsheet would take for a "
        "formula begins with an apostrophe. Empty means unknown, never zero.",
        "version": f"{release_id}.0.0",
        "created": f"{published_at:%Y-%m-%dT%H:%M:%SZ}",
        "resources": [_resource(table, told, files) for table, told in files.items()],
    }
    return json.dumps(package, ensure_ascii=False, indent=1) + "\n"


def _resource(table: Table, facts: Told, files: Mapping[Table, Told]) -> Told:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        **_words(table.comment),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **facts,
        "schema": table_schema(table, {each.name for each in files}),
    }


def table_schema(table: Table, beside: set[str]) -> Told:
    """The Table Schema of a table's CSV, of one release; keys into tables that are not `beside` it are left out."""
    words, kept = listed_words(table), kept_columns(table)
    schema: Told = {
        "fields": [_field(column, words.get(column.name)) for column in kept],
        "missingValues": [""],
        "primaryKey": [column.name for column in kept if column.primary_key],
    }
    keys = [
        {"fields": [key.parent.name], "reference": {"resource": _parent(key, table), "fields": [key.column.name]}}
        for key in sorted(table.foreign_keys, key=lambda each: str(each.parent.name))
        if key.column.table.name in beside
    ]
    return {**schema, "foreignKeys": keys} if keys else schema


def _parent(key: Any, table: Table) -> str:
    """The resource that a key points to, '' for its own."""
    name = str(key.column.table.name)
    return "" if name == table.name else name


def _field(column: Column[Any], words: list[str] | None) -> Told:
    rules: Told = {} if column.nullable else {"required": True}
    if words:
        rules["enum"] = words
    field = {"name": column.name, "type": TYPES[type(column.type)], **_words(column.comment)}
    return {**field, "constraints": rules} if rules else field


def _words(comment: str | None) -> dict[str, str]:
    """Title and description: the Chinese, and both languages."""
    chinese, english = comment_parts(comment)
    return {"title": chinese, "description": f"{chinese} / {english}"}
