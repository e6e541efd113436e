"""Messes of real files: each is drawn once as a text grid, built as a workbook and a CSV, and says what it gives.

A drawing (`files/messes/*.txt`) begins with YAML: the `mess` of docs/intake.md, `what` it shows, where it `landed`, and
what must come of it; below `---` stand its rows, cells parted by `|`. A cell `=45` is a number in the workbook.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import yaml
from openpyxl import Workbook

from assets.intake.limits import Limits
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.judging.frames import References
from assets.judging.staging import stage
from tests.staging.desk import CONTRACTS, MAKER, REGIONS
from warehouse.lake import Lake

FILES = Path(__file__).parent / "files"
MESSES = FILES / "messes"


@dataclass(frozen=True)
class Mess:
    """One drawing: its facts and its cells."""

    name: str
    facts: dict[str, Any]
    rows: list[list[str]]

    @property
    def landed(self) -> str:
        """Where it lies in landing, without the ending."""
        return str(self.facts.get("landed", "433126/2020-2021/表"))

    def workbook(self, path: Path) -> Path:
        """The drawing as a workbook, its cells text but for those drawn with `=`."""
        made = Workbook()
        for row in self.rows:
            made.active.append([float(cell[1:]) if cell.startswith("=") else cell or None for cell in row])
        made.save(path)
        return path

    def text(self, path: Path) -> Path:
        """The drawing as GB18030 CSV."""
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([cell.removeprefix("=") for cell in row] for row in self.rows)
        return path


def drawn(path: Path) -> Mess:
    """The mess that a file draws."""
    facts, _, grid = path.read_text("utf-8").partition("\n---\n")
    rows = [[cell.strip() for cell in line.split("|")] for line in grid.splitlines()]
    return Mess(path.stem, yaml.safe_load(facts), rows)


MESS_FILES = sorted(MESSES.glob("*.txt"))


@dataclass(frozen=True)
class Read:
    """What came of one file: its reception, its raw rows without their sheet, and the lake they lie in."""

    reception: Reception
    lake: Lake

    @property
    def raw(self) -> list[dict[str, Any]]:
        """The rows as text, where the file was read."""
        path = self.lake.path("raw", self.reception.dataset or "", f"{self.reception.submission_id}.parquet")
        rows = pq.read_table(path).to_pylist() if path.exists() else []
        return [{name: value for name, value in row.items() if name != "sheet"} for row in rows]

    @property
    def state(self) -> str:
        """What the unit is told of the file: refused as it came, or as its rows were judged."""
        if self.reception.state != "received":
            return self.reception.state
        (period,) = self.reception.periods
        found = stage(self.lake, CONTRACTS[self.reception.dataset or ""], period, [self.reception], References(REGIONS))
        assert found
        return found.versions[0].state

    def table(self, name: str) -> list[dict[str, Any]]:
        """Rows, quarantine or findings of its only period, judged when `state` was asked."""
        (folder,) = self.lake.path("staged", self.reception.dataset or "", *self.reception.periods).glob("*/")
        return list(pq.read_table(folder / f"{name}.parquet").to_pylist())

    @property
    def findings(self) -> list[list[str]]:
        """Rule and cell of each finding, of a file that was refused its problems."""
        if self.reception.state != "received":
            return [[p.rule_id, p.cell] for p in self.reception.problems]
        return [[f["rule_id"], f["cell"]] for f in self.table("findings")]


def read(path: Path, landed: str, home: Path) -> Read:
    """One file received, as a unit would have put it into landing."""
    delivery = Delivery(
        archived=path, unit_code=landed[:6], sha256=hashlib.sha256(path.read_bytes()).hexdigest(), path=landed,
        received_at=datetime(2020, 9, 15, tzinfo=UTC), sequence=1,
    )  # fmt: skip
    return Read(receive(delivery, CONTRACTS, REGIONS, MAKER, home / "raw", Limits()), Lake(home))
