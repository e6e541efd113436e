"""Each role reads on PostgreSQL what it was granted and nothing else; of findings a unit reads its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError
from typer.testing import CliRunner

from pipelines.cli.app import app
from warehouse.access import (
    SCHEMAS,
    create_roles,
    login_statements,
    open_schemas,
    role_names,
    role_statements,
    roles_there,
    views_of,
)
from warehouse.connect import open_engine, writing
from warehouse.edition import Edition
from warehouse.migrate import _upgrade, migrate
from warehouse.publish import publish
from warehouse.schema import PUBLIC

from .editions import PUBLISHED_AT, edition

UNITS = ("433199", "433198")
DECLARED: Mapping[str, Mapping[str, set[str] | None]] = {
    "loader": {"core": None, "mart": None, "pub": None},
    "steward": {"core": None, "mart": None, "pub": None},
    "analyst": {"core": set(), "mart": None, "pub": None},
    "unit_433199": {"core": {"submission", "finding"}, "mart": set(), "pub": None},
    "public_reader": {"core": set(), "mart": set(), "pub": None},
}
"""The views of each schema that a role reads; None: all of them."""

Login = Callable[[str], Connection]


@pytest.fixture(scope="module")
def shared(postgresql_url: str) -> Iterator[Engine]:
    """A warehouse with a finding of each of two units, its schemas open and its roles created."""
    admin = create_engine(make_url(postgresql_url).set(database="postgres"), poolclass=NullPool)
    with admin.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS shared WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE shared"))
    engine = open_engine(make_url(postgresql_url).set(database="shared"))
    migrate(engine)
    publish(engine, _of_two_units(), "test", PUBLISHED_AT)
    with writing(engine) as connection:
        assert create_roles(connection, UNITS) == []
        open_schemas(connection)
        for role in DECLARED:
            for statement in login_statements(f"a_{role}", role):
                connection.execute(text(statement))
    yield engine
    engine.dispose()


def _of_two_units() -> Edition:
    given = edition(1, schools=3, findings=6)
    findings = given.tables["finding"].to_pylist()
    others = [{**row, "finding_id": f"f{i}", "unit_code": "433198"} for i, row in enumerate(findings[:2])]
    return replace(given, tables={**given.tables, "finding": pa.Table.from_pylist([*findings, *others])})


@pytest.fixture
def login(shared: Engine) -> Iterator[Login]:
    """Hands out a connection as a member of the role."""
    engines = []

    def connect(role: str) -> Connection:
        engine = create_engine(shared.url.set(username=f"a_{role}"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
        engines.append(engine.connect())
        return engines[-1]

    yield connect
    for connection in engines:
        connection.close()


def _reads(connection: Connection, schema: str, name: str) -> bool:
    try:
        connection.execute(text(f'TABLE {schema}."{name}" LIMIT 0'))
    except ProgrammingError as error:
        assert "permission denied" in str(error.orig)
        return False
    return True


@pytest.mark.parametrize("role", DECLARED)
def test_a_role_reads_what_is_declared_and_nothing_else(role: str, login: Login) -> None:
    connection = login(role)
    for schema in SCHEMAS:
        names = views_of(schema)
        assert len(names) >= 9
        allowed = DECLARED[role][schema]
        assert {name for name in names if _reads(connection, schema, name)} == (
            set(names) if allowed is None else allowed
        )
    assert _reads(connection, "public", "stored_finding") is (role == "loader")
    assert _reads(connection, "public", "fact_indicator") is (role == "loader")


@pytest.mark.parametrize("role", DECLARED)
def test_only_the_loader_writes(role: str, login: Login) -> None:
    connection = login(role)
    connection.execute(text("SET default_transaction_read_only = off"))
    if role == "loader":
        connection.execute(text("DELETE FROM stored_pub_aid WHERE part_id = -1"))
        return
    for name in ("public.stored_pub_aid", "public.part", "public.publication_token"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            connection.execute(text(f"DELETE FROM {name}"))  # noqa: S608


@pytest.mark.parametrize(
    ("role", "units"), [("unit_433199", {"433199"}), ("steward", set(UNITS)), ("loader", set(UNITS))]
)
def test_a_unit_reads_its_own_findings_and_a_steward_all(role: str, units: set[str], login: Login) -> None:
    connection = login(role)
    assert set(connection.execute(text("SELECT unit_code FROM core.finding")).scalars()) == units
    assert set(connection.execute(text("SELECT unit_code FROM core.submission")).scalars()) <= units


def test_members_find_their_tables_by_name_read_only_and_for_a_limited_time(login: Login) -> None:
    connection = login("analyst")
    levels = connection.execute(text("SELECT DISTINCT level FROM fact_indicator")).scalars().all()
    assert "school" not in levels
    assert connection.execute(text("SHOW statement_timeout")).scalar_one() == "1min"
    assert connection.execute(text("SHOW default_transaction_read_only")).scalar_one() == "on"
    for table in PUBLIC:
        connection.execute(text(f"TABLE {table.name}"))


def test_every_view_of_the_schemas_and_every_column_tells_what_it_is(shared: Engine) -> None:
    views = "SELECT oid FROM pg_class WHERE relnamespace::regnamespace::text IN ('core', 'mart', 'pub')"
    silent = f"SELECT attrelid::regclass || '.' || attname FROM pg_attribute WHERE attrelid IN ({views}) AND attnum > 0"  # noqa: S608
    with shared.connect() as connection:
        assert len(connection.execute(text(views)).all()) > 60
        assert not connection.execute(text(f"{silent} AND col_description(attrelid, attnum) IS NULL")).all()
        assert not connection.execute(text(f"{views} AND obj_description(oid, 'pg_class') IS NULL")).all()


def test_no_view_of_core_lets_a_cheap_function_see_rows_before_they_are_filtered(login: Login) -> None:
    connection = login("unit_433199")
    barriers = "SELECT count(*) FROM pg_class WHERE relnamespace = 'core'::regnamespace AND reloptions IS NULL"
    assert connection.execute(text(barriers)).scalar_one() == 0


def test_roles_are_created_once_and_one_who_may_not_is_told_which_are_lacking(shared: Engine) -> None:
    with writing(shared) as connection:
        assert set(role_names(UNITS)) <= set(roles_there(connection))
        for statement in role_statements(UNITS):
            connection.exec_driver_sql(statement)
        connection.execute(text("SET LOCAL ROLE loader"))
        assert create_roles(connection, (*UNITS, "433197")) == ["unit_433197"]


def test_grants_outlast_a_migration(shared: Engine, login: Login) -> None:
    with writing(shared) as connection:
        _upgrade(connection)  # what every migration does, whatever its version changes
    assert _reads(login("public_reader"), "pub", "v_公开_指标")
    assert not _reads(login("public_reader"), "core", "finding")


def test_the_command_grants_lists_and_tells_an_administrator_what_to_run(
    shared: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XIANGXI_WAREHOUSE_URL", shared.url.render_as_string(hide_password=False))
    monkeypatch.setenv("XIANGXI_HOME", str(tmp_path))
    told = CliRunner().invoke(app, ["roles"])
    assert told.exit_code == 0
    assert all(role in told.stdout for role in ("loader", "unit_433101", "public_reader"))
    assert "缺少" not in told.stdout
    statements = CliRunner().invoke(app, ["roles", "--sql"]).stdout.splitlines()
    assert len(statements) == len(told.stdout.split("unit_")) - 1 + 4
    with writing(shared) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
