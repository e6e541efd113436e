"""Identifiers: one school with two codes, in one list or from one year to the next.

A code that stands twice is found by the contract of the school list. Rules stand in
`expectations/rules/identifiers.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, select

from assets.comparisons.tables import SCHOOL, Years
from assets.indicators.sources import QUARANTINE

LISTS = (SCHOOL, f"{SCHOOL}{QUARANTINE}")


def school_names(years: Years) -> Select[Any]:
    """Each school of a unit's list beside another code of the same name there; empty where there is none."""
    mine, others = years.this["school"], years.this["school"].alias("others")
    same = and_(
        others.c.unit_code == mine.c.unit_code, others.c.school_name == mine.c.school_name,
        others.c.school_code != mine.c.school_code,
    )  # fmt: skip
    other = select(func.min(others.c.school_code)).where(same).scalar_subquery()
    return select(
        mine.c.unit_code, mine.c.school_code, mine.c.submission_id, mine.c.sheet, mine.c.row,
        literal("school_name").label("cell_column"), mine.c.school_name,
        func.coalesce(other, "").label("other_code"),
    ).where(mine.c.school_year == years.school_year)  # fmt: skip


def school_codes(years: Years) -> Select[Any]:
    """Each school of a unit's list beside the code that its name had a year ago and no school has now; else empty.

    A code whose row is in quarantine is there all the same.
    """
    mine, then = years.this["school"], years.before["school"]
    now, known = ([tables[name].alias(f"{kind}_{name}") for name in LISTS]
                  for kind, tables in (("now", years.this), ("known", years.before)))  # fmt: skip
    old = (
        select(func.min(then.c.school_code))
        .where(
            then.c.unit_code == mine.c.unit_code, then.c.school_name == mine.c.school_name,
            then.c.school_year == years.school_year_before,
            *(~exists().where(rows.c.school_code == then.c.school_code) for rows in now),
            *(~exists().where(rows.c.school_code == mine.c.school_code) for rows in known),
        )
        .scalar_subquery()
    )  # fmt: skip
    return select(
        mine.c.unit_code, mine.c.school_code, mine.c.submission_id, mine.c.sheet, mine.c.row,
        literal("school_code").label("cell_column"), mine.c.school_name, func.coalesce(old, "").label("old_code"),
    ).where(mine.c.school_year == years.school_year)  # fmt: skip
