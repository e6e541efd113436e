"""Mutated files through intake, in limited workers: each must end with an answer, and lose nothing in silence.

Usage (`make faults`): python -m tests.faults.fuzz [--files 10000] [--seed 1] [--first 0] [--processes 2]
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.intake.workers import WorkerDied, run_limited
from expectations.contract import load_contracts
from expectations.regions import load_regions
from tests.faults.mutations import mutated
from tests.intake.counted_again import Counted, read_and_count

LIMITS = replace(Limits(), worker_cpu_seconds=10, worker_seconds=120)
"""Ten seconds of the processor for a file of a few kilobytes; the wall time leaves room for a busy machine."""

SHOWN = 20
_HANGS = ("处理时间", "长时间没有响应")


@dataclass
class Report:
    """What became of the files, by state and first reason, and every fault with the number of its file."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, number: int, outcome: tuple[Reception, Counted] | WorkerDied) -> None:
        """Count one end; a fault is no answer at all, an answer without a reason, or rows or cells that are lost."""
        if isinstance(outcome, WorkerDied):
            self.ends[f"reader_died {outcome.kind}"] += 1
            if outcome.ours or outcome.kind.startswith(_HANGS):
                self.faults.append(f"{number}: {outcome.kind} {outcome.where[-3:]}")
            return
        got, counted = outcome
        reason = got.problems[0].rule_id if got.problems else ""
        self.ends[f"{got.state} {reason}".strip()] += 1
        if got.state != "received" and not reason:
            self.faults.append(f"{number}: {got.state} without a reason")
        if (got.rows_read - sum(got.rows_ignored.values()), sum(got.periods.values())) != (counted.rows,) * 2:
            self.faults.append(f"{number}: rows are lost")
        if not got.cells_read == got.cells_placed + sum(got.cells_ignored.values()) == counted.cells:
            self.faults.append(f"{number}: cells are lost, {got.cells_read} of {counted.cells}")


def fuzz(folder: Path, seed: int, numbers: range, processes: int = 2) -> Report:
    """Send mutated files of these numbers through the reader of the nightly job."""
    reader = partial(
        receive, contracts=load_contracts(), regions=load_regions(), pseudonymiser=Pseudonymiser(b"k" * 32),
        lake_raw=folder / "raw", limits=LIMITS,
    )  # fmt: skip
    report = Report()
    deliveries = list(_delivered(folder, seed, numbers))
    for delivery, outcome in run_limited(partial(read_and_count, reader=reader), deliveries, LIMITS, processes):
        report.add(delivery.sequence, outcome)
    return report


def _delivered(folder: Path, seed: int, numbers: range) -> Iterator[Delivery]:
    for number in numbers:
        name, data = mutated(seed, number)
        path = folder / f"{number}"
        path.write_bytes(data)
        yield Delivery(
            archived=path, unit_code="433126", sha256=hashlib.sha256(f"{number}".encode()).hexdigest(),
            path=f"433126/2020-2021/{name}", received_at=datetime(2020, 9, 15, tzinfo=UTC), sequence=number,
        )  # fmt: skip


def main() -> None:
    """Print what became of the files; ends with 1 when there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in {"files": 10_000, "seed": 1, "first": 0, "processes": 2}.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    said = parser.parse_args()
    start = time.perf_counter()
    with TemporaryDirectory() as folder:
        report = fuzz(Path(folder), said.seed, range(said.first, said.first + said.files), said.processes)
    seconds = time.perf_counter() - start
    print(f"seed {said.seed}: {said.files:,} files in {seconds:.0f} s, {len(report.faults)} faults")
    for end, count in report.ends.most_common():
        print(f"{count:7,}  {end}")
    for fault in report.faults[:SHOWN]:
        print(fault)
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
