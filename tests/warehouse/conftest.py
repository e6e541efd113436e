"""Both engines of the warehouse: a SQLite file, and a real PostgreSQL server (`tests/conftest.py`)."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text

from warehouse.connect import open_engine, sqlite_url
from warehouse.migrate import migrate

ENGINES = ("sqlite", "postgresql")
_EMPTIED, _MIGRATED = "warehouse", "migrated"


@pytest.fixture
def new_url(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], str]:
    """Hands out the address of an empty database of the named kind; the one of PostgreSQL is made anew each time."""

    def make(kind: str) -> str:
        if kind == "sqlite":
            return str(sqlite_url(tmp_path / "warehouse" / "warehouse.db"))
        return _database(str(request.getfixturevalue("postgresql_url")), _EMPTIED, "template0")

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


@pytest.fixture(scope="session")
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """Hands out the address of a warehouse of the named kind at the newest version, which is migrated once."""

    @functools.cache
    def make(kind: str) -> str:
        if kind == "sqlite":
            address = str(sqlite_url(tmp_path_factory.mktemp("migrated") / "warehouse.db"))
        else:
            address = _database(str(request.getfixturevalue("postgresql_url")), _MIGRATED, "template0")
        engine = open_engine(address)
        migrate(engine)
        engine.dispose()
        return address

    return make


@pytest.fixture
def engine(empty: Engine, migrated: Callable[[str], str]) -> Engine:
    """A warehouse at the newest version, without a release; a copy of the one that was migrated."""
    kind = empty.dialect.name
    if kind == "sqlite":
        path = Path(str(empty.url.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(str(make_url(migrated(kind)).database), path)
    else:
        _database(migrated(kind), _EMPTIED, _MIGRATED)
    return empty


def _database(address: str, name: str, template: str) -> str:
    """Make the database anew as a copy of the template, and return its address."""
    admin = create_engine(make_url(address).set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
    return make_url(address).set(database=name).render_as_string(hide_password=False)
