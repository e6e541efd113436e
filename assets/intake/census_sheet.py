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
_EMPTY = frozenset({"starred", "filler"})
_TITLES = 2
_GRID_AT_LEAST = 3
_CODE = re.compile(r"\d{1,2}", re.ASCII)
_GRID_NUMBER = re.compile(r"\d{1,7}", re.ASCII)
_COLUMN = re.compile(r"[1-9]\d?", re.ASCII)
_COUNTED = [str(number) for number in range(1, 200)]
_LETTERS = re.compile(r"[A-Z]{1,2}", re.ASCII)
_PLACE = re.compile(r"([A-Z]+)(\d+)", re.ASCII)


CodedCell = tuple[str, str, str, str]
"""A filled cell: the codes of its row and column (`01`, `9`), its text as delivered, its place in the sheet (`K7`)."""


class _Block(NamedTuple):
    """Where its cells begin, codes of rows stand, the columns that belong to them, and the place behind the last."""

    begin: int
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
        return sum(map(_filled, self.texts))

    def read_cells(self, code_word: str) -> None:
        """Find the codes and take every cell below and beside them.

        Raises:
            NoCodes: there is no row of codes.
        """
        self._codes_at, self._blocks = _codes(self.texts, code_word)
        self._count_above()
        for number in range(self._codes_at + 1, len(self.texts)):
            row = self.texts[number]
            if filled := len(row) - row.count(""):
                self._read_row(number, row, filled)
        self._look_up()

    def read_nothing(self, reason: str) -> None:
        """Count every cell as ignored for one reason."""
        self.ignored[reason] += self.filled

    def at(self, named: Named) -> Sequence[tuple[str, str]]:
        """Texts and places of the cells that a layout names, `*` and fillers as empty; nothing where codes repeat."""
        places = map(self._delivered, named.places) if named.places else self._coded(named)
        found = [(self._text(place), place) for place in places]
        return [("" if self._reasons.get(text) in _EMPTY else text, place) for text, place in found]

    def unit_of(self, place: str, known: Sequence[str]) -> str:
        """Which of the known units stands above a cell, beside it, or in the form's title lines; '' for none.

        The nearest words count; of units in one text the one that is named first in `known`.
        """
        row, column = _position(place)
        beside = self.texts[row][:column] if row < len(self.texts) else []
        if not _names_any(self._words, known) and not _names_any("\n".join(beside), known):
            return ""
        lines = (text for line in self._lines[:_TITLES] for text in line)
        for text in (*self._above(column), *beside, *lines):
            if found := [unit for unit in known if unit in text]:
                return found[0]
        return ""

    def _read_row(self, number: int, row: list[str], filled: int) -> None:
        """Take the cells of one row under column codes; of the `filled` ones the others are labels and notes."""
        for block in self._blocks:
            if code := _line_code(row[block.at]):
                labels = _filled(row[block.begin : block.at + 1])
                self.ignored["label"] += labels
                filled -= labels + self._read_coded(number, code, block)
        if filled:
            self.ignored["note"] += filled

    def _read_coded(self, number: int, code: str, block: _Block) -> int:
        """Take the cells of a line of figures; how many are filled."""
        self._rows[code] = -1 if code in self._rows else number
        row, is_text = self.texts[number], bool(self.form.numbers) and code not in self.form.numbers
        reasons, filled = self._reasons, 0
        for place, column in block.columns.items():
            if text := row[place]:
                filled += 1
                if reason := reasons.get(text) or (is_text and "text"):
                    self.ignored[reason] += 1
                else:
                    self.cells.append((code, column, text, f"{letter(place)}{number + 1}"))
        return filled

    @functools.cached_property
    def _reasons(self) -> dict[str, str]:
        """Why a cell under a column code is no figure, by its text."""
        return dict.fromkeys(WORDS, "text") | dict.fromkeys(self.form.fillers, "filler") | {STAR: "starred"}

    def _look_up(self) -> None:
        """Tell codes of figures that the layout does not have, where it has any."""
        if self.form.rows:
            lost = {row for row, _, _, _ in self.cells} - self.form.rows.keys()
            self.unknown |= {f"第 {code} 行" for code in lost}
        if self.form.columns:
            lost = {column for _, column, _, _ in self.cells} - self.form.columns.keys()
            self.unknown |= {f"第 {code} 栏" for code in lost}

    def _count_above(self) -> None:
        """Title lines and headers, with the row of codes."""
        lines = 0
        for number, row in enumerate(self.texts[: self._codes_at + 1]):
            if filled := _filled(row):
                lines += 1
                self.ignored["title" if lines <= _TITLES and number < self._codes_at else "header"] += filled

    @functools.cached_property
    def _words(self) -> str:
        """All that stands above the row of codes."""
        return "\n".join(map("\n".join, self._lines))

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

    @functools.cached_property
    def _heads(self) -> dict[int, str]:
        """The nearest words above each column with a code, without blanks."""
        return {place: _bare(self._above(place)) for block in self._blocks for place in block.columns}

    def _above(self, column: int) -> list[str]:
        """The words above a column below the title lines, the nearest first."""
        return [text for row in reversed(self._lines[_TITLES:]) if column < len(row) and (text := row[column])]

    def _coded(self, named: Named) -> list[str]:
        """The place of a row code and a column code, or of a row code and the words above its column."""
        row = self._rows.get(named.row, -1)
        if named.column.isdigit():
            columns = [self._columns.get(named.column, -1)]
        else:
            columns = [place for place, words in self._heads.items() if words == named.column]
        return [f"{letter(columns[0])}{row + 1}"] if row >= 0 and len(columns) == 1 and columns[0] >= 0 else []

    def _delivered(self, place: str) -> str:
        """A place of the layout as it is in this sheet, whose hidden row or column may have been deleted."""
        if not any(self.shift):
            return place
        row, column = _position(place)
        return f"{letter(column - self.shift[1])}{row + 1 - self.shift[0]}"

    def _text(self, place: str) -> str:
        row, column = _position(place)
        return self.texts[row][column] if row < len(self.texts) and column < len(self.texts[row]) else ""


def form_sheet(name: str, form: Form, generation: Generation, texts: list[list[str]]) -> FormSheet:
    """The sheet with its texts; its hidden grid is counted and left out, and places are shifted where it is missing."""
    has_letters, expected = _has_letters(texts), int(generation.has_grid)
    numbers = [row[0] for row in (texts[1:] if has_letters else texts) if row and row[0]]
    has_numbers = _is_count(numbers)
    sheet = FormSheet(name, form, texts, (expected - has_letters, expected - has_numbers))
    if has_letters:
        sheet.ignored["grid"] += _filled(texts[0])
        texts[0] = [""] * len(texts[0])
    if has_numbers:
        sheet.ignored["grid"] += len(numbers)
        for row in texts:
            row[0] = ""
    while texts and not any(texts[-1]):
        texts.pop()
    return sheet


def _names_any(text: str, units: Sequence[str]) -> bool:
    return any(unit in text for unit in units)


def _filled(row: list[str]) -> int:
    """How many cells of a row hold something."""
    return len(row) - row.count("")


@functools.lru_cache(maxsize=1 << 12)
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
    return len(letters) >= _GRID_AT_LEAST and all(map(_is_letters, letters))


@functools.lru_cache(maxsize=1 << 12)
def _is_letters(text: str) -> bool:
    return bool(_LETTERS.fullmatch(text))


def _is_count(numbers: Sequence[str]) -> bool:
    """Whether these texts of the first column are the hidden ones of numbers, each the one above it plus 1."""
    if len(numbers) < _GRID_AT_LEAST or not _GRID_NUMBER.fullmatch(numbers[0]):
        return False
    first = int(numbers[0])
    return numbers == _COUNTED[: len(numbers)] or numbers == list(map(str, range(first, first + len(numbers))))


def _codes(texts: Sequence[Sequence[str]], code_word: str) -> tuple[int, list[_Block]]:
    """The row of codes, and its blocks: 甲 乙 1 2 …, or the word for codes with 1 2 … beside it or in a row below."""
    for number, row in enumerate(texts):
        if FIRST_CODE in row and LINE_CODE in row:
            starts = [place for place, text in enumerate(row) if text == LINE_CODE]
            blocks: list[_Block] = []
            for start, end in _ranges(starts, len(row)):
                blocks.append(_block(row, start, end, blocks[-1].end if blocks else 0))
            return number, blocks
    for number, row in enumerate(texts):
        starts = [place for place, text in enumerate(row) if _bare([text]) == code_word]
        for below in range(number, min(number + 4, len(texts))) if starts else ():
            block = _block(texts[below], starts[0], len(texts[below]), 0)
            if block.columns and next(iter(block.columns.values())) == "1":
                return below, [block]
    raise NoCodes


def _ranges(starts: Sequence[int], end: int) -> Iterator[tuple[int, int]]:
    yield from zip(starts, [*starts[1:], end], strict=True)


def _block(row: Sequence[str], start: int, end: int, begin: int) -> _Block:
    columns = {place: code for place in range(start + 1, end) if (code := _column_code(row[place]))}
    return _Block(begin, start, columns, max(columns, default=start) + 1)


@functools.lru_cache(maxsize=1 << 12)
def _line_code(text: str) -> str:
    """The code of a line that a text is, `01` for 1; '' where it is none."""
    code = _half(text)
    return code.zfill(2) if _CODE.fullmatch(code) else ""


@functools.lru_cache(maxsize=1 << 12)
def _column_code(text: str) -> str:
    """The code of a column that a text is, '' where it is none."""
    code = _half(text)
    return code if _COLUMN.fullmatch(code) else ""


def _half(text: str) -> str:
    """The text with its digits in half width."""
    return text if text.isascii() else text.translate(WIDE)


def _bare(words: Sequence[str]) -> str:
    return "".join(words[0].split()) if words else ""
