"""Rows that take little room while they are judged: a text or number that comes again is kept once in a file's column.

Whoever looks at packed rows takes the columns, or the few rows, that it needs out of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa


def packed(rows: pa.Table) -> pa.Table:
    """The rows with columns of text and exact numbers packed; those without any value share one."""
    blanks: dict[pa.DataType, pa.ChunkedArray] = {}
    columns = {}
    for name, column in zip(rows.column_names, rows.columns, strict=True):
        if not (pa.types.is_string(column.type) or pa.types.is_decimal(column.type)):
            columns[name] = column
        elif column.null_count == len(column):
            columns[name] = blanks.setdefault(column.type, column.dictionary_encode())
        else:
            columns[name] = column.dictionary_encode()
    return pa.table(columns)


def plain(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column unpacked, where it is packed."""
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


def unpacked(rows: pa.Table) -> pa.Table:
    """The rows, every column unpacked."""
    return pa.table({name: plain(rows[name]) for name in rows.column_names})


def give_back_what_is_freed() -> None:
    """Let Arrow ask the system for memory from now on: its own allocator keeps for each thread what was freed."""
    pa.set_memory_pool(pa.system_memory_pool())


def let_go() -> None:
    """Give back what was freed by now; the peak of a process would else be that of all its steps together."""
    pa.system_memory_pool().release_unused()


def taken(rows: pa.Table, places: Sequence[int] | np.ndarray) -> pa.Table:
    """The rows at these places, which ascend, unpacked; those of one file at a time, so that files stay apart."""
    wanted, found, start = np.asarray(places, dtype=np.int64), [unpacked(rows.slice(0, 0))], 0
    for batch in rows.to_batches():
        mine = wanted[np.searchsorted(wanted, start) : np.searchsorted(wanted, start + batch.num_rows)]
        if len(mine):
            found.append(unpacked(pa.table(batch.take(pa.array(mine - start)))))
        start += batch.num_rows
    return pa.concat_tables(found)
