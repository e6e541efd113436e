"""The public file of a SQLite warehouse: the public tables alone, for those who may not open the warehouse itself.

It lies beside the warehouse as `pub.db`, is readable by everybody and written whole after each publication. On
PostgreSQL the schema `pub` is what it is here (`access.py`).
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
from sqlalchemy import Connection, Engine, MetaData, NullPool, Table, create_engine, select
from sqlalchemy.schema import CreateView

from warehouse.analyst import public
from warehouse.bulk import insert_rows, select_rows
from warehouse.column_types import arrow_schema
from warehouse.connect import reading
from warehouse.lake import replacing
from warehouse.schema import PUBLIC, dim_code, dim_indicator, dim_region

NAME = "pub.db"
_EVERYBODY = 0o644
_HELD = (*PUBLIC, dim_region, dim_indicator, dim_code)
"""The public tables, and the names that their views show."""


def write_public_file(engine: Engine) -> Path | None:
    """Write the newest release's public tables and their views beside a SQLite warehouse; None for another database."""
    if engine.dialect.name != "sqlite":
        return None
    target = Path(str(engine.url.database)).with_name(NAME)
    with reading(engine) as connection, replacing(target) as aside:
        made = create_engine(f"sqlite:///{aside}", poolclass=NullPool)
        with made.begin() as copy:
            _copy(connection, copy)
        made.dispose()
        aside.chmod(_EVERYBODY)
    return target


def _copy(connection: Connection, copy: Connection) -> None:
    held = MetaData()
    for table in _HELD:
        own = table.to_metadata(held)
        own.create(copy)
        insert_rows(copy, own, _rows(connection, table))
    for view in public.VIEWS:
        copy.execute(CreateView(view.query(False), view.name_en))
        copy.execute(CreateView(view.query(True), view.name_zh))


def _rows(connection: Connection, table: Table) -> pa.Table:
    schema = arrow_schema(table.columns)
    return pa.Table.from_batches(select_rows(connection, select(table), schema), schema)
