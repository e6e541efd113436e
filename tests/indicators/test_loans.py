"""Student loans, officers in office on the last day of the year, trainees due to graduate in it."""

from datetime import date
from decimal import Decimal

import pytest

from tests.indicators.year import REGIONS, Row, Year

OFFICERS = "township_loan_officer_coverage"
TOWNS = [t.code for t in REGIONS.townships if t.county_code == "433122" and t.kind in {"镇", "乡"}]
STREET = next(t.code for t in REGIONS.townships if t.kind == "街道")


def loan(year: int = 2020, **other: object) -> Row:
    return {"contract_no": "c", "loan_year": year, "amount": 800000, "balance": 800000, "principal_due": 0,
            "interest_due": 0, "overdue": 0, **other}  # fmt: skip


def test_contracts_of_the_year_and_their_money(year: Year) -> None:
    year.put("student_loans", loan(amount=800001), loan(2019), loan())
    year.put("student_loans", loan(amount=50), loan(2019), unit="433122")
    year.put("student_loans", loan(2019), unit="433123")
    found = year.figures("new_loans", "new_loan_amount")
    assert [found.of("new_loans", unit)[0] for unit in ("433100", "433101", "433122", "433123")] == [3, 2, 1, 0]
    assert found.of("new_loan_amount") == (Decimal("16000.51"), None)
    assert found.of("new_loan_amount", "433122") == (Decimal("0.5"), None)
    assert found.row("new_loans")["maturity"] == "confirmed"


def test_a_contract_without_a_balance_is_unknown(year: Year) -> None:
    year.put("student_loans", loan(balance=123), loan(2015, balance=0), loan(2015, balance=None))
    row = year.figures("loan_balance").row("loan_balance")
    assert (row["numerator"], row["unknown_count"], row["maturity"]) == (Decimal("1.23"), 1, "provisional")


def test_settled_on_a_day_of_the_year(year: Year) -> None:
    year.put("student_loans", *(loan(2015, settled_on=day) for day in (
        date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), None)),
        loan(2015, settled_on=None, settled_on__doubt="2020-05"))  # fmt: skip
    row = year.figures("loans_settled").row("loans_settled")
    assert (row["numerator"], row["unknown_count"]) == (2, 0)


def test_money_overdue_over_money_due(year: Year) -> None:
    year.put("student_loans", loan(principal_due=10000, interest_due=500, overdue=21),
             loan(principal_due=None, interest_due=500, overdue=500), loan(principal_due=10000, overdue=0),
             loan(principal_due=1, interest_due=1, overdue=None))  # fmt: skip
    year.put("student_loans", loan(), unit="433122")
    found = year.figures("loan_overdue_rate")
    assert found.of("loan_overdue_rate") == (21, 20500)
    assert found.row("loan_overdue_rate")["unknown_count"] == 2
    assert found.of("loan_overdue_rate", "433122") == (None, 0)


def test_a_county_that_sent_nothing_leaves_and_units_that_lend_nothing_are_not_missing(year: Year) -> None:
    year.put("student_loans", loan())
    year.put("student_loans", loan(), unit="433122")
    year.stands("student_loans", "433122", "missing")
    row = year.figures("new_loans").row("new_loans")
    assert (row["numerator"], row["missing_units"], row["maturity"]) == (1, "433122", "provisional")


def officer(township: str | None, appointed: date | None = date(2020, 12, 31), ended: date | None = None,
            **other: object) -> Row:  # fmt: skip
    return {"township_code": township, "appointed_on": appointed, "ended_on": ended, **other}


@pytest.mark.parametrize(("told", "counts"), [
    (officer("t"), True), (officer("t", date(2021, 1, 1)), False), (officer("t", date(2012, 3, 1)), True),
    (officer("t", ended=date(2020, 12, 31)), False), (officer("t", ended=date(2021, 1, 1)), True),
    (officer("t", None, appointed_on__doubt="2020-03"), False), (officer("t", ended_on__doubt="2021-03"), False),
])  # fmt: skip
def test_an_officer_is_in_office_when_the_year_ends(year: Year, told: Row, counts: bool) -> None:
    year.put("loan_officers", told | {"township_code": TOWNS[0]}, unit="433122")
    row = year.figures(OFFICERS).row(OFFICERS, "433122")
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (int(counts), len(TOWNS), 0)


def test_a_township_counts_once_and_streets_do_not(year: Year) -> None:
    gone = date(2020, 6, 30)
    year.put("loan_officers", officer(TOWNS[0]), officer(TOWNS[0]), officer(TOWNS[0], ended=gone),
             officer(TOWNS[1], ended=gone), officer(None), unit="433122")  # fmt: skip
    year.put("loan_officers", officer(STREET), officer(TOWNS[2]))
    found = year.figures(OFFICERS)
    assert found.of(OFFICERS, "433122") == (2, len(TOWNS))
    assert found.of(OFFICERS) == (2, 105)
    assert found.of(OFFICERS, "433170")[0] is None
    year.choices = {"township_scope": ["街道"]}
    assert year.figures(OFFICERS).of(OFFICERS) == (1, 10)


def trainee(due: int = 2020, graduated: bool | None = True, employed: bool | None = True) -> Row:
    return {"graduation_due": due, "graduated": graduated, "employed": employed, "student_id": "x"}


def test_trainees_due_in_the_year(year: Year) -> None:
    year.put("trainees", trainee(), trainee(employed=False), trainee(employed=None), trainee(graduated=False,
             employed=None), trainee(graduated=None), trainee(2019), trainee(2021, graduated=False))  # fmt: skip
    year.put("trainees", trainee(2021), unit="433122")
    found = year.figures("trainee_graduation", "trainee_employment")
    graduation, employment = found.row("trainee_graduation"), found.row("trainee_employment")
    assert (graduation["numerator"], graduation["denominator"], graduation["unknown_count"]) == (3, 4, 1)
    assert (employment["numerator"], employment["denominator"], employment["unknown_count"]) == (1, 2, 2)
    assert found.of("trainee_graduation", "433122") == found.of("trainee_employment", "433122") == (None, 0)
