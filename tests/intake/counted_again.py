"""Rows and cells of a delivered file counted without what reads them: no header, no contract, no reasons."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from assets.intake.errors import Refused
from assets.intake.limits import Limits
from assets.intake.reception import Delivery, Reception
from assets.intake.sheets import open_sheets
from assets.intake.together import Received


def filled_cells(path: Path) -> int:
    """Cells of all sheets that hold more than blanks."""
    return sum(
        bool(text and text.replace("_x000D_", "").strip())
        for sheet in open_sheets(path, Limits())
        for batch in sheet.batches(0)
        for column in batch.columns[1:]
        for text in column.to_pylist()
    )


class Counted(NamedTuple):
    """Rows that were written and filled cells of the file, counted by other means than the reception's."""

    rows: int
    cells: int


def read_and_count(delivery: Delivery, reader: Callable[[Delivery], Reception | Received]) -> tuple[Reception, Counted]:
    """What the reader says of a file, and its counts; a file that was not read has none."""
    got = reader(delivery)
    if isinstance(got, Received):
        rows = len(next(iter(got.tables[got.reception.dataset or ""].values())))
        try:
            return got.reception, Counted(rows, filled_cells(delivery.archived))
        except Refused:  # a sheet that no form needs holds NUL, which would return another workbook
            return got.reception, Counted(rows, got.reception.cells_read)
    if got.state != "received":
        return got, Counted(0, 0)
    raw = delivery.archived.parent / "raw" / (got.dataset or "") / got.raw_name
    return got, Counted(pq.read_metadata(raw).num_rows, filled_cells(delivery.archived))
