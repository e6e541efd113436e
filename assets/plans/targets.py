"""One figure held against one goal: exact comparison, what is lacking, the trend, and the figure as text.

All arithmetic is on exact fractions; a value that was rounded for display never decides. Which figure is held against
which goal is settled in `scorecard.py`, in what a gap is counted in `gap.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from assets.plans.gap import Work, units_of_work
from expectations.plan import DIRECTIONS

MATURITIES = ("provisional", "confirmed", "final")
PERCENT = "%"

_MARGIN: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "ge": lambda ratio, goal: ratio - goal,
    "le": lambda ratio, goal: goal - ratio,
    "eq": lambda ratio, goal: -abs(ratio - goal),
    "rise": lambda ratio, goal: ratio - goal,
    "fall": lambda ratio, goal: goal - ratio,
}


@dataclass(frozen=True)
class Figure:
    """One indicator of one region; a count or an extreme has no denominator."""

    indicator_id: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    maturity: str = MATURITIES[0]
    unknown_count: int = 0
    missing_units: tuple[str, ...] = ()

    @property
    def base(self) -> Fraction:
        """What the numerator is divided by: 1 for counts."""
        return Fraction(1 if self.denominator is None else self.denominator)

    @property
    def ratio(self) -> Fraction | None:
        """The exact figure; None for no data, which a denominator of zero is too."""
        return None if self.numerator is None or self.base == 0 else Fraction(self.numerator) / self.base


@dataclass(frozen=True)
class Judgement:
    """A figure held against its goal; `margin` is its distance on the good side, below zero on the bad one."""

    figure: Figure
    comparison: str
    goal: Fraction
    margin: Fraction
    maturity: str

    @property
    def is_kept(self) -> bool:
        """Whether the goal is reached: a named number itself does it, last year's figure does not."""
        return self.margin > 0 if self.comparison in DIRECTIONS else self.margin >= 0

    @property
    def is_to_fall(self) -> bool:
        """Whether lower is what is asked for: of `eq` where the figure lies above the number, or on an asked-for 0."""
        if self.comparison == "eq":
            return self.figure.ratio is not None and (self.figure.ratio > self.goal or self.goal == 0)
        return self.comparison in {"le", "fall"}

    def gap(self, work: Work) -> int | None:
        """How many units of that work are lacking: 0 where the goal is reached, None where no number reaches it."""
        if self.figure.denominator is None:
            work = replace(work, denominator=0)
        numerator = Fraction(self.figure.numerator or 0)
        return units_of_work(numerator, self.figure.base, self.comparison, self.goal, work)


def hold(figure: Figure, comparison: str, goal: Fraction | None, maturity: str = MATURITIES[-1]) -> Judgement | None:
    """The figure held against a goal (of that maturity); None when either is not known.

    A figure that lacks a unit is provisional whatever it says of itself.
    """
    if figure.ratio is None or goal is None:
        return None
    lowest = [figure.maturity, maturity, *MATURITIES[: bool(figure.missing_units)]]
    margin = _MARGIN[comparison](figure.ratio, goal)
    return Judgement(figure, comparison, goal, margin, min(lowest, key=MATURITIES.index))


def trend(now: Figure, before: Figure, comparison: str, target: Fraction | None) -> str | None:
    """`better`, `worse` or `same` than the year before; None where either figure is not known.

    Higher is better for `ge` and `rise`, lower for `le` and `fall`, nearer to the target for `eq`.
    """
    if now.ratio is None or before.ratio is None:
        return None
    goal = target or Fraction(0)
    gained = _MARGIN[comparison](now.ratio, goal) - _MARGIN[comparison](before.ratio, goal)
    return "same" if gained == 0 else "better" if gained > 0 else "worse"


def share_text(ratio: Fraction) -> str:
    """A share as a percentage with two decimals, rounded half up from the exact value."""
    return f"{_half_up(ratio * 100)}{PERCENT}"


def number_text(number: Decimal) -> str:
    """A number without idle zeros: 12, 8.5."""
    return f"{number:f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))


def ratio_text(ratio: Fraction, unit: str) -> str:
    """A ratio as readers see it, with two decimals rounded half up: 57.00%, 16.23:1, 9.80平方米/人."""
    return share_text(ratio) if unit == PERCENT else f"{_half_up(ratio)}{unit}"


def figure_text(figure: Figure, unit: str) -> str:
    """The figure as readers see it: a ratio in its unit, a count as it is, no data as a dash."""
    if figure.ratio is None or figure.numerator is None:
        return "—"
    return number_text(figure.numerator) if figure.denominator is None else ratio_text(figure.ratio, unit)


def hides_the_verdict(judgement: Judgement, unit: str) -> bool:
    """Whether the displayed ratio lies on the other side of the goal than the exact figure."""
    if judgement.figure.denominator is None or judgement.figure.ratio is None:
        return False
    scale = 100 if unit == PERCENT else 1
    shown = Fraction(_half_up(judgement.figure.ratio * scale)) / scale
    rounded = replace(judgement, margin=_MARGIN[judgement.comparison](shown, judgement.goal))
    return rounded.is_kept != judgement.is_kept


def _half_up(number: Fraction) -> str:
    hundredths = math.floor(number * 100 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"
