"""One sheet of a census workbook as cells with codes, found by its row and its column of codes, never by labels.

Plain Python over rows of text, one pass. A cell that is no figure is counted with its reason: grid, title, header,
label, note, starred, filler, text. What the figures mean and which tables they fill is `census_rows.py`.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from assets.intake.cells import WIDE
from assets.intake.headers import letter
from expectations.forms import Form, Generation, Named

STAR = "*"
WORDS = frozenset({"是", "否"})
FIRST_CODE, LINE_CODE = "甲", "乙"
_TITLES = 2
_GRID_AT_LEAST = 3
_CODE = re.compile(r"\d{1,2}", re.ASCII)
_GRID_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_COLUMN = re.compile(r"[1-9]\d?", re.ASCII)
_LETTERS = re.compile(r"[A-Z]{1,2}", re.ASCII)
_PLACE = re.compile(r"([A-Z]+)(\d+)", re.ASCII)


class CodedCell(NamedTuple):
    """A filled cell with its codes (`01`, `9`), its text as delivered and its place in the sheet (`K7`)."""

    row_code: str
    column_code: str
    text: str
    place: str


class _Block(NamedTuple):
    """Where codes of rows stand, the columns that belong to them, and the place behind the last of these."""

    at: int
    columns: Mapping[int, str]
    end: int


class NoCodes(Exception):  # noqa: N818 - an answer, told as a problem of the file by who reads the workbook
    """The sheet has no row of codes."""


@dataclass
class FormSheet:
    """One sheet of a form: its texts, its coded cells, and what was ignored; `shown` is the form's name in tables."""

    name: str
    form: Form
    texts: list[list[str]]
    shift: tuple[int, int]
    shown: str = ""
    ignored: Counter[str] = field(default_factory=Counter)
    cells: list[CodedCell] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    _blocks: list[_Block] = field(default_factory=list)
    _codes_at: int = 0
    _rows: dict[str, int] = field(default_factory=dict)

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for row in self.texts for text in row if text)

    def read_cells(self, code_word: str) -> None:
        """Find the codes and take every cell below and beside them.

        Raises:
            NoCodes: there is no row of codes.
        """
        self._codes_at, self._blocks = _codes(self.texts, code_word)
        self._count_above()
        for number in range(self._codes_at + 1, len(self.texts)):
            row = self.texts[number]
            if any(row):
                self._read_row(number, row, [place for place, text in enumerate(row) if text])

    def read_nothing(self, reason: str) -> None:
        """Count every cell as ignored for one reason."""
        self.ignored[reason] += sum(1 for row in self.texts for text in row if text)

    def at(self, named: Named) -> list[tuple[str, str]]:
        """Texts and places of the cells that a layout names, `*` and fillers as empty; nothing where codes repeat."""
        places = map(self._delivered, named.places) if named.places else self._coded(named)
        found = [(self._text(place), place) for place in places]
        return [("" if text == STAR or text in self.form.fillers else text, place) for text, place in found]

    def unit_of(self, place: str, known: Sequence[str]) -> str:
        """Which of the known units stands above a cell, beside it, or in the form's title lines; '' for none.

        The nearest words count; of units in one text the one that is named first in `known`.
        """
        row, column = _position(place)
        beside = self.texts[row][:column] if row < len(self.texts) else []
        lines = (text for line in self._lines[:_TITLES] for text in line)
        for text in (*self._above(column), *beside, *lines):
            if found := [unit for unit in known if unit in text]:
                return found[0]
        return ""

    def _read_row(self, number: int, row: Sequence[str], filled: Sequence[int]) -> None:
        for block in self._blocks:
            mine = [place for place in filled if place < block.end]
            filled = filled[len(mine) :]
            code = _half(row[block.at])
            if _CODE.fullmatch(code):
                self._read_coded(number, code.zfill(2), block, mine)
            else:
                self.ignored["note"] += len(mine)
        self.ignored["note"] += len(filled)

    def _read_coded(self, number: int, code: str, block: _Block, filled: Sequence[int]) -> None:
        self._rows[code] = -1 if code in self._rows else number
        for place in filled:
            column, text = block.columns.get(place), self.texts[number][place]
            if column is None:
                self.ignored["label" if place <= block.at else "note"] += 1
            elif reason := self._no_figure(code, text):
                self.ignored[reason] += 1
            else:
                self._look_up(code, column)
                self.cells.append(CodedCell(code, column, text, f"{letter(place)}{number + 1}"))

    def _look_up(self, code: str, column: str) -> None:
        if self.form.rows and code not in self.form.rows:
            self.unknown.add(f"第 {code} 行")
        if self.form.columns and column not in self.form.columns:
            self.unknown.add(f"第 {column} 栏")

    def _no_figure(self, code: str, text: str) -> str:
        """Why a cell under a column code is no figure, or ''."""
        if text == STAR:
            return "starred"
        if text in self.form.fillers:
            return "filler"
        if text in WORDS:
            return "text"
        return "text" if self.form.numbers and code not in self.form.numbers else ""

    def _count_above(self) -> None:
        """Title lines and headers, with the row of codes."""
        lines = 0
        for number, row in enumerate(self.texts[: self._codes_at + 1]):
            if filled := sum(1 for text in row if text):
                lines += 1
                self.ignored["title" if lines <= _TITLES and number < self._codes_at else "header"] += filled

    @functools.cached_property
    def _lines(self) -> list[list[str]]:
        """The lines above the row of codes that hold something, title lines first."""
        return [row for row in self.texts[: self._codes_at] if any(row)]

    @functools.cached_property
    def _columns(self) -> dict[str, int]:
        """Where each column code stands; -1 where it stands twice."""
        found: dict[str, int] = {}
        for block in self._blocks:
            for place, code in block.columns.items():
                found[code] = -1 if code in found else place
        return found

    def _above(self, column: int) -> list[str]:
        """The words above a column below the title lines, the nearest first."""
        return [text for row in reversed(self._lines[_TITLES:]) if column < len(row) and (text := row[column])]

    def _coded(self, named: Named) -> list[str]:
        """The place of a row code and a column code, or of a row code and the words above its column."""
        row = self._rows.get(named.row, -1)
        if named.column.isdigit():
            columns = [self._columns.get(named.column, -1)]
        else:
            every = (place for block in self._blocks for place in block.columns)
            columns = [place for place in every if _bare(self._above(place)) == named.column]
        return [f"{letter(columns[0])}{row + 1}"] if row >= 0 and len(columns) == 1 and columns[0] >= 0 else []

    def _delivered(self, place: str) -> str:
        """A place of the layout as it is in this sheet, whose hidden row or column may have been deleted."""
        row, column = _position(place)
        return f"{letter(column - self.shift[1])}{row + 1 - self.shift[0]}"

    def _text(self, place: str) -> str:
        row, column = _position(place)
        return self.texts[row][column] if row < len(self.texts) and column < len(self.texts[row]) else ""


def form_sheet(name: str, form: Form, generation: Generation, texts: list[list[str]]) -> FormSheet:
    """The sheet with its texts; its hidden grid is counted and left out, and places are shifted where it is missing."""
    has_letters, has_numbers, expected = _has_letters(texts), _has_numbers(texts), int(generation.has_grid)
    sheet = FormSheet(name, form, texts, (expected - has_letters, expected - has_numbers))
    if has_letters:
        sheet.ignored["grid"] += sum(1 for text in texts[0] if text)
        texts[0] = [""] * len(texts[0])
    if has_numbers:
        sheet.ignored["grid"] += sum(1 for row in texts if row[0])
        for row in texts:
            row[0] = ""
    return sheet


def _position(place: str) -> tuple[int, int]:
    """Row and column from 0 of a place such as D7."""
    letters, digits = _PLACE.fullmatch(place).groups()  # type: ignore[union-attr]  # made by us or checked by the layout
    column = 0
    for one in letters:
        column = column * 26 + ord(one) - ord("A") + 1
    return int(digits) - 1, column - 1


def _has_letters(texts: Sequence[Sequence[str]]) -> bool:
    """Whether the first row is the hidden one of letters."""
    letters = [text for text in texts[0] if text] if texts else []
    return len(letters) >= _GRID_AT_LEAST and all(map(_LETTERS.fullmatch, letters))


def _has_numbers(texts: Sequence[Sequence[str]]) -> bool:
    """Whether the first column is the hidden one of numbers, each the one above it plus 1."""
    numbers = [row[0] for row in texts if row and row[0] and not _LETTERS.fullmatch(row[0])]
    if len(numbers) < _GRID_AT_LEAST or not _GRID_NUMBER.fullmatch(numbers[0]):
        return False
    first = int(numbers[0])
    return numbers == [str(number) for number in range(first, first + len(numbers))]


def _codes(texts: Sequence[Sequence[str]], code_word: str) -> tuple[int, list[_Block]]:
    """The row of codes, and its blocks: 甲 乙 1 2 …, or the word for codes with 1 2 … beside it or in a row below."""
    for number, row in enumerate(texts):
        if FIRST_CODE in row and LINE_CODE in row:
            starts = [place for place, text in enumerate(row) if text == LINE_CODE]
            return number, [_block(row, start, end) for start, end in _ranges(starts, len(row))]
    for number, row in enumerate(texts):
        starts = [place for place, text in enumerate(row) if _bare([text]) == code_word]
        for below in range(number, min(number + 4, len(texts))) if starts else ():
            block = _block(texts[below], starts[0], len(texts[below]))
            if block.columns and next(iter(block.columns.values())) == "1":
                return below, [block]
    raise NoCodes


def _ranges(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    yield from zip(starts, [*starts[1:], end], strict=True)


def _block(row: Sequence[str], start: int, end: int) -> _Block:
    codes = {place: _half(row[place]) for place in range(start + 1, end) if row[place]}
    columns = {place: code for place, code in codes.items() if _COLUMN.fullmatch(code)}
    return _Block(start, columns, max(columns, default=start) + 1)


def _half(text: str) -> str:
    """The text with its digits in half width."""
    return text if text.isascii() else text.translate(WIDE)


def _bare(words: Sequence[str]) -> str:
    return "".join(words[0].split()) if words else ""
