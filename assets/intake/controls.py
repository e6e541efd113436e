"""Totals and counts that a file states, held against the rows that they cover: what differs is asked, none imposed.

A total may stand above or below its rows, of all rows or of some. So it is compared with every stretch that begins or
ends at it and at another total or group line; it agrees when one of them adds up. Only columns that add up are asked.
Source: domain M6, M7.
"""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from assets.intake.clean import FACTORS, reader_of
from assets.intake.reception import Problem
from expectations.contract import Column, Contract
from expectations.findings import quoted
from expectations.regions import Regions

ADDING_UNITS = frozenset({"人", "名", "人次", "元", "㎡", "册", "台", "套", "间", "所", "个", "项"})
"""Units of columns whose rows may be added up; ages, marks and days are none."""

_STATED = re.compile(r".+[(（]\s*(\d{1,9})\s*([所人个项名班])[)）]", re.ASCII | re.DOTALL)
_MOST_STRETCHES = 200
Stretch = tuple[int, int]


@dataclass(frozen=True)
class Control:
    """One line that is no data and states something of other rows: a total with its cells by column, or a group."""

    sheet: str
    row: int
    label: str
    cell: str
    cells: Mapping[str, tuple[str, str]]

    @property
    def stated(self) -> tuple[int, str] | None:
        """The count in a group line such as 某县（12所）, and what is counted; None in a total."""
        found = None if self.cells else _STATED.fullmatch(self.label)
        return (int(found[1]), found[2]) if found else None


def adds_up(column: Column) -> bool:
    """Whether the rows of a column may be added up."""
    return column.is_number and column.unit in ADDING_UNITS


def questions(
    controls: Sequence[Control], written: Path, contract: Contract, units: Mapping[str, str], regions: Regions
) -> tuple[Problem, ...]:
    """What is to be explained about the stated totals and counts of a file whose raw rows lie at `written`."""
    found: list[Problem] = []
    for sheet, group in itertools.groupby(
        sorted(controls, key=lambda one: (one.sheet, one.row)), lambda one: one.sheet
    ):
        of_sheet = _Sheet(sheet, [*group], written, contract, units, regions)
        found += of_sheet.questions()
    return tuple(found)


@dataclass(frozen=True)
class _Sheet:
    """The controls of one sheet and its rows of data."""

    name: str
    controls: Sequence[Control]
    written: Path
    contract: Contract
    units: Mapping[str, str]
    regions: Regions
    sums: dict[str, tuple[np.ndarray, np.ndarray]] = field(default_factory=dict, repr=False)

    def questions(self) -> Iterator[Problem]:
        for control in self.controls:
            if control.stated:
                yield from self._count(control, *control.stated)
            else:
                yield from self._total(control)

    @functools.cached_property
    def rows(self) -> np.ndarray:
        """Numbers of the rows of data, ascending."""
        return np.asarray(self._read("row"))

    @functools.cached_property
    def bounds(self) -> list[int]:
        """Places among the rows of data at which a control stands, with the beginning and the end."""
        at = np.searchsorted(self.rows, [control.row for control in self.controls])
        return sorted({0, len(self.rows), *map(int, at)})

    def _read(self, name: str) -> np.ndarray:
        of_sheet = pq.read_table(self.written, columns=[name], filters=[("sheet", "=", self.name)])
        return np.asarray(of_sheet[name].to_numpy())

    def _sums(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Running sums of a column, exact, and of how many of its cells could not be read."""
        if name not in self.sums:
            self.sums[name] = self._added(name)
        return self.sums[name]

    def _added(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        column = self.contract.column(name)
        read = reader_of(column, self.units.get(name), self.regions)
        texts = self._read(name)
        known = {text: read(text) for text in set(texts) - {None}}
        values = [known[text].value or 0 if text is not None else 0 for text in texts]
        unread = [text is not None and known[text].unread is not None for text in texts]
        return np.array([0, *itertools.accumulate(values)], dtype=object), np.cumsum([0, *unread])

    def _stretches(self, control: Control) -> list[Stretch]:
        """The stretches of rows that a control may cover, the likeliest first."""
        at = int(np.searchsorted(self.rows, control.row))
        whole, end = (0, len(self.rows)), len(self.rows)
        first, last = bisect_left(self.bounds, at), bisect_right(self.bounds, at)
        before = [(start, at) for start in self.bounds[max(first - _MOST_STRETCHES, 0) : first][::-1]]
        behind = [(at, stop) for stop in self.bounds[last : last + _MOST_STRETCHES]]
        if control.stated:  # a group stands above its rows
            return [*behind, whole] if behind else before
        likeliest = [*before[:1], *behind[:1]] if "小" in control.label else [whole]
        every = [*likeliest, whole, *before, *behind]
        return [one for one in dict.fromkeys(every) if one[0] < one[1] <= end]

    def _total(self, control: Control) -> Iterator[Problem]:
        """What differs from the stretch that agrees with most of the total's cells."""
        stated = {name: self._value(name, text) for name, (text, _) in control.cells.items()}
        known = {name: value for name, value in stated.items() if value is not None}
        differing = [(self._differing(known, stretch), stretch) for stretch in self._stretches(control)]
        if differing:
            names, stretch = min(differing, key=lambda pair: len(pair[0]))
            for name in names:
                yield self._differs(control, name, stretch)

    def _value(self, name: str, text: str) -> Decimal | int | None:
        found: Decimal | int | None = reader_of(self.contract.column(name), self.units.get(name), self.regions)(
            text
        ).value
        return found

    def _differing(self, stated: Mapping[str, Decimal | int], stretch: Stretch) -> list[str]:
        start, stop = stretch
        wrong = []
        for name, value in stated.items():
            sums, unread = self._sums(name)
            if unread[stop] == unread[start] and sums[stop] - sums[start] != value:
                wrong.append(name)
        return wrong

    def _differs(self, control: Control, name: str, stretch: Stretch) -> Problem:
        text, cell = control.cells[name]
        sums, _ = self._sums(name)
        column = self.contract.column(name)
        in_file = Decimal(sums[stretch[1]] - sums[stretch[0]]) / FACTORS.get(self.units.get(name, ""), Decimal(1))
        total = in_file / 100 if column.type == "yuan" else in_file
        return Problem(
            rule_id="intake.total_differs", severity="must_explain", sheet=self.name, row=control.row,
            column_name=name, cell=cell,
            message=f"“{column.title}”的合计填的是 {quoted(text)}，与所列 {stretch[1] - stretch[0]} 行之和 "
            f"{total.normalize():f} 不相等。",
            how_to_fix="核对合计和各行，更正有误的一处；确实不同的，请在“说明”栏写明原因。",
        )  # fmt: skip

    def _count(self, control: Control, stated: int, word: str) -> Iterator[Problem]:
        """A question where no stretch has the stated number of rows, of schools or of pupils."""
        stretches = self._stretches(control)
        if any(self._holds(stretch, stated) for stretch in stretches):
            return
        start, stop = stretches[0] if stretches else (0, 0)
        if stated != stop - start:
            yield Problem(
                rule_id="intake.count_differs", severity="must_explain", sheet=self.name, row=control.row,
                cell=control.cell, message=f"本行写明 {stated} {word}，与所列的 {stop - start} 行不相等。",
                how_to_fix="核对是否漏列、多列，或更正本行的数；确实不同的，请在“说明”栏写明原因。",
            )  # fmt: skip

    def _holds(self, stretch: Stretch, stated: int) -> bool:
        """Whether a stretch may be said to hold the stated number: of rows, of different schools, or of pupils."""
        start, stop = stretch
        if stop - start == stated:
            return True
        if self._has("pupils"):
            sums, _ = self._sums("pupils")
            if sums[stop] - sums[start] == stated:
                return True
        if stop - start < stated or not self._has("school_code"):
            return False
        return int(np.count_nonzero(self._schools_before[start:stop] < start)) == stated

    def _has(self, name: str) -> bool:
        return self.contract.has(name) and name in self._written

    @functools.cached_property
    def _schools_before(self) -> np.ndarray:
        """For each row of data the place of the row before it that is of the same school, -1 for none."""
        last: dict[str | None, int] = {}
        places = []
        for place, school in enumerate(self._read("school_code")):
            places.append(last.get(school, -1))
            last[school] = place
        return np.asarray(places)

    @functools.cached_property
    def _written(self) -> frozenset[str]:
        """The columns of the raw rows."""
        return frozenset(pq.read_schema(self.written).names)
