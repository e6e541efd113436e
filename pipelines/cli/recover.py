"""`xiangxi recover`: put a home in order after a crash, and prepare a new one."""

from __future__ import annotations

import fcntl
from datetime import timedelta
from pathlib import Path

import dagster as dg

from assets.clock import now_in_shanghai
from assets.specs import YEARS
from pipelines.cli.options import Home, settings_with, talk
from pipelines.history import opened
from pipelines.settings import Settings
from warehouse.lake import sweep, write_text

DAGSTER_YAML = Path(__file__).parents[2] / "dagster.yaml"
OLD_ENOUGH = timedelta(seconds=60)
SHARED_STORAGE = """
storage:                # XIANGXI_DAGSTER_URL is set; Dagster reads it itself, so that no password lies in this file
  postgres:
    postgres_url:
      env: XIANGXI_DAGSTER_URL
"""


def recover(home: Home = None) -> None:
    """整理存放文件夹：清除中断的运行留下的半成品，结束已死的运行；xiangxi run 开始时也会做。

    例：xiangxi recover --home var
    """
    removed, ended = put_in_order(settings_with(home))
    talk.print(f"清除半成品 {removed} 个，结束已死的运行 {ended} 个。")


def put_in_order(settings: Settings) -> tuple[int, int]:
    """Prepare the home; remove what killed writers left, fail dead runs; returns how many of each. Waits for nobody.

    The plan years become partitions, so that the UI offers them before the first run. While a run holds the lock,
    nothing is removed or ended.
    """
    house = settings.house()
    house.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    ours = DAGSTER_YAML.read_text("utf-8") + (SHARED_STORAGE if settings.dagster_url else "")
    theirs = settings.dagster_home / "dagster.yaml"
    if not theirs.exists() or theirs.read_text("utf-8") != ours:
        write_text(theirs, ours)
    with opened(settings.dagster_home) as instance:
        instance.add_dynamic_partitions(YEARS.name or "", [str(year) for year in house.years()])
        with (house.home / "run.lock").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return 0, 0
            removed = sum(sweep(house.home / part) for part in ("archive", "lake", "outbox", "reports"))
            return removed, _end_dead_runs(instance)


def _end_dead_runs(instance: dg.DagsterInstance) -> int:
    """Fail runs that count as started although nobody holds the lock: they died with their process."""
    started = instance.get_run_records(dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED]))
    oldest = (now_in_shanghai() - OLD_ENOUGH).timestamp()
    dead = [record.dagster_run for record in started if (record.start_time or 0) < oldest]
    for run in dead:
        instance.report_run_failed(run, "进程已不在，由 xiangxi recover 结束")
    return len(dead)
