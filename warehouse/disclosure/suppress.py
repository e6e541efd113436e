"""Which figures are hidden: those that show a small count, and as many more as keep every hidden one from being found.

First all figures of small counts, then, while an attacker can narrow a hidden count down, another figure that stands in
a sum with it: the one that shows the smallest counts. Hiding more can only widen what he knows, so a count that was
once safe stays so. Figures of earlier releases stay as they were shown.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from warehouse.disclosure.attack import Attacker
from warehouse.disclosure.system import Key, Picture, System, system_of


@dataclass(frozen=True)
class Protection:
    """How counts of persons are protected: below `least` they are small, and no span may be narrower than `width`."""

    least: int = 10
    width: int = 5


def is_small(count: int, protection: Protection) -> bool:
    """Whether a count must not be shown; none at all may."""
    return 0 < count < protection.least


def openly_shown(picture: Picture, protection: Protection) -> frozenset[Key]:
    """The figures that show no small count: primary suppression, which subtraction undoes."""
    return frozenset(
        name for name, keys in picture.figures.items()
        if not any(is_small(picture.counts[key], protection) for key in keys)
    )  # fmt: skip


def safely_shown(picture: Picture, earlier: Iterable[Picture], protection: Protection) -> frozenset[Key]:
    """The figures of `picture` that can be shown beside those of earlier releases of the same year."""
    shown = replace(picture, shown=openly_shown(picture, protection))
    return _Search(shown, tuple(earlier), protection).run()


class _Search:
    """The search for what else must be hidden; `shown` shrinks."""

    def __init__(self, picture: Picture, earlier: tuple[Picture, ...], protection: Protection) -> None:
        self.picture, self.earlier, self.protection = picture, earlier, protection
        self.system: System = system_of((*earlier, picture))
        self.shown = set(picture.shown)
        self.told_before = self.system.known(earlier)
        self.figures_of: dict[int, set[Key]] = {}
        for name, keys in picture.figures.items():
            for key in keys:
                self.figures_of.setdefault(self.system.number(picture, key), set()).add(name)

    def run(self) -> frozenset[Key]:
        """The figures that stay."""
        waiting = deque(self._at_risk())
        while waiting:
            numbers = waiting.popleft()
            attacker = Attacker(self.system, frozenset(self._known()))
            if all(attacker.can_narrow(number, self.protection.width) for number in numbers):
                fallen = self._hide_beside(numbers, attacker)
                if fallen:
                    waiting.extendleft(fallen)
                    waiting.append(numbers)
        return frozenset(self.shown)

    def _at_risk(self) -> list[tuple[int, ...]]:
        """What must stay unknown: every small count, and of every hidden figure one of its counts."""
        found: dict[tuple[int, ...], None] = {}
        for picture in (*self.earlier, self.picture):
            shown = self.shown if picture is self.picture else picture.shown
            for name, keys in picture.figures.items():
                if name in shown:
                    continue
                numbers = tuple(self.system.number(picture, key) for key in keys)
                found[numbers] = None
                small = [n for n in numbers if is_small(self.system.values[n], self.protection)]
                found.update(dict.fromkeys((n,) for n in small))
        return [numbers for numbers in found if not set(numbers) <= self.told_before]

    def _known(self) -> set[int]:
        numbers = {self.system.number(self.picture, key) for name in self.shown for key in self.picture.figures[name]}
        return self.told_before | numbers

    def _hide_beside(self, numbers: tuple[int, ...], attacker: Attacker) -> list[tuple[int, ...]]:
        """Hide one more figure that stands in the way of these counts; returns what is at risk by it, [] for none."""
        near = self._figures_near(numbers, attacker)
        if not near:
            return []
        worst = min(near, key=lambda name: self._loss(name, attacker))
        self.shown.remove(worst)
        return [tuple(self.system.number(self.picture, key) for key in self.picture.figures[worst])]

    def _figures_near(self, numbers: tuple[int, ...], attacker: Attacker) -> set[Key]:
        """The figures shown that tell one of the counts, or, from near to far, one that stands in a sum with it.

        Where a count is alone in sums, only the figures of these help.
        """
        reached, border = set(numbers), set(numbers)
        while border:
            near = {
                name for n in border - self.told_before for name in self.figures_of.get(n, ()) if name in self.shown
            }
            if near:
                return near
            sums = [(each, n) for n in border for each in self.system.beside[n]]
            alone = [each for each in sums if len(border) == 1 and attacker.is_alone_in(each[1], each[0])]
            border = {each for (total, parts), _ in alone or sums for each in (total, *parts)} - reached
            reached |= border
        return set()

    def _loss(self, name: Key, attacker: Attacker) -> tuple[bool, int, int, Key]:
        """What hiding a figure costs: figures of none last, then by sums that it alone would not know, then persons."""
        counts = [self.picture.counts[key] for key in self.picture.figures[name]]
        numbers = {self.system.number(self.picture, key) for key in self.picture.figures[name]}
        alone = sum(attacker.would_be_alone(n) for n in numbers - self.told_before)
        return not any(counts), alone, max(counts), name
