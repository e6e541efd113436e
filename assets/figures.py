"""The figures of a plan year as one asset, and its facts by theme as an asset each, made in the same step.

`indicators/<year>`: a row per indicator, level and region, from the staged rows of all datasets. `star/<year>/<fact>`:
a table of the star schema. Definitions stand in `indicators/` and `facts/`, one function each.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from assets import compared_assets
from assets.facts.grain import Fact
from assets.facts.registry import facts_of
from assets.facts.star import LAYER as STAR
from assets.facts.star import count_facts
from assets.guard import guarded
from assets.house import House
from assets.indicators.engine import FIGURES
from assets.specs import Results, arrow_columns, records, spec_for
from assets.year import compute_figures
from expectations.contract import Contract
from warehouse.column_types import arrow_schema
from warehouse.schema import THEMES
from warehouse.schema import metadata as warehouse

KEY = dg.AssetKey(["indicators", "figures"])


def assets(contracts: Mapping[str, Contract]) -> list[dg.AssetsDefinition]:
    """The asset `["indicators", "figures"]`, made of staged rows and of what comparing them found; the facts."""
    spec = spec_for(
        "indicators", "figures", group="indicators", kinds=("duckdb", "parquet"), columns=arrow_columns(FIGURES),
        deps=[*(dg.AssetKey(["staged", name]) for name in contracts), *compared_assets.keys()],
        description="指标数值 · Every indicator of the year at school, unit and prefecture grain, with its parts.",
    )  # fmt: skip

    @dg.multi_asset(name="figures", specs=[spec, *map(_fact_spec, facts_of(()))])
    def figures(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        with guarded("计算指标"):
            house.progress("计算指标", 1, 1)
            year = int(context.partition_key)
            metadata, counts = _metadata(compute_figures(house, year)), count_facts(house, year)
        yield dg.MaterializeResult(asset_key=KEY, metadata=metadata)
        for name, rows in counts.items():
            yield dg.MaterializeResult(asset_key=dg.AssetKey([STAR, name]), metadata={
                "dagster/row_count": rows, "dagster/partition_row_count": rows})  # fmt: skip

    return [figures]


def fact_keys() -> list[dg.AssetKey]:
    """The keys of the facts by theme."""
    return [dg.AssetKey([STAR, table.name]) for table in THEMES]


def _fact_spec(fact: Fact) -> dg.AssetSpec:
    table = warehouse.tables[fact.table]
    columns = [column for column in table.columns if column.name != "release_id"]
    told = {column.name: (column.comment or "").replace(" / ", " · ") for column in columns}
    return spec_for(
        STAR, fact.table, group="indicators", kinds=("duckdb", "parquet"),
        columns=arrow_columns(arrow_schema(columns), told),
        deps=[dg.AssetKey(["staged", name]) for name in sorted({"school", *fact.needs})],
        description=(table.comment or "").replace(" / ", " · "),
    )  # fmt: skip


def _metadata(made: pa.Table) -> dict[str, Any]:
    rows = [row for row in made.to_pylist() if row["level"] == "prefecture"]
    counted = Counter(made["maturity"].to_pylist())
    shown = [
        {"indicator": r["indicator_id"], "numerator": _text(r["numerator"]), "denominator": _text(r["denominator"]),
         "value": "" if r["value"] is None else f"{r['value']:.6g}", "maturity": r["maturity"],
         "missing_units": r["missing_units"]}
        for r in rows
    ]  # fmt: skip
    return {
        "dagster/row_count": made.num_rows, "dagster/partition_row_count": made.num_rows,
        "indicators": len(rows), "without_data": sum(r["numerator"] is None for r in rows),
        "provisional": counted["provisional"],
        "prefecture": records(shown, ("indicator", "numerator", "denominator", "value", "maturity", "missing_units")),
    }  # fmt: skip


def _text(value: object) -> str:
    return "" if value is None else f"{value:f}".rstrip("0").rstrip(".")
