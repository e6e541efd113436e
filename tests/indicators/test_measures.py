"""Figures that a commitment defines over the ledger of work items and over competitions."""

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


def test_no_file_of_competitions_means_nothing_to_report(year: Year) -> None:
    year.commitments = (commitment(sports_measure(), indicator="sports"),)
    year.stands("competitions", "433101", "missing")
    row = year.figures("sports").row("sports")
    assert (row["numerator"], row["maturity"]) == (0, "confirmed")


def test_a_measure_may_not_take_the_name_of_another_indicator() -> None:
    measure = {"from": "work_items", "as": "count"}
    with pytest.raises(IndicatorError, match="public_kindergarten_share"):
        indicators_of((commitment(measure, indicator="public_kindergarten_share"),))
