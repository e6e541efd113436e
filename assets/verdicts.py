"""The verdicts of a plan year as one asset, with the plan itself as its check.

Table: `verdicts/<year>`, a row per commitment and region. The check holds the plan's suite against them: a missed
target is shown as such (a warning), never as an error in the data.
"""

from collections import Counter
from typing import Any

import dagster as dg
import pyarrow as pa

from assets.figures import KEY as FIGURES
from assets.guard import guarded
from assets.house import House
from assets.plans.scorecard import VERDICTS
from assets.specs import YEARS, Results, arrow_columns, records, spec_for
from assets.year import empty_verdicts, judge_year_of_plan, plan_outcomes
from expectations.plan_suite import PlanOutcome

KEY = dg.AssetKey(["verdicts", "scorecard"])
CHECK = "plan"


def assets() -> list[dg.AssetsDefinition]:
    """The asset `["verdicts", "scorecard"]` with the check `plan`."""
    spec = spec_for(
        "verdicts", "scorecard", group="scorecard", columns=arrow_columns(VERDICTS), deps=[FIGURES],
        description="记分卡 · One verdict per commitment of the plan and region: met, missed, no_data or on_track.",
    )  # fmt: skip
    check = dg.AssetCheckSpec(
        CHECK,
        asset=spec.key,
        partitions_def=YEARS,
        description="The plan's suite: one expectation per commitment. A failure is a missed target, not a data error.",
    )

    @dg.multi_asset(name="scorecard", specs=[spec], check_specs=[check])
    def scorecard(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        year = int(context.partition_key)
        with guarded("判定达标情况"):
            house.progress("判定达标情况", 1, 1)
            verdicts = judge_year_of_plan(house, year)
            outcomes = [] if verdicts is None else plan_outcomes(house, year, verdicts)
            checked = _check_result(outcomes, verdicts is not None)
            result: dg.MaterializeResult[None] = dg.MaterializeResult(
                asset_key=KEY, metadata=_metadata(verdicts), check_results=[checked]
            )
        yield result

    return [scorecard]


def _metadata(verdicts: pa.Table | None) -> dict[str, Any]:
    if verdicts is None:
        verdicts, plan = empty_verdicts(), "本年度没有要点：只计算指标，不作判定。 No plan for this year."
    else:
        plan = "有要点"
    ours = [row for row in verdicts.to_pylist() if row["level"] == "prefecture"]
    counted = Counter(row["verdict"] for row in ours)
    return {
        "plan": plan, "dagster/row_count": verdicts.num_rows, "dagster/partition_row_count": verdicts.num_rows,
        **{verdict: counted[verdict] for verdict in ("met", "missed", "no_data", "on_track")},
    }  # fmt: skip


def _check_result(outcomes: list[PlanOutcome], has_plan: bool) -> dg.AssetCheckResult:
    rows = [
        {"commitment": o.commitment_id, "name": o.name_zh, "verdict": o.verdict, "regions_asked": o.asked,
         "regions_missing_it": o.missed}
        for o in outcomes
    ]  # fmt: skip
    return dg.AssetCheckResult(
        check_name=CHECK, passed=all(o.verdict == "met" for o in outcomes), severity=dg.AssetCheckSeverity.WARN,
        metadata={
            "has_plan": has_plan, "commitments": len(rows),
            "plan": records(rows, ("commitment", "name", "verdict", "regions_asked", "regions_missing_it")),
        },
    )  # fmt: skip
