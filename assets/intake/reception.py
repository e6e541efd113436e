"""Records of what intake learnt of one delivered file: the reception, its problems, and the delivery it answers.

A reception is written once, when the file has been read; how its rows were judged stands in the judgement of its
dataset and period (`assets/judging.py`), because that can change with the school list or the rules.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

Severity = Literal["must_fix", "must_explain"]
State = Literal["received", "returned", "unrecognised", "failed"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def submission_id(unit_code: str, sha256: str) -> str:
    """Name of a submission: the unit's code and the first 16 digits of the content hash."""
    return f"{unit_code}-{sha256[:16]}"


class Delivery(_Record):
    """One file as it lies in the archive: whose folder it came from, its content hash, when and in which order."""

    archived: Path
    unit_code: str
    sha256: str
    path: str
    received_at: datetime
    sequence: int

    @property
    def submission_id(self) -> str:
        """Name of the submission."""
        return submission_id(self.unit_code, self.sha256)


class Problem(_Record):
    """A finding about the file as a whole, made while reading it; row and cell are empty where it has no place."""

    rule_id: str
    severity: Severity
    message: str
    how_to_fix: str
    sheet: str = ""
    row: int | None = None
    column_name: str = ""
    cell: str = ""


class Reception(_Record):
    """What reading one submission gave; counts are of all its periods together, `periods` splits the data rows."""

    submission_id: str
    unit_code: str
    sha256: str
    path: str
    received_at: datetime
    sequence: int
    dataset: str | None
    state: State
    read_with: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    rows_read: int = 0
    rows_ignored: dict[str, int] = {}
    periods: dict[str, int] = {}
    file_period: str | None = None
    cells: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
