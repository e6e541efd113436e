"""The job `nightly`, keyed by year, and the schedule that starts it at 02:00 in Shanghai for each open year in turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from assets.clock import SHANGHAI
from assets.house import House
from assets.specs import YEARS

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as AssetJob


def nightly_job() -> AssetJob:
    """Everything, from landing to a published release, for one plan year, in one process."""
    return dg.define_asset_job(
        "nightly", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor,
        description="Take in landing, judge the year's datasets, compute its figures and verdicts, publish a release.",
    )  # fmt: skip


def nightly_schedule(job: AssetJob, house: House) -> dg.ScheduleDefinition:
    """Every night at 02:00 Shanghai time, a run per year that is not closed; the queue takes them in this order."""

    def runs(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        night = context.scheduled_execution_time.astimezone(SHANGHAI).strftime("%Y-%m-%d")
        years = sorted(int(year) for year in context.instance.get_dynamic_partitions(YEARS.name or ""))
        if not years:
            yield dg.SkipReason("没有年度可运行：请先执行 xiangxi recover。 No year is known yet.")
        for year in house.open_among(years):
            yield dg.RunRequest(run_key=f"{night}/{year}", partition_key=str(year))

    return dg.ScheduleDefinition(
        name="nightly_at_two", job=job, cron_schedule="0 2 * * *", execution_timezone=SHANGHAI.key, execution_fn=runs,
        description="每晚两点（北京时间）运行各未终定的年度。 Every night at two, each open year in turn.",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )  # fmt: skip
