"""Explanations: what units answered to findings, kept in a ledger, and which findings they answer now.

One small file per submission that explains something, below `lake/explanations/`. Unit, dataset, period, rule and place
tell what is explained, and message and place, what stood there then: when another value or another person stands there,
the question is open again. So it is when the explanation has expired, and for the next period, where the former text is
shown. Reading explanations out of files is `intake`.
"""

from __future__ import annotations

import calendar
import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import BaseModel, ConfigDict

from assets.clock import SHANGHAI
from assets.intake.reception import Reception, Said
from expectations.findings import finding_id
from warehouse.lake import make_private, whole_files, write_texts

OPEN, EXPLAINED = "open", "explained"


class Explanation(BaseModel):
    """One answer of a unit to one finding; it stands up to and including the day `expires_on`.

    `author` is the unit, never a person. `place` and `message` are those of the finding (`expectations/findings.py`);
    what a census form was asked has no rule of ours, and answers no finding.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    explanation_id: str
    unit_code: str
    dataset: str
    period: str
    rule_id: str
    place: str
    message: str
    text: str
    author: str
    explained_on: date
    expires_on: date
    submission_id: str
    sequence: int

    @property
    def subject(self) -> tuple[str, ...]:
        """What is explained, of whatever period."""
        return self.unit_code, self.dataset, self.rule_id, self.place


@dataclass(frozen=True)
class Explanations:
    """The ledger below `folder`, as it stands on the day `as_of`; new ones stand for so many `months`."""

    folder: Path
    as_of: date
    months: int

    @functools.cached_property
    def kept(self) -> tuple[Explanation, ...]:
        """Every explanation ever given, the oldest first."""
        files = sorted(whole_files(self.folder, "*.json"))
        kept = (Explanation(**facts) for file in files for facts in json.loads(file.read_bytes()))
        return tuple(sorted(kept, key=lambda e: (e.sequence, e.explanation_id)))

    def record(self, receptions: Iterable[Reception]) -> int:
        """Keep what these submissions explain and was not said before; returns how many explanations are new."""
        last = {(*e.subject, e.period): e for e in self.kept}
        ours = {file.stem for file in whole_files(self.folder, "*.json")}
        made: dict[Path, list[Explanation]] = {}
        for r in sorted((r for r in receptions if r.explanations and r.submission_id not in ours), key=_order):
            kept = made.setdefault(self.folder / f"{r.submission_id}.json", [])
            for new in _explanations(r, self.months):
                before = last.get((*new.subject, new.period))
                if before is None or not _is_repeated(before, new):
                    last[(*new.subject, new.period)] = new
                    kept.append(new)
        make_private(self.folder)
        write_texts({path: _text(new) for path, new in made.items()})
        vars(self).pop("kept", None)
        return sum(map(len, made.values()))

    @functools.cached_property
    def _newest(self) -> Mapping[tuple[str, ...], Explanation]:
        """The newest explanation of each subject, and of each subject in each period."""
        return {e.subject: e for e in self.kept} | {(*e.subject, e.period): e for e in self.kept}

    def of(self, finding: Mapping[str, Any]) -> Explanation | None:
        """The explanation that answers a finding, None for an open one. What must be fixed cannot be explained away.

        A finding is a row with submission_id, dataset, period, rule_id, severity, place and message.
        """
        said = self._newest.get((*_subject(finding), finding["period"]))
        answers = said and said.message == finding["message"] and said.expires_on >= self.as_of
        return said if answers and finding["severity"] == "must_explain" else None

    def said_before(self, finding: Mapping[str, Any]) -> Explanation | None:
        """What the unit last said to this rule at this place, of whatever period, whether it stands or not."""
        subject = _subject(finding)
        return self._newest.get((*subject, finding["period"])) or self._newest.get(subject)

    def told(self, findings: pa.Table) -> pa.Table:
        """The findings with their `state` (open or explained) and `explanation_id`."""
        if not self.kept:
            ids: list[str | None] = [None] * findings.num_rows
        else:
            ids = [e.explanation_id if (e := self.of(finding)) else None for finding in findings.to_pylist()]
        states = pa.array([OPEN if name is None else EXPLAINED for name in ids], pa.string())
        return findings.append_column("state", states).append_column("explanation_id", pa.array(ids, pa.string()))


def _order(reception: Reception) -> int:
    return reception.sequence


def _is_repeated(before: Explanation, new: Explanation) -> bool:
    """Whether the same is only sent along once more: that does not make it stand any longer."""
    return (before.message, before.text) == (new.message, new.text) and before.expires_on >= new.explained_on


def _subject(finding: Mapping[str, Any]) -> tuple[str, ...]:
    """The sender has to answer, whichever unit the row speaks of: a submission's name begins with its code."""
    sender = finding["submission_id"].partition("-")[0]
    return sender, finding["dataset"] or "", finding["rule_id"], finding["place"] or ""


def _explanations(r: Reception, months: int) -> Iterator[Explanation]:
    given_on = r.received_at.astimezone(SHANGHAI).date()
    for said in r.explanations:
        yield Explanation(
            explanation_id=_id(r, said), unit_code=r.unit_code, dataset=said.dataset, period=said.period,
            rule_id=said.rule_id, place=said.place, message=said.message, text=said.text, author=r.unit_code,
            explained_on=given_on, expires_on=months_later(given_on, months), submission_id=r.submission_id,
            sequence=r.sequence,
        )  # fmt: skip


def _id(r: Reception, said: Said) -> str:
    return finding_id(r.submission_id, said.dataset, said.period, said.rule_id, said.place, said.message, said.text)


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of a month that is too short."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _text(explanations: Iterable[Explanation]) -> str:
    return json.dumps([e.model_dump(mode="json") for e in explanations], ensure_ascii=False, indent=1)
