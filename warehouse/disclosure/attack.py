"""What an attacker works out of what he knows: the span in which an unknown count lies, by linear programming.

A lower and an upper end are found by HiGHS for one unknown at a time, over the unknowns that hang together with it.
Counts are at least 0. That they are whole numbers is not used.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import inf

import numpy as np

from warehouse.disclosure.system import Equation, System

Span = tuple[float, float]
_CERTAIN = 1e-6


@dataclass(frozen=True)
class Attacker:
    """Someone who knows a system and these of its numbers."""

    system: System
    known: frozenset[int]

    def span(self, number: int) -> Span:
        """The least and the greatest that the count can be."""
        if number in self.known:
            return float(self.system.values[number]), float(self.system.values[number])
        if self._is_alone(number):
            return float(self.system.values[number]), float(self.system.values[number])
        together = self._hanging_together(number)
        return self._end(number, together, 1), self._end(number, together, -1)

    def can_narrow(self, number: int, width: float) -> bool:
        """Whether the count lies in a span narrower than `width`."""
        low, high = self.span(number)
        return high - low < width - _CERTAIN

    def is_alone_in(self, number: int, equation: Equation) -> bool:
        """Whether the count is the only unknown of a sum."""
        total, parts = equation
        return all(each == number or each in self.known for each in (total, *parts))

    def would_be_alone(self, number: int) -> int:
        """In how many sums the count would be the only unknown, were it one."""
        return sum(self.is_alone_in(number, equation) for equation in self.system.beside[number])

    def _is_alone(self, number: int) -> bool:
        return any(
            (total, *parts).count(number) == 1 and self.is_alone_in(number, (total, parts))
            for total, parts in self.system.beside[number]
        )

    def _hanging_together(self, number: int) -> list[int]:
        found, waiting = {number}, [number]
        while waiting:
            for total, parts in self.system.beside[waiting.pop()]:
                new = {total, *parts} - self.known - found
                found |= new
                waiting.extend(new)
        return sorted(found)

    def _end(self, number: int, together: Collection[int], sign: int) -> float:
        from scipy.optimize import linprog

        place = {each: i for i, each in enumerate(together)}
        rows = sorted({equation for each in together for equation in self.system.beside[each]})
        if not rows:
            return 0.0 if sign > 0 else inf
        left, right = np.zeros((len(rows), len(place))), np.zeros(len(rows))
        for i, (total, parts) in enumerate(rows):
            for each, factor in ((total, 1.0), *((part, -1.0) for part in parts)):
                if each in place:
                    left[i, place[each]] += factor
                else:
                    right[i] -= factor * self.system.values[each]
        aim = np.zeros(len(place))
        aim[place[number]] = sign
        solved = linprog(aim, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
        if solved.status == 3:  # unbounded
            return -sign * inf
        return float(sign * solved.fun)
