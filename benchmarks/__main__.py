"""`make bench`: a night with news, a night without, and reading workbooks beside bare calamine.

Each line is a ratio of two measurements of this run. Usage: python -m benchmarks [--scale 0.05]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import python_calamine

from assets.clock import now_in_shanghai
from assets.intake.take_in import take_in
from pipelines.cli.recover import put_in_order
from pipelines.cli.run import run_years
from pipelines.settings import Settings
from samples.prefecture import write_prefecture


def timed(work: Callable[[], Any]) -> float:
    """Seconds of wall time that the work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bare_calamine(landing: Path) -> None:
    """Read every sheet of every workbook, and nothing else."""
    for path in landing.rglob("*.xlsx"):
        book = python_calamine.CalamineWorkbook.from_filelike(BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def main() -> None:
    """Measure and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=0.05)
    scale = parser.parse_args().scale
    with TemporaryDirectory() as folder:
        out = Path(folder)
        write_prefecture(out / "sample", scale=scale)
        landing = out / "sample" / "landing"
        intake = Settings(home=out / "reading", landing=landing).house().intake()
        reading = timed(lambda: take_in(intake, now_in_shanghai()))
        bare = timed(lambda: bare_calamine(landing))
        settings = Settings(home=out / "home", landing=landing)
        put_in_order(settings)
        news, none = (timed(lambda: run_years(settings, [2019, 2020])) for _ in range(2))
    measured = (("taking in all files : bare calamine", reading, bare), ("night with news : without", news, none))
    for what, one, other in measured:
        print(f"{what} = {one / other:.2f}   ({one:.1f} s : {other:.1f} s)")


if __name__ == "__main__":
    main()
