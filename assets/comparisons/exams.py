"""Examinations as two sources tell them: who registered and who has results, and score tables that two units send.

Rules stand in `expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from assets.comparisons.matching import other_side, place_of
from assets.comparisons.tables import Years

SENT = ("unit_code", "submission_id", "sheet", "row")
TABLE = ("province", "year", "subject_group", "batch", "score")


def candidates(years: Years) -> Select[Any]:
    """Candidates of a unit and examination as registered, over its sessions, beside those who have results."""
    held, results = years.this["exam_sittings"], years.this["exam_results"]
    first = [func.arg_min(held.c[name], place_of(held)).label(name) for name in ("submission_id", "sheet", "row")]
    registered = select(
        held.c.unit_code, held.c.exam, held.c.year, func.sum(held.c.registered).label("registered"), *first,
    ).group_by(held.c.unit_code, held.c.exam, held.c.year).subquery("registered")  # fmt: skip
    listed = select(
        results.c.unit_code, results.c.exam, results.c.exam_year.label("year"),
        func.count(func.distinct(results.c.candidate_no)).label("with_results"),
        *other_side(results, place_of(results)),
    ).group_by(results.c.unit_code, results.c.exam, results.c.exam_year).subquery("listed")  # fmt: skip
    same = and_(*(listed.c[name] == registered.c[name] for name in ("unit_code", "exam", "year")))
    return select(
        *(column for column in registered.c if column.name != "year"), literal("registered").label("cell_column"),
        *(column for column in listed.c if column.name not in {"unit_code", "exam", "year"}),
        (registered.c.registered - listed.c.with_results).label("difference"),
    ).select_from(registered.join(listed, same))  # fmt: skip


def score_tables(years: Years) -> Select[Any]:
    """Each line of a score table that another submission has, too: counts of both."""
    rows = years.this["score_distribution"]
    others = rows.alias("others")
    same = and_(
        others.c.submission_id != rows.c.submission_id,
        *(others.c[name].is_not_distinct_from(rows.c[name]) for name in TABLE),
    )  # fmt: skip
    figures = ("segment_count", "cumulative_count")
    shown = [rows.c[name] for name in (*SENT, *figures, *TABLE)]
    return select(
        *(column for column in shown if column.name != "year"), literal("segment_count").label("cell_column"),
        *(func.arg_min(others.c[name], place_of(others)).label(f"other_{name}") for name in figures),
        *(func.arg_min(others.c[name], place_of(others)).label(f"other_{name}") for name in SENT),
    ).select_from(rows.join(others, same)).group_by(*shown)  # fmt: skip
