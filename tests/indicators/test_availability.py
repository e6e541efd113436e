"""Missing, stale and questioned: what becomes of the figure of a unit and of the prefecture."""

import pytest
from sqlalchemy import literal

from assets.indicators.catalogue import TERMS, Need
from assets.indicators.formulas import Count
from tests.indicators.year import UNITS, Row, Year

P1, SHARE, LARGE = "primary_entry_classes_within_limit", "public_kindergarten_share", "compulsory_large_classes"


def a_class(code: str, pupils: int = 40) -> Row:
    return {"school_code": code, "stage": "小学", "grade": "P1", "class_no": "1", "pupils": pupils}


@pytest.fixture
def two_units(year: Year) -> Year:
    for unit, code in (("433101", "a"), ("433122", "b")):
        year.put("school", {"school_code": code, "kind": "211", "sponsor": "831"}, unit=unit)
        year.put("class_ledger", a_class(code), unit=unit)
        year.put("class_ledger", a_class(code) | {"stage": "幼儿园", "grade": "K1"}, unit=unit)
    return year


def test_all_there_is_confirmed(two_units: Year) -> None:
    found = two_units.figures(P1, SHARE)
    assert {found.row(P1, region)["maturity"] for region in ("433100", *UNITS, "a")} == {"confirmed"}
    assert found.row(P1)["missing_units"] == ""


def test_a_gap_leaves_both_sides_and_is_named(two_units: Year) -> None:
    two_units.stands("class_ledger", "433122", "missing")
    found = two_units.figures(P1, LARGE)
    row = found.row(P1)
    assert (row["numerator"], row["denominator"]) == (1, 1)
    assert (row["missing_units"], row["maturity"]) == ("433122", "provisional")
    gap = found.row(P1, "433122")
    assert (gap["numerator"], gap["denominator"], gap["value"], gap["unknown_count"]) == (None, None, None, 0)
    assert (gap["missing_units"], gap["maturity"]) == ("433122", "provisional")
    assert found.of(LARGE, "433122") == (None, None)
    assert found.row(P1, "433101")["maturity"] == "confirmed"
    assert found.regions(P1, "school") == {"a"}


def test_every_unit_missing_is_no_data_and_not_0(two_units: Year) -> None:
    for unit in UNITS:
        two_units.stands("class_ledger", unit, "missing")
    found = two_units.figures(P1, LARGE)
    assert found.of(P1) == found.of(LARGE) == (None, None)
    assert found.row(LARGE)["missing_units"] == ",".join(UNITS)


@pytest.mark.parametrize(("standing", "questions"), [("stale", 0), ("current", 2)])
def test_stale_or_questioned_stands_and_is_provisional(two_units: Year, standing: str, questions: int) -> None:
    two_units.stands("school", "433122", standing, questions)
    found = two_units.figures(P1, SHARE)
    assert found.of(SHARE) == (80, 80)
    assert [found.row(SHARE, region)["maturity"] for region in ("433100", "433122", "433101", "a", "b")] == [
        "provisional", "provisional", "confirmed", "confirmed", "provisional",
    ]  # fmt: skip
    assert found.row(SHARE)["missing_units"] == ""
    assert found.row(P1)["maturity"] == "confirmed"


def test_a_unit_that_never_sent_a_school_list_is_a_gap(two_units: Year) -> None:
    two_units.stands("school", "433122", "missing")
    assert two_units.figures(SHARE).row(SHARE)["missing_units"] == "433122"


def test_the_bureaus_one_file_speaks_for_all(two_units: Year) -> None:
    two_units.stands("population", "433100", "current", 1)
    name = "preschool_gross_enrolment"
    found = two_units.figures(name)
    assert {found.row(name, region)["maturity"] for region in ("433100", *UNITS)} == {"provisional"}
    two_units.stands("population", "433100", "missing")
    found = two_units.figures(name)
    assert {found.of(name, region) for region in ("433100", *UNITS)} == {(None, None)}
    assert found.row(name)["missing_units"] == "433100"


def test_the_bureaus_file_beside_those_of_the_units_is_no_gap(two_units: Year) -> None:
    two_units.standing["venues", "2020", "433100"] = ("missing", 0)
    name = "township_fitness_coverage"
    found = two_units.figures(name)
    assert (found.of(name), found.row(name)["missing_units"]) == ((0, 105), "")
    assert found.row(name)["maturity"] == "provisional"
    assert found.row(name, "433101")["maturity"] == "confirmed"


def test_a_dataset_that_nothing_is_known_of_is_missing_everywhere(two_units: Year) -> None:
    two_units.standing = {key: told for key, told in two_units.standing.items() if key[0] != "class_ledger"}
    found = two_units.figures(P1)
    assert found.of(P1) == (None, None)
    assert not found.regions(P1, "school")


def test_a_file_with_headers_only_says_nothing_to_report(year: Year) -> None:
    year.put("class_ledger", a_class("a", 60))
    found = year.figures(LARGE)
    assert (found.of(LARGE, "433122"), found.row(LARGE, "433122")["maturity"]) == ((0, None), "confirmed")


def test_that_a_unit_sends_nothing_that_is_not_expected_of_it_is_no_gap(year: Year) -> None:
    for unit in ("433101", "433170", "433171"):
        year.stands("student_loans", unit, "missing")
    found = year.made(lambda c: Count(c.student_loans, literal(True)), Need("student_loans"))
    assert found.row("made")["missing_units"] == "433101"
    assert found.of("made", "433101") == found.of("made", "433170") == (None, None)
    assert found.row("made", "433170")["maturity"] == "confirmed"


def test_one_missing_month_is_a_gap_of_the_year(year: Year) -> None:
    year.stands("nutrition_meals", "433122", "missing", period="2020-11")
    found = year.made(lambda c: Count(c.nutrition_meals, literal(True)), Need("nutrition_meals"))
    assert found.row("made")["missing_units"] == "433122"


def test_of_a_term_only_that_terms_file_is_needed(year: Year) -> None:
    year.stands("aid_payments", "433122", "missing", period="2019-2020-spring")
    missing = [year.made(lambda c: Count(c.aid_payments, literal(True)), Need("aid_payments", term)).row("made")
               for term in TERMS]  # fmt: skip
    assert [row["missing_units"] for row in missing] == ["433122", ""]


def test_a_unit_that_nobody_asks_has_no_figure_and_is_not_missed(year: Year) -> None:
    loan = {"contract_no": "x", "loan_year": 2020, "amount": 800_000, "balance": 800_000}
    year.put("student_loans", loan, unit="433101")
    found = year.figures("new_loans")
    assert found.of("new_loans", "433101") == (1, None)
    assert found.of("new_loans", "433122") == (0, None)
    assert found.of("new_loans", "433170") == found.of("new_loans", "433171") == (None, None)
    assert (found.row("new_loans")["missing_units"], found.row("new_loans")["maturity"]) == ("", "confirmed")
    assert found.of("new_loans") == (1, None)


def test_what_an_unasked_unit_sends_all_the_same_counts(year: Year) -> None:
    year.stands("student_loans", "433170", "current")
    year.put("student_loans", {"contract_no": "x", "loan_year": 2020, "amount": 1, "balance": 1}, unit="433170")
    found = year.figures("new_loans")
    assert found.of("new_loans", "433170") == found.of("new_loans") == (1, None)
