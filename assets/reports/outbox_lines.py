"""What a returned workbook says, as it travels to the worker that writes it: lines, marks in cells, and the order.

Making them of an answer is `outbox_orders.py`, writing the workbook `outbox_book.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.intake.limits import Limits
from warehouse.words import SEVERITIES


@dataclass(frozen=True, slots=True)
class Line:
    """One finding; `said` is the explanation that stands, `said_before` what was last said where none does."""

    finding_id: str
    severity: str
    sheet: str
    row: int | None
    cell: str
    column: str
    message: str
    how_to_fix: str
    said_before: str
    said: str
    placed: str

    @property
    def severity_zh(self) -> str:
        """What a clerk calls it."""
        return SEVERITIES[self.severity] + ("（已说明）" if self.said else "")

    @property
    def comment(self) -> str:
        """What the cell is told."""
        before = f"\n上次说明：{self.said_before}" if self.said_before else ""
        return f"{self.severity_zh}：{self.message}\n修改办法：{self.how_to_fix}{before}"


@dataclass(frozen=True)
class Mark:
    """What one cell is marked with: the gravest severity of its findings, and what is said of all of them."""

    severity: str
    comment: str


@dataclass(frozen=True)
class Order:
    """One workbook to be written: from what, to where, and all that it says.

    `numbers` are the columns, by sheet and letter, whose cells are quantities. `is_bare`: the original cannot be shown,
    and only its findings are. `scratch` is the folder for what the libraries put aside.
    """

    source: Path
    target: Path
    scratch: Path
    head: tuple[str, ...]
    lines: tuple[Line, ...]
    numbers: frozenset[tuple[str, str]]
    limits: Limits
    is_bare: bool = False


def marks_of(lines: Iterable[Line]) -> dict[str, dict[str, Mark]]:
    """The marks by sheet and cell, or by sheet and row number (`17`) for findings about a row without a cell."""
    placed: dict[str, dict[str, list[Line]]] = {}
    for line in lines:
        if place := line.cell or (str(line.row) if line.row else ""):
            placed.setdefault(line.sheet, {}).setdefault(place, []).append(line)
    return {sheet: {place: _mark(found) for place, found in places.items()} for sheet, places in placed.items()}


def _mark(lines: Sequence[Line]) -> Mark:
    graver = "must_fix" if any(line.severity == "must_fix" for line in lines) else "must_explain"
    return Mark(graver, "\n\n".join(line.comment for line in lines))


def table_rows(lines: Sequence[Line]) -> Iterator[tuple[int | str, ...]]:
    """The rows of the sheet 核查结果, in the order of its columns."""
    for number, line in enumerate(lines, start=1):
        yield (number, line.finding_id, line.severity_zh, line.sheet, line.row or "", line.cell, line.column,
               line.message, line.how_to_fix, line.said_before, line.said, line.placed)  # fmt: skip
