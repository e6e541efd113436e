"""The year's rows in an engine: staged Parquet files become the tables that indicators are written on.

DuckDB runs in process on an in-memory connection; it holds views over the files, and the school list, with which most
of them are joined. The rows are those that stand: accepted, current, of the plan year's periods. Which files these are
is decided by the caller.
"""

from __future__ import annotations

import glob
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Double,
    FromClause,
    Integer,
    MetaData,
    Numeric,
    Select,
    String,
    Table,
    select,
)
from sqlalchemy.sql.visitors import iterate
from sqlalchemy.types import TypeEngine

from assets.indicators.sql import sql_text
from assets.indicators.views import PREFECTURE, counted_schools, listed_schools, views

if TYPE_CHECKING:
    import duckdb

    from expectations.contract import Contract


QUARANTINE = "__quarantine"
WITH_QUARANTINE = ("aid_payments",)
"""Datasets of which indicators ask for the rows that could not be accepted: a payment made twice is one."""


@dataclass(frozen=True)
class Dataset:
    """What must be known of a dataset: its columns when staged, what a missing file means, whose rows it holds.

    `missing` is gap, stale or nothing. `senders`: who is expected to send (units, counties, bureau). `of_schools`:
    every row is a school's and counts for the unit that lists the school.
    """

    schema: pa.Schema
    missing: str
    senders: frozenset[str] = frozenset({"units"})
    of_schools: bool = False

    @classmethod
    def of(cls, contract: Contract) -> Dataset:
        """The same, as a contract tells it."""
        senders = frozenset(expected.sender for expected in contract.expected)
        of_schools = contract.has("school_code") and contract.column("school_code").required
        return cls(contract.staged_schema(), contract.missing, senders, of_schools)

    @property
    def from_bureau(self) -> bool:
        """Whether one file speaks for all units, and without it there is none."""
        return self.senders == {"bureau"}

    def expects(self, unit: str, counties: Collection[str]) -> bool:
        """Whether the unit, or the bureau by its code, is expected to send."""
        if unit == PREFECTURE:
            return "bureau" in self.senders
        return "units" in self.senders or (unit in counties and "counties" in self.senders)


@dataclass(frozen=True)
class YearInputs:
    """All that the figures of one plan year are made from.

    `staged`: Parquet files of accepted rows by dataset, of the year's periods (for `stale` datasets, the version that
    stands). `standing`: dataset, period, unit_code, standing (current, stale, missing), questions (how many
    must_explain findings are open). `townships`: township_code, name, county_code, kind. `quarantine`: rows with a
    must_fix finding by dataset, typed as accepted ones are.
    """

    year: int
    staged: Mapping[str, list[Path]]
    standing: pa.Table
    townships: pa.Table
    units: tuple[str, ...]
    counties: tuple[str, ...]
    quarantine: Mapping[str, pa.Table] = field(default_factory=dict)


@dataclass(frozen=True)
class YearTables:
    """The tables of a year and the connection on which they can be asked.

    `kept`: how each kept table was made. `emptiness`: of which tables it was asked whether they have a row.
    """

    connection: duckdb.DuckDBPyConnection
    tables: Mapping[str, Table]
    kept: dict[str, str] = field(default_factory=dict)
    emptiness: dict[FromClause, bool] = field(default_factory=dict)

    def fetch(self, statement: Any) -> pa.Table:
        """The rows of a select."""
        return self.connection.sql(sql_text(statement)).to_arrow_table()

    def is_empty(self, rows: FromClause) -> bool:
        """Whether it has no row, asked only where none of the tables it is made of has any: a select may be dear."""
        made_of = [part for part in iterate(rows) if isinstance(part, Table)]
        return all(self._has_none(table) for table in made_of) and (rows in made_of or self._has_none(rows))

    def _has_none(self, rows: FromClause) -> bool:
        if rows not in self.emptiness:
            asked = sql_text(select(1).select_from(rows).limit(1))
            self.emptiness[rows] = not self.connection.execute(asked).fetchall()
        return self.emptiness[rows]

    def keep(self, name: str, statement: Any) -> Table:
        """The rows of a select, computed once and kept as a table for as long as the connection lives."""
        self.kept[name] = sql_text(statement)
        self.connection.execute(f"CREATE TEMP TABLE {name} AS {self.kept[name]}")
        return table_like(name, statement)

    def hold(self, name: str, rows: pa.Table) -> Table:
        """Rows of ours as a table."""
        self.connection.register(name, rows)
        return table_of(name, rows.schema)


@contextmanager
def open_year(
    inputs: YearInputs, datasets: Mapping[str, Dataset], needed: Collection[str] | None = None
) -> Iterator[YearTables]:
    """Open the tables of a year: one per dataset needed, by default all (empty when it has no file).

    Beside them `township`, `county`, `unit` and `held`, and of the datasets `WITH_QUARANTINE`, and others of which they
    are given, the rows that could not be accepted.
    """
    import duckdb

    names = sorted(datasets if needed is None else needed)
    with duckdb.connect(":memory:") as connection:
        connection.execute("SET TimeZone = 'UTC'")
        staged = {name: _staged(connection, name, inputs.staged.get(name, []), datasets[name]) for name in names}
        staged |= {f"{name}{QUARANTINE}": _quarantined(connection, inputs, name, datasets[name])
                   for name in {*WITH_QUARANTINE, *inputs.quarantine} if name in names}  # fmt: skip
        of_schools = {name for name in staged if datasets[name.removesuffix(QUARANTINE)].of_schools}
        year = YearTables(connection, {})
        school = year.keep("school", counted_schools(staged["school"]))
        made = _views(connection, views(staged, year.keep("listed", listed_schools(school)), of_schools))
        yield replace(year, tables={"school": school, **made, **_places(connection, inputs, datasets)})


def _quarantined(connection: duckdb.DuckDBPyConnection, inputs: YearInputs, dataset: str, facts: Dataset) -> Table:
    """The quarantined rows as a table with all columns of the contract."""
    name = f"staged_{dataset}{QUARANTINE}"
    connection.register(name, inputs.quarantine.get(dataset, facts.schema.empty_table()).select(facts.schema.names))
    return table_of(name, facts.schema)


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


def _places(
    connection: duckdb.DuckDBPyConnection, inputs: YearInputs, datasets: Mapping[str, Dataset]
) -> dict[str, Table]:
    """Tables of places: `township`, counted for its county, `county`, the eight, `unit`, the ten, and `held`."""
    townships = inputs.townships.rename_columns(
        ["unit_code" if name == "county_code" else name for name in inputs.townships.column_names]
    )
    places = {"township": townships, "held": _held(inputs, datasets)}
    for name, codes in (("county", inputs.counties), ("unit", inputs.units)):
        places[name] = pa.table({"unit_code": pa.array(codes, pa.string())})
    for name, rows in places.items():
        connection.register(name, rows)
    return {name: table_of(name, rows.schema) for name, rows in places.items()}


def _held(inputs: YearInputs, datasets: Mapping[str, Dataset]) -> pa.Table:
    """How each dataset stands of whom it is expected, period by period."""
    rows = inputs.standing.select(["dataset", "period", "unit_code", "standing"])
    told = zip(rows["dataset"].to_pylist(), rows["unit_code"].to_pylist(), strict=True)
    expected = [name in datasets and datasets[name].expects(unit, inputs.counties) for name, unit in told]
    return rows.filter(pa.array(expected, pa.bool_()))


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
    plain: Mapping[Any, TypeEngine[Any]] = {
        pa.string(): String(), pa.date32(): Date(), pa.bool_(): Boolean(), pa.float64(): Double(),
    }  # fmt: skip
    return plain[arrow]
