"""Publication: one edition becomes one release, as a whole or not at all.

Everything happens in one transaction of one writer. A run takes a token when it starts and may publish only while no
later run has taken one: an orphan that wakes up late loses. Readers see the release before until the commit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

import pyarrow as pa
from sqlalchemy import Connection, Engine, Table, delete, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError

from warehouse.bulk import insert_rows
from warehouse.connect import writing
from warehouse.edition import Edition
from warehouse.errors import PublicationFailedError, PublicationLostError, reason_of
from warehouse.schema import FACTS, publication_token, release

KEEP_RELEASES = 10

_TARGET = publication_token.c.target == "release"


def take_token(engine: Engine) -> int:
    """A token newer than every one before; the run that holds it may publish until the next is taken."""
    with _publishing(engine) as connection:
        raised = update(publication_token).where(_TARGET).values(token=publication_token.c.token + 1)
        return int(connection.execute(raised.returning(publication_token.c.token)).scalar_one())


def publish(
    engine: Engine,
    edition: Edition,
    code_version: str,
    published_at: datetime,
    *,
    token: int | None = None,
    keep_releases: int = KEEP_RELEASES,
) -> int:
    """Publish the edition as a new release, keep the newest `keep_releases`, and return the release's number.

    Facts of years outside the edition are carried over unchanged from the release before. Without `token` a new one is
    taken, so that a run in progress loses.

    Raises:
        EditionError: the tables do not fit the schema.
        PublicationLostError: a later run has taken a token.
        PublicationFailedError: the database refused; the release before stands.
        WarehouseBusyError: another writer did not make room in time.
    """
    tables = edition.fitted()
    mine = take_token(engine) if token is None else token
    years = ",".join(map(str, edition.years))
    with _publishing(engine) as connection:
        _check_newest(connection, mine)
        before = connection.execute(select(func.max(release.c.release_id))).scalar() or 0
        row = {"release_id": before + 1, "published_at": published_at, "code_version": code_version, "years": years}
        connection.execute(insert(release), row)
        _write(connection, tables, before + 1)
        _carry_over(connection, edition.years, before)
        _prune(connection, keep_releases)
    return int(before + 1)


def _check_newest(connection: Connection, mine: int) -> None:
    """Lock the token until the transaction ends; no other run can take or check one meanwhile."""
    newest = connection.execute(select(publication_token.c.token).where(_TARGET).with_for_update()).scalar_one()
    if newest != mine:
        raise PublicationLostError(mine, newest)


def _write(connection: Connection, tables: Mapping[Table, pa.Table], release_id: int) -> None:
    for table in reversed([table for table in tables if table not in FACTS]):
        connection.execute(delete(table))
    for table, rows in tables.items():
        if table in FACTS:
            number = pa.repeat(pa.scalar(release_id, pa.int32()), rows.num_rows)
            rows = rows.append_column("release_id", number)  # noqa: PLW2901
        insert_rows(connection, table, rows)


def _carry_over(connection: Connection, years: tuple[int, ...], before: int) -> None:
    """Copy from release `before` to the next one the facts of all years but these."""
    for fact in FACTS:
        rest = [column for column in fact.columns if column is not fact.c.release_id]
        rows = select(literal(before + 1), *rest).where(fact.c.release_id == before, fact.c.year.not_in(years))
        connection.execute(insert(fact).from_select([fact.c.release_id, *rest], rows))


def _prune(connection: Connection, keep: int) -> None:
    """Remove all but the newest `keep` releases; the newest one stays always."""
    newest_first = select(release.c.release_id).order_by(release.c.release_id.desc())
    oldest_kept = connection.execute(newest_first.offset(max(keep, 1) - 1).limit(1)).scalar()
    if oldest_kept is not None:
        for table in (*FACTS, release):
            connection.execute(delete(table).where(table.c.release_id < oldest_kept))


@contextmanager
def _publishing(engine: Engine) -> Iterator[Connection]:
    """The transaction of a writer, whose database errors are told without a value of any row."""
    try:
        with writing(engine) as connection:
            yield connection
    except DBAPIError as error:
        raise PublicationFailedError(reason_of(error.orig), is_outcome_known=not error.connection_invalidated) from None
    except engine.dialect.loaded_dbapi.Error as error:  # from COPY, which SQLAlchemy does not see
        raise PublicationFailedError(reason_of(error), is_outcome_known=True) from None
