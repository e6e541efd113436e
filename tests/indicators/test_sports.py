"""Townships with a farmers' sports project, venues, instructors, athletes, results, the lottery."""

from datetime import date
from decimal import Decimal

import pytest

from tests.indicators.year import REGIONS, Row, Year

COVERAGE = "township_fitness_coverage"
TOWNS = [t.code for t in REGIONS.townships if t.county_code == "433122" and t.kind in {"镇", "乡"}]
STREET = next(t.code for t in REGIONS.townships if t.kind == "街道")


def venue(township: str | None, project: bool | None = True, inspection: str | None = "合格") -> Row:
    return {"township_code": township, "farmers_project": project, "inspection": inspection, "venue_no": "1"}


def test_a_township_with_an_open_project_is_equipped(year: Year) -> None:
    year.put(
        "venues", venue(TOWNS[0]), venue(TOWNS[0]), venue(TOWNS[1], inspection=None),
        venue(TOWNS[2], inspection="整改"), venue(TOWNS[3], inspection="停用"), venue(TOWNS[4], project=False),
        venue(TOWNS[4], None), venue(TOWNS[4]), venue(STREET), venue(None), unit="433122",
    )  # fmt: skip
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE, "433122") == (4, len(TOWNS))
    assert found.of(COVERAGE) == (4, 105)
    assert found.row(COVERAGE)["maturity"] == "confirmed"
    assert found.of(COVERAGE, "433170") == (None, 0)


def test_a_township_of_which_only_blanks_are_told_is_unknown(year: Year) -> None:
    year.put("venues", venue(TOWNS[0], None), venue(TOWNS[1], None, "停用"), venue(TOWNS[2]), unit="433122")
    found = year.figures(COVERAGE)
    row = found.row(COVERAGE, "433122")
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (1, len(TOWNS) - 1, 1)
    assert found.of(COVERAGE) == (1, 104)
    assert found.row(COVERAGE)["maturity"] == "provisional"


def test_a_venue_counts_where_it_lies_whoever_reports_it(year: Year) -> None:
    year.put("venues", venue(TOWNS[0]), unit="433171")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE, "433122") == (1, len(TOWNS))


def test_a_missing_county_leaves_with_its_townships(year: Year) -> None:
    year.put("venues", venue(TOWNS[0]), unit="433122")
    year.stands("venues", "433101", "missing")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE) == (1, 105 - 6)
    assert found.row(COVERAGE)["missing_units"] == "433101"


def test_streets_and_farms_count_by_choice(year: Year) -> None:
    year.put("venues", venue(STREET), unit="433101")
    year.choices = {"township_scope": ["镇", "乡", "街道", "林场"]}
    assert year.figures(COVERAGE).of(COVERAGE) == (1, len(REGIONS.townships))
    assert len(REGIONS.townships) == 116


AROUND = [date(2019, 12, 31), date(2020, 1, 1), date(2020, 12, 31), date(2021, 1, 1), None]


def people(county: str, residents: int, age: str = "合计") -> Row:
    return {"county_code": county, "age": age, "residents": residents}


def test_area_and_instructors_per_resident(year: Year) -> None:
    area, instructors = "sports_area_per_capita", "instructors_per_thousand"
    year.put("population", people("433101", 1000), people("433101", 9, "3"), people("433122", 0), people("433123", 500),
             unit="433100")  # fmt: skip
    for unit, metres in (("433101", "1200.55"), ("433122", "10"), ("433170", "0.45"), ("433124", "7")):
        year.put("venues", {"area": Decimal(metres), "kind": "1"}, {"area": Decimal("0.01"), "kind": "1"}, unit=unit)
        year.put("sports_instructors", {"certificate_no": "1"}, unit=unit)
    found = year.figures(area, instructors)
    assert found.of(area, "433101") == (Decimal("1200.56"), 1000)
    assert found.of(instructors, "433101") == (1000, 1000)
    for unit in ("433122", "433124", "433170"):
        assert found.of(area, unit)[0] is found.of(instructors, unit)[0] is None
    assert found.of(area) == (Decimal("1200.56") + Decimal("10.01") + Decimal("0.46"), 1500)
    assert found.of(instructors) == (3000, 1500)
    assert "433124" in found.row(area)["missing_units"].split(",")
    assert found.row(area)["maturity"] == "provisional"


def test_instructors_granted_on_a_day_of_the_year(year: Year) -> None:
    granted = "instructors_granted"
    year.put("sports_instructors", *({"granted_on": day} for day in AROUND), {"granted_on__doubt": "2020"})
    row = year.figures(granted).row(granted)
    assert (row["numerator"], row["unknown_count"]) == (2, 0)
    assert year.figures(granted).of(granted, "433122") == (0, None)


def fitness(day: date | None, kind: str = "82", project: bool | None = None, **other: object) -> Row:
    return {"kind": kind, "farmers_project": project, "inspected_on": day, "venue_no": "1", **other}


def test_fitness_venues_are_trails_and_projects_and_are_checked_in_the_year(year: Year) -> None:
    checked, trails, day = "venue_safety_checked", "fitness_trails", date(2020, 6, 1)
    year.put("venues", *(fitness(each) for each in AROUND), fitness(None, inspected_on__doubt="2020-06"),
             fitness(day, "81", project=True), fitness(day, "8", project=False), fitness(day, "2"))  # fmt: skip
    year.put("venues", fitness(day, "2", project=False), unit="433122")
    found = year.figures(checked, trails)
    row = found.row(checked)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (3, 7, 1)
    assert found.of(checked, "433122") == (None, 0)
    assert (found.of(trails), found.of(trails, "433122")) == ((6, None), (0, None))


def test_counties_with_a_signature_sport(year: Year) -> None:
    signature = "signature_sports_coverage"
    year.put("signature_sports", {"item": "a"}, {"item": "b"})
    year.put("signature_sports", {"item": "a"}, unit="433122")
    found = year.figures(signature)
    assert found.of(signature) == (2, 8)
    assert [found.of(signature, unit)[0] for unit in ("433101", "433122", "433123")] == [1, 1, 0]
    assert found.of(signature, "433170")[0] is None
    year.stands("signature_sports", "433122", "missing")
    found = year.figures(signature)
    assert found.of(signature) == (1, 7)
    assert found.row(signature)["missing_units"] == "433122"


@pytest.mark.parametrize("last", [11, 12])
def test_lottery_sales_need_every_month(year: Year, last: int) -> None:
    for county, sales, until in (("433101", 101, 12), ("433122", 100, last)):
        months = ({"county_code": county, "month": f"2020-{m:02d}", "sales": sales} for m in range(1, until + 1))
        year.put("lottery_sales", *months, unit="433100")
    found = year.figures("lottery_sales")
    is_whole = last == 12
    assert found.of("lottery_sales", "433101") == (Decimal("12.12"), None)
    assert found.of("lottery_sales", "433122") == (12 if is_whole else None, None)
    assert found.of("lottery_sales", "433123") == (None, None)
    row = found.row("lottery_sales")
    assert row["numerator"] == Decimal("24.12") if is_whole else Decimal("12.12")
    assert ("433122" in row["missing_units"], row["maturity"]) == (not is_whole, "provisional")


def test_a_month_that_the_bureau_did_not_send_leaves_no_figure(year: Year) -> None:
    year.put("lottery_sales", {"county_code": "433101", "month": "2020-01", "sales": 101}, unit="433100")
    year.stands("lottery_sales", "433100", "missing", period="2020-12")
    assert year.figures("lottery_sales").of("lottery_sales") == (None, None)


def athlete(number: str, sport: str = "田径", status: str = "有效", sent: date | None = None) -> Row:
    return {"registration_no": number, "sport": sport, "status": status, "sent_on": sent}


def test_an_athlete_of_two_sports_or_two_units_is_one_person(year: Year) -> None:
    registered, sent, day = "registered_athletes", "athletes_sent", date(2020, 12, 31)
    year.put("athletes", athlete("1", sent=day), athlete("1", "举重", sent=day), athlete("2", status="注销", sent=day),
             athlete("3", sent=date(2021, 1, 1)), athlete("4", status="暂停"))  # fmt: skip
    year.put("athletes", athlete("1", sent=day), athlete("5", sent=date(2019, 12, 31)), unit="433122")
    found = year.figures(registered, sent)
    assert [found.of(registered, unit)[0] for unit in ("433100", "433101", "433122", "433123")] == [3, 2, 2, 0]
    assert [found.of(sent, unit)[0] for unit in ("433100", "433101", "433122", "433123")] == [2, 2, 1, 0]


def test_coaches_count_once(year: Year) -> None:
    year.put("coaches", {"coach_no": "1", "sport": "田径"}, {"coach_no": "1", "sport": "举重"}, {"coach_no": "2"})
    year.put("coaches", {"coach_no": "2"}, {"coach_no": "3"}, unit="433170")
    found = year.figures("coaches")
    assert [found.of("coaches", unit)[0] for unit in ("433100", "433101", "433170")] == [3, 2, 2]


MEDALS = ("medals_gold", "medals_silver", "medals_bronze")


def result(rank: int, medal: str | None, **other: object) -> Row:
    return {"event_name": "州运会", "edition": 14, "sport": "举重", "event": "61公斤级", "registration_no": "1",
            "county_code": "433101", "rank": rank, "medal": medal, "points": Decimal(9), **other}  # fmt: skip


def test_a_result_that_county_and_bureau_send_counts_once(year: Year) -> None:
    year.put("competition_results", result(1, "金"), result(2, "银", registration_no=None),
             result(3, "铜", event="67公斤级"))  # fmt: skip
    year.put("competition_results", result(1, "金"), result(2, "银", registration_no=None),
             result(1, "金", age_group="甲组"), result(1, "金", county_code="433122"), unit="433100")  # fmt: skip
    found = year.figures(*MEDALS, "competition_points")
    assert [found.of(medal)[0] for medal in MEDALS] == [3, 1, 1]
    assert [found.of(medal, "433101")[0] for medal in MEDALS] == [2, 1, 1]
    assert [found.of(medal, "433122")[0] for medal in MEDALS] == [1, 0, 0]
    assert found.of("competition_points") == (45, None)


def test_of_two_that_differ_the_one_that_tells_it_counts_and_then_the_units_own(year: Year) -> None:
    year.put("competition_results", result(1, None), result(2, "银", points=Decimal("7.5")))
    year.put("competition_results", result(1, "金", points=None), result(2, "无", points=Decimal(8)), unit="433100")
    found = year.figures(*MEDALS, "competition_points")
    assert [found.of(medal)[0] for medal in MEDALS] == [1, 1, 0]
    assert found.of("competition_points") == (Decimal("16.5"), None)
    assert found.row("medals_gold")["unknown_count"] == 0


def test_an_empty_medal_is_unknown_among_the_first_three_alone(year: Year) -> None:
    year.put("competition_results", result(3, None), result(4, None), result(1, "金"), result(5, "铜", points=None))
    found = year.figures(*MEDALS, "competition_points")
    assert [found.row(medal)["unknown_count"] for medal in MEDALS] == [1, 1, 1]
    assert [found.of(medal)[0] for medal in MEDALS] == [1, 0, 1]
    assert (found.of("competition_points"), found.row("competition_points")["unknown_count"]) == ((27, None), 1)


def test_no_file_of_results_is_no_medal(year: Year) -> None:
    year.stands("competition_results", "433101", "missing")
    row = year.figures("medals_gold").row("medals_gold", "433101")
    assert (row["numerator"], row["maturity"]) == (0, "confirmed")
