"""Publication: one edition becomes one release, as a whole or not at all.

Everything happens in one transaction of one writer. A run takes a token when it starts and may publish only while no
later run has taken one: an orphan that wakes up late loses. Readers see the release before until the commit. Where the
connection is lost at the commit, the release is looked up by its number and token.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from warehouse.changes import tell_changes
from warehouse.connect import writing
from warehouse.disclosure.protected import protected_tables
from warehouse.disclosure.suppress import Protections
from warehouse.edition import Edition, ReasonOf, fit
from warehouse.errors import (
    PublicationFailedError,
    PublicationLostError,
    UnknownReleaseError,
    WarehouseError,
    reason_of,
)
from warehouse.parts import bring_back, carry_over, cut, remove_unheld, write_pieces
from warehouse.releases import newest
from warehouse.schema import publication_token, release, release_part

KEEP_RELEASES = 10
PROTECTIONS = Protections()
LOOK_UPS, SECONDS_BETWEEN = 6, 5.0
"""How often, and how far apart, a lost commit is looked up while the database cannot be reached."""


@dataclass(frozen=True)
class _Told:
    """What the row of a release tells, beside its number and token."""

    published_at: datetime
    code_version: str
    years: str
    kind: str


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
    kind: str = "run",
    protections: Protections = PROTECTIONS,
) -> int:
    """Publish the edition as a new release, keep the newest `keep_releases`, and return the release's number.

    Facts of years outside the edition are carried over unchanged from the release before. Without `token` a new one is
    taken, so that a run in progress loses. What everybody and what analysts are told of each year is decided here, with
    small counts of persons protected as told.

    Raises:
        EditionError: the tables do not fit the schema.
        PublicationLostError: a later run has taken a token.
        PublicationFailedError: the database refused; the release before stands.
        WarehouseBusyError: another writer did not make room in time.
    """
    tables = edition.fitted()
    pieces = cut(tables)
    years = ",".join(map(str, edition.years))

    def fill(connection: Connection, before: int, number: int) -> None:
        carry_over(connection, [table.name for table in tables], edition.years, before, number)
        write_pieces(connection, pieces, before, number)
        _protect(connection, before, number, protections)

    told = _Told(published_at, code_version, years, kind)
    return _publish(engine, told, fill, edition.reason_of, token, keep_releases)


def roll_back(
    engine: Engine,
    source: int | None,
    code_version: str,
    published_at: datetime,
    *,
    token: int | None = None,
    keep_releases: int = KEEP_RELEASES,
    protections: Protections = PROTECTIONS,
) -> int:
    """Publish anew what release `source` held, by default the last but one; returns the number of the new release.

    No release is changed or removed by it, but for retention.

    Raises:
        UnknownReleaseError: that release is not kept, or there is none before.
        PublicationLostError, PublicationFailedError, WarehouseBusyError: as `publish`.
    """
    told = _Told(published_at, code_version, "", "rollback")

    def fill(connection: Connection, before: int, number: int) -> None:
        found = _source(connection, source, before)
        bring_back(connection, found, before, number)
        _protect(connection, before, number, protections)
        connection.execute(update(release).where(release.c.release_id == number).values(source_release_id=found))

    def reason(_year: int, _indicator_id: str, _region_code: str) -> str:
        return "回退到较早的发布" if source is None else f"回退到第 {source} 次发布"

    return _publish(engine, told, fill, reason, token, keep_releases)


def _protect(connection: Connection, before: int, number: int, protections: Protections) -> None:
    """Decide for the years of the release for which it is not decided yet what is told to whom."""
    made = protected_tables(connection, number, protections)
    write_pieces(connection, cut({table: fit(table, rows) for table, rows in made.items()}), before, number)


def _source(connection: Connection, asked: int | None, before: int) -> int:
    """The release to bring back: the one asked for, or the newest earlier than `before`."""
    kept = select(release.c.release_id).where(release.c.release_id <= before).order_by(release.c.release_id.desc())
    numbers = list(connection.execute(kept).scalars())
    found = asked if asked is not None else next(iter(numbers[1:]), None)
    if found is None or found not in numbers:
        raise UnknownReleaseError(asked, numbers)
    return found


def _publish(
    engine: Engine,
    told: _Told,
    fill: Callable[[Connection, int, int], None],
    why: ReasonOf,
    token: int | None,
    keep: int,
) -> int:
    """Publish what `fill` puts into a release, with its changes; returns its number."""
    mine, number = take_token(engine) if token is None else token, None
    try:
        with _publishing(engine) as connection:
            _check_newest(connection, mine)
            before = newest(connection) or 0
            connection.execute(insert(release), {**asdict(told), "release_id": before + 1, "token": mine})
            fill(connection, before, before + 1)
            tell_changes(connection, before, before + 1, told.published_at, why)
            _prune(connection, keep)
            number = before + 1
    except PublicationFailedError as error:
        if error.is_outcome_known:
            raise
        if number is None:  # the commit was never asked for
            raise error.undone() from None
        if not _is_there(engine, number, mine, error):
            raise error.undone() from None
    return int(number or 0)


def _is_there(engine: Engine, number: int, mine: int, error: PublicationFailedError) -> bool:
    """Whether a commit whose answer was lost took place; waits for a session that is still at it.

    Raises:
        PublicationFailedError: the database cannot be reached, so `error` stands: the outcome is unknown.
    """
    query = select(release.c.release_id).where(release.c.release_id == number, release.c.token == mine)
    for _ in range(LOOK_UPS):
        try:
            engine.dispose()
            with _publishing(engine) as connection:
                _locked_token(connection)
                return connection.execute(query).first() is not None
        except WarehouseError:
            time.sleep(SECONDS_BETWEEN)
    raise error


def _check_newest(connection: Connection, mine: int) -> None:
    """Lock the token until the transaction ends; no other run can take or check one meanwhile."""
    held = _locked_token(connection)
    if held != mine:
        raise PublicationLostError(mine, held)


def _locked_token(connection: Connection) -> int:
    token = select(publication_token.c.token).where(_TARGET).with_for_update()
    return int(connection.execute(token).scalar_one())


def _prune(connection: Connection, keep: int) -> None:
    """Remove all but the newest `keep` releases, and the parts that none holds; the newest one stays always."""
    newest_first = select(release.c.release_id).order_by(release.c.release_id.desc())
    oldest_kept = connection.execute(newest_first.offset(max(keep, 1) - 1).limit(1)).scalar()
    if oldest_kept is not None:
        for table in (release_part, release):
            connection.execute(delete(table).where(table.c.release_id < oldest_kept))
    remove_unheld(connection)


@contextmanager
def _publishing(engine: Engine) -> Iterator[Connection]:
    """The transaction of a writer, whose database errors are told without a value of any row."""
    try:
        with writing(engine) as connection:
            yield connection
    except DBAPIError as error:
        raise PublicationFailedError(reason_of(error.orig), is_outcome_known=not error.connection_invalidated) from None
    except engine.dialect.loaded_dbapi.Error as error:  # from COPY, which SQLAlchemy does not see
        is_lost = engine.dialect.is_disconnect(error, None, None)
        raise PublicationFailedError(reason_of(error), is_outcome_known=not is_lost) from None
