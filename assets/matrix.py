"""The matrix of submissions: unit x dataset x period, what was expected, what stands, and what still needs a person.

Made of the ledger, the judgements and the contracts' `expected`; `xiangxi status`, the warehouse's `status_matrix` and
the exit code of a run all read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pyarrow.compute as pc

from assets.answers import gate_problem
from assets.explanations import OPEN
from assets.house import House
from assets.intake.ledger import Delivered
from assets.intake.reception import Problem, Reception
from assets.judgement import Judgement, Version
from assets.periods import periods_of, year_of
from assets.staging import judgement_of, staged_path
from assets.standing import STANDS, newest_senders
from expectations.contract import Contract, Expected
from expectations.regions import PREFECTURE, Regions


@dataclass(frozen=True)
class Place:
    """One cell of the matrix; `version` is the one that stands, if any."""

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


@dataclass(frozen=True)
class OpenProblem:
    """A submission that was returned or not recognised and has no accepted successor: someone has to act."""

    reception: Reception
    problems: tuple[Problem, ...]
    period: str | None


def matrix_of_year(house: House, year: int) -> list[Place]:
    """All cells of a plan year: expected senders and those that sent unasked, by dataset, period and unit."""
    delivered = house.ledger.delivered()
    places = []
    for contract in house.contracts.values():
        for period in periods_of(contract, year):
            judgement = judgement_of(house.lake, contract.dataset, period)
            newest = newest_senders(delivered, contract.dataset, period, judgement)
            senders = {*_expected_senders(contract, house.regions), *newest} if year in house.plans else {*newest}
            counts = _finding_counts(house, judgement)
            for unit in sorted(senders):
                places.append(_place(contract, period, unit, newest.get(unit), judgement, counts))
    return places


def open_problems(house: House) -> list[OpenProblem]:
    """Submissions that still need a person: the newest of their kind that were returned, and unrecognised files.

    What its unit took away from landing is not told any more.
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
        and r.sequence >= newest.get((r.unit_code, r.dataset, r.file_period), 0)
    ]  # fmt: skip
    return at_intake + list(_returned_by_the_gate(house, delivered))


def _returned_by_the_gate(house: House, delivered: Delivered) -> Iterable[OpenProblem]:
    for contract in house.contracts.values():
        folder = house.lake.path("staged", contract.dataset)
        for period in sorted(p.name for p in folder.iterdir()) if folder.exists() else ():
            judgement = judgement_of(house.lake, contract.dataset, period)
            newest = newest_senders(delivered, contract.dataset, period, judgement)
            for version in judgement.versions if judgement else ():
                reception = newest.get(version.unit_code)
                if version.state == "returned" and reception and reception.submission_id == version.submission_id:
                    yield OpenProblem(reception, (gate_problem(contract, version),), period)


def _expected_senders(contract: Contract, regions: Regions) -> set[str]:
    senders = {"units": regions.unit_codes, "counties": regions.county_codes, "bureau": (PREFECTURE,)}
    return {code for expected in contract.expected for code in senders[expected.sender]}


def due_date(contract: Contract, period: str) -> date | None:
    """The day by which a period of the dataset is expected, None where the contract names none.

    Of several days it is the last: what is sent again with later events is due by then.
    """
    mine = [one for one in contract.expected if one.period is None or period.endswith(one.period)]
    return max((_due(one, period) for one in mine), default=None)


def _due(expected: Expected, period: str) -> date:
    if expected.next_month:
        year, month = map(int, period.split("-"))
        return date(year + month // 12, month % 12 + 1, int(expected.due))
    month, day = map(int, expected.due.split("-"))
    return date(year_of(period) + (1 if expected.next_year else 0), month, day)


def _finding_counts(house: House, judgement: Judgement | None) -> Mapping[tuple[str, str], int]:
    """Open findings by submission and severity."""
    if judgement is None:
        return {}
    told = house.explanations.told(house.lake.read(*staged_path(house.lake, judgement, "findings")))
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
