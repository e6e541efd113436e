"""Judging a whole year: every dataset of a home anew, by as many processes as a night takes.

Tells seconds of wall and processor time, and the most memory that all processes held together (shared pages once).
Usage: python -m benchmarks.judging --home var [--year 2020] [--processes 2]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from assets.judging.cases import cases_of, judge_datasets
from assets.judging.judges import Judges
from benchmarks.timing import processor_seconds, timed
from pipelines.settings import Settings

BETWEEN_LOOKS = 0.2


def measured(home: Path, year: int, processes: int) -> Iterator[str]:
    """A line that tells what judging the year of this home takes."""
    with TemporaryDirectory(dir=home) as folder:
        for part in ("raw", "submissions"):
            shutil.copytree(home / "lake" / part, Path(folder) / "lake" / part, copy_function=os.link)
        one = [sys.executable, "-W", "ignore", "-m", "benchmarks.judging", "--home", folder, "--year", str(year)]
        told = Path(folder) / "told"
        with told.open("w") as file:
            started = subprocess.Popen([*one, "--processes", str(processes), "--only"], stdout=file)
        most = 0.0
        while started.poll() is None:
            most = max(most, sum(map(_megabytes, _family(started.pid))))
            time.sleep(BETWEEN_LOOKS)
        yield f"{told.read_text().strip()}, {most:.0f} MB"


def _family(process: int) -> list[int]:
    """The process and all that it started, which still run."""
    try:
        tasks = list(Path(f"/proc/{process}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return []
    return [process, *(one for child in children for one in _family(child))]


def _megabytes(process: int) -> float:
    """Memory of a process, its part of what it shares with others; nothing of one that has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _one(home: Path, year: int, processes: int) -> None:
    """Judge the year in this process and its workers; prints what it took."""
    house = Settings(home=home).house()
    contracts = list(house.contracts.values())
    seconds = timed(lambda: judge_datasets(house, contracts, year, Judges(processes)))  # whose workers end with it
    rows = sum(case.rows for case in cases_of(house, contracts, year))
    print(f"judging {year}, {rows} rows: {seconds:.1f} s, {processor_seconds():.1f} s of processors")  # noqa: T201


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--year", type=int, default=2020)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", action="store_true")
    given = parser.parse_args()
    if given.only:
        _one(given.home, given.year, given.processes)
        return
    for line in measured(given.home, given.year, given.processes):
        print(line)  # noqa: T201


if __name__ == "__main__":
    main()
