"""PostgreSQL: the connection breaks in the middle of a publication. Never a mix, and what became of it is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, NullPool, create_engine, text

import warehouse.parts
import warehouse.publish
from warehouse.bulk import insert_rows
from warehouse.errors import PublicationFailedError, WarehouseUnreachableError
from warehouse.publish import publish, take_token
from warehouse.schema import STORED, finding

from .editions import PUBLISHED_AT, edition, marks


@pytest.fixture
def url(new_url: Callable[[str], str]) -> str:
    return new_url("postgresql")


@pytest.fixture
def terminate(url: str) -> Iterator[Callable[[Any], None]]:
    """Ends the server process of a connection, as an administrator or a failing server would."""
    admin = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def end(connection: Any) -> None:
        with admin.connect() as other:
            told = {"pid": connection.info.backend_pid}
            assert other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), told).scalar()

    yield end
    admin.dispose()


def _and_then(engine: Engine, edition_two_is_there: bool) -> None:  # noqa: FBT001
    assert marks(engine) == {"2" if edition_two_is_there else "1"}
    assert publish(engine, edition(3), "v1", PUBLISHED_AT) == 2 + edition_two_is_there
    assert marks(engine) == {"3"}


def test_a_session_ended_amid_copy_leaves_the_release_before(
    engine: Engine, terminate: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)

    def insert(connection: Any, table: Any, rows: Any) -> None:
        if table is STORED[finding]:
            terminate(connection.connection.dbapi_connection)
        insert_rows(connection, table, rows)

    monkeypatch.setattr(warehouse.parts, "insert_rows", insert)
    with pytest.raises(PublicationFailedError, match="已全部撤回") as caught:
        publish(engine, edition(2), "v1", PUBLISHED_AT)
    assert caught.value.is_outcome_known
    monkeypatch.undo()
    _and_then(engine, edition_two_is_there=False)


def test_a_session_ended_before_its_commit_is_known_to_have_published_nothing(
    engine: Engine, terminate: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    token, commit = take_token(engine), engine.dialect.do_commit

    def ended_first(connection: Any) -> None:
        monkeypatch.undo()
        terminate(connection.dbapi_connection)
        commit(connection)

    monkeypatch.setattr(engine.dialect, "do_commit", ended_first)
    with pytest.raises(PublicationFailedError, match="已全部撤回"):
        publish(engine, edition(2), "v1", PUBLISHED_AT, token=token)
    _and_then(engine, edition_two_is_there=False)


def test_a_commit_whose_answer_is_lost_is_found_by_its_release(
    engine: Engine, terminate: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    token, commit = take_token(engine), engine.dialect.do_commit

    def answer_lost(connection: Any) -> None:
        monkeypatch.undo()
        commit(connection)
        terminate(connection.dbapi_connection)
        connection.dbapi_connection.close()
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(engine.dialect, "do_commit", answer_lost)
    assert publish(engine, edition(2), "v1", PUBLISHED_AT, token=token) == 2
    _and_then(engine, edition_two_is_there=True)


def test_while_the_server_cannot_be_reached_the_outcome_stays_unknown(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    token, commit, connect = take_token(engine), engine.dialect.do_commit, engine.dialect.connect

    def gone(*_: Any, **__: Any) -> Any:
        raise psycopg.OperationalError("connection refused")

    def server_gone(connection: Any) -> None:
        commit(connection)
        connection.dbapi_connection.close()
        monkeypatch.setattr(engine.dialect, "connect", gone)
        raise psycopg.OperationalError("server closed the connection unexpectedly")

    monkeypatch.setattr(warehouse.publish, "SECONDS_BETWEEN", 0.01)
    monkeypatch.setattr(engine.dialect, "do_commit", server_gone)
    with pytest.raises((PublicationFailedError, WarehouseUnreachableError), match="结果未知") as caught:
        publish(engine, edition(2), "v1", PUBLISHED_AT, token=token)
    assert caught.value.retry
    monkeypatch.setattr(engine.dialect, "connect", connect)
    monkeypatch.setattr(engine.dialect, "do_commit", commit)
    _and_then(engine, edition_two_is_there=True)
