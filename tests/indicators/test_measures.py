"""Figures that a commitment defines over work items, competitions and examinations."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from assets.indicators.errors import IndicatorError
from assets.indicators.registry import indicators_of
from expectations.plan import Commitment
from tests.indicators.year import UNITS, Row, Year

DONE = date(2020, 6, 1)


def commitment(measure: Any, id_: str = "T1", indicator: str = "works", unit: str = "个") -> Commitment:
    return Commitment(
        id=id_, article=7, name_zh=f"{id_}样例任务", name_en="Sample", aliases=(f"{id_}又名",), indicator=(indicator,),
        measure=measure, comparison="ge", value=Decimal(1), unit=unit, judged_on="calendar",
        deadline=date(2020, 12, 31), office="样例科",
    )  # fmt: skip


def works(year: Year, reading: str, **other: Any) -> None:
    year.commitments = (commitment({"from": "work_items", "as": reading, **other}),)


def item(quantity: float | None = None, county: str | None = None, status: str = "已完成", **other: Any) -> Row:
    number = None if quantity is None else Decimal(str(quantity))
    return {"commitment": "T1样例任务", "quantity": number, "county_code": county, "status": status, "done_on": DONE,
            "article": 7, "item": "x", **other}  # fmt: skip


def put(year: Year, *rows: Row) -> None:
    year.put("work_items", *rows, unit="433100")


def test_what_is_done_by_the_end_of_the_year(year: Year) -> None:
    works(year, "count")
    put(year, item(), item(2.5), item(commitment="T1"), item(commitment=" T1又名 "), item(100, commitment="T10"),
        item(9, status="推进中", done_on=None), item(9, status="已取消"),
        item(9, done_on=None, done_on__doubt="2020-05"), item(4, done_on=date(2019, 5, 1)),
        item(8, done_on=date(2020, 12, 31)), item(9, done_on=date(2021, 1, 1)))  # fmt: skip
    found = year.figures("works")
    assert found.of("works") == (Decimal("17.5"), None)
    assert found.row("works")["maturity"] == "confirmed"
    assert not found.regions("works", "county")


def test_units_have_figures_where_a_row_tells_its_county(year: Year) -> None:
    works(year, "count")
    put(year, item(3), item(2, "433122"), item(1, "433170", status="推进中"))
    year.put("work_items", item(4), unit="433101")
    found = year.figures("works")
    assert found.of("works") == (9, None)
    assert found.regions("works", "county") == set(UNITS)
    assert (found.of("works", "433122"), found.of("works", "433101")) == ((2, None), (4, None))
    assert found.of("works", "433123") == (0, None)


def test_the_ledgers_own_county_decides_not_the_school_that_a_row_names(year: Year) -> None:
    works(year, "count")
    year.put("school", {"school_code": "a", "kind": "211", "sponsor": "831"}, unit="433101")
    put(year, item(3, school_code="a"), item(2, "433122", school_code="a"))
    found = year.figures("works")
    assert [found.of("works", region)[0] for region in ("433100", "433101", "433122")] == [5, 0, 2]


def test_nothing_reported_is_0_and_no_file_is_no_data(year: Year) -> None:
    works(year, "count")
    assert year.figures("works").of("works") == (0, None)
    put(year, item(3))
    year.stands("work_items", "433100", "missing")
    row = year.figures("works").row("works")
    assert (row["numerator"], row["missing_units"], row["maturity"]) == (None, "433100", "provisional")


def test_a_units_own_missing_file_is_no_gap(year: Year) -> None:
    works(year, "count")
    put(year, item(3))
    year.stands("work_items", "433122", "missing")
    row = year.figures("works").row("works")
    assert (row["numerator"], row["missing_units"], row["maturity"]) == (3, "", "confirmed")


def test_done_of_due(year: Year) -> None:
    works(year, "share")
    put(year, item(3, "433122", due=Decimal(4)), item(None, "433122", status="推进中", done_on=None, due=Decimal(2)),
        item(5, "433122", status="已取消", due=Decimal(5)), item(1, "433122"), item(2, "433101"))  # fmt: skip
    found = year.figures("works")
    assert found.of("works", "433122") == (4, 6)
    assert found.of("works") == (6, 6)
    assert found.of("works", "433101") == (None, 0)


@pytest.mark.parametrize(("since", "parts"), [(2020, 1), (2019, 2), (2018, 3), (2010, 3)])
def test_a_round_of_years_asks_for_its_part(year: Year, since: int, parts: int) -> None:
    works(year, "share", years=3, since=since)
    put(year, item(2, due=Decimal(4)), item(1, done_on=date(2019, 5, 1), due=Decimal(5)))
    assert year.figures("works").of("works") == (9, 9 * parts)


def test_before_its_first_year_a_round_has_no_figure(year: Year) -> None:
    works(year, "share", years=3, since=2021)
    put(year, item(2, due=Decimal(4)))
    assert year.figures("works").of("works")[0] is None


def test_an_amount_of_which_nothing_is_told_is_no_data(year: Year) -> None:
    works(year, "amount")
    put(year, item(5, commitment="T2"))
    row = year.figures("works").row("works")
    assert (row["numerator"], row["denominator"]) == (None, None)
    put(year, item(0))
    assert year.figures("works").of("works") == (0, None)
    put(year, item(2), item(9, status="推进中", done_on=None), item(4, done_on=date(2021, 1, 1)))
    assert year.figures("works").of("works") == (2, None)


def test_an_amount_of_a_unit_that_no_row_tells_is_no_data(year: Year) -> None:
    works(year, "amount")
    put(year, item(3, "433122"), item(0, "433101"))
    found = year.figures("works")
    assert [found.of("works", unit)[0] for unit in ("433100", "433122", "433101", "433123")] == [3, 3, 0, None]


def test_counties_that_reach_a_number(year: Year) -> None:
    works(year, "counties_reaching", at_least=2)
    put(year, item(2, "433101"), item(1, "433122"), item(None, "433122"), item(1, "433123"), item(5, "433170"), item(9))
    found = year.figures("works")
    assert found.of("works") == (2, 8)
    assert [found.of("works", unit)[0] for unit in ("433101", "433122", "433123", "433124")] == [1, 1, 0, 0]
    assert found.of("works", "433170") == (None, 0)


def test_two_commitments_of_the_same_reading_do_not_mix(year: Year) -> None:
    measure = {"from": "work_items", "as": "counties_reaching", "at_least": 1}
    year.commitments = (commitment(measure, "T1", "one"), commitment(measure, "T2", "two"))
    put(year, item(1, "433101"), item(1, "433122", commitment="T2"), item(1, "433123", commitment="T2"))
    found = year.figures("one", "two")
    assert (found.of("one"), found.of("two")) == ((1, 8), (2, 8))


def sports_measure() -> dict[str, Any]:
    sports: dict[str, list[str]] = {"田径": [], "武术": ["武术套路"], "游泳": []}
    return {"from": "competitions", "as": "distinct_sports", "level": "省", "role": "参赛",
            "name_contains": ["青少年", "锦标赛"], "sports": sports}  # fmt: skip


def event(sport: str, **other: Any) -> Row:
    return {"event_name": "湖南省青少年田径锦标赛", "sport": sport, "level": "省", "role": "参赛", "status": "已举办",
            "held_on": date(2020, 8, 1), **other}  # fmt: skip


def test_named_sports_count_once_each(year: Year) -> None:
    year.commitments = (commitment(sports_measure(), indicator="sports"),)
    year.put("competitions", event("田径"), event("田径", edition=2), event("武术"), event("高尔夫"))
    year.put("competitions", event("武术套路"), event("田径"), unit="433100")
    found = year.figures("sports")
    assert found.of("sports") == (2, None)
    assert not found.regions("sports", "county")


def test_other_events_do_not_count(year: Year) -> None:
    year.commitments = (commitment(sports_measure(), indicator="sports"),)
    year.put(
        "competitions", event("田径"), event("游泳", level="州"), event("游泳", role="承办"),
        event("游泳", status="计划"), event("游泳", held_on=date(2019, 12, 31)),
        event("游泳", held_on=date(2021, 1, 1)), event("游泳", held_on=None, held_on__doubt="2020-08"),
        event("游泳", event_name="湖南省青少年运动会"), event("游泳", event_name="湖南省成年锦标赛"),
    )  # fmt: skip
    assert year.figures("sports").of("sports") == (1, None)
    year.put("competitions", event("游泳", held_on=date(2020, 12, 31)))
    assert year.figures("sports").of("sports") == (2, None)


def test_level_and_role_narrow_only_where_they_are_named(year: Year) -> None:
    measure = {"from": "competitions", "as": "distinct_sports", "sports": {"田径": [], "游泳": []}}
    year.commitments = (commitment(measure, indicator="sports"),)
    year.put("competitions", event("田径", level="县", role="主办"), event("游泳", level=None, role=None),
             event("举重"))  # fmt: skip
    assert year.figures("sports").of("sports") == (2, None)


def held(year: Year, **other: Any) -> None:
    year.commitments = (commitment({"from": "competitions", "as": "held", **other}, indicator="games"),)


def games(**other: Any) -> Row:
    return event("综合", event_name="湘西州第十四届运动会", edition=14, level="州", role="主办",
                 held_on=date(2020, 12, 31)) | other  # fmt: skip


def test_an_event_sent_by_two_units_or_in_two_roles_counts_once(year: Year) -> None:
    held(year, name_contains=["运动会"])
    year.put("competitions", games(), games(role="承办"), games(edition=None), games(edition=None, role="参赛"))
    year.put("competitions", games(), unit="433100")
    year.put("competitions", games(edition=15), games(sport="田径"), games(level="县"), unit="433124")
    found = year.figures("games")
    assert found.of("games") == (5, None)
    assert not found.regions("games", "county")


def test_events_match_what_is_named(year: Year) -> None:
    held(year, name_contains=["运动会", "十四"], level="州", role="主办", edition=14, sport="综合")
    others: list[dict[str, Any]] = [
        {"event_name": "湘西州运动会"}, {"level": "县"}, {"role": "承办"}, {"edition": 13},
        {"sport": "田径"}, {"status": "计划"}, {"status": "取消"}, {"held_on": date(2021, 1, 1)},
        {"held_on": date(2019, 12, 31)}, {"held_on": None, "held_on__doubt": "2020-10"},
    ]  # fmt: skip
    year.put("competitions", *(games(place=str(number), **other) for number, other in enumerate(others)))
    assert year.figures("games").of("games") == (0, None)
    year.put("competitions", games())
    assert year.figures("games").of("games") == (1, None)


@pytest.mark.parametrize(("edition", "name", "counts"), [
    (14, "第十四届运动会", True), (14, "第14届运动会", True), (4, "第十四届运动会", False), (10, "第十届运动会", True),
    (20, "第二十届运动会", True), (3, "第三届运动会", True), (3, "第二十三届运动会", False),
    (23, "第二十三届运动会", True), (100, "第100届运动会", True), (14, "运动会", False),
])  # fmt: skip
def test_a_name_tells_the_edition_where_the_cell_is_empty(year: Year, edition: int, name: str, counts: bool) -> None:
    held(year, name_contains=["运动会"], edition=edition)
    year.put("competitions", games(event_name=name, edition=None), games(event_name=name, edition=edition + 1))
    assert year.figures("games").of("games") == (int(counts), None)


def test_parts_of_a_key_do_not_run_into_each_other(year: Year) -> None:
    held(year, name_contains=["赛"])
    year.put("competitions", games(event_name="赛1", edition=None, sport="2"), games(event_name="赛", edition=12,
             sport=""), games(event_name="赛", edition=1, sport="2"))  # fmt: skip
    assert year.figures("games").of("games") == (3, None)


def test_counties_that_held_an_event(year: Year) -> None:
    held(year, sport="综合", by_county=True)
    year.put("competitions", games(), games(edition=2))
    year.put("competitions", games(county_code="433122"), games(county_code="433170"), games(), unit="433100")
    year.put("competitions", games(status="计划"), unit="433123")
    found = year.figures("games")
    assert found.of("games") == (2, 8)
    assert [found.of("games", unit)[0] for unit in ("433101", "433122", "433123")] == [1, 1, 0]
    assert found.of("games", "433170") == (None, 0)


def test_the_definition_says_which_events_are_meant(year: Year) -> None:
    held(year, name_contains=["运动会"], level="州", edition=14)
    told = next(item for item in indicators_of(year.commitments) if item.id == "games").definition_zh
    assert told.startswith("本年度已举办、级别为州、届次为14、名称含“运动会”的赛事")


def test_examinations_that_somebody_registered_for(year: Year) -> None:
    measure = {"from": "exam_sittings", "as": "distinct_exams", "exams": ["普通高考", "成人高考", "自学考试"]}
    year.commitments = (commitment(measure, indicator="exams"),)
    for exam, registered in (("普通高考", 1), ("普通高考", 9), ("成人高考", 0), ("研究生招生考试", 5)):
        year.put("exam_sittings", {"exam": exam, "registered": registered, "county_code": "433101"}, unit="433100")
    found = year.figures("exams")
    assert found.of("exams") == (1, None)
    assert not found.regions("exams", "county")
    year.stands("exam_sittings", "433100", "missing")
    assert year.figures("exams").of("exams") == (None, None)


def test_no_file_of_competitions_means_nothing_to_report(year: Year) -> None:
    year.commitments = (commitment(sports_measure(), indicator="sports"),)
    year.stands("competitions", "433101", "missing")
    row = year.figures("sports").row("sports")
    assert (row["numerator"], row["maturity"]) == (0, "confirmed")


def test_a_measure_may_not_take_the_name_of_another_indicator() -> None:
    measure = {"from": "work_items", "as": "count"}
    with pytest.raises(IndicatorError, match="public_kindergarten_share"):
        indicators_of((commitment(measure, indicator="public_kindergarten_share"),))
