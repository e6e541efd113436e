"""Every rule in one line: what it is, what it found in the standing judgements, and what its proof came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from assets.comparisons.kept import all_kept
from assets.house import House
from assets.judging.judgement import RuleOutcome
from assets.proof.prove import proofs
from assets.proof.record import RuleProof
from assets.submitted.answers import all_judgements
from expectations.catalogue import compared_rules
from expectations.rule import Rule, rules_of


@dataclass(frozen=True)
class RuleLine:
    """One rule over all standing judgements, superseded submissions included.

    `asked` and `hits` count rows that were asked and that failed; `last_catch` is the newest period in which one did.
    `proof` is None where the rule was never proved.
    """

    rule: Rule
    asked: int
    hits: int
    last_catch: str
    proof: RuleProof | None

    @property
    def score(self) -> float | None:
        """The share of faults seeded for the rule that it told; None where none was."""
        return self.proof.score if self.proof else None

    @property
    def faults(self) -> tuple[str, ...]:
        """What proof tells the rule itself for."""
        return self.proof.faults if self.proof else ()


def rule_lines(house: House) -> list[RuleLine]:
    """A line for each rule of every contract, in the order of the contracts, then for those asked of comparisons."""
    outcomes: dict[str, list[tuple[str, RuleOutcome]]] = {}
    for judgement in all_judgements(house):
        for outcome in judgement.rules:
            outcomes.setdefault(outcome.rule_id, []).append((judgement.period, outcome))
    for kept in all_kept(house.lake):
        for outcome in kept.rules:
            outcomes.setdefault(outcome.rule_id, []).append((str(kept.year), outcome))
    proved = {one.rule_id: one for proof in proofs(house).values() for one in proof.rules}
    return list(_lines(house, outcomes, proved))


def _lines(
    house: House, outcomes: Mapping[str, list[tuple[str, RuleOutcome]]], proved: Mapping[str, RuleProof]
) -> Iterator[RuleLine]:
    of_contracts = (rule for contract in house.contracts.values() for rule in rules_of(contract))
    for rule in chain(of_contracts, (one.rule for one in compared_rules(house.rules_folder))):
        told = outcomes.get(rule.id, [])
        yield RuleLine(
            rule, sum(outcome.asked for _, outcome in told), sum(outcome.found for _, outcome in told),
            max((period for period, outcome in told if outcome.found), default=""), proved.get(rule.id),
        )  # fmt: skip
