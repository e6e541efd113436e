"""Student aid: paid within two months of the term's start, and to everyone entitled (article 11)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, and_, case, cast, exists, select, text

from assets.indicators.catalogue import REGIONS, Tables, Term, indicator
from assets.indicators.formulas import Condition, Distinct, Ratio, share

REGISTERED_POOR = "建档立卡"


def paid_within(start: ColumnElement[Any], months: int) -> ColumnElement[Any]:
    """The last day in time: the same day number so many calendar months on, clipped to that month's end."""
    return cast(start + text(f"interval '{months:d}' month"), Date)


def is_on_time(c: Tables) -> Condition:
    """Whether the payment succeeded by its last day; a date that is no day proves nothing."""
    r = c.aid_payments.c
    last = paid_within(r.term_starts_on, c.number("on_time_months"))
    return and_(r.pay_status == "成功", r.paid_on.is_not(None), r.paid_on <= last)


def is_due(c: Tables, term: Term) -> Condition:
    """Whether the row is a living allowance of the term with something to pay."""
    r = c.aid_payments.c
    return and_(r.term == term, r.amount_due > 0, r.project.in_(c.words("on_time_projects")))


def _no_limit(c: Tables) -> Condition:
    return c.aid_payments.c.term_starts_on.is_(None)


@indicator(
    "教育生活补助按时发放率", "Living allowances paid on time",
    "应发金额大于0的入园补助、生活补助、国家助学金中，开学后两个月内（期满当日计入）发放成功的笔数所占比例，按学期计。"
    "开学日期按本单位、本学段校历；没有校历的单位无数据。",
    unit="%", counted="笔补助", source="要点第11条；资助发放台账、校历", needs=("aid_payments", "term_calendar"),
).by_term  # fmt: skip
def aid_on_time(c: Tables, term: Term) -> Ratio:
    """Payments of the term that succeeded within two calendar months of its start, among all that were due.

    The start is that of the pupil's unit and stage; without it the unit has no figure, never a default day.
    """
    return share(c.aid_payments, that=is_on_time(c), among=is_due(c, term), lacking=_no_limit(c))


@indicator(
    "教育生活补助按时发放率（建档立卡）", "Living allowances of registered poor pupils paid on time",
    "按时发放率中只计建档立卡学生的部分。",
    unit="%", counted="笔补助", source="要点第11条；资助发放台账、校历", needs=("aid_payments", "term_calendar"),
).by_term  # fmt: skip
def aid_on_time_poor(c: Tables, term: Term) -> Ratio:
    """The same for pupils registered as poor alone."""
    poor = c.aid_payments.c.category == REGISTERED_POOR
    return share(c.aid_payments, that=is_on_time(c), among=and_(is_due(c, term), poor), lacking=_no_limit(c))


@indicator(
    "教育生活补助按时发放率（按金额）", "Living allowances paid on time, by money",
    "按时发放的实发金额占应发金额的比例，范围与按时发放率相同。",
    unit="%", counted="分", source="要点第11条；资助发放台账、校历", needs=("aid_payments", "term_calendar"),
).by_term  # fmt: skip
def aid_on_time_amount(c: Tables, term: Term) -> Ratio:
    """Money of these payments that was paid on time over the money due, in 分."""
    r = c.aid_payments.c
    on_time = case((is_on_time(c), r.amount_paid), else_=0)
    return Ratio(c.aid_payments, on_time, r.amount_due, is_due(c, term), lacking=_no_limit(c))


@indicator(
    "困难学生资助覆盖率", "Coverage of pupils entitled to aid",
    "困难学生名册中，当学期有发放成功记录的学生所占比例，按人计，一人只计一次。",
    unit="%", counted="名学生", source="要点第11条；困难学生名册、资助发放台账",
    needs=("aid_entitled", "aid_payments"), grains=REGIONS,
).by_term  # fmt: skip
def aid_coverage(c: Tables, term: Term) -> Distinct:
    """Pupils entitled in the term who got at least one payment, whoever paid it, among all entitled, each once."""
    e, p = c.aid_entitled.c, c.aid_payments.c
    same = and_(p.student_id == e.student_id, p.school_year == e.school_year, p.term == e.term)
    is_paid = exists().where(same, p.pay_status == "成功")
    pupils = select(e.unit_code, e.student_id, e.term, is_paid.label("is_paid")).where(e.term == term)
    source = pupils.subquery("entitled")
    return Distinct(source, source.c.student_id, among=source.c.term == term, that=source.c.is_paid)


INDICATORS = (*aid_on_time, *aid_on_time_poor, *aid_on_time_amount, *aid_coverage)
