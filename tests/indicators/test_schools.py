"""What schools answer with yes or no: who is asked, what a blank is, and where the numbers just reach."""

from datetime import date
from decimal import Decimal

import pytest

from assets.indicators import schools
from tests.indicators.year import CONTRACTS, UNITS, Row, Year

LEDGERS = {"dropout_ledger_kept": "dropouts", "census_ledger_kept": "enrolment", "aid_ledger_kept": "aid_payments"}
BY_COLUMN = {item.id: item for item in schools.COVERAGES if isinstance(item.that, str) and item.among is None}


def school(code: str, kind: str = "211", sponsor: str = "831", **facts: object) -> Row:
    return {"school_code": code, "kind": kind, "sponsor": sponsor, **facts}


def figure(year: Year, name: str) -> tuple[object, ...]:
    row = year.figures(name).row(name)
    return row["numerator"], row["denominator"], row["unknown_count"], row["maturity"]


def test_groups_of_kinds_are_those_of_the_contract() -> None:
    groups = CONTRACTS["school"].kind_groups
    assert groups["园"] == schools.KINDERGARTENS
    assert groups["义"] == schools.COMPULSORY
    assert groups["中小"] == schools.PRIMARY_AND_SECONDARY
    assert groups["校"] == schools.ALL_BUT_KINDERGARTENS
    for item in BY_COLUMN.values():
        applies = CONTRACTS["school"].column(str(item.that)).applies_to
        assert item.kinds == tuple(kind for group in applies for kind in groups[group]), item.id


def test_the_columns_that_coverages_ask() -> None:
    assert {item.id: item.that for item in BY_COLUMN.values()} == {
        "party_organisation_coverage": "party_organisation", "party_work_coverage": "party_work",
        "politics_courses_coverage": "politics_courses_full", "library_review_coverage": "library_reviewed",
        "discipline_organisation_coverage": "discipline_organisation",
        "discipline_officer_coverage": "discipline_officer", "happy_gymnastics_coverage": "happy_gymnastics",
        "catchment_coverage": "catchment_defined", "nearby_admission_coverage": "nearby_admission",
    }  # fmt: skip


@pytest.mark.parametrize("name", BY_COLUMN)
def test_yes_no_blank_and_who_is_not_asked(year: Year, name: str) -> None:
    column, kinds = str(BY_COLUMN[name].that), BY_COLUMN[name].kinds
    own, other = kinds[0], "211" if kinds == schools.KINDERGARTENS else "111"
    year.put(
        "school", school("yes", own, **{column: True}), school("no", own, **{column: False}), school("blank", own),
        school("again", own, **{column: True}), school("other", other, **{column: True}), school("other blank", other),
        school("merged", own, counted=False, parent_school_code="no", **{column: True}),
        school("point", "218", parent_school_code="no", **{column: True}),
    )  # fmt: skip
    assert figure(year, name) == (2, 3, 1, "provisional")
    found = year.figures(name)
    assert not found.regions(name, "school")
    assert found.of(name, "433122") == (None, 0)


@pytest.mark.parametrize("name", BY_COLUMN)
def test_kinds_that_are_asked_and_no_others(year: Year, name: str) -> None:
    values = [value.value for value in CONTRACTS["school"].column("kind").values]
    year.put("school", *(school(kind, kind, counted=True, **{str(BY_COLUMN[name].that): True}) for kind in values))
    count = len(BY_COLUMN[name].kinds)
    assert figure(year, name) == (count, count, 0, "confirmed")


def test_no_known_cell_at_all_is_no_data(year: Year) -> None:
    year.put("school", school("a"), school("b"))
    assert figure(year, "catchment_coverage") == (None, 0, 2, "provisional")


def test_a_standard_is_asked_where_there_is_an_organisation(year: Year) -> None:
    has = {"party_organisation": True}
    year.put(
        "school", school("met", **has, party_standard_met=True), school("not", **has, party_standard_met=False),
        school("blank", **has), school("none", party_organisation=False, party_standard_met=True),
        school("unknown", party_standard_met=True), school("k", "111", **has, party_standard_met=True),
    )  # fmt: skip
    assert figure(year, "party_standard_coverage") == (1, 2, 2, "provisional")


def test_a_canteen_platform_is_asked_where_there_is_a_canteen(year: Year) -> None:
    year.put(
        "school", school("on", canteen=True, canteen_platform=True),
        school("off", canteen=True, canteen_platform=False), school("k", "111", canteen=True, canteen_platform=True),
        school("none", canteen=False, canteen_platform=True), school("unknown", canteen_platform=False),
    )  # fmt: skip
    assert figure(year, "canteen_platform_coverage") == (2, 3, 1, "provisional")


def test_private_schools_by_their_sponsor(year: Year) -> None:
    year.put(
        "school", school("public", party_work=False), school("private", sponsor="999", party_work=True),
        school("blank", sponsor="999"), school("k", "111", "999", party_work=False),
        school("1000000001", sponsor="891", party_work=False),
    )  # fmt: skip
    name = "private_party_work_coverage"
    assert figure(year, name) == (1, 2, 1, "provisional")
    year.choices = {"local_enterprise_public": ["1000000001"]}
    assert figure(year, name)[:2] == (1, 1)


def test_of_three_measures_one_no_is_no_and_else_one_blank_is_unknown(year: Year) -> None:
    cases = {
        "all": (True, True, True), "one no": (True, False, True), "no and blank": (None, False, True),
        "blank": (True, True, None), "all blank": (None, None, None), "none": (False, False, False),
    }  # fmt: skip
    columns = ("closed_campus", "alarm_button", "video_covered")
    for n, (code, answers) in enumerate(cases.items()):
        kind = ("111", "211", "342", "365", "514", "371")[n]
        year.put("school", school(code, kind, **dict(zip(columns, answers, strict=True))))
    assert figure(year, "security_three_coverage") == (1, 4, 2, "provisional")


def test_labour_keeps_its_half_at_the_half(year: Year) -> None:
    hours = {"half": ("35.5", "71.0"), "below": ("35.4", "71.0"), "above": ("80.0", "71.0"), "unknown": (None, "71.0"),
             "no practice": ("10.0", "0.0"), "blank practice": ("10.0", None)}  # fmt: skip
    for code, told in hours.items():
        labour, practice = (None if text is None else Decimal(text) for text in told)
        year.put("school", school(code, "342", labour_hours=labour, practice_hours=practice))
    year.put("school", school("k", "111", labour_hours=Decimal(0), practice_hours=Decimal(9)),
             school("v", "365", labour_hours=Decimal(0), practice_hours=Decimal(9)))  # fmt: skip
    assert figure(year, "labour_hours_coverage") == (2, 3, 1, "provisional")


def test_days_are_made_up_when_as_many(year: Year) -> None:
    days = {"as many": (40, 40), "one short": (40, 39), "more": (1, 5), "none lost": (0, 0), "blank": (None, 5),
            "not told": (40, None)}  # fmt: skip
    for code, (lost, made_up) in days.items():
        year.put("school", school(code, "111", days_lost=lost, days_made_up=made_up))
    assert figure(year, "days_made_up_coverage") == (2, 3, 2, "provisional")


def test_persons_are_counted_under_health_monitoring(year: Year) -> None:
    year.put("school", school("a", staff_and_pupils=900, health_monitored=899),
             school("k", "111", staff_and_pupils=100, health_monitored=100),
             school("blank", staff_and_pupils=500), school("none", staff_and_pupils=0, health_monitored=0),
             school("merged", "218", parent_school_code="a", staff_and_pupils=9, health_monitored=0))  # fmt: skip
    year.put("school", school("z", staff_and_pupils=0, health_monitored=0), unit="433122")
    assert figure(year, "health_monitored_share") == (999, 1000, 1, "provisional")
    assert year.figures("health_monitored_share").of("health_monitored_share", "433122") == (None, 0)


def test_pilots_are_counted_among_compulsory_schools(year: Year) -> None:
    year.put("school", school("a", nutrition_pilot=True), school("b", "345", nutrition_pilot=True),
             school("no", nutrition_pilot=False), school("blank"), school("k", "111", nutrition_pilot=True),
             school("h", "342", nutrition_pilot=True))  # fmt: skip
    assert figure(year, "nutrition_pilot_schools") == (2, None, 1, "provisional")
    assert year.figures("nutrition_pilot_schools").of("nutrition_pilot_schools", "433122") == (0, None)


@pytest.mark.parametrize("name", LEDGERS)
def test_a_ledger_is_kept_when_it_is_there_and_not_an_old_one(year: Year, name: str) -> None:
    assert figure(year, name) == (10, 10, 0, "confirmed")
    year.stands(LEDGERS[name], "433122", "missing")
    year.stands(LEDGERS[name], "433123", "stale")
    year.stands(LEDGERS[name], "433124", "current", questions=3)
    assert figure(year, name)[:2] == (8, 10)
    assert year.figures(name).regions(name, "county") <= set(UNITS)


def test_a_ledger_of_terms_is_kept_when_both_are_there(year: Year) -> None:
    year.stands("aid_payments", "433101", "missing", period="2020-2021-autumn")
    year.stands("aid_payments", "433122", "missing", period="2019-2020-spring")
    assert figure(year, "aid_ledger_kept")[:2] == (8, 10)


def test_no_ledger_expected_is_no_data(year: Year) -> None:
    year.standing = {key: how for key, how in year.standing.items() if key[0] != "dropouts"}
    assert figure(year, "dropout_ledger_kept")[:2] == (None, 0)


def test_opening_in_steps_is_two_days_in_the_spring_calendar(year: Year) -> None:
    def calendar(unit: str, *days: str | None, term: str = "spring") -> None:
        starts = [None if day is None else date.fromisoformat(day) for day in days]
        stages = ("小学", "初中", "普通高中")
        year.put("term_calendar", *({"county_code": unit, "term": term, "stage": stage, "starts_on": day}
                                    for stage, day in zip(stages, starts, strict=False)), unit=unit)  # fmt: skip

    calendar("433101", "2020-04-20", "2020-04-13", "2020-04-07")
    calendar("433122", "2020-04-20", "2020-04-20", "2020-04-20")
    calendar("433123", "2020-04-20", None)
    calendar("433124", "2020-04-20", "2020-04-21", None)
    calendar("433122", "2020-08-31", "2020-09-01", term="autumn")
    assert figure(year, "staggered_opening") == (2, 3, 1, "provisional")
