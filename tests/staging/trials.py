"""Cases for the judges of test_judges.py: each does what it is told, here or in a worker."""

from __future__ import annotations

import os
import signal
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from expectations.errors import SuiteError

HEAVY = ("dagster", "great_expectations", "duckdb", "sqlalchemy")


@dataclass(frozen=True)
class Trial:
    """A case that leaves the id of its process in a file of its name, and then does its deed."""

    folder: Path
    rows: int
    deed: str = "live"

    @property
    def name_zh(self) -> str:
        """What it is called."""
        return f"第{self.rows}号"

    @property
    def judged_by(self) -> int:
        """The process that judged it."""
        return int((self.folder / f"{self.rows}").read_text())

    def judge(self) -> None:
        """Do it."""
        (self.folder / f"{self.rows}").write_text(str(os.getpid()))
        getattr(self, f"_{self.deed}")()

    def _live(self) -> None:
        time.sleep(0.02)

    def _wait(self) -> None:
        time.sleep(60)

    def _die(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def _crash(self) -> None:
        raise SuiteError("rule made.up crashed while judging")

    def _shout(self) -> None:
        os.write(1, "张三".encode())
        os.write(2, "张三".encode())

    def _tell_modules(self) -> None:
        (self.folder / "modules").write_text(" ".join(name for name in HEAVY if name in sys.modules))


def trials(folder: Path, *deeds: str, few: int = 12) -> list[Trial]:
    """Small cases to be judged here, and large ones with deeds, which go to a worker."""
    return [Trial(folder, rows) for rows in range(few)] + [
        Trial(folder, 1000 - number, deed) for number, deed in enumerate(deeds)
    ]
