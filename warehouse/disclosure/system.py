"""What an attacker knows: the counts behind the figures of a year, the sums between them, and which figures are shown.

Releases of a year that differ are taken together, with the strongest guess that an attacker can make: he knows which
counts stayed as they were. Counts that agree in every region, and those that add up in every region, are known to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

Key = tuple[str, ...]
"""What is counted, and at its end the region."""

Count = tuple[Key, int]
"""A count with its value: the same in all releases in which it did not move."""

Sum = tuple[Key, tuple[Key, ...]]
"""A total, and the parts that it is the sum of."""

Equation = tuple[int, tuple[int, ...]]
"""A total, and its parts, by the numbers of a system."""

_LEAST_REGIONS = 3
"""Counts that agree where fewer regions have any agree by chance."""


@dataclass(frozen=True)
class Picture:
    """The counts of a year in one release, the figures made of them, and the sums that everybody knows."""

    counts: Mapping[Key, int]
    figures: Mapping[Key, tuple[Key, ...]]
    """The counts that whoever sees a figure knows, by its name."""
    sums: tuple[Sum, ...]
    shown: frozenset[Key] = frozenset()
    """The figures that were shown; of the release to come, those that are."""


@dataclass
class System:
    """Unknown numbers, those that are shown, and equations between them, over several pictures of a year."""

    values: list[int] = field(default_factory=list)
    numbers: dict[Count, int] = field(default_factory=dict)
    equations: set[Equation] = field(default_factory=set)
    beside: dict[int, list[Equation]] = field(default_factory=lambda: defaultdict(list))

    def number(self, picture: Picture, key: Key) -> int:
        """The unknown that is this count in this picture; the same in all pictures in which it did not move."""
        return self.numbers[key, picture.counts[key]]

    def known(self, pictures: Iterable[Picture]) -> set[int]:
        """The unknowns that the figures shown tell."""
        return {
            self.number(picture, key) for picture in pictures for name in picture.shown for key in picture.figures[name]
        }


def system_of(pictures: Iterable[Picture]) -> System:
    """The system of all pictures of a year together."""
    system, pictures = System(), list(pictures)
    _number(system, pictures)
    for picture in pictures:
        for total, parts in (*picture.sums, *_found_sums(picture)):
            _equate(system, picture, total, parts)
    return system


def _number(system: System, pictures: list[Picture]) -> None:
    """Give counts their numbers: one to all that an attacker can tell to be the same."""
    same: dict[Count, Count] = {}

    def first(count: Count) -> Count:
        while same.setdefault(count, count) != count:
            count = same[count]
        return count

    for one, other in _same(pictures):
        same[first(other)] = first(one)
    numbers: dict[Count, int] = {}
    for count in same:
        system.numbers[count] = numbers.setdefault(first(count), len(numbers))
    system.values.extend(value for _, value in numbers)


def _same(pictures: list[Picture]) -> Iterator[tuple[Count, Count]]:
    """Pairs of counts that are the same: of one thing, or of two that agree in every region."""
    for picture in pictures:
        named: dict[tuple[int, ...], Key] = {}
        for thing, values in _vectors(picture).items():
            twin = named.setdefault(values, thing) if _is_told(values) else thing
            for key in _keys(picture, thing):
                other = (*twin, key[-1]) if (*twin, key[-1]) in picture.counts else key
                yield (other, picture.counts[key]), (key, picture.counts[key])


def _equate(system: System, picture: Picture, total: Key, parts: tuple[Key, ...]) -> None:
    """Take in a sum where it holds; a total that is not the sum of its parts tells nothing exactly."""
    if total not in picture.counts or any(part not in picture.counts for part in parts):
        return
    equation = (system.number(picture, total), tuple(sorted(system.number(picture, part) for part in parts)))
    if system.values[equation[0]] != sum(system.values[part] for part in equation[1]) or equation in system.equations:
        return
    system.equations.add(equation)
    for number in {equation[0], *equation[1]}:
        system.beside[number].append(equation)


def _vectors(picture: Picture) -> dict[Key, tuple[int, ...]]:
    """The counts of each thing counted over all regions."""
    regions = sorted({key[-1] for key in picture.counts})
    things = dict.fromkeys(key[:-1] for key in picture.counts)
    return {thing: tuple(picture.counts.get((*thing, region), 0) for region in regions) for thing in things}


def _keys(picture: Picture, vector: Key) -> Iterator[Key]:
    regions = sorted({key[-1] for key in picture.counts})
    return ((*vector, region) for region in regions if (*vector, region) in picture.counts)


def _is_told(values: tuple[int, ...]) -> bool:
    return sum(map(bool, values)) >= _LEAST_REGIONS


def _found_sums(picture: Picture) -> Iterator[Sum]:
    """The sums of two things that hold in every region, though nobody declared them."""
    named = {values: vector for vector, values in _vectors(picture).items() if _is_told(values)}
    for (one, mine), (other, theirs) in combinations(named.items(), 2):
        total = named.get(tuple(a + b for a, b in zip(one, other, strict=True)))
        if total is not None:
            for key in _keys(picture, total):
                yield key, ((*mine, key[-1]), (*theirs, key[-1]))
