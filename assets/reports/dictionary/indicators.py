"""The page of an indicator: its definition in both languages, how it is computed, and what refers to it."""

from __future__ import annotations

from collections.abc import Iterator

from assets.indicators.catalogue import Indicator, Need
from assets.indicators.registry import THEMES
from assets.plans.gap import NO_WORK
from assets.reports.dictionary.facts import Definition, Facts
from assets.reports.dictionary.markdown import (
    PARAMETERS,
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
from assets.reports.dictionary.parameters import values_text
from assets.reports.dictionary.words import word
from assets.reports.scorecard_lines import target_text
from warehouse.words import FACT_LEVELS


def indicator_pages(told: Facts) -> Iterator[tuple[str, str]]:
    """Place and text of every indicator's page, those that plans define among them."""
    for name, definition in told.definitions.items():
        yield indicator_place(name), _page(told, definition)


def _page(told: Facts, definition: Definition) -> str:
    item, here = definition.indicator, indicator_place(definition.indicator.id)
    return page(
        f"{prose(item.name_zh)} {code(item.id)}",
        lead(item.name_en, here),
        prose(item.definition_zh),
        "\n>\n".join(f"> {prose(part)}" for part in item.definition_en.split("\n\n") if part),
        facts(_facts(definition)),
        section("报表 Datasets", bullets(_need(told, need, here) for need in item.needs)),
        section("参数 Parameters", bullets(_parameter(told, name, here) for name in definition.parameters)),
        section("任务 Commitments", bullets(_promises(told, item.id, here))),
        section("以前的要点 Earlier plans", bullets(f"{year} 年：{prose(old.name_zh)}（{prose(old.unit)}）。"
                                               f"{prose(old.definition_zh)}" for year, old in definition.earlier)),
    )  # fmt: skip


def _facts(definition: Definition) -> Iterator[tuple[str, str]]:
    item = definition.indicator
    yield "主题 Theme", THEMES[item.theme]
    yield "算法 Formula", word("formulas", definition.formula)
    yield "单位 Unit", prose(item.unit)
    yield "分子 Counted", prose(item.counted)
    yield "层级 Levels", "、".join(FACT_LEVELS[grain] for grain in item.grains)
    yield "差距 Gap", _gap(item)
    yield "出处 Source", prose(item.source)


def _gap(item: Indicator) -> str:
    """In what the distance to a target is told."""
    if item.work == NO_WORK:
        return "不折算成工作量。Not told in units of work."
    return prose(f"{item.work.verb_zh}多少{item.work.noun_zh}" if item.work else f"差多少{item.counted}")


def _need(told: Facts, need: Need, here: str) -> str:
    term = f"，{word('terms', need.term)}" if need.term else ""
    optional = "，没有也可计算，数值为初报" if need.optional else ""
    name = told.contracts[need.dataset].name_zh
    return f"{link(name, dataset_place(need.dataset), here)} {code(need.dataset)}{term}{optional}"


def _parameter(told: Facts, name: str, here: str) -> str:
    parameter = told.parameters[name]
    return f"{link(parameter.name_zh, f'{PARAMETERS}#{name}', here)} {code(name)}：{values_text(told, parameter)}"


def _promises(told: Facts, indicator_id: str, here: str) -> Iterator[str]:
    for promise in told.using_indicator(indicator_id):
        c = promise.commitment
        goal = prose(target_text(c)) if indicator_id in c.indicator else "在旁列出最差值"
        name = link(f"{promise.year} 年第 {c.article} 条 {c.name_zh}", commitment_place(promise.year, c.id), here)
        yield f"{name} {code(c.id)}：{goal}"
