"""Who may read and write what on PostgreSQL: three schemas of views, and the roles that are granted them.

Tables and the views under which programs read them stay in the schema that was migrated. `core` shows all of it, `mart`
figures, verdicts and what analysts need without schools and without small counts of persons (`mart.py`), `pub` the
public tables alone. Views are made and granted anew after every migration. Roles belong to the server: for who may not
create them there are the statements. SQLite has no roles (`public_file.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, text

from warehouse.analyst import VIEWS, public
from warehouse.mart import status_comments, withheld_queries
from warehouse.schema import PUBLIC, PUBLISHED, STORED, metadata
from warehouse.table_views import AS_OF

CORE, MART, PUB = SCHEMAS = ("core", "mart", "pub")

_OF_RELEASES = ("part", "release", "release_part", "release_change", "publication_token")
_PUBLIC_NAMES = frozenset(
    {table.name for table in PUBLIC} | {name for view in public.VIEWS for name in (view.name_en, view.name_zh)}
)
_IN_MART = (
    "dim_region", "dim_unit", "dim_year", "dim_indicator", "dim_commitment", "dim_code", "dim_size_band", "dim_rule",
    "fact_indicator", "fact_verdict", "fact_venue", "fact_work_item", "release", "release_change", "data_dictionary",
    "v_scorecard", "v_indicator", "v_region_profile", "v_reporting", "v_venue", "v_work_item",
)  # fmt: skip
_OWN = (
    "'unit_' || unit_code IN (SELECT rolname FROM pg_catalog.pg_roles WHERE pg_has_role(oid, 'USAGE')) OR EXISTS "
    "(SELECT FROM pg_catalog.pg_roles WHERE rolname IN ('steward', 'loader') AND pg_has_role(oid, 'USAGE'))"
)
"""The rows of the reader's own unit, and all for a steward."""
_ROWS: Mapping[tuple[str, str], str] = {
    (CORE, "finding"): _OWN, (CORE, "submission"): _OWN,
}  # fmt: skip
"""Which rows a view of a schema shows, where not all."""

_COMMENTS = """
    WITH shown AS (
        SELECT view.oid, view.relnamespace::regnamespace AS schema, view.relname AS name, home.oid AS home
        FROM pg_class view JOIN pg_class home USING (relname)
        WHERE view.relnamespace::regnamespace::text IN ('core', 'mart', 'pub')
        AND home.relnamespace = current_schema()::regnamespace
    )
    SELECT format('COMMENT ON VIEW %%s.%%I IS %%L', schema, name, obj_description(home, 'pg_class')) FROM shown
    UNION ALL
    SELECT format('COMMENT ON COLUMN %%s.%%I.%%I IS %%L', schema, name, attname, col_description(home, told.attnum))
    FROM shown JOIN pg_attribute shows ON shows.attrelid = shown.oid
    JOIN pg_attribute told USING (attname)
    WHERE told.attrelid = home AND told.attnum > 0
"""
"""What tells of each view of a schema, and of its columns, what is told where it comes from."""

UNIT = "unit_"


@dataclass(frozen=True)
class Access:
    """What a role may read, whether it publishes, and the limits of those who log in as its members."""

    schemas: tuple[str, ...]
    only: tuple[str, ...] = ()
    """Of the first schema, these views alone."""
    is_writing: bool = False
    seconds: int = 60
    connections: int = 5


ROLES: Mapping[str, Access] = {
    "loader": Access(SCHEMAS, is_writing=True, seconds=0),
    "steward": Access(SCHEMAS),
    "analyst": Access((MART, PUB)),
    "public_reader": Access((PUB,), seconds=30, connections=20),
}
UNIT_ACCESS = Access((CORE, PUB), only=("submission", "finding"), seconds=30)
"""What each role `unit_<code>` may read."""


def access_of(role: str) -> Access:
    """What a role of ours may do."""
    return UNIT_ACCESS if role.startswith(UNIT) else ROLES[role]


def views_of(schema: str) -> list[str]:
    """The names of the views of a schema."""
    people = {name for view in VIEWS for name in (view.name_en, view.name_zh)}
    if schema == PUB:
        return sorted(_PUBLIC_NAMES)
    if schema == MART:
        twins = {view.name_zh for view in VIEWS if view.name_en in _IN_MART}
        return sorted({*_IN_MART, *twins})
    as_of = {f"{AS_OF}{table.name}" for table in PUBLISHED}
    return sorted((set(metadata.tables) | as_of | people) - _PUBLIC_NAMES)


def open_schemas(connection: Connection) -> None:
    """Make roles, schemas and views, and grant these to the roles; what the user may not do is left out."""
    if connection.dialect.name != "postgresql":
        return
    may = "SELECT has_database_privilege(current_database(), 'CREATE')"
    if not connection.execute(text(may)).scalar_one():
        return
    close_schemas(connection)
    units = "SELECT region_code FROM dim_region WHERE level = 'county' ORDER BY 1"
    create_roles(connection, connection.execute(text(units)).scalars())
    statements = [*_schemas(_home(connection)), *_grants(_home(connection), roles_there(connection))]
    connection.exec_driver_sql("; ".join(statements).replace("%", "%%"))
    comments = [*connection.exec_driver_sql(_COMMENTS).scalars(), *status_comments()]
    connection.exec_driver_sql("; ".join(comments).replace("%", "%%"))


def close_schemas(connection: Connection) -> None:
    """Take away our views in the schemas, so that what they show can be changed."""
    if connection.dialect.name != "postgresql":
        return
    schemas = "relnamespace::regnamespace::text IN ('core', 'mart', 'pub')"
    views = f"SELECT oid::regclass FROM pg_class WHERE relkind = 'v' AND {schemas} ORDER BY oid DESC"  # noqa: S608
    for name in connection.exec_driver_sql(views.replace("%", "%%")).scalars().all():
        connection.exec_driver_sql(f"DROP VIEW {name}".replace("%", "%%"))


def create_roles(connection: Connection, units: Iterable[str]) -> list[str]:
    """Create the roles that are lacking, if the user may; returns those that are lacking still."""
    lacking = [name for name in role_names(units) if name not in roles_there(connection)]
    may = "SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user"
    if not connection.execute(text(may)).scalar_one():
        return lacking
    for name in lacking:
        connection.execute(text(f"CREATE ROLE {name} NOLOGIN"))
    return []


def role_names(units: Iterable[str]) -> list[str]:
    """All roles, with one for each of the units."""
    return [*ROLES, *(f"{UNIT}{code}" for code in units)]


def roles_there(connection: Connection) -> list[str]:
    """Those of our roles that the server has."""
    ours = "SELECT rolname FROM pg_roles WHERE rolname = ANY(:fixed) OR rolname ~ '^unit_[0-9]{6}$' ORDER BY 1"
    return list(connection.execute(text(ours), {"fixed": list(ROLES)}).scalars())


def role_statements(units: Iterable[str]) -> Iterator[str]:
    """What an administrator runs on the server, as often as he likes, to create the roles."""
    for name in role_names(units):
        there = f"IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}')"
        yield f"DO $$ BEGIN {there} THEN CREATE ROLE {name} NOLOGIN; END IF; END $$"


def login_statements(login: str, role: str) -> Iterator[str]:
    """What creates a login of a role, with its limits, which as settings of the role would not reach its members."""
    access = access_of(role)
    yield f"CREATE ROLE {login} LOGIN IN ROLE {role} CONNECTION LIMIT {access.connections}"
    if not access.is_writing:
        yield f"ALTER ROLE {login} SET search_path = {', '.join(access.schemas)}"
        yield f"ALTER ROLE {login} SET default_transaction_read_only = on"
    yield f"ALTER ROLE {login} SET statement_timeout = '{access.seconds}s'"


def _home(connection: Connection) -> str:
    name = str(connection.execute(text("SELECT current_schema()")).scalar_one())
    return connection.dialect.identifier_preparer.quote(name)


def _schemas(home: str) -> Iterator[str]:
    withheld = withheld_queries()
    for schema in SCHEMAS:
        yield f"CREATE SCHEMA IF NOT EXISTS {schema}"
        for name in views_of(schema):
            where = f" WHERE {_ROWS[schema, name]}" if (schema, name) in _ROWS else ""
            shown = f'TABLE {home}."{name}"' if not where else f'SELECT * FROM {home}."{name}"{where}'  # noqa: S608
            if schema == MART and name in withheld:
                shown = withheld[name](home)
            yield f'CREATE VIEW {schema}."{name}" WITH (security_barrier) AS {shown}'


def _grants(home: str, roles: Iterable[str]) -> Iterator[str]:
    written = ", ".join((*(table.name for table in STORED.values()), *_OF_RELEASES))
    for role in roles:
        access = access_of(role)
        for schema in access.schemas:
            yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
            if access.only and schema == access.schemas[0]:
                yield f"GRANT SELECT ON {', '.join(f'{schema}.{name}' for name in access.only)} TO {role}"
            else:
                yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"
        if access.is_writing:
            yield f"GRANT USAGE ON SCHEMA {home} TO {role}"
            yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {home} TO {role}"
            yield f"GRANT INSERT, UPDATE, DELETE ON {written} TO {role}"
