"""The step that compares a plan year's figures with each other: an asset with one check per family of comparisons.

Tables: `compared/<year>/<family>`, a row per thing compared, from the staged rows of this year and of earlier ones.
What is compared stands in `comparisons/`, which rules hold in `expectations/rules`. A finding here leaves every row
accepted.
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from assets.comparisons.compare import compare_family, family_of
from assets.comparisons.kept import LAYER, Kept
from assets.guard import guarded
from assets.house import House
from assets.specs import YEARS, Results, records, spec_for
from assets.staged_assets import CHECK, RULE_COLUMNS, rule_row, shares
from expectations.catalogue import compared_rules
from expectations.comparison import Family, load_families


def assets() -> list[dg.AssetsDefinition]:
    """The assets `["compared", <family>]` with their checks: one step."""
    families = load_families()

    @dg.multi_asset(
        name="compared", specs=[_spec(name, family) for name, family in families.items()],
        check_specs=[_check(name) for name in families],
    )  # fmt: skip
    def compared(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        for name, family in families.items():
            with guarded(f"核对{family.title}"):
                house.progress(f"核对{family.title}", 1, 1)
                kept = compare_family(house, int(context.partition_key), name)
            yield dg.MaterializeResult(asset_key=_key(name), metadata=_metadata(kept),
                                       check_results=[_result(kept, house)])  # fmt: skip

    return [compared]


def keys() -> list[dg.AssetKey]:
    """The assets of all families."""
    return [_key(name) for name in load_families()]


def _key(family: str) -> dg.AssetKey:
    return dg.AssetKey([LAYER, family])


def _spec(name: str, family: Family) -> dg.AssetSpec:
    comparisons = family_of(name)
    needed = sorted({dataset for one in comparisons for each in one.needs.model_dump().values() for dataset in each})
    told = "; ".join(f"{one.title} {one.title_en}: {one.purpose}" for one in comparisons)
    return spec_for(
        LAYER, name, group=LAYER, kinds=("duckdb", "parquet"),
        deps=[dg.AssetKey(["staged", dataset]) for dataset in needed],
        description=f"{family.title} · {family.title_en}. {told}",
    )  # fmt: skip


def _check(family: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        CHECK, asset=_key(family), partitions_def=YEARS, blocking=False,
        description=f"Great Expectations suite of {family}: 必须修改 and 需说明 rules of the catalogue.",
    )  # fmt: skip


def _metadata(kept: Kept) -> dict[str, Any]:
    rows: Mapping[str, int] = kept.rows
    return {
        "dagster/row_count": sum(rows.values()), "dagster/partition_row_count": sum(rows.values()),
        **{f"rows_{name}": count for name, count in rows.items()},
    }  # fmt: skip


def _result(kept: Kept, house: House) -> dg.AssetCheckResult:
    found = [rule for rule in kept.rules if rule.status == "found"]
    messages = {one.id: one.rule.message for one in compared_rules(house.rules_folder)}
    must_fix = any(rule.severity == "must_fix" for rule in found)
    return dg.AssetCheckResult(
        asset_key=_key(kept.family), check_name=CHECK, passed=not found,
        severity=dg.AssetCheckSeverity.ERROR if must_fix else dg.AssetCheckSeverity.WARN,
        metadata={
            "rules": records([rule_row(str(kept.year), rule, messages) for rule in kept.rules], RULE_COLUMNS),
            "rules_run": len(kept.rules), "rules_found": len(found), **shares(kept.rules),
        },
    )  # fmt: skip
