"""A table as the generator knows it: typed values by column, before any unit spells them.

Not here: spelling (`spelling.py`) and writing (`files.py`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

TERMS = {"spring": "春", "autumn": "秋"}


@dataclass(frozen=True)
class Period:
    """What a file reports on: its folder, its words in a title (two ways), its first year, a day soon after it."""

    folder: str
    words: str
    short_words: str
    first_year: int
    reported: dt.date


def census(year: int) -> Period:
    """The census of 1 September."""
    words = f"{year}-{year + 1}学年"
    return Period(f"{year}-{year + 1}", words, words, year, dt.date(year, 9, 12))


def term(year: int, season: str) -> Period:
    """The spring or autumn term in a calendar year."""
    start = year - 1 if season == "spring" else year
    reported = dt.date(year, 7, 8) if season == "spring" else dt.date(year + 1, 1, 8)
    words, short = f"{start}-{start + 1}学年{TERMS[season]}季学期", f"{year}年{TERMS[season]}季学期"
    return Period(f"{year}{TERMS[season]}", words, short, start, reported)


def calendar_year(year: int, month: int = 12, day: int = 31) -> Period:
    """A calendar year, reported on the given day of it."""
    return Period(str(year), f"{year}年", f"{year}年度", year, dt.date(year, month, day))


def month(year: int, number: int) -> Period:
    """One month, reported in the next."""
    reported = dt.date(year + number // 12, number % 12 + 1, 12)
    return Period(f"{year}-{number:02d}", f"{year}年{number}月", f"{year}年{number:02d}月", year, reported)


def quarter(year: int, number: int) -> Period:
    """Three months that a unit reports at once, in the month after."""
    reported = month(year, 3 * number).reported
    return Period(f"{year}年{number}季度", f"{year}年第{number}季度", f"{year}年{number}季度", year, reported)


@dataclass(frozen=True)
class Mark:
    """A row of a table, counted from 0, that a named list of the product must find, and what is wrong with it."""

    list: str
    row: int
    what: str


@dataclass(frozen=True)
class Table:
    """Rows of one dataset and period, column by column; money in 分, None for an empty cell.

    `marks` are the cases planted in it.
    """

    dataset: str
    period: Period
    columns: Mapping[str, list[Any]]
    marks: tuple[Mark, ...] = ()

    @property
    def height(self) -> int:
        """Its number of rows."""
        return len(next(iter(self.columns.values()), []))


def from_rows(dataset: str, period: Period, rows: Iterable[Mapping[str, Any]]) -> Table:
    """A small table from its rows; a column that a row lacks is empty there."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    return Table(dataset, period, {name: [row.get(name) for row in listed] for name in names})
