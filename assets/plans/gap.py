"""What is lacking until a goal is reached, counted in units of work: in things that people can do.

Pure arithmetic on exact fractions, and the words of the answer. Which figure is held against which goal, and in which
units of work its gap is told, is settled in `scorecard.py`; the work of an indicator is declared where it is defined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

_HOLDS: Mapping[str, Callable[[Fraction], bool]] = {
    "ge": lambda distance: distance >= 0,
    "le": lambda distance: distance <= 0,
    "eq": lambda distance: distance == 0,
    "rise": lambda distance: distance > 0,
    "fall": lambda distance: distance < 0,
}


@dataclass(frozen=True)
class Work:
    """One thing that people can do to move a figure: its words, and what one adds to numerator and denominator.

    Verb 拆分 and noun 个大班 read 需拆分 3 个大班. Of a figure without a denominator only the numerator moves.
    """

    verb_zh: str
    noun_zh: str
    numerator: int = 1
    denominator: int = 0


NO_WORK = Work("", "", 0, 0)
"""The work of a figure that nothing countable moves by a fixed step: a coefficient of variation, a ratio of ratios."""


def units_of_work(numerator: Fraction, base: Fraction, comparison: str, goal: Fraction, work: Work) -> int | None:
    """The smallest whole number of units of work after which `numerator / base` stands to the goal as it should.

    0 where it does already; None where no number brings it there, because the work moves the figure the other way,
    steps over a number to be met exactly, or would take the numerator below 0 or the base to 0.
    """
    distance = numerator - goal * base
    if _HOLDS[comparison](distance):
        return 0
    step = work.numerator - goal * work.denominator
    if step == 0:
        return None
    exact = -distance / step
    units = math.floor(exact) + 1 if comparison in {"rise", "fall"} else math.ceil(exact)
    reaches = units > 0 and _HOLDS[comparison](distance + units * step)
    is_possible = numerator + units * work.numerator >= 0 and base + units * work.denominator > 0
    return units if reaches and is_possible else None


def divided(gap: int, lacking: Mapping[str, int | None]) -> dict[str, int | None]:
    """What each unit contributes to the gap of all: in proportion to what it lacks itself, and never more than that.

    Whole numbers (largest remainder, of equal ones the lower code first), so that they add up to the gap, or to what
    the units lack together where that is less. None stays None: of such a unit nothing is known.
    """
    able = {unit: units for unit, units in lacking.items() if units}
    total = sum(able.values())
    carried = min(gap, total)
    parts = {unit: carried * units // total for unit, units in able.items()}
    by_remainder = sorted(able, key=lambda unit: (-(carried * able[unit] % total), unit))
    for unit in by_remainder[: carried - sum(parts.values())]:
        parts[unit] += 1
    return {unit: None if units is None else parts.get(unit, 0) for unit, units in lacking.items()}


def work_text(verb: str, units: int, noun: str) -> str:
    """What has to be done, as readers see it: 需拆分 3 个大班."""
    return f"需{verb} {units} {noun}"
