"""What pages of data docs show, whatever was judged: rules with outcome, examples and proof, and lines of the index."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2

from assets.judging.judgement import RuleOutcome
from assets.proof.faults import facts
from assets.proof.record import Proof, RuleProof
from assets.version import code_digest
from expectations.rule import Rule
from warehouse.words import SEVERITIES

STATUSES: Mapping[str, str] = {"passed": "通过", "found": "有问题", "not_run": "没有可核查的行"}
CHECKS: Mapping[str, str] = {
    "filled": "不得为空", "blank": "内容可以采用", "not_negative": "不小于 0", "unique": "不得重复",
    "holds": "关系成立",
}  # fmt: skip
_EXAMPLES: Mapping[str, str] = {"pass": "通过", "limit": "界限", "fail": "不通过"}
_MADE_BY = tuple(
    f"assets/reports/data_docs{name}"
    for name in (".py", "_compared.py", "_shown.py", "_page.html", "_compared.html", "_rules.html", "_style.html")
)


@dataclass(frozen=True)
class RuleShown:
    """One rule on a page: what it is, what it found, and its proof."""

    rule: Rule
    outcome: RuleOutcome
    proof: RuleProof | None
    examples: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Page:
    """One page: its file, the period and rows of what was judged, what its rules came to, and how its text is made.

    `digest` is of all that the text is made of.
    """

    name: str
    period: str
    rows: int
    rules: Sequence[RuleOutcome]
    digest: str
    text: Callable[[], str]

    @property
    def counts(self) -> Counter[str]:
        """Rules by outcome, and rows found by severity."""
        counted: Counter[str] = Counter(rule.status for rule in self.rules)
        for rule in self.rules:
            counted[rule.severity] += rule.found
        return counted


@dataclass(frozen=True)
class Section:
    """What the index says of one dataset or comparison: a line for each of its pages."""

    name: str
    title: str
    purpose: str
    proof: Proof | None
    pages: Sequence[Page]


def rules_shown(
    rules: Sequence[Rule], outcomes: Sequence[RuleOutcome], proof: Proof | None, titles: Mapping[str, str]
) -> list[RuleShown]:
    """The rules that were asked, those first in which something was found, else in their order.

    A rule of two severities has two outcomes. `titles` are those of the columns.
    """
    proved = {one.rule_id: one for one in proof.rules} if proof else {}
    shown = [
        RuleShown(rule, outcome, proved.get(rule.id), list(_examples(rule, titles)))
        for rule in rules for outcome in outcomes if outcome.rule_id == rule.id
    ]  # fmt: skip
    return sorted(shown, key=lambda one: one.outcome.status != "found")


def _examples(rule: Rule, titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for kind, name in _EXAMPLES.items():
        for row in (rule.examples or {}).get(kind, ()):
            yield name, "，".join(f"{titles.get(column, column)} {_value(value)}" for column, value in row.items())


def _value(value: Any) -> str:
    return "空" if value is None else {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def rendered(template_name: str, **shown: object) -> str:
    """A page with these values and the words that all pages need."""
    words = {"severities": SEVERITIES, "statuses": STATUSES, "checks": CHECKS, "kinds": facts()["kinds"]}
    return _template(template_name).render(**words, **shown)


def digest_of(*parts: str) -> str:
    """A digest of what a page is made of, the code and layout of all pages among it."""
    return hashlib.sha256("\n".join([code_digest(*_MADE_BY), *parts]).encode()).hexdigest()[:16]


@functools.cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.FileSystemLoader(Path(__file__).parent)
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True,
                                     undefined=jinja2.StrictUndefined)  # fmt: skip
    return environment.get_template(name)
