"""Connections to the warehouse, and the two kinds of transaction that it knows: reading one state, and writing alone.

SQLite is a file in WAL mode whose transactions SQLAlchemy begins itself (the driver would begin too late and commit
too early); PostgreSQL goes through psycopg 3. Which address to use is a setting of `pipelines/`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from warehouse.errors import WarehouseBusyError, WarehouseUnreachableError, reason_of

WAIT_SECONDS = 60
"""How long a writer waits for another one; a publication takes seconds."""

_BEGIN = "sqlite_begin"


def sqlite_url(path: Path) -> URL:
    """The address of the warehouse file at `path`."""
    return URL.create("sqlite", database=str(path))


def open_engine(url: str | URL) -> Engine:
    """An engine for the warehouse at `url`, `sqlite:///…` or `postgresql://…`; a new SQLite file is for its owner only.

    Raises:
        WarehouseUnreachableError: the address cannot be read, or names another kind of database.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise WarehouseUnreachableError("仓库地址无法解析。 The address of the warehouse cannot be read.") from None
    kind = address.get_backend_name()
    if kind == "sqlite" and address.database:
        return _sqlite(address)
    if kind == "postgresql":
        return create_engine(address.set(drivername="postgresql+psycopg"), pool_pre_ping=True, hide_parameters=True)
    raise WarehouseUnreachableError(
        f"仓库只能是 SQLite 文件或 PostgreSQL，不能是 {kind}。 A warehouse is a SQLite file or PostgreSQL, not {kind}."
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction in which every statement sees the same release, whatever is published meanwhile."""
    one_state = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    options = one_state if engine.dialect.name == "postgresql" else {}
    with _connect(engine).execution_options(**options) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction of the only writer: what is written in it is there as a whole at its end, or not at all.

    On PostgreSQL a writer is alone with what it locks (`publish.take_token` and `publish.publish` lock the token).

    Raises:
        WarehouseBusyError: another writer did not make room within `WAIT_SECONDS`.
    """
    try:
        with _connect(engine).execution_options(**{_BEGIN: "IMMEDIATE"}) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
            yield connection
    except OperationalError as error:
        if _is_wait_over(error):
            raise WarehouseBusyError(WAIT_SECONDS) from None
        raise


def _connect(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except DBAPIError as error:
        raise WarehouseUnreachableError(
            f"仓库无法打开：{reason_of(error.orig)}；请核对 XIANGXI_WAREHOUSE_URL 和数据库，再运行一次。 "
            "The warehouse cannot be opened."
        ) from None


def _is_wait_over(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) == "55P03" or "database is locked" in str(error.orig)


def _sqlite(address: URL) -> Engine:
    engine = create_engine(address, hide_parameters=True)
    event.listen(engine, "do_connect", _make_file)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _make_file(_dialect: Any, _record: Any, names: Any, _params: Any) -> None:
    path = Path(str(names[0]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)


def is_there(engine: Engine) -> bool:
    """Whether there is a database to connect to: a SQLite file that nobody made yet is not."""
    return engine.dialect.name != "sqlite" or Path(str(engine.url.database)).exists()


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {WAIT_SECONDS * 1000}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get(_BEGIN, '')}")
