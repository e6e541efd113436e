"""What an attacker knows: the counts behind the figures of a year, the sums between them, and which figures are shown.

Releases of a year that differ are taken together, with the strongest guess that an attacker can make: he knows which
counts stayed as they were. Counts that agree wherever both are told, and those that add up in every region, are known
to do so.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

Key = tuple[str, ...]
"""What is counted, and at its end the region."""

Number = int | Decimal
"""A count of persons, or an amount of something else."""

Count = tuple[Key, Number]
"""A count with its value: the same in all releases in which it did not move."""

Sum = tuple[Key, tuple[Key, ...]]
"""A total, and the parts that it is the sum of."""

Equation = tuple[int, tuple[int, ...]]
"""A total, and its parts, by the numbers of a system."""

_LEAST_REGIONS = 3
"""Counts that agree where fewer regions have any agree by chance."""
_EXACT = 10_000
"""Amounts have four places."""


@dataclass(frozen=True)
class Picture:
    """The counts of a year in one release, the figures made of them, and the sums that everybody knows."""

    counts: Mapping[Key, Number]
    figures: Mapping[Key, tuple[Key, ...]]
    """The counts that whoever sees a figure knows, by its name."""
    sums: tuple[Sum, ...]
    shown: frozenset[Key] = frozenset()
    """The figures that were shown; of the release to come, those that are."""
    resting: Mapping[Key, tuple[Key, ...]] = field(default_factory=dict)
    """The counts of persons that a figure rests on, where they are not those that it tells."""
    derived: tuple[Key, ...] = ()
    """The counts of persons that no figure tells, and that follow from those that figures tell."""
    given: frozenset[Key] = frozenset()
    """The figures that are shown elsewhere, whatever is decided here."""
    sensitive: frozenset[Key] = frozenset()
    """The figures that are never shown."""

    def persons_of(self, name: Key) -> tuple[Key, ...]:
        """The counts none of which may be small where the figure is shown."""
        return self.resting.get(name, self.figures[name])


@dataclass
class System:
    """Unknown numbers, those that are shown, and equations between them, over several pictures of a year."""

    values: list[Number] = field(default_factory=list)
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
    tables = [_Table.of(picture) for picture in pictures]
    _number(system, pictures, tables)
    for picture, table in zip(pictures, tables, strict=True):
        for total, parts in (*picture.sums, *table.found_sums()):
            _equate(system, picture, total, parts)
    return system


def _number(system: System, pictures: list[Picture], tables: list[_Table]) -> None:
    """Give counts their numbers: one to all that an attacker can tell to be the same."""
    same: dict[Count, Count] = {}

    def first(count: Count) -> Count:
        while same.setdefault(count, count) != count:
            count = same[count]
        return count

    for picture, table in zip(pictures, tables, strict=True):
        for key, value in picture.counts.items():
            first((key, value))
        for one, other in table.twins():
            value = picture.counts[one]
            same[first((other, value))] = first((one, value))
    numbers: dict[Count, int] = {}
    for count in same:
        system.numbers[count] = numbers.setdefault(first(count), len(numbers))
    system.values.extend(value for _, value in numbers)


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


@dataclass(frozen=True)
class _Table:
    """The counts of a picture, a row per thing that is counted and a column per region."""

    things: list[Key]
    regions: list[str]
    values: np.ndarray[Any, np.dtype[np.int64]]
    is_told: np.ndarray[Any, np.dtype[np.bool_]]

    @classmethod
    def of(cls, picture: Picture) -> _Table:
        """The table of a picture."""
        things = list(dict.fromkeys(key[:-1] for key in picture.counts))
        regions = sorted({key[-1] for key in picture.counts})
        rows, columns = ({name: i for i, name in enumerate(names)} for names in (things, regions))
        values = np.zeros((len(things), len(regions)), np.int64)
        is_told = np.zeros(values.shape, np.bool_)
        for key, count in picture.counts.items():
            place = rows[key[:-1]], columns[key[-1]]
            values[place], is_told[place] = int(count * _EXACT), True
        return cls(things, regions, values, is_told)

    def twins(self) -> Iterator[tuple[Key, Key]]:
        """Pairs of counts of two things that agree wherever both are told."""
        for i, j in self._pairs:
            for r in np.flatnonzero(self.is_told[i] & self.is_told[j]):
                yield (*self.things[i], self.regions[r]), (*self.things[j], self.regions[r])

    @functools.cached_property
    def _pairs(self) -> list[tuple[int, int]]:
        return list(self._agreeing())

    def _agreeing(self) -> Iterator[tuple[int, int]]:
        for i, mine in enumerate(self.values):
            both = self.is_told[i + 1 :] & self.is_told[i]
            is_same = self.values[i + 1 :] == mine
            agrees = (is_same | ~both).all(axis=1) & ((is_same & both & (mine != 0)).sum(axis=1) >= _LEAST_REGIONS)
            yield from ((i, i + 1 + int(j)) for j in np.flatnonzero(agrees))

    def found_sums(self) -> Iterator[Sum]:
        """The sums of two or three things that hold in every region, though nobody declared them."""
        groups = self._groups()
        values = np.array([self._together(group)[0] for group in groups]).reshape(len(groups), len(self.regions))
        for total, parts in _adding_up(values):
            if total not in parts and (values[list(parts)].sum(axis=0) == values[total]).all():
                yield from self._at_regions(groups[total], *(groups[each] for each in parts))

    def _groups(self) -> list[list[int]]:
        """Things that agree, together; without those that few regions have."""
        group = list(range(len(self.things)))
        for i, j in self._pairs:
            group[j] = group[i]
        found: dict[int, list[int]] = {}
        for i, first in enumerate(group):
            found.setdefault(first, []).append(i)
        return [each for each in found.values() if (self._together(each)[0] != 0).sum() >= _LEAST_REGIONS]

    def _together(self, group: list[int]) -> tuple[Any, Any]:
        """The values of things that agree, by region, and which of them tells it."""
        chosen = np.array(group)[self.is_told[group].argmax(axis=0)]
        columns = np.arange(len(self.regions))
        return np.where(self.is_told[chosen, columns], self.values[chosen, columns], 0), chosen

    def _at_regions(self, total: list[int], *parts: list[int]) -> Iterator[Sum]:
        chosen = [self._together(group)[1] for group in (total, *parts)]
        for r, region in enumerate(self.regions):
            if all(self.is_told[each[r], r] for each in chosen):
                key, *keys = ((*self.things[each[r]], region) for each in chosen)
                yield key, tuple(keys)


def _adding_up(values: np.ndarray[Any, np.dtype[np.int64]]) -> Iterator[Equation]:
    """Rows that may be the sum of two others, or of three no two of which have a sum: each with these.

    Each row has a mark, and marks add up where rows do; sums of two are held against what a third leaves of a total.
    """
    marks = (values * np.random.default_rng(1).integers(1, 2**62, values.shape[1])).sum(axis=1)
    place = {int(mark): i for i, mark in enumerate(marks)}
    sums, rests = marks[:, np.newaxis] + marks, marks[:, np.newaxis] - marks
    pairs = {(int(i), int(j)): place[int(sums[i, j])] for i, j in np.argwhere(np.triu(np.isin(sums, marks)))}
    yield from ((total, pair) for pair, total in pairs.items())
    left = defaultdict[int, list[tuple[int, int]]](list)
    for total, third in np.argwhere(np.isin(rests, sums)):
        left[int(rests[total, third])].append((int(total), int(third)))
    for i, j in np.argwhere(np.triu(np.isin(sums, rests), 1)).tolist():
        for total, third in left[int(sums[i, j])]:
            if j < third and pairs.keys().isdisjoint({(i, j), (i, third), (j, third)}):
                yield total, (i, j, third)
