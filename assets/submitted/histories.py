"""Histories: every file that a unit sent for a dataset and period, in order, with the errors that each was told.

Errors are must_fix rules, of rows and of files as a whole; questions are none. The matrix reads histories for what a
unit got right at once and what it got wrong again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc

from assets.house import House
from assets.intake.reception import Reception
from assets.judging.judgement import Judgement
from assets.judging.staging import findings_in
from assets.submitted.standing import speaks_of
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
    found = findings_in(house.lake, judgement)
    return found.filter(pc.equal(found["severity"], "must_fix")).group_by(["submission_id", "rule_id"]).aggregate([])


def repeated_errors(
    house: House, contract: Contract, judgement: Judgement | None, history: History, before: History
) -> frozenset[str]:
    """The rules that a unit broke again: in the version that followed, or as in the same period of the year before.

    With delivery by school a version follows one that spoke of the same school; so does a census workbook always.
    """
    last_year: set[str] = set().union(*(sent.errors for sent in before))
    again = last_year.intersection(rule for sent in history for rule in sent.errors)
    is_whole = contract.delivery == "whole" or judgement is None
    whole = [sent for sent in history if is_whole and not sent.reception.parts]
    again = again.union(*(one.errors & other.errors for one, other in pairwise(whole)))
    by_school = tuple(sent for sent in history if sent not in whole) if judgement else ()
    broken = Counter(rule for sent in by_school for rule in sent.errors - again)
    twice = (rule for rule, times in broken.items() if times > 1)
    return frozenset(again.union(rule for rule in twice if _is_of_one_school(house, judgement, by_school, rule)))


def _is_of_one_school(house: House, judgement: Judgement | None, history: History, rule: str) -> bool:
    """Whether two submissions broke a rule in rows of one school, or both as a whole."""
    if judgement is None:
        return False
    found = findings_in(house.lake, judgement)
    mine = found.filter(pc.equal(found["rule_id"], rule))
    pairs: set[tuple[str, str]] = set()
    for name, sents in _by_raw_file(sent for sent in history if rule in sent.errors).items():
        told = mine.filter(pc.is_in(mine["submission_id"], pa.array(sents)))
        pairs.update(_schools(house, judgement.dataset, name, told) if told.num_rows else {(one, "") for one in sents})
    return max(Counter(school for _, school in pairs).values(), default=0) > 1


def _by_raw_file(history: Iterable[Sent]) -> dict[str, list[str]]:
    """The submissions by the file that holds their raw rows."""
    files: dict[str, list[str]] = {}
    for sent in history:
        files.setdefault(sent.reception.raw_name, []).append(sent.reception.submission_id)
    return files


def _schools(house: House, dataset: str, raw_name: str, findings: pa.Table) -> set[tuple[str, str]]:
    """Submission and school, as delivered, of every row that findings are about."""
    rows = house.lake.read("raw", dataset, raw_name)
    if "submission_id" in rows.column_names:  # census workbooks, of one school each; their findings name forms
        rows = rows.filter(pc.is_in(rows["submission_id"], pc.unique(findings["submission_id"])))
        return set(zip(rows["submission_id"].to_pylist(), rows["school_code"].to_pylist(), strict=True))
    rows = rows.filter(pc.is_in(rows["row"], pc.unique(findings["row"])))
    only = findings["submission_id"][0].as_py()
    keys = zip(rows["sheet"].to_pylist(), rows["row"].to_pylist(), strict=True)
    school_of = dict(zip(keys, rows["school_code"].to_pylist(), strict=True))
    places = findings.select(["sheet", "row"]).to_pylist()
    return {(only, school_of.get((p["sheet"], p["row"])) or "") for p in places}
