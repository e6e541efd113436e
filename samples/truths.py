"""The truth: numerator and denominator of every indicator at school, unit and prefecture, added up from decided counts.

Not here: the counts themselves; each theme tells its own.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Literal

from samples.facts import PREFECTURE, read_yaml, unit_codes
from samples.schools import School

Number = int | Decimal
Level = Literal["school", "county", "prefecture"]
Sums = tuple[Number, Number]
Row = tuple[str, int, str, str, Number, Number | None]
HEADER = ("indicator_id", "year", "level", "region_code", "numerator", "denominator")
LEVELS: tuple[Level, ...] = ("school", "county", "prefecture")
SMALLEST = Decimal("0.0001")
WIDE = Context(prec=40)


def exactly(value: Fraction) -> Decimal:
    """A number with the four decimals of a published figure, rounded half up once."""
    quotient = WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return quotient.quantize(SMALLEST, ROUND_HALF_UP, WIDE)


class Truths:
    """Collects counts by indicator, year and place, and hands them out as rows of `truth.csv`.

    A ratio adds numerator and denominator, a count its numerator, a largest takes the highest; `truths.yaml` says
    which is which, and at which grains an indicator stands. What is no sum of its parts, as a share of distinct
    persons or a coefficient of variation, is told for each place by `at_level`.
    """

    def __init__(self) -> None:
        self._at: dict[tuple[str, int], dict[tuple[str, str], Sums]] = defaultdict(dict)
        self._apart: dict[tuple[str, int], dict[tuple[Level, str], tuple[Number, Number | None]]] = defaultdict(dict)
        self._largest = frozenset(read_yaml("truths")["largest"])
        self._counts = frozenset(read_yaml("truths")["counts"])
        self._grains: dict[str, str] = read_yaml("truths")["grains"]

    def at_school(self, indicator: str, year: int, school: School, numerator: Number, denominator: Number = 0) -> None:
        """Adds to a school's figure, under the school into which it is merged."""
        self._add(indicator, year, (school.unit, school.figures_of.code), numerator, denominator)

    def at_unit(self, indicator: str, year: int, unit: str, numerator: Number, denominator: Number = 0) -> None:
        """Adds to a unit's figure, or with 433100 to what stands in no unit."""
        self._add(indicator, year, (unit, ""), numerator, denominator)

    def at_level(
        self, indicator: str, year: int, level: Level, code: str, numerator: Number, denominator: Number | None = None
    ) -> None:
        """Tells the whole figure of one place, which is not made of other places' figures."""
        self._apart[indicator, year][level, code] = (numerator, denominator)

    def rows(self) -> Iterator[Row]:
        """All rows, by indicator in the order of `truths.yaml`, year, level and place."""
        order = {indicator: place for place, indicator in enumerate(self._grains)}
        for indicator, year in sorted({*self._at, *self._apart}, key=lambda key: (order[key[0]], key[1])):
            yield from self._rows(indicator, year) if (indicator, year) in self._at else ()
            told = self._apart.get((indicator, year), {})
            for level, code in sorted(told, key=lambda place: (LEVELS.index(place[0]), place[1])):
                yield indicator, year, level, code, *told[level, code]

    def write(self, path: Path) -> int:
        """Writes `truth.csv` and returns its number of rows."""
        rows = list(self.rows())
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(HEADER)
            writer.writerows(rows)
        return len(rows)

    def _add(self, indicator: str, year: int, place: tuple[str, str], numerator: Number, denominator: Number) -> None:
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
            for (_, school), sums in sorted(
                (place for place in at.items() if place[0][1]), key=lambda item: item[0][1]
            ):
                yield from self._row(indicator, year, "school", school, sums)
        if "U" in grains:
            for unit in unit_codes():
                yield from self._row(indicator, year, "county", unit, units.get(unit))
        yield from self._row(indicator, year, "prefecture", PREFECTURE, whole)

    def _row(self, indicator: str, year: int, level: Level, code: str, sums: Sums | None) -> Iterator[Row]:
        if indicator in self._counts | self._largest:
            if sums:
                yield indicator, year, level, code, sums[0], None
        elif sums and sums[1] > 0:
            yield indicator, year, level, code, *sums
