"""Rolls against each other and against the census: pupils on two rolls, and how many a school has on its own.

Rules stand in `expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from assets.comparisons.matching import NUMBERS, by_number
from assets.comparisons.selects import PLACE, answering, first_by, if_all_known, place_of, with_quarantine
from assets.comparisons.tables import Years

STUDYING = "在校"
COUNTED = ("unit_code", "school_code", "counted_school_code", "stage", "status", *PLACE)


def on_two_rolls(years: Years) -> Select[Any]:
    """Each pupil who studies at two schools at once by their rolls: a row for each school, beside the next of them."""
    rows = years.this["student_roll"]
    pupils = select(
        *(rows.c[name] for name in ("unit_code", "school_code", "submission_id", "sheet", "row", "stage", *NUMBERS)),
        rows.c.counted_school_code.label("home"), place_of(rows).label("place"),
    ).where(rows.c.status == STUDYING).cte("pupils")  # fmt: skip
    kept = ("place", "home", "unit_code", "school_code", "submission_id", "sheet", "row")
    mine = by_number(pupils, kept, "mine")
    theirs = mine.alias("theirs")
    pairs = and_(theirs.c.person == mine.c.person, theirs.c.home != mine.c.home)
    other = (
        select(
            mine.c.place, func.count(func.distinct(theirs.c.home)).label("others"),
            func.min(mine.c.person).label("person"),
            *first_by(theirs, theirs.c.place, kept[2:], "other_"),
        )
        .select_from(mine.join(theirs, pairs)).group_by(mine.c.place).subquery("other")
    )  # fmt: skip
    shown = ("unit_code", "school_code", "submission_id", "sheet", "row", "stage")
    return select(
        *(pupils.c[name] for name in shown), literal("student_id").label("cell_column"),
        *(column for column in other.c if column.name != "place"),
    ).select_from(pupils.join(other, other.c.place == pupils.c.place))  # fmt: skip


def roll_counts(years: Years) -> Select[Any]:
    """Pupils who study at a school and stage by its roll, beside those of enrolment; where both are held.

    Of the roll's rows in quarantine (`aside`) as many count as bring it nearest to the census: which are right is not
    known yet.
    """
    census, roll = years.this["enrolment"], with_quarantine(years, "student_roll", COUNTED)
    key = (roll.c.unit_code, roll.c.counted_school_code, roll.c.stage)
    studies, is_aside = func.coalesce(roll.c.status, STUDYING) == STUDYING, roll.c.is_aside
    on_roll = select(
        roll.c.unit_code, roll.c.counted_school_code.label("school_code"), roll.c.stage,
        func.count().filter(studies, ~is_aside).label("certain"), func.count().filter(studies, is_aside).label("aside"),
        func.count().label("listed"), *answering(roll),
    ).group_by(*key).subquery("on_roll")  # fmt: skip
    told = select(
        census.c.counted_school_code.label("school_code"), census.c.stage,
        if_all_known(census.c.pupils).label("pupils"),
        *(one.label(f"other_{one.name}") for one in answering(census)),
    ).group_by(census.c.counted_school_code, census.c.stage).subquery("told")  # fmt: skip
    same = and_(told.c.school_code == on_roll.c.school_code, told.c.stage == on_roll.c.stage)
    others = [told.c[f"other_{name}"] for name in PLACE]
    nearest = func.greatest(func.least(told.c.pupils, on_roll.c.certain + on_roll.c.aside), on_roll.c.certain)
    return select(
        *(column for column in on_roll.c if column.name != "certain"), literal("status").label("cell_column"),
        told.c.pupils, *others,
        on_roll.c.unit_code.label("other_unit_code"), told.c.school_code.label("other_school_code"),
        nearest.label("on_roll"), (nearest - told.c.pupils).label("difference"),
    ).select_from(on_roll.join(told, same))  # fmt: skip
