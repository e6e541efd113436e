"""Parts of selects that comparisons share: the cell that answers, and what becomes of last year's schools this year."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Label,
    Select,
    String,
    case,
    cast,
    false,
    func,
    select,
    true,
    union_all,
)

from assets.comparisons.tables import Years
from assets.indicators.sources import QUARANTINE

PLACE = ("submission_id", "sheet", "row")
OTHER = ("unit_code", "school_code", *PLACE)


def place_of(rows: FromClause) -> ColumnElement[str]:
    """Text that orders rows by where they stand, the same on every run; no two rows have the same."""
    return rows.c.submission_id + func.coalesce(rows.c.sheet, "") + func.lpad(cast(rows.c.row, String), 9, "0")


def first_by(rows: FromClause, order: ColumnElement[Any], names: Sequence[str], prefix: str = "") -> list[Label[Any]]:
    """These columns of one and the same row of a group, the first by `order`, whether they are filled or not."""
    return [func.arg_min_null(rows.c[name], order).label(f"{prefix}{name}") for name in names]


def answering(rows: FromClause, *more: str) -> list[Label[Any]]:
    """The place, and `more`, of the row that answers for a group: the school's own before those that merge into it."""
    own = case((rows.c.school_code == rows.c.counted_school_code, "0"), else_="1")
    return first_by(rows, own + rows.c.school_code + place_of(rows), (*PLACE, *more))


def other_side(rows: FromClause, order: ColumnElement[Any]) -> list[Label[Any]]:
    """The place of the row that stands first by `order`, as the other side of a comparison."""
    return first_by(rows, order, OTHER, "other_")


def if_all_known(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of a column over a group, empty where one of its cells is."""
    return case((func.count() == func.count(column), func.sum(column)))


def with_quarantine(years: Years, dataset: str, names: Sequence[str]) -> CTE:
    """These columns of this year's rows of a dataset, those in quarantine among them as `is_aside`."""
    accepted, aside = years.this[dataset], years.this[f"{dataset}{QUARANTINE}"]
    return union_all(
        select(*(accepted.c[name] for name in names), false().label("is_aside")),
        select(*(aside.c[name] for name in names), true().label("is_aside")),
    ).cte(f"all_of_{dataset}")


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
