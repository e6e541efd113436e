"""Web pages that old systems export under the name of a workbook: their tables as sheets of text.

A merged cell holds its text in its first cell, as in a workbook. Tables inside a cell belong to that cell. Whether a
file is a page is asked in `sniff.py`.
Source: domain M1.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pyarrow as pa

from assets.intake.guard import damaged, too_many_cells
from assets.intake.limits import Limits
from assets.intake.sniff import nul
from assets.intake.workbook import BATCH_ROWS, WorkbookSheet, plain_breaks

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*(gb\w*|utf-8)", re.IGNORECASE)
_FURTHEST = 16_384
_SPAN = re.compile(r"\s*\d{1,9}\s*", re.ASCII)
_BLANKS = re.compile(r"[ \t\r\n\xa0]+")
Cells = dict[int, str]


def read_page(data: bytes, limits: Limits) -> list[WorkbookSheet]:
    """The tables of a page in their order; a single one has no name.

    Raises: Refused `damaged`, `too_many_cells`, `nul`.
    """
    parser = _Tables(limits)
    parser.feed(_text(data))
    parser.close()
    if "\0" in "".join(text for rows in parser.tables for row in rows for text in row.values()):
        raise nul()
    names = [""] if len(parser.tables) == 1 else [f"表{number}" for number in range(1, len(parser.tables) + 1)]
    return [_sheet(name, rows) for name, rows in zip(names, parser.tables, strict=True)]


def _text(data: bytes) -> str:
    """The page as text: by its byte mark, else as UTF-8, else as GB18030; what it says of itself comes first."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        tried = ["utf-16"]
    else:
        said = _CHARSET.search(data[:4096])
        tried = ["gb18030", "utf-8-sig"] if said and said[1][:2].lower() == b"gb" else ["utf-8-sig", "gb18030"]
    for encoding in tried:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise damaged()


class _Tables(HTMLParser):
    """Collects the cells of every outermost table, by row and column; a merged cell keeps those behind it free.

    `behind` is the place behind the last cell of the row, `taken` are the cells below that merged ones cover.
    """

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.limits, self.tables = limits, list[list[Cells]]()
        self.depth, self.cells = 0, 0
        self.behind, self.taken = 0, set[tuple[int, int]]()
        self.open: tuple[int, list[str]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
                self.taken = set()
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.tables[-1].append({})
            self.behind = 0
        elif self.depth == 1 and tag in {"td", "th"} and self.tables[-1]:
            self._end_cell()
            self._begin_cell(dict(attrs))
        elif tag == "br" and self.open:
            self.open[1].append("\v")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th", "tr", "table"} and self.depth == 1:
            self._end_cell()
        if tag == "table":
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[1].append(data)

    def _begin_cell(self, attributes: dict[str, str | None]) -> None:
        row, column = len(self.tables[-1]) - 1, self.behind
        while (row, column) in self.taken:
            column += 1
        wide, high = (_span(attributes.get(name)) for name in ("colspan", "rowspan"))
        self.cells += wide * high
        if self.cells > self.limits.cells or column + wide > _FURTHEST:
            raise too_many_cells(self.limits)
        self.taken |= {(row + down, column + right) for down in range(1, high) for right in range(wide)}
        self.behind = column + wide
        self.open = column, []

    def _end_cell(self) -> None:
        if self.open:
            column, parts = self.open
            text = _BLANKS.sub(" ", "".join(parts)).replace("\v", "\n").strip()
            if text:
                self.tables[-1][-1][column] = text
            self.open = None


def _span(told: str | None) -> int:
    """How many cells a merged one covers; what is no number covers one."""
    return min(max(int(told), 1), _FURTHEST) if told and _SPAN.fullmatch(told) else 1


def _sheet(name: str, rows: list[Cells]) -> WorkbookSheet:
    width = max((max(row) + 1 for row in rows if row), default=0)

    def batches(start: int) -> Iterator[pa.RecordBatch]:
        for first in range(start, len(rows), BATCH_ROWS):
            part = rows[first : first + BATCH_ROWS]
            columns = [plain_breaks(pa.array([row.get(at) for row in part], pa.string())) for at in range(width)]
            numbers = pa.array(range(first + 1, first + 1 + len(part)), pa.int32())
            yield pa.RecordBatch.from_arrays([numbers, *columns], names=["row", *(f"c{at}" for at in range(width))])

    return WorkbookSheet(name, True, width, batches)
