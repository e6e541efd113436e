"""What every indicator may rely on about rows: the unit they count for, the school they count for, the term's start.

Each function turns a table of staged rows into a select with all its columns and these beside them:
`unit_code` (the unit that lists the school), `counted_school_code` (the school after merging),
`school_kind`, `school_sponsor` and the inclusive flag of the row's own school; `term_starts_on` for payments.
No choice of policy is made here. How rows come into the engine is told in `sources.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, Table, and_, case, func, or_, select
from sqlalchemy.orm import aliased

PREFECTURE = "433100"
UNCOUNTED_KINDS = ("119", "218", "219", "319", "329", "349", "368", "519")
"""Kinds that are no school of their own unless the list says so: teaching points and attached classes."""

PARENT_STEPS = 3
"""Attached classes of a teaching point of a central school are two steps away; one more for what nobody has seen."""

SCHOOL_FACTS = ("kind", "sponsor", "inclusive_private", "inclusive_since", "inclusive_since__doubt")


def views(staged: Mapping[str, Table], listed: Table, of_schools: Collection[str]) -> dict[str, Select[Any]]:
    """The select of each dataset but the school list by its name; `of_schools`: its rows are those of `listed` ones."""
    made = {name: with_school(rows, listed) if name in of_schools else with_unit(rows)
            for name, rows in staged.items() if name != "school"}  # fmt: skip
    if {"aid_payments", "term_calendar"} <= made.keys():
        made["aid_payments"] = with_term_start(made["aid_payments"], made["term_calendar"])
    return made


def counted_schools(rows: Table) -> Select[Any]:
    """School list, one row per school as delivered, with `is_counted` and `counted_school_code`.

    An empty `counted` is yes, for teaching points and attached classes no. What is not counted merges into its parent,
    and where it names none, it stands by itself.
    """
    parent = _parents(rows)
    joined: Any = rows
    home: ColumnElement[Any] = rows.c.school_code
    for _ in range(PARENT_STEPS):
        step = aliased(parent)
        joined = joined.outerjoin(step, and_(step.c.unit_code == rows.c.unit_code, step.c.school_code == home))
        home = func.coalesce(step.c.parent_school_code, home)
    return select(*rows.c, _is_counted(rows).label("is_counted"), home.label("counted_school_code")).select_from(joined)


def _is_counted(rows: Table) -> ColumnElement[bool]:
    kind_says = case((rows.c.kind.in_(UNCOUNTED_KINDS), False), else_=True)
    return func.coalesce(rows.c.counted, kind_says)


def _parents(rows: Table) -> Subquery:
    """Parent of each school that merges, one per unit and school."""
    parent = func.min(rows.c.parent_school_code).label("parent_school_code")
    merging = and_(_is_counted(rows).is_(False), rows.c.parent_school_code.is_not(None))
    key = (rows.c.unit_code, rows.c.school_code)
    return select(*key, parent).where(merging).group_by(*key).subquery("parent")


def listed_schools(schools: Table) -> Select[Any]:
    """The counted schools to join rows with: one row per unit and school, told when two units list the same school."""
    key = (schools.c.unit_code, schools.c.school_code)
    order = (schools.c.submission_id, schools.c.row)
    numbered = select(schools, func.row_number().over(partition_by=key, order_by=order).label("nth")).subquery()
    lists = func.count().over(partition_by=numbered.c.school_code)
    kept = ("unit_code", "school_code", "counted_school_code", *SCHOOL_FACTS)
    return select(*(numbered.c[name] for name in kept), lists.label("lists")).where(numbered.c.nth == 1)


def with_school(rows: Table, schools: Table) -> Select[Any]:
    """Rows with the unit that lists their school, the school they merge into, and facts of their own school.

    A school that two units list belongs to the one that sent the row; one that nobody lists, to the row's unit.
    """
    ours = or_(schools.c.lists == 1, schools.c.unit_code == rows.c.unit_code)
    joined = rows.outerjoin(schools, and_(schools.c.school_code == rows.c.school_code, ours))
    others = (column for column in rows.c if column.name != "unit_code")
    return select(
        func.coalesce(schools.c.unit_code, _own_unit(rows)).label("unit_code"), *others,
        func.coalesce(schools.c.counted_school_code, rows.c.school_code).label("counted_school_code"),
        *(schools.c[name].label(f"school_{name}") for name in SCHOOL_FACTS),
    ).select_from(joined)  # fmt: skip


def with_unit(rows: Table) -> Select[Any]:
    """Rows with the unit that they belong to: where the bureau speaks for a county, that county."""
    others = (column for column in rows.c if column.name != "unit_code")
    return select(_own_unit(rows).label("unit_code"), *others)


def _own_unit(rows: Table) -> ColumnElement[str]:
    if "county_code" not in rows.c:
        return rows.c.unit_code
    return case((rows.c.unit_code == PREFECTURE, func.coalesce(rows.c.county_code, PREFECTURE)), else_=rows.c.unit_code)


def with_term_start(payments: Select[Any], calendar: Select[Any]) -> Select[Any]:
    """Payments with the day on which the term began for their unit and stage; empty when no calendar tells it.

    Of two calendars that differ the earlier day holds.
    """
    paid, days = payments.subquery("paid"), calendar.subquery("days")
    key = ("unit_code", "school_year", "term", "stage")
    first = func.min(days.c.starts_on).label("term_starts_on")
    starts = select(*(days.c[name] for name in key), first).group_by(*(days.c[name] for name in key)).subquery("starts")
    same = and_(*(starts.c[name] == paid.c[name] for name in key))
    return select(paid, starts.c.term_starts_on).select_from(paid.outerjoin(starts, same))
