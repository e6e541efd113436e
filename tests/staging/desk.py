"""A desk at which files arrive as units write them, are read by intake and judged by staging."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.judging.frames import References, SchoolList
from assets.judging.staging import stage, staged_path
from expectations.contract import load_contracts
from expectations.regions import load_regions
from warehouse.lake import Lake

CONTRACTS, REGIONS = load_contracts(), load_regions()
MAKER = Pseudonymiser(b"k" * 32)
TOWN = next(t for t in REGIONS.townships if t.county_code == "433126" and t.kind == "镇")


@dataclass
class Judged:
    """The accepted rows of a period, and what was found: rule, unit of the submission and row of its file."""

    rows: list[dict[str, Any]]
    findings: list[tuple[str, str, int]]

    @property
    def rules(self) -> set[str]:
        """The rules that were broken."""
        return {rule for rule, _, _ in self.findings}


@dataclass
class Desk:
    """What arrived so far, and the school lists that are held."""

    root: Path
    schools: Mapping[str, SchoolList] = field(default_factory=dict)
    receptions: list[Reception] = field(default_factory=list)

    def arrives(self, landed: str, *lines: Sequence[object]) -> Reception:
        """One more file, with its title lines, header and rows."""
        sequence = len(self.receptions) + 1
        path = self.root / f"{sequence}-{Path(landed).name}"
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(lines)
        delivery = Delivery(
            archived=path, unit_code=landed[:6], sha256=hashlib.sha256(path.read_bytes()).hexdigest(), path=landed,
            received_at=datetime(2021, 1, 10, tzinfo=UTC), sequence=sequence,
        )  # fmt: skip
        reception = receive(delivery, CONTRACTS, REGIONS, MAKER, self.root / "lake" / "raw", Limits())
        self.receptions.append(reception)
        return reception

    def judged(self, dataset: str, period: str) -> Judged:
        """What all that arrived comes to."""
        lake = Lake(self.root / "lake")
        judgement = stage(lake, CONTRACTS[dataset], period, self.receptions, References(REGIONS, self.schools))
        assert judgement, [(r.dataset, r.state, r.periods, r.problems) for r in self.receptions]
        found = lake.read(*staged_path(lake, judgement, "findings")).to_pylist()
        places = [(f["rule_id"], f["submission_id"][:6], f["row"]) for f in found]
        return Judged(lake.read(*staged_path(lake, judgement, "rows")).to_pylist(), sorted(places))


def listing(*codes: str, of_that_year: bool = True) -> SchoolList:
    """A school list that holds these codes."""
    return SchoolList(frozenset(codes), of_that_year)
