"""Records of what intake learnt of one delivered file: the reception, its problems, and the delivery it answers.

A reception is written once, when the file has been read; how its rows were judged stands in the judgement of its
dataset and period (`assets/judging/cases.py`), because that can change with the school list or the rules.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from assets.periods import year_of, years_of

Severity = Literal["must_fix", "must_explain"]
State = Literal["received", "returned", "unrecognised", "failed"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def submission_id(unit_code: str, sha256: str) -> str:
    """Name of a submission: the unit's code and the first 16 digits of the content hash."""
    return f"{unit_code}-{sha256[:16]}"


class Delivery(_Record):
    """One file as it lies in the archive: whose folder it came from, its content hash, when and in which order.

    `path` and `raw_path` are those of `assets.intake.landing.Landed`.
    """

    archived: Path
    unit_code: str
    sha256: str
    path: str
    received_at: datetime
    sequence: int
    raw_path: str = ""

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


class Part(_Record):
    """Rows of a further dataset that one file gave beside its own, counted by period."""

    dataset: str
    periods: dict[str, int]


class Said(_Record):
    """What a file says in explanation of a finding; long numbers are struck out of the text before it gets here.

    Said in the sheet 核查结果, it names the finding as that sheet told it: rule, place and message. Said elsewhere
    (census form 112续表1), `message` is what the form asked about and `place` its key; `rule_id` is then empty.
    """

    text: str
    dataset: str = ""
    period: str = ""
    rule_id: str = ""
    place: str = ""
    message: str = ""


class Reception(_Record):
    """What reading one submission gave; counts are of all its periods together, `periods` splits the data rows.

    A census workbook fills several datasets: its cells are its own `dataset`, the rows made of them its `parts`. Its
    raw rows stand with those of other workbooks in files of one name, `together`.

    `problems` are why a file was not read; `questions` are about totals and counts that a file states, and stand beside
    the findings of its rows.

    Rows and filled cells are conserved: `rows_read` = rows of `periods` + `rows_ignored`, `cells_read` = `cells_placed`
    + `cells_ignored`, over all sheets of the file. A file that was not read has none.

    `waiting`: the closed years of which it speaks and for which it came too late; the ledger says so whenever it is
    asked, and what it kept of it does not count.
    """

    submission_id: str
    unit_code: str
    sha256: str
    path: str
    received_at: datetime
    sequence: int
    dataset: str | None
    state: State
    read_with: str
    raw_path: str = ""
    problems: tuple[Problem, ...] = ()
    questions: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()
    rows_read: int = 0
    rows_ignored: dict[str, int] = {}
    cells_read: int = 0
    cells_placed: int = 0
    cells_ignored: dict[str, int] = {}
    periods: dict[str, int] = {}
    file_period: str | None = None
    cells: dict[str, dict[str, str]] = {}
    units: dict[str, str] = {}
    explanations: tuple[Said, ...] = ()
    parts: tuple[Part, ...] = ()
    together: str = ""
    waiting: tuple[int, ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """Every dataset that the file speaks of, its own first."""
        return (*filter(None, [self.dataset]), *(part.dataset for part in self.parts))

    @property
    def years(self) -> frozenset[int]:
        """The plan years that its rows speak of."""
        return frozenset(years_of(period for dataset in self.datasets for period in self.periods_in(dataset)))

    def waits(self, period: str | None) -> bool:
        """Whether its rows of that period wait until their year is opened again."""
        return bool(self.waiting and period) and year_of(period or "") in self.waiting

    @property
    def raw_name(self) -> str:
        """Name of the files that hold its raw rows, below the folder of each dataset."""
        return f"{self.together or self.submission_id}.parquet"

    def periods_in(self, dataset: str) -> dict[str, int]:
        """Its rows of one dataset by period; empty where the file does not speak of it."""
        if dataset == self.dataset:
            return self.periods
        return next((part.periods for part in self.parts if part.dataset == dataset), {})
