"""How long work takes, and the least work that reading workbooks can be. Not here: what is measured."""

from __future__ import annotations

import os
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


def processor_seconds() -> float:
    """Processor time of this process so far, and of all that it started and that have ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def read_all_sheets(paths: Iterable[Path | str]) -> None:
    """Read every sheet of every workbook, and nothing else."""
    for path in paths:
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(Path(path).read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()
