"""A returned workbook written anew by xlsxwriter: cells as text, faulty ones marked, and the sheet 核查结果.

For what openpyxl does not open (xls, CSV) or not fast enough. Quantities are numbers where that changes no digit. Of a
file that is too large only the faulty rows are written, to a sheet that is never taken for data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from assets.intake.answer_sheet import ANSWER_SHEET, COLUMNS, EXCERPT_SHEET, TEXT
from assets.intake.sheets import Sheet
from assets.reports.outbox_lines import Mark, Order, marks_of, table_rows
from assets.reports.outbox_look import AUTHOR, COMMENTS, FILLS, RISKY, WIDTHS, comment_size, is_added_sheet

_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,11})(?:\.\d{0,3}[1-9])?")
_SHEET_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")
_ROWS = 1_000_000
_OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
"""Each row is put aside when the next one begins, so memory does not grow with rows: they are written in order."""
_NAMELESS = "数据"
_EXCERPT = "原文件太大，本件只有其中有问题的行（见“核查节选”）：请在原文件中更正后重新报送；只写说明的，放回本件即可。"
_BARE = "原文件打不开，本件只有核查结果：请按修改办法重新报送原文件。"
_WIDEST, _WIDE_CHARACTER = 40, 0x2E80

Formats = Mapping[str, Format]


class NotWrittenError(Exception):
    """A cell or row that Excel cannot hold: xlsxwriter says so by a number and would leave it out."""


@dataclass
class _Writer:
    """One workbook under way: its formats, and how many comments it may still get."""

    book: Workbook
    order: Order
    formats: Formats
    comments: int = COMMENTS
    names: set[str] = field(default_factory=set)

    def sheet_named(self, name: str) -> Worksheet:
        """A new sheet of that name, or of a plain one where Excel does not take it."""
        taken = {one.lower() for one in self.names}
        plain = name if _SHEET_NAME.fullmatch(name) and name.lower() not in taken else f"表{len(self.names) + 1}"
        self.names.add(plain)
        return self.book.add_worksheet(plain)

    def write(self, sheet: Worksheet, row: int, column: int, text: str, look: str, *, is_number: bool = False) -> None:
        """Write one cell, counted from 0.

        Raises:
            NotWrittenError: Excel does not hold it.
        """
        shown = self.formats[f"{look}'" if text[:1] in RISKY else look]
        if is_number and _NUMBER.fullmatch(text):
            code = sheet.write_number(row, column, float(text), shown)
        else:
            code = sheet.write_string(row, column, text, shown)
        if code:
            raise NotWrittenError(str(code))

    def comment(self, sheet: Worksheet, row: int, column: int, mark: Mark) -> None:
        """Give a cell its comment while the workbook bears more."""
        if self.comments:
            self.comments -= 1
            width, height = comment_size(mark.comment)
            sheet.write_comment(row, column, mark.comment, {"author": AUTHOR, "width": width, "height": height})


def write_plain(order: Order, sheets: Sequence[Sheet], target: Path, *, is_excerpt: bool) -> None:
    """Write the sheets as text with their marks, or only their faulty rows, and the findings; no sheets: these alone.

    Raises:
        NotWrittenError: a cell or row that Excel does not hold.
    """
    with xlsxwriter.Workbook(str(target), _OPTIONS) as book:
        writer = _Writer(book, order, _formats(book))
        marks = marks_of(order.lines if sheets else ())
        if is_excerpt:
            _excerpt(writer, sheets, marks)
        else:
            for sheet in sheets:
                if not is_added_sheet(sheet.name):
                    _whole(writer, sheet, marks.get(sheet.name, {}))
        whole = sheets and not is_excerpt
        _tell(writer, order.head if whole else (*order.head, _EXCERPT if sheets else _BARE))


def _formats(book: Workbook) -> Formats:
    """Formats by look; with an apostrophe those of text that begins like a formula."""
    colour = {severity: {"bg_color": f"#{fill[2:]}"} for severity, fill in FILLS.items()}
    looks: dict[str, dict[str, Any]] = {"": {}, "bold": {"bold": True}, **colour}
    looks["title"] = {"bold": True, "font_size": 14}
    looks["line"] = {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#C3CAD2"}
    looks["answer"] = looks["line"] | {"locked": False}
    looks["header"] = looks["line"] | {"bold": True}
    made = {look: book.add_format(facts) for look, facts in looks.items()}
    return made | {f"{look}'": book.add_format(facts | {"quote_prefix": True}) for look, facts in looks.items()}


def _whole(writer: _Writer, sheet: Sheet, marks: Mapping[str, Mark]) -> None:
    target = writer.sheet_named(sheet.name or _NAMELESS)
    if not sheet.visible:
        target.hide()
    _widen(target, sheet.head)
    target.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    header = _header(sheet)
    numbers = {_place(f"{letter}1")[1] for name, letter in writer.order.numbers if name == sheet.name}
    placed = _by_row(marks)
    for number, cells in _rows(sheet):
        marked = _marked(cells, placed.get(number, {}))
        for at, text in cells.items():
            look = marked[at].severity if at in marked else "bold" if number - 1 == header else ""
            writer.write(target, number - 1, at, text, look, is_number=at in numbers)
        for at, mark in marked.items():
            if at not in cells:
                target.write_blank(number - 1, at, None, writer.formats[mark.severity])
            writer.comment(target, number - 1, at, mark)


def _excerpt(writer: _Writer, sheets: Sequence[Sheet], marks: Mapping[str, Mapping[str, Mark]]) -> None:
    """The faulty rows of all sheets below each other, each with its sheet and its row number, one column to the right.

    What is more than a sheet holds stands in 核查结果 alone, and is told there.
    """
    target, at_row = writer.sheet_named(EXCERPT_SHEET), 0
    for sheet in sheets:
        placed, header = _by_row(marks.get(sheet.name, {})), _header(sheet)
        for number, cells in _rows(sheet):
            if (number in placed or number - 1 == header) and at_row < _ROWS:
                marked = _marked(cells, placed.get(number, {}))
                writer.write(target, at_row, 0, f"{sheet.name}{number}行", "bold")
                for at, text in cells.items():
                    writer.write(target, at_row, at + 1, text, marked[at].severity if at in marked else "")
                for at, mark in marked.items():
                    writer.comment(target, at_row, at + 1, mark)
                at_row += 1


def _rows(sheet: Sheet) -> Iterator[tuple[int, dict[int, str]]]:
    """Each row's number and its filled cells by column, counted from 0."""
    for batch in sheet.batches(0):
        columns = [column.to_pylist() for column in batch.columns]
        for number, *cells in zip(*columns, strict=True):
            yield number, {at: text for at, text in enumerate(cells) if text is not None}


def _by_row(marks: Mapping[str, Mark]) -> dict[int, dict[int, Mark]]:
    """The marks of each row by column, counted from 0; -1 for one without a cell."""
    rows: dict[int, dict[int, Mark]] = {}
    for place, mark in marks.items():
        row, column = (int(place), -1) if place.isdigit() else _place(place)
        rows.setdefault(row, {})[column] = mark
    return rows


def _place(cell: str) -> tuple[int, int]:
    row, column = xl_cell_to_rowcol(cell)
    return row + 1, column


def _marked(cells: Mapping[int, str], marks: Mapping[int, Mark]) -> dict[int, Mark]:
    """The marks of a row by column; one without a cell goes to the first filled cell."""
    if -1 not in marks:
        return dict(marks)
    first, of_row = min(cells, default=0), marks[-1]
    found = {at: mark for at, mark in marks.items() if at >= 0}
    at_first = found.get(first)
    found[first] = of_row if at_first is None else Mark(
        min(of_row.severity, at_first.severity, key=list(FILLS).index), f"{of_row.comment}\n\n{at_first.comment}"
    )  # fmt: skip
    return found


def _header(sheet: Sheet) -> int:
    """The row, counted from 0, that is most likely the header: the first with most filled cells."""
    filled = [sum(map(bool, row)) for row in sheet.head]
    return filled.index(max(filled)) if filled else -1


def _widen(target: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as the widest cell of the first rows, title lines aside."""
    widths: dict[int, int] = {}
    for row in rows:
        if sum(map(bool, row)) > 1:
            for at, text in enumerate(row):
                widths[at] = max(widths.get(at, 8), sum(2 if ord(c) >= _WIDE_CHARACTER else 1 for c in text) + 2)
    for at, width in widths.items():
        target.set_column(at, at, min(width, _WIDEST))


def _tell(writer: _Writer, head: Sequence[str]) -> None:
    """The sheet 核查结果, and further ones where it has more lines than a sheet holds."""
    rows = table_rows(writer.order.lines)
    for part in range(max(-(-len(writer.order.lines) // _ROWS), 1)):
        name = f"{ANSWER_SHEET}{part + 1}" if part else ANSWER_SHEET
        _table(writer, writer.sheet_named(name), islice(rows, _ROWS), head)


def _table(writer: _Writer, sheet: Worksheet, rows: Iterable[tuple[int | str, ...]], head: Sequence[str]) -> None:
    for at, text in enumerate(head):
        writer.write(sheet, at, 0, text, "title" if at == 0 else "")
    header = last = len(head)
    for at, title in enumerate(COLUMNS):
        writer.write(sheet, header, at, title, "header")
    for last, values in enumerate(rows, start=header + 1):
        for at, value in enumerate(values):
            look = "answer" if COLUMNS[at] == TEXT else "line"
            writer.write(sheet, last, at, str(value), look, is_number=isinstance(value, int))
    for at, width in enumerate(WIDTHS):
        sheet.set_column(at, at, width, None, {"hidden": at == len(WIDTHS) - 1})
    sheet.freeze_panes(header + 1, 0)
    sheet.autofilter(header, 0, last, len(COLUMNS) - 2)
    sheet.protect("", {"autofilter": True, "format_columns": True, "format_rows": True})
