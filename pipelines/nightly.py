"""The job `nightly`, keyed by year, and the schedule that starts it at 02:00 in Shanghai for every year, ascending."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import dagster as dg

from assets.clock import SHANGHAI
from assets.specs import YEARS

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as AssetJob


def nightly_job() -> AssetJob:
    """Everything, from landing to a published release, for one plan year, in one process."""
    return dg.define_asset_job(
        "nightly", selection=dg.AssetSelection.all(), executor_def=dg.in_process_executor,
        description="Take in landing, judge the year's datasets, compute its figures and verdicts, publish a release.",
    )  # fmt: skip


def nightly_schedule(job: AssetJob) -> dg.ScheduleDefinition:
    """Every night at 02:00 Shanghai time, one run per known year; the queue takes them in this order, one at a time."""

    def runs(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
        night = context.scheduled_execution_time.astimezone(SHANGHAI).strftime("%Y-%m-%d")
        years = sorted(context.instance.get_dynamic_partitions(YEARS.name or ""))
        if not years:
            yield dg.SkipReason("没有年度可运行：请先执行 xiangxi recover。 No year is known yet.")
        for year in years:
            yield dg.RunRequest(run_key=f"{night}/{year}", partition_key=year)

    return dg.ScheduleDefinition(
        name="nightly_at_two", job=job, cron_schedule="0 2 * * *", execution_timezone=SHANGHAI.key, execution_fn=runs,
        description="每晚两点（北京时间）运行各年度。 Every night at two, each year in turn.",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )  # fmt: skip
