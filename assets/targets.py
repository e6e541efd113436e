"""One figure held against one goal: exact comparison, what is lacking, and the figure as text.

All arithmetic is on exact fractions; a value that was rounded for display never decides. Which figure is held against
which goal is settled in `scorecard.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from expectations.plan import DIRECTIONS

MATURITIES = ("provisional", "confirmed", "final")

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
    def gap(self) -> int:
        """Smallest whole number by which the numerator has to move until the goal is reached; 0 where it is.

        Up where it is too low, down where it is too high; the denominator stays as it is.
        """
        if self.is_kept:
            return 0
        lacking = -self.margin * self.figure.base
        return math.floor(lacking) + 1 if self.comparison in DIRECTIONS else math.ceil(lacking)


def hold(figure: Figure, comparison: str, goal: Fraction | None, maturity: str = MATURITIES[-1]) -> Judgement | None:
    """The figure held against a goal (of that maturity); None when either is not known.

    A figure that lacks a unit is provisional whatever it says of itself.
    """
    if figure.ratio is None or goal is None:
        return None
    lowest = [figure.maturity, maturity, *MATURITIES[: bool(figure.missing_units)]]
    margin = _MARGIN[comparison](figure.ratio, goal)
    return Judgement(figure, comparison, goal, margin, min(lowest, key=MATURITIES.index))


def share_text(ratio: Fraction) -> str:
    """A share as a percentage with two decimals, rounded half up from the exact value."""
    hundredths = math.floor(ratio * 10_000 + Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def number_text(number: Decimal) -> str:
    """A number without idle zeros: 12, 8.5."""
    return f"{number:f}".rstrip("0").rstrip(".") if number % 1 else str(int(number))


def figure_text(figure: Figure) -> str:
    """The figure as readers see it: a share in percent, a count as it is, no data as a dash."""
    if figure.ratio is None or figure.numerator is None:
        return "—"
    return number_text(figure.numerator) if figure.denominator is None else share_text(figure.ratio)


def hides_the_verdict(judgement: Judgement) -> bool:
    """Whether the displayed percentage lies on the other side of the goal than the exact figure."""
    if judgement.figure.denominator is None or judgement.figure.ratio is None:
        return False
    shown = Fraction(share_text(judgement.figure.ratio).rstrip("%")) / 100
    rounded = Judgement(judgement.figure, judgement.comparison, judgement.goal,
                        _MARGIN[judgement.comparison](shown, judgement.goal), judgement.maturity)  # fmt: skip
    return rounded.is_kept != judgement.is_kept
