"""The search of the dictionary: one HTML file that needs nothing beside it and works without a network.

Its layout is `search.html`, what it does `search.js`; both, and the index of all names, are put into the one file. An
entry of the index is a line of the file, so that a change is seen in a diff.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from itertools import groupby
from pathlib import Path

import jinja2

from assets.reports.dictionary.datasets import Placeholders, period_text, value_text
from assets.reports.dictionary.facts import Facts
from assets.reports.dictionary.markdown import (
    MARK,
    PARAMETERS,
    WAREHOUSE,
    commitment_place,
    dataset_place,
    indicator_place,
)
from assets.reports.dictionary.parameters import values_text
from assets.reports.dictionary.words import word
from assets.reports.scorecard_lines import target_text
from expectations.contract import Column, Contract
from expectations.rule import rules_of
from warehouse.analyst import VIEWS
from warehouse.described import comment_parts, view_columns
from warehouse.schema import metadata

FOLDER = Path(__file__).parent
Link = tuple[str, str]


@dataclass(frozen=True)
class Entry:
    """One thing that can be found: its kind, names, what is told of it, further spellings, and links to its pages."""

    kind: str
    name: str
    id: str
    english: str
    text: str
    words: tuple[str, ...]
    links: tuple[Link, ...]


def search_page(told: Facts) -> str:
    """The page as HTML text."""
    entries = tuple(index_entries(told))
    script = (FOLDER / "search.js").read_text("utf-8")
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    return environment.get_template("search.html").render(
        mark=MARK, index=index_text(entries), script=script, script_hash=_digest(script),
        kinds=tuple(dict.fromkeys(entry.kind for entry in entries)), count=len(entries),
    )  # fmt: skip


def _digest(script: str) -> str:
    """What the page's policy names its only script by: nothing else may run in it, nor be fetched."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}"


def index_text(entries: Iterable[Entry]) -> str:
    """The index as JSON, an entry per line; no text of it can end the element that holds it."""
    lines = (json.dumps(astuple(entry), ensure_ascii=False, separators=(",", ":")) for entry in entries)
    return "[\n" + ",\n".join(lines).replace("<", "\\u003c") + "\n]"


def index_entries(told: Facts) -> Iterator[Entry]:
    """Everything that can be found, kind by kind."""
    yield from _datasets(told)
    yield from _columns(told)
    yield from _indicators(told)
    yield from _commitments(told)
    yield from _parameters(told)
    yield from _rules(told)
    yield from _tables()


def _datasets(told: Facts) -> Iterator[Entry]:
    for c in told.contracts.values():
        yield Entry("报表", c.name_zh, c.dataset, c.name_en, f"{c.purpose_zh}{period_text(c)}。{c.purpose}",
                    c.titles, ((c.name_zh, dataset_place(c.dataset)),))  # fmt: skip


def _columns(told: Facts) -> Iterator[Entry]:
    """One entry for a column that is the same in several datasets, with a link to each of them."""
    rows = [(column, contract) for contract in told.contracts.values() for column in contract.columns]
    rows.sort(key=lambda row: (row[0].name, *_column_texts(row[0])))
    for _, found in groupby(rows, key=lambda row: (row[0].name, *_column_texts(row[0]))):
        same = list(found)
        column = same[0][0]
        english, text = _column_texts(column)[:2]
        yield Entry("栏目", column.title, column.name, english, text, column.headers[1:],
                    tuple(_dataset_link(contract) for _, contract in same))  # fmt: skip


def _column_texts(column: Column) -> tuple[str, ...]:
    values = f"：{'、'.join(map(value_text, column.values))}" if column.values else ""
    unit = f"，{column.unit}" if column.unit else ""
    text = f"{column.description_zh}。{word('types', column.type)}{unit}{values}"
    return column.description, text, *column.headers


def _dataset_link(contract: Contract) -> Link:
    return contract.name_zh, dataset_place(contract.dataset)


def _indicators(told: Facts) -> Iterator[Entry]:
    for definition in told.definitions.values():
        i = definition.indicator
        yield Entry("指标", i.name_zh, i.id, i.name_en, f"（{i.unit}）{i.definition_zh}", (),
                    ((i.name_zh, indicator_place(i.id)),))  # fmt: skip


def _commitments(told: Facts) -> Iterator[Entry]:
    for promise in told.promises:
        c = promise.commitment
        yield Entry("任务", c.name_zh, c.id, c.name_en,
                    f"{promise.year} 年要点第 {c.article} 条，{target_text(c)}。{c.choice}", c.aliases,
                    ((c.name_zh, commitment_place(promise.year, c.id)),))  # fmt: skip


def _parameters(told: Facts) -> Iterator[Entry]:
    for p in told.parameters.values():
        yield Entry("参数", p.name_zh, p.name, "", f"{p.text_zh}{values_text(told, p)}。", (),
                    ((p.name_zh, f"{PARAMETERS}#{p.name}"),))  # fmt: skip


def _rules(told: Facts) -> Iterator[Entry]:
    """The rules that contracts write; those that follow from columns say only that a cell is filled or readable."""
    for contract in told.contracts.values():
        written, shown = {item["name"] for item in contract.quality}, Placeholders(contract)
        for rule in rules_of(contract):
            if rule.id in written:
                yield Entry("规则", rule.message.format_map(shown), rule.id, "", rule.how_to_fix.format_map(shown), (),
                            (_dataset_link(contract),))  # fmt: skip


def _tables() -> Iterator[Entry]:
    for table in metadata.tables.values():
        chinese, english = comment_parts(table.comment)
        yield Entry("库表", chinese, table.name, english, "", tuple(table.c.keys()),
                    ((table.name, f"{WAREHOUSE}#{table.name}"),))  # fmt: skip
    for view in VIEWS:
        chinese, english = comment_parts(view.comment)
        for name in (view.name_en, view.name_zh):
            columns = tuple(c.name_en if name == view.name_en else c.name_zh for c in view_columns(view))
            yield Entry("视图", chinese, name, english, "", columns, ((name, f"{WAREHOUSE}#{view.name_en}"),))
