"""Examinations as two sources tell them: who registered and who has results, and score tables that two units send.

Rules stand in `expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, select

from assets.comparisons.selects import PLACE, first_by, other_side, place_of, with_quarantine
from assets.comparisons.tables import Years
from assets.indicators.sources import QUARANTINE

SENT = ("unit_code", "submission_id", "sheet", "row")
RESULTS = ("unit_code", "school_code", "exam", "exam_year", "candidate_no", *PLACE)
TABLE = ("province", "year", "subject_group", "batch", "score")


def candidates(years: Years) -> Select[Any]:
    """Candidates of a unit and examination as registered, over its sessions, beside those who have results.

    Of those who stand in quarantine alone (`aside`) as many have results as bring both nearest: which numbers are right
    is not known yet. Registrations with a row in quarantine are no sum.
    """
    held, results = years.this["exam_sittings"], with_quarantine(years, "exam_results", RESULTS)
    aside = years.this[f"exam_sittings{QUARANTINE}"]
    is_whole = ~exists().where(aside.c.unit_code == held.c.unit_code)
    registered = select(
        held.c.unit_code, held.c.exam, held.c.year, func.sum(held.c.registered).label("registered"),
        *first_by(held, place_of(held), PLACE),
    ).where(is_whole).group_by(held.c.unit_code, held.c.exam, held.c.year).subquery("registered")  # fmt: skip
    certain = func.count(func.distinct(results.c.candidate_no)).filter(~results.c.is_aside)
    nameless = func.count().filter(results.c.candidate_no.is_(None))
    listed = select(
        results.c.unit_code, results.c.exam, results.c.exam_year.label("year"), certain.label("certain"),
        (func.count(func.distinct(results.c.candidate_no)) + nameless - certain).label("aside"),
        *other_side(results, place_of(results)),
    ).group_by(results.c.unit_code, results.c.exam, results.c.exam_year).subquery("listed")  # fmt: skip
    same = and_(*(listed.c[name] == registered.c[name] for name in ("unit_code", "exam", "year")))
    nearest = func.greatest(func.least(registered.c.registered, listed.c.certain + listed.c.aside), listed.c.certain)
    return select(
        *(column for column in registered.c if column.name != "year"), literal("registered").label("cell_column"),
        *(column for column in listed.c if column.name not in {"unit_code", "exam", "year", "certain"}),
        nearest.label("with_results"), (registered.c.registered - nearest).label("difference"),
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
        *first_by(others, place_of(others), (*figures, *SENT), "other_"),
    ).select_from(rows.join(others, same)).group_by(*shown)  # fmt: skip
