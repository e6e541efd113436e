"""Persons of one ledger found in another: who is on which roll, by either of the two numbers of a pupil.

Numbers are pseudonyms; they stay in the lake. Which schools hold a roll at all is told beside, for whoever is on none.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    exists,
    func,
    or_,
    select,
    true,
    union_all,
)

from assets.comparisons.selects import homes
from assets.comparisons.tables import Years
from assets.indicators.sources import QUARANTINE

NUMBERS = ("student_id", "national_student_no")
ROLLS = ("student_roll", f"student_roll{QUARANTINE}")
GONE = "转出"


def rolls(years: Years) -> CTE:
    """The rolls of this school year and of the one before: a row per pupil, `home` the school that it is this year.

    Rows in quarantine are among them: of whom a cell is wrong is enrolled all the same.
    """
    home = homes(years).subquery("home_of_roll")
    now = [years.this[name] for name in ROLLS]
    then = [years.before[name] for name in ROLLS]
    moved = [rows.outerjoin(home, home.c.school_code == rows.c.school_code) for rows in then]
    return union_all(
        *(_listed(rows, rows.c.counted_school_code) for rows in now),
        *(_listed(rows, func.coalesce(home.c.home, rows.c.counted_school_code)).select_from(joined)
          for rows, joined in zip(then, moved, strict=True)),
    ).cte("rolls")  # fmt: skip


def _listed(rows: FromClause, home: ColumnElement[str]) -> Select[Any]:
    names = ("unit_code", "school_code", *NUMBERS, "school_year", "stage", "grade", "status", "submission_id", "sheet",
             "row")  # fmt: skip
    return select(*(rows.c[name] for name in names), home.label("home"))


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
    """For each school year, how many units have not sent all their rolls: whoever is on none may be on one of these.

    A unit lacks a roll that sent none, of which a newer file was returned, or one of whose schools, but for
    kindergartens, counts pupils and is on none.
    """
    years_told = select(rows.c.school_year).distinct().subquery("years_told")
    unit, stale = years.this["unit"], years.stale
    sent = exists().where(rows.c.unit_code == unit.c.unit_code, rows.c.school_year == years_told.c.school_year)
    is_stale = exists().where(stale.c.dataset == "student_roll", stale.c.period == years_told.c.school_year,
                              stale.c.unit_code == unit.c.unit_code)  # fmt: skip
    bare = _schools_without(years, rows).subquery("without_roll")
    lacks = exists().where(bare.c.unit_code == unit.c.unit_code, bare.c.school_year == years_told.c.school_year)
    lacking = func.count().filter(or_(~sent, is_stale, lacks)).label("lacking")
    joined = years_told.join(unit, true())
    return select(years_told.c.school_year, lacking).select_from(joined).group_by(years_told.c.school_year)


def _schools_without(years: Years, rows: FromClause) -> Select[Any]:
    """Unit and school year of the schools that count pupils and of which no pupil is on a roll."""
    counted = union_all(*(
        select(census.c.unit_code, census.c.school_code, census.c.school_year)
        .where(census.c.pupils > 0, census.c.stage != "幼儿园")
        for census in (years.this["enrolment"], years.before["enrolment"])
    )).subquery("counted")  # fmt: skip
    on_roll = exists().where(rows.c.school_code == counted.c.school_code, rows.c.school_year == counted.c.school_year)
    return select(counted.c.unit_code, counted.c.school_year).where(~on_roll).distinct()
