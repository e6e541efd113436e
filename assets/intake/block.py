"""The cells of a batch in one column of text, so that a question is asked once and not once for each sheet column.

Most files are small: what they cost is the number of questions, not of cells. Nothing here knows what cells mean.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Mask = npt.NDArray[np.bool_]

LINE_BREAK = "_x000D_"


@dataclass(frozen=True)
class Block:
    """Trimmed cells, null where empty: all rows of the sheet column `order[0]`, then all of `order[1]`, and so on."""

    text: pa.Array
    rows: int
    order: tuple[int, ...]

    @classmethod
    def of(cls, batch: pa.RecordBatch, ahead: Iterable[int] = ()) -> Block:
        """The cells of a batch of a sheet; the columns `ahead`, as far as it has them, come first."""
        cells = batch.columns[1:]
        order = tuple(dict.fromkeys((*(at for at in ahead if at < len(cells)), *range(len(cells)))))
        text = pa.concat_arrays([cells[at] for at in order]) if order else pa.array([], pa.string())
        return cls(_trimmed(text), batch.num_rows, order)

    def columns(self) -> list[pa.Array]:
        """Every column of the sheet, in its order."""
        return [self.column(at) for at in range(len(self.order))]

    def column(self, at: int) -> pa.Array:
        """One column of the sheet; empty where the batch is not as wide."""
        if at >= len(self.order):
            return pa.nulls(self.rows, pa.string())
        return self.text.slice(self._starts[at], self.rows)

    def filled(self, row: int) -> dict[int, str]:
        """The filled cells of one row by column of the sheet."""
        texts = self.text.take(pa.array([start + row for start in self._starts], pa.int64())).to_pylist()
        return {at: text for at, text in enumerate(texts) if text is not None}

    @functools.cached_property
    def _starts(self) -> list[int]:
        """Where each column of the sheet begins."""
        starts = [0] * len(self.order)
        for number, at in enumerate(self.order):
            starts[at] = number * self.rows
        return starts

    def leading(self, columns: int) -> pa.Array:
        """The cells of the first columns of the order."""
        return self.text.slice(0, columns * self.rows)

    def by_column(self, answers: pa.Array, columns: int) -> Mask:
        """What was asked of the cells of the first columns, a line for each column; empty cells say no."""
        return is_true(answers).reshape(columns, self.rows)


def is_true(mask: pa.Array) -> Mask:
    """Where it holds; what is empty does not."""
    return np.asarray(pc.fill_null(mask, False) if mask.null_count else mask)


def row_numbers(mask: pa.Array) -> Sequence[int]:
    """The places where it holds."""
    return [int(row) for row in np.flatnonzero(is_true(mask))]


def _trimmed(text: pa.Array) -> pa.Array:
    plain = pc.utf8_trim_whitespace(pc.replace_substring(text, LINE_BREAK, ""))
    is_empty = pc.equal(plain, "")
    return pc.if_else(is_empty, pa.scalar(None, pa.string()), plain) if pc.any(is_empty).as_py() else plain
