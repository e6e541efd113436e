"""How long work takes, and the least work that reading workbooks can be. Not here: what is measured."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

import python_calamine


def timed(work: Callable[[], Any]) -> float:
    """Seconds of wall time that the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def read_all_sheets(paths: Iterable[Path]) -> None:
    """Read every sheet of every workbook, and nothing else."""
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
