"""Aid, examinations, sports and work at the grain of their facts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from expectations.plan import load_plans
from tests.facts.drawn import facts
from tests.indicators.year import Year

PAID = {"school_code": "P", "school_year": "2020-2021", "term": "autumn", "stage": "小学", "project": "生活补助",
        "category": "低保", "pay_status": "成功", "amount_due": 62500, "amount_paid": 62500}  # fmt: skip
AID = ("category", "payments", "pupils", "succeeded", "returned", "unpaid", "amount_due", "amount_paid", "on_time",
       "amount_on_time")  # fmt: skip


def starts(year: Year) -> None:
    """The autumn term begins on 1 September."""
    year.put("term_calendar", {"county_code": "433101", "school_year": "2020-2021", "term": "autumn", "stage": "小学",
                               "starts_on": date(2020, 9, 1)})  # fmt: skip


def test_a_payment_is_on_time_up_to_the_last_day_of_two_months(year: Year) -> None:
    starts(year)
    year.put("aid_payments", {**PAID, "student_id": "a", "paid_on": date(2020, 11, 1)},
             {**PAID, "student_id": "b", "paid_on": date(2020, 11, 2)})  # fmt: skip
    assert facts(year, "fact_aid", *AID) == [("低保", 2, 2, 2, 0, 0, 125000, 125000, 1, 62500)]


def test_states_of_payments_and_a_pupil_who_is_paid_twice(year: Year) -> None:
    starts(year)
    nothing = {"amount_paid": 0, "paid_on": None}
    year.put("aid_payments", {**PAID, "student_id": "a", "paid_on": date(2020, 10, 1)},
             {**PAID, "student_id": "a", "pay_status": "退汇", **nothing},
             {**PAID, "student_id": "b", "pay_status": "未发", **nothing},
             {**PAID, "student_id": "c", "category": "残疾", "project": "免学费", "pay_status": "未发",
              **nothing})  # fmt: skip
    assert facts(year, "fact_aid", *AID) == [
        ("残疾", 1, 1, 0, 0, 1, 62500, 0, 0, 0), ("低保", 3, 2, 1, 1, 1, 187500, 62500, 1, 62500),
    ]  # fmt: skip


def test_without_a_calendar_nothing_is_on_time_or_late(year: Year) -> None:
    year.put("aid_payments", {**PAID, "student_id": "a", "paid_on": date(2020, 9, 2)})
    assert facts(year, "fact_aid", "succeeded", "on_time", "amount_on_time") == [(1, None, None)]


def test_marks_are_of_those_who_sat_and_absence_is_no_zero(year: Year) -> None:
    told = {"school_code": "Q", "exam": "初中学业水平考试", "exam_year": 2020, "subject": "数学",
            "full_mark": Decimal("100.0"), "status": "正常"}  # fmt: skip
    year.put("exam_results", {**told, "candidate_no": "1", "score": Decimal("60.5"), "grade_letter": "C"},
             {**told, "candidate_no": "2", "score": Decimal("0.0"), "grade_letter": "E"},
             {**told, "candidate_no": "3", "grade_letter": "A"},
             {**told, "candidate_no": "4", "status": "缺考"}, {**told, "candidate_no": "5", "status": "缓考"},
             {**told, "candidate_no": "6", "status": "违纪", "score": Decimal("99.0"), "grade_letter": "A"},
             unit="433122")  # fmt: skip
    columns = ("candidates", "sat", "absent", "deferred", "violations", "scored", "score_sum", "full_mark_sum",
               "grade_a", "grade_c", "grade_e")  # fmt: skip
    assert facts(year, "fact_exam", "unit_code", "subject", *columns) == [
        ("433122", "数学", 6, 3, 1, 1, 1, 2, Decimal("60.5"), Decimal(200), 1, 1, 1),
    ]  # fmt: skip


def test_where_nobody_has_a_mark_there_is_no_sum(year: Year) -> None:
    year.put("exam_results", {"school_code": "P", "exam": "普通高考", "subject": "语文", "candidate_no": "1",
                              "status": "缺考"})  # fmt: skip
    assert facts(year, "fact_exam", "candidates", "scored", "score_sum") == [(1, 0, None)]


def test_athletes_by_sport_with_and_without_a_school(year: Year) -> None:
    told = {"county_code": "433101", "sport": "田径", "athlete_grade": "二级", "status": "有效"}
    year.put("athletes", {**told, "registration_no": "1", "sex": "男", "school_code": "P",
                          "sent_on": date(2020, 12, 31)},
             {**told, "registration_no": "2", "sex": "女", "school_code": "P", "sent_on": date(2019, 12, 31)},
             {**told, "registration_no": "3", "sex": "女", "athlete_grade": None})  # fmt: skip
    columns = ("school_code", "athlete_grade", "athletes", "male", "female", "sent_on")
    assert facts(year, "fact_registration", *columns) == [
        ("P", "二级", 2, 1, 1, 1), ("未填", "未填", 1, 0, 1, 0),
    ]  # fmt: skip


def test_venues_where_they_lie_whoever_reports_them(year: Year) -> None:
    told = {"county_code": "433122", "township_code": "433122102", "kind": "82", "area": Decimal("100.25")}
    year.put("venues", {**told, "venue_no": "1", "opening": "全天", "farmers_project": True,
                        "inspected_on": date(2020, 1, 1), "inspection": "合格"},
             {**told, "venue_no": "2", "opening": "不开放", "inspected_on": date(2019, 12, 31), "inspection": "停用"},
             unit="433100")  # fmt: skip
    columns = ("unit_code", "township_code", "venues", "area", "farmers_projects", "inspected", "open_all_day",
               "not_open", "passed", "out_of_use")  # fmt: skip
    assert facts(year, "fact_venue", *columns) == [
        ("433122", "433122102", 2, Decimal("200.5"), 1, 1, 1, 1, 1, 1),
    ]  # fmt: skip


def test_a_venue_of_unknown_area_leaves_the_area_unknown(year: Year) -> None:
    year.put("venues", {"venue_no": "1", "kind": "82", "area": Decimal(5)}, {"venue_no": "2", "kind": "82"})
    assert facts(year, "fact_venue", "township_code", "venues", "area") == [("未填", 2, None)]


WORK = {"article": 11, "office": "基础教育科", "item": "x", "status": "已完成"}


@pytest.mark.parametrize("named", ["id", "name_zh", "aliases"])
def test_work_items_stand_at_their_commitment_however_they_name_it(year: Year, named: str) -> None:
    commitments = tuple(load_plans()[2020].commitments)
    one = next(c for c in commitments if c.aliases)
    told: Any = getattr(one, named)
    name = told if isinstance(told, str) else told[0]
    year.put("work_items", {**WORK, "commitment": f" {name}", "quantity": Decimal(2), "due": Decimal(3),
                            "planned_by": date(2020, 6, 30), "done_on": date(2020, 6, 30)},
             {**WORK, "commitment": name, "due": Decimal(1), "planned_by": date(2020, 6, 30),
              "done_on": date(2020, 7, 1)}, unit="433100")  # fmt: skip
    columns = ("unit_code", "school_code", "commitment_id", "article", "items", "quantity", "due", "in_time",
               "first_done_on", "last_done_on")  # fmt: skip
    assert facts(year, "fact_work_item", *columns, commitments=commitments) == [
        ("433100", "未填", one.id, 11, 2, Decimal(3), Decimal(4), 1, date(2020, 6, 30), date(2020, 7, 1)),
    ]  # fmt: skip


def test_work_that_no_plan_knows_is_told_as_such(year: Year) -> None:
    year.put("work_items", {**WORK, "commitment": "别的事", "school_code": "P", "status": "推进中"})
    assert facts(year, "fact_work_item", "school_code", "commitment_id", "status", "items", "due") == [
        ("P", "未填", "推进中", 1, None),
    ]  # fmt: skip
