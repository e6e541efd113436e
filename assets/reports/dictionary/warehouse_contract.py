"""The contract of the published tables in the Open Data Contract Standard, for those who read the warehouse.

What tables and columns mean stands in `warehouse/schema`; nothing is added here but what the standard asks for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from sqlalchemy import BigInteger, Boolean, Column, Date, Double, Integer, Table, Text

from assets.reports.dictionary.markdown import NOTICE
from warehouse.column_types import Exact, UtcDateTime
from warehouse.described import comment_parts
from warehouse.schema import FACTS, PUBLISHED
from warehouse.schema.base import listed_words

WAREHOUSE_CONTRACT = "warehouse.odcs.yaml"
LOGICAL_TYPES: Mapping[type, str] = {
    BigInteger: "integer", Boolean: "boolean", Date: "date", Double: "number", Exact: "number", Integer: "integer",
    Text: "string", UtcDateTime: "timestamp",
}  # fmt: skip
Told = dict[str, Any]


def warehouse_contract() -> str:
    """The text of the contract: a schema object for each published table, parents before children."""
    document = {
        "apiVersion": "v3.2.0",
        "kind": "DataContract",
        "id": "warehouse",
        "version": "1.0.0",
        "status": "active",
        "name": "发布的数据库 Warehouse",
        "description": {
            "purpose": "Figures, verdicts, counts by theme and what was reported, as of a release.",
            "usage": "Each name is a view: of the newest release, of a fact all kept ones.",
            "limitations": "Places, codes and counts only: no person is in any table. Empty is unknown, never zero.",
        },
        "servers": [
            {"server": "gold", "type": "local", "path": "lake/gold/{table}.parquet", "format": "parquet",
             "description": "Dimensions, and facts without release_id, of the newest release, below the home folder."},
        ],
        "schema": [_object(table) for table in PUBLISHED],
    }  # fmt: skip
    text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=120)
    return f"# {NOTICE}\n{text}"


def _object(table: Table) -> Told:
    chinese, english = comment_parts(table.comment)
    key = [str(column.name) for column in table.primary_key.columns]
    return {
        "name": str(table.name),
        "businessName": chinese,
        "description": english,
        "logicalType": "object",
        "physicalType": "view",
        "dataGranularityDescription": " x ".join(key) or "row",
        "tags": ["kept per release" if table in FACTS else "newest release"],
        "properties": [_property(column, key, listed_words(table)) for column in table.columns],
    }


def _property(column: Column[Any], key: list[str], words: Mapping[str, list[str]]) -> Told:
    chinese, english = comment_parts(column.comment)
    told: Told = {
        "name": str(column.name),
        "businessName": chinese,
        "description": english,
        "logicalType": LOGICAL_TYPES[type(column.type)],
        "required": not column.nullable,
    }
    if column.name in key:
        told |= {"primaryKey": True, "primaryKeyPosition": key.index(column.name) + 1}
    if column.name in words:
        told["enum"] = [{"value": word} for word in words[column.name]]
    parents = [str(foreign.target_fullname) for foreign in column.foreign_keys]
    published = [name for name in parents if name.partition(".")[0] in _NAMES]
    if published:
        told["relationships"] = [{"to": name} for name in published]
    return told


_NAMES = {table.name for table in PUBLISHED}
