"""The figures of one year: every indicator at its grains, with what is missing, unknown and chosen told beside it.

Which rows stand is decided before (`sources.YearInputs`), whether a target is met afterwards (`assets/scorecard.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, Double, Select, Table, and_, case, cast, func, not_, or_, select

from assets.indicators.availability import Availability, availability, standings_of
from assets.indicators.catalogue import Indicator, Tables
from assets.indicators.formulas import Count, Distinct, Formula, Largest
from assets.indicators.parameters import Choices
from assets.indicators.passes import Defined, compute
from assets.indicators.sources import Dataset, YearInputs, YearTables, open_year
from assets.indicators.sql import EXACT, ratio
from assets.indicators.views import PREFECTURE

FIGURES = pa.schema(
    [("indicator_id", pa.string()), ("year", pa.int32()), ("level", pa.string()), ("region_code", pa.string()),
     ("numerator", pa.decimal128(28, 4)), ("denominator", pa.decimal128(28, 4)), ("value", pa.float64()),
     ("unknown_count", pa.int64()), ("missing_units", pa.string()), ("maturity", pa.string()),
     ("parameters", pa.string())]
)  # fmt: skip
"""A row per indicator, level and region. No data is an empty numerator; counts and extremes have no denominator."""

FRAME = pa.schema(
    [("indicator_id", pa.string()), ("level", pa.string()), ("region_code", pa.string()), ("kind", pa.string()),
     ("has_figure", pa.bool_()), ("is_shown", pa.bool_()), ("is_provisional", pa.bool_()),
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
    with open_year(inputs, {name: datasets[name] for name in sorted(needed)}) as year:
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
    standings = standings_of(inputs.standing)
    return [_defined(Tables(year.tables, inputs.year, choices), item, availability(item, standings, datasets))
            for item in indicators]  # fmt: skip


def _defined(tables: Tables, indicator: Indicator, state: Availability) -> Defined:
    formula = indicator.define(tables)
    return Defined(indicator, formula, tables.parameters, state)


def kind_of(formula: Formula) -> str:
    """`ratio`, `count` or `largest`."""
    if isinstance(formula, Largest):
        return "largest"
    is_count = isinstance(formula, Count) or (isinstance(formula, Distinct) and not formula.is_ratio)
    return "count" if is_count else "ratio"


def _frame(inputs: YearInputs, defined: Sequence[Defined], parts: pa.Table) -> pa.Table:
    """For every indicator, each unit and the prefecture: whether there can be a figure, and what is told of it."""
    rows = [row for d in defined for row in _frame_rows(inputs, d, parts)]
    return pa.Table.from_pylist(rows, FRAME)


def _frame_rows(inputs: YearInputs, d: Defined, parts: pa.Table) -> Iterator[dict[str, object]]:
    state, units = d.availability, inputs.units
    told = {"indicator_id": d.indicator.id, "kind": kind_of(d.formula), "parameters": d.parameters}
    by_unit = "county" in d.indicator.grains and _tells_units(d, parts, units)
    for unit in units:
        yield told | {
            "level": "county", "region_code": unit, "has_figure": state.has_figure(unit), "is_shown": by_unit,
            "is_provisional": state.is_provisional(unit), "missing_units": state.missing_units((unit,)),
        }  # fmt: skip
    yield told | {
        "level": "prefecture", "region_code": PREFECTURE, "is_shown": "prefecture" in d.indicator.grains,
        "has_figure": any(state.has_figure(unit) for unit in units),
        "is_provisional": state.is_prefecture_provisional, "missing_units": state.missing_units(units),
    }  # fmt: skip


def _tells_units(d: Defined, parts: pa.Table, units: tuple[str, ...]) -> bool:
    """Whether figures of units make sense: not where the rows could tell their unit and none does."""
    if not (isinstance(d.formula, Count) and d.formula.by_unit_if_told):
        return True
    ours = parts.filter(pc.and_(pc.equal(parts["indicator_id"], d.indicator.id), pc.equal(parts["level"], "county")))
    told = ours.filter(pc.is_in(ours["region_code"], value_set=pa.array(units, pa.string())))
    return bool((pc.sum(pc.add(told["known"], told["unknown"])).as_py() or 0) > 0)


def _sums(parts: Table) -> Select[Any]:
    """The pieces of each indicator put together: one row per indicator, level and region."""
    p = parts.c
    key = (p.indicator_id, p.level, p.region_code)
    added = (func.sum(p[name]).label(name) for name in ("numerator", "denominator", "known", "unknown"))
    return select(*key, func.min(p.unit_code).label("unit_code"), *added).group_by(*key)


def _of_regions(frame: Table, sums: Any) -> Select[Any]:
    f, s = frame.c, sums.c
    same = and_(s.indicator_id == f.indicator_id, s.level == f.level, s.region_code == f.region_code)
    return _figure(frame, sums, f.level, f.region_code).select_from(frame.outerjoin(sums, same)).where(f.is_shown)


def _of_schools(frame: Table, sums: Any) -> Select[Any]:
    """What is told of their unit is told of schools; those without anything to count are left out."""
    f, s = frame.c, sums.c
    same = and_(s.indicator_id == f.indicator_id, s.level == "school", s.unit_code == f.region_code)
    counted = case((f.kind == "ratio", s.denominator != 0), else_=s.known > 0)
    return (
        _figure(frame, sums, s.level, s.region_code)
        .select_from(frame.join(sums, same))
        .where(f.has_figure, or_(counted, s.unknown > 0))
    )


def _figure(frame: Table, sums: Any, level: ColumnElement[Any], region: ColumnElement[Any]) -> Select[Any]:
    """The columns of a figure; the sum of nothing is 0 for a count, no data below a ratio and for a largest."""
    f, s = frame.c, sums.c
    unknown = func.coalesce(s.unknown, 0)
    denominator = case((and_(f.has_figure, f.kind == "ratio"), func.coalesce(s.denominator, 0)))
    only_unknown = and_(unknown > 0, func.coalesce(s.known, 0) == 0)
    numerator = case(
        (not_(f.has_figure), None), (f.kind == "largest", s.numerator),
        (f.kind == "ratio", case((denominator != 0, s.numerator))), (only_unknown, None),
        else_=func.coalesce(s.numerator, 0),
    )  # fmt: skip
    value = case((f.kind == "ratio", ratio(numerator, denominator)), else_=cast(numerator, Double))
    return select(
        f.indicator_id, level.label("level"), region.label("region_code"), cast(numerator, EXACT).label("numerator"),
        cast(denominator, EXACT).label("denominator"), value.label("value"), unknown.label("unknown_count"),
        f.missing_units, case((or_(f.is_provisional, unknown > 0), "provisional"), else_="confirmed").label("maturity"),
        f.parameters,
    )  # fmt: skip
