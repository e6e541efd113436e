"""Indicators that are only data: what a commitment of the plan counts in the ledger of work items or in competitions.

A plan file says it with `measure:`; its shape is checked where the plan is loaded (`expectations/plan.py`). Thresholds
and deadlines are no part of it: they are judged in the scorecard.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select

from assets.indicators.catalogue import PREFECTURE_ONLY, REGIONS, Indicator, Level, Need, Tables
from assets.indicators.formulas import Condition, Count, Distinct, Formula, Ratio, share
from expectations.plan import Commitment, CompetitionsMeasure, Measure, WorkItemsMeasure

Matches = tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """How a measure is read: its formula, grains, what its numerator counts, and its definition in both languages."""

    define: Callable[[Tables], Formula]
    grains: tuple[Level, ...]
    counted: str
    definition_zh: str
    definition_en: str


def measured_indicators(commitments: Iterable[Commitment]) -> tuple[Indicator, ...]:
    """One indicator for each commitment that has a measure, named as the commitment is."""
    return tuple(_indicator(item, item.measure) for item in commitments if item.measure is not None)


def _indicator(commitment: Commitment, measure: Measure) -> Indicator:
    reading = READINGS[measure.source, measure.reading](commitment, measure)
    return Indicator(
        id=commitment.indicator[0], name_zh=commitment.name_zh, name_en=commitment.name_en, unit=commitment.unit,
        counted=reading.counted, theme="measures", definition_zh=reading.definition_zh,
        definition_en=reading.definition_en, source=f"要点第{commitment.article}条；{LEDGERS[measure.source]}",
        grains=reading.grains, needs=(Need(measure.source),), define=reading.define,
    )  # fmt: skip


def _count(commitment: Commitment, _: WorkItemsMeasure) -> Reading:
    return Reading(
        functools.partial(done, commitment.matches), REGIONS, commitment.unit,
        f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成事项的数量之和，数量为空按1计。",
        "Quantity of the commitment's work items done in or before the year; an empty quantity is 1.",
    )  # fmt: skip


def _share(commitment: Commitment, _: WorkItemsMeasure) -> Reading:
    return Reading(
        functools.partial(done_of_due, commitment.matches), REGIONS, "项",
        f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成的数量，占应完成数（已取消的不计）的比例；"
        "都没有应完成数的无数据。",
        "Quantity of the commitment's work items done in or before the year, over what is due and not cancelled.",
    )  # fmt: skip


def _counties_reaching(commitment: Commitment, measure: WorkItemsMeasure) -> Reading:
    least = measure.at_least or 1
    return Reading(
        functools.partial(counties_reaching, commitment.matches, least), REGIONS, "个县市",
        f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成数量达到{least}的县市，占八县市的比例。",
        f"Counties whose quantity done in or before the year is at least {least}, among the eight.",
    )  # fmt: skip


def _distinct_sports(commitment: Commitment, measure: CompetitionsMeasure) -> Reading:
    named = f"、名称含{'和'.join(f'“{word}”' for word in measure.name_contains)}" if measure.name_contains else ""
    return Reading(
        functools.partial(distinct_sports, measure), PREFECTURE_ONLY, "个项目",
        f"本年度已举办、级别为{measure.level}、角色为{measure.role}{named}的赛事中出现的不同项目数，"
        f"只计{'、'.join(measure.sports)}。",
        "Distinct sports, of those that the plan names, in events of that level and role held in the year.",
    )  # fmt: skip


LEDGERS = {"work_items": "重点工作台账", "competitions": "赛事活动"}
READINGS: Mapping[tuple[str, str], Callable[[Commitment, Any], Reading]] = {
    ("work_items", "count"): _count,
    ("work_items", "share"): _share,
    ("work_items", "counties_reaching"): _counties_reaching,
    ("competitions", "distinct_sports"): _distinct_sports,
}


def _names(c: Tables, named: Matches) -> Condition:
    return func.trim(c.work_items.c.commitment).in_(named)


def _quantity_done(c: Tables) -> ColumnElement[Any]:
    """Quantity of the row if it is done by the last day of the year, else 0; a date that is no day proves nothing."""
    r = c.work_items.c
    is_done = and_(r.status == "已完成", r.done_on.is_not(None), r.done_on <= date(c.year, 12, 31))
    return case((is_done, func.coalesce(r.quantity, 1)), else_=0)


def done(named: Matches, c: Tables) -> Count:
    """What is done of a commitment, over the years until the end of this one."""
    return Count(c.work_items, of=_quantity_done(c), among=_names(c, named), by_unit_if_told=True)


def done_of_due(named: Matches, c: Tables) -> Ratio:
    """What is done of a commitment over what is due and not cancelled."""
    r = c.work_items.c
    due = case((r.status != "已取消", func.coalesce(r.due, 0)), else_=0)
    return Ratio(c.work_items, _quantity_done(c), due, _names(c, named))


def counties_reaching(named: Matches, at_least: int, c: Tables) -> Ratio:
    """The counties that have done at least so much of a commitment, among the eight."""
    items, county = c.work_items.c, c.county.c
    sums = select(items.unit_code, func.sum(_quantity_done(c)).label("quantity"))
    told = sums.where(_names(c, named)).group_by(items.unit_code).subquery("told")
    reaches = func.coalesce(told.c.quantity, 0) >= at_least
    places = c.county.outerjoin(told, told.c.unit_code == county.unit_code)
    counties = select(county.unit_code, reaches.label("reaches")).select_from(places).subquery("county_work")
    return share(counties, that=counties.c.reaches, among=literal(True))


def distinct_sports(measure: CompetitionsMeasure, c: Tables) -> Distinct:
    """The plan's sports that occur in events of that level and role, held in the year, with all words in the name."""
    r = c.competitions.c
    sport = case(measure.sport_by_spelling, value=r.sport)
    among = and_(
        r.level == measure.level, r.role == measure.role, r.status == "已举办", sport.is_not(None),
        r.held_on.between(date(c.year, 1, 1), date(c.year, 12, 31)),
        *(r.event_name.contains(word, autoescape=True) for word in measure.name_contains),
    )  # fmt: skip
    return Distinct(c.competitions, sport, among)
