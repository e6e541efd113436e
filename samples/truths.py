"""The truth: numerator and denominator of every indicator at school, unit and prefecture, added up from decided counts.

Not here: the counts themselves; each theme tells its own.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from samples.facts import PREFECTURE, read_yaml, unit_codes
from samples.schools import School

Sums = tuple[int, int]
Row = tuple[str, int, str, str, int, int | None]
HEADER = ("indicator_id", "year", "level", "region_code", "numerator", "denominator")


class Truths:
    """Collects counts by indicator, year and place, and hands them out as rows of `truth.csv`.

    A ratio adds numerator and denominator, a count its numerator, a largest takes the highest; `truths.yaml` says
    which is which, and at which grains an indicator stands.
    """

    def __init__(self) -> None:
        self._at: dict[tuple[str, int], dict[tuple[str, str], Sums]] = defaultdict(dict)
        self._largest = frozenset(read_yaml("truths")["largest"])
        self._counts = frozenset(read_yaml("truths")["counts"])
        self._grains: dict[str, str] = read_yaml("truths")["grains"]

    def at_school(self, indicator: str, year: int, school: School, numerator: int, denominator: int = 0) -> None:
        """Adds to a school's figure, under the school into which it is merged."""
        self._add(indicator, year, (school.unit, school.figures_of.code), numerator, denominator)

    def at_unit(self, indicator: str, year: int, unit: str, numerator: int, denominator: int = 0) -> None:
        """Adds to a unit's figure, or with 433100 to what stands in no unit."""
        self._add(indicator, year, (unit, ""), numerator, denominator)

    def rows(self) -> Iterator[Row]:
        """All rows, by indicator in the order of `truths.yaml`, year, level and place."""
        order = list(self._grains)
        for indicator, year in sorted(self._at, key=lambda key: (order.index(key[0]), key[1])):
            yield from self._rows(indicator, year)

    def write(self, path: Path) -> int:
        """Writes `truth.csv` and returns its number of rows."""
        rows = list(self.rows())
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows)
        return len(rows)

    def _add(self, indicator: str, year: int, place: tuple[str, str], numerator: int, denominator: int) -> None:
        at = self._at[indicator, year]
        held = at.get(place)
        at[place] = self._join(indicator, held, (numerator, denominator)) if held else (numerator, denominator)

    def _join(self, indicator: str, one: Sums, other: Sums) -> Sums:
        if indicator in self._largest:
            return max(one, other)
        return one[0] + other[0], one[1] + other[1]

    def _rows(self, indicator: str, year: int) -> Iterator[Row]:
        grains, at = self._grains[indicator], self._at[indicator, year]
        units: dict[str, Sums] = {}
        whole: Sums | None = None
        for (unit, _), sums in at.items():
            units[unit] = self._join(indicator, units[unit], sums) if unit in units else sums
            whole = self._join(indicator, whole, sums) if whole else sums
        if "S" in grains:
            for (_, school), sums in sorted(at.items(), key=lambda item: item[0][1]):
                yield from self._row(indicator, year, "school", school, sums)
        if "U" in grains:
            for unit in unit_codes():
                yield from self._row(indicator, year, "county", unit, units.get(unit))
        yield from self._row(indicator, year, "prefecture", PREFECTURE, whole)

    def _row(self, indicator: str, year: int, level: str, code: str, sums: Sums | None) -> Iterator[Row]:
        if indicator in self._counts | self._largest:
            if sums:
                yield indicator, year, level, code, sums[0], None
        elif sums and sums[1] > 0:
            yield indicator, year, level, code, *sums
