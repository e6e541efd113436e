"""Beside a verdict: what is lacking in units of work, what each unit contributes to it, and the trend."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.plans.gap import NO_WORK, Work
from assets.plans.scorecard import Words
from assets.plans.targets import Figure, hold, trend
from tests.indicators.verdicts import county, figure, judged, plan_of

BOTH = ["prefecture", "county"]
SPLIT = Words(works={"a": Work("拆分", "个大班", -1, 1)})


def gaps(rows: list[dict[str, Any]]) -> dict[str, tuple[int | None, int | None]]:
    """What each region lacks itself, and its part of the prefecture's gap."""
    return {row["region_code"]: (row["gap"], row["gap_part"]) for row in rows}


def test_a_gap_is_told_in_the_work_of_the_indicator() -> None:
    (row,) = judged(plan_of("le", "15"), figure(20, 100), words=SPLIT)
    assert (row["gap"], row["gap_verb"], row["gap_unit"]) == (5, "拆分", "个大班")


def test_for_a_count_only_the_numerator_of_its_work_counts() -> None:
    (row,) = judged(plan_of("le", "2", unit="班"), figure(5), words=SPLIT)
    assert (row["gap"], row["gap_verb"]) == (3, "拆分")


@pytest.mark.parametrize(
    ("comparison", "value", "numerator", "verb", "gap"),
    [("ge", "9", 8, "增加", 1), ("le", "2", 5, "减少", 3), ("eq", "0", 3, "减少", 3), ("eq", "0", 0, "减少", 0),
     ("eq", "9", 8, "增加", 1), ("eq", "9", 10, "减少", 1), ("ge", "9", 9, "增加", 0)],
)  # fmt: skip
def test_without_a_work_of_its_own_it_is_one_more_or_one_less(
    comparison: str, value: str, numerator: int, verb: str, gap: int
) -> None:
    words = Words(nouns={"a": "所学校"})
    (row,) = judged(plan_of(comparison, value, unit="所"), figure(numerator), words=words)
    assert (row["gap"], row["gap_verb"], row["gap_unit"]) == (gap, verb, "所学校")


@pytest.mark.parametrize(
    ("comparison", "value", "work", "numerator"),
    [("le", "0.5", NO_WORK, "0.5321"), ("eq", "0", Work("新建", "所"), "3"), ("eq", "3", Work("补", "对", 2), "2")],
)
def test_where_no_work_closes_the_gap_it_is_empty_and_the_note_says_so(
    comparison: str, value: str, work: Work, numerator: str
) -> None:
    drawn = figure(None) | {"numerator": Decimal(numerator)}
    (row,) = judged(plan_of(comparison, value, unit="所"), drawn, words=Words(works={"a": work}))
    assert (row["verdict"], row["gap"], row["gap_verb"], row["gap_unit"]) == ("missed", None, None, None)
    assert row["note_zh"] == "差距不能折算成工作量。"


def test_a_figure_without_work_that_is_met_lacks_nothing() -> None:
    (row,) = judged(plan_of("le", "0.5", unit="所"), figure(0), words=Words(works={"a": NO_WORK}))
    assert (row["verdict"], row["gap"], row["note_zh"]) == ("met", 0, "")


@pytest.mark.parametrize(
    ("comparison", "now", "before", "gap", "note"),
    [
        ("rise", (95, 100), (100, 100), None, "上年已达100%，不能再升。"),
        ("rise", (100, 100), (100, 100), None, "上年已达100%，不能再升。"),
        ("fall", (0, 100), (0, 100), None, "上年已为0，不能再降。"),
        ("fall", (5, 100), (0, 100), None, "上年已为0，不能再降。"),
        ("rise", (95, 100), (110, 100), 16, ""), ("rise", (102, 100), (100, 100), 0, ""),
    ],
)  # fmt: skip
def test_what_was_whole_cannot_rise_and_what_was_none_cannot_fall(
    comparison: str, now: tuple[int, int], before: tuple[int, int], gap: int | None, note: str
) -> None:
    (row,) = judged(plan_of(comparison, None), figure(*now), before=[figure(*before, year=2019)])
    assert (row["gap"], row["note_zh"]) == (gap, note)


def test_no_data_has_no_gap_and_no_part() -> None:
    rows = judged(plan_of("ge", "80", scope=BOTH), figure(None, None), county("433101", 1, 2))
    assert gaps(rows) == {"433100": (None, None), "433101": (1, None)}


def test_the_gap_of_all_is_divided_among_units_by_what_they_lack() -> None:
    units = county("433101", 30, 100), county("433122", 70, 100), county("433123", 95, 100), county("433170", 0, 0)
    rows = judged(plan_of("ge", "80", scope=BOTH), figure(195, 300), *units)
    assert gaps(rows) == {
        "433100": (45, 0), "433101": (50, 38), "433122": (10, 7), "433123": (0, 0), "433170": (None, None),
    }  # fmt: skip


def test_what_no_unit_can_carry_stays_with_the_prefecture() -> None:
    rows = judged(plan_of("eq", "0", unit="班", scope=BOTH), figure(9), county("433101", 4), county("433122", 3))
    assert gaps(rows) == {"433100": (9, 2), "433101": (4, 4), "433122": (3, 3)}


def test_for_a_zero_target_each_unit_brings_its_own() -> None:
    rows = judged(plan_of("eq", "0", unit="班", scope=BOTH), figure(7), county("433101", 4), county("433122", 3))
    assert gaps(rows) == {"433100": (7, 0), "433101": (4, 4), "433122": (3, 3)}


def test_nothing_is_divided_where_the_target_is_reached_or_units_are_not_judged() -> None:
    reached = judged(plan_of("ge", "50", scope=BOTH), figure(60, 100), county("433101", 1, 10))
    assert gaps(reached) == {"433100": (0, 0), "433101": (4, 0)}
    assert gaps(judged(plan_of("ge", "80"), figure(60, 100), county("433101", 1, 10))) == {"433100": (20, None)}


def test_the_terms_of_units_are_those_of_the_prefecture() -> None:
    plan = plan_of("eq", "100", indicator=["spring", "autumn"], scope=BOTH)
    rows = judged(
        plan, figure(90, 100, indicator_id="autumn"), figure(99, 100, indicator_id="spring"),
        county("433101", 40, 50, indicator_id="autumn"), county("433101", 1, 2, indicator_id="spring"),
    )  # fmt: skip
    assert [(r["indicator_id"], r["gap"], r["gap_part"]) for r in rows] == [("autumn", 10, 0), ("spring", 1, 10)]


def test_a_direction_is_divided_by_what_units_lack_against_their_own_year_before() -> None:
    before = [figure(100, year=2019), county("433101", 60, year=2019), county("433122", 40, year=2019)]
    now = figure(96), county("433101", 50), county("433122", 46)
    assert gaps(judged(plan_of("rise", None, unit="个", scope=BOTH), *now, before=before)) == {
        "433100": (5, 0), "433101": (11, 5), "433122": (0, 0),
    }  # fmt: skip


@given(
    st.sampled_from(["ge", "le", "eq"]), st.sampled_from([0, 15, 50, 85, 100]),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6),
)  # fmt: skip
def test_parts_always_add_up_to_the_gap_of_all(comparison: str, value: int, sides: list[tuple[int, int]]) -> None:
    units = [county(f"4331{n:02d}", min(pair), max(pair)) for n, pair in enumerate(sides, 10)]
    whole = figure(sum(min(pair) for pair in sides), sum(max(pair) for pair in sides))
    first, *rest = judged(plan_of(comparison, str(value), scope=BOTH), whole, *units)
    if first["gap"] is None:
        assert {row["gap_part"] for row in (first, *rest)} == {None}
    else:
        assert first["gap"] == sum(row["gap_part"] or 0 for row in (first, *rest))
        assert all((row["gap_part"] or 0) <= (row["gap"] or 0) for row in rest)


@pytest.mark.parametrize(
    ("comparison", "target", "now", "before", "way"),
    [
        ("ge", "0.5", (6, 10), (5, 10), "better"), ("ge", "0.5", (1, 3), (2, 3), "worse"),
        ("ge", "0.5", (2, 4), (1, 2), "same"), ("rise", None, (5, None), (4, None), "better"),
        ("fall", None, (5, None), (4, None), "worse"), ("le", "0.15", (1, 10), (2, 10), "better"),
        ("eq", "0", (3, None), (5, None), "better"), ("eq", "1", (99, 100), (98, 100), "better"),
        ("eq", "8", (9, None), (6, None), "better"), ("eq", "8", (9, None), (7, None), "same"),
        ("ge", "0.5", (None, 10), (5, 10), None), ("ge", "0.5", (6, 10), (None, None), None),
        ("ge", "0.5", (6, 10), (1, 0), None),
    ],
)  # fmt: skip
def test_better_is_what_the_commitment_asks_for(
    comparison: str,
    target: str | None,
    now: tuple[int | None, int | None],
    before: tuple[int | None, int | None],
    way: str | None,
) -> None:
    first, second = (Figure("a", *_exact(sides)) for sides in (now, before))
    assert trend(first, second, comparison, None if target is None else Fraction(target)) == way


def _exact(sides: tuple[int | None, int | None]) -> tuple[Decimal | None, Decimal | None]:
    upper, lower = (None if side is None else Decimal(side) for side in sides)
    return upper, lower


def test_the_row_tells_the_year_before_of_the_same_indicator_and_region() -> None:
    before = [figure(40, 100, year=2019), county("433101", 3, 4, year=2019)]
    rows = judged(plan_of("ge", "80", scope=BOTH), figure(50, 100), county("433101", 1, 2), county("433122", 1, 2),
                  before=before)  # fmt: skip
    assert [(row["value_before"], row["trend"]) for row in rows] == [(0.4, "better"), (0.75, "worse"), (None, None)]


def test_last_years_figure_stands_where_this_year_has_none() -> None:
    (row,) = judged(plan_of("ge", "80"), figure(None, None), before=[figure(40, 100, year=2019)])
    assert (row["value_before"], row["trend"]) == (0.4, None)


@given(st.sampled_from(["ge", "le", "eq", "rise", "fall"]), st.integers(0, 300), st.integers(0, 300),
       st.none() | st.integers(1, 300))  # fmt: skip
def test_the_gap_in_one_more_or_one_less_turns_the_verdict(
    comparison: str, goal: int, numerator: int, denominator: int | None
) -> None:
    base = None if denominator is None else Decimal(denominator)
    aim = Fraction(goal) if denominator is None else Fraction(goal, 300)
    before = hold(Figure("a", Decimal(numerator), base), comparison, aim)
    assert before is not None
    step = -1 if before.is_to_fall else 1
    units = before.gap(Work("", "", step))
    assert before.is_kept == (units == 0)
    if units:
        moved = [Figure("a", Decimal(numerator + step * done), base) for done in (units, units - 1)]
        after = [hold(each, comparison, aim) for each in moved]
        assert [each is not None and each.is_kept for each in after] == [True, False]
