"""The year's rows in an engine: staged Parquet files become the tables that indicators are written on.

DuckDB runs in process on an in-memory connection; it holds nothing but views over the files. The rows are those that
stand: accepted, current, of the plan year's periods. Which files these are is decided by the caller.
"""

from __future__ import annotations

import glob
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, MetaData, Numeric, Select, String, Table
from sqlalchemy.types import TypeEngine

from assets.indicators.sql import sql_text
from assets.indicators.views import views

if TYPE_CHECKING:
    import duckdb

    from expectations.contract import Contract


@dataclass(frozen=True)
class Dataset:
    """What must be known of a dataset: its columns when staged, what a missing file means, whose rows it holds.

    `missing` is gap, stale or nothing. `from_bureau`: one file speaks for all units, and without it there is none.
    `of_schools`: every row is a school's and counts for the unit that lists the school.
    """

    schema: pa.Schema
    missing: str
    from_bureau: bool = False
    of_schools: bool = False

    @classmethod
    def of(cls, contract: Contract) -> Dataset:
        """The same, as a contract tells it."""
        senders = {expected.sender for expected in contract.expected}
        of_schools = contract.has("school_code") and contract.column("school_code").required
        return cls(contract.staged_schema(), contract.missing, senders == {"bureau"}, of_schools)


@dataclass(frozen=True)
class YearInputs:
    """All that the figures of one plan year are made from.

    `staged`: Parquet files of accepted rows by dataset, of the year's periods (for `stale` datasets, the version that
    stands). `standing`: dataset, period, unit_code, standing (current, stale, missing), questions (how many
    must_explain findings are open). `townships`: township_code, name, county_code, kind.
    """

    year: int
    staged: Mapping[str, list[Path]]
    standing: pa.Table
    townships: pa.Table
    units: tuple[str, ...]
    counties: tuple[str, ...]


@dataclass(frozen=True)
class YearTables:
    """The tables of a year and the connection on which they can be asked."""

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Table]

    def fetch(self, statement: Any) -> pa.Table:
        """The rows of a select."""
        return self.connection.sql(sql_text(statement)).to_arrow_table()

    def keep(self, name: str, statement: Any) -> Table:
        """The rows of a select, computed once and kept as a table for as long as the connection lives."""
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {sql_text(statement)}")
        return table_like(name, statement)

    def hold(self, name: str, rows: pa.Table) -> Table:
        """Rows of ours as a table."""
        self.connection.register(name, rows)
        return table_of(name, rows.schema)


@contextmanager
def open_year(inputs: YearInputs, datasets: Mapping[str, Dataset]) -> Iterator[YearTables]:
    """Open the tables of a year: one per dataset (empty when it has no file), `township` and `county`."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        staged = {name: _staged(connection, name, inputs.staged.get(name, []), datasets[name]) for name in datasets}
        of_schools = {name for name, facts in datasets.items() if facts.of_schools}
        made = _views(connection, views(staged, of_schools))
        yield YearTables(connection, {**made, **_regions(connection, inputs)})


def _staged(connection: duckdb.DuckDBPyConnection, dataset: str, files: list[Path], facts: Dataset) -> Table:
    """The files as one view with all columns of the contract: older files may lack some, none at all is no row."""
    name = f"staged_{dataset}"
    connection.register(f"{name}_none", facts.schema.empty_table())
    rows_of = f"SELECT * FROM {name}_none"  # noqa: S608 - names of our own datasets
    if files:
        names = sorted(glob.escape(str(path)) for path in files)
        rows = connection.read_parquet(names, union_by_name=True, hive_partitioning=False)
        rows.create_view(f"{name}_files")
        rows_of += f" UNION ALL BY NAME SELECT * FROM {name}_files"  # noqa: S608 - the same
    connection.execute(f"CREATE VIEW {name} AS {rows_of}")
    return table_of(name, facts.schema)


def _views(connection: duckdb.DuckDBPyConnection, selects: Mapping[str, Select[Any]]) -> dict[str, Table]:
    made = {}
    for name, statement in selects.items():
        connection.execute(f"CREATE VIEW {name} AS {sql_text(statement)}")
        made[name] = table_like(name, statement)
    return made


def _regions(connection: duckdb.DuckDBPyConnection, inputs: YearInputs) -> dict[str, Table]:
    """Tables of places: `township`, counted for its county, and `county`, the eight."""
    townships = inputs.townships.rename_columns(
        ["unit_code" if name == "county_code" else name for name in inputs.townships.column_names]
    )
    counties = pa.table({"unit_code": pa.array(inputs.counties, pa.string())})
    places = {"township": townships, "county": counties}
    for name, rows in places.items():
        connection.register(name, rows)
    return {name: table_of(name, rows.schema) for name, rows in places.items()}


def table_of(name: str, schema: pa.Schema) -> Table:
    """A table with the columns and types of an Arrow schema."""
    return Table(name, MetaData(), *(Column(field.name, _type(field.type)) for field in schema))


def table_like(name: str, statement: Any) -> Table:
    """A table with the columns and types of a select."""
    return Table(name, MetaData(), *(Column(c.name, c.type) for c in statement.selected_columns))


def _type(arrow: pa.DataType) -> TypeEngine[Any]:
    if pa.types.is_decimal(arrow):
        return Numeric(arrow.precision, arrow.scale)
    if pa.types.is_integer(arrow):
        return Integer() if arrow.bit_width <= 32 else BigInteger()
    plain: Mapping[Any, TypeEngine[Any]] = {pa.string(): String(), pa.date32(): Date(), pa.bool_(): Boolean()}
    return plain[arrow]
