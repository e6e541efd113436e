"""The tables that comparisons are written on: accepted rows of a plan year, of the year before, and of all before it.

Rows are those that figures are made of (`indicators/sources.py`), with the unit that lists their school and the school
that they merge into. Beside them stand the rows in quarantine: a person of whom a cell is wrong is enrolled all the
same, and a sum without such a row is no figure. Which comparison needs which is said in
`expectations/rules/comparisons.yaml`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from sqlalchemy import Table, select

from assets.house import House
from assets.indicators.sources import QUARANTINE, YearTables
from assets.judging.judgement import Judgement
from assets.judging.staging import judgement_of
from assets.periods import periods_of, year_of
from assets.year import files_of, open_rows
from expectations.comparison import Comparison, Needs

SCHOOL = "school"
PLAN_YEAR = "plan_year"


@dataclass(frozen=True)
class Years:
    """The tables of a plan year (`this`) and, fetched once, of the year `before` and of all `earlier` ones.

    Each has the columns of its contract, `unit_code` (the unit that lists the row's school), `counted_school_code` and
    the place of the row in its file; those of `earlier` also `plan_year`. `this` and `before` hold quarantined rows
    likewise, as `<dataset>__quarantine`. `stale`: dataset, period and unit_code where a newer file was returned.
    """

    year: int
    tables: YearTables
    before: Mapping[str, Table]
    earlier: Mapping[str, Table]
    stale: Table

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
    """The files that the tables are made of, by year and path below the lake; their paths tell their content."""
    wanted = [(year, {SCHOOL, *needs.this})]
    if needs.before:
        wanted.append((year - 1, {SCHOOL, *needs.before}))
    if needs.earlier:
        wanted += [(one, {SCHOOL, *needs.earlier}) for one in _years_before(house, year)]
    return [
        f"{each}/{path.relative_to(house.lake.root)}"
        for each, names in wanted for name in sorted(names) for path in files_of(house, house.contracts[name], each)
    ]  # fmt: skip


def are_held(house: House, year: int, needs: Needs) -> bool:
    """Whether there are files of any dataset that a comparison needs beside the school list, if it needs another.

    Without any of them nothing is compared, whatever schools are listed.
    """
    wanted = [(year, needs.this), (year - 1, needs.before)]
    wanted += [(one, needs.earlier) for one in (_years_before(house, year) if needs.earlier else ())]
    others = [(house.contracts[name], each) for each, names in wanted for name in names if name != SCHOOL]
    return not others or any(files_of(house, contract, each) for contract, each in others)


def _years_before(house: House, year: int) -> list[int]:
    folder = house.lake.path("staged", SCHOOL)
    held = {year_of(path.name) for path in folder.iterdir()} if folder.exists() else set()
    return sorted(one for one in held if one < year)


@contextmanager
def open_years(house: House, year: int, needs: Needs) -> Iterator[Years]:
    """Open the tables that are needed; those of a year of which nothing is held have no row."""
    before = _rows_of(house, year - 1, needs.before, with_quarantine=True) if needs.before else {}
    earlier = _earlier(house, year, needs.earlier)
    with open_rows(house, year, needs.this, with_quarantine=True) as tables:
        yield Years(
            year, tables,
            {name: tables.hold(f"before_{name}", rows) for name, rows in before.items()},
            {name: tables.hold(f"earlier_{name}", rows) for name, rows in earlier.items()},
            tables.hold("stale", _stale(house, year, needs)),
        )  # fmt: skip


def _stale(house: House, year: int, needs: Needs) -> pa.Table:
    """Units of which an older file stands, by dataset and period of both years."""
    wanted = [(year, name) for name in needs.this] + [(year - 1, name) for name in needs.before]
    found = [
        {"dataset": name, "period": period, "unit_code": unit}
        for each, name in wanted for period in periods_of(house.contracts[name], each)
        if (judgement := judgement_of(house.lake, name, period)) for unit in _returned_last(judgement)
    ]  # fmt: skip
    return pa.Table.from_pylist(found, pa.schema([(name, pa.string()) for name in ("dataset", "period", "unit_code")]))


def _returned_last(judgement: Judgement) -> set[str]:
    """The units whose newest file was returned, as a whole or all its rows of a school."""
    newest = {v.unit_code: v.state for v in sorted(judgement.versions, key=lambda v: v.version)}
    return {*judgement.stale_units, *(unit for unit, state in newest.items() if state == "returned")}


def _rows_of(house: House, year: int, names: Collection[str], *, with_quarantine: bool = False) -> dict[str, pa.Table]:
    wanted = {SCHOOL, *names}
    if with_quarantine:
        wanted |= {f"{name}{QUARANTINE}" for name in wanted}
    with open_rows(house, year, names, with_quarantine=with_quarantine) as tables:
        return {name: tables.fetch(select(tables.tables[name])) for name in wanted}


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
