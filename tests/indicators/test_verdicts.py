"""Verdicts: exact comparison at the boundary, terms, directions, deadlines, the worst beside them."""

from datetime import date
from decimal import Decimal

import pytest

from assets.plans.scorecard import Words, as_of_default
from tests.indicators.verdicts import county, figure, judged, plan_of


@pytest.mark.parametrize(
    ("comparison", "value", "numerator", "denominator", "verdict"),
    [
        ("ge", "57", 57, 100, "met"), ("ge", "57", 56_999, 100_000, "missed"), ("ge", "57", 57_001, 100_000, "met"),
        ("ge", "42", 42, 100, "met"), ("ge", "42", 41_999, 100_000, "missed"),
        ("ge", "50", 1, 2, "met"), ("ge", "80", 799, 1000, "missed"), ("ge", "85", 17, 20, "met"),
        ("ge", "95", 19, 20, "met"), ("ge", "97", 97, 100, "met"), ("ge", "97", 96, 99, "missed"),
        ("ge", "85", 120, 100, "met"),
        ("le", "15", 15, 100, "met"), ("le", "15", 150_001, 1_000_000, "missed"), ("le", "15", 0, 7, "met"),
        ("eq", "100", 7, 7, "met"), ("eq", "100", 999_999, 1_000_000, "missed"),
        ("ge", "57", None, 100, "no_data"), ("ge", "57", 0, 0, "no_data"), ("ge", "57", None, None, "no_data"),
    ],
)  # fmt: skip
def test_a_share_is_compared_exactly_and_the_number_itself_counts(
    comparison: str, value: str, numerator: int | None, denominator: int | None, verdict: str
) -> None:
    (row,) = judged(plan_of(comparison, value), figure(numerator, denominator))
    assert row["verdict"] == verdict


@pytest.mark.parametrize(
    ("comparison", "value", "count", "verdict", "gap"),
    [("ge", "9", 9, "met", 0), ("ge", "9", 8, "missed", 1), ("eq", "0", 0, "met", 0), ("eq", "0", 3, "missed", 3),
     ("le", "2", 2, "met", 0), ("le", "2", 5, "missed", 3), ("ge", "9", None, "no_data", None)],
)  # fmt: skip
def test_a_count_is_compared_as_it_is(
    comparison: str, value: str, count: int | None, verdict: str, gap: int | None
) -> None:
    (row,) = judged(plan_of(comparison, value, unit="所"), figure(count))
    assert (row["verdict"], row["gap"], row["gap_unit"]) == (verdict, gap, None if gap is None else "所")


def test_the_row_tells_figure_target_and_gap_in_the_nouns_of_the_indicator() -> None:
    (row,) = judged(plan_of("ge", "85"), figure(843, 1000), words=Words(nouns={"a": "名儿童"}))
    assert (row["value"], row["target"], row["numerator"], row["denominator"]) == (0.843, Decimal("0.85"), 843, 1000)
    assert (row["gap"], row["gap_unit"], row["maturity"]) == (7, "名儿童", "confirmed")


@pytest.mark.parametrize(
    ("as_of", "verdict"),
    [(date(2020, 6, 30), "on_track"), (date(2020, 12, 30), "on_track"), (date(2020, 12, 31), "missed")],
)
def test_on_the_day_of_the_deadline_it_is_judged(as_of: date, verdict: str) -> None:
    (row,) = judged(plan_of("ge", "9", unit="所"), figure(8), as_of=as_of)
    assert (row["verdict"], row["gap"]) == (verdict, 1)


@pytest.mark.parametrize(
    ("received", "as_of"),
    [(None, date(2020, 12, 31)), (date(2020, 10, 9), date(2020, 12, 31)), (date(2021, 1, 20), date(2021, 1, 20))],
)
def test_a_year_is_judged_at_its_end_or_at_its_last_submission(received: date | None, as_of: date) -> None:
    assert as_of_default(2020, received) == as_of


TERMS = plan_of("eq", "100", indicator=["spring", "autumn"])


@pytest.mark.parametrize(
    ("spring", "autumn", "verdict", "shown", "maturity"),
    [
        ((10, 10), (10, 10), "met", "spring", "confirmed"),
        ((10, 10), (99, 100), "missed", "autumn", "confirmed"),
        ((9, 10), (99, 100), "missed", "spring", "confirmed"),
        ((None, None), (10, 10), "met", "autumn", "provisional"),
        ((9, 10), (0, 0), "missed", "spring", "provisional"),
        ((None, None), (None, None), "no_data", "spring", "confirmed"),
    ],
)  # fmt: skip
def test_terms_are_kept_when_each_is_and_the_worse_is_shown(
    spring: tuple[int | None, int | None],
    autumn: tuple[int | None, int | None],
    verdict: str,
    shown: str,
    maturity: str,
) -> None:
    rows = figure(*spring, indicator_id="spring"), figure(*autumn, indicator_id="autumn")
    (row,) = judged(TERMS, *rows)
    assert (row["verdict"], row["indicator_id"], row["maturity"]) == (verdict, shown, maturity)


def test_a_unit_missing_in_either_term_makes_the_verdict_provisional() -> None:
    spring = figure(10, 10, indicator_id="spring", missing_units="433126")
    (row,) = judged(TERMS, spring, figure(9, 10, indicator_id="autumn"))
    assert (row["indicator_id"], row["maturity"]) == ("autumn", "provisional")


def test_a_term_that_nobody_reported_is_named() -> None:
    (row,) = judged(TERMS, figure(10, 10, indicator_id="spring"), words=Words(names={"autumn": "秋季按时发放率"}))
    assert (row["verdict"], row["maturity"]) == ("met", "provisional")
    assert row["note_zh"] == "秋季按时发放率无数据，按其余的判定。"


@pytest.mark.parametrize(
    ("comparison", "now", "last_year", "verdict", "gap"),
    [("rise", 101, 100, "met", 0), ("rise", 100, 100, "missed", 1), ("rise", 90, 100, "missed", 11),
     ("fall", 99, 100, "met", 0), ("fall", 100, 100, "missed", 1), ("rise", 90, None, "no_data", None)],
)  # fmt: skip
def test_a_direction_is_strict_against_the_year_before(
    comparison: str, now: int, last_year: int | None, verdict: str, gap: int | None
) -> None:
    plan = plan_of(comparison, None, unit="个")
    (row,) = judged(plan, figure(now), before=[figure(last_year, year=2019)])
    assert (row["verdict"], row["gap"], row["target"]) == (verdict, gap, None)


def test_a_direction_without_any_year_before_has_no_data_and_says_so() -> None:
    (row,) = judged(plan_of("rise", None, unit="个"), figure(10))
    assert (row["verdict"], row["note_zh"]) == ("no_data", "没有上年数据，无法比较。")


def test_each_unit_is_held_against_its_own_year_before() -> None:
    plan = plan_of("rise", None, scope=["prefecture", "county"])
    before = [figure(50, 100, year=2019), county("433101", 60, 100, year=2019, maturity="provisional")]
    whole, unit = judged(plan, figure(51, 100), county("433101", 59, 100), before=before)
    assert (whole["verdict"], whole["maturity"]) == ("met", "confirmed")
    assert (unit["verdict"], unit["maturity"], unit["gap"]) == ("missed", "provisional", 2)


@pytest.mark.parametrize(
    ("now", "last_year", "verdict", "trend"),
    [("", "433122", "no_data", None), ("433122", "", "no_data", None), ("433122", "433123", "no_data", None),
     ("433122", "433122", "met", "better")],
)  # fmt: skip
def test_years_that_lack_different_units_are_not_compared(
    now: str, last_year: str, verdict: str, trend: str | None
) -> None:
    before = [figure(700, year=2019, missing_units=last_year)]
    (row,) = judged(plan_of("rise", None, unit="元"), figure(800, missing_units=now), before=before)
    assert (row["verdict"], row["trend"]) == (verdict, trend)
    assert ("与上年缺的单位不同，无法比较。" in row["note_zh"]) == (verdict == "no_data")


def test_zero_with_a_unit_missing_is_provisional_and_names_the_unit() -> None:
    names = {"433122": "泸溪县", "433123": "凤凰县"}
    (row,) = judged(plan_of("eq", "0", unit="班"), figure(0, missing_units="433122,433123", unknown_count=4),
                    words=Words(names=names))  # fmt: skip
    assert (row["verdict"], row["maturity"]) == ("met", "provisional")
    assert row["note_zh"] == "缺泸溪县、凤凰县的数据。有4项未填，不计在内。"


def test_the_prefecture_names_the_units_whose_figures_are_provisional() -> None:
    names = {"433101": "吉首市", "433122": "泸溪县", "433123": "凤凰县"}
    units = [county("433101", 9, 10, maturity="provisional"), county("433122", 8, 10, maturity="confirmed"),
             county("433123", None, None, maturity="provisional", missing_units="433123")]  # fmt: skip
    whole = figure(17, 20, maturity="provisional", missing_units="433123")
    told = judged(plan_of("ge", "80", scope=["prefecture", "county"]), whole, *units, words=Words(names=names))
    assert {row["region_code"]: row["note_zh"] for row in told} == {
        "433100": "缺凤凰县的数据。吉首市的数是初报。", "433101": "", "433122": "", "433123": "缺凤凰县的数据。"
    }  # fmt: skip


def test_a_display_that_hides_the_verdict_is_told() -> None:
    (row,) = judged(plan_of("ge", "50"), figure(499_999, 1_000_000))
    assert (row["verdict"], row["note_zh"]) == ("missed", "显示值经四舍五入，判定按未舍入的数。")


UNITS = (figure(81, 100), county("433101", 30, 40), county("433122", 51, 60), county("433170", None, None))


def test_units_are_judged_where_the_scope_names_them_and_the_worst_stands_beside() -> None:
    rows = judged(plan_of("ge", "80", scope=["prefecture", "county"]), *UNITS)
    assert [(r["region_code"], r["level"], r["verdict"]) for r in rows] == [
        ("433100", "prefecture", "met"), ("433101", "county", "missed"), ("433122", "county", "met"),
        ("433170", "county", "no_data"),
    ]  # fmt: skip
    assert [(r["worst_value"], r["worst_region_code"]) for r in rows] == [(0.75, "433101"), *[(None, None)] * 3]


def test_only_the_prefecture_is_judged_otherwise_even_when_it_has_no_figure() -> None:
    assert [r["region_code"] for r in judged(plan_of("ge", "80"), *UNITS)] == ["433100"]
    assert [(r["verdict"], r["maturity"]) for r in judged(plan_of("ge", "80"))] == [("no_data", "provisional")]


def test_the_extreme_that_the_plan_names_stands_beside_with_its_place() -> None:
    plan = plan_of("eq", "100", worst="largest", scope=["prefecture", "county"])
    sizes = [figure(48, indicator_id="largest"), county("433101", 45, indicator_id="largest"),
             county("433122", 48, indicator_id="largest")]  # fmt: skip
    rows = judged(plan, figure(9, 10), county("433101", 5, 5), county("433122", 4, 5), *sizes)
    assert [(r["worst_value"], r["worst_region_code"]) for r in rows] == [
        (48, "433122"), (45, "433101"), (48, "433122"),
    ]  # fmt: skip


def test_another_year_and_schools_are_not_judged() -> None:
    plan = plan_of("ge", "80", scope=["prefecture", "county"])
    school = figure(0, 9, level="school", region_code="4331990001")
    assert [r["numerator"] for r in judged(plan, figure(9, 10), figure(1, 10, year=2019), school)] == [9]
