"""Data docs: what every suite asked and found, a page per dataset and period, in Chinese and without network.

The pages that Great Expectations makes take their styles and scripts from the network; these are made of the same
results, which the judgements hold (`judgement.json`), and of proof. No value of a cell is on them: places, counts and
the words of rules. A page is written anew when its judgement, proof, contract or layout changed.
"""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from assets.house import House
from assets.judging.judgement import Judgement, RuleOutcome
from assets.proof.faults import facts
from assets.proof.prove import proofs
from assets.proof.record import Proof, RuleProof
from assets.submitted.answers import all_judgements
from assets.version import code_digest
from expectations.contract import Contract
from expectations.rule import Rule, rules_of
from warehouse.lake import write_texts
from warehouse.words import SEVERITIES, SUBMISSION_STATES

FOLDER = "data_docs"
INDEX = "index.html"
STATUSES: Mapping[str, str] = {"passed": "通过", "found": "有问题", "not_run": "没有可核查的行"}
CHECKS: Mapping[str, str] = {
    "filled": "不得为空", "blank": "内容可以采用", "not_negative": "不小于 0", "unique": "不得重复",
    "holds": "关系成立",
}  # fmt: skip
_TEMPLATES = (
    "assets/reports/data_docs.py",
    "assets/reports/data_docs_page.html",
    "assets/reports/data_docs_style.html",
)


@dataclass(frozen=True)
class RuleShown:
    """One rule on a page: what it is, what it found, and its proof."""

    rule: Rule
    outcome: RuleOutcome
    proof: RuleProof | None
    examples: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class PageShown:
    """A page in the index: its name, its judgement, and what its rules came to."""

    name: str
    judgement: Judgement

    @property
    def counts(self) -> Counter[str]:
        """Rules by outcome, and rows found by severity."""
        counted: Counter[str] = Counter(rule.status for rule in self.judgement.rules)
        for rule in self.judgement.rules:
            counted[rule.severity] += rule.found
        return counted


def write_data_docs(house: House) -> tuple[int, int]:
    """Make the pages as the standing judgements have it; returns how many there are and how many were written."""
    folder, standing, proved = house.reports / FOLDER, list(all_judgements(house)), proofs(house)
    texts: dict[Path, str] = {}
    pages: dict[str, list[PageShown]] = {}
    for judgement in standing:
        page = PageShown(f"{judgement.dataset}-{judgement.period}.html", judgement)
        pages.setdefault(judgement.dataset, []).append(page)
        contract, proof = house.contracts[judgement.dataset], proved.get(judgement.dataset)
        digest = _digest(judgement, contract, proof)
        if not _is_made_of(folder / page.name, digest):
            texts[folder / page.name] = _page(house, judgement, contract, proof, digest)
    texts[folder / INDEX] = _template("data_docs.html").render(
        pages=pages,
        contracts=house.contracts,
        proofs=proved,
    )
    write_texts(texts)
    kept = {page.name for each in pages.values() for page in each} | {INDEX}
    for path in folder.glob("*.html"):
        if path.name not in kept:
            path.unlink()
    return len(kept), len(texts)


def _page(house: House, judgement: Judgement, contract: Contract, proof: Proof | None, digest: str) -> str:
    return _template("data_docs_page.html").render(
        judgement=judgement, contract=contract, shown=list(_shown(judgement, contract, proof)), digest=digest,
        proof=proof, severities=SEVERITIES, statuses=STATUSES, checks=CHECKS, states=SUBMISSION_STATES,
        units=house.regions.name_of, kinds=facts()["kinds"],
    )  # fmt: skip


def _shown(judgement: Judgement, contract: Contract, proof: Proof | None) -> Iterator[RuleShown]:
    """The rules in which something was found first, then the others, in the order of the contract."""
    outcomes = {outcome.rule_id: outcome for outcome in judgement.rules}
    proved = {one.rule_id: one for one in proof.rules} if proof else {}
    rules = [rule for rule in rules_of(contract) if rule.id in outcomes]
    for rule in sorted(rules, key=lambda rule: outcomes[rule.id].status != "found"):
        yield RuleShown(rule, outcomes[rule.id], proved.get(rule.id), list(_examples(contract, rule)))


def _examples(contract: Contract, rule: Rule) -> Iterator[tuple[str, str]]:
    for kind, name in (("pass", "通过"), ("limit", "界限"), ("fail", "不通过")):
        for row in (rule.examples or {}).get(kind, ()):
            yield name, "，".join(f"{_title(contract, column)} {_value(value)}" for column, value in row.items())


def _title(contract: Contract, column: str) -> str:
    return contract.column(column).title if contract.has(column) else column


def _value(value: Any) -> str:
    return "空" if value is None else {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _digest(judgement: Judgement, contract: Contract, proof: Proof | None) -> str:
    parts = [code_digest(*_TEMPLATES), judgement.fingerprint, contract.fingerprint_text, proof.digest if proof else ""]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _is_made_of(path: Path, digest: str) -> bool:
    """Whether the page that lies there was made of the same; its first line names the digest."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as page:
        return digest in page.readline()


@functools.cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                     undefined=jinja2.StrictUndefined)  # fmt: skip
    return environment.get_template(name)
