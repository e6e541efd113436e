"""Verdicts: exact comparison at the boundary, terms, directions, deadlines, gaps that turn the verdict."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.scorecard import VERDICTS, Words, as_of_default, judge_commitments
from assets.targets import Figure, hold, number_text, share_text
from expectations.plan import Plan

AFTER = date(2021, 1, 15)
FIGURES = pa.schema([
    ("indicator_id", pa.string()), ("year", pa.int32()), ("level", pa.string()), ("region_code", pa.string()),
    ("numerator", pa.decimal128(28, 4)), ("denominator", pa.decimal128(28, 4)), ("value", pa.float64()),
    ("unknown_count", pa.int64()), ("missing_units", pa.string()), ("maturity", pa.string()),
    ("parameters", pa.string()),
])  # fmt: skip


def figure(numerator: int | None, denominator: int | None = None, **other: Any) -> dict[str, Any]:
    row = {"indicator_id": "a", "year": 2020, "level": "prefecture", "region_code": "433100", "value": None,
           "unknown_count": 0, "missing_units": "", "maturity": "confirmed", "parameters": ""}  # fmt: skip
    exact = {"numerator": numerator, "denominator": denominator}
    return row | {name: None if n is None else Decimal(n) for name, n in exact.items()} | other


def county(code: str, numerator: int | None, denominator: int | None = None, **other: Any) -> dict[str, Any]:
    return figure(numerator, denominator, level="county", region_code=code, **other)


def plan_of(comparison: str, value: str | None, **other: Any) -> Plan:
    commitment = {
        "id": "T01", "article": 1, "name_zh": "样例", "name_en": "Sample", "indicator": "a", "comparison": comparison,
        "unit": "%", "judged_on": "census", "office": "样例科", "deadline": date(2020, 12, 31),
    }  # fmt: skip
    commitment |= ({} if value is None else {"value": Decimal(value)}) | other
    meta = {"title": "样例要点", "issuer": "样例局", "issued": date(2020, 3, 1), "year": 2020}
    return Plan.model_validate({"meta": meta, "commitments": [commitment]})


def judged(
    plan: Plan, *rows: dict[str, Any], before: list[dict[str, Any]] | None = None, as_of: date = AFTER,
    words: Words | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    earlier = None if before is None else table(before)
    verdicts = judge_commitments(plan, table(list(rows)), 2020, as_of, earlier, words)
    assert verdicts.schema == VERDICTS
    return verdicts.to_pylist()


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=FIGURES)


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


def test_zero_with_a_unit_missing_is_provisional_and_names_the_unit() -> None:
    names = {"433122": "泸溪县", "433123": "凤凰县"}
    (row,) = judged(plan_of("eq", "0", unit="班"), figure(0, missing_units="433122,433123", unknown_count=4),
                    words=Words(names=names))  # fmt: skip
    assert (row["verdict"], row["maturity"]) == ("met", "provisional")
    assert row["note_zh"] == "缺泸溪县、凤凰县的数据。有4项未填，不计在内。"


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


goals = st.integers(0, 10_000).map(lambda n: Fraction(n, 10_000))
sides = st.integers(1, 400)


@given(st.sampled_from(["ge", "le", "eq"]), goals, st.integers(0, 400), sides)
def test_the_gap_turns_the_verdict_and_one_less_does_not(
    comparison: str, goal: Fraction, numerator: int, denominator: int
) -> None:
    goal = Fraction(round(goal)) if comparison == "eq" else goal
    turned_by_its_gap(comparison, goal, Figure("a", Decimal(numerator), Decimal(denominator)))


@given(st.sampled_from(["ge", "le", "eq", "rise", "fall"]), st.integers(1, 200), st.integers(0, 400))
def test_the_gap_of_a_count_turns_the_verdict(comparison: str, goal: int, numerator: int) -> None:
    turned_by_its_gap(comparison, Fraction(goal), Figure("a", Decimal(numerator)))


@given(st.sampled_from(["rise", "fall"]), st.integers(1, 200), sides, st.integers(0, 400), sides)
def test_the_gap_of_a_direction_turns_the_verdict(
    comparison: str, earlier: int, earlier_of: int, numerator: int, denominator: int
) -> None:
    figure = Figure("a", Decimal(numerator), Decimal(denominator))
    turned_by_its_gap(comparison, Fraction(earlier, earlier_of), figure)


def turned_by_its_gap(comparison: str, goal: Fraction, figure: Figure) -> None:
    """Apply the gap, then one less, to the figure: the first reaches the goal, the second does not."""
    before = hold(figure, comparison, goal)
    assert before is not None
    assert before.is_kept == (before.gap == 0)
    if before.is_kept:
        return
    assert figure.numerator is not None
    is_low = comparison in {"ge", "rise"} or (comparison == "eq" and figure.numerator < goal * figure.base)
    outcomes = []
    for step in (before.gap, before.gap - 1):
        moved = figure.numerator + (step if is_low else -step)
        after = hold(Figure("a", moved, figure.denominator), comparison, goal)
        outcomes.append(after is not None and after.is_kept)
    assert outcomes == [True, False]


@pytest.mark.parametrize(
    ("numerator", "denominator", "text"),
    [(57, 100, "57.00%"), (1, 3, "33.33%"), (2, 3, "66.67%"), (12_345, 100_000, "12.35%"), (1125, 1000, "112.50%"),
     (12_344_999, 100_000_000, "12.34%"), (0, 5, "0.00%")],
)  # fmt: skip
def test_shares_are_shown_half_up_from_the_exact_value(numerator: int, denominator: int, text: str) -> None:
    assert share_text(Fraction(numerator, denominator)) == text


@pytest.mark.parametrize(
    ("number", "text"), [("12.0000", "12"), ("8.5000", "8.5"), ("100", "100"), ("1E+1", "10"), ("0.0000", "0")]
)
def test_counts_are_shown_without_idle_zeros(number: str, text: str) -> None:
    assert number_text(Decimal(number)) == text
