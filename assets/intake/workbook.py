"""Workbooks (xlsx, xls) as batches of text, read by calamine from bytes after a look by `guard.py`.

A whole sheet is held in calamine's memory and turned into text piece by piece. Which sheet matters is not asked here.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
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
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from assets.intake.guard import Place, check_zip, damaged, too_many_cells
from assets.intake.limits import Limits
from assets.intake.sniff import encrypted, nul

BATCH_ROWS = 8192
_XLSX_1904 = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904=[\"'](?:1|true)[\"']")
_XLS_1904 = bytes.fromhex("220002000100")
_HEAD_BYTES = 1 << 16
_EXACT_BELOW = 1e16
_EXCEL_DIGITS = 15


@dataclass(frozen=True)
class WorkbookSheet:
    """One sheet: `width` counts columns from A; `batches` is that of `assets.intake.sheets.Sheet`."""

    name: str
    visible: bool
    width: int
    batches: Callable[[int], Iterator[pa.RecordBatch]]


def read_workbook(data: bytes, form: Literal["xlsx", "xls"], limits: Limits) -> list[WorkbookSheet]:
    """The worksheets in their order, hidden ones too, each with its cells as text.

    Raises: Refused `damaged`, `encrypted`, `too_many_cells` and what `check_zip` refuses.
    """
    errors = check_zip(data, limits) if form == "xlsx" else {}
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        listed = [m for m in workbook.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        sheets = [(m, workbook.get_sheet_by_name(m.name)) for m in listed]
    except PasswordError:
        raise encrypted() from None
    except CalamineError:
        raise damaged() from None
    if sum((sheet.end[0] + 1) * (sheet.end[1] + 1) for _, sheet in sheets if sheet.end) > limits.cells:
        raise too_many_cells(limits)
    return [_worksheet(meta, sheet, errors.get(meta.name, {})) for meta, sheet in sheets]


def counts_from_1904(data: bytes, form: Literal["xlsx", "xls"]) -> bool:
    """Whether a workbook numbers its days from 1904, as those of old Macintoshes do: 1,462 less than others.

    Cells formatted as dates are right either way; a bare serial number is not.

    Raises: Refused `damaged`.
    """
    if form == "xls":
        return _XLS_1904 in data
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            named = [member for member in archive.namelist() if member.lower() == "xl/workbook.xml"]
            return bool(named and _XLSX_1904.search(archive.read(named[0])[:_HEAD_BYTES]))
    except (zipfile.BadZipFile, zlib.error):
        raise damaged() from None


def _worksheet(meta: SheetMetadata, sheet: CalamineSheet, errors: Mapping[Place, str]) -> WorkbookSheet:
    def batches(start: int) -> Iterator[pa.RecordBatch]:
        return _batches(sheet, errors, start)

    width = sheet.end[1] + 1 if sheet.end else 0
    return WorkbookSheet(meta.name, meta.visible == SheetVisibleEnum.Visible, width, batches)


def _batches(sheet: CalamineSheet, errors: Mapping[Place, str], start: int) -> Iterator[pa.RecordBatch]:
    if sheet.start is None:
        return
    left = sheet.start[1]
    rows = islice(sheet.iter_rows(), start, None)
    while block := list(islice(rows, BATCH_ROWS)):
        for row, column in errors:
            if start <= row < start + len(block):
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
