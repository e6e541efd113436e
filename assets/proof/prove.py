"""Proving: which dataset is proved on what, when it has to be done again, and what the trial comes to.

A proof stands while contract, rules, code, references and the judged rows that its sample is drawn from are the same.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assets.guard import guarded
from assets.house import House
from assets.judging.cases import Case, cases_of
from assets.judging.judgement import Judgement
from assets.judging.staging import CODE, judgement_of
from assets.proof.faults import faults_of
from assets.proof.record import KindCount, Proof, RuleProof, proof_of, proof_path
from assets.proof.sample import FEWEST, sample_of
from assets.proof.trial import Trial, tried
from assets.version import code_digest
from expectations.comparison import load_comparisons
from expectations.rule import Rule, rules_of
from warehouse.lake import write_text

PROOF_CODE = (*CODE, "assets/intake", "assets/proof")


@dataclass(frozen=True)
class ProofCase:
    """One dataset with the judgement that its sample is drawn from; a worker is sent it as it is."""

    case: Case
    judgement: Judgement

    @property
    def name_zh(self) -> str:
        """What a clerk calls it."""
        return self.case.name_zh

    @property
    def rows(self) -> int:
        """Rules to prove, by which the cost is guessed: samples are much of a size."""
        return len(self.judgement.rules)

    @property
    def digest(self) -> str:
        """A digest of all that the proof depends on."""
        parts = [code_digest(*PROOF_CODE), self.case.contract.fingerprint_text, self.judgement.fingerprint]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def is_news(self) -> bool:
        """Whether the proof that stands is of something else."""
        standing = proof_of(self.case.lake, self.case.contract.dataset)
        return standing is None or standing.digest != self.digest

    def judge(self) -> Proof:
        """Prove the dataset's rules, and keep what it comes to.

        Raises:
            ExpectationsError, StepFailedError: the fault is ours, told without a value; the proof before stands.
        """
        with guarded(f"验证{self.name_zh}的规则"):
            proof = _proved(self)
        write_text(proof_path(self.case.lake, proof.dataset), proof.model_dump_json(indent=1))
        return proof


def is_newest(house: House, year: int) -> bool:
    """Whether no later year has data."""
    return year >= max(house.years_with_data(), default=year)


def cases_to_prove(house: House, year: int) -> list[ProofCase]:
    """Each dataset with its last period of the year that has enough rows; none in a year before the newest with data.

    So a night that runs several years proves once.
    """
    if not is_newest(house, year):
        return []
    found: dict[str, ProofCase] = {}
    for case in cases_of(house, list(house.contracts.values()), year):
        judgement = judgement_of(house.lake, case.contract.dataset, case.period)
        if judgement and judgement.rows_current >= FEWEST:
            found[case.contract.dataset] = ProofCase(case, judgement)
    return list(found.values())


def proofs(house: House) -> dict[str, Proof]:
    """Every proof that stands, by dataset or comparison."""
    names = (*house.contracts, *load_comparisons())
    return {name: proof for name in names if (proof := proof_of(house.lake, name))}


def _proved(asked: ProofCase) -> Proof:
    case = asked.case
    rules = rules_of(case.contract)
    sample = sample_of(case.lake, case.contract, asked.judgement, case.receptions, case.references)
    trial = tried(sample, list(faults_of(case.contract, case.references.regions)), rules) if sample else Trial((), {})
    return Proof(
        dataset=case.contract.dataset, period=case.period, digest=asked.digest,
        rows=len(sample.groups) if sample else 0, rules=tuple(_of_rules(rules, trial)) if sample else (),
        others=tuple(_of_others(trial)),
    )  # fmt: skip


def _of_rules(rules: Sequence[Rule], trial: Trial) -> list[RuleProof]:
    seeded, caught, blamed = Counter[str](), Counter[str](), Counter(trial.blamed)
    survived: dict[str, list[str]] = {}
    for seen in trial.seen:
        fault = seen.seed.fault
        if fault.is_harmless:
            told = seen.rules & {fault.rule_id} if fault.rule_id else seen.rules
            blamed.update(told)
        elif fault.rule_id:
            seeded[fault.rule_id] += 1
            caught[fault.rule_id] += fault.rule_id in seen.rules
            if fault.rule_id not in seen.rules:
                survived.setdefault(fault.rule_id, []).append(fault.kind)
    return [
        RuleProof(rule_id=r.id, seeded=seeded[r.id], caught=caught[r.id], blamed=blamed[r.id],
                  survived=tuple(survived.get(r.id, ())))
        for r in rules
    ]  # fmt: skip


def _of_others(trial: Trial) -> list[KindCount]:
    """Faults that no rule was named for, and harmless writings that were read alike, by kind."""
    seeded, caught = Counter[str](), Counter[str]()
    for seen in trial.seen:
        fault = seen.seed.fault
        if not fault.rule_id and not fault.is_harmless:
            seeded[fault.kind] += 1
            caught[fault.kind] += bool(seen.rules)
    return [KindCount(kind=kind, seeded=n, caught=caught[kind]) for kind, n in sorted(seeded.items())]
