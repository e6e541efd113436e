"""Histories: every file that a unit sent for a dataset and period, in order, with the errors that each was told.

Errors are must_fix rules, of rows and of files as a whole; questions are none. The matrix reads histories for what a
unit got right at once and what it got wrong again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise

import pyarrow as pa
import pyarrow.compute as pc

from assets.house import House
from assets.intake.reception import Reception
from assets.judgement import Judgement
from assets.staging import staged_path
from assets.standing import speaks_of
from expectations.contract import Contract

_RETURNED = {"returned", "unrecognised"}


@dataclass(frozen=True)
class Sent:
    """One file of a unit for a dataset and period: its reception, its state, and the must_fix rules that it broke."""

    reception: Reception
    state: str
    errors: frozenset[str]

    @property
    def is_passed(self) -> bool | None:
        """Whether it was accepted without an error; None for what was not judged, or failed by our fault."""
        if self.state in {"received", "failed"}:
            return None
        return self.state not in _RETURNED and not self.errors


History = tuple[Sent, ...]


def histories_of(
    receptions: Iterable[Reception], contract: Contract, period: str, judgement: Judgement | None, errors: pa.Table
) -> dict[str, History]:
    """What each unit sent for the dataset and period, oldest first; `errors` is what `errors_of` gives."""
    broken: dict[str, set[str]] = {}
    for name, rule in zip(errors["submission_id"].to_pylist(), errors["rule_id"].to_pylist(), strict=True):
        broken.setdefault(name, set()).add(rule)
    states = {v.submission_id: v.state for v in judgement.versions} if judgement else {}
    found: dict[str, History] = {}
    for r in receptions:
        if speaks_of(r, contract.dataset, period):
            told = {problem.rule_id for problem in r.problems if problem.severity == "must_fix"}
            sent = Sent(r, states.get(r.submission_id, r.state), frozenset(told | broken.get(r.submission_id, set())))
            found[r.unit_code] = (*found.get(r.unit_code, ()), sent)
    return found


def errors_of(house: House, judgement: Judgement | None) -> pa.Table:
    """The must_fix rules that each submission of a judgement broke in its rows, each once."""
    if judgement is None:
        return pa.table({"submission_id": pa.array([], pa.string()), "rule_id": pa.array([], pa.string())})
    names = ["submission_id", "severity", "rule_id"]
    found = house.lake.read(*staged_path(house.lake, judgement, "findings"), columns=names)
    return found.filter(pc.equal(found["severity"], "must_fix")).group_by(["submission_id", "rule_id"]).aggregate([])


def repeated_errors(
    house: House, contract: Contract, judgement: Judgement | None, history: History, before: History
) -> frozenset[str]:
    """The rules that a unit broke again: in the version that followed, or as in the same period of the year before.

    With delivery by school a version follows one that spoke of the same school.
    """
    last_year: set[str] = set().union(*(sent.errors for sent in before))
    again = {rule for sent in history for rule in sent.errors if rule in last_year}
    if contract.delivery == "whole" or judgement is None:
        return frozenset(again.union(*(one.errors & other.errors for one, other in pairwise(history))))
    for one, other in combinations(history, 2):
        for rule in (one.errors & other.errors) - again:
            if _schools(house, judgement, one, rule) & _schools(house, judgement, other, rule):
                again.add(rule)
    return frozenset(again)


def _schools(house: House, judgement: Judgement, sent: Sent, rule: str) -> set[str]:
    """The schools whose rows broke the rule, as delivered; '' where it is about the file as a whole."""
    name = sent.reception.submission_id
    found = house.lake.read(*staged_path(house.lake, judgement, "findings"))
    mine = found.filter(pc.and_(pc.equal(found["submission_id"], name), pc.equal(found["rule_id"], rule)))
    rows = house.lake.read("raw", judgement.dataset, sent.reception.raw_name, columns=["sheet", "row", "school_code"])
    places = set(zip(mine["sheet"].to_pylist(), mine["row"].to_pylist(), strict=True))
    keys = zip(rows["sheet"].to_pylist(), rows["row"].to_pylist(), rows["school_code"].to_pylist(), strict=True)
    return {code or "" for sheet, row, code in keys if (sheet, row) in places} or {""}
