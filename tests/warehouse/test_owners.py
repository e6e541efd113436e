"""A warehouse on PostgreSQL belongs to a user without any privilege on the server, or to one who may create roles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from pipelines.cli.app import app
from tests.conftest import postgresql_server
from warehouse.access import create_roles, login_statements, open_schemas
from warehouse.connect import open_engine, writing
from warehouse.migrate import migrate
from warehouse.publish import publish

from .editions import PUBLISHED_AT, edition

Owned = Callable[[str, str], Engine]


@pytest.fixture
def admin() -> Iterator[Engine]:
    """The administrator of a server that has no role of ours."""
    with postgresql_server() as url:
        engine = create_engine(make_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        yield engine
        engine.dispose()


@pytest.fixture
def owned(admin: Engine) -> Iterator[Owned]:
    """Hands out an empty database of a new user, with the attributes that the user is to have."""
    engines: list[Engine] = []

    def create(name: str, attributes: str) -> Engine:
        with admin.connect() as connection:
            connection.execute(text(f"CREATE ROLE {name} LOGIN {attributes}"))
            connection.execute(text(f"CREATE DATABASE {name} OWNER {name} ENCODING 'UTF8' TEMPLATE template0"))
        engines.append(open_engine(admin.url.set(username=name, database=name)))
        return engines[-1]

    yield create
    for engine in engines:
        engine.dispose()


@pytest.fixture
def plain(owned: Owned) -> Engine:
    """A warehouse with a release, whose owner has no privilege on the server."""
    engine = owned("plain", "")
    migrate(engine)
    publish(engine, edition(1, schools=3), "test", PUBLISHED_AT)
    return engine


def _roles_told(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XIANGXI_WAREHOUSE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("XIANGXI_HOME", str(home))
    return CliRunner().invoke(app, ["roles"]).output


def test_an_owner_without_privileges_grants_what_an_administrator_created(
    admin: Engine, plain: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "请管理员执行：xiangxi roles --sql" in _roles_told(plain, tmp_path, monkeypatch)
    with admin.connect() as connection:
        for statement in CliRunner().invoke(app, ["roles", "--sql"]).stdout.splitlines():
            connection.exec_driver_sql(statement)
        for statement in (*login_statements("plain_analyst", "analyst"), *login_statements("plain_loader", "loader")):
            connection.execute(text(statement))
    assert "缺少" not in _roles_told(plain, tmp_path, monkeypatch)
    analyst = create_engine(plain.url.set(username="plain_analyst"), poolclass=NullPool)
    with analyst.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM v_scorecard")).scalar_one() > 0
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text("TABLE core.finding"))
    loader = open_engine(plain.url.set(username="plain_loader"))
    assert publish(loader, edition(2, schools=3), "test", PUBLISHED_AT + timedelta(days=1))
    loader.dispose()
    with plain.connect() as connection:
        assert connection.execute(text("SELECT max(release_id) FROM release")).scalar_one() == 2


def test_an_owner_who_may_create_roles_makes_those_that_are_lacking_and_members_of_them(owned: Owned) -> None:
    engine = owned("creator", "CREATEROLE")
    migrate(engine)
    publish(engine, edition(1, schools=3, findings=6), "test", PUBLISHED_AT)
    with writing(engine) as connection:
        assert create_roles(connection, ["433199", "433196"]) == []
        open_schemas(connection)
        for unit in ("433199", "433196"):
            for statement in login_statements(f"creator_{unit}", f"unit_{unit}"):
                connection.execute(text(statement))
    assert _findings_read_by(engine, "creator_433199") == 6
    assert _findings_read_by(engine, "creator_433196") == 0


def _findings_read_by(engine: Engine, login: str) -> int:
    reader = create_engine(engine.url.set(username=login), poolclass=NullPool)
    with reader.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM finding")).scalar_one())
