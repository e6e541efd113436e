"""The matrix of submissions: unit x dataset x period, what was expected, what stands, and what still needs a person.

Made of the ledger, the judgements and the contracts' `expected`; `xiangxi status`, the warehouse's `status_matrix` and
the exit code of a run all read it. Due days are `timeliness.py`, what was sent before `histories.py`; the record of a
unit is counted off the matrix in `unit_record.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import pyarrow as pa
import pyarrow.compute as pc

from assets.comparisons.kept import compared_findings
from assets.house import House
from assets.intake.ledger import Delivered
from assets.intake.reception import Problem, Reception
from assets.judging.judgement import Judgement, Version
from assets.judging.staging import findings_in, judgement_of, staged_path
from assets.periods import a_year_before, periods_of, year_of
from assets.submitted.answers import WAITING, gate_problem
from assets.submitted.explanations import OPEN, Explanations
from assets.submitted.histories import History, errors_of, histories_of, repeated_errors
from assets.submitted.standing import STANDS, expected_senders, newest_senders
from assets.submitted.timeliness import Timeliness, due_date, timeliness
from expectations.contract import Contract
from expectations.forms import CELLS
from expectations.regions import PREFECTURE


@dataclass(frozen=True)
class Place:
    """One cell of the matrix; `version` is the one that stands, if any, `received_at` of the newest.

    `is_first_pass`: the first version was accepted without an error; None where none was judged. `repeated_rules`: the
    must_fix rules that were broken again.
    """

    unit_code: str
    dataset: str
    period: str
    year: int
    state: str
    due: date | None
    received_at: datetime | None
    version: Version | None
    must_fix: int = 0
    must_explain: int = 0
    is_expected: bool = False
    first_received_at: datetime | None = None
    timeliness: Timeliness | None = None
    is_first_pass: bool | None = None
    repeated_rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class OpenProblem:
    """A submission that was returned or not recognised and has no accepted successor: someone has to act."""

    reception: Reception
    problems: tuple[Problem, ...]
    period: str | None


@dataclass(frozen=True)
class _Held:
    """What the cells of a year are made of, read once: the ledger by dataset and period, explanations, the day."""

    house: House
    delivered: Delivered
    explanations: Explanations
    as_of: date
    compared: pa.Table

    @functools.cached_property
    def by_period(self) -> Mapping[tuple[str, str | None], list[Reception]]:
        """Every submission under each dataset and period of its rows, and under the one of the file as a whole."""
        found: dict[tuple[str, str | None], list[Reception]] = {}
        for r in self.delivered.receptions:
            for dataset in r.datasets:
                for period in {*r.periods_in(dataset), r.file_period}:
                    found.setdefault((dataset, period), []).append(r)
        return found

    def waiting(self, contract: Contract, period: str) -> list[Reception]:
        """The submissions about a dataset and period that came after its year was closed."""
        return [r for r in self.by_period.get((contract.dataset, period), ()) if r.waits(period)]

    def delivered_of(self, contract: Contract, period: str) -> Delivered:
        """The submissions about a dataset and period."""
        return replace(self.delivered, receptions=tuple(self.by_period.get((contract.dataset, period), ())))


def matrix_of_year(house: House, year: int, as_of: date | None = None) -> list[Place]:
    """All cells of a plan year: expected senders and those that sent unasked, by dataset, period and unit.

    Due days are held against `as_of`, by default the day that explanations are held against: the house's, or today.
    """
    said = house.explanations
    compared = compared_findings(house.lake, [year])
    held = _Held(house, house.ledger.delivered(), said, as_of or said.as_of, compared)
    return [
        place
        for contract in house.contracts.values()
        for period in periods_of(contract, year)
        for place in _places(held, contract, period)
    ]


def _places(held: _Held, contract: Contract, period: str) -> Iterable[Place]:
    """The cells of a dataset and period, by unit."""
    house = held.house
    judgement = judgement_of(house.lake, contract.dataset, period)
    newest = newest_senders(held.delivered_of(contract, period), contract.dataset, period, judgement)
    histories, before = (_histories(held, contract, one) for one in (period, a_year_before(period)))
    asked = expected_senders(contract, house.regions) if year_of(period) in house.plans else frozenset()
    expected = asked - _excused(house, contract, judgement, asked - histories.keys())
    counts = _finding_counts(held, judgement)
    for unit in sorted({*asked, *newest}):
        history = histories.get(unit, ())
        place = _place(contract, period, unit, newest.get(unit), judgement, counts)
        if place.state == "missing" and any(r.unit_code == unit for r in held.waiting(contract, period)):
            place = replace(place, state=WAITING)
        again = repeated_errors(house, contract, judgement, history, before.get(unit, ()))
        kept = _kept(place.due, history, held.as_of) if unit in expected else None
        yield replace(
            place, is_expected=unit in expected, timeliness=kept, repeated_rules=tuple(sorted(again)),
            is_first_pass=history[0].is_passed if history else None,
            first_received_at=history[0].reception.received_at if history else None,
        )  # fmt: skip


def _excused(house: House, contract: Contract, judgement: Judgement | None, silent: Collection[str]) -> frozenset[str]:
    """Those who sent nothing and need not: the bureau's file speaks for them, or nothing sent means nothing to tell."""
    if contract.missing == "nothing":
        return frozenset(silent)
    if judgement is None or not silent or PREFECTURE not in {v.unit_code for v in judgement.versions}:
        return frozenset()
    names = ["unit_code", "submission_id"]
    rows = house.lake.read(*staged_path(house.lake, judgement, "rows"), columns=names)
    theirs = rows.filter(pc.starts_with(rows["submission_id"], PREFECTURE))
    return frozenset(silent).intersection(theirs["unit_code"].unique().to_pylist())


def _histories(held: _Held, contract: Contract, period: str) -> dict[str, History]:
    judgement = judgement_of(held.house.lake, contract.dataset, period)
    errors = errors_of(held.house, judgement)
    return histories_of(held.delivered_of(contract, period).receptions, contract, period, judgement, errors)


def _kept(due: date | None, history: History, as_of: date) -> Timeliness | None:
    """How the due day was kept; a first version counts by the day on which it was received, whatever became of it."""
    return timeliness(due, history[0].reception.received_at if history else None, as_of) if due else None


def waiting_for(house: House) -> list[Reception]:
    """The submissions that came after their year was closed and wait for it, oldest first."""
    return [r for r in house.ledger.receptions() if r.waiting and r.state == "received"]


def open_problems(house: House) -> list[OpenProblem]:
    """Submissions that still need a person: the newest of their kind that were returned, and unrecognised files.

    A census workbook is of the kind of its school, so each that was returned is told. What its unit took away from
    landing is not told any more.
    """
    delivered = house.ledger.delivered()
    receptions = delivered.receptions
    newest: dict[tuple[str, str | None, str | None], int] = {
        (r.unit_code, r.dataset, r.file_period): r.sequence for r in receptions if r.dataset
    }
    for r in receptions:
        for period in r.periods:
            newest[(r.unit_code, r.dataset, period)] = max(r.sequence, newest.get((r.unit_code, r.dataset, period), 0))
    at_intake = [
        OpenProblem(r, r.problems, r.file_period)
        for r in receptions
        if r.state != "received" and r.submission_id in delivered.lying
        and (r.dataset == CELLS or r.sequence >= newest.get((r.unit_code, r.dataset, r.file_period), 0))
    ]  # fmt: skip
    return at_intake + list(_returned_by_the_gate(house, delivered))


def _returned_by_the_gate(house: House, delivered: Delivered) -> Iterable[OpenProblem]:
    for contract in house.contracts.values():
        folder = house.lake.path("staged", contract.dataset)
        for period in sorted(p.name for p in folder.iterdir()) if folder.exists() else ():
            judgement = judgement_of(house.lake, contract.dataset, period)
            newest = newest_senders(delivered, contract.dataset, period, judgement)
            last = {r.submission_id: r for r in delivered.receptions if r.submission_id in delivered.lying}
            if contract.dataset != CELLS:
                last = {reception.submission_id: reception for reception in newest.values()}
            for version in judgement.versions if judgement else ():
                if version.state == "returned" and version.submission_id in last:
                    yield OpenProblem(last[version.submission_id], (gate_problem(contract, version),), period)


def _finding_counts(held: _Held, judgement: Judgement | None) -> Mapping[tuple[str, str], int]:
    """Open findings by submission and severity, those of comparisons too."""
    if judgement is None:
        return {}
    lake, compared = held.house.lake, held.compared
    of_both = pc.and_(pc.equal(compared["dataset"], judgement.dataset), pc.equal(compared["period"], judgement.period))
    in_rows = findings_in(lake, judgement)
    told = held.explanations.told(pa.concat_tables([in_rows, compared.filter(of_both)]))
    findings = told.filter(pc.equal(told["state"], OPEN)).select(["submission_id", "severity"])
    groups = findings.group_by(["submission_id", "severity"]).aggregate([([], "count_all")]).to_pylist()
    return {(g["submission_id"], g["severity"]): g["count_all"] for g in groups}


def _place(
    contract: Contract,
    period: str,
    unit: str,
    newest: Reception | None,
    judgement: Judgement | None,
    counts: Mapping[tuple[str, str], int],
) -> Place:
    mine = [v for v in judgement.versions if v.unit_code == unit] if judgement else []
    standing = next((v for v in reversed(mine) if v.state in STANDS), None)
    state = _state(newest, standing, mine)
    shown = standing.submission_id if standing else (newest.submission_id if newest else "")
    return Place(
        unit_code=unit, dataset=contract.dataset, period=period, year=year_of(period), state=state,
        due=due_date(contract, period), received_at=newest.received_at if newest else None, version=standing,
        must_fix=counts.get((shown, "must_fix"), 0), must_explain=counts.get((shown, "must_explain"), 0),
    )  # fmt: skip


def _state(newest: Reception | None, standing: Version | None, mine: Sequence[Version]) -> str:
    if newest is None:
        return "missing"
    judged = next((v.state for v in mine if v.submission_id == newest.submission_id), None)
    if judged in STANDS:
        return str(judged)
    if standing:
        return "accepted_with_findings" if judged == "superseded" else "stale"
    return judged or newest.state
