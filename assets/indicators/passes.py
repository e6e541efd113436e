"""The passes over the data: each table once at school grain, rolled up to unit and prefecture; distinct counts apart.

Results are long: one row per piece of an indicator, level and region, in exact decimals and counts of rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Table,
    case,
    cast,
    func,
    null,
    select,
    tuple_,
)
from sqlalchemy.types import TypeEngine

from assets.indicators.availability import Availability
from assets.indicators.catalogue import Indicator
from assets.indicators.formulas import NEVER, Aggregates, Distinct, Formula, Piece, Source
from assets.indicators.sources import YearTables
from assets.indicators.sql import EXACT, sql_text
from assets.indicators.views import PREFECTURE

LONG = pa.schema(
    [("indicator_id", pa.string()), ("level", pa.string()), ("region_code", pa.string()), ("unit_code", pa.string()),
     ("numerator", pa.decimal128(28, 4)), ("denominator", pa.decimal128(28, 4)), ("known", pa.int64()),
     ("unknown", pa.int64())]
)  # fmt: skip
MEASURES: Mapping[str, TypeEngine[Any]] = {
    "numerator": EXACT, "denominator": EXACT, "known": BigInteger(), "unknown": BigInteger()
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
        return replace(self, availability=self.availability.lacking(units))


Pieces = dict[str, tuple[Defined, Piece]]


@dataclass(frozen=True)
class Base:
    """One table at school grain: its pieces by label, and the kept table that holds their aggregates."""

    pieces: Pieces
    rows: Table


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
    tables += [_distinct(year, d) for d in judged if isinstance(d.formula, Distinct)]
    return judged, pa.concat_tables(tables or [LONG.empty_table()])


def statements(defined: Iterable[Defined]) -> dict[str, str]:
    """The text of each pass at school grain by the name of what it makes, and of each distinct count by indicator."""
    passes = enumerate(_by_source(defined).values())
    texts = {_base_name(number, pieces): sql_text(_at_school_grain(pieces)) for number, pieces in passes}
    apart = {d.indicator.id: sql_text(_distinct_select(d)) for d in defined if isinstance(d.formula, Distinct)}
    return texts | apart


def _by_source(defined: Iterable[Defined]) -> dict[Source, Pieces]:
    """The pieces of all additive indicators by the table that they are computed from, each with its label."""
    found: dict[Source, Pieces] = defaultdict(dict)
    for d in defined:
        for piece in [] if isinstance(d.formula, Distinct) else d.formula.pieces():
            label = d.indicator.id if piece.side == "both" else f"{d.indicator.id}__{piece.side}"
            found[piece.source][label] = (d, piece)
    return found


def _school(source: Source) -> ColumnElement[Any]:
    return source.c.counted_school_code if "counted_school_code" in source.c else cast(null(), String)


def _source(pieces: Pieces) -> Source:
    return next(iter(pieces.values()))[1].source


def _base_name(number: int, pieces: Pieces) -> str:
    return f"base_{number}_{_source(pieces).name}"


def _at_school_grain(pieces: Pieces) -> Select[Any]:
    """The values of each row first, each told once, then their aggregates by unit and school."""
    source = _source(pieces)
    values = [value.label(_name(label, part)) for label, (_, piece) in pieces.items()
              for part, value in piece.values.items()]  # fmt: skip
    rows = select(source.c.unit_code, _school(source).label("school_code"), *values).subquery("told").c
    columns: list[ColumnElement[Any]] = [rows.unit_code, rows.school_code]
    for label, (_, piece) in pieces.items():
        aggregates = piece.aggregates({part: rows[_name(label, part)] for part in piece.values})
        columns += [*_labelled(label, aggregates), aggregates.lacking.label(_name(label, "lacking"))]
    return select(*columns).group_by(rows.unit_code, rows.school_code)


def _labelled(label: str, aggregates: Aggregates) -> list[ColumnElement[Any]]:
    return [
        cast(getattr(aggregates, measure), exact).label(_name(label, measure)) for measure, exact in MEASURES.items()
    ]


def _keep(year: YearTables, number: int, pieces: Pieces) -> Base:
    return Base(pieces, year.keep(_base_name(number, pieces), _at_school_grain(pieces)))


def _lacking(year: YearTables, base: Base, counties: tuple[str, ...]) -> Iterator[tuple[str, set[str]]]:
    """The units that have no figure of an indicator because their own rows lack something."""
    rows = base.rows.c
    for label, (d, piece) in base.pieces.items():
        if piece.lacking is not NEVER:
            found = year.fetch(select(rows.unit_code).where(rows[_name(label, "lacking")] > 0).distinct())
            yield d.indicator.id, set(found["unit_code"].to_pylist())
        if piece.rows_needed:
            known = func.sum(rows[_name(label, "known")])
            complete = select(rows.unit_code).group_by(rows.unit_code).having(known >= piece.rows_needed)
            yield d.indicator.id, set(counties) - set(year.fetch(complete)["unit_code"].to_pylist())


def _roll_up(year: YearTables, base: Base, gaps: Mapping[str, list[str]]) -> Iterator[pa.Table]:
    """School, unit and prefecture at once; the rows of units without a figure are left out on both sides."""
    rows = base.rows.c
    columns = _grain_columns(rows.unit_code, rows.school_code)
    for label, (d, piece) in base.pieces.items():
        has_figure = rows.unit_code.not_in(gaps[d.indicator.id])
        for measure, exact in MEASURES.items():
            name = _name(label, measure)
            add = func.max if piece.greatest and measure == "numerator" else func.sum
            columns.append(cast(add(rows[name]).filter(has_figure), exact).label(name))
    grains = func.grouping_sets(tuple_(rows.school_code), tuple_(rows.unit_code), tuple_())
    wide = year.fetch(select(*columns).group_by(grains))
    yield from (_part(wide, label, d) for label, (d, _) in base.pieces.items())


def _distinct(year: YearTables, d: Defined) -> pa.Table:
    return _part(year.fetch(_distinct_select(d)), d.indicator.id, d)


def _distinct_select(d: Defined) -> Select[Any]:
    formula: Distinct = d.formula  # type: ignore[assignment]
    rows, aggregates = formula.source.c, formula.aggregates()
    school = rows.counted_school_code if "school" in d.indicator.grains else None
    grains = [tuple_(rows.unit_code), tuple_(), *([] if school is None else [tuple_(school)])]
    columns = _grain_columns(rows.unit_code, school) + _labelled(d.indicator.id, aggregates)
    has_figure = rows.unit_code.not_in(sorted(d.availability.gaps))
    return select(*columns).where(has_figure).group_by(func.grouping_sets(*grains))


def _grain_columns(unit: ColumnElement[Any], school: ColumnElement[Any] | None) -> list[ColumnElement[Any]]:
    """Level and region of a row of grouping sets, and the unit that it lies in."""
    levels = [("county", unit), *([] if school is None else [("school", school)])]
    level = case(*((func.grouping(code) == 0, name) for name, code in levels), else_="prefecture")
    region = case(*((func.grouping(code) == 0, code) for _, code in levels), else_=PREFECTURE)
    return [level.label("level"), region.label("region_code"), func.min(unit).label("unit_code")]


def _part(wide: pa.Table, label: str, d: Defined) -> pa.Table:
    """The rows of one piece, of the indicator's grains, out of a table that has a column for each measure of all."""
    named = [pa.array([d.indicator.id] * wide.num_rows, pa.string())]
    named += [wide[name] for name in ("level", "region_code", "unit_code")]
    part = pa.table([*named, *(wide[_name(label, measure)] for measure in MEASURES)], names=LONG.names).cast(LONG)
    in_grains = pc.is_in(part["level"], value_set=pa.array(d.indicator.grains, pa.string()))
    return part.filter(pc.and_(in_grains, pc.is_valid(part["region_code"])))


def _name(label: str, measure: str) -> str:
    return f"{label}__{measure}"
