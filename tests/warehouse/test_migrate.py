"""Bringing a database to the newest version, and refusing every other way."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from alembic import command
from sqlalchemy import Column, Connection, Engine, MetaData, Table, func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError

from warehouse.bulk import insert_rows
from warehouse.connect import reading, writing
from warehouse.errors import MigrationError
from warehouse.migrate import SCRIPTS, _config, current_revision, downgrade, draft, migrate, newest_revision
from warehouse.publish import publish
from warehouse.schema import FACTS, STORED, fact_indicator, fact_verdict, finding, metadata, part, storage
from warehouse.table_views import table_queries
from warehouse.views import drop_views, view_queries

from .editions import PUBLISHED_AT, content, edition, marks


def test_an_empty_database_becomes_a_warehouse(empty: Engine) -> None:
    assert current_revision(empty) is None
    migrate(empty)
    assert current_revision(empty) == newest_revision()
    assert set(inspect(empty).get_table_names()) == {*storage.tables, "alembic_version"}
    assert set(inspect(empty).get_view_names()) == {*dict(table_queries()), *view_queries()}


def test_migrating_again_leaves_the_data(engine: Engine) -> None:
    publish(engine, edition(1), "test", PUBLISHED_AT)
    migrate(engine)
    assert marks(engine) == {"1"}


def test_a_warehouse_of_the_first_version_keeps_its_verdicts(empty: Engine) -> None:
    with writing(empty) as connection:
        command.upgrade(_config(connection), "0001")
        connection.execute(text(
            "INSERT INTO release (release_id, published_at, code_version, years) "
            "VALUES (1, '2021-01-25 18:00:00', 'v1', '2020')"
        ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO fact_verdict (release_id, year, commitment_id, region_code, verdict, maturity, target, gap) "
            "VALUES (1, 2020, 'T09a', '433199', 'missed', 'final', 0.57, 3)"
        ))  # fmt: skip
    migrate(empty)
    with reading(empty) as connection:
        (row,) = connection.execute(select(fact_verdict)).mappings().all()
    assert (row["target"], row["gap"], row["gap_verb"], row["gap_part"], row["trend"]) == (
        Decimal("0.5700"), 3, None, None, None,
    )  # fmt: skip


def test_findings_of_an_earlier_warehouse_are_open(empty: Engine) -> None:
    with writing(empty) as connection:
        command.upgrade(_config(connection), "0002")
        connection.execute(text(
            "INSERT INTO release (release_id, published_at, code_version, years) "
            "VALUES (1, '2021-01-25 18:00:00', 'v1', '2020')"
        ))  # fmt: skip
        connection.execute(text(
            "INSERT INTO finding (finding_id, submission_id, unit_code, rule_id, severity, message, how_to_fix) "
            "VALUES ('f', 's', '433199', 'r', 'must_explain', '', '')"
        ))  # fmt: skip
    migrate(empty)
    with reading(empty) as connection:
        (row,) = connection.execute(select(finding)).mappings().all()
    assert (row["state"], row["explanation_id"]) == ("open", None)


def test_releases_of_a_warehouse_of_copies_become_parts(empty: Engine) -> None:
    given = {1: edition(1, years=(2019, 2020)).fitted(), 2: edition(1, years=(2019, 2020)).fitted()}
    given[2][fact_indicator] = edition(2, years=(2019, 2020)).fitted()[fact_indicator]
    with writing(empty) as connection:
        command.upgrade(_config(connection), "0006")
        old = set(inspect(connection).get_table_names())
        for number, tables in given.items():
            row = "INSERT INTO release VALUES (:number, '2021-01-25 18:00:00', 'v1', '2020')"
            connection.execute(text(row), {"number": number})
            for table, rows in tables.items():
                if table.name in old and (table in FACTS or number == 2):
                    _insert(connection, table, rows, number)
    migrate(empty)
    assert marks(empty) == {"1", "2"}  # as it was filled: figures of the second edition, the rest of the first
    for table, rows in given[2].items():
        expected = rows.num_rows * (2 if table in FACTS else 1) if table.name in old else 0
        assert content(empty, table).num_rows == expected, table.name
    with reading(empty) as connection:
        named = select(part.c.slice, func.count()).where(part.c.table_name == fact_verdict.name).group_by(part.c.slice)
        assert connection.execute(named).all() == [("2019", 1), ("2020", 1)]  # equal in both releases, so shared
        figures = select(func.count()).where(part.c.table_name == fact_indicator.name)
        assert connection.execute(figures).scalar() == 4
    assert publish(empty, edition(3), "v1", PUBLISHED_AT) == 3
    assert marks(empty) == {"1", "2", "3"}  # figures and verdicts of 2019 are carried over


def _insert(connection: Connection, table: Table, rows: pa.Table, release_id: int) -> None:
    """Fill a table as it was in an earlier version, which has some of today's columns."""
    old = Table(table.name, MetaData(), autoload_with=connection)
    if "release_id" in old.c:
        rows = rows.append_column("release_id", pa.array([release_id] * rows.num_rows, pa.int32()))
    shared = (Column(c.name, table.c[c.name].type) for c in old.columns if c.name in table.c)
    typed = Table(table.name, MetaData(), *shared)
    insert_rows(connection, typed, rows)


@pytest.mark.parametrize("column", ["verdict", "maturity", "trend"])
def test_words_that_are_none_are_refused_after_all_migrations(engine: Engine, column: str) -> None:
    publish(engine, edition(1), "test", PUBLISHED_AT)
    with pytest.raises(IntegrityError, match=f"ck_stored_fact_verdict_{column}"), writing(engine) as connection:
        connection.execute(update(STORED[fact_verdict]).values({column: "?"}))


def test_facts_have_no_row_numbers_on_sqlite(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with reading(engine) as connection:
            made = (
                connection.execute(text("SELECT sql FROM sqlite_master WHERE name LIKE 'stored_fact%'")).scalars().all()
            )
        assert len(made) == len(FACTS)
        assert all(statement.rstrip().endswith("WITHOUT ROWID") for statement in made)


def test_there_is_no_way_back(engine: Engine) -> None:
    publish(engine, edition(1), "test", PUBLISHED_AT)
    with pytest.raises(MigrationError, match=f"不能从版本 {newest_revision()} 退回旧版本.*请恢复备份"):
        downgrade(engine, "base")
    assert marks(engine) == {"1"}


def test_a_warehouse_of_a_newer_program_is_left_alone(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(MigrationError, match="版本 9999 不为本程序所知"):
        migrate(engine)
    assert current_revision(engine) == "9999"
    assert set(inspect(engine).get_view_names()) == {*dict(table_queries()), *view_queries()}


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
        connection.execute(text("ALTER TABLE stored_fact_verdict DROP COLUMN gap"))
    drafted = draft(engine, "gap", scripts).read_text(encoding="utf-8")
    assert "batch_op.add_column(sa.Column('gap', sa.Numeric(28, 4)" in drafted
    assert "raise MigrationError.refused(revision)" in drafted


@pytest.mark.parametrize("revision", [f"{number:04d}" for number in range(1, int(newest_revision()))])
def test_every_earlier_version_goes_up_with_its_data(empty: Engine, revision: str) -> None:
    with writing(empty) as connection:
        command.upgrade(_config(connection), revision)
        held = filled(connection)
    migrate(empty)
    assert current_revision(empty) == newest_revision()
    assert held.keys() >= {"dim_school", "fact_indicator", "fact_verdict", "finding", "submission"}
    with reading(empty) as connection:
        for name, row in held.items():
            (found,) = connection.execute(select(metadata.tables[name])).mappings().all()
            kept = {column: value for column, value in row.items() if (name, column) not in NEVER_FILLED}
            assert {column: value for column, value in found.items() if kept.get(column) is not None} == kept, name


NEVER_FILLED = {("dim_indicator", "kind")}
"""What a later version took away, because no program of ours ever wrote it."""

WORDS = re.compile(r"(\w+)\)* (?:IN \(|= ANY \(\(?ARRAY\[)'(\w+)'")


def filled(connection: Connection) -> dict[str, dict[str, Any]]:
    """Put a row into every table that is there, in parts where the version has them; what readers shall find of it."""
    found = MetaData()
    found.reflect(connection)
    rows = {}
    for number, table in enumerate((t for t in found.sorted_tables if t.name != "alembic_version"), 1):
        row = _row(connection, table)
        if "part_id" in table.c and table.name.startswith("stored_"):
            _hold(connection, found, table, row, number)
        elif table.name in {"part", "release_part", "publication_token", "data_dictionary"}:
            continue
        connection.execute(insert(table).values(row))
        rows[table.name.removeprefix("stored_")] = {k: v for k, v in row.items() if k != "part_id"}
    return rows


def _row(connection: Connection, table: Table) -> dict[str, Any]:
    checks = " ".join(check["sqltext"] for check in inspect(connection).get_check_constraints(table.name))
    words = {column.strip('"('): word for column, word in WORDS.findall(checks)}
    made: dict[type, Any] = {str: "x", int: 1, bool: True, float: 0.25, Decimal: Decimal("1.5"),
                             date: date(2020, 9, 1), datetime: PUBLISHED_AT}  # fmt: skip
    return {c.name: words.get(c.name, made[c.type.python_type]) for c in table.columns}


def _hold(connection: Connection, found: MetaData, table: Table, row: dict[str, Any], number: int) -> None:
    """Make the part that the stored row belongs to, and let the release hold it."""
    name, is_fact = table.name.removeprefix("stored_"), table.name.startswith("stored_fact")
    row["part_id"] = number
    told = {"part_id": number, "table_name": name, "slice": "1" if is_fact else ""}
    connection.execute(insert(found.tables["part"]).values(**told, digest="x", row_count=1))
    connection.execute(insert(found.tables["release_part"]).values(**told, release_id=1))
