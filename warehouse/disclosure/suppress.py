"""Which figures are hidden: those that show a small count, and as many more as keep every hidden one from being found.

First all figures of small counts, then, while an attacker can narrow a hidden count down, another figure that stands in
a sum with it: the one that shows the smallest counts. Hiding more can only widen what he knows, so a count that was
once safe stays so. Figures of earlier releases stay as they were shown.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from warehouse.disclosure.attack import Attacker
from warehouse.disclosure.system import Key, Number, Picture, System, system_of


@dataclass(frozen=True)
class Protection:
    """How counts of persons are protected: below `least` they are small, and no span may be narrower than `width`."""

    least: int = 10
    width: int = 5


@dataclass(frozen=True)
class Protections:
    """How counts of persons are protected from everybody, and from analysts of the bureau."""

    public: Protection = Protection()
    analysts: Protection = Protection(5, 3)


def is_small(count: Number, protection: Protection) -> bool:
    """Whether a count must not be shown; none at all may."""
    return 0 < count < protection.least


def openly_shown(picture: Picture, protection: Protection) -> frozenset[Key]:
    """The figures that show no small count: primary suppression, which subtraction undoes."""
    return picture.given | frozenset(
        name for name in picture.figures.keys() - picture.sensitive
        if not any(is_small(picture.counts[key], protection) for key in picture.persons_of(name))
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
        self.told_before = self.system.known((*earlier, replace(picture, shown=picture.given)))
        self.figures_of: dict[int, set[Key]] = {}
        for name in picture.figures.keys() - picture.given:
            for number in self._numbers(name):
                self.figures_of.setdefault(number, set()).add(name)
        self.times_told = Counter(number for name in self.shown for number in self._numbers(name))
        self.attacker = Attacker(self.system, self.told_before | self.times_told.keys(), self._some())

    def run(self) -> frozenset[Key]:
        """The figures that stay."""
        waiting = deque(self._at_risk())
        while waiting:
            numbers = waiting.popleft()
            if all(self.attacker.can_narrow(number, self.protection.width) for number in numbers):
                fallen = self._hide_beside(numbers)
                if fallen:
                    waiting.extendleft(fallen)
                    waiting.append(numbers)
        return frozenset(self.shown)

    def _numbers(self, name: Key) -> set[int]:
        return {self.system.number(self.picture, key) for key in self.picture.figures[name]}

    def _some(self) -> set[int]:
        """The small counts that are hidden as such: that they are not none is told by their being hidden."""
        return {
            self.system.number(picture, key) for picture in (*self.earlier, self.picture)
            for name in picture.figures.keys() - picture.shown - picture.sensitive
            for key in self._small(picture, picture.persons_of(name))
        }  # fmt: skip

    def _at_risk(self) -> list[tuple[int, ...]]:
        """What must stay unknown: every small count and hidden amount, and of other hidden figures one of their counts.

        That nobody at all is counted is no secret.
        """
        found: dict[tuple[int, ...], None] = {}
        for picture in (*self.earlier, self.picture):
            shown = self.shown if picture is self.picture else picture.shown
            for name in picture.figures:
                if name not in shown:
                    found.update(dict.fromkeys(self._secrets(picture, name)))
            found.update(
                dict.fromkeys((self.system.number(picture, key),) for key in self._small(picture, picture.derived))
            )
        return [numbers for numbers in found if not set(numbers) <= self.told_before]

    def _small(self, picture: Picture, keys: Iterable[Key]) -> list[Key]:
        return [key for key in keys if is_small(picture.counts[key], self.protection)]

    def _secrets(self, picture: Picture, name: Key) -> Iterator[tuple[int, ...]]:
        keys, persons = picture.figures[name], picture.persons_of(name)
        small = self._small(picture, persons)
        if not small and any(picture.counts[key] for key in keys):
            yield tuple(self.system.number(picture, key) for key in keys)
        yield from (
            (self.system.number(picture, key),) for key in (*small, *(key for key in keys if key not in persons))
        )

    def _hide_beside(self, numbers: tuple[int, ...]) -> list[tuple[int, ...]]:
        """Hide one more figure that stands in the way of these counts; returns what is at risk by it, [] for none."""
        near = self._figures_near(numbers)
        if not near:
            return []
        worst = min(near, key=lambda name: self._loss(name, near[name]))
        self.shown.remove(worst)
        for number in self._numbers(worst):
            self.times_told[number] -= 1
            if not self.times_told[number] and number not in self.told_before:
                self.attacker.forget(number)
        return list(self._secrets(self.picture, worst))

    def _figures_near(self, numbers: tuple[int, ...]) -> dict[Key, Number]:
        """The figures shown that tell one of the counts, or, from near to far, one that stands in a sum with it.

        Each with the greatest such count: so much room hiding it can give. Where a count is alone in sums, only the
        figures of these help.
        """
        reached, border = set(numbers), set(numbers)
        while border:
            near: dict[Key, Number] = {}
            for n in border - self.told_before:
                for name in self.figures_of.get(n, set()) & self.shown:
                    near[name] = max(near.get(name, 0), self.system.values[n])
            if near:
                return near
            sums = [(each, n) for n in border for each in self.system.beside[n]]
            alone = [each for each in sums if len(border) == 1 and self.attacker.is_alone_in(each[1], each[0])]
            border = {each for (total, parts), _ in alone or sums for each in (total, *parts)} - reached
            reached |= border
        return {}

    def _loss(self, name: Key, room: Number) -> tuple[bool, int, Number, Key]:
        """What hiding a figure costs: little room last, then by sums that it alone would not know, then by persons."""
        alone = sum(self.attacker.would_be_alone(n) for n in self._numbers(name) - self.told_before)
        return (
            room < self.protection.width,
            alone,
            max(self.picture.counts[key] for key in self.picture.figures[name]),
            name,
        )
