"""The page of a commitment: what is promised, how that is read and measured, and the names that units may write."""

from __future__ import annotations

from collections.abc import Iterator

from assets.reports.dictionary.facts import Facts, Promise
from assets.reports.dictionary.markdown import (
    bullets,
    code,
    commitment_place,
    dataset_place,
    facts,
    indicator_place,
    lead,
    link,
    page,
    prose,
    section,
)
from assets.reports.dictionary.words import word
from assets.reports.scorecard_lines import target_text

LEDGER = "work_items"


def commitment_pages(told: Facts) -> Iterator[tuple[str, str]]:
    """Place and text of the page of every commitment of every plan."""
    for promise in told.promises:
        yield commitment_place(promise.year, promise.commitment.id), _page(told, promise)


def datasets_of(told: Facts, promise: Promise) -> tuple[str, ...]:
    """The datasets that a commitment's indicators need, each once."""
    names = (name for each in promise.commitment.indicator for name in told.definitions[each].datasets)
    return tuple(dict.fromkeys(names))


def _page(told: Facts, promise: Promise) -> str:
    c, here = promise.commitment, commitment_place(promise.year, promise.commitment.id)
    return page(
        f"{prose(c.name_zh)} {code(c.id)}",
        lead(c.name_en, here),
        facts(_facts(told, promise)),
        section("怎样计量 How it is measured", bullets(_measured(told, promise, here))),
        section("报表 Datasets", bullets(
            f"{link(told.contracts[name].name_zh, dataset_place(name), here)} {code(name)}"
            for name in datasets_of(told, promise))),
        section(_names_heading(promise), bullets(map(prose, c.matches))),
    )  # fmt: skip


def _facts(told: Facts, promise: Promise) -> Iterator[tuple[str, str]]:
    c = promise.commitment
    yield "要点 Plan", prose(f"{told.plans[promise.year].meta.title}，第 {c.article} 条")
    yield "目标 Target", prose(target_text(c))
    yield "读法 Reading", prose(c.choice)
    yield "对谁判定 Judged for", "、".join(word("scopes", each) for each in c.scope)
    yield "依据 Judged on", word("judged_on", c.judged_on)
    yield "期限 Deadline", c.deadline.isoformat()
    yield "责任科室 Office", prose(c.office)


def _measured(told: Facts, promise: Promise, here: str) -> Iterator[str]:
    """The indicators that have to keep it, each with its definition, and the one whose extreme is told beside."""
    c = promise.commitment
    for name in (*c.indicator, *([c.worst] if c.worst else [])):
        definition = told.definitions[name]
        item = next((old for year, old in definition.earlier if year == promise.year), definition.indicator)
        role = "" if name in c.indicator else "在旁列出最差值："
        yield f"{role}{link(item.name_zh, indicator_place(name), here)} {code(name)}：{prose(item.definition_zh)}"


def _names_heading(promise: Promise) -> str:
    measure = promise.commitment.measure
    is_ledger = measure is not None and measure.source == LEDGER
    return "台账写法 Names in the work ledger" if is_ledger else "名称 Names"
