"""Persons of one ledger found in another: who is on which roll, by either of the two numbers of a pupil.

Numbers are pseudonyms; they stay in the lake. Which schools hold a roll at all is told beside, for whoever is on none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, ColumnElement, FromClause, Label, Select, String, cast, func, select, union_all

from assets.comparisons.tables import Years

NUMBERS = ("student_id", "national_student_no")
OTHER = ("unit_code", "school_code", "submission_id", "sheet", "row")
GONE = "转出"


def place_of(rows: FromClause) -> ColumnElement[str]:
    """Text that orders rows by where they stand, the same on every run."""
    return rows.c.submission_id + func.coalesce(rows.c.sheet, "") + func.lpad(cast(rows.c.row, String), 9, "0")


def other_side(rows: FromClause, order: ColumnElement[Any]) -> list[Label[Any]]:
    """The place of the row that stands first by `order`, as the other side of a comparison."""
    return [func.arg_min(rows.c[name], order).label(f"other_{name}") for name in OTHER]


def rolls(years: Years) -> CTE:
    """The rolls of this school year and of the one before: a row per pupil, `home` the school that is counted."""
    names = ("unit_code", "school_code", *NUMBERS, "school_year", "stage", "grade", "sex", "birth_date", "status",
             "submission_id", "sheet", "row")  # fmt: skip
    tables = [years.this["student_roll"], years.before["student_roll"]]
    return union_all(*(
        select(*(rows.c[name] for name in names), rows.c.counted_school_code.label("home")) for rows in tables
    )).cte("rolls")  # fmt: skip


def by_number(rows: FromClause, kept: Sequence[str], name: str) -> CTE:
    """The rows twice, once for each of a pupil's two numbers, as `person`."""
    return union_all(*(
        select(rows.c[number].label("person"), *(rows.c[one] for one in kept)).where(rows.c[number].is_not(None))
        for number in NUMBERS
    )).cte(name)  # fmt: skip


def rolls_held(rows: FromClause) -> Select[Any]:
    """How many pupils the roll of each school, school year and stage holds, as `roll_size`."""
    key = [rows.c.home, rows.c.school_year, rows.c.stage]
    return select(*key, func.count().label("roll_size")).group_by(*key)


def unnumbered(rows: FromClause) -> Select[Any]:
    """How many pupils of each grade of a roll have no identity number, by which they could be found."""
    key = [rows.c.home, rows.c.school_year, rows.c.stage, rows.c.grade]
    return select(*key, func.count().label("unnumbered")).where(rows.c.student_id.is_(None)).group_by(*key)


def rolls_lacking(years: Years, rows: FromClause) -> Select[Any]:
    """For each school year, how many units have not sent any roll."""
    units = select(func.count()).select_from(years.this["unit"]).scalar_subquery()
    return select(
        rows.c.school_year, (units - func.count(func.distinct(rows.c.unit_code))).label("lacking")
    ).group_by(rows.c.school_year)  # fmt: skip
