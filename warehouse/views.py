"""The views of the warehouse, made anew after migrations (`migrate.py`): those of tables, and those for analysts.

The first stand in `table_views.py`, the others in `analyst/`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Select, inspect, text
from sqlalchemy.schema import CreateView

from warehouse.access import close_schemas
from warehouse.analyst import VIEWS
from warehouse.schema import metadata
from warehouse.table_views import AS_OF, table_queries, tell_comments


@functools.cache
def view_queries() -> Mapping[str, Select[Any]]:
    """The views by name, each in English and in Chinese: `v_scorecard` and `v_记分卡`."""
    english = {view.name_en: view.query(False) for view in VIEWS}
    return {**english, **{view.name_zh: view.query(True) for view in VIEWS}}


def create_views(connection: Connection) -> None:
    """Make all views: those under which the published tables are read, then those for people."""
    for name, query in {**dict(table_queries()), **view_queries()}.items():
        connection.execute(CreateView(query, name))
    tell_comments(connection)


def drop_views(connection: Connection) -> None:
    """Remove every view of ours that is there, also those of earlier versions, the newest first."""
    close_schemas(connection)
    quote = connection.dialect.identifier_preparer.quote
    for name in _views_newest_first(connection):
        if name.startswith(("v_", AS_OF)) or name in metadata.tables:
            connection.execute(text(f"DROP VIEW {quote(name)}"))


def _views_newest_first(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return inspect(connection).get_view_names()
    made = "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = current_schema()::regnamespace"
    return list(connection.execute(text(f"{made} ORDER BY oid DESC")).scalars())
