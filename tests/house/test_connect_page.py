"""What docs/connect.md tells a reader to run is run on a release, on both engines, and cannot write."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, make_url

from tests.house.code import ROOT
from tests.house.pages import Block, blocks
from tests.warehouse.editions import PUBLISHED_AT, edition
from warehouse.connect import open_engine, sqlite_url
from warehouse.gold import write_gold
from warehouse.migrate import migrate
from warehouse.publish import publish

PAGE = ROOT / "docs" / "connect.md"
ADDRESS = "postgresql://reader@server/xiangxi"


def told(language: str) -> list[Block]:
    return [block for block in blocks(PAGE) if block.language == language]


def run(block: Block, **replaced: str) -> dict[str, Any]:
    """The names that a block of Python leaves."""
    text = block.text
    for old, new in replaced.items():
        text = text.replace(ADDRESS if old == "address" else old, new)
    left: dict[str, Any] = {}
    exec(compile(text, str(PAGE), "exec"), left)  # noqa: S102 - the page is ours
    return left


def filled(engine: Engine) -> Engine:
    migrate(engine)
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    return engine


def test_blocks_that_read_files_read_the_release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = filled(open_engine(sqlite_url(tmp_path / "var" / "warehouse.db")))
    write_gold(engine, tmp_path / "var" / "lake" / "gold")
    engine.dispose()
    monkeypatch.chdir(tmp_path)
    left: dict[str, Any] = {}
    for block in told("python"):
        if "psycopg" not in block.text:
            left |= run(block)
    assert len(left["figures"]) == len(left["schools"]) == 30
    assert left["schools"]["unit_code"].tolist() == ["433199"] * 30
    assert left["themes"] == [("班额", "school", 30)]
    assert "在校生数" in left["profile"].columns
    with pytest.raises(sqlite3.ProgrammingError):
        left["warehouse"].execute("SELECT 1")  # it is closed
    again = sqlite3.connect("file:var/warehouse.db?mode=ro", uri=True)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        again.execute("DELETE FROM release")
    again.close()


@pytest.fixture
def server(postgresql_url: str) -> Iterator[str]:
    """The address of a database of its own with a release, without the scheme of SQLAlchemy."""
    owner = make_url(postgresql_url).set(drivername="postgresql")
    with psycopg.connect(owner.render_as_string(hide_password=False), autocommit=True) as admin:
        admin.execute("CREATE DATABASE connected TEMPLATE template0")
        made = owner.set(database="connected")
        yield made.render_as_string(hide_password=False)
        admin.execute("DROP DATABASE connected WITH (FORCE)")
        admin.execute("DROP ROLE reader")


def test_the_login_reads_and_cannot_write(server: str) -> None:
    (grants,) = told("sql")
    filled(open_engine(server)).dispose()
    with psycopg.connect(server) as owner:
        owner.execute(grants.text)
    address = make_url(server).set(username="reader").render_as_string(hide_password=False)
    (block,) = [each for each in told("python") if "psycopg" in each.text]
    assert ADDRESS in block.text
    assert isinstance(run(block, address=address)["units"], list)
    with psycopg.connect(address) as connection:
        assert connection.execute("SELECT count(*) FROM v_记分卡").fetchall() == [(1,)]
        assert connection.execute("SHOW transaction_read_only").fetchall() == [("on",)]
        connection.rollback()
        connection.execute("SET TRANSACTION READ WRITE")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM mart.release")
