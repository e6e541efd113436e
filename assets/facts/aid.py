"""The fact of student aid: payments of each school by term, project and category of the pupil.

Who is entitled without a payment, loans and meals are not here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, func, not_

from assets.facts.grain import Fact, grouped, number, school, wholes
from assets.indicators.aid import is_on_time
from assets.indicators.catalogue import Tables
from assets.indicators.formulas import Condition


def aid(c: Tables) -> Select[Any]:
    """Payments, pupils and money in 分 of each school, term, project and category.

    A pupil counts once in a row, and so in several when paid for several projects. On time is within the months of the
    plan after the start of the term, whatever the project; without a calendar of its unit and stage, what succeeded is
    neither: the whole row's two figures are then empty.
    """
    r = c.aid_payments
    key = {"term": r.c.term, "project": r.c.project, "category": r.c.category}
    return grouped(
        c, r, {**school(r), **key},
        {
            "payments": number(), "pupils": cast(func.count(r.c.student_id.distinct()), BigInteger),
            "succeeded": number(r.c.pay_status == "成功"), "returned": number(r.c.pay_status == "退汇"),
            "unpaid": number(r.c.pay_status == "未发"), **wholes(r, "amount_due", "amount_paid"),
            "on_time": _where_known(c, number(is_on_time(c))),
            "amount_on_time": _where_known(c, _amount_on_time(c)),
        },
    )  # fmt: skip


def _amount_on_time(c: Tables) -> ColumnElement[Any]:
    return cast(func.sum(case((is_on_time(c), c.aid_payments.c.amount_paid), else_=0)), BigInteger)


def _where_known(c: Tables, figure: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((not_(func.coalesce(func.bool_or(_is_open(c)), False)), figure))


def _is_open(c: Tables) -> Condition:
    """Whether a payment succeeded on some day and no term's start tells whether that was in time."""
    r = c.aid_payments.c
    return and_(r.pay_status == "成功", r.paid_on.is_not(None), r.term_starts_on.is_(None))


FACTS = (Fact("fact_aid", ("aid_payments", "term_calendar"), aid),)
