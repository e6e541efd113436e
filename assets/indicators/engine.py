"""The figures of one year: every indicator at its grains, with what is missing, unknown and chosen told beside it.

Which rows stand is decided before (`sources.YearInputs`), and verdicts are given afterwards (`plans/scorecard.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Double, Select, Table, and_, case, cast, func, not_, or_, select

from assets.indicators.availability import Availabilities, Availability
from assets.indicators.catalogue import Indicator, Shared, Tables
from assets.indicators.formulas import Count
from assets.indicators.parameters import Choices
from assets.indicators.passes import ADDED, Defined, compute
from assets.indicators.sources import Dataset, YearInputs, YearTables, open_year
from assets.indicators.sql import EXACT, ratio
from assets.indicators.views import PREFECTURE

FIGURES = pa.schema(
    [("indicator_id", pa.string()), ("year", pa.int32()), ("level", pa.string()), ("region_code", pa.string()),
     ("numerator", pa.decimal128(28, 4)), ("denominator", pa.decimal128(28, 4)), ("value", pa.float64()),
     ("unknown_count", pa.int64()), ("missing_units", pa.string()), ("maturity", pa.string()),
     ("parameters", pa.string())]
)  # fmt: skip
"""A row per indicator, level and region. No data is an empty numerator; only ratios have a denominator."""

FRAME = pa.schema(
    [("indicator_id", pa.string()), ("level", pa.string()), ("region_code", pa.string()), ("kind", pa.string()),
     ("has_figure", pa.bool_()), ("is_shown", pa.bool_()), ("is_provisional", pa.bool_()), ("needs_rows", pa.bool_()),
     ("missing_units", pa.string()), ("parameters", pa.string())]
)  # fmt: skip


def figures(
    inputs: YearInputs, datasets: Mapping[str, Dataset], indicators: Sequence[Indicator], choices: Choices
) -> pa.Table:
    """Every indicator of the year at its grains, as a table of the schema `FIGURES`, ordered by its first columns.

    At unit and prefecture grain each indicator has a row for every region; at school grain only where there is
    something to count. A figure that cannot be made has an empty numerator, never 0.
    """
    needed = {"school", *(need.dataset for item in indicators for need in item.needs)}
    with open_year(inputs, datasets, needed) as year:
        defined, parts = compute(year, define(year, inputs, datasets, indicators, choices), inputs.counties)
        frame = year.hold("frame", _frame(inputs, defined, parts))
        sums = _sums(year.hold("parts", parts)).subquery("sums")
        together = _of_regions(frame, sums).union_all(_of_schools(frame, sums)).subquery("together")
        c = together.c
        rows = year.fetch(select(*(c[name] for name in FIGURES.names if name != "year")).order_by(
            c.indicator_id, c.level, c.region_code))  # fmt: skip
    years = pa.array([inputs.year] * rows.num_rows, pa.int32())
    return rows.add_column(1, "year", years).select(FIGURES.names).cast(FIGURES)


def define(
    year: YearTables, inputs: YearInputs, datasets: Mapping[str, Dataset], indicators: Sequence[Indicator],
    choices: Choices,
) -> list[Defined]:  # fmt: skip
    """The indicators with their formulas on the tables of the year and what their datasets leave of them."""
    states, shared = Availabilities(inputs, datasets), Shared(year.keep)
    return [_defined(Tables(year.tables, inputs.year, choices, shared), item, states.of(item)) for item in indicators]


def _defined(tables: Tables, indicator: Indicator, state: Availability) -> Defined:
    formula = indicator.define(tables)
    return Defined(indicator, formula, tables.parameters, state)


def _frame(inputs: YearInputs, defined: Sequence[Defined], parts: pa.Table) -> pa.Table:
    """For every indicator, each unit and the prefecture: whether there can be a figure, and what is told of it."""
    told = _tell_units(parts, inputs.units)
    rows = [row for d in defined for row in _frame_rows(inputs, d, tells_units=d.indicator.id in told)]
    return pa.Table.from_pylist(rows, FRAME)


def _frame_rows(inputs: YearInputs, d: Defined, *, tells_units: bool) -> Iterator[dict[str, object]]:
    state, units = d.availability, inputs.units
    count = d.formula if isinstance(d.formula, Count) else None
    by_unit = "county" in d.indicator.grains and (tells_units or not (count and count.by_unit_if_told))
    told = {"indicator_id": d.indicator.id, "kind": d.formula.kind, "needs_rows": bool(count and count.rows_needed)}
    for unit in units:
        yield told | {
            "level": "county", "region_code": unit, "has_figure": state.has_figure(unit), "is_shown": by_unit,
            "is_provisional": state.is_provisional(unit), "missing_units": state.missing_units((unit,)),
            "parameters": _beside(d, (unit,)),
        }  # fmt: skip
    yield told | {
        "level": "prefecture", "region_code": PREFECTURE, "is_shown": "prefecture" in d.indicator.grains,
        "has_figure": any(state.has_figure(unit) for unit in units),
        "is_provisional": state.is_prefecture_provisional, "missing_units": state.missing_units(units),
        "parameters": _beside(d, units),
    }  # fmt: skip


def _beside(d: Defined, units: tuple[str, ...]) -> str:
    """The choices that a figure was made with, and at the end the optional datasets that it was made without."""
    without = d.availability.without_of(units)
    return "; ".join(filter(None, (d.parameters, f"without={without}" if without else "")))


def _tell_units(parts: pa.Table, units: tuple[str, ...]) -> frozenset[str]:
    """The indicators of which at least one row tells its unit."""
    in_units = pc.and_(pc.equal(parts["level"], "county"), pc.is_in(parts["region_code"], pa.array(units, pa.string())))
    rows = parts.filter(pc.and_(in_units, pc.greater(pc.add(parts["known"], pc.coalesce(parts["unknown"], 0)), 0)))
    return frozenset(rows["indicator_id"].unique().to_pylist())


def _sums(parts: Table) -> Select[Any]:
    """The pieces of each indicator put together: one row per indicator, level and region."""
    p = parts.c
    key = (p.indicator_id, p.level, p.region_code)
    added = (func.sum(p[name]).label(name) for name in ADDED)
    others = (func.min(p.unit_code).label("unit_code"), func.max(p.measure).label("measure"))
    return select(*key, *others, *added).group_by(*key)


def _of_regions(frame: Table, sums: Any) -> Select[Any]:
    f, s = frame.c, sums.c
    same = and_(s.indicator_id == f.indicator_id, s.level == f.level, s.region_code == f.region_code)
    return _figure(frame, sums, f.level, f.region_code).select_from(frame.outerjoin(sums, same)).where(f.is_shown)


def _of_schools(frame: Table, sums: Any) -> Select[Any]:
    """What is told of their unit is told of schools; those without anything to count are left out."""
    f, s = frame.c, sums.c
    same = and_(s.indicator_id == f.indicator_id, s.level == "school", s.unit_code == f.region_code)
    counted = case((_is_ratio(frame), _sides(frame, sums)[1] != 0), else_=s.known > 0)
    return (
        _figure(frame, sums, s.level, s.region_code)
        .select_from(frame.join(sums, same))
        .where(f.has_figure, or_(counted, s.unknown > 0))
    )


def _is_ratio(frame: Table) -> ColumnElement[bool]:
    return frame.c.kind.in_(("ratio", "parity"))


def _sides(frame: Table, sums: Any) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """Numerator and denominator of a ratio; those of a ratio over another one are multiplied crosswise."""
    s, is_parity = sums.c, frame.c.kind == "parity"
    below = case((s.whole_denominator != 0, s.denominator * s.whole_numerator))
    return (
        cast(case((is_parity, s.numerator * s.whole_denominator), else_=s.numerator), EXACT),
        cast(case((is_parity, below), else_=s.denominator), EXACT),
    )


def _figure(frame: Table, sums: Any, level: ColumnElement[Any], region: ColumnElement[Any]) -> Select[Any]:
    """The columns of a figure; the sum of nothing is 0 for a count, no data below a ratio and for the other kinds."""
    f, s = frame.c, sums.c
    unknown, known, is_ratio = func.coalesce(s.unknown, 0), func.coalesce(s.known, 0), _is_ratio(frame)
    above, below = _sides(frame, sums)
    denominator = case((and_(f.has_figure, is_ratio), func.coalesce(below, 0)))
    nothing_known = and_(known == 0, or_(f.needs_rows, unknown > 0))
    numerator = case(
        (not_(f.has_figure), None), (is_ratio, case((denominator != 0, func.coalesce(above, 0)))),
        (f.kind == "largest", s.numerator), (f.kind == "measure", cast(s.measure, EXACT)), (nothing_known, None),
        else_=func.coalesce(s.numerator, 0),
    )  # fmt: skip
    value = case((is_ratio, ratio(numerator, denominator)), (and_(f.has_figure, f.kind == "measure"), s.measure),
                 else_=cast(numerator, Double))  # fmt: skip
    return select(
        f.indicator_id, level.label("level"), region.label("region_code"), cast(numerator, EXACT).label("numerator"),
        cast(denominator, EXACT).label("denominator"), value.label("value"), unknown.label("unknown_count"),
        f.missing_units, case((or_(f.is_provisional, unknown > 0), "provisional"), else_="confirmed").label("maturity"),
        f.parameters,
    )  # fmt: skip
