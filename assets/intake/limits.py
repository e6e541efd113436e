"""How large and how dear a delivered file may be before it is refused. Settings replace these defaults."""

from __future__ import annotations

from dataclasses import dataclass

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30


@dataclass(frozen=True)
class Limits:
    """Bounds for one delivered file and for the worker process that reads it.

    `cells` is rows times columns of the box from A1 to the last filled cell, over all sheets of a workbook: calamine
    allocates that box, filled or not. `unpacked_ratio` is asked only of zip members above `ratio_from_bytes`.
    `cell_characters` is what Excel itself holds in one cell.
    `worker_seconds` is wall time and catches what hangs without using the processor; both times are for a file of up to
    `workbook_bytes`, and as much again for each further begun part of that size of a text file.
    """

    workbook_bytes: int = 100 * MIB
    text_bytes: int = 4 * GIB
    zip_members: int = 200
    unpacked_bytes: int = 1 * GIB
    unpacked_ratio: int = 100
    ratio_from_bytes: int = 10 * MIB
    cells: int = 8_000_000
    cell_characters: int = 32_767
    head_rows: int = 60
    worker_memory_bytes: int = 2 * GIB
    worker_cpu_seconds: int = 120
    worker_seconds: int = 600
    files_per_worker: int = 1000

    def parts(self, size: int) -> int:
        """How often a file of so many bytes may take the seconds of a worker."""
        return max(1, -(-size // self.workbook_bytes))
