"""Aid: the last day in time from every awkward start, units without a calendar, money, pupils counted once."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.indicators.year import UNITS, Row, Year

SPRING, AUTUMN = "aid_on_time_spring", "aid_on_time_autumn"
REPEATED, RETURNED, PER_PUPIL = "aid_repeated_rate_spring", "aid_returned_rate_spring", "aid_amount_per_pupil_spring"
POOR, MONEY, COVERAGE = "aid_on_time_poor_spring", "aid_on_time_amount_spring", "aid_coverage_spring"
START = date(2020, 4, 20)


def start(year: Year, day: date | None = START, unit: str = "433101", stage: str = "小学", **other: object) -> None:
    year.put("term_calendar", {"school_year": "2019-2020", "term": "spring", "stage": stage, "starts_on": day, **other},
             unit=unit)  # fmt: skip


def paid(day: date | None = START, **other: object) -> Row:
    return {
        "school_code": "s", "school_year": "2019-2020", "term": "spring", "stage": "小学", "student_id": "x",
        "project": "生活补助", "category": "低保", "amount_due": 50000, "amount_paid": 50000, "paid_on": day,
        "pay_status": "成功", **other,
    }  # fmt: skip


def autumn(**other: object) -> Row:
    return paid(date(2020, 10, 30), term="autumn", school_year="2020-2021", **other)


LAST_DAYS = {
    date(2020, 4, 20): date(2020, 6, 20), date(2020, 8, 31): date(2020, 10, 31), date(2020, 7, 31): date(2020, 9, 30),
    date(2019, 12, 30): date(2020, 2, 29), date(2019, 12, 31): date(2020, 2, 29), date(2020, 12, 28): date(2021, 2, 28),
    date(2020, 12, 30): date(2021, 2, 28), date(2020, 12, 31): date(2021, 2, 28),
}  # fmt: skip


def test_the_last_day_is_in_time_and_the_next_is_not(year: Year) -> None:
    for unit, (begins, last) in zip(UNITS, LAST_DAYS.items(), strict=False):
        start(year, begins, unit)
        year.put("aid_payments", paid(last, school_code=unit), paid(last + timedelta(days=1), school_code=unit),
                 unit=unit)  # fmt: skip
    found = year.figures(SPRING)
    assert [found.of(SPRING, unit) for unit in UNITS[: len(LAST_DAYS)]] == [(1, 2)] * len(LAST_DAYS)


def test_what_is_due_and_what_is_on_time(year: Year) -> None:
    start(year)
    year.put(
        "aid_payments", paid(), paid(project="入园补助"), paid(project="国家助学金"), paid(project="营养改善"),
        paid(amount_due=0, amount_paid=0), paid(pay_status="退汇", amount_paid=0),
        paid(None, pay_status="未发", amount_paid=0), paid(None, paid_on__doubt="2020-05"), autumn(),
    )  # fmt: skip
    found = year.figures(SPRING)
    assert found.of(SPRING) == found.of(SPRING, "s") == (3, 6)
    assert found.row(SPRING)["unknown_count"] == 0
    told = "on_time_months=2; on_time_projects=入园补助、生活补助、国家助学金"
    assert found.row(SPRING)["parameters"] == told
    year.choices = {"on_time_projects": ["营养改善"]}
    assert year.figures(SPRING).of(SPRING) == (1, 1)


def test_terms_and_poor_pupils_and_money_apart(year: Year) -> None:
    start(year)
    year.put("term_calendar", {"term": "autumn", "stage": "小学", "starts_on": date(2020, 8, 31)})
    year.put("aid_payments", paid(category="建档立卡"), paid(date(2020, 7, 1), category="建档立卡", amount_due=62551),
             paid(amount_due=62550, amount_paid=62549), autumn())  # fmt: skip
    found = year.figures(SPRING, AUTUMN, POOR, MONEY)
    assert found.of(SPRING) == (2, 3)
    assert found.of(AUTUMN) == (1, 1)
    assert found.of(POOR) == (1, 2)
    assert found.of(MONEY) == (50000 + 62549, 50000 + 62551 + 62550)


def test_the_start_is_that_of_unit_and_stage(year: Year) -> None:
    start(year, date(2020, 4, 1))
    start(year, date(2020, 5, 1), stage="初中")
    start(year, date(2020, 3, 1), unit="433122")
    late = date(2020, 6, 30)
    year.put("aid_payments", paid(late), paid(late, stage="初中"))
    year.put("aid_payments", paid(late, school_code="t"), unit="433122")
    found = year.figures(SPRING)
    assert found.of(SPRING, "433101") == (1, 2)
    assert found.of(SPRING, "433122") == (0, 1)


@pytest.mark.parametrize("calendar", ["none", "another stage", "no day"])
def test_a_unit_without_a_limit_has_no_figure_and_is_named(year: Year, calendar: str) -> None:
    start(year, unit="433122")
    if calendar == "another stage":
        start(year, stage="初中")
    if calendar == "no day":
        start(year, None, starts_on__doubt="2020-04")
    year.put("aid_payments", paid(), paid(stage="初中"))
    year.put("aid_payments", paid(school_code="t"), unit="433122")
    found = year.figures(SPRING, MONEY)
    row = found.row(SPRING)
    assert (row["numerator"], row["denominator"], row["missing_units"]) == (1, 1, "433101")
    assert row["maturity"] == "provisional"
    assert found.of(SPRING, "433101") == (None, None)
    assert found.regions(SPRING, "school") == {"t"}
    assert found.of(MONEY) == (50000, 50000)


def test_a_missing_calendar_does_not_matter_where_nothing_is_due(year: Year) -> None:
    start(year)
    year.put("aid_payments", paid())
    year.put("aid_payments", paid(school_code="t", amount_due=0, amount_paid=0), unit="433122")
    row = year.figures(SPRING).row(SPRING)
    assert (row["numerator"], row["denominator"], row["missing_units"]) == (1, 1, "")


def test_only_the_terms_own_files_matter(year: Year) -> None:
    start(year)
    year.put("aid_payments", paid())
    year.stands("aid_payments", "433122", "missing", period="2020-2021-autumn")
    found = year.figures(SPRING, AUTUMN)
    assert (found.row(SPRING)["maturity"], found.row(SPRING)["missing_units"]) == ("confirmed", "")
    assert found.row(AUTUMN)["missing_units"] == "433122"


def entitled(pupil: str, **other: object) -> Row:
    return {"school_code": "s", "school_year": "2019-2020", "term": "spring", "stage": "小学", "student_id": pupil,
            "category": "低保", **other}  # fmt: skip


def test_a_pupil_entitled_counts_once_at_each_grain(year: Year) -> None:
    year.put("aid_entitled", entitled("a"), entitled("a", school_code="s2"), entitled("b"), entitled("c"),
             entitled("d", term="autumn", school_year="2020-2021"))  # fmt: skip
    year.put("aid_entitled", entitled("a"), entitled("e"), unit="433122")
    year.put("aid_payments", paid(student_id="a"), paid(student_id="a", project="营养改善"), autumn(student_id="c"),
             paid(student_id="b", pay_status="退汇"), paid(student_id="not entitled"))  # fmt: skip
    year.put("aid_payments", paid(student_id="e"), unit="433170")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE, "433101") == (1, 3)
    assert found.of(COVERAGE, "433122") == (2, 2)
    assert found.of(COVERAGE) == (2, 4)
    assert found.of(COVERAGE, "433170") == (None, 0)


def test_a_unit_without_payments_leaves_coverage_on_both_sides(year: Year) -> None:
    year.put("aid_entitled", entitled("a"))
    year.put("aid_entitled", entitled("b"), unit="433122")
    year.put("aid_payments", paid(student_id="a"))
    year.stands("aid_payments", "433122", "missing")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE) == (1, 1)
    assert found.of(COVERAGE, "433122") == (None, None)
    assert found.row(COVERAGE)["missing_units"] == "433122"


def test_coverage_of_some_categories(year: Year) -> None:
    poor, priority = "aid_coverage_poor_spring", "aid_coverage_priority_spring"
    kinds = ["建档立卡", "低保", "特困供养", "残疾", "孤儿", "烈士子女", "其他"]
    year.put("aid_entitled", *(entitled(kind, category=kind) for kind in kinds), entitled("x", category="建档立卡"),
             entitled("x", category="建档立卡", school_code="s2"))  # fmt: skip
    year.put("aid_payments", *(paid(student_id=kind) for kind in kinds), paid(student_id="x", pay_status="退汇"))
    found = year.figures(COVERAGE, poor, priority)
    assert (found.of(COVERAGE), found.of(poor), found.of(priority)) == ((7, 8), (1, 2), (4, 5))
    assert found.row(priority)["parameters"] == "priority_categories=建档立卡、低保、特困供养、残疾"
    assert found.of(poor, "433122") == (None, 0)
    year.choices = {"priority_categories": ["孤儿"]}
    assert year.figures(priority).of(priority) == (1, 1)


def test_returned_payments_of_every_project(year: Year) -> None:
    year.put("aid_payments", paid(), paid(pay_status="退汇", amount_paid=0), paid(project="营养改善"),
             paid(None, pay_status="未发", amount_paid=0), paid(amount_due=0, amount_paid=0, pay_status="退汇"),
             autumn(pay_status="退汇"))  # fmt: skip
    year.put("aid_payments", paid(amount_due=0, amount_paid=0), unit="433122")
    found = year.figures(RETURNED)
    assert found.of(RETURNED) == (1, 4)
    assert found.of(RETURNED, "433122") == (None, 0)


def test_a_payment_is_repeated_for_the_same_person_project_and_term(year: Year) -> None:
    year.put("aid_payments", paid(), paid(project="营养改善"), paid(student_id="y"), autumn())
    assert year.figures(REPEATED).of(REPEATED) == (0, 3)
    year.put("aid_payments", paid(school_code="s2"), paid(school_code="s3"))
    found = year.figures(REPEATED, "aid_repeated_rate_autumn")
    assert found.of(REPEATED) == (2, 5)
    assert found.of("aid_repeated_rate_autumn") == (0, 1)


def test_repetitions_in_quarantine_count_and_other_faults_do_not(year: Year) -> None:
    year.put("aid_payments", paid(student_id="y"), paid(student_id="z"))
    year.quarantine("aid_payments", paid(row=1), paid(row=2), paid(row=3), autumn(row=4), paid(row=5, student_id="z"),
                    paid(row=6, student_id=None), paid(row=7, student_id=None))  # fmt: skip
    found = year.figures(REPEATED)
    assert found.of(REPEATED) == (2, 5)
    assert found.row(REPEATED)["unknown_count"] == 0


def test_of_two_units_the_later_one_repeats(year: Year) -> None:
    day = date(2020, 5, 1)
    year.put("aid_payments", paid(day + timedelta(days=1)), paid(student_id="z"))
    year.put("aid_payments", paid(day, school_code="t"), unit="433122")
    year.put("aid_payments", paid(None, school_code="u", pay_status="未发"), unit="433123")
    found = year.figures(REPEATED)
    units = [found.of(REPEATED, unit) for unit in ("433100", "433101", "433122", "433123")]
    assert units == [(2, 4), (1, 2), (0, 1), (1, 1)]


def test_money_per_pupil_in_yuan(year: Year) -> None:
    year.put("aid_payments", paid(amount_paid=50001), paid(project="营养改善", amount_paid=100), autumn(),
             paid(student_id="y", pay_status="退汇", amount_paid=0), paid(student_id="z", amount_paid=0))  # fmt: skip
    year.put("aid_payments", paid(school_code="t", amount_paid=9), unit="433122")
    year.put("aid_payments", paid(school_code="u", pay_status="未发", amount_paid=0), unit="433123")
    found = year.figures(PER_PUPIL)
    assert found.of(PER_PUPIL, "433101") == (Decimal("501.01"), 2)
    assert found.of(PER_PUPIL, "433122") == (Decimal("0.09"), 1)
    assert found.of(PER_PUPIL) == (Decimal("501.1"), 2)
    assert found.of(PER_PUPIL, "433123")[0] is None
