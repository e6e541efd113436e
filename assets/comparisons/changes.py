"""Jumps: what a school has and what it had a year ago, held against what such schools usually change by in a year.

The usual change is learnt from the years held before: the median of the yearly log ratios of all schools of the kind,
and their median deviation from it, which a few extreme schools do not move. With fewer than three earlier years nothing
is learnt, and a fixed range is asked. Rules stand in `expectations/rules/over_years.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Select,
    and_,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from assets.comparisons.selects import answering, homes, if_all_known
from assets.comparisons.tables import PLAN_YEAR, Years

MEASURES = (
    ("enrolment", "pupils", "学生数"), ("staff", "teachers", "专任教师数"),
    ("facilities", "teaching_area", "教学及辅助用房面积"), ("facilities", "equipment_value", "教学仪器设备值"),
)  # fmt: skip
MONEY = {"equipment_value"}
KINDERGARTENS = ("111", "112", "119")
LEARNT_FROM = 3
AS_NORMAL = 1.4826
"""What makes a median deviation comparable to a standard deviation of a normal spread."""


def changes(years: Years) -> Select[Any]:
    """Each measure of a school beside that of a year ago; `level` and `spread` of the log ratio where it was learnt.

    `closed`: what the closed schools of its unit had, which it may have taken over.
    """
    lines = union_all(*_measured(years)).subquery("lines")
    usual = _usual(years).subquery("usual")
    same = and_(usual.c.measure == lines.c.measure, usual.c.kind == lines.c.kind)
    small = case((func.greatest(lines.c.pupils, 0) < 100, 1), else_=0)
    return select(
        *(column for column in lines.c if column.name != "pupils"), lines.c.pupils.label("pupils"),
        small.label("is_small"), usual.c.level, usual.c.spread,
    ).select_from(lines.outerjoin(usual, same))  # fmt: skip


def _measured(years: Years) -> Iterator[Select[Any]]:
    home = homes(years).subquery("home")
    pupils = _sums(years.before["enrolment"], "pupils").subquery("pupils")
    for dataset, column, title in MEASURES:
        rows, then = years.this[dataset], years.before[dataset]
        now = (
            select(
                rows.c.unit_code, rows.c.counted_school_code.label("school_code"), *answering(rows),
                func.min(rows.c.school_kind).label("kind"), _total(rows, column).label("now"),
            )
            .where(_is_own(rows)).group_by(rows.c.unit_code, rows.c.counted_school_code).subquery(f"now_{column}")
        )  # fmt: skip
        before = (
            select(home.c.home, _total(then, column).label("before"))
            .join(home, home.c.school_code == then.c.school_code).where(_is_own(then)).group_by(home.c.home)
            .subquery(f"before_{column}")
        )  # fmt: skip
        closed = (
            select(then.c.unit_code, func.sum(_as_told(then, column)).label("closed"))
            .join(home, home.c.school_code == then.c.school_code).where(home.c.home.is_(None))
            .group_by(then.c.unit_code).subquery(f"closed_{column}")
        )  # fmt: skip
        joined = (
            now.join(before, before.c.home == now.c.school_code)
            .outerjoin(pupils, pupils.c.school_code == now.c.school_code)
            .outerjoin(closed, closed.c.unit_code == now.c.unit_code)
        )
        yield select(
            *now.c, literal(dataset).label("dataset"), literal(column).label("cell_column"),
            literal(title).label("measure"), before.c.before,
            func.coalesce(pupils.c.total, 0).label("pupils"), func.coalesce(closed.c.closed, 0).label("closed"),
        ).select_from(joined).where(now.c.now.is_not(None), before.c.before > 0)  # fmt: skip


def _is_own(rows: FromClause) -> ColumnElement[bool]:
    """Not the kindergarten classes that a school holds beside its own: they come and go with the children."""
    if "stage" not in rows.c:
        return true()
    return or_(func.coalesce(rows.c.stage, "") != "幼儿园", rows.c.school_kind.in_(KINDERGARTENS))


def _total(rows: FromClause, column: str) -> Any:
    """The sum over a school's rows; empty where one of its cells is."""
    return if_all_known(_as_told(rows, column))


def _as_told(rows: FromClause, column: str) -> Any:
    """A column as a double, money in 元."""
    value = cast(rows.c[column], Double)
    return value / 100.0 if column in MONEY else value


def _sums(rows: FromClause, column: str) -> Select[Any]:
    return select(rows.c.counted_school_code.label("school_code"), func.sum(rows.c[column]).label("total")).group_by(
        rows.c.counted_school_code
    )


def _usual(years: Years) -> Select[Any]:
    """Median and spread of the yearly log ratio by measure and kind, from pairs of years next to each other."""
    told = union_all(
        *(_by_year(years.earlier[dataset], column, title) for dataset, column, title in MEASURES)
    ).subquery()
    ours, theirs = told.alias("ours"), told.alias("theirs")
    next_to = and_(
        ours.c.school_code == theirs.c.school_code, ours.c.measure == theirs.c.measure,
        ours.c[PLAN_YEAR] == theirs.c[PLAN_YEAR] + 1,
    )  # fmt: skip
    ratio = func.ln(ours.c.total / theirs.c.total)
    return (
        select(
            ours.c.measure, ours.c.kind, func.median(ratio).label("level"),
            (AS_NORMAL * func.mad(ratio)).label("spread"),
        )
        .select_from(ours.join(theirs, next_to)).where(ours.c.total > 0, theirs.c.total > 0)
        .group_by(ours.c.measure, ours.c.kind)
        .having(func.count(ours.c[PLAN_YEAR].distinct()) >= LEARNT_FROM - 1)
    )  # fmt: skip


def _by_year(rows: FromClause, column: str, title: str) -> Select[Any]:
    key = (rows.c[PLAN_YEAR], rows.c.counted_school_code)
    return select(
        rows.c[PLAN_YEAR], rows.c.counted_school_code.label("school_code"), literal(title).label("measure"),
        func.min(rows.c.school_kind).label("kind"), _total(rows, column).label("total"),
    ).where(_is_own(rows)).group_by(*key)  # fmt: skip
