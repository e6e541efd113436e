"""Releases that no run makes: a rollback to an earlier one."""

from __future__ import annotations

from datetime import datetime

from assets.house import House
from assets.version import code_version
from warehouse.gold import write_gold
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
        made = roll_back(engine, source, code_version(), published_at, keep_releases=house.keep_releases)
        write_gold(engine, house.home / "lake" / "gold")
        with published(engine) as connection:
            found = releases(connection)[0]["source_release_id"]
    finally:
        engine.dispose()
    return made, int(found)
