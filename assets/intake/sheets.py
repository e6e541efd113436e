"""Any delivered file as sheets of text: the one door to the readers of workbooks and of text files.

Which dataset a sheet holds, where its header stands and what its cells mean is not asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.delimited import DelimitedText, read_delimited
from assets.intake.errors import Refused
from assets.intake.html_table import read_page
from assets.intake.limits import Limits
from assets.intake.sniff import encoding_of, form_of, open_regular, read_regular
from assets.intake.workbook import BATCH_ROWS, OpenWorkbook, cell_too_long, open_workbook
from expectations.visible import visible

Batches = Callable[[int], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a whole text file (`name` empty).

    `head`: its first rows as text, empty cells as '', without the empty cells at a row's end. `width`: columns of the
    widest row known so far. `batches(start)`: the rows from 0-based index `start` on, in order; columns `row` (int32,
    from 1 as Excel shows it, blank rows counted) and c0, c1, … (strings, null for empty cells), at least `width` of
    them; a batch with a longer row has more. Merged cells hold their value in the first cell. `is_1904`: bare serial
    numbers of days count from 1904.
    """

    name: str
    visible: bool
    head: list[list[str]]
    width: int
    batches: Batches
    is_1904: bool = False


def open_file(path: Path, limits: Limits) -> OpenWorkbook | list[Sheet]:
    """A workbook opened, or the one sheet of a text file, or the tables of a page.

    Raises: Refused.
    """
    with open_regular(path) as handle:
        form = form_of(handle, limits)
        if form == "text":
            return [_text_sheet(read_delimited(path, handle, encoding_of(handle, limits)), limits)]
        data = read_regular(handle, limits.workbook_bytes)
    if form == "html":
        return [_sheet(s.name, s.visible, s.width, s.batches, limits) for s in read_page(data, limits)]
    return open_workbook(data, form, limits)


def sheets_of(opened: OpenWorkbook | list[Sheet], only: Collection[str] | None = None) -> list[Sheet]:
    """The sheets of an opened file in their order, or some of them, hidden ones too; no charts and macro sheets.

    Raises: Refused; while batches are taken too, for quotes that do not close (text), NUL characters (workbook) and
        cells that are too long.
    """
    if not isinstance(opened, OpenWorkbook):
        return opened
    read = [_sheet(s.name, s.visible, s.width, s.batches, opened.limits) for s in opened.sheets(only)]
    return [replace(sheet, is_1904=True) for sheet in read] if read and opened.counts_from_1904 else read


def open_sheets(path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of a file.

    Raises: Refused, as `open_file` and `sheets_of` do.
    """
    return sheets_of(open_file(path, limits))


def _text_sheet(text: DelimitedText, limits: Limits) -> Sheet:
    head, kept = _looked_at(_bounded(text.batches, limits), limits.head_rows)
    width = max(text.width, *map(len, head))
    return Sheet("", True, head, width, kept or _bounded(replace(text, columns=width).batches, limits))


def _sheet(name: str, is_visible: bool, width: int, batches: Batches, limits: Limits) -> Sheet:
    batches = _bounded(batches, limits)
    head, kept = _looked_at(batches, limits.head_rows)
    return Sheet(visible(name), is_visible, head, width, kept or batches)


def _bounded(batches: Batches, limits: Limits) -> Batches:
    """The same batches, refused where a cell holds more than Excel itself could, instead of cutting it anywhere."""

    def bounded(start: int) -> Iterator[pa.RecordBatch]:
        for batch in batches(start):
            if any(_is_too_long(column, limits.cell_characters) for column in batch.columns[1:]):
                raise cell_too_long(limits.cell_characters)
            yield batch

    return bounded


def _is_too_long(column: pa.Array, most: int) -> bool:
    text = column.buffers()[2]
    if text is None or text.size <= most:
        return False
    return (pc.max(pc.utf8_length(column)).as_py() or 0) > most


def _looked_at(batches: Batches, most: int) -> tuple[list[list[str]], Batches | None]:
    """The first rows, and of a small sheet all of it, kept so that it is not read twice."""
    stream = batches(0)
    first = next(stream, None)
    if first is None:
        return [], None
    if first.num_rows < BATCH_ROWS and _has_ended(stream):
        return _head([first], most), lambda start: iter([first.slice(start)] if start < first.num_rows else [])
    return _head([first] if first.num_rows >= most else batches(0), most), None


def _has_ended(stream: Iterator[pa.RecordBatch]) -> bool:
    """Whether no batch follows; one that cannot be read is told when the sheet is."""
    try:
        return next(stream, None) is None
    except Refused:
        return False


def _head(batches: Iterable[pa.RecordBatch], most: int) -> list[list[str]]:
    rows: list[list[str]] = []
    for batch in batches:
        cells = [column.to_pylist() for column in batch.slice(0, most - len(rows)).columns[1:]]
        rows += [_without_empty_end([cell or "" for cell in row]) for row in zip(*cells, strict=True)]
        if len(rows) >= most:
            break
    return rows


def _without_empty_end(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row.pop()
    return row
