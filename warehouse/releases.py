"""Which releases there are, which one stood at a time, and what each changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, func, inspect, select

from warehouse.connect import is_there, reading
from warehouse.errors import NothingPublishedError
from warehouse.schema import release, release_change

Row = dict[str, Any]


@contextmanager
def published(engine: Engine) -> Iterator[Connection]:
    """Read the warehouse as one release, as `reading`.

    Raises:
        NothingPublishedError: there is none, or the database is one that a run has to bring to this version first.
    """
    if not is_there(engine):
        raise NothingPublishedError
    with reading(engine) as connection:
        names = set(inspect(connection).get_table_names())
        if release_change.name not in names or newest(connection) is None:
            raise NothingPublishedError
        yield connection


def newest(connection: Connection) -> int | None:
    """The number of the newest release; None where none was published."""
    return connection.execute(select(func.max(release.c.release_id))).scalar()


def release_as_of(connection: Connection, when: datetime) -> int | None:
    """The number of the release that stood at that time, of those that are kept; None before the first of them.

    What it held is in the views `published_as_of_<table>`.
    """
    return connection.execute(select(func.max(release.c.release_id)).where(release.c.published_at <= when)).scalar()


def releases(connection: Connection) -> list[Row]:
    """The kept releases, newest first, each with how many figures it moved: all, and those of prefecture and units."""
    change = release_change.c
    of_regions = func.count().filter(change.level != "school").label("changed_regions")
    counted = (
        select(change.release_id, func.count().label("changed"), of_regions).group_by(change.release_id).subquery()
    )
    query = select(release, *(func.coalesce(counted.c[name], 0).label(name) for name in ("changed", "changed_regions")))
    joined = query.outerjoin(counted, counted.c.release_id == release.c.release_id)
    return [dict(row) for row in connection.execute(joined.order_by(release.c.release_id.desc())).mappings()]


def changes_of(
    connection: Connection, release_id: int, levels: tuple[str, ...] = ("prefecture", "county")
) -> list[Row]:
    """The figures that a release moved at these levels, by year, indicator and region."""
    change = release_change.c
    query = select(release_change).where(change.release_id == release_id, change.level.in_(levels))
    ordered = query.order_by(change.year, change.indicator_id, change.region_code)
    return [dict(row) for row in connection.execute(ordered).mappings()]
