"""The fact of examinations: candidates and marks of each school by examination and subject."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, func

from assets.facts.grain import Fact, grouped, number, school
from assets.indicators.catalogue import Tables
from assets.indicators.sql import EXACT

LETTERS = ("A", "B", "C", "D", "E")


def exam(c: Tables) -> Select[Any]:
    """Candidates of each school, examination and subject, by what became of them, with sums of marks.

    Sums are of those who sat normally and have a mark, so a mean is `score_sum` over `scored`, a rate over
    `full_mark_sum`. An absent candidate is no zero; a letter alone is no mark.
    """
    r = c.exam_results.c
    sat = r.status == "正常"
    scored = and_(sat, r.score.is_not(None))
    return grouped(
        c, c.exam_results, {**school(c.exam_results), "exam": r.exam, "subject": r.subject},
        {
            "candidates": number(), "sat": number(sat), "absent": number(r.status == "缺考"),
            "violations": number(r.status == "违纪"), "deferred": number(r.status == "缓考"),
            "scored": number(scored), "score_sum": _sum(case((scored, r.score))),
            "full_mark_sum": _sum(case((scored, r.full_mark))),
            **{f"grade_{letter.lower()}": number(and_(sat, r.grade_letter == letter)) for letter in LETTERS},
        },
    )  # fmt: skip


def _sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(func.sum(column), EXACT)


FACTS = (Fact("fact_exam", ("exam_results",), exam),)
