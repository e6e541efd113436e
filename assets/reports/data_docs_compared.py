"""Data docs of comparisons: a page per comparison and plan year, made of what is kept of it (`comparisons/kept.py`).

No figure of a row is on them: rules, places, and counts by unit.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping

from assets.comparisons.compare import family_of
from assets.comparisons.kept import FINDINGS, Kept, all_kept, compared_path
from assets.house import House
from assets.judging.judgement import RuleOutcome
from assets.proof.record import Proof
from assets.reports.data_docs_shown import Page, Section, digest_of, rendered, rules_shown
from expectations.catalogue import rules_on
from expectations.comparison import Comparison, load_families
from expectations.regions import PREFECTURE

PLACES: Mapping[str, str] = {
    "unit_code": "单位", "school_code": "学校标识码", "submission_id": "报送件", "sheet": "工作表", "row": "行号",
    "cell_column": "栏目", "period": "报告期",
}  # fmt: skip
"""What the columns are called that every comparison has."""


def sections_of_comparisons(house: House, proved: Mapping[str, Proof]) -> Iterator[Section]:
    """A section for each comparison that was made, by family."""
    kept = all_kept(house.lake)
    for family, told in load_families().items():
        for one in family_of(family):
            proof = proved.get(one.name)
            pages = [_page(house, each, one, proof) for each in kept if each.family == family and one.name in each.rows]
            if pages:
                yield Section(one.name, one.title, f"{told.title}：{_made_of(house, one)}", proof, pages)


def _made_of(house: House, comparison: Comparison) -> str:
    """The forms that stand side by side, and who answers for what is found."""
    needs, names = comparison.needs, {name: contract.name_zh for name, contract in house.contracts.items()}
    sides = (("本年度", needs.this), ("上年度", needs.before), ("以前各年度", needs.earlier))
    told = "；".join(f"{when}{'、'.join(names[name] for name in datasets)}" for when, datasets in sides if datasets)
    return f"{told}。由报送{names[comparison.answers_for]}的单位答复。"


def _page(house: House, kept: Kept, comparison: Comparison, proof: Proof | None) -> Page:
    rules = [rule for rule in kept.rules if rule.rule_id.partition(".")[0] == comparison.name]
    digest = digest_of(
        kept.fingerprint, comparison.model_dump_json(), _made_of(house, comparison), proof.digest if proof else ""
    )
    return Page(
        f"compared-{comparison.name}-{kept.year}.html", str(kept.year), kept.rows[comparison.name], rules, digest,
        functools.partial(_text, house, kept, comparison, rules, proof, digest),
    )  # fmt: skip


def _text(
    house: House, kept: Kept, comparison: Comparison, outcomes: list[RuleOutcome], proof: Proof | None, digest: str
) -> str:
    titles = {**PLACES, **{name: column.title for name, column in comparison.columns.items()}}
    rules = [one.rule for one in rules_on(comparison.name, house.rules_folder)]
    return rendered(
        "data_docs_compared.html", kept=kept, comparison=comparison, digest=digest, rows=kept.rows[comparison.name],
        purpose=_made_of(house, comparison), shown=rules_shown(rules, outcomes, proof, titles),
        units=_by_unit(house, kept, comparison),
    )  # fmt: skip


def _by_unit(house: House, kept: Kept, comparison: Comparison) -> list[tuple[str, int, int]]:
    """The units that are asked, each with what they must fix and must explain."""
    found = house.lake.read(*compared_path(kept, FINDINGS), columns=["submission_id", "rule_id", "severity"])
    counted: Counter[tuple[str, str]] = Counter()
    for finding in found.to_pylist():
        if finding["rule_id"].partition(".")[0] == comparison.name:
            counted[finding["submission_id"].partition("-")[0], finding["severity"]] += 1
    names = {PREFECTURE: house.regions.name_zh, **house.regions.name_of}
    return [
        (names.get(unit, unit), counted[unit, "must_fix"], counted[unit, "must_explain"])
        for unit in sorted({unit for unit, _ in counted})
    ]  # fmt: skip
