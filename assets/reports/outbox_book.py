"""A returned workbook, written by a worker: the unit's own file with its faulty cells marked, and the sheet 核查结果.

Three ways, the first that can be: the original opened and marked, with its formats (`outbox_marked.py`); its cells
written anew as text (`outbox_plain.py`), for xls, CSV and large workbooks; the findings alone. Nothing in it is a
formula: text stays text whatever it begins with. Names of persons in it are the unit's own.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from assets.intake.errors import Refused
from assets.intake.sheets import Sheet, open_sheets
from assets.intake.sniff import form_of, open_regular
from assets.reports.outbox_lines import Order
from warehouse.lake import replacing

Way = Literal["marked", "plain", "excerpt", "bare"]
MARKED_CELLS = 60_000
"""Above so many cells a workbook is not opened with its formats: openpyxl takes a second for 30,000 of them."""
MARKED_LINES = 3_000
"""And so it is with so many findings: each line of 核查结果 has a dozen cells."""
PLAIN_CELLS = 150_000
"""Above so many cells only the faulty rows are written: it is what a worker writes in a second."""


def write_book(order: Order) -> Way:
    """The way in which the workbook was written; its name is durable when whoever ordered it has synced it."""
    with _put_aside_in(order.scratch), replacing(order.target, is_name_synced=False) as aside:
        return _written(order, aside)


@contextmanager
def _put_aside_in(folder: Path) -> Iterator[None]:
    """Let libraries put aside here what they put aside, and only the owner read what is written: it holds persons."""
    mask = os.umask(0o077)
    try:
        with tempfile.TemporaryDirectory(dir=folder) as ours:  # xlsxwriter leaves there what was of an empty sheet
            before, tempfile.tempdir = tempfile.tempdir, ours
            try:
                yield
            finally:
                tempfile.tempdir = before
    finally:
        os.umask(mask)


def _written(order: Order, aside: Path) -> Way:
    from assets.reports.outbox_marked import write_marked
    from assets.reports.outbox_plain import write_plain

    sheets = [] if order.is_bare else _sheets(order)
    cells = cells_up_to(sheets, PLAIN_CELLS + 1)
    if sheets and cells <= MARKED_CELLS and len(order.lines) <= MARKED_LINES and _is_workbook(order):
        with suppress(Exception):  # whatever openpyxl cannot take is written anew
            write_marked(order, aside)
            return "marked"
    write_plain(order, sheets, aside, is_excerpt=cells > PLAIN_CELLS)
    return "bare" if not sheets else "excerpt" if cells > PLAIN_CELLS else "plain"


def _sheets(order: Order) -> list[Sheet]:
    try:
        return open_sheets(order.source, order.limits)
    except Refused:
        return []


def _is_workbook(order: Order) -> bool:
    with open_regular(order.source) as handle:
        return form_of(handle, order.limits) == "xlsx"


def cells_up_to(sheets: Sequence[Sheet], most: int) -> int:
    """How many cells the boxes of the sheets have, `most` where there are more."""
    found = 0
    with suppress(Refused):
        for sheet in sheets:
            for batch in sheet.batches(0):
                found += batch.num_rows * (batch.num_columns - 1)
                if found >= most:
                    return most
    return found
