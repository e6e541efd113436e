"""Every indicator tells its gap in words, and every commitment asks for something that its work can bring about."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from assets.indicators.catalogue import Indicator
from assets.indicators.registry import CATALOGUE, indicators_of
from assets.plans.gap import NO_WORK, Work
from assets.plans.targets import Figure, Judgement, hold
from expectations.plan import Commitment, load_plans

PLANS = load_plans()
KNOWN: dict[str, Indicator] = {item.id: item for plan in PLANS.values() for item in indicators_of(plan.commitments)}
JUDGED = [
    pytest.param(commitment, indicator, id=f"{commitment.id}-{indicator}")
    for plan in PLANS.values() for commitment in plan.commitments for indicator in commitment.indicator
]  # fmt: skip


def test_every_work_has_a_verb_and_a_noun() -> None:
    works = {name: item.work for name, item in KNOWN.items() if item.work not in {None, NO_WORK}}
    assert len(works) > 60
    assert [name for name, work in works.items() if not (work and work.verb_zh and work.noun_zh)] == []
    assert [name for name, item in KNOWN.items() if not item.counted] == []


def test_what_no_work_moves_by_a_fixed_step_says_so() -> None:
    without = {item.id for item in CATALOGUE if item.work == NO_WORK}
    assert {item.id for item in CATALOGUE if item.id.endswith(("_cv", "_parity"))} <= without
    assert len(without) >= 15


@pytest.mark.parametrize(
    ("indicator", "work"),
    [
        ("senior_large_class_share", (-1, 1)), ("primary_entry_classes_within_limit", (2, 1)),
        ("compulsory_large_classes", (-1, 0)), ("preschool_gross_enrolment", (1, 0)), ("dropouts_compulsory", (-1, 0)),
        ("public_kindergarten_share", (1, 0)), ("pupil_teacher_ratio_primary", (0, 1)),
        ("key_teachers_per_100_junior", (100, 0)), ("instructors_per_thousand", (1000, 0)),
        ("aid_on_time_amount_spring", (100, 0)), ("aid_repeated_rate_autumn", (-1, -1)),
    ],
)  # fmt: skip
def test_what_one_unit_of_work_adds_to_both_sides(indicator: str, work: tuple[int, int]) -> None:
    declared = KNOWN[indicator].work
    assert declared
    assert (declared.numerator, declared.denominator) == work


def short_of(commitment: Commitment) -> tuple[Judgement, Fraction]:
    """A figure that misses the commitment by a little, and the goal that it misses."""
    goal = Fraction(commitment.target) if commitment.target is not None else Fraction(1, 2)
    is_low = commitment.comparison in {"ge", "rise"} or (commitment.comparison == "eq" and goal > 0)
    ratio = goal * Fraction(9, 10) if is_low else goal + Fraction(1, 10)
    numerator = Decimal(ratio.numerator) / Decimal(ratio.denominator) * 1000
    judgement = hold(Figure("a", numerator, Decimal(1000)), commitment.comparison, goal)
    assert judgement
    return judgement, goal


@pytest.mark.parametrize(("commitment", "indicator"), JUDGED)
def test_the_work_of_a_commitment_moves_its_figure_the_way_it_asks_for(commitment: Commitment, indicator: str) -> None:
    judgement, goal = short_of(commitment)
    declared = KNOWN[indicator].work
    if declared == NO_WORK:
        return
    work = declared or Work("", "", -1 if judgement.is_to_fall else 1)
    step = work.numerator - goal * work.denominator
    assert step != 0
    assert (step < 0) == judgement.is_to_fall


@pytest.mark.parametrize(("commitment", "indicator"), JUDGED)
def test_a_target_is_told_in_the_unit_of_its_figure(commitment: Commitment, indicator: str) -> None:
    told, figure = commitment.unit, KNOWN[indicator].unit
    is_ratio = figure == "%" or "/" in figure or figure.startswith(":")
    assert told == figure or not (is_ratio or told == "%")
