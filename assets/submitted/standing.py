"""Standing: what is held of each unit, dataset and period of a plan year, and how many questions are open.

Made of the ledger and the judgements; indicators read it to say which units a figure lacks, `xiangxi status` to show
the matrix of submissions. What a missing unit means for a figure is said in `assets/indicators/availability.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.comparisons.kept import compared_findings, open_ones
from assets.intake.ledger import Delivered
from assets.intake.reception import Reception
from assets.judging.judgement import Judgement
from assets.judging.staging import findings_in, judgement_of, staged_path
from assets.periods import periods_of
from assets.submitted.explanations import OPEN, Explanations
from expectations.contract import Contract
from expectations.regions import PREFECTURE, Regions
from warehouse.lake import Lake

SCHEMA = pa.schema(
    [("dataset", pa.string()), ("period", pa.string()), ("unit_code", pa.string()), ("standing", pa.string()),
     ("questions", pa.int64())]
)  # fmt: skip
STANDS = {"accepted", "accepted_with_findings"}


@dataclass(frozen=True)
class Held:
    """What the lake holds of one dataset and period: its judgement, the units that its rows speak of, questions."""

    judgement: Judgement
    row_units: frozenset[str]
    questions: Mapping[str, int]


def standing_of_year(
    lake: Lake, contracts: Mapping[str, Contract], delivered: Delivered, regions: Regions, year: int,
    explanations: Explanations | None = None,
) -> pa.Table:  # fmt: skip
    """One row per dataset, period of the plan year and sender: all that are expected, and who sent unasked.

    Questions are must_explain findings without an explanation that stands, and whatever is open of what comparing
    found: there nothing was put into quarantine.
    """
    rows, compared = [], _compared(lake, year, explanations)
    for contract in contracts.values():
        expected = expected_senders(contract, regions)
        bureau = (PREFECTURE,) if PREFECTURE in expected else ()
        for period in periods_of(contract, year):
            held = held_of(lake, contract.dataset, period, explanations)
            newest = newest_senders(delivered, contract.dataset, period, held.judgement if held else None)
            for unit in (*regions.unit_codes, *bureau):
                row = _row(lake, contract, period, unit, held, newest)
                if unit in expected or row["standing"] != "missing":
                    questions = row["questions"] + compared[contract.dataset, period, unit]
                    rows.append({**row, "questions": questions})
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def _compared(lake: Lake, year: int, explanations: Explanations | None) -> Counter[tuple[str, str, str]]:
    """Open findings of comparisons by dataset, period and unit."""
    found = open_ones(compared_findings(lake, [year]), explanations)
    keys = zip(*(found[name].to_pylist() for name in ("dataset", "period", "unit_code")), strict=True)
    return Counter(keys)


def expected_senders(contract: Contract, regions: Regions) -> frozenset[str]:
    """The codes of those who are expected to send the dataset, the bureau's among them."""
    senders = {"units": regions.unit_codes, "counties": regions.county_codes, "bureau": (PREFECTURE,)}
    return frozenset(code for expected in contract.expected for code in senders[expected.sender])


def held_of(lake: Lake, dataset: str, period: str, explanations: Explanations | None = None) -> Held | None:
    """What is held of a dataset and period, or None when nothing was ever judged."""
    judgement = judgement_of(lake, dataset, period)
    if judgement is None:
        return None
    rows = lake.read(*staged_path(lake, judgement, "rows"), columns=["unit_code"])
    return Held(judgement, frozenset(rows["unit_code"].unique().to_pylist()), _questions(lake, judgement, explanations))


def newest_senders(
    delivered: Delivered, dataset: str, period: str, judgement: Judgement | None
) -> dict[str, Reception]:
    """The newest submission of each sender for a dataset and period; a returned one only while it lies in landing."""
    returned = {v.submission_id for v in judgement.versions if v.state == "returned"} if judgement else set()
    return {
        r.unit_code: r
        for r in delivered.receptions
        if speaks_of(r, dataset, period)
        and (r.submission_id in delivered.lying or (r.state == "received" and r.submission_id not in returned))
    }  # fmt: skip


def speaks_of(reception: Reception, dataset: str, period: str) -> bool:
    """Whether a submission is about a dataset and period: by its rows, or as a whole where it could not be read.

    What waits for a closed year is about nothing yet.
    """
    if dataset not in reception.datasets or reception.waits(period):
        return False
    is_unread = reception.state != "received" and reception.file_period == period
    return is_unread or period in reception.periods_in(dataset)


def _questions(lake: Lake, judgement: Judgement, explanations: Explanations | None) -> dict[str, int]:
    """Open must_explain findings by the unit that they are about; those of replaced and returned files do not count."""
    standing = {v.submission_id for v in judgement.versions if v.state in STANDS}
    findings = findings_in(lake, judgement)
    asked = findings.filter(pc.equal(findings["severity"], "must_explain"))
    asked = asked.filter(pc.is_in(asked["submission_id"], pa.array(sorted(standing), pa.string())))
    if explanations:
        told = explanations.told(asked)
        asked = told.filter(pc.equal(told["state"], OPEN))
    return Counter(asked["unit_code"].to_pylist())


def _row(
    lake: Lake, contract: Contract, period: str, unit: str, held: Held | None, newest: Mapping[str, Reception]
) -> dict[str, Any]:
    standing = _standing(unit, held, newest)
    if standing == "missing" and contract.missing == "nothing" and unit in newest:
        standing = "stale"  # what was sent and returned is not the same as nothing to report
    if standing == "missing" and contract.missing == "stale" and _earlier(lake, contract, period, unit):
        standing = "stale"
    questions = held.questions.get(unit, 0) if held else 0
    return {"dataset": contract.dataset, "period": period, "unit_code": unit, "standing": standing,
            "questions": questions}  # fmt: skip


def _standing(unit: str, held: Held | None, newest: Mapping[str, Reception]) -> str:
    if held is None:
        return "missing"
    accepted = {v.unit_code for v in held.judgement.versions if v.state in STANDS}
    states = {v.submission_id: v.state for v in held.judgement.versions}
    for sender in (unit, PREFECTURE):
        if sender in accepted and (sender == unit or unit in held.row_units):
            last = newest.get(sender)
            is_newest = last is None or states.get(last.submission_id) in STANDS | {"superseded"}
            return "current" if is_newest and unit not in held.judgement.stale_units else "stale"
    return "missing"


def _earlier(lake: Lake, contract: Contract, period: str, unit: str) -> bool:
    """Whether an earlier period's version of the unit can stand in."""
    return any(unit in held.row_units for held in earlier_held(lake, contract, period))


def earlier_held(lake: Lake, contract: Contract, period: str) -> list[Held]:
    """What is held of a dataset's earlier periods, the latest of them first."""
    folder = lake.path("staged", contract.dataset)
    earlier = sorted((p.name for p in folder.iterdir() if p.name < period), reverse=True) if folder.exists() else []
    return [held for name in earlier if (held := held_of(lake, contract.dataset, name))]
