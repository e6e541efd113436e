"""Parts of selects that comparisons share: the cell that answers, and what becomes of last year's schools this year."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Label, Select, String, case, cast, func, select

from assets.comparisons.tables import Years


def answering(rows: FromClause) -> list[Label[Any]]:
    """The place of the row that answers for a group: the school's own before those that merge into it."""
    own = case((rows.c.school_code == rows.c.counted_school_code, "0"), else_="1")
    order = own + rows.c.school_code + rows.c.submission_id + func.lpad(cast(rows.c.row, String), 9, "0")
    return [func.arg_min(rows.c[name], order).label(name) for name in ("submission_id", "sheet", "row")]


def if_all_known(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of a column over a group, empty where one of its cells is."""
    return case((func.count() == func.count(column), func.sum(column)))


def homes(years: Years) -> Select[Any]:
    """For each school of last year's lists `school_code`, `home`: the school that it is or merges into this year.

    Where this year's lists have neither it nor the school into which it merged, `home` is empty: it is closed, or its
    unit's list is missing.
    """
    now = _homes_of(years.this["school"]).subquery("now")
    then = years.before["school"]
    parent = now.alias("parent")
    joined = then.outerjoin(now, now.c.school_code == then.c.school_code).outerjoin(
        parent, parent.c.school_code == then.c.counted_school_code
    )
    home = func.min(func.coalesce(now.c.home, parent.c.home)).label("home")
    return select(then.c.school_code, home).select_from(joined).group_by(then.c.school_code)


def _homes_of(schools: FromClause) -> Select[Any]:
    return select(schools.c.school_code, func.min(schools.c.counted_school_code).label("home")).group_by(
        schools.c.school_code
    )
