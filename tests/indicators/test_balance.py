"""How evenly schools are provided for: the published formula, six standards of seven, and the limit of a county."""

import math
from decimal import Decimal

import pytest

from tests.indicators.campus import STAFF, STANDARDS, enrol, equip, found, standard
from tests.indicators.year import COUNTIES, Year

ROOMS = "multimedia_rooms_per_100_primary_cv"
QUALITY = {"小学": "quality_schools_primary", "初中": "quality_schools_junior"}
BALANCED = {"小学": "balanced_counties_primary", "初中": "balanced_counties_junior"}
ALL = {name: stage for stage, names in STANDARDS.items() for name in names}
FACILITIES = tuple(name for name in STANDARDS["小学"] if name not in STAFF)


def rooms(year: Year, code: str, pupils: int, number: int | None, unit: str = "433101", kind: str = "211") -> None:
    found(year, code, kind, unit, counted=True)
    enrol(year, code, unit, 小学=pupils)
    equip(year, code, unit, multimedia_rooms=number)


def by_hand(*schools: tuple[int, int]) -> float:
    """The definition word by word: the weighted standard deviation of the schools over the level of all together."""
    pupils, things = (sum(side) for side in zip(*schools, strict=True))
    level = things / pupils
    return math.sqrt(sum(p / pupils * (x / p - level) ** 2 for p, x in schools)) / level


def test_three_schools_of_the_published_example(year: Year) -> None:
    rooms(year, "a", 400, 16)
    rooms(year, "b", 100, 2)
    rooms(year, "c", 500, 10)
    figures = year.figures(ROOMS)
    row = figures.row(ROOMS)
    assert (row["numerator"], row["denominator"]) == (Decimal("0.3499"), None)
    assert row["value"] == pytest.approx(0.349927, abs=5e-7)
    assert row["value"] == pytest.approx(by_hand((400, 16), (100, 2), (500, 10)), rel=1e-12)
    assert figures.row(ROOMS, "433101")["value"] == row["value"]
    assert not figures.regions(ROOMS, "school")
    assert figures.of(ROOMS, "433122") == (None, None)


def test_the_prefecture_is_of_all_schools_and_no_mean_of_counties(year: Year) -> None:
    rooms(year, "a", 400, 16)
    rooms(year, "b", 100, 4)
    rooms(year, "z", 500, 10, "433122")
    figures = year.figures(ROOMS)
    assert figures.of(ROOMS, "433101") == figures.of(ROOMS, "433122") == (0, None)
    assert figures.row(ROOMS)["value"] == pytest.approx(by_hand((400, 16), (100, 4), (500, 10)), rel=1e-12)


def test_who_is_not_compared_and_what_is_not_known(year: Year) -> None:
    rooms(year, "a", 400, 16)
    rooms(year, "b", 50, 1, kind="218")
    rooms(year, "small", 49, 40, kind="218")
    rooms(year, "vocational", 300, 90, kind="365")
    rooms(year, "special", 60, 0, kind="514")
    rooms(year, "blank", 300, None)
    row = year.figures(ROOMS).row(ROOMS)
    assert row["value"] == pytest.approx(by_hand((400, 16), (50, 1)), rel=1e-12)
    assert (row["unknown_count"], row["maturity"], row["parameters"]) == (1, "provisional", "small_school_pupils=50")


def test_a_merged_point_is_no_school_of_its_own(year: Year) -> None:
    rooms(year, "a", 300, 16)
    year.put("school", {"school_code": "point", "kind": "218", "sponsor": "831", "parent_school_code": "a"})
    enrol(year, "point", 小学=100)
    equip(year, "point", multimedia_rooms=0)
    rooms(year, "b", 600, 12)
    assert year.figures(ROOMS).row(ROOMS)["value"] == pytest.approx(by_hand((400, 16), (600, 12)), rel=1e-12)


def test_a_resource_that_nobody_has_is_no_data(year: Year) -> None:
    rooms(year, "a", 400, 0)
    rooms(year, "b", 100, 0)
    assert year.figures(ROOMS).of(ROOMS) == (None, None)


@pytest.mark.parametrize("stage", QUALITY)
def test_a_school_at_all_seven_standards_is_up_to_them(year: Year, stage: str) -> None:
    name = QUALITY[stage]
    standard(year, "at", 1000, stage)
    for n, column in enumerate(STANDARDS[stage]):
        standard(year, f"blank{n}", 1000, stage, **{column: None})
    figures = year.figures(name)
    row = figures.row(name)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (1, 1, 7)
    assert not figures.regions(name, "school")
    assert figures.of(name, "433122") == (None, 0)


@pytest.mark.parametrize(("stage", "column"), [(stage, column) for stage in QUALITY for column in STANDARDS[stage]])
def test_six_of_seven_with_the_last_at_85_percent_on_both_sides(year: Year, stage: str, column: str) -> None:
    name, pupils = QUALITY[stage], 1_000_000
    standard(year, "at", pupils, stage, **{column: "0.85"})
    standard(year, "below", pupils, stage, **{column: "0.849"})
    standard(year, "none", pupils, stage, **{column: "0"})
    assert year.figures(name).of(name) == (1, 3)


def test_five_of_seven_are_too_few_whatever_they_come_to(year: Year) -> None:
    name = QUALITY["小学"]
    two = {"key_teachers": "0.99", "sports_ground_area": "0.99"}
    standard(year, "six", 10_000, key_teachers="0.99")
    standard(year, "five", 10_000, level="2", **two)
    figures = year.figures(name)
    assert figures.of(name) == (1, 2)
    assert figures.row(name)["parameters"] == (
        "quality_least_share_percent=85; quality_needed=6; small_school_pupils=50"
    )
    year.choices = {"quality_needed": 5}
    assert year.figures(name).of(name) == (2, 2)
    year.choices = {"quality_needed": 5, "quality_least_share_percent": 100}
    assert year.figures(name).of(name) == (0, 2)


@pytest.mark.parametrize(("stage", "more", "less"), [("小学", "1.5", "0.5"), ("初中", "1.45", "0.55")])
def test_a_county_at_the_limit_is_balanced_and_one_above_it_is_not(
    year: Year, stage: str, more: str, less: str
) -> None:
    name, pupils = BALANCED[stage], 100_000
    at, above, even = COUNTIES[:3]
    for unit, extra in ((at, "0"), (above, "0.001")):
        standard(year, f"{unit}-1", pupils, stage, unit, more)
        high = str(Decimal(more) + Decimal(extra))
        standard(year, f"{unit}-2", pupils, stage, unit, less)
        year.rows["facilities"].pop(-2)
        equip(year, f"{unit}-1", unit, **_rooms(stage, high, pupils))
    standard(year, "e", pupils, stage, even, "0.1")
    figures = year.figures(name)
    row = figures.row(name)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (2, 3, 5)
    assert not figures.regions(name, "county")


def _rooms(stage: str, level: str, pupils: int) -> dict[str, object]:
    """Rooms at one level, equipment in 分."""
    told = {name: Decimal(STANDARDS[stage][name]) * Decimal(level) * pupils for name in FACILITIES}
    return {**told, "equipment_value": int(told["equipment_value"] * 100),
            "multimedia_rooms": int(told["multimedia_rooms"])}  # fmt: skip


def test_a_county_that_lacks_one_of_the_seven_is_unknown_and_one_that_lacks_a_table_is_named(year: Year) -> None:
    name = BALANCED["小学"]
    for unit in COUNTIES:
        standard(year, unit, 1000, unit=unit, **({"key_teachers": None} if unit == COUNTIES[0] else {}))
    year.stands("staff", COUNTIES[1], "missing")
    row = year.figures(name).row(name)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (6, 6, 1)
    assert (row["missing_units"], row["maturity"]) == (COUNTIES[1], "provisional")


def test_units_that_are_no_counties_are_not_counted_among_them(year: Year) -> None:
    name = BALANCED["小学"]
    standard(year, "z", 1000, unit="433170")
    assert year.figures(name).of(name) == (None, 0)
