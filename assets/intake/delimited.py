"""Text files (CSV and its kin) as batches of text, streamed by Arrow: memory does not grow with the file.

Everything stays text. Rows with another number of fields than most (titles, notes, trimmed rows) are kept in their
place. The encoding is found in `sniff.py`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from assets.intake.errors import Refused
from assets.intake.limits import KIB, MIB
from assets.intake.sniff import Encoding, open_regular
from assets.intake.workbook import holds, plain_breaks

_SAMPLE_BYTES = 64 * KIB
_BLOCK_BYTES = 1 * MIB
_NARROWEST_TOLD = 3
_DELIMITERS = (",", "\t", ";", "|")
_Odd = deque[tuple[int, str]]


@dataclass(frozen=True)
class DelimitedText:
    """A text file most of whose rows have `width` fields; every batch has at least `columns` columns of cells."""

    path: Path
    encoding: Encoding
    delimiter: str
    width: int
    columns: int = 0

    def batches(self, start: int) -> Iterator[pa.RecordBatch]:
        """The rows from 0-based index `start` on; each call reads the file anew.

        Raises: Refused `quotes`.
        """
        try:
            with open_regular(self.path) as handle:
                for batch in self._read(handle):
                    left = batch.slice(max(0, start + 1 - batch["row"][0].as_py()))
                    if left.num_rows:
                        yield left
        except (pa.ArrowInvalid, csv.Error):
            raise _open_quotes() if self._has_quotes() else _row_too_long() from None

    def _has_quotes(self) -> bool:
        with open_regular(self.path) as handle:
            return any(b'"' in piece for piece in iter(lambda: handle.read(MIB), b""))

    def _read(self, handle: BinaryIO) -> Iterator[pa.RecordBatch]:
        odd: _Odd = deque()
        row = 1
        for batch in self._arrow(handle, odd):
            end, here = row + batch.num_rows, []
            while odd and odd[0][0] <= end:
                here.append(odd.popleft())
                end += 1
            if end > row:
                yield self._numbered(batch, row, end, here)
            row = end
        if odd:
            yield self._numbered(None, row, row + len(odd), list(odd))

    def _arrow(self, handle: BinaryIO, odd: _Odd) -> Iterator[pa.RecordBatch]:
        """Batches of the rows with the usual number of fields; the others are put into `odd` as (row, text).

        One thread, because only then Arrow knows the number of a row.
        """

        def keep(row: pacsv.InvalidRow) -> str:
            odd.append((row.number, row.text))
            return "skip"

        names = _names(self.width)
        yield from pacsv.open_csv(
            handle,
            pacsv.ReadOptions(
                column_names=names, block_size=_BLOCK_BYTES, use_threads=False, encoding=_ARROW_NAMES[self.encoding]
            ),
            pacsv.ParseOptions(
                delimiter=self.delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
            ),
            pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
            ),
        )

    def _numbered(self, usual: pa.RecordBatch | None, row: int, end: int, odd: list[tuple[int, str]]) -> pa.RecordBatch:
        """The usual and the odd rows numbered `row` to `end` (excluded), in order."""
        numbers = np.arange(row, end, dtype=np.int32)
        columns = self._cells(usual) if usual else [pa.array([], pa.string())] * self.width
        if odd:
            at_odd = np.array([number for number, _ in odd]) - row
            order = np.argsort(np.concatenate([np.delete(np.arange(end - row), at_odd), at_odd]))
            columns = _joined(columns, [self._fields(text) for _, text in odd], pa.array(order))
        columns += [pa.nulls(len(numbers), pa.string())] * (self.columns - len(columns))
        return pa.RecordBatch.from_arrays([pa.array(numbers), *columns], names=["row", *_names(len(columns))])

    def _cells(self, usual: pa.RecordBatch) -> list[pa.Array]:
        columns = [plain_breaks(column) for column in usual.columns]
        for column in columns:
            if holds(column, b"\n"):
                self._refuse_swallowed(column.filter(pc.match_substring(column, "\n")).to_pylist())
        return columns

    def _fields(self, text: str) -> list[str]:
        fields = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter), [])
        self._refuse_swallowed(fields)
        while len(fields) > self.width and not fields[-1]:
            fields.pop()
        return fields

    def _refuse_swallowed(self, cells: Iterable[str]) -> None:
        """Refuse a file in which a stray quote has drawn whole rows into one cell.

        Told by a later line of the cell that has the fields of a row. In narrow tables that proves nothing.
        """
        for cell in cells:
            lines = cell.split("\n")[1:]
            if self.width >= _NARROWEST_TOLD and any(line.count(self.delimiter) == self.width - 1 for line in lines):
                raise _open_quotes()


def read_delimited(path: Path, handle: BinaryIO, encoding: Encoding) -> DelimitedText:
    """The text file with its delimiter and usual width, told from its first 64 KiB."""
    handle.seek(0)
    sample = handle.read(_SAMPLE_BYTES)
    text = codecs.getincrementaldecoder(encoding)("strict").decode(sample)
    if len(sample) == _SAMPLE_BYTES:
        text = text[: text.rfind("\n") + 1] or text
    delimiter, width = _layout(text)
    return DelimitedText(path, encoding, delimiter, width)


def _layout(text: str) -> tuple[str, int]:
    """The delimiter under which most rows have one same number of fields above one, and that number.

    Under a wrong one something other than itself follows a closing quote: no row is counted from there on, unless that
    leaves no row at all.
    """
    found = [_fields(text, candidate, strict=True) for candidate in _DELIMITERS if candidate in text]
    if not any(rows for rows, _, _ in found):
        found = [_fields(text, candidate, strict=False) for candidate in _DELIMITERS if candidate in text]
    rows, width, delimiter = max(found, key=lambda one: one[:2], default=(0, 1, ","))
    return (delimiter, width) if rows else (",", 1)


def _fields(text: str, delimiter: str, *, strict: bool) -> tuple[int, int, str]:
    """How many rows have the same number of fields above one, that number, and the delimiter under which they do."""
    counts: Counter[int] = Counter()
    with suppress(csv.Error):
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict):
            counts[len(row)] += 1
    return max(((rows, n, delimiter) for n, rows in counts.items() if n > 1), default=(0, 1, delimiter))


def _joined(usual: list[pa.Array], odd: list[list[str]], order: pa.Array) -> list[pa.Array]:
    rows = len(usual[0])
    columns = usual + [pa.nulls(rows, pa.string())] * (max(map(len, odd)) - len(usual))
    joined = []
    for i, column in enumerate(columns):
        more = pa.array([(fields[i] or None) if i < len(fields) else None for fields in odd], pa.string())
        joined.append(pa.concat_arrays([column, plain_breaks(more)]))
    return list(pa.RecordBatch.from_arrays(joined, names=_names(len(joined))).take(order).columns)


def _names(width: int) -> list[str]:
    return [f"c{i}" for i in range(width)]


def _open_quotes() -> Refused:
    return Refused(
        "quotes",
        "有英文双引号没有成对，把后面的若干行并进了一个单元格，分不出行和列。",
        "请用 Excel 或 WPS 打开核对，另存为 .xlsx 后重新报送。",
    )


def _row_too_long() -> Refused:
    return Refused(
        "row_too_long",
        f"有一行超过 {_BLOCK_BYTES // MIB} MB，不是正常的表格行。",
        "请核对该行是否误贴了大段内容，或换行符是否丢失；改正后重新报送。",
    )


_ARROW_NAMES: dict[Encoding, str] = {"utf-8": "utf8", "utf-8-sig": "utf8", "utf-16": "utf-16", "gb18030": "gb18030"}
