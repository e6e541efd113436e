"""Proof of the rules on comparisons: their examples befall rows that were compared, and the same suite judges them.

A comparison's figures come from many files, so no delivered cell can be spoilt for it: what rows of a comparison are
made of is held by its own tests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from assets.comparisons.compare import family_of, judge_comparison
from assets.comparisons.kept import Kept, compared_path, kept_of
from assets.guard import guarded
from assets.house import House
from assets.proof.prove import is_newest
from assets.proof.record import Proof, RuleProof, proof_of, proof_path
from assets.proof.sample import FEWEST, MOST
from assets.version import code_digest
from expectations.catalogue import Compared, rules_on
from expectations.comparison import Comparison, load_families
from warehouse.lake import write_text


def prove_comparisons(house: House, year: int) -> None:
    """Prove the rules of each comparison of the newest year that has rows, where its proof is of something else."""
    for family in load_families() if is_newest(house, year) else ():
        kept = kept_of(house.lake, year, family)
        if kept is None:
            continue
        for comparison in family_of(family):
            with guarded(f"验证{comparison.title}的规则"):
                _prove(house, kept, comparison)


def _prove(house: House, kept: Kept, comparison: Comparison) -> None:
    rules = rules_on(comparison.name, house.rules_folder)
    digest = hashlib.sha256(f"{kept.fingerprint}{code_digest('assets/proof')}".encode()).hexdigest()[:16]
    standing = proof_of(house.lake, comparison.name)
    if (standing and standing.digest == digest) or kept.rows.get(comparison.name, 0) < FEWEST or not rules:
        return
    rows = house.lake.read(*compared_path(kept, comparison.name)).slice(0, MOST)
    proof = Proof(
        dataset=comparison.name, period=str(kept.year), digest=digest, rows=rows.num_rows,
        rules=tuple(proved(comparison, rows, rules)), others=(),
    )  # fmt: skip
    write_text(proof_path(house.lake, proof.dataset), proof.model_dump_json(indent=1))


def proved(comparison: Comparison, rows: pa.Table, rules: Sequence[Compared]) -> Iterator[RuleProof]:
    """The proof of each rule: its failing examples are to be told, those that pass or lie at the limit are not."""
    seeds = [(rule, kind, example) for rule in rules for kind, each in rule.examples.items() for example in each]
    values: list[dict[str, Any]] = rows.to_pylist()
    bases = {rule.id: _asked(rows, rule) for rule in rules}
    emptied = dict.fromkeys(comparison.columns)
    spoilt = [
        {**(values[bases[rule.id][at % len(bases[rule.id])]] if bases[rule.id] else values[0] | emptied), **example}
        for at, (rule, _, example) in enumerate(seeds)
    ]
    outcomes = judge_comparison(comparison, pa.Table.from_pylist(spoilt, rows.schema), rules)
    for rule in rules:
        found = {place for outcome in outcomes if outcome.rule.id == rule.id for place in outcome.places}
        mine = [(at, kind) for at, (one, kind, _) in enumerate(seeds) if one.id == rule.id]
        failing = [at for at, kind in mine if kind == "fail"]
        caught = sum(at in found for at in failing)
        yield RuleProof(
            rule_id=rule.id, seeded=len(failing), caught=caught, survived=("example",) * (len(failing) - caught),
            blamed=sum(at in found for at, kind in mine if kind != "fail"),
        )  # fmt: skip


def _asked(rows: pa.Table, rule: Compared) -> list[int]:
    """The rows that meet a rule's condition."""
    where = rule.rule.where
    if where is None:
        return list(range(rows.num_rows))
    return [int(at) for at in np.flatnonzero(rows.to_pandas().eval(where, engine="python").astype(bool))]
