"""What a connection guarantees: who may read the file, how durable it is, and what a transaction sees."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, inspect, text
from sqlalchemy.exc import IntegrityError

import warehouse.connect
from warehouse.connect import open_engine, reading, sqlite_url, writing
from warehouse.errors import WarehouseBusyError, WarehouseUnreachableError
from warehouse.publish import publish, take_token
from warehouse.schema import release_part

from .editions import PUBLISHED_AT, edition


def test_a_new_file_is_for_its_owner_only_and_durable(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "warehouse.db"
    engine = open_engine(sqlite_url(path))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
        pragmas = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
        assert pragmas == ["wal", 2]
        files = list(path.parent.iterdir())
        assert {file.name for file in files} == {"warehouse.db", "warehouse.db-wal", "warehouse.db-shm"}
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    engine.dispose()


def test_the_mode_of_a_file_that_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "warehouse.db"
    path.touch()
    path.chmod(0o640)
    open_engine(sqlite_url(path)).dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("url", ["mysql://host/db", "no address", "sqlite://"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(WarehouseUnreachableError, match="仓库"):
        open_engine(url)


def test_a_warehouse_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "warehouse.db").write_bytes(b"PK\x03\x04" * 1000)
    urls = [sqlite_url(tmp_path / "warehouse.db"), f"postgresql://u:secret@/db?host={tmp_path}"]
    for url in urls:
        with (
            pytest.raises(WarehouseUnreachableError, match="仓库无法打开.*再运行一次") as caught,
            writing(open_engine(url)),
        ):
            pass
        assert "secret" not in str(caught.value)


def test_an_address_without_driver_means_psycopg() -> None:
    assert open_engine("postgresql://host/db").dialect.driver == "psycopg"


def test_foreign_keys_hold(engine: Engine) -> None:
    orphan = {"release_id": 7, "table_name": "finding", "slice": "", "part_id": 1}
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(insert(release_part), orphan)


def test_ddl_is_undone_with_its_transaction(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin() as connection:
        connection.execute(text("ALTER TABLE part ADD COLUMN undone INTEGER"))
        raise ZeroDivisionError
    assert "undone" not in {column["name"] for column in inspect(engine).get_columns("part")}


def test_one_reading_sees_one_release(engine: Engine) -> None:
    publish(engine, edition(1, schools=10), "test", PUBLISHED_AT)
    with reading(engine) as connection:
        seen = [connection.execute(text("SELECT max(release_id) FROM release")).scalar()]
        publish(engine, edition(2, schools=20), "test", PUBLISHED_AT)
        seen.append(connection.execute(text("SELECT max(release_id) FROM release")).scalar())
        seen.append(connection.execute(text("SELECT count(*) FROM dim_school")).scalar())
    assert seen == [1, 1, 10]


def test_a_second_writer_waits_and_says_so(engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse.connect, "WAIT_SECONDS", 1)
    second = open_engine(url)
    with writing(engine) as connection:
        connection.execute(text("UPDATE publication_token SET token = token + 1"))
        with pytest.raises(WarehouseBusyError, match="等待 1 秒") as caught:
            take_token(second)
    assert caught.value.retry
    assert take_token(second) == 2
    second.dispose()
