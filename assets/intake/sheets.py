"""Any delivered file as sheets of text: the one door to the readers of workbooks and of text files.

Which dataset a sheet holds, where its header stands and what its cells mean is not asked here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from assets.intake.delimited import DelimitedText, read_delimited
from assets.intake.errors import Refused
from assets.intake.limits import Limits
from assets.intake.sniff import encoding_of, form_of, open_regular, read_regular
from assets.intake.workbook import BATCH_ROWS, read_workbook

Batches = Callable[[int], Iterator[pa.RecordBatch]]


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, or a whole text file (`name` empty).

    `head`: its first rows as text, empty cells as '', without the empty cells at a row's end. `width`: columns of the
    widest row known so far. `batches(start)`: the rows from 0-based index `start` on, in order; columns `row` (int32,
    from 1 as Excel shows it, blank rows counted) and c0, c1, … (strings, null for empty cells), at least `width` of
    them; a batch with a longer row has more. Merged cells hold their value in the first cell.
    """

    name: str
    visible: bool
    head: list[list[str]]
    width: int
    batches: Batches


def open_sheets(path: Path, limits: Limits) -> list[Sheet]:
    """The sheets of a file in their order, hidden ones too; charts and macro sheets are left out.

    Raises: Refused; while batches are taken too, for quotes that do not close (text) and NUL characters (workbook).
    """
    with open_regular(path) as handle:
        form = form_of(handle, limits)
        if form == "text":
            return [_text_sheet(read_delimited(path, handle, encoding_of(handle, limits)), limits)]
        data = read_regular(handle, limits.workbook_bytes)
    sheets = read_workbook(data, form, limits)
    return [_sheet(s.name, s.visible, s.width, s.batches, limits) for s in sheets]


def _text_sheet(text: DelimitedText, limits: Limits) -> Sheet:
    head, batches = _looked_at(text.batches, limits.head_rows)
    width = max(text.width, *map(len, head))
    return Sheet("", True, head, width, batches or replace(text, columns=width).batches)


def _sheet(name: str, visible: bool, width: int, batches: Batches, limits: Limits) -> Sheet:
    head, kept = _looked_at(batches, limits.head_rows)
    return Sheet(name, visible, head, width, kept or batches)


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
