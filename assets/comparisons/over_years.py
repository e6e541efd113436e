"""Years against each other: grades a year on, stocks and flows, leavers, and jumps.

A school is what it merges into this year, so that a teaching point that joined its central school, or a school that
became one, is no change; one that this year's list has no longer is not asked, and its pupils are told beside those of
the schools that may have taken them. Kindergartens take children in at every age: their grades are no cohorts. Rules
stand in `expectations/rules/over_years.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, and_, case, exists, func, literal, or_, select

from assets.comparisons.selects import answering, homes, if_all_known
from assets.comparisons.tables import Years
from assets.comparisons.wholes import is_whole
from assets.indicators.views import PREFECTURE
from expectations.grades import next_grades, passed_through, top_grades

KINDERGARTENS = "幼儿园"


def cohorts(years: Years) -> Select[Any]:
    """Each grade of a school beside the same pupils a year ago; only where both are known."""
    now, then = _grades_now(years).subquery("n"), _grades_before(years).subquery("t")
    gone = then.alias("gone")
    closed = (
        select(func.coalesce(func.sum(gone.c.before), 0))
        .where(gone.c.home.is_(None), gone.c.unit_code == now.c.unit_code, gone.c.next_grade == now.c.grade)
        .scalar_subquery()
    )
    same = and_(then.c.home == now.c.school_code, then.c.next_grade == now.c.grade, then.c.stage == now.c.stage)
    difference = now.c.pupils - then.c.before - func.coalesce(now.c.come, 0) + func.coalesce(now.c.gone, 0)
    return select(
        *now.c, literal("pupils").label("cell_column"), then.c.grade_before, then.c.before,
        difference.label("difference"), closed.label("closed"),
    ).select_from(now.join(then, same))  # fmt: skip


def _grades_now(years: Years) -> Select[Any]:
    """Pupils of each counted school and grade this year; who came and went only where all its rows tell it."""
    rows = years.this["enrolment"]
    key = (rows.c.unit_code, rows.c.counted_school_code.label("school_code"), rows.c.stage, rows.c.grade)
    return select(*key, *answering(rows), func.sum(rows.c.pupils).label("pupils"), *_flows(rows)).group_by(
        rows.c.unit_code, rows.c.counted_school_code, rows.c.stage, rows.c.grade
    )


def _flows(rows: FromClause) -> list[ColumnElement[Any]]:
    """`come` and `gone` of a group: those transferred and others; both empty unless all rows tell the transferred."""
    come, gone = (
        if_all_known(rows.c[transferred] + func.coalesce(rows.c[other], 0))
        for transferred, other in (("transferred_in", "other_in"), ("transferred_out", "other_out"))
    )
    is_told = come.is_not(None) & gone.is_not(None)
    return [case((is_told, come)).label("come"), case((is_told, gone)).label("gone")]


def _grades_before(years: Years) -> Select[Any]:
    """Pupils a year ago by the school that theirs is this year, with the grade that they should be in by now."""
    rows, home = years.before["enrolment"], homes(years).subquery("home")
    following = case(next_grades(), value=rows.c.grade)
    return (
        select(
            rows.c.unit_code, home.c.home, rows.c.stage, rows.c.grade.label("grade_before"),
            following.label("next_grade"), func.sum(rows.c.pupils).label("before"),
        )
        .select_from(rows.outerjoin(home, home.c.school_code == rows.c.school_code))
        .where(following.is_not(None))
        .group_by(rows.c.unit_code, home.c.home, rows.c.stage, rows.c.grade)
    )  # fmt: skip


def unit_cohorts(years: Years) -> Select[Any]:
    """Each grade of a unit, and of the prefecture, beside the same pupils a year ago, in the units held in both years.

    A unit with a row of that stage in quarantine is left out, of the prefecture, too.

    What a school lacks another of the unit may have, so come and gone are those of all its rows that tell them. Pupils
    whose school has no next grade stand `elsewhere`: where they went, they may be told among those who came. For the
    prefecture that unit answers which differs most.
    """
    now, then = years.this["enrolment"], years.before["enrolment"]
    goes = now.alias("goes")
    both = select(now.c.unit_code).intersect(select(then.c.unit_code)).subquery("both")
    following = case(next_grades(), value=then.c.grade)
    goes_on = exists().where(goes.c.counted_school_code == then.c.counted_school_code, goes.c.grade == following)
    stayed = func.coalesce(func.sum(then.c.pupils).filter(goes_on), 0)
    earlier = (
        select(
            then.c.unit_code, then.c.stage, following.label("grade"), stayed.label("before"),
            (func.sum(then.c.pupils) - stayed).label("elsewhere"),
        )
        .where(following.is_not(None)).group_by(then.c.unit_code, then.c.stage, following).subquery("earlier")
    )  # fmt: skip
    come = func.coalesce(now.c.transferred_in, 0) + func.coalesce(now.c.other_in, 0)
    gone = func.coalesce(now.c.transferred_out, 0) + func.coalesce(now.c.other_out, 0)
    of_units = (
        select(
            now.c.unit_code, now.c.stage, now.c.grade, func.min(now.c.submission_id).label("submission_id"),
            func.sum(now.c.pupils).label("pupils"), func.sum(come).label("come"), func.sum(gone).label("gone"),
        )
        .join(both, both.c.unit_code == now.c.unit_code).group_by(now.c.unit_code, now.c.stage, now.c.grade)
        .subquery("of_units")
    )  # fmt: skip
    same = and_(*(of_units.c[name] == earlier.c[name] for name in ("unit_code", "stage", "grade")))
    lines = select(
        *of_units.c, earlier.c.before, earlier.c.elsewhere,
        (of_units.c.pupils - earlier.c.before - of_units.c.come + of_units.c.gone).label("difference"),
    ).select_from(of_units.join(earlier, same)).where(
        is_whole(years, "enrolment", of_units.c.unit_code, of_units.c.stage),
        is_whole(years, "enrolment", of_units.c.unit_code, of_units.c.stage, before=True),
    ).subquery("lines")  # fmt: skip
    return _with_prefecture(lines)


def _with_prefecture(lines: Subquery) -> Select[Any]:
    """Lines of units, each also as part of the prefecture's, for which the one that differs most answers."""
    figures = [lines.c[name] for name in ("before", "elsewhere", "come", "gone", "pupils", "difference")]
    key = [lines.c.stage, lines.c.grade]
    own = select(lines.c.unit_code, lines.c.submission_id, lines.c.unit_code.label("region_code"), *key, *figures)
    most = func.row(func.abs(lines.c.difference), lines.c.unit_code)
    every = select(
        func.arg_max(lines.c.unit_code, most).label("unit_code"),
        func.arg_max(lines.c.submission_id, most).label("submission_id"), literal(PREFECTURE).label("region_code"),
        *key, *(func.sum(figure).label(figure.name) for figure in figures),
    ).group_by(*key)  # fmt: skip
    together = own.union_all(every).subquery("together")
    return select(together)


def stocks(years: Years) -> Select[Any]:
    """The pupils of a school and stage beside those of a year ago, with all who entered, came, left and went.

    Only stages with their top grade, in which those stand who left: pupils of a teaching point go on elsewhere.
    """
    rows, then, home = years.this["enrolment"], years.before["enrolment"], homes(years).subquery("home")
    key = (rows.c.unit_code, rows.c.counted_school_code, rows.c.stage)
    now = (
        select(
            rows.c.unit_code, rows.c.counted_school_code.label("school_code"), rows.c.stage, *answering(rows),
            func.sum(rows.c.entrants).label("entrants"), func.sum(rows.c.leavers).label("leavers"),
            func.sum(rows.c.pupils).label("pupils"), *_flows(rows),
        )
        .group_by(*key).having(func.bool_or(rows.c.grade.in_(top_grades(*passed_through())))).subquery("now")
    )  # fmt: skip
    before = (
        select(home.c.home, then.c.stage, func.sum(then.c.pupils).label("before"))
        .join(home, home.c.school_code == then.c.school_code).group_by(home.c.home, then.c.stage).subquery("t")
    )  # fmt: skip
    due = before.c.before + now.c.entrants + now.c.come - now.c.leavers - now.c.gone
    same = and_(before.c.home == now.c.school_code, before.c.stage == now.c.stage)
    return select(
        *now.c, literal("pupils").label("cell_column"), before.c.before, (now.c.pupils - due).label("difference")
    ).select_from(now.join(before, same))


def stock_cells(years: Years) -> Select[Any]:
    """What a workbook's form 331 gives as last year's pupils beside what last year's workbook gave as that year's."""
    now, then = years.this["census_cell"], years.before["census_cell"]
    same = and_(*(then.c[name] == now.c[name] for name in ("school_code", "form", "row_code")))
    return (
        select(
            now.c.unit_code, now.c.school_code, now.c.submission_id, now.c.sheet, now.c.row,
            literal("value").label("cell_column"), now.c.cell, now.c.form, now.c.row_code, now.c.value.label("told"),
            then.c.value.label("before"),
        )
        .select_from(now.join(then, same))
        .where(now.c.form.in_(("基础基331", "基础基431")), now.c.column_code == "1",
               then.c.column_code == case({"基础基331": "15", "基础基431": "17"}, value=now.c.form),
               now.c.school_year == years.school_year, then.c.school_year == years.school_year_before)
    )  # fmt: skip


def leavers(years: Years) -> Select[Any]:
    """Those who left a school and stage beside the pupils of its top grade a year ago.

    A grade that may be the top one is not where the school has the next one, this year or then.
    """
    rows, then, home = years.this["enrolment"], years.before["enrolment"], homes(years).subquery("home")
    tops = top_grades(*passed_through(), KINDERGARTENS)
    now = (
        select(
            rows.c.unit_code, rows.c.counted_school_code.label("school_code"), rows.c.stage, *answering(rows),
            func.sum(rows.c.leavers).label("leavers"), func.sum(func.coalesce(rows.c.transferred_in, 0)).label("come"),
        )
        .where(rows.c.leavers.is_not(None), rows.c.grade.in_(tops))
        .group_by(rows.c.unit_code, rows.c.counted_school_code, rows.c.stage).subquery("now")
    )  # fmt: skip
    following, of_now, of_then = case(next_grades(), value=then.c.grade), rows.alias("of_now"), then.alias("of_then")
    goes_on = or_(
        exists().where(of_now.c.counted_school_code == home.c.home, of_now.c.grade == following),
        exists().where(of_then.c.counted_school_code == then.c.counted_school_code, of_then.c.grade == following),
    )
    before = (
        select(home.c.home, then.c.stage, func.sum(then.c.pupils).label("expected"))
        .join(home, home.c.school_code == then.c.school_code).where(then.c.grade.in_(tops), ~goes_on)
        .group_by(home.c.home, then.c.stage).subquery("t")
    )  # fmt: skip
    same = and_(before.c.home == now.c.school_code, before.c.stage == now.c.stage)
    return select(*now.c, literal("leavers").label("cell_column"), before.c.expected).select_from(
        now.join(before, same)
    )


def transitions(years: Years) -> Select[Any]:
    """The leavers of a unit's primary schools, and of the prefecture's, beside the entrants of its junior schools.

    Only units that have both, and no row of either in quarantine.
    """
    rows = years.this["enrolment"]
    of_units = (
        select(
            rows.c.unit_code, func.min(rows.c.submission_id).label("submission_id"),
            func.sum(rows.c.leavers).filter(rows.c.stage == "小学").label("leavers"),
            func.sum(rows.c.entrants).filter(rows.c.stage == "初中").label("entrants"),
        )
        .where(*(is_whole(years, "enrolment", rows.c.unit_code, stage) for stage in ("小学", "初中")))
        .group_by(rows.c.unit_code).subquery("of_units")
    )  # fmt: skip
    figures = (of_units.c.leavers, of_units.c.entrants)
    most = func.row(func.abs(of_units.c.leavers - of_units.c.entrants), of_units.c.unit_code)
    every = select(
        func.arg_max(of_units.c.unit_code, most).label("unit_code"),
        func.arg_max(of_units.c.submission_id, most).label("submission_id"), literal(PREFECTURE).label("region_code"),
        *(func.sum(figure).label(figure.name) for figure in figures),
    )  # fmt: skip
    own = select(of_units.c.unit_code, of_units.c.submission_id, of_units.c.unit_code.label("region_code"), *figures)
    both = or_(*(figure.is_(None) for figure in figures)).is_(False)
    together = own.where(both).union_all(every.where(both)).subquery("together")
    return select(together).where(together.c.leavers.is_not(None))
