"""What is kept of proof: for each rule how many faults it was to tell and told, and what it blamed without cause."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from warehouse.lake import Lake

LAYER = "proof"
SURVIVED = "proof.survived"
BLAMED = "proof.blamed_clean"
UNPROVED = "proof.not_run"


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleProof(_Record):
    """One rule: faults seeded for it and caught by it; clean rows and harmless changes that it was asked and blamed.

    `survived` are the kinds of the faults that it did not tell. `is_excused`: none could be seeded, no row being there.
    """

    rule_id: str
    seeded: int
    caught: int
    blamed: int
    survived: tuple[str, ...] = ()

    @property
    def score(self) -> float | None:
        """The share of its faults that the rule told; None where none was seeded."""
        return self.caught / self.seeded if self.seeded else None

    @property
    def faults(self) -> tuple[str, ...]:
        """What the rule itself is told for: it missed a fault, blamed a clean row, or nothing put it to the test."""
        told = {SURVIVED: self.caught < self.seeded, BLAMED: self.blamed > 0, UNPROVED: not self.seeded}
        return tuple(name for name, is_so in told.items() if is_so)


class KindCount(_Record):
    """Faults of one kind that were aimed at no rule: seeded, and caught by any."""

    kind: str
    seeded: int
    caught: int


class Proof(_Record):
    """The proof of a dataset's rules on a sample of `rows` clean rows of one period."""

    dataset: str
    period: str
    digest: str
    rows: int
    rules: tuple[RuleProof, ...]
    others: tuple[KindCount, ...]

    @property
    def seeded(self) -> int:
        """Faults that were aimed at a rule."""
        return sum(rule.seeded for rule in self.rules)

    @property
    def caught(self) -> int:
        """Faults that the rule they were aimed at has told."""
        return sum(rule.caught for rule in self.rules)


def proof_of(lake: Lake, dataset: str) -> Proof | None:
    """The proof of a dataset's rules as it stands, or None."""
    path = proof_path(lake, dataset)
    return Proof.model_validate_json(path.read_bytes()) if path.exists() else None


def proof_path(lake: Lake, dataset: str) -> Path:
    """Where it is kept."""
    return lake.path(LAYER, f"{dataset}.json")
