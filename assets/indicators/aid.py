"""Student aid: paid within two months of the term's start, to everyone entitled, once (article 11).

Loans are in `loans.py`, meals in `nutrition.py`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Date, Subquery, and_, case, cast, exists, func, literal, select, text

from assets.indicators.catalogue import REGIONS, Tables, Term, indicator
from assets.indicators.formulas import Condition, Distinct, PerDistinct, Ratio, in_yuan, share
from assets.plans.gap import Work

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
    work=Work("按时发放", "笔补助"),
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
    work=Work("按时发放", "笔补助"),
).by_term  # fmt: skip
def aid_on_time_poor(c: Tables, term: Term) -> Ratio:
    """The same for pupils registered as poor alone."""
    poor = c.aid_payments.c.category == REGISTERED_POOR
    return share(c.aid_payments, that=is_on_time(c), among=and_(is_due(c, term), poor), lacking=_no_limit(c))


@indicator(
    "教育生活补助按时发放率（按金额）", "Living allowances paid on time, by money",
    "按时发放的实发金额占应发金额的比例，范围与按时发放率相同。",
    unit="%", counted="分", source="要点第11条；资助发放台账、校历", needs=("aid_payments", "term_calendar"),
    work=Work("按时发放", "元补助", 100),
).by_term  # fmt: skip
def aid_on_time_amount(c: Tables, term: Term) -> Ratio:
    """Money of these payments that was paid on time over the money due, in 分."""
    r = c.aid_payments.c
    on_time = case((is_on_time(c), r.amount_paid), else_=0)
    return Ratio(c.aid_payments, on_time, r.amount_due, is_due(c, term), lacking=_no_limit(c))


def _covered(c: Tables, term: Term, categories: list[str] | None = None) -> Distinct:
    """Pupils entitled in the term, of some categories or of any, and among them those that got a payment."""
    e, p = c.aid_entitled.c, c.aid_payments.c
    same = and_(p.student_id == e.student_id, p.school_year == e.school_year, p.term == e.term)
    is_paid = exists().where(same, p.pay_status == "成功")
    chosen = e.term == term if categories is None else and_(e.term == term, e.category.in_(categories))
    source = select(e.unit_code, e.student_id, is_paid.label("is_paid")).where(chosen).subquery("entitled")
    return Distinct(source, source.c.student_id, among=literal(True), that=source.c.is_paid)


@indicator(
    "困难学生资助覆盖率", "Coverage of pupils entitled to aid",
    "困难学生名册中，当学期有发放成功记录的学生所占比例，按人计，一人只计一次。",
    unit="%", counted="名学生", source="要点第11条；困难学生名册、资助发放台账",
    needs=("aid_entitled", "aid_payments"), grains=REGIONS,
    work=Work("资助", "名学生"),
).by_term  # fmt: skip
def aid_coverage(c: Tables, term: Term) -> Distinct:
    """Pupils entitled in the term who got at least one payment, whoever paid it, among all entitled, each once."""
    return _covered(c, term)


@indicator(
    "困难学生资助覆盖率（建档立卡）", "Coverage of registered poor pupils",
    "困难学生资助覆盖率中只计建档立卡学生的部分。",
    unit="%", counted="名学生", source="要点第11条；困难学生名册、资助发放台账",
    needs=("aid_entitled", "aid_payments"), grains=REGIONS,
    work=Work("资助", "名学生"),
).by_term  # fmt: skip
def aid_coverage_poor(c: Tables, term: Term) -> Distinct:
    """The same for pupils that the list of the entitled calls registered as poor; each of them is due."""
    return _covered(c, term, [REGISTERED_POOR])


@indicator(
    "重点保障学生资助覆盖率", "Coverage of the groups that have to be aided",
    "困难学生资助覆盖率中只计重点保障类别（见参数）学生的部分，应助尽助要求全部资助到位。",
    unit="%", counted="名学生", source="要点第11条；困难学生名册、资助发放台账",
    needs=("aid_entitled", "aid_payments"), grains=REGIONS,
    work=Work("资助", "名学生"),
).by_term  # fmt: skip
def aid_coverage_priority(c: Tables, term: Term) -> Distinct:
    """The same for the groups that are to be aided without exception."""
    return _covered(c, term, c.words("priority_categories"))


@indicator(
    "资助发放退汇率", "Payments returned by the bank",
    "当学期应发金额大于0的各项资助中，发放状态为退汇的笔数所占比例；重新发放成功的按最后状态计。",
    unit="%", counted="笔补助", source="要点第11条；资助发放台账", needs=("aid_payments",), grains=REGIONS,
    work=Work("补发", "笔退汇补助", -1),
).by_term  # fmt: skip
def aid_returned_rate(c: Tables, term: Term) -> Ratio:
    """Payments of the term that the bank returned, among all that had something to pay, of every project."""
    r = c.aid_payments.c
    return share(c.aid_payments, that=r.pay_status == "退汇", among=and_(r.term == term, r.amount_due > 0))


@indicator(
    "资助重复享受率", "Aid entered more than once",
    "当学期资助记录中，同一人、同一项目除最早一笔以外的笔数所占比例。因重复而未入库的记录计算在内，"
    "因其他问题未入库的不计；两个单位都有记录的，多出的一笔计在发放较晚的单位。",
    unit="%", counted="笔补助", source="要点第11条；资助发放台账（含因重复未入库的记录）",
    needs=("aid_payments",), grains=REGIONS,
    work=Work("清退", "笔重复补助", -1, -1),
).by_term  # fmt: skip
def aid_repeated_rate(c: Tables, term: Term) -> Ratio:
    """Rows of a person and project beyond the first in a term, among all rows: a person that two units pay counts, too.

    The only figure that reads quarantine: rows that stand there because their file repeats them. The first is the one
    paid first (a row without a day comes last); the others count where they are paid.
    """
    rows = payments_entered(c, term)
    key = (rows.c.student_id, rows.c.project)
    order = (rows.c.paid_on.nulls_last(), rows.c.unit_code, rows.c.submission_id, rows.c.sheet, rows.c.row)
    nth = func.row_number().over(partition_by=key, order_by=order)
    counted = select(rows.c.unit_code, (nth > 1).label("is_extra")).subquery("payment_entered")
    return share(counted, that=counted.c.is_extra, among=literal(True))


def payments_entered(c: Tables, term: Term) -> Subquery:
    """The rows of the term: the accepted ones, and those in quarantine whose person and project their file repeats."""
    names = ("unit_code", "submission_id", "sheet", "row", "student_id", "project", "paid_on")
    good, bad = c.aid_payments.c, c.aid_payments__quarantine.c
    accepted = select(*(good[name] for name in names)).where(good.term == term)
    key = (bad.submission_id, bad.school_year, bad.student_id, bad.project)
    alike = func.count().over(partition_by=key).label("alike")
    whole = and_(bad.term == term, bad.student_id.is_not(None), bad.project.is_not(None))
    kept = select(*(bad[name] for name in names), alike).where(whole).subquery("kept_out")
    repeated = select(*(kept.c[name] for name in names)).where(kept.c.alike > 1)
    return accepted.union_all(repeated).subquery("entered")


@indicator(
    "人均资助金额", "Aid per pupil",
    "当学期发放成功的各项资助实发金额之和，除以受助学生人数，一人只计一次。",
    unit="元/人", counted="元", source="要点第11条；资助发放台账", needs=("aid_payments",), grains=REGIONS,
).by_term  # fmt: skip
def aid_amount_per_pupil(c: Tables, term: Term) -> PerDistinct:
    """Money paid in the term, in yuan, per pupil who got any of it, each once."""
    r = c.aid_payments.c
    paid = and_(r.term == term, r.pay_status == "成功")
    return PerDistinct(c.aid_payments, of=in_yuan(r.amount_paid), key=r.student_id, among=paid)


INDICATORS = (
    *aid_on_time,
    *aid_on_time_poor,
    *aid_on_time_amount,
    *aid_coverage,
    *aid_coverage_poor,
    *aid_coverage_priority,
    *aid_returned_rate,
    *aid_repeated_rate,
    *aid_amount_per_pupil,
)
