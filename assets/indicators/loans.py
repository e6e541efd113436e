"""Loans to students from their home county, officers who help with them, and adults in schooling (article 11).

Grants and living allowances are in `aid.py`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, literal, or_, select

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.days import by_year_end, in_year, last_day
from assets.indicators.formulas import Condition, Count, Ratio, in_yuan, share
from assets.plans.gap import Work

ALL: Condition = literal(True)


def _is_new(c: Tables) -> Condition:
    return c.student_loans.c.loan_year == c.year


@indicator(
    "新签生源地助学贷款合同数", "New student loan contracts", "贷款年度为本年度的生源地信用助学贷款合同数。",
    unit="份", counted="份合同", source="要点第11条；生源地信用助学贷款",
    needs=("student_loans",), grains=REGIONS,
)  # fmt: skip
def new_loans(c: Tables) -> Count:
    """Contracts of the year, among those that the ledger of 31 December holds."""
    return Count(c.student_loans, among=ALL, that=_is_new(c))


@indicator(
    "新签生源地助学贷款金额", "Money of new student loan contracts", "贷款年度为本年度的合同的贷款金额之和。",
    unit="元", counted="元", source="要点第11条；生源地信用助学贷款",
    needs=("student_loans",), grains=REGIONS,
)  # fmt: skip
def new_loan_amount(c: Tables) -> Count:
    """Money lent by contracts of the year, in yuan."""
    return Count(c.student_loans, among=ALL, that=_is_new(c), of=in_yuan(c.student_loans.c.amount))


@indicator(
    "生源地助学贷款在贷余额", "Balance of student loans", "12月31日各合同贷款余额之和。",
    unit="元", counted="元", source="要点第11条；生源地信用助学贷款",
    needs=("student_loans",), grains=REGIONS,
)  # fmt: skip
def loan_balance(c: Tables) -> Count:
    """Money still lent on 31 December, in yuan; a contract without a balance is unknown."""
    return Count(c.student_loans, among=ALL, of=in_yuan(c.student_loans.c.balance))


@indicator(
    "本年度结清生源地助学贷款合同数", "Student loans settled in the year", "结清日期在本年度内的合同数。",
    unit="份", counted="份合同", source="要点第11条；生源地信用助学贷款",
    needs=("student_loans",), grains=REGIONS,
)  # fmt: skip
def loans_settled(c: Tables) -> Count:
    """Contracts settled on a day of the year."""
    return Count(c.student_loans, among=ALL, that=in_year(c, c.student_loans.c.settled_on))


@indicator(
    "生源地助学贷款本息逾期率", "Student loans overdue",
    "逾期本息之和占应还本金与应还利息之和的比例；其中一项未填的合同两边都不计。",
    unit="%", counted="分", source="要点第11条；生源地信用助学贷款",
    needs=("student_loans",), grains=REGIONS,
    work=Work("收回", "元逾期本息", -100),
)  # fmt: skip
def loan_overdue_rate(c: Tables) -> Ratio:
    """Money overdue over principal and interest that were due, in 分; a contract that lacks one of them is unknown."""
    r = c.student_loans.c
    return Ratio(c.student_loans, r.overdue, r.principal_due + r.interest_due, among=ALL)


def _in_office(c: Tables) -> ColumnElement[Any]:
    """Whether the officer is in office when 31 December ends; dates that are no day prove neither."""
    r = c.loan_officers.c
    still = or_(and_(r.ended_on.is_(None), r.ended_on__doubt.is_(None)), r.ended_on > last_day(c))
    return and_(by_year_end(c, r.appointed_on), still).is_(True)


def townships_with_an_officer(c: Tables) -> Subquery:
    """Townships, each with `has_officer`: one in office on 31 December, whichever unit reports it."""
    r, t = c.loan_officers.c, c.township.c
    found = select(r.township_code).where(_in_office(c)).distinct().subquery("officers_of")
    has_officer = found.c.township_code.is_not(None).label("has_officer")
    places = c.township.outerjoin(found, found.c.township_code == t.township_code)
    return select(t.unit_code, t.kind, has_officer).select_from(places).subquery("served_township")


@indicator(
    "乡镇助贷员覆盖率", "Townships with a student loan officer",
    "12月31日有在任助贷员的乡镇占全部乡镇的比例，街道、林场不计。当日或以前离任的不算在任。",
    unit="%", counted="个乡镇", source="要点第11条；乡镇助贷员",
    needs=("loan_officers",), grains=REGIONS,
    work=Work("配备", "个乡镇的助贷员"),
)  # fmt: skip
def township_loan_officer_coverage(c: Tables) -> Ratio:
    """Townships with an officer appointed by 31 December and not ended by then, among all towns and townships."""
    townships = townships_with_an_officer(c)
    return share(townships, that=townships.c.has_officer, among=townships.c.kind.in_(c.words("township_scope")))


def _due_to_graduate(c: Tables) -> Condition:
    return c.trainees.c.graduation_due == c.year


@indicator(
    "建档立卡学员毕业率", "Graduation of registered poor trainees",
    "应毕业年份为本年度的建档立卡学历教育学员中，已毕业的比例；是否毕业未填的两边都不计。",
    unit="%", counted="名学员", source="要点第11条；建档立卡学历教育学员",
    needs=("trainees",), grains=REGIONS,
    work=Work("帮助", "名学员毕业"),
)  # fmt: skip
def trainee_graduation(c: Tables) -> Ratio:
    """Trainees who graduated, among those due to graduate in the year."""
    return share(c.trainees, that=c.trainees.c.graduated, among=_due_to_graduate(c))


@indicator(
    "建档立卡学员就业率", "Employment of registered poor trainees",
    "应毕业年份为本年度且已毕业的学员中，已就业的比例；是否毕业或是否就业未填的两边都不计。",
    unit="%", counted="名学员", source="要点第11条；建档立卡学历教育学员",
    needs=("trainees",), grains=REGIONS,
    work=Work("帮助", "名学员就业"),
)  # fmt: skip
def trainee_employment(c: Tables) -> Ratio:
    """Trainees who work, among those who were due to graduate in the year and did."""
    r = c.trainees.c
    return share(c.trainees, that=r.employed, among=and_(_due_to_graduate(c), r.graduated))


INDICATORS = tuple(
    replace(item, theme="aid")
    for item in (
        new_loans,
        new_loan_amount,
        loan_balance,
        loans_settled,
        loan_overdue_rate,
        township_loan_officer_coverage,
        trainee_graduation,
        trainee_employment,
    )
)
