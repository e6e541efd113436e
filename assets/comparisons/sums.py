"""Sums: what units state as wholes beside what their schools make up, and shares of a county that cannot be.

Rules stand in `expectations/rules/sums.yaml`. That schools make up units and units the prefecture is how figures are
made (`indicators/passes.py`); totals inside a file are held against its rows at intake.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from assets.comparisons.selects import if_all_known
from assets.comparisons.tables import Years
from assets.comparisons.wholes import is_whole

NINE_YEARS = 9


def stages_by_age(years: Years) -> Select[Any]:
    """Pupils of a unit and stage by age, added up, beside those of its schools; of units that told their schools'.

    A stage of which no school of theirs has pupils counts none; one with a row in quarantine is not asked.
    """
    ages, rows = years.this["pupils_by_age"], years.this["enrolment"]
    stated = (
        select(
            ages.c.unit_code, ages.c.stage, func.min(ages.c.submission_id).label("submission_id"),
            if_all_known(ages.c.pupils).label("stated"),
        )
        .where(ages.c.unit_code.in_(select(rows.c.unit_code)))
        .where(*(is_whole(years, name, ages.c.unit_code, ages.c.stage) for name in ("pupils_by_age", "enrolment")))
        .group_by(ages.c.unit_code, ages.c.stage).subquery("stated")
    )  # fmt: skip
    made = (
        select(rows.c.unit_code, rows.c.stage, func.sum(rows.c.pupils).label("pupils"))
        .group_by(rows.c.unit_code, rows.c.stage).subquery("made")
    )  # fmt: skip
    same = and_(made.c.unit_code == stated.c.unit_code, made.c.stage == stated.c.stage)
    return select(
        *stated.c, literal("pupils").label("cell_column"), func.coalesce(made.c.pupils, 0).label("pupils")
    ).select_from(stated.outerjoin(made, same))


def preschool_rates(years: Years) -> Select[Any]:
    """Children in kindergartens of a county beside its residents of three to five."""
    rows, people = years.this["enrolment"], years.this["population"]
    of_age = (
        select(people.c.county_code, func.sum(people.c.residents).label("residents"))
        .where(people.c.age.in_(("3", "4", "5"))).group_by(people.c.county_code).subquery("of_age")
    )  # fmt: skip
    children = (
        select(
            rows.c.unit_code, func.min(rows.c.submission_id).label("submission_id"),
            func.sum(rows.c.pupils).label("children"),
        )
        .where(rows.c.stage == "幼儿园", is_whole(years, "enrolment", rows.c.unit_code, "幼儿园"))
        .group_by(rows.c.unit_code).subquery("children")
    )  # fmt: skip
    rate = children.c.children * 1.0 / func.nullif(of_age.c.residents, 0)
    return select(
        *children.c, literal("pupils").label("cell_column"), of_age.c.residents, rate.label("rate")
    ).select_from(children.join(of_age, of_age.c.county_code == children.c.unit_code))


def retention(years: Years) -> Select[Any]:
    """Leavers of a unit's junior schools beside those who entered primary school nine years before."""
    rows, base = years.this["enrolment"], years.this["entrants_base"]
    left = (
        select(rows.c.unit_code, func.sum(rows.c.leavers).label("leavers"))
        .where(rows.c.stage == "初中", is_whole(years, "enrolment", rows.c.unit_code, "初中"))
        .group_by(rows.c.unit_code).subquery("left_school")
    )  # fmt: skip
    rate = left.c.leavers * 1.0 / func.nullif(base.c.entrants, 0)
    return (
        select(
            base.c.unit_code, base.c.submission_id, base.c.sheet, base.c.row, literal("entrants").label("cell_column"),
            base.c.entrants, left.c.leavers, rate.label("rate"),
        )
        .select_from(base.join(left, left.c.unit_code == base.c.unit_code))
        .where(base.c.stage == "小学", base.c.entry_year == years.year - NINE_YEARS)
    )  # fmt: skip
