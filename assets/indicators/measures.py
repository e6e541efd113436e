"""Indicators that are only data: what a commitment of the plan counts in work items, competitions or examinations.

A plan file says it with `measure:`; its shape is checked where the plan is loaded (`expectations/plan.py`). Thresholds
and deadlines are no part of it: they are judged in the scorecard.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, or_, select

from assets.indicators.catalogue import PREFECTURE_ONLY, REGIONS, Indicator, Level, Need, Tables
from assets.indicators.days import by_year_end, in_year
from assets.indicators.formulas import Condition, Count, Distinct, Formula, Ratio, share
from assets.indicators.sports import counties_where
from assets.plans.gap import Work
from expectations.plan import Commitment, CompetitionsMeasure, ExamSittingsMeasure, Measure, WorkItemsMeasure
from warehouse.words import DELIVERABLES

Matches = tuple[str, ...]
BETWEEN = "\x1f"  # a character that no name has
DIGITS = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


@dataclass(frozen=True)
class Reading:
    """How a measure is read: its formula, grains, what its numerator counts, definition in both languages, work."""

    define: Callable[[Tables], Formula]
    grains: tuple[Level, ...]
    counted: str
    definition_zh: str
    definition_en: str
    work: Work | None = None


def measured_indicators(commitments: Iterable[Commitment]) -> tuple[Indicator, ...]:
    """One indicator for each commitment that has a measure, named as the commitment is."""
    return tuple(_indicator(item, item.measure) for item in commitments if item.measure is not None)


def _indicator(commitment: Commitment, measure: Measure) -> Indicator:
    reading = READINGS[measure.source, measure.reading](commitment, measure)
    return Indicator(
        id=commitment.indicator[0], name_zh=commitment.name_zh, name_en=commitment.name_en, unit=commitment.unit,
        counted=reading.counted, theme=DELIVERABLES, definition_zh=reading.definition_zh,
        definition_en=reading.definition_en, source=f"要点第{commitment.article}条；{LEDGERS[measure.source]}",
        grains=reading.grains, needs=(Need(measure.source),), define=reading.define, work=reading.work,
    )  # fmt: skip


def _count(commitment: Commitment, _: WorkItemsMeasure) -> Reading:
    return Reading(
        functools.partial(done, commitment.matches), REGIONS, commitment.unit,
        f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成事项的数量之和，数量为空按1计。",
        "Quantity of the commitment's work items done in or before the year; an empty quantity is 1.",
        None if _asks_for_less(commitment) else Work("完成", commitment.unit),
    )  # fmt: skip


def _asks_for_less(commitment: Commitment) -> bool:
    """Whether the commitment is kept by a lower number, so that finishing more does not help."""
    return commitment.comparison in {"le", "fall"} or (commitment.comparison == "eq" and not commitment.value)


def _amount(commitment: Commitment, _: WorkItemsMeasure) -> Reading:
    return Reading(
        functools.partial(told, commitment.matches), REGIONS, commitment.unit,
        f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成事项的数量之和，数量为空按1计；台账中没有该任务的无数据。",
        "Quantity of the commitment's work items done in or before the year; no data where the ledger has none of it.",
    )  # fmt: skip


def _share(commitment: Commitment, measure: WorkItemsMeasure) -> Reading:
    zh = f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成的数量，占应完成数（已取消的不计）的比例；"
    en = "Quantity of the commitment's work items done in or before the year, over what is due and not cancelled"
    if measure.years and measure.since:
        zh += f"自{measure.since}年起{measure.years}年完成，第k年只要求{measure.years}分之k，折算后达到100%即按进度；"
        en += f", of which a {measure.years}th part more is asked each year from {measure.since} on"
    return Reading(
        functools.partial(done_of_due, commitment.matches, measure), REGIONS, "项", f"{zh}都没有应完成数的无数据。",
        f"{en}.", Work("完成", "项", measure.years or 1),
    )  # fmt: skip


def _counties_reaching(commitment: Commitment, measure: WorkItemsMeasure) -> Reading:
    least = measure.at_least or 1
    return Reading(
        functools.partial(counties_reaching, commitment.matches, least), REGIONS, "个县市",
        f"重点工作台账中“{commitment.name_zh}”本年度末以前已完成数量达到{least}的县市，占八县市的比例。",
        f"Counties whose quantity done in or before the year is at least {least}, among the eight.",
        Work("推动", "个县市达标"),
    )  # fmt: skip


def _distinct_sports(commitment: Commitment, measure: CompetitionsMeasure) -> Reading:
    return Reading(
        functools.partial(distinct_sports, measure), PREFECTURE_ONLY, "个项目",
        f"{_events_zh(measure)}中出现的不同项目数，只计{'、'.join(measure.sports)}。",
        "Distinct sports, of those that the plan names, in events of that level and role held in the year.",
    )  # fmt: skip


def _held(commitment: Commitment, measure: CompetitionsMeasure) -> Reading:
    if measure.by_county:
        return Reading(
            functools.partial(counties_holding, measure), REGIONS, "个县市",
            f"有{_events_zh(measure)}的县市占八县市的比例。",
            "Counties with such an event held in the year, among the eight.", Work("推动", "个县市举办"),
        )  # fmt: skip
    return Reading(
        functools.partial(events_held, measure), PREFECTURE_ONLY, "项赛事",
        f"{_events_zh(measure)}的项数；几个单位都报送的同一赛事只计一次。",
        "Such events held in the year; an event that several units report, or in several roles, counts once.",
        Work("举办", "项赛事"),
    )  # fmt: skip


def _events_zh(measure: CompetitionsMeasure) -> str:
    """The events that are meant, in words."""
    named = f"名称含{'和'.join(f'“{word}”' for word in measure.name_contains)}" if measure.name_contains else ""
    told = {"级别为": measure.level, "角色为": measure.role, "届次为": measure.edition, "项目为": measure.sport}
    words = [*(f"{word}{value}" for word, value in told.items() if value is not None), *([named] if named else [])]
    return f"本年度已举办、{'、'.join(words)}的赛事" if words else "本年度已举办的赛事"


def _distinct_exams(_: Commitment, measure: ExamSittingsMeasure) -> Reading:
    return Reading(
        functools.partial(exams_held, measure), PREFECTURE_ONLY, "项考试",
        f"{'、'.join(measure.exams)}中，本年度有人报名的考试项数。",
        "Those of the examinations that the plan names for which somebody registered in the year.",
        Work("组织", "项考试"),
    )  # fmt: skip


LEDGERS = {"work_items": "重点工作台账", "competitions": "赛事活动", "exam_sittings": "国家教育考试组考情况"}
READINGS: Mapping[tuple[str, str], Callable[[Commitment, Any], Reading]] = {
    ("work_items", "count"): _count,
    ("work_items", "amount"): _amount,
    ("work_items", "share"): _share,
    ("work_items", "counties_reaching"): _counties_reaching,
    ("competitions", "distinct_sports"): _distinct_sports,
    ("competitions", "held"): _held,
    ("exam_sittings", "distinct_exams"): _distinct_exams,
}


def _names(c: Tables, named: Matches) -> Condition:
    return func.trim(c.work_items.c.commitment).in_(named)


def _quantity_done(c: Tables) -> ColumnElement[Any]:
    """Quantity of the row if it is done by the last day of the year, else 0; a date that is no day proves nothing."""
    r = c.work_items.c
    is_done = and_(r.status == "已完成", by_year_end(c, r.done_on))
    return case((is_done, func.coalesce(r.quantity, 1)), else_=0)


def done(named: Matches, c: Tables) -> Count:
    """What is done of a commitment, over the years until the end of this one."""
    return Count(c.work_items, of=_quantity_done(c), among=_names(c, named), by_unit_if_told=True)


def told(named: Matches, c: Tables) -> Count:
    """The same, and no figure where the ledger says nothing of it: absent is not zero."""
    return replace(done(named, c), rows_needed=True)


def done_of_due(named: Matches, measure: WorkItemsMeasure, c: Tables) -> Ratio:
    """What is done of a commitment over what is due and not cancelled; in a round of n years, over k of n parts of it.

    So in the k-th year done × n stands over due × k.
    """
    r = c.work_items.c
    due = case((r.status != "已取消", func.coalesce(r.due, 0)), else_=0)
    n, k = _parts(measure, c.year)
    return Ratio(c.work_items, _quantity_done(c) * n, due * k, _names(c, named))


def _parts(measure: WorkItemsMeasure, year: int) -> tuple[int, int]:
    """Of how many parts, one a year, how many are due by the year's end; before the first year none is."""
    if measure.years is None or measure.since is None:
        return 1, 1
    return measure.years, min(max(year - measure.since + 1, 0), measure.years)


def counties_reaching(named: Matches, at_least: int, c: Tables) -> Ratio:
    """The counties that have done at least so much of a commitment, among the eight."""
    items, county = c.work_items.c, c.county.c
    sums = select(items.unit_code, func.sum(_quantity_done(c)).label("quantity"))
    told = sums.where(_names(c, named)).group_by(items.unit_code).subquery("told")
    reaches = func.coalesce(told.c.quantity, 0) >= at_least
    places = c.county.outerjoin(told, told.c.unit_code == county.unit_code)
    counties = select(county.unit_code, reaches.label("reaches")).select_from(places).subquery("county_work")
    return share(counties, that=counties.c.reaches, among=literal(True))


def _is_meant(measure: CompetitionsMeasure, c: Tables) -> Condition:
    """Whether the event was held in the year and is one of those that the plan means."""
    r = c.competitions.c
    wanted = {"level": measure.level, "role": measure.role, "sport": measure.sport}
    return and_(
        r.status == "已举办", in_year(c, r.held_on), _is_edition(measure.edition, c),
        *(r[name] == value for name, value in wanted.items() if value is not None),
        *(r.event_name.contains(word, autoescape=True) for word in measure.name_contains),
    )  # fmt: skip


def _is_edition(edition: int | None, c: Tables) -> Condition:
    """Whether the event is of that edition, which its name may tell where the cell is empty."""
    r = c.competitions.c
    if edition is None:
        return literal(True)
    spellings = (f"第{number}届" for number in (edition, *_in_chinese(edition)))
    return or_(r.edition == edition, and_(r.edition.is_(None), or_(*map(r.event_name.contains, spellings))))


def _in_chinese(number: int) -> tuple[str, ...]:
    """A number of at most two digits as it is written in words; nothing for a greater one."""
    tens, ones = divmod(number, 10)
    if tens >= 10:  # noqa: PLR2004 - the base of these words
        return ()
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return (f"{head}{DIGITS[ones]}",)


def distinct_sports(measure: CompetitionsMeasure, c: Tables) -> Distinct:
    """The plan's sports that occur in the events that are meant."""
    sport = case(measure.sport_by_spelling, value=c.competitions.c.sport)
    return Distinct(c.competitions, sport, and_(_is_meant(measure, c), sport.is_not(None)))


def events_held(measure: CompetitionsMeasure, c: Tables) -> Distinct:
    """The events that are meant, by their key without the role."""
    r = c.competitions.c
    parts = (r.event_name, cast(r.edition, String), r.sport, r.level, cast(r.year, String))
    event = func.concat_ws(BETWEEN, *(func.coalesce(part, "") for part in parts))
    return Distinct(c.competitions, event, _is_meant(measure, c))


def counties_holding(measure: CompetitionsMeasure, c: Tables) -> Ratio:
    """The counties with an event that is meant, among the eight."""
    counties = counties_where(c, c.competitions.c.unit_code == c.county.c.unit_code, _is_meant(measure, c))
    return share(counties, that=counties.c.has_one, among=literal(True))


def exams_held(measure: ExamSittingsMeasure, c: Tables) -> Distinct:
    """The named examinations that somebody registered for."""
    r = c.exam_sittings.c
    return Distinct(c.exam_sittings, r.exam, and_(r.exam.in_(measure.exams), r.registered > 0))
