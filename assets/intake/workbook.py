"""Workbooks (xlsx, xls) as batches of text, read by calamine from bytes after a look by `guard.py`.

A whole sheet is held in calamine's memory and turned into text piece by piece. Which sheet matters is not asked here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any, Literal

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from assets.intake.errors import Refused
from assets.intake.guard import Place, check_zip, damaged, too_many_cells
from assets.intake.limits import Limits
from assets.intake.sniff import encrypted, nul

Form = Literal["xlsx", "xls"]

BATCH_ROWS = 8192
_XLSX_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
_XLS_1904 = bytes.fromhex("220002000100")
_HEAD_BYTES = 1 << 16
_EXACT_BELOW = 1e16
_FIRST_NUMBERS = {float(number): str(number) for number in range(200)}
_EXCEL_DIGITS = 15


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet: `width` counts columns from A; `batches` is that of `assets.intake.sheets.Sheet`."""

    name: str
    visible: bool
    width: int
    batches: Callable[[int], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class OpenWorkbook:
    """A workbook that was looked at and opened; its sheets are parsed when they are asked for.

    `visible`: whether each worksheet is shown, by name in their order; charts and macro sheets are left out. Those
    that were asked for are counted in `_cells`: together they must stay within the limit.
    """

    visible: Mapping[str, bool]
    opened: CalamineWorkbook
    errors: Mapping[str, Mapping[Place, str]]
    limits: Limits
    data: bytes = field(repr=False)
    form: Form
    _cells: dict[str, int] = field(default_factory=dict, repr=False)

    def sheets(self, only: Collection[str] | None = None) -> list[WorkbookSheet]:
        """The worksheets in their order, or some of them, hidden ones too, each with its cells as text.

        Raises: Refused `damaged`, `too_many_cells`.
        """
        sheets = [(name, self._sheet(name)) for name in self.visible if only is None or name in only]
        return [_worksheet(name, self.visible[name], sheet, self.errors.get(name, {})) for name, sheet in sheets]

    def rows(self, name: str) -> list[list[str]]:
        """The cells of one sheet from A1 on as the text that `sheets` gives of them, but without outer blanks.

        Raises: Refused `damaged`, `too_many_cells`, `nul`, `cell_too_long`.
        """
        rows: list[list[Any]] = self._sheet(name).to_python(skip_empty_area=False)
        for (row, column), text in self.errors.get(name, {}).items():
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = text
        return _texts(rows, self.limits)

    @property
    def counts_from_1904(self) -> bool:
        """Whether it numbers its days from 1904, as those of old Macintoshes do: 1,462 less than others.

        Cells formatted as dates are right either way; a bare serial number is not.

        Raises: Refused `damaged`.
        """
        if self.form == "xls":
            return _XLS_1904 in self.data
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                named = [member for member in archive.namelist() if member.lower() == "xl/workbook.xml"]
                return bool(named and _XLSX_1904.search(archive.read(named[0])[:_HEAD_BYTES]))
        except (zipfile.BadZipFile, zlib.error):
            raise damaged() from None

    def _sheet(self, name: str) -> CalamineSheet:
        try:
            sheet = self.opened.get_sheet_by_name(name)
        except CalamineError:
            raise damaged() from None
        self._cells[name] = (sheet.end[0] + 1) * (sheet.end[1] + 1) if sheet.end else 0
        if sum(self._cells.values()) > self.limits.cells:
            raise too_many_cells(self.limits)
        return sheet


def open_workbook(data: bytes, form: Form, limits: Limits) -> OpenWorkbook:
    """The workbook opened.

    Raises: Refused `damaged`, `encrypted`, and what `check_zip` refuses.
    """
    data, errors = check_zip(data, limits) if form == "xlsx" else (data, {})
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
    except PasswordError:
        raise encrypted() from None
    except CalamineError:
        raise damaged() from None
    shown = {m.name: m.visible == SheetVisibleEnum.Visible for m in listed}
    return OpenWorkbook(shown, workbook, errors, limits, data, form)


def cell_too_long(most: int) -> Refused:
    """The refusal of a file with a cell of more characters than Excel itself could hold, instead of cutting it."""
    return Refused(
        "cell_too_long",
        f"有单元格的文字超过 {most:,} 字，Excel 的一个单元格也放不下。",
        "请核对该单元格是否误贴了大段内容，删短后重新报送。",
    )


def _worksheet(name: str, is_visible: bool, sheet: CalamineSheet, errors: Mapping[Place, str]) -> WorkbookSheet:
    def batches(start: int) -> Iterator[pa.RecordBatch]:
        return _batches(sheet, errors, start)

    width = sheet.end[1] + 1 if sheet.end else 0
    return WorkbookSheet(name, is_visible, width, batches)


def _batches(sheet: CalamineSheet, errors: Mapping[Place, str], start: int) -> Iterator[pa.RecordBatch]:
    if sheet.start is None:
        return
    left = sheet.start[1]
    rows = islice(sheet.iter_rows(), start, None)
    while block := list(islice(rows, BATCH_ROWS)):
        for row, column in errors:
            if start <= row < start + len(block) and left <= column < left + len(block[0]):
                block[row - start][column - left] = errors[row, column]
        yield _batch(block, start, left)
        start += len(block)


def _batch(block: list[list[Any]], start: int, left: int) -> pa.RecordBatch:
    columns = [pa.nulls(len(block), pa.string())] * left
    columns += [_as_text(values) for values in zip(*block, strict=True)]
    row = pa.array(range(start + 1, start + 1 + len(block)), pa.int32())
    return pa.RecordBatch.from_arrays([row, *columns], names=["row", *(f"c{i}" for i in range(len(columns)))])


def _as_text(values: tuple[Any, ...]) -> pa.Array:
    if set(map(type, values)) == {str}:
        texts = [value or None for value in values]
    else:
        texts = [_TEXT[type(value)](value) or None for value in values]
    column = plain_breaks(pa.array(texts, pa.string()))
    if holds(column, b"\0"):
        raise nul()
    return column


def _texts(rows: list[list[Any]], limits: Limits) -> list[list[str]]:
    """The rows as text with plain line breaks, refused where a text may not be; all of it is looked at in one text.

    Most rows below a form of the census hold nothing, or the number of its hidden column alone: that is cheap to see.
    """
    lines: dict[int, str] = {}
    for number, row in enumerate(rows):
        filled = len(row) - row.count("")
        if filled and type(row[0]) is float:
            row[0] = _FIRST_NUMBERS.get(row[0]) or _number(row[0])
            filled -= 1
        if filled:
            rows[number] = texts = _row_texts(row)
            lines[number] = "".join(texts)
    whole = "".join(lines.values())
    if "\0" in whole:
        raise nul()
    if len(whole) > limits.cell_characters and any(len(text) > limits.cell_characters for row in rows for text in row):
        raise cell_too_long(limits.cell_characters)
    for number, line in lines.items() if "\r" in whole else ():
        if "\r" in line:
            rows[number] = list(map(_plain, rows[number]))
    return rows


def _row_texts(row: list[Any]) -> list[str]:
    try:
        return [value.strip() if value != "" else value for value in row]
    except AttributeError:  # one that is no text
        return [value.strip() if type(value) is str else _TEXT[type(value)](value) for value in row]


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_breaks(column: pa.Array) -> pa.Array:
    """The column of text with every line break inside a cell as one line feed."""
    if not holds(column, b"\r"):
        return column
    return pc.replace_substring(pc.replace_substring(column, "\r\n", "\n"), "\r", "\n")


def holds(column: pa.Array, character: bytes) -> bool:
    """Whether an ASCII character stands anywhere in the memory of the column of text."""
    text = column.buffers()[2]
    return text is not None and character in text.to_pybytes()


def _number(value: float) -> str:
    """A number as Excel shows it: no `.0`, and no digits beyond the fifteen that Excel keeps of a fraction."""
    if value.is_integer():
        return str(int(value)) if abs(value) < _EXACT_BELOW else repr(value)
    text = repr(value)
    return text if len(text) <= _EXCEL_DIGITS else repr(float(f"{value:.{_EXCEL_DIGITS}g}"))


def _moment(value: datetime) -> str:
    return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")


def _duration(value: timedelta) -> str:
    minutes, seconds = divmod(round(value.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"


_TEXT: dict[type, Callable[[Any], str]] = {
    str: str,
    float: _number,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _moment,
    time: time.isoformat,
    timedelta: _duration,
}
