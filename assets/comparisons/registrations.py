"""Registrations of athletes against the rolls, against each other, and against their bone ages.

Registrations in quarantine are among them (`is_kept_out`): what is wrong in them the contract tells, here they make the
lists. A bone age with the day on which it was found is asked about by the contract, too; with none, the age on 1
January of the year holds. Rules stand in `expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, and_, case, func, literal, or_, select

from assets.comparisons.selects import first_by, other_side, place_of, with_quarantine
from assets.comparisons.tables import Years

DAYS_A_YEAR = 365.25
SHOWN = ("unit_code", "school_code", "submission_id", "sheet", "row", "registration_no", "sport", "is_kept_out")
TOLD = ("student_id", "unit_name", "year", "sex", "birth_date", "bone_age", "bone_age_on")


def _registered(years: Years) -> CTE:
    """All registrations of the year; `is_kept_out` is 1 of those in quarantine, else 0."""
    rows = with_quarantine(years, "athletes", [name for name in (*SHOWN, *TOLD) if name != "is_kept_out"])
    return select(*rows.c, case((rows.c.is_aside, 1), else_=0).label("is_kept_out")).cte("registered")


def athletes_on_rolls(years: Years) -> Select[Any]:
    """Each registration of a pupil of a roll: sex and day of birth as both give them, and how many days apart."""
    rows, roll = _registered(years), years.this["student_roll"]
    known = (
        select(
            roll.c.student_id, *first_by(roll, place_of(roll), ("sex", "birth_date"), "roll_"),
            *other_side(roll, place_of(roll)),
        )
        .where(roll.c.student_id.is_not(None)).group_by(roll.c.student_id).subquery("known")
    )  # fmt: skip
    apart = func.abs(func.date_diff("day", rows.c.birth_date, known.c.roll_birth_date))
    return select(
        *(rows.c[name] for name in SHOWN), literal("birth_date").label("cell_column"),
        rows.c.sex, rows.c.birth_date, *(column for column in known.c if column.name != "student_id"),
        apart.label("days"),
    ).select_from(rows.join(known, known.c.student_id == rows.c.student_id))  # fmt: skip


def bone_ages(years: Years) -> Select[Any]:
    """Each registration with a bone age, beside the age on its day, or without one on 1 January."""
    rows = _registered(years)
    day = func.coalesce(rows.c.bone_age_on, func.make_date(rows.c.year, 1, 1))
    days = func.date_diff("day", rows.c.birth_date, day)
    return select(
        *(rows.c[name] for name in SHOWN), literal("bone_age").label("cell_column"), rows.c.bone_age,
        case((rows.c.bone_age_on.is_not(None), 1), else_=0).label("has_day"),
        (rows.c.bone_age * DAYS_A_YEAR - days).label("days"),
    ).where(rows.c.bone_age.is_not(None))  # fmt: skip


def registered_twice(years: Years) -> Select[Any]:
    """Each registration of a person who is registered in the same year by another unit, under whatever number.

    One number is one person, even where the identity numbers differ.
    """
    rows = _registered(years)
    others = rows.alias("others")
    elsewhere = and_(
        or_(others.c.student_id == rows.c.student_id, others.c.registration_no == rows.c.registration_no),
        others.c.year == rows.c.year, others.c.unit_name != rows.c.unit_name,
    )  # fmt: skip
    shown = [rows.c[name] for name in (*SHOWN, "unit_name", "student_id")]
    return select(
        *shown, literal("unit_name").label("cell_column"),
        func.arg_min_null(others.c.unit_name, place_of(others)).label("other_unit"),
        func.arg_min_null(others.c.registration_no, place_of(others)).label("other_no"),
        *other_side(others, place_of(others)),
    ).select_from(rows.join(others, elsewhere)).group_by(*shown)  # fmt: skip
