"""Figures as readers see them: rounded half up from the exact value, in the unit of the indicator."""

from decimal import Decimal
from fractions import Fraction

import pytest

from assets.plans.targets import Figure, figure_text, hides_the_verdict, hold, number_text, share_text


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


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "text"),
    [
        ("2834", "100", ":1", "28.34:1"), ("1", "3", ":1", "0.33:1"), ("12.345", "1", "平方米/人", "12.35平方米/人"),
        ("98765", "8", "元/人", "12345.63元/人"), ("71.005", "1", "分", "71.01分"), ("57", "100", "%", "57.00%"),
        ("2834", None, "元", "2834"), ("0.3499", None, "", "0.3499"), ("8.5000", None, "项", "8.5"),
        (None, "100", "%", "—"), (None, None, ":1", "—"), ("5", "0", ":1", "—"),
    ],
)  # fmt: skip
def test_a_figure_is_shown_in_its_unit(numerator: str | None, denominator: str | None, unit: str, text: str) -> None:
    upper, lower = (None if side is None else Decimal(side) for side in (numerator, denominator))
    assert figure_text(Figure("a", upper, lower), unit) == text


@pytest.mark.parametrize(
    ("numerator", "denominator", "unit", "goal", "is_hidden"),
    [
        (499_999, 1_000_000, "%", "0.5", True), (49, 100, "%", "0.5", False), (50, 100, "%", "0.5", False),
        (16_001, 1_000, ":1", "16", True), (1_601, 100, ":1", "16", False), (16, 1, ":1", "16", False),
        (160_049, 10_000, ":1", "16", True), (17, None, "所", "16", False),
    ],
)  # fmt: skip
def test_a_display_on_the_other_side_of_the_goal_hides_the_verdict(
    numerator: int, denominator: int | None, unit: str, goal: str, is_hidden: bool
) -> None:
    figure = Figure("a", Decimal(numerator), None if denominator is None else Decimal(denominator))
    judgement = hold(figure, "ge" if unit == "%" else "le", Fraction(goal))
    assert judgement
    assert hides_the_verdict(judgement, unit) == is_hidden
