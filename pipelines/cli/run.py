"""`xiangxi run`: the nightly job once, in this process, with progress; ends with the scorecard."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, datetime
from typing import Annotated

import dagster as dg
import typer
from rich.markup import escape

from assets.reports.outbox import not_written
from assets.specs import YEARS
from assets.staged_assets import SUBMISSIONS
from assets.submitted.matrix import open_problems, waiting_for
from pipelines.cli.options import Home, Landing, Years, settings_with, talk
from pipelines.cli.progress import Progress
from pipelines.cli.recover import put_in_order
from pipelines.cli.scorecard import show
from pipelines.cli.status_tables import waiting_text
from pipelines.history import opened
from pipelines.settings import Settings

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
NEEDS_A_PERSON = 1
AsOf = Annotated[datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="评判基准日，如 2020-09-30")]


def run(home: Home = None, landing: Landing = None, year: Years = None, as_of: AsOf = None) -> None:
    """运行一次夜间作业：读取新文件、核查、计算指标、发布，最后列出记分卡。

    例：xiangxi run --landing var/sample/landing --year 2020
    """
    settings = settings_with(home, landing)
    house = settings.house()
    if not house.landing.is_dir():
        raise typer.BadParameter(f"没有这个文件夹：{house.landing}", param_hint="--landing")
    put_in_order(settings)
    judged = as_of.date() if as_of else None
    years = run_years(settings, sorted(year or ()), judged)
    needs_a_person = tell_problems(settings)
    for each in years:
        show(house, each, "table")
    if needs_a_person:
        raise typer.Exit(NEEDS_A_PERSON)


def run_years(settings: Settings, years: Sequence[int], as_of: date | None = None) -> list[int]:
    """Execute `nightly` for the years, or for every open year, ascending; returns the years.

    Without a year landing is taken in first, because a direction needs the figures of the year before. Each is a run of
    the very job that schedule and UI start, recorded in the same Dagster home.
    """
    from pipelines.location import build_defs

    progress_of = Progress.on(talk) if talk.is_terminal else nullcontext(Progress.plain(talk))
    with progress_of as progress, opened(settings.dagster_home) as instance:
        job = build_defs(settings, progress=progress).resolve_job_def("nightly")
        if not years:
            _execute(job, instance, settings.house().years()[-1], None, only=[SUBMISSIONS])
        done = list(years) or settings.house().open_among(settings.house().years())
        for year in done:
            _execute(job, instance, year, as_of)
    return done


def _execute(
    job: dg.JobDefinition, instance: dg.DagsterInstance, year: int, as_of: date | None,
    only: Sequence[dg.AssetKey] | None = None,
) -> None:  # fmt: skip
    instance.add_dynamic_partitions(YEARS.name or "", [str(year)])
    judging = {"resources": {"house": {"config": {"as_of": as_of.isoformat()}}}} if as_of else {}
    job.execute_in_process(run_config=QUIET | judging, instance=instance, partition_key=str(year), asset_selection=only)


def tell_problems(settings: Settings) -> bool:
    """Print what still needs a person, file by file; returns whether there is anything."""
    house = settings.house()
    told = [
        f"{item.reception.path}：{p.message} {p.how_to_fix}" for item in open_problems(house) for p in item.problems
    ]
    told += [f"{path}：没有读取，{reason}。" for path, reason in house.ledger.passed_over().items()]
    told += [f"{r.path}：{waiting_text(r.waiting)}" for r in waiting_for(house)]
    told += [f"outbox/{path}：核查文件没有写成，下次运行再写。" for path in not_written(house)]
    for line in told:
        talk.print(f"[yellow]需处理[/yellow] {escape(line)}", highlight=False)
    if noted := sum(bool(reception.notes) for reception in house.ledger.receptions()):
        talk.print(f"{noted} 份文件有没有读取的栏目或工作表：xiangxi status --notes 列出。", highlight=False)
    return bool(told)
