"""Dagster's history in the home, as a command keeps it open while it runs.

Dagster opens each of its SQLite files anew for every statement and makes a new engine for that, a thousand times in a
night: half of the time of a small one. Here the event log keeps one engine per file. Files, tables and what stands in
them are Dagster's own; webserver and daemon open them as Dagster does. A history in PostgreSQL is left as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dagster as dg
import sqlalchemy as sa
from dagster._core.instance.ref import InstanceRef
from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData


@contextmanager
def opened(dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    """The instance whose `dagster.yaml` lies in that folder, for the length of the block."""
    ref = InstanceRef.from_dir(str(dagster_home))
    theirs = ref.storage_data
    if theirs and theirs.class_name == DagsterSqliteStorage.__name__:
        ours = ConfigurableClassData(__name__, KeptOpenStorage.__name__, theirs.config_yaml)
        ref = ref._replace(storage_data=ours)
    with dg.DagsterInstance.from_ref(ref) as instance:
        yield instance


class KeptOpenEventLog(SqliteEventLogStorage):
    """Dagster's event log in SQLite, a file per run and one over all, whose files stay open until it is disposed of."""

    def __init__(self, base_dir: str) -> None:
        self._engines: dict[str, sa.Engine] = {}
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        """A connection to a run's file or to the index, with a transaction that is committed after the block."""
        with self._db_lock:
            engine = self._engine(shard)
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def has_table(self, table_name: str) -> bool:
        """Whether the index has that table; also asked within a transaction on it, so without waiting for that."""
        return sa.inspect(self._engine(INDEX_SHARD_NAME)).has_table(table_name)

    def dispose(self) -> None:
        """Close what was opened."""
        super().dispose()
        for engine in self._engines.values():
            engine.dispose()

    def _engine(self, shard: str) -> sa.Engine:
        if shard not in self._engines:
            patience = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
            engine = sa.create_engine(self.conn_string_for_shard(shard), connect_args=patience)
            sa.event.listen(engine, "connect", _without_waiting)
            self._engines[shard] = engine
        return self._engines[shard]


def _without_waiting(connection: sqlite3.Connection, _: object) -> None:
    """Leave it to the system when an event reaches the disk: a power cut may cost the last ones, and breaks nothing.

    What the ledger and the warehouse hold does not rest on them; a run that they leave started is ended by `recover`.
    """
    connection.execute("PRAGMA synchronous = NORMAL")


class KeptOpenStorage(DagsterSqliteStorage):
    """Dagster's storage in SQLite with that event log."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = KeptOpenEventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> KeptOpenStorage:
        """The storage in the folder that the configuration names."""
        return cls(inst_data=inst_data, **config_value)
