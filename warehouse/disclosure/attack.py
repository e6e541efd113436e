"""What an attacker works out of what he knows: the span in which an unknown count lies, by linear programming.

HiGHS moves the counts that hang together away from what they are, so that all sums still hold and none falls below 0,
or below 1 where that nobody is counted would have been told.
That they are whole numbers is not used. What a solution shows to be possible of one count it shows of all of them.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from math import inf
from typing import Any

import numpy as np

from warehouse.disclosure.system import Equation, System

Span = tuple[float, float]
Vector = np.ndarray[Any, np.dtype[np.float64]]
_CERTAIN = 1e-6
_WIDTHS = 4
"""How far counts are moved at first, in widths."""


class Attacker:
    """Someone who knows a system and these of its numbers; whoever forgets one knows nothing more for it.

    Of `some` he knows that they are not none, because none would have been told.
    """

    def __init__(self, system: System, known: Iterable[int], some: Iterable[int] = ()) -> None:
        self.system = system
        self.known = set(known)
        self.some = frozenset(some)
        self._values = np.array(system.values, np.float64)
        self._low, self._high = self._values.copy(), self._values.copy()

    def forget(self, number: int) -> None:
        """Know a number no longer."""
        self.known.discard(number)

    def span(self, number: int) -> Span:
        """The least and the greatest that the count can be."""
        value = float(self._values[number])
        if number in self.known or self._is_alone(number):
            return value, value
        together = _Together(self, number)
        return tuple(value + together.furthest(number, sign) for sign in (-1, 1))  # type: ignore[return-value]

    def can_narrow(self, number: int, width: float) -> bool:
        """Whether the count lies in a span narrower than `width`."""
        if number in self.known:
            return True
        if self._reached(number) >= width - _CERTAIN:
            return False
        if self._is_alone(number):
            return True
        return self._can_narrow(number, width, _Together(self, number))

    def _can_narrow(self, number: int, width: float, together: _Together) -> bool:
        """The same of an unknown; first it is moved by a few widths, which shows what is possible of others, too."""
        is_held = True
        for sign in (1, -1):
            moved, is_end = together.moved(number, sign, _WIDTHS * width)
            self._learn(together.numbers, moved)
            is_held = is_held and is_end
            if self._reached(number) >= width - _CERTAIN:
                return False
        return is_held or sum(sign * together.furthest(number, sign) for sign in (1, -1)) < width - _CERTAIN

    def is_alone_in(self, number: int, equation: Equation) -> bool:
        """Whether the count is the only unknown of a sum."""
        total, parts = equation
        return all(each == number or each in self.known for each in (total, *parts))

    def would_be_alone(self, number: int) -> int:
        """In how many sums the count would be the only unknown, were it one."""
        return sum(self.is_alone_in(number, equation) for equation in self.system.beside[number])

    def _reached(self, number: int) -> float:
        return float(self._high[number] - self._low[number])

    def _learn(self, numbers: list[int], moved: Vector) -> None:
        at = self._values[numbers] + moved
        self._low[numbers] = np.minimum(self._low[numbers], at)
        self._high[numbers] = np.maximum(self._high[numbers], at)

    def _is_alone(self, number: int) -> bool:
        return any(
            (total, *parts).count(number) == 1 and self.is_alone_in(number, (total, parts))
            for total, parts in self.system.beside[number]
        )


class _Together:
    """The unknowns that hang together with one, and the sums that hold between them."""

    def __init__(self, attacker: Attacker, number: int) -> None:
        found, waiting, equations = {number}, [number], dict[Equation, None]()
        while waiting:
            for total, parts in attacker.system.beside[waiting.pop()]:
                equations[total, parts] = None
                new = {total, *parts} - attacker.known - found
                found |= new
                waiting.extend(new)
        self.numbers = sorted(found)
        self._place = {each: i for i, each in enumerate(self.numbers)}
        values = np.array([float(attacker.system.values[each]) for each in self.numbers])
        self._least = np.minimum([float(each in attacker.some) for each in self.numbers], values) - values
        self._equations = list(equations)

    def furthest(self, number: int, sign: int) -> float:
        """How far the count can move up or down; infinity where nothing holds it."""
        solved = self._solved(number, sign, inf)
        return sign * inf if solved.x is None else float(solved.x[self._place[number]])

    def moved(self, number: int, sign: int, most: float) -> tuple[Vector, bool]:
        """How all of them move where the count moves as far as it can and none moves more than `most`.

        And whether it is not for `most` that the count moves no further.
        """
        solved = self._solved(number, sign, most)
        held = (*solved.upper.marginals, *solved.lower.marginals[self._least < -most])
        return np.asarray(solved.x, np.float64), bool(np.abs(held).max() < _CERTAIN)

    def _solved(self, number: int, sign: int, most: float) -> Any:
        from scipy.optimize import linprog

        aim = np.zeros(len(self.numbers))
        aim[self._place[number]] = -sign
        bounds = np.column_stack([np.maximum(self._least, -most), np.full(len(self.numbers), most)])
        sums = {"A_eq": self._sums, "b_eq": np.zeros(len(self._equations))} if self._equations else {}
        return linprog(aim, **sums, bounds=bounds, method="highs")

    @functools.cached_property
    def _sums(self) -> Any:
        from scipy.sparse import coo_array

        cells = [
            (i, self._place[each], factor)
            for i, (total, parts) in enumerate(self._equations)
            for each, factor in ((total, 1.0), *((part, -1.0) for part in parts)) if each in self._place
        ]  # fmt: skip
        rows, columns, factors = zip(*cells, strict=True)
        return coo_array((factors, (rows, columns)), (len(self._equations), len(self._place))).tocsr()
