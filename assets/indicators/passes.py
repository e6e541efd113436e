"""The passes over the data: each table once at school grain, rolled up to unit and prefecture; distinct counts apart.

Results are long: one row per piece of an indicator, level and region, in exact decimals and counts of rows. All that is
asked of one table is asked in one statement, however many indicators there are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import BigInteger, ColumnElement, Select, String, Table, case, cast, func, null, select, tuple_
from sqlalchemy.types import TypeEngine

from assets.indicators.availability import Availability
from assets.indicators.catalogue import Indicator
from assets.indicators.formulas import Apart, Distinct, Formula, PerDistinct, Piece, Source
from assets.indicators.sources import YearTables
from assets.indicators.sql import EXACT, sql_text, variation
from assets.indicators.views import PREFECTURE

PLACE = ("level", "region_code", "unit_code")
SIDES = ("numerator", "denominator")
ADDED = ("numerator", "denominator", "whole_numerator", "whole_denominator", "known", "unknown")
LONG = pa.schema([
    ("indicator_id", pa.string()), *((name, pa.string()) for name in PLACE), ("numerator", pa.decimal128(28, 4)),
    ("denominator", pa.decimal128(28, 4)), ("whole_numerator", pa.decimal128(28, 4)),
    ("whole_denominator", pa.decimal128(28, 4)), ("known", pa.int64()), ("unknown", pa.int64()),
    ("measure", pa.float64()),
])  # fmt: skip
"""`whole_…` are the sides of a ratio that another one is divided by; `measure` is what no sum can tell."""

TYPES: Mapping[str, TypeEngine[Any]] = {
    "numerator": EXACT, "denominator": EXACT, "known": BigInteger(), "unknown": BigInteger(), "lacking": BigInteger()
}  # fmt: skip


@dataclass(frozen=True)
class Defined:
    """An indicator with its formula for the year, the choices that it used, and what its datasets leave of it."""

    indicator: Indicator
    formula: Formula
    parameters: str
    availability: Availability

    def lacking(self, units: frozenset[str]) -> Defined:
        """The same with more units that have no figure."""
        return replace(self, availability=self.availability.lacking(units)) if units else self


Pieces = dict[str, tuple[Defined, Piece]]
Counted = dict[str, tuple[Defined, Apart]]


@dataclass(frozen=True)
class Base:
    """One table at school grain: its pieces by label, and the kept table of their aggregates, if it has any row."""

    pieces: Pieces
    rows: Table | None


def compute(year: YearTables, defined: list[Defined], counties: tuple[str, ...]) -> tuple[list[Defined], pa.Table]:
    """The parts of every indicator, and the indicators again with the units that their own rows leave without one."""
    bases = [_keep(year, number, pieces) for number, pieces in enumerate(_by_source(defined).values())]
    lacking: dict[str, set[str]] = defaultdict(set)
    for base in bases:
        for indicator_id, units in _lacking(year, base, counties):
            lacking[indicator_id] |= units
    judged = [d.lacking(frozenset(lacking[d.indicator.id])) for d in defined]
    gaps = {d.indicator.id: sorted(d.availability.gaps) for d in judged}
    tables = [part for base in bases for part in _roll_up(year, base, gaps)]
    tables += [part for counted in _apart(judged).values() for part in _count_apart(year, counted)]
    return judged, pa.concat_tables(tables or [LONG.empty_table()])


def statements(defined: Iterable[Defined]) -> dict[str, str]:
    """The text of each pass by the name of what it makes: tables at school grain, then distinct counts."""
    defined = list(defined)
    passes = enumerate(_by_source(defined).values())
    texts = {f"base_{number}": sql_text(_at_school_grain(pieces)) for number, pieces in passes}
    return texts | {"__".join(counted): sql_text(_apart_select(counted)) for counted in _apart(defined).values()}


def _by_source(defined: Iterable[Defined]) -> dict[Source, Pieces]:
    """The pieces of all additive indicators by the table that they are computed from, each with its label."""
    found: dict[Source, Pieces] = defaultdict(dict)
    for d in defined:
        for number, piece in enumerate(() if isinstance(d.formula, Distinct | PerDistinct) else d.formula.pieces()):
            found[piece.source][f"{d.indicator.id}__{number}"] = (d, piece)
    return found


def _apart(defined: Iterable[Defined]) -> dict[Source, Counted]:
    """The indicators that do not roll up, by the table that they are counted in."""
    found: dict[Source, Counted] = defaultdict(dict)
    for d in defined:
        if isinstance(d.formula, Distinct | PerDistinct):
            found[d.formula.source][d.indicator.id] = (d, d.formula)
    return found


def _school(source: Source) -> ColumnElement[Any]:
    return source.c.counted_school_code if "counted_school_code" in source.c else cast(null(), String)


def _source(pieces: Pieces | Counted) -> Source:
    return next(iter(pieces.values()))[1].source


def _at_school_grain(pieces: Pieces) -> Select[Any]:
    """The values of each row first, each told once, then their aggregates by unit and school."""
    source = _source(pieces)
    values = [value.label(_name(label, part)) for label, (_, piece) in pieces.items()
              for part, value in piece.values.items()]  # fmt: skip
    rows = select(source.c.unit_code, _school(source).label("school_code"), *values).subquery("told").c
    columns: list[ColumnElement[Any]] = [rows.unit_code, rows.school_code]
    for label, (_, piece) in pieces.items():
        columns += _labelled(label, piece.aggregates({part: rows[_name(label, part)] for part in piece.values}))
    return select(*columns).group_by(rows.unit_code, rows.school_code)


def _labelled(label: str, aggregates: Mapping[str, ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    return [cast(value, TYPES[name]).label(_name(label, name)) for name, value in aggregates.items()]


def _keep(year: YearTables, number: int, pieces: Pieces) -> Base:
    if year.is_empty(_source(pieces)):
        return Base(pieces, None)
    return Base(pieces, year.keep(f"base_{number}", _at_school_grain(pieces)))


def _lacking(year: YearTables, base: Base, counties: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
    """The units that have no figure of an indicator because their own rows lack something."""
    needed = {label: (d, piece) for label, (d, piece) in base.pieces.items() if piece.rows_needed}
    if base.rows is None:
        yield from ((d.indicator.id, set(counties)) for d, _ in needed.values())
        return
    rows = base.rows.c
    lacking = {label: d for label, (d, _) in base.pieces.items() if _name(label, "lacking") in rows}
    if not lacking and not needed:
        return
    columns = [func.coalesce(func.sum(rows[_name(label, "lacking")]), 0).label(label) for label in lacking]
    columns += [func.coalesce(func.sum(rows[_name(label, "known")]), 0).label(f"{label}__rows") for label in needed]
    units = year.fetch(select(rows.unit_code, *columns).group_by(rows.unit_code)).to_pylist()
    for label, d in lacking.items():
        yield d.indicator.id, {unit["unit_code"] for unit in units if unit[label] > 0}
    for label, (d, piece) in needed.items():
        complete = {unit["unit_code"] for unit in units if unit[f"{label}__rows"] >= piece.rows_needed}
        yield d.indicator.id, set(counties) - complete


def _roll_up(year: YearTables, base: Base, gaps: Mapping[str, list[str]]) -> Iterator[pa.Table]:
    """School, unit and prefecture at once; the rows of units without a figure are left out on both sides."""
    if base.rows is None:
        nothing = _Wide(_NOTHING)
        yield from (nothing.part(label, d) for label, (d, _) in base.pieces.items())
        return
    rows = base.rows.c
    grains = _Grains.of(rows.unit_code, rows.school_code, base.pieces)
    columns = grains.columns
    for label, (d, piece) in base.pieces.items():
        units = gaps[d.indicator.id]
        kept: dict[str, ColumnElement[Any]] = {
            name: rows[_name(label, name)] for name in TYPES if _name(label, name) in rows
        }
        if units:
            has_figure = rows.unit_code.not_in(units)
            kept = {name: case((has_figure, column)) for name, column in kept.items()}
        columns += [value.label(_name(label, name)) for name, value in _rolled_up(piece, kept).items()]
    wide = _Wide(year.fetch(select(*columns).group_by(grains.sets)))
    yield from (wide.part(label, d, is_whole=piece.is_whole) for label, (d, piece) in base.pieces.items())


def _rolled_up(piece: Piece, kept: Mapping[str, ColumnElement[Any]]) -> Mapping[str, ColumnElement[Any]]:
    """What schools come to together."""
    made = {name: cast(func.sum(column), TYPES[name]) for name, column in kept.items() if name != "lacking"}
    if piece.adding == "greatest":
        made["numerator"] = cast(func.max(kept["numerator"]), EXACT)
    if piece.adding == "variation":
        return {"measure": variation(kept["numerator"], kept["denominator"]),
                "known": made["known"], "unknown": made["unknown"]}  # fmt: skip
    return made


def _count_apart(year: YearTables, counted: Counted) -> Iterator[pa.Table]:
    wide = _Wide(year.fetch(_apart_select(counted)))
    yield from (wide.part(label, d) for label, (d, _) in counted.items())


def _apart_select(counted: Counted) -> Select[Any]:
    """All that is counted in one table, at each grain by itself."""
    source = _source(counted)
    rows = source.c
    grains = _Grains.of(rows.unit_code, _school(source), counted)
    columns = grains.columns
    for label, (d, formula) in counted.items():
        units = sorted(d.availability.gaps)
        columns += _labelled(label, formula.aggregates(rows.unit_code.not_in(units) if units else None))
    return select(*columns).group_by(grains.sets)


@dataclass(frozen=True)
class _Grains:
    """Unit and prefecture, and school where an indicator has figures of schools: what rows are grouped by at once."""

    codes: Mapping[str, ColumnElement[Any]]

    @classmethod
    def of(cls, unit: ColumnElement[Any], school: ColumnElement[Any], asked: Pieces | Counted) -> _Grains:
        """The grains that the indicators have."""
        by_school = any("school" in d.indicator.grains for d, _ in asked.values())
        return cls({"county": unit} | ({"school": school} if by_school else {}))

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """Level and region of a row, and the unit that it lies in."""
        level = case(*((func.grouping(code) == 0, name) for name, code in self.codes.items()), else_="prefecture")
        region = case(*((func.grouping(code) == 0, code) for code in self.codes.values()), else_=PREFECTURE)
        unit = func.min(self.codes["county"])
        return [level.label("level"), region.label("region_code"), unit.label("unit_code")]

    @property
    def sets(self) -> ColumnElement[Any]:
        """What stands after GROUP BY."""
        return func.grouping_sets(*map(tuple_, self.codes.values()), tuple_())


_NOTHING = pa.table({
    "level": pa.array(["prefecture"]), "region_code": pa.array([PREFECTURE]), "unit_code": pa.nulls(1, pa.string()),
})  # fmt: skip
"""What rolling up gives where there is no row: the prefecture alone, of which nothing is known."""


class _Wide:
    """A table that has a column for each measure of each label, cut into rows of one label each."""

    def __init__(self, rows: pa.Table) -> None:
        rows = rows.filter(pc.is_valid(rows["region_code"])).combine_chunks()
        self._names = frozenset(rows.column_names)
        self._of_levels: dict[tuple[str, ...], pa.Table] = {(name,): rows.filter(pc.equal(rows["level"], name))
                           for name in ("school", "county", "prefecture")}  # fmt: skip

    def part(self, label: str, d: Defined, *, is_whole: bool = False) -> pa.Table:
        """The rows of one label, of the grains of its indicator."""
        rows = self._of(d.indicator.grains)
        columns = {name: rows[name] for name in PLACE} | {"indicator_id": pa.repeat(d.indicator.id, rows.num_rows)}
        for name in (*TYPES, "measure"):
            if (told := _name(label, name)) in self._names:
                columns[f"whole_{name}" if is_whole and name in SIDES else name] = rows[told]
        nothing = pa.nulls(rows.num_rows)
        return pa.table([columns.get(name, nothing) for name in LONG.names], names=LONG.names).cast(LONG)

    def _of(self, grains: tuple[str, ...]) -> pa.Table:
        if grains not in self._of_levels:
            self._of_levels[grains] = pa.concat_tables([self._of_levels[name,] for name in grains])
        return self._of_levels[grains]


def _name(label: str, measure: str) -> str:
    return f"{label}__{measure}"
