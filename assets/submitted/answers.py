"""Answers: everything that a submission is told, in one list, and how its rows were accounted for.

Made of the receptions (problems of the reading) and the judgements (findings in rows, and the gate's when a file is
returned whole). The warehouse, the returned workbook, `xiangxi check` and the matrix all read it here, so that they
say the same. Wording findings is `expectations/findings.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.comparisons.kept import compared_findings
from assets.house import House
from assets.intake.reception import Problem, Reception
from assets.judging.judgement import Judgement, Version
from assets.judging.staging import findings_in, judgement_of, main_period
from assets.submitted.explanations import OPEN
from expectations.contract import Contract
from expectations.findings import SCHEMA, finding_id

GATE_RULE = "intake.too_many_bad_rows"
WAITING = "waiting"


@dataclass(frozen=True)
class Account:
    """The rows of one submission in one dataset and period: read = accepted + quarantined + ignored.

    `dataset` and `period` are empty where they could not be told; `version` where nothing was judged.
    """

    submission_id: str
    dataset: str | None
    period: str | None
    state: str
    version: int | None
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_ignored: int


@dataclass(frozen=True)
class Answer:
    """What one submission is answered: an account for each dataset and period, and its findings in reading order.

    Findings are rows of `expectations.findings.SCHEMA`, first those of the file as a whole; `unit_code` is the sender.
    Beside these columns each has its `state` (open, explained) and the `explanation_id` of what answers it.
    """

    reception: Reception
    accounts: tuple[Account, ...]
    findings: tuple[Mapping[str, Any], ...]

    def count(self, severity: str) -> int:
        """How many findings of that severity are open."""
        return sum(f["severity"] == severity and f["state"] == OPEN for f in self.findings)

    @property
    def is_open(self) -> bool:
        """Whether there is anything that the unit has to mend or to explain."""
        return any(finding["state"] == OPEN for finding in self.findings)

    @property
    def is_returned(self) -> bool:
        """Whether some of it was not taken: it could not be read, fits no contract, or the gate returned it."""
        return any(account.state in {"returned", "unrecognised", "failed"} for account in self.accounts)


def answers_of(house: House, only: Collection[str] | None = None) -> list[Answer]:
    """The answer to every submission, or to those named, oldest delivery first."""
    receptions = [r for r in house.ledger.receptions() if only is None or r.submission_id in only]
    wanted = {r.submission_id for r in receptions}
    judgements = [j for j in all_judgements(house) if not wanted.isdisjoint(v.submission_id for v in j.versions)]
    accounts: dict[str, list[Account]] = {}
    for account in accounts_of(receptions, judgements):
        accounts.setdefault(account.submission_id, []).append(account)
    findings: dict[str, list[Mapping[str, Any]]] = {}
    for finding in house.explanations.told(all_findings(house, receptions, judgements)).to_pylist():
        findings.setdefault(finding["submission_id"], []).append(finding)
    return [Answer(r, tuple(accounts[r.submission_id]), tuple(findings.get(r.submission_id, ()))) for r in receptions]


def all_judgements(house: House) -> Iterator[Judgement]:
    """Every standing judgement of the lake."""
    for dataset in house.contracts:
        folder = house.lake.path("staged", dataset)
        for period in sorted(p.name for p in folder.iterdir()) if folder.exists() else ():
            if judgement := judgement_of(house.lake, dataset, period):
                yield judgement


def accounts_of(receptions: Sequence[Reception], judgements: Iterable[Judgement]) -> Iterator[Account]:
    """The accounts of these submissions: of what was judged from the judgement, of the rest from the reception."""
    wanted = {r.submission_id for r in receptions}
    judged: set[tuple[str, str | None, str | None]] = set()
    for judgement in judgements:
        for v in judgement.versions:
            if v.submission_id in wanted:
                judged.add((v.submission_id, judgement.dataset, judgement.period))
                yield _judged_account(judgement, v)
    for r in receptions:
        for dataset, period in _told_of(r):
            if (r.submission_id, dataset, period) not in judged:
                yield _unjudged_account(r, dataset, period)


def _judged_account(judgement: Judgement, v: Version) -> Account:
    return Account(
        submission_id=v.submission_id, dataset=judgement.dataset, period=judgement.period, state=v.state,
        version=v.version, rows_read=v.rows_read, rows_accepted=v.rows_accepted,
        rows_quarantined=v.rows_quarantined, rows_ignored=v.rows_ignored,
    )  # fmt: skip


def _unjudged_account(r: Reception, dataset: str | None, period: str | None) -> Account:
    is_booked = period == main_period(r) and dataset == r.dataset
    ignored = sum(r.rows_ignored.values()) if is_booked else 0
    read = r.periods_in(dataset or "").get(period or "", 0)
    return Account(
        submission_id=r.submission_id, dataset=dataset, period=period, version=None,
        state=WAITING if r.state == "received" and r.waits(period) else r.state,
        rows_read=read + ignored, rows_accepted=0, rows_quarantined=0, rows_ignored=ignored,
    )  # fmt: skip


def _told_of(r: Reception) -> list[tuple[str | None, str | None]]:
    """The datasets and periods that a file's rows speak of, or those of the file as a whole."""
    return [(name, period) for name in r.datasets for period in r.periods_in(name)] or [(r.dataset, r.file_period)]


def all_findings(house: House, receptions: Sequence[Reception], judgements: Sequence[Judgement]) -> pa.Table:
    """Every finding of these submissions: of files as a whole, in rows, and of comparisons, each by submission and row.

    `unit_code` is the unit that sent the file and has to answer.
    """
    senders = {r.submission_id: r.unit_code for r in receptions}
    of_files = [_of_file(r, n, p) for r in receptions for n, p in enumerate(r.problems)]
    of_files += [
        f for j in judgements for f in _of_gate(house.contracts[j.dataset], j) if f["submission_id"] in senders
    ]
    in_rows = [findings_in(house.lake, j) for j in judgements]
    compared = compared_findings(house.lake)
    found = pa.concat_tables([pa.Table.from_pylist(of_files, schema=SCHEMA), *in_rows, compared])
    mine = found.filter(pc.is_in(found["submission_id"], pa.array(list(senders), pa.string())))
    owners = pa.array([senders[name] for name in mine["submission_id"].to_pylist()], pa.string())
    return mine.set_column(mine.column_names.index("unit_code"), "unit_code", owners)


def _of_file(r: Reception, number: int, problem: Problem) -> dict[str, Any]:
    return {"finding_id": finding_id(r.submission_id, number, problem.rule_id), "submission_id": r.submission_id,
            "dataset": r.dataset, "period": r.file_period, **problem.model_dump()}  # fmt: skip


def _of_gate(contract: Contract, judgement: Judgement) -> Iterator[dict[str, Any]]:
    for version in judgement.versions:
        if version.state == "returned":
            named = (version.submission_id, judgement.dataset, judgement.period)
            yield {"finding_id": finding_id(*named, GATE_RULE), "submission_id": version.submission_id,
                   "dataset": judgement.dataset, "period": judgement.period,
                   **gate_problem(contract, version).model_dump()}  # fmt: skip


def gate_problem(contract: Contract, version: Version) -> Problem:
    """What a submission is told that the gate returned as a whole."""
    share, _ = contract.returned_above
    return Problem(
        rule_id=GATE_RULE, severity="must_fix",
        message=f"{version.rows_quarantined} 行中有问题的行超过 {share:.0%}，整份退回。",
        how_to_fix="按核查结果逐行更正后重新报送；在此之前沿用上一版。",
    )  # fmt: skip
