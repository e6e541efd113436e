"""The sensor that starts runs when new, fully written files lie in landing, or a year has no figures yet.

A file counts when its size and time of change stayed the same over two ticks. The ledger of submissions is the truth:
what it saw starts nothing; a run that failed leaves its files unseen, and they start the next attempt, three at most
(the night tries again). While any run is under way the sensor waits. Its cursor holds digests only: everyone who sees
the UI sees it, and names of files can hold names of persons.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import dagster as dg

from assets.house import House
from assets.intake.landing import landed_files
from assets.intake.ledger import SIGHTINGS
from assets.specs import YEARS
from expectations.regions import PREFECTURE

if TYPE_CHECKING:
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition as AssetJob

INTERVAL_SECONDS = 60
MOST_ATTEMPTS = 3
UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
]  # fmt: skip


def arrivals(job: AssetJob, house: House) -> dg.SensorDefinition:
    """The sensor `arrivals` on the landing folder of the house."""

    @dg.sensor(
        job=job, name="arrivals", minimum_interval_seconds=INTERVAL_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="有新文件且已写完时启动。 Starts runs when new files are fully written.",
    )  # fmt: skip
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        before = json.loads(context.cursor or "{}")
        files = unseen_files(house)
        waiting = _digest(files)
        if context.instance.get_runs(dg.RunsFilter(statuses=UNDER_WAY), limit=1):
            return _wait("已有运行在进行", before | {"waiting": waiting})
        if files and waiting != before.get("waiting"):
            return _wait(f"{len(files)} 个新文件，等其写完再读", before | {"waiting": waiting})
        years = house.open_among(house.years()) if files else years_without_figures(house)
        return _start(before, waiting, [*map(str, years)], last_taken_in(house)) if years else _wait("没有新文件", {})

    return sensor


def unseen_files(house: House) -> dict[str, list[int]]:
    """Size and time of change of the files in landing that the ledger has not seen as they are now, by path."""
    sightings = house.ledger.sightings()
    units = frozenset({PREFECTURE, *house.regions.unit_codes})
    return {
        file.path: [file.size, file.changed_ns]
        for file in landed_files(house.landing, units)
        if (seen := sightings.get(file.path)) is None or (seen.size, seen.changed_ns) != (file.size, file.changed_ns)
    }


def years_without_figures(house: House) -> list[int]:
    """Years that submissions speak of and that were never computed: intake found them in the run of another year."""
    if not house.ledger.receptions():
        return []
    return [year for year in house.years() if not house.lake.exists("indicators", f"{year}.parquet")]


def last_taken_in(house: House) -> int:
    """When landing was last taken in, in nanoseconds; 0 before the first time.

    Part of the run key, which Dagster uses up for ever: a file that was gone for a night and is back is news again.
    """
    sightings = house.ledger.folder / SIGHTINGS
    return sightings.stat().st_mtime_ns if sightings.exists() else 0


def _digest(facts: Any) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def _wait(reason: str, cursor: dict[str, Any]) -> dg.SensorResult:
    return dg.SensorResult(skip_reason=reason, cursor=json.dumps(cursor))


def _start(before: dict[str, Any], waiting: str, years: list[str], since: int) -> dg.SensorResult:
    """One run per year, ascending; the first takes in everything, the rest find it read. Keys carry the attempt."""
    news = _digest([waiting, years])
    attempt = before["attempt"] + 1 if before.get("news") == news else 1
    if attempt > MOST_ATTEMPTS:
        return _wait(f"已试 {MOST_ATTEMPTS} 次未成，等待新的文件或夜间运行", before)
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"{news}/{since}/{year}/{attempt}", partition_key=year) for year in years
        ],
        dynamic_partitions_requests=[YEARS.build_add_request(years)],
        cursor=json.dumps({"waiting": waiting, "news": news, "attempt": attempt}),
    )  # fmt: skip
