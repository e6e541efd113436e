"""Data docs: what every suite asked and found, a page per dataset and period, in Chinese and without network.

The pages that Great Expectations makes take their styles and scripts from the network; these are made of the same
results, which the judgements hold (`judgement.json`), and of proof. No value of a cell is on them: places, counts and
the words of rules. A page is written anew when its judgement, proof, contract or layout changed. The pages of
comparisons are `data_docs_compared.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

from assets.house import House
from assets.judging.judgement import Judgement
from assets.proof.prove import proofs
from assets.proof.record import Proof
from assets.reports.data_docs_compared import sections_of_comparisons
from assets.reports.data_docs_shown import Page, Section, digest_of, rendered, rules_shown
from assets.submitted.answers import all_judgements
from expectations.contract import Contract
from expectations.rule import rules_of
from warehouse.lake import write_texts
from warehouse.words import SUBMISSION_STATES

FOLDER = "data_docs"
INDEX = "index.html"


def write_data_docs(house: House) -> tuple[int, int]:
    """Make the pages as the standing judgements have it; returns how many there are and how many were written."""
    folder, proved = house.reports / FOLDER, proofs(house)
    datasets, compared = list(_sections(house, proved)), list(sections_of_comparisons(house, proved))
    pages = {folder / page.name: page for section in (*datasets, *compared) for page in section.pages}
    texts = {path: page.text() for path, page in pages.items() if not _is_made_of(path, page.digest)}
    texts[folder / INDEX] = rendered("data_docs.html", datasets=datasets, compared=compared)
    write_texts(texts)
    for path in folder.glob("*.html"):
        if path not in pages and path.name != INDEX:
            path.unlink()
    return len(pages) + 1, len(texts)


def _sections(house: House, proved: Mapping[str, Proof]) -> Iterator[Section]:
    """A section for each dataset of which something was judged."""
    judged: dict[str, list[Judgement]] = {}
    for judgement in all_judgements(house):
        judged.setdefault(judgement.dataset, []).append(judgement)
    for dataset, judgements in judged.items():
        contract, proof = house.contracts[dataset], proved.get(dataset)
        pages = [_page(house, judgement, contract, proof) for judgement in judgements]
        yield Section(dataset, contract.name_zh, contract.purpose_zh, proof, pages)


def _page(house: House, judgement: Judgement, contract: Contract, proof: Proof | None) -> Page:
    digest = digest_of(judgement.fingerprint, contract.fingerprint_text, proof.digest if proof else "")
    return Page(
        f"{judgement.dataset}-{judgement.period}.html", judgement.period, judgement.rows_current, judgement.rules,
        digest, functools.partial(_text, house, judgement, contract, proof, digest),
    )  # fmt: skip


def _text(house: House, judgement: Judgement, contract: Contract, proof: Proof | None, digest: str) -> str:
    titles = {column.name: column.title for column in contract.columns}
    return rendered(
        "data_docs_page.html", judgement=judgement, contract=contract, digest=digest, states=SUBMISSION_STATES,
        shown=rules_shown(list(rules_of(contract)), judgement.rules, proof, titles), units=house.regions.name_of,
    )  # fmt: skip


def _is_made_of(path: Path, digest: str) -> bool:
    """Whether the page that lies there was made of the same; its first line names the digest."""
    if not path.exists():
        return False
    with path.open(encoding="utf-8") as page:
        return digest in page.readline()
