"""The data dictionary: pages made of contracts, catalogue, plans and schema, committed beside them, and their check.

One module per kind of page; `facts.py` gathers what they tell. Nothing depends on a clock or on data, so the same
sources give the same pages.
"""

from __future__ import annotations

from pathlib import Path

from assets.reports.dictionary.commitments import commitment_pages
from assets.reports.dictionary.contracts import contract_pages
from assets.reports.dictionary.datasets import dataset_pages
from assets.reports.dictionary.facts import Facts
from assets.reports.dictionary.indexes import headers_page, index_page
from assets.reports.dictionary.indicators import indicator_pages
from assets.reports.dictionary.markdown import HEADERS, NOTICE, PARAMETERS, README, SEARCH, WAREHOUSE
from assets.reports.dictionary.parameters import parameters_page
from assets.reports.dictionary.search import search_page
from assets.reports.dictionary.warehouse import warehouse_page
from assets.reports.dictionary.warehouse_contract import WAREHOUSE_CONTRACT, warehouse_contract

SUFFIXES = frozenset({".md", ".html", ".yaml"})


def pages_of(told: Facts) -> dict[str, str]:
    """The text of every page by its place below the folder."""
    return {
        README: index_page(told), HEADERS: headers_page(told), PARAMETERS: parameters_page(told),
        WAREHOUSE: warehouse_page(), WAREHOUSE_CONTRACT: warehouse_contract(), SEARCH: search_page(told),
        **dict(dataset_pages(told)), **dict(indicator_pages(told)), **dict(commitment_pages(told)),
        **dict(contract_pages(told)),
    }  # fmt: skip


def stale_pages(folder: Path, told: Facts | None = None) -> list[str]:
    """Places of pages that are not as their sources have it: changed, not there, or made of nothing any more."""
    return _stale(folder, pages_of(told or Facts.of_project()))


def write_dictionary(folder: Path, told: Facts | None = None) -> list[str]:
    """Make the folder's pages as their sources have it; the places of those that were written or removed.

    What lies in the folder and is no page of ours stays.
    """
    pages = pages_of(told or Facts.of_project())
    stale = _stale(folder, pages)
    for place in stale:
        path = folder / place
        if place in pages:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(pages[place], "utf-8", newline="\n")
        else:
            path.unlink()
    return stale


def _stale(folder: Path, pages: dict[str, str]) -> list[str]:
    there = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in sorted(folder.rglob("*"))
             if path.suffix in SUFFIXES and path.is_file()}  # fmt: skip
    changed = (place for place, text in pages.items() if there.get(place) != text)
    orphaned = (place for place, text in there.items() if place not in pages and NOTICE in text)
    return sorted({*changed, *orphaned})
