"""The tables that comparisons are written on: accepted rows of a plan year, of the year before, and of all before it.

Rows are those that figures are made of (`indicators/sources.py`), with the unit that lists their school and the school
that they merge into. Which comparison needs which is said in `expectations/rules/comparisons.yaml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Table, select

from assets.house import House
from assets.indicators.sources import Dataset, YearInputs, YearTables, open_year
from assets.periods import year_of
from assets.submitted.standing import SCHEMA as STANDING
from assets.year import files_of
from expectations.comparison import Comparison, Needs

SCHOOL = "school"
PLAN_YEAR = "plan_year"


@dataclass(frozen=True)
class Years:
    """The tables of a plan year (`this`) and, fetched once, of the year `before` and of all `earlier` ones.

    Each has the columns of its contract, `unit_code` (the unit that lists the row's school), `counted_school_code` and
    the place of the row in its file; those of `earlier` also `plan_year`.
    """

    year: int
    tables: YearTables
    before: Mapping[str, Table]
    earlier: Mapping[str, Table]

    @property
    def this(self) -> Mapping[str, Table]:
        """The tables of the year itself, by dataset; `school` with `is_counted`."""
        return self.tables.tables

    @property
    def school_year(self) -> str:
        """The school year that begins in the plan year."""
        return f"{self.year}-{self.year + 1}"

    @property
    def school_year_before(self) -> str:
        """The school year before it."""
        return f"{self.year - 1}-{self.year}"

    def fetch(self, statement: Any) -> pa.Table:
        """The rows of a select."""
        return self.tables.fetch(statement)

    def hold(self, name: str, rows: pa.Table) -> Table:
        """Rows that were made in another way, as a table."""
        return self.tables.hold(name, rows)


def needs_of(comparisons: Collection[Comparison]) -> Needs:
    """What these comparisons need together."""

    def together(kind: str) -> tuple[str, ...]:
        return tuple(sorted({name for one in comparisons for name in getattr(one.needs, kind)}))

    return Needs(this=together("this"), before=together("before"), earlier=together("earlier"))


def files_needed(house: House, year: int, needs: Needs) -> list[str]:
    """The files that the tables are made of; their paths tell their content."""
    wanted = [(year, {SCHOOL, *needs.this})]
    if needs.before:
        wanted.append((year - 1, {SCHOOL, *needs.before}))
    if needs.earlier:
        wanted += [(one, {SCHOOL, *needs.earlier}) for one in _years_before(house, year)]
    return [
        f"{each}/{path}"
        for each, names in wanted for name in sorted(names) for path in files_of(house, house.contracts[name], each)
    ]  # fmt: skip


def _years_before(house: House, year: int) -> list[int]:
    folder = house.lake.path("staged", SCHOOL)
    held = {year_of(path.name) for path in folder.iterdir()} if folder.exists() else set()
    return sorted(one for one in held if one < year)


@contextmanager
def open_years(house: House, year: int, needs: Needs) -> Iterator[Years]:
    """Open the tables that are needed; those of a year of which nothing is held have no row."""
    before = _rows_of(house, year - 1, needs.before) if needs.before else {}
    earlier = _earlier(house, year, needs.earlier)
    with _opened(house, year, needs.this) as tables:
        yield Years(
            year, tables,
            {name: tables.hold(f"before_{name}", rows) for name, rows in before.items()},
            {name: tables.hold(f"earlier_{name}", rows) for name, rows in earlier.items()},
        )  # fmt: skip


@contextmanager
def _opened(house: House, year: int, names: Collection[str]) -> Iterator[YearTables]:
    needed = {SCHOOL, *names}
    inputs = YearInputs(
        year=year, staged={name: files_of(house, house.contracts[name], year) for name in needed},
        standing=STANDING.empty_table(), townships=_NO_TOWNSHIPS, units=house.regions.unit_codes,
        counties=house.regions.county_codes,
    )  # fmt: skip
    datasets = {name: Dataset.of(house.contracts[name]) for name in needed}
    with open_year(inputs, datasets, needed) as tables:
        yield tables


_NO_TOWNSHIPS = pa.table({name: pa.array([], pa.string()) for name in ("township_code", "name", "county_code", "kind")})


def _rows_of(house: House, year: int, names: Collection[str]) -> dict[str, pa.Table]:
    with _opened(house, year, names) as tables:
        return {name: tables.fetch(select(tables.tables[name])) for name in {SCHOOL, *names}}


def _earlier(house: House, year: int, names: Collection[str]) -> dict[str, pa.Table]:
    """The rows of every year before, with the year; none at all is a table without a row."""
    if not names:
        return {}
    found: dict[str, list[pa.Table]] = {}
    for one in _years_before(house, year) or [year - 1]:
        for name, rows in _rows_of(house, one, names).items():
            told = pa.array([one] * rows.num_rows, pa.int32())
            found.setdefault(name, []).append(rows.append_column(PLAN_YEAR, told))
    return {name: pa.concat_tables(tables) for name, tables in found.items()}
