"""The judgement of one dataset and period: the state of each submission, the outcome of each rule, and where it lies.

Records only; `staging.py` makes them. A judgement is written last: a killed run leaves the earlier one standing.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

VersionState = Literal["accepted", "accepted_with_findings", "returned", "superseded"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Version(_Record):
    """One submission in one period: rows read = accepted + quarantined + ignored; `rows_current` of them count."""

    submission_id: str
    unit_code: str
    version: int
    state: VersionState
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_ignored: int
    rows_current: int
    questions: int


class RuleOutcome(_Record):
    """One rule over the batch: how many rows were asked, how many failed, and the first places that did."""

    rule_id: str
    severity: Literal["must_fix", "must_explain"]
    status: Literal["passed", "found", "not_run"]
    asked: int
    found: int
    first_places: tuple[str, ...] = ()


class Judgement(_Record):
    """What judging one dataset and period gave; `folder` holds its rows, quarantine and findings."""

    dataset: str
    period: str
    fingerprint: str
    folder: str
    versions: tuple[Version, ...]
    rules: tuple[RuleOutcome, ...]
    stale_units: tuple[str, ...]
    rows_current: int
