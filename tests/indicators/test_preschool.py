"""Kindergartens: who is public, who is inclusive and since when, and children of units without population."""

from datetime import date
from fractions import Fraction

import pytest

from tests.indicators.year import COUNTIES, UNITS, Row, Year

SHARE, COVERAGE, GROSS = "public_kindergarten_share", "inclusive_kindergarten_coverage", "preschool_gross_enrolment"
PLACES, RECOGNISED = "public_kindergarten_places", "inclusive_private_recognised"


def school(code: str, kind: str = "111", sponsor: str = "999", **other: object) -> Row:
    return {"school_code": code, "kind": kind, "sponsor": sponsor, **other}


def children(code: str, pupils: int, grade: str = "K1") -> Row:
    return {"school_code": code, "stage": "幼儿园", "grade": grade, "class_no": "1", "pupils": pupils}


def people(year: Year, unit: str, *numbers: int) -> None:
    """Residents aged 3, 4, 5; registered are ten times as many."""
    for age, number in zip("345", numbers, strict=False):
        year.put("population", {"county_code": unit, "age": age, "residents": number, "registered": number * 10},
                 unit="433100")  # fmt: skip


def test_sponsors_that_are_public(year: Year) -> None:
    public = ("811", "812", "821", "822", "831", "832", "892", "893", "894", "公办")
    for sponsor in (*public, "891", "999"):
        year.put("school", school(sponsor, sponsor=sponsor))
        year.put("class_ledger", children(sponsor, 30))
    found = year.figures(SHARE)
    counts = {code for code in found.regions(SHARE, "school") if found.of(SHARE, code) == (30, 30)}
    assert counts == set(public)
    assert (found.of(SHARE, "891"), found.of(SHARE, "999"), found.of(SHARE)) == ((0, 30), (0, 30), (300, 360))


def test_public_share_by_the_school_that_holds_the_class(year: Year) -> None:
    year.put("school", school("p"), school("g", "211", "831"), school("at", "119", "831", parent_school_code="g"))
    year.put("class_ledger", children("p", 40), children("at", 25), children("g", 15, "K0"),
             {"school_code": "g", "stage": "小学", "grade": "P1", "class_no": "1", "pupils": 50})  # fmt: skip
    found = year.figures(SHARE)
    assert found.of(SHARE) == found.of(SHARE, "433101") == (40, 80)
    assert found.of(SHARE, "p") == (0, 40)
    assert found.of(SHARE, "g") == (40, 40)
    assert found.regions(SHARE, "school") == {"p", "g"}
    assert found.row(SHARE)["value"] == 0.5


def test_a_local_enterprise_is_public_only_where_named(year: Year) -> None:
    year.put("school", school("1000000001", sponsor="891"), school("1000000002", sponsor="891"))
    year.put("class_ledger", children("1000000001", 30), children("1000000002", 70))
    year.choices = {"local_enterprise_public": ["1000000001"]}
    row = year.figures(SHARE).row(SHARE)
    assert (row["numerator"], row["parameters"]) == (30, "local_enterprise_public=1000000001")


def test_children_of_a_school_that_no_list_has_are_unknown(year: Year) -> None:
    year.put("school", school("a", sponsor="831"))
    year.put("class_ledger", children("a", 30), children("?", 70))
    row = year.figures(SHARE).row(SHARE)
    assert (row["numerator"], row["denominator"], row["unknown_count"], row["maturity"]) == (30, 30, 1, "provisional")


def test_inclusive_by_the_first_of_september(year: Year) -> None:
    since = {"empty": None, "eve": date(2020, 8, 31), "first": date(2020, 9, 1), "second": date(2020, 9, 2)}
    year.put("school", *(school(code, inclusive_private=True, inclusive_since=day) for code, day in since.items()),
             school("no day", inclusive_private=True, inclusive_since__doubt="2020-08"))  # fmt: skip
    year.put("class_ledger", *(children(code, 20) for code in (*since, "no day")))
    found = year.figures(COVERAGE)
    inclusive = {code for code in found.regions(COVERAGE, "school") if found.of(COVERAGE, code) == (20, 20)}
    assert inclusive == {"empty", "eve", "first"}
    assert found.of(COVERAGE) == (60, 100)
    assert found.row(COVERAGE)["maturity"] == "confirmed"


def test_inclusive_counts_children_and_leaves_unknown_out(year: Year) -> None:
    year.put("school", school("pub", sponsor="831"), school("yes", inclusive_private=True), school("blank"),
             school("late", inclusive_since=date(2020, 10, 1)), school("no", inclusive_private=False),
             school("pri", "211"), school("at", "119", parent_school_code="pri"))  # fmt: skip
    year.put("class_ledger", children("pub", 100), children("yes", 50), children("blank", 30), children("late", 9),
             children("no", 30), children("at", 20))  # fmt: skip
    found = year.figures(COVERAGE)
    row = found.row(COVERAGE)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (150, 200, 2)
    assert row["maturity"] == "provisional"
    assert found.of(COVERAGE, "pri") == (0, 20)
    assert found.of(COVERAGE, "blank") == (None, 0)


def test_all_unknown_is_no_data(year: Year) -> None:
    year.put("school", school("a"))
    year.put("class_ledger", children("a", 30))
    row = year.figures(COVERAGE).row(COVERAGE)
    assert (row["numerator"], row["value"], row["unknown_count"], row["maturity"]) == (None, None, 1, "provisional")


def test_gross_enrolment_over_two_tables(year: Year) -> None:
    year.put("class_ledger", children("a", 60), children("a", 10, "K0"), children("a", 15, "KM"))
    year.put("class_ledger", children("z", 5), unit="433170")
    for county in COUNTIES:
        people(year, county, 30, 30, 40)
    year.put("population", {"county_code": "433101", "age": "合计", "residents": 9000},
             {"county_code": "433101", "age": "2", "residents": 70}, unit="433100")  # fmt: skip
    found = year.figures(GROSS)
    assert found.of(GROSS, "433101") == (85, 100)
    assert found.of(GROSS, "433122") == (0, 100)
    assert found.of(GROSS) == (90, 800)
    assert found.of(GROSS, "433170") == (None, 0)
    assert found.row(GROSS, "433170")["maturity"] == "confirmed"
    assert found.row(GROSS)["maturity"] == "confirmed"
    assert found.row(GROSS)["parameters"] == "include_tuoban=true; population_series=residents"
    assert found.regions(GROSS, "county") == set(UNITS)
    assert not found.regions(GROSS, "school")


def test_gross_enrolment_by_other_choices(year: Year) -> None:
    year.put("class_ledger", children("a", 60), children("a", 10, "K0"))
    people(year, "433101", 3, 3, 4)
    year.choices = {"include_tuoban": False, "population_series": "registered"}
    assert year.figures(GROSS).of(GROSS, "433101") == (60, 100)


@pytest.mark.parametrize("numbers", [(), (30, 30), (30, 30, None)])
def test_a_county_without_all_ages_leaves_both_sides(year: Year, numbers: tuple[int, ...]) -> None:
    for unit in UNITS:
        year.put("class_ledger", children(f"s{unit}", 10), unit=unit)
    for county in COUNTIES[1:]:
        people(year, county, 30, 30, 40)
    for age, number in zip("345", numbers, strict=False):
        year.put("population", {"county_code": "433101", "age": age, "residents": number}, unit="433100")
    found = year.figures(GROSS)
    row = found.row(GROSS)
    assert (row["numerator"], row["denominator"]) == (90, 700)
    assert (row["missing_units"], row["maturity"]) == ("433101", "provisional")
    assert found.of(GROSS, "433101") == (None, None)
    assert found.row(GROSS, "433101")["missing_units"] == "433101"


def test_places_of_counted_public_kindergartens(year: Year) -> None:
    year.put("school", school("a", sponsor="831", places=120), school("b", sponsor="894", places=90),
             school("pri", places=500), school("at", "119", "831", places=60),
             school("branch", sponsor="831", places=40, counted=False, parent_school_code="a"))  # fmt: skip
    year.put("school", school("c", sponsor="831", places=None), unit="433122")
    found = year.figures(PLACES)
    assert found.of(PLACES) == (210, None)
    assert found.row(PLACES)["value"] == 210.0
    assert found.of(PLACES, "a") == (120, None)
    assert found.of(PLACES, "433122") == (None, None)
    assert found.row(PLACES)["unknown_count"] == 1
    assert found.of(PLACES, "433123") == (0, None)


def test_recognised_in_the_year(year: Year) -> None:
    dates = (date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), None)
    year.put("school", *(school(f"s{n}", inclusive_private=True, inclusive_since=d) for n, d in enumerate(dates)))
    year.put("school", school("blank"), school("p", sponsor="831", inclusive_private=True, inclusive_since=dates[1]),
             school("no", inclusive_private=False, inclusive_since=dates[1]), unit="433122")  # fmt: skip
    found = year.figures(RECOGNISED)
    assert found.of(RECOGNISED) == (2, None)
    assert found.of(RECOGNISED, "433122") == (0, None)
    assert found.row(RECOGNISED, "433122")["unknown_count"] == 1
    assert not found.regions(RECOGNISED, "school")


def test_a_share_is_exactly_its_percent(year: Year) -> None:
    percents = dict(zip(UNITS, (15, 42, 50, 80, 85, 95, 97), strict=False))
    for unit, percent in percents.items():
        year.put("school", school(f"a{unit}", sponsor="831"), school(f"b{unit}"), unit=unit)
        year.put("class_ledger", children(f"a{unit}", percent * 7), children(f"b{unit}", (100 - percent) * 7),
                 unit=unit)  # fmt: skip
    found = year.figures(SHARE)
    for unit, percent in percents.items():
        numerator, denominator = found.of(SHARE, unit)
        assert Fraction(numerator or 0) / Fraction(denominator or 1) == Fraction(percent, 100)
        assert found.row(SHARE, unit)["value"] == percent / 100


def test_public_kindergartens_are_counted_without_attached_classes_and_private_ones(year: Year) -> None:
    year.put("school", school("a", sponsor="831"), school("b", sponsor="公办"), school("c", sponsor="999"),
             school("d", "119", "831", parent_school_code="e"), school("e", "211", "831"),
             school("f", sponsor="831", counted=False, parent_school_code="a"))  # fmt: skip
    found = year.figures("public_kindergartens")
    assert found.of("public_kindergartens") == (2, None)
    assert found.of("public_kindergartens", "a") == (1, None)


def test_kindergarten_classes_at_the_limit_of_their_grade_and_above(year: Year) -> None:
    name, limits = "kindergarten_classes_within_limit", {"K1": 25, "K2": 30, "K3": 35, "KM": 30}
    for grade, limit in limits.items():
        year.put("class_ledger", children(grade, limit, grade), children(grade, limit + 1, grade))
    year.put("class_ledger", children("nursery", 90, "K0"),
             {"school_code": "p", "stage": "小学", "grade": "P1", "class_no": "1", "pupils": 20})  # fmt: skip
    found = year.figures(name)
    assert found.regions(name, "school") == set(limits)
    assert [found.of(name, grade) for grade in limits] == [(1, 2)] * 4
    assert (found.of(name), found.of(name, "433122")) == ((4, 8), (None, 0))
    year.choices = {"kindergarten_k2_class_limit": 31}
    assert year.figures(name).of(name) == (5, 8)
