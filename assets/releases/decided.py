"""Releases that no run makes: a rollback to an earlier one, and those that close a year or open it again.

A closed year's figures and verdicts are final: they stand in the lake as the last run computed them, whatever changes
afterwards. What is delivered for it later waits (`Reception.waiting`). The mark in the ledger comes first: a killed
`close` is finished by the next run of the year or by `close` itself.
"""

from __future__ import annotations

from datetime import datetime

from assets.facts.star import count_facts
from assets.guard import StepFailedError
from assets.house import House
from assets.publication import is_final, publish_year, write_page
from assets.releases.copies import write_copies
from assets.version import code_version
from assets.year import FIGURES_LAYER, compute_figures, judge_year_of_plan
from warehouse.migrate import migrate
from warehouse.publish import roll_back
from warehouse.releases import published, releases


def publish_rollback(house: House, source: int | None, published_at: datetime) -> tuple[int, int]:
    """Publish anew what an earlier release held, by default the last but one; returns the new release and that one.

    Raises:
        UnknownReleaseError: no such release is kept.
    """
    engine = house.engine()
    try:
        migrate(engine)
        made = roll_back(
            engine,
            source,
            code_version(),
            published_at,
            keep_releases=house.keep_releases,
            protections=house.protections,
        )
        write_copies(house, engine)
        with published(engine) as connection:
            found = releases(connection)[0]["source_release_id"]
    finally:
        engine.dispose()
    return made, int(found)


def close_year(house: House, year: int, at: datetime) -> int:
    """Make the year's figures final and publish them as a release of their own; returns its number.

    Raises:
        StepFailedError: no run has computed the year.
    """
    if not house.lake.exists(FIGURES_LAYER, f"{year}.parquet"):
        raise StepFailedError(f"{year} 年还没有计算过，不能终定：请先运行 xiangxi run --year {year}。")
    house.ledger.close(year, at)
    return _publish(house, year, "close")


def stands_closed(house: House, year: int) -> bool:
    """Whether the year is closed and published so; a `close` that was killed in between is not done."""
    if year not in house.closed_years:
        return False
    engine = house.engine()
    try:
        migrate(engine)
        return is_final(engine, year)
    finally:
        engine.dispose()


def reopen_year(house: House, year: int) -> int:
    """Compute the year again from what was judged, publish it, and let nothing wait for it; returns the release.

    What waited is judged by the next run.
    """
    house.lake.path(FIGURES_LAYER, f"{year}.made_of").unlink(missing_ok=True)
    house.ledger.reopen(year)
    return _publish(house, year, "reopen")


def _publish(house: House, year: int, kind: str) -> int:
    compute_figures(house, year)
    count_facts(house, year)
    judge_year_of_plan(house, year)
    release_id, _ = publish_year(house, year, kind)
    write_page(house, year, release_id)
    return release_id
