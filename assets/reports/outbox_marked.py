"""The original workbook, opened by openpyxl with its formats, marked and given the sheet 核查结果.

Formulas become the values that were last computed, so that nothing runs; macros, links to other workbooks and names
that are more than a range are left out. Marks of an earlier return are taken away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.worksheet import Worksheet

from assets.intake.answer_sheet import ANSWER_SHEET, COLUMNS, TEXT
from assets.reports.outbox_lines import Mark, Order, marks_of, table_rows
from assets.reports.outbox_look import AUTHOR, COMMENTS, FILLS, RISKY, WIDTHS, comment_size, is_added_sheet
from expectations.visible import visible

_RANGE = re.compile(r"('[^'\[\]|]+'|[^\s'\[\]|!]+)![$A-Z0-9:]+")
_PLAIN = PatternFill(fill_type=None)
_WRAP = Alignment(wrap_text=True, vertical="top")


def write_marked(order: Order, target: Path) -> None:
    """Write the original with its marks and findings.

    Raises:
        Exception: whatever openpyxl raises on a workbook that it cannot take.
    """
    with order.source.open("rb") as handle:
        book = openpyxl.load_workbook(handle, data_only=True, keep_links=False)
    for name in [sheet.title for sheet in book.worksheets if is_added_sheet(sheet.title)]:
        del book[name]
    for scope in (book, *book.worksheets):
        for name, defined in list(scope.defined_names.items()):
            if not _RANGE.fullmatch(defined.attr_text or "") or name.lower().startswith("auto_"):
                del scope.defined_names[name]
    marks, left = marks_of(order.lines), COMMENTS
    for sheet in book.worksheets:
        _make_harmless(sheet)
        left -= _mark(sheet, marks.get(visible(sheet.title), {}), left)
    _tell(book.create_sheet(ANSWER_SHEET), order)
    book.save(target)


def _make_harmless(sheet: Worksheet) -> None:
    """Take away what an earlier return marked, and let text that begins like a formula stay text when it is edited."""
    for cell in _cells(sheet):
        if cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            if cell.fill.start_color.rgb in FILLS.values():
                cell.fill = _PLAIN
        _keep_text(cell)


def _keep_text(cell: Cell) -> None:
    if isinstance(cell.value, str):
        cell.data_type = "s"
        if cell.value[:1] in RISKY:
            cell.quotePrefix = True


def _cells(sheet: Worksheet) -> Iterable[Cell]:
    return (cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell))


def _mark(sheet: Worksheet, marks: Mapping[str, Mark], comments: int) -> int:
    """Fill and comment the cells; returns how many comments were made, of which a sheet bears only so many."""
    made = 0
    for place, mark in marks.items():
        cell = _cell(sheet, place)
        cell.fill = PatternFill("solid", start_color=FILLS[mark.severity])
        if made < comments:
            theirs = f"{cell.comment.text}\n\n" if cell.comment else ""
            width, height = comment_size(mark.comment)
            cell.comment = Comment(theirs + mark.comment, AUTHOR, width=width, height=height)
            made += 1
    return made


def _cell(sheet: Worksheet, place: str) -> Cell:
    """The cell of that address; of a row number its first filled cell, or its first; of merged cells the one shown."""
    if place.isdigit():
        row = next(sheet.iter_rows(min_row=int(place), max_row=int(place)))
        found = next((one for one in row if isinstance(one, Cell) and one.value is not None), row[0])
    else:
        found = sheet[place]
    if isinstance(found, MergedCell):
        merged = next(area for area in sheet.merged_cells.ranges if found.coordinate in area)
        found = sheet.cell(merged.min_row, merged.min_col)
    assert isinstance(found, Cell)  # noqa: S101  (what is not merged is a cell)
    return found


def _tell(sheet: Worksheet, order: Order) -> None:
    """Write the sheet 核查结果, protected but for the column 说明."""
    for text in order.head:
        sheet.append([text])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(vertical="top", wrap_text=False)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    sheet.append(COLUMNS)
    header, thin = sheet.max_row, Side(style="thin", color="C3CAD2")
    for values in table_rows(order.lines):
        sheet.append(values)
    for row in sheet.iter_rows(min_row=header):
        for cell, title in zip(row, COLUMNS, strict=False):
            cell.alignment, cell.border = _WRAP, Border(thin, thin, thin, thin)
            cell.protection = Protection(locked=title != TEXT or cell.row == header)
            cell.font = Font(bold=cell.row == header)
            if isinstance(cell, Cell):
                _keep_text(cell)
    for column, width in zip("ABCDEFGHIJKL", WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.column_dimensions["L"].hidden = True
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    sheet.auto_filter.ref = f"A{header}:K{sheet.max_row}"
    sheet.protection.sheet, sheet.protection.autoFilter, sheet.protection.formatColumns = True, False, False
