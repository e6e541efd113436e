"""Bringing a database to the schema of this program, with its data in place.

Migrations lie in `migrations/versions`; views are made anew after them from `views.py`, so a changed view needs a
version too, be it an empty one. A database never goes back.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from warehouse.access import open_schemas
from warehouse.connect import reading, writing
from warehouse.described import describe
from warehouse.errors import MigrationError, reason_of
from warehouse.views import create_views, drop_views

SCRIPTS = Path(__file__).parent / "migrations"
_POSTGRESQL_LOCK = 433100


def migrate(engine: Engine) -> None:
    """Bring the database to the newest version, in one transaction; nothing happens when it is there already.

    Raises:
        MigrationError: its version is none of ours, so a newer program has been here; or the database refused.
    """
    if current_revision(engine) == newest_revision():
        return
    try:
        with writing(engine) as connection:
            _upgrade(connection)
    except DBAPIError as error:
        raise MigrationError.failed(reason_of(error.orig)) from None


def current_revision(engine: Engine) -> str | None:
    """The version at which the database stands; None when it holds no warehouse yet."""
    with reading(engine) as connection:
        return _revision(connection)


def newest_revision() -> str:
    """The version that this program brings a database to."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def downgrade(engine: Engine, revision: str) -> None:
    """Refuse, whatever the revision.

    Raises:
        MigrationError: always; a backup is the way back.
    """
    with writing(engine) as connection:
        command.downgrade(_config(connection), revision)


def draft(engine: Engine, message: str, scripts: Path = SCRIPTS) -> Path:
    """The file of a new version, written from how the schema differs from a database at the newest one.

    Read and amend it before it is released: what to do with the data in place is not in it.
    """
    number = f"{int(newest_revision()) + 1:04d}"
    with writing(engine) as connection:
        command.revision(_config(connection, scripts), message, autogenerate=True, rev_id=number)
    return next((scripts / "versions").glob(f"{number}_*.py"))


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_POSTGRESQL_LOCK})"))
    drop_views(connection)
    try:
        command.upgrade(_config(connection), "head")
    except CommandError:
        raise MigrationError.unknown(_revision(connection)) from None
    create_views(connection)
    describe(connection)
    open_schemas(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection | None = None, scripts: Path = SCRIPTS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
