"""How an asset presents itself in Dagster: key, group, owners, kinds, description, columns and code version.

`spec_for` alone writes these, from contracts and Arrow schemas; asset modules add what the asset does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from expectations.contract import Column, Contract

YEARS = dg.DynamicPartitionsDefinition(name="year")
OWNERS = ["team:data"]
_NOT_MATERIALIZED = "__source_asset_observation__"  # Dagster's own mark; 1.13 is pinned, and a test holds it
Results = Iterator[dg.MaterializeResult[None]]


def spec_for(
    layer: str,
    name: str,
    *,
    group: str,
    description: str,
    kinds: Iterable[str] = ("python", "parquet"),
    columns: dg.TableSchema | None = None,
    deps: Iterable[dg.AssetKey] = (),
    yearly: bool = True,
) -> dg.AssetSpec:
    """The spec of the asset `[layer, name]`; `yearly` assets are partitioned by plan year."""
    metadata: dict[str, Any] = {"dagster/column_schema": columns} if columns else {}
    return dg.AssetSpec(
        [layer, name], group_name=group, description=description, kinds=set(kinds), owners=OWNERS, deps=list(deps),
        metadata=metadata, partitions_def=YEARS if yearly else None,
    )  # fmt: skip


def no_version(key: dg.AssetKey) -> dg.Output[None]:
    """What a step yields for an asset that it has no version of: nothing is materialised, what comes after it runs.

    Dagster skips all steps behind an output that was not yielded, and materialises each that was, but for this mark.
    """
    return dg.Output(None, output_name=key.to_python_identifier(), metadata={_NOT_MATERIALIZED: True})


def contract_columns(contract: Contract) -> dg.TableSchema:
    """The staged columns of a dataset with their Chinese header, its unit, and their meaning in both languages."""
    return arrow_columns(contract.staged_schema(), {column.name: _described(column) for column in contract.kept})


def _described(column: Column) -> str:
    unit = f"（{column.unit}）" if column.unit else ""
    return " · ".join(filter(None, (f"{column.title}{unit}", column.description_zh, column.description)))


def arrow_columns(schema: pa.Schema, described: Mapping[str, str] | None = None) -> dg.TableSchema:
    """An Arrow schema as Dagster shows it."""
    words = described or {}
    return dg.TableSchema([dg.TableColumn(f.name, str(f.type), description=words.get(f.name)) for f in schema])


def records(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> dg.TableMetadataValue:
    """A table for a run's metadata; it may hold places, codes and counts, never a person."""
    schema = dg.TableSchema([dg.TableColumn(name) for name in columns])
    return dg.MetadataValue.table([dg.TableRecord(dict(row)) for row in rows], schema=schema)
