"""Bringing a database to the newest version, and refusing every other way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from warehouse.errors import MigrationError
from warehouse.migrate import SCRIPTS, current_revision, downgrade, draft, migrate, newest_revision
from warehouse.publish import publish
from warehouse.schema import metadata
from warehouse.views import drop_views, view_queries

from .editions import PUBLISHED_AT, edition, marks


def test_an_empty_database_becomes_a_warehouse(empty: Engine) -> None:
    assert current_revision(empty) is None
    migrate(empty)
    assert current_revision(empty) == newest_revision()
    assert set(inspect(empty).get_table_names()) == {*metadata.tables, "alembic_version"}
    assert set(inspect(empty).get_view_names()) == set(view_queries())


def test_migrating_again_leaves_the_data(engine: Engine) -> None:
    publish(engine, edition(1), "test", PUBLISHED_AT)
    migrate(engine)
    assert marks(engine) == {"1"}


def test_there_is_no_way_back(engine: Engine) -> None:
    publish(engine, edition(1), "test", PUBLISHED_AT)
    with pytest.raises(MigrationError, match="不能从版本 0001 退回旧版本.*请恢复备份"):
        downgrade(engine, "base")
    assert marks(engine) == {"1"}


def test_a_warehouse_of_a_newer_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="版本 9999 不为本程序所知"):
        migrate(engine)
    assert current_revision(engine) == "9999"
    assert set(inspect(engine).get_view_names()) == set(view_queries())


def test_a_migration_that_fails_leaves_nothing_behind(empty: Engine) -> None:
    with empty.begin() as connection:
        connection.execute(text("CREATE TABLE status_matrix (occupied INTEGER)"))
    with pytest.raises(MigrationError, match="升级失败.*status_matrix"):
        migrate(empty)
    assert inspect(empty).get_table_names() == ["status_matrix"]


def test_a_new_version_is_drafted_from_the_difference(engine: Engine, tmp_path: Path) -> None:
    scripts = tmp_path / "migrations"
    shutil.copytree(SCRIPTS, scripts)
    with engine.begin() as connection:
        drop_views(connection)
        connection.execute(text("ALTER TABLE fact_verdict DROP COLUMN gap"))
    drafted = draft(engine, "gap", scripts).read_text(encoding="utf-8")
    assert "batch_op.add_column(sa.Column('gap', sa.Numeric(28, 4)" in drafted
    assert "raise MigrationError.refused(revision)" in drafted
