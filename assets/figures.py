"""The figures of a plan year as one asset: every indicator at school, unit and prefecture grain.

Table: `indicators/<year>`, a row per indicator, level and region, from the staged rows of all datasets. Definitions
stand in `indicators/`, one function each.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import dagster as dg
import pyarrow as pa

from assets import compared_assets
from assets.guard import guarded
from assets.house import House
from assets.indicators.engine import FIGURES
from assets.specs import Results, arrow_columns, records, spec_for
from assets.year import compute_figures
from expectations.contract import Contract

KEY = dg.AssetKey(["indicators", "figures"])


def assets(contracts: Mapping[str, Contract]) -> list[dg.AssetsDefinition]:
    """The asset `["indicators", "figures"]`, made of the staged rows and of what comparing them found."""
    spec = spec_for(
        "indicators", "figures", group="indicators", kinds=("duckdb", "parquet"), columns=arrow_columns(FIGURES),
        deps=[*(dg.AssetKey(["staged", name]) for name in contracts), *compared_assets.keys()],
        description="指标数值 · Every indicator of the year at school, unit and prefecture grain, with its parts.",
    )  # fmt: skip

    @dg.multi_asset(name="figures", specs=[spec])
    def figures(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        with guarded("计算指标"):
            house.progress("计算指标", 1, 1)
            metadata = _metadata(compute_figures(house, int(context.partition_key)))
        yield dg.MaterializeResult(asset_key=KEY, metadata=metadata)

    return [figures]


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
