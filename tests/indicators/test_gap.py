"""Gaps in units of work: the smallest number that turns the verdict, and its division among the units."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.plans.gap import NO_WORK, Work, divided, units_of_work, work_text

SPLIT_LARGE, SPLIT_ENTRY = Work("拆分", "个大班", -1, 1), Work("拆分", "个超限的班", 2, 1)
ENROL, HIRE = Work("增加", "名幼儿", 1, 0), Work("增配", "名教师", 0, 1)
TRAIN = Work("培训", "名指导员", 1000, 0)
FAR = 2_000
HOLDS: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "ge": lambda ratio, goal: ratio >= goal, "le": lambda ratio, goal: ratio <= goal,
    "eq": lambda ratio, goal: ratio == goal, "rise": lambda ratio, goal: ratio > goal,
    "fall": lambda ratio, goal: ratio < goal,
}  # fmt: skip


@pytest.mark.parametrize(
    ("numerator", "base", "comparison", "goal", "work", "units"),
    [
        (843, 1000, "ge", "0.85", ENROL, 7), (850, 1000, "ge", "0.85", ENROL, 0),
        (20, 100, "le", "0.15", SPLIT_LARGE, 5), (16, 100, "le", "0.15", SPLIT_LARGE, 1),
        (3, 9, "le", "0", SPLIT_LARGE, 3), (90, 100, "eq", "1", SPLIT_ENTRY, 10),
        (90, 100, "ge", "0.95", SPLIT_ENTRY, 5), (1900, 100, "le", "16", HIRE, 19),
        (2_400_000, 2_500_000, "ge", "1.2", TRAIN, 600), (7, 1, "eq", "0", Work("撤销", "处"), None),
        (7, 1, "eq", "0", Work("撤销", "处", -1), 7), (100, 100, "rise", "1", SPLIT_ENTRY, 1),
        (5, 10, "ge", "0.6", NO_WORK, None), (5, 10, "ge", "0.4", NO_WORK, 0),
        (8, 10, "eq", "0.75", Work("减少", "个", -2), None), (0, 10, "fall", "0", Work("减少", "个", -1), None),
    ],
)  # fmt: skip
def test_the_smallest_number_of_units_that_reaches_the_goal(
    numerator: int, base: int, comparison: str, goal: str, work: Work, units: int | None
) -> None:
    assert units_of_work(Fraction(numerator), Fraction(base), comparison, Fraction(goal), work) == units


def by_trying(numerator: int, base: int, comparison: str, goal: Fraction, work: Work) -> int | None:
    """One unit after the other until the comparison holds; None when the figure stops being one, or after many."""
    for units in range(FAR):
        upper, lower = numerator + units * work.numerator, base + units * work.denominator
        if upper < 0 or lower <= 0:
            return None
        if HOLDS[comparison](Fraction(upper, lower), goal):
            return units
    return None


works = st.builds(Work, st.just("做"), st.just("件"), st.integers(-3, 3), st.integers(-2, 2))
goals = st.fractions(0, 3, max_denominator=24)


@given(st.integers(0, 60), st.integers(1, 60), st.sampled_from(sorted(HOLDS)), goals, works)
def test_it_is_what_trying_finds(numerator: int, base: int, comparison: str, goal: Fraction, work: Work) -> None:
    found = units_of_work(Fraction(numerator), Fraction(base), comparison, goal, work)
    assert found == by_trying(numerator, base, comparison, goal, work)


@given(st.integers(0, 400), st.integers(1, 400), st.sampled_from(sorted(HOLDS)), st.integers(0, 10_000), works)
def test_it_turns_the_verdict_and_one_less_does_not(
    numerator: int, base: int, comparison: str, goal: int, work: Work
) -> None:
    aim = Fraction(goal, 5_000)
    units = units_of_work(Fraction(numerator), Fraction(base), comparison, aim, work)
    if units is None:
        return

    def holds(done: int) -> bool:
        return HOLDS[comparison](Fraction(numerator + done * work.numerator, base + done * work.denominator), aim)

    assert holds(units)
    assert units == 0 or not holds(units - 1)


@pytest.mark.parametrize(
    ("gap", "lacking", "parts"),
    [
        (5, {"a": 10, "b": 0, "c": 10}, {"a": 3, "b": 0, "c": 2}),
        (7, {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3}),
        (6, {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3}),
        (2, {"a": 4, "b": None, "c": 1}, {"a": 2, "b": None, "c": 0}),
        (0, {"a": 4, "b": None}, {"a": 0, "b": None}),
        (3, {}, {}),
    ],
)
def test_a_gap_is_divided_by_what_each_lacks(
    gap: int, lacking: dict[str, int | None], parts: dict[str, int | None]
) -> None:
    assert divided(gap, lacking) == parts


@given(st.integers(0, 500), st.dictionaries(st.text("abcdefghij", min_size=1, max_size=2),
                                            st.none() | st.integers(0, 90), max_size=10))  # fmt: skip
def test_parts_add_up_and_nobody_carries_more_than_it_lacks(gap: int, lacking: dict[str, int | None]) -> None:
    parts = divided(gap, lacking)
    total = sum(units or 0 for units in lacking.values())
    assert sum(part or 0 for part in parts.values()) == min(gap, total)
    assert {unit for unit, part in parts.items() if part is None} == {u for u, own in lacking.items() if own is None}
    for unit, part in parts.items():
        own = lacking[unit] or 0
        assert 0 <= (part or 0) <= own
        if gap <= total and total:
            assert abs((part or 0) - Fraction(gap * own, total)) < 1


def test_the_words() -> None:
    assert work_text("拆分", 3, "个大班") == "需拆分 3 个大班"
