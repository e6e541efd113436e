"""Which release stands, and which one stood at a time."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select

from warehouse.schema import release


def newest(connection: Connection) -> int | None:
    """The number of the newest release; None where none was published."""
    return connection.execute(select(func.max(release.c.release_id))).scalar()


def release_as_of(connection: Connection, when: datetime) -> int | None:
    """The number of the release that stood at that time, of those that are kept; None before the first of them.

    What it held is in the views `published_as_of_<table>`.
    """
    return connection.execute(select(func.max(release.c.release_id)).where(release.c.published_at <= when)).scalar()
