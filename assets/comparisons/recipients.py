"""Recipients of aid against the rolls of the same school year.

A pupil is looked for by identity number and by pupil number. Where a roll has pupils without an identity number, as
many recipients of that grade may be they, and are not said to be missing. Rules stand in
`expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, Table, and_, case, func, literal, select, true

from assets.comparisons.matching import (
    GONE,
    by_number,
    rolls,
    rolls_held,
    rolls_lacking,
    unnumbered,
)
from assets.comparisons.selects import OTHER, answering, other_side, place_of
from assets.comparisons.tables import Years

KEY = ("student_id", "school_code", "school_year", "term")
HERE, ELSEWHERE, LEFT, NOWHERE = "本校", "他校", GONE, "未见"


def recipients(years: Years) -> Select[Any]:
    """Each pupil, school and term of the payments, with where the roll of that school year has the pupil."""
    return _found(years, years.this["aid_payments"])


def entitled(years: Years) -> Select[Any]:
    """Each pupil, school and term of the lists of entitled pupils, likewise."""
    return _found(years, years.this["aid_entitled"])


def _found(years: Years, rows: Table) -> Select[Any]:
    register, pupils = rolls(years), _pupils(rows)
    matched = _matched(pupils, register).cte("matched")
    held, bare = rolls_held(register).subquery("held_rolls"), unnumbered(register).subquery("bare")
    lacking = rolls_lacking(years, register).subquery("lacking_rolls")
    of_school = and_(held.c.home == pupils.c.school_code, held.c.school_year == pupils.c.school_year,
                     held.c.stage == pupils.c.stage)  # fmt: skip
    of_grade = and_(bare.c.home == pupils.c.school_code, bare.c.school_year == pupils.c.school_year,
                    bare.c.stage == pupils.c.stage, bare.c.grade == pupils.c.grade)  # fmt: skip
    joined = (
        pupils.outerjoin(matched, and_(*(matched.c[name] == pupils.c[name] for name in KEY)))
        .outerjoin(held, of_school).outerjoin(bare, of_grade)
        .outerjoin(lacking, lacking.c.school_year == pupils.c.school_year)
    )  # fmt: skip
    found = _where(matched)
    grade = (pupils.c.school_code, pupils.c.school_year, pupils.c.term, pupils.c.stage, pupils.c.grade)
    missing = func.sum(case((found == NOWHERE, 1), else_=0)).over(partition_by=grade)
    return select(
        *pupils.c, (pupils.c.school_year + "-" + pupils.c.term).label("period"),
        literal("student_id").label("cell_column"), found.label("found"),
        *(matched.c[name] for name in [f"other_{one}" for one in OTHER]),
        func.coalesce(held.c.roll_size, 0).label("roll_size"), func.coalesce(lacking.c.lacking, 0).label("lacking"),
        func.greatest(missing - func.coalesce(bare.c.unnumbered, 0), 0).label("too_many"),
    ).select_from(joined)  # fmt: skip


def _where(matched: CTE) -> Any:
    return case(
        (matched.c.here > 0, HERE), (matched.c.elsewhere > 0, ELSEWHERE), (matched.c.gone > 0, LEFT), else_=NOWHERE
    )


def _pupils(rows: Table) -> CTE:
    """A row per pupil, school that is counted, and term, at the first row that says so."""
    key = {"student_id": rows.c.student_id, "school_code": rows.c.counted_school_code,
           "school_year": rows.c.school_year, "term": rows.c.term}  # fmt: skip
    columns = [column.label(name) for name, column in key.items()]
    first = answering(rows, "unit_code", "national_student_no", "stage", "grade")
    return select(*columns, *first).group_by(*key.values()).cte("pupils")


def _matched(pupils: CTE, register: CTE) -> Select[Any]:
    """How often each is on a roll, here and elsewhere, and the first row of another school's roll that has them."""
    asked = select(*pupils.c).cte("asked_pupils")
    mine = by_number_of(asked)
    theirs = by_number(register, ("home", "school_year", "status", *OTHER), "on_rolls")
    same = and_(theirs.c.person == mine.c.person, theirs.c.school_year == mine.c.school_year)
    is_here = func.coalesce(mine.c.school_code.in_((theirs.c.home, theirs.c.school_code)), true())
    is_gone = func.coalesce(theirs.c.status, "") == GONE
    away = case((and_(~is_here, ~is_gone), place_of(theirs)))
    return (
        select(
            *(mine.c[name] for name in KEY),
            func.sum(case((and_(is_here, ~is_gone), 1), else_=0)).label("here"),
            func.sum(case((and_(~is_here, ~is_gone), 1), else_=0)).label("elsewhere"),
            func.sum(case((is_gone, 1), else_=0)).label("gone"),
            *other_side(theirs, away),
        )
        .select_from(mine.join(theirs, same)).group_by(*(mine.c[name] for name in KEY))
    )  # fmt: skip


def by_number_of(pupils: CTE) -> CTE:
    """Pupils by either of their numbers, with their key."""
    return by_number(pupils, KEY, "numbered_pupils")
