"""The page of a dataset: who sends it and when, its columns with every header, its rules, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from assets.indicators.registry import THEMES
from assets.reports.dictionary.facts import Facts
from assets.reports.dictionary.markdown import (
    bullets,
    code,
    contract_place,
    dataset_place,
    facts,
    indicator_place,
    lead,
    link,
    page,
    prose,
    section,
    table,
)
from assets.reports.dictionary.words import load_words, word
from expectations.contract import CodeValue, Column, Contract, Expected
from expectations.rule import Rule, rules_of
from warehouse.words import SEVERITIES

_SHORT = 8  # values of a code list that stand in the table of columns; longer lists stand below it


def dataset_pages(told: Facts) -> Iterator[tuple[str, str]]:
    """Place and text of every dataset's page."""
    for name, contract in told.contracts.items():
        yield dataset_place(name), _page(told, contract)


def _page(told: Facts, contract: Contract) -> str:
    here, rules = dataset_place(contract.dataset), rules_of(contract)
    return page(
        f"{prose(contract.name_zh)} {code(contract.dataset)}",
        lead(contract.name_en, here),
        f"> {prose(contract.purpose_zh)}\n>\n> {prose(contract.purpose)}",
        facts(_facts(contract)),
        f"完整契约 Whole contract：{link('ODCS 3.2', contract_place(contract.dataset), here)}",
        section(f"栏目 Columns（{len(contract.columns)}）", _columns(contract)),
        section("代码表 Code lists", *_code_lists(contract)),
        section(f"校验规则 Rules（{len(rules)}）", *_rules(contract, rules)),
        section("用到它的指标 Indicators made of it", *_indicators(told, contract)),
    )  # fmt: skip


def _facts(contract: Contract) -> Iterator[tuple[str, str]]:
    share, rows = contract.returned_above
    yield "由谁报送 Sender", "；".join(expected_text(each) for each in contract.expected)
    yield "一行是 One row", f"{prose(contract.grain_zh)} · {prose(contract.grain)}"
    yield "主键 Key", _titles(contract, contract.key) or "没有（none）"
    yield "报告期 Period", period_text(contract)
    yield "报送方式 Delivery", word("delivery", contract.delivery)
    yield "没有报送 Missing file", word("missing", contract.missing)
    yield "主键相同 Same key", word("same_key", contract.same_key_elsewhere) if contract.key else ""
    yield "整件退回 Returned", f"必须修改的行超过 {share * 100:g}% 且不少于 {rows} 行时。"
    yield "标题写法 Titles", prose("、".join(contract.titles))
    groups = (f"{name}：{'、'.join(codes)}" for name, codes in contract.kind_groups.items())
    yield "类别分组 Groups of kinds", prose("；".join(groups))


def expected_text(expected: Expected) -> str:
    """Who sends it by when: 十个填报单位，9月20日前（秋季学期）."""
    when = _day(expected.due) if "-" in expected.due else f"次月{int(expected.due)}日"
    term = f"（{word('terms', expected.period)}）" if expected.period else ""
    return f"{word('senders', expected.sender)}，{'次年' if expected.next_year else ''}{when}前{term}"


def _day(due: str) -> str:
    month, day = due.split("-")
    return f"{int(month)}月{int(day)}日"


def period_text(contract: Contract) -> str:
    """What one period of the dataset is."""
    kinds = {"term" if name == "term" else contract.column(name).type for name in contract.period}
    return word("periods", "term" if "term" in kinds else kinds.pop())


def _titles(contract: Contract, names: tuple[str, ...]) -> str:
    return "、".join(f"{prose(contract.column(name).title)} {code(name)}" for name in names)


def _columns(contract: Contract) -> str:
    heads = ("表头 Header", "列名 Column", "其他写法 Other spellings", "说明", "Meaning", "类型 Type", "单位", "必填",
             "取值 Values")  # fmt: skip
    return table(heads, (_column(contract, column) for column in contract.columns))


def _column(contract: Contract, column: Column) -> tuple[str, ...]:
    needed = "必填" if column.required else "须有此列" if column.is_column_required else ""
    keyed = "主键" if column.name in contract.key else ""
    return (
        prose(column.title), code(column.name), prose("；".join(column.headers[1:])), prose(column.description_zh),
        prose(column.description), word("types", column.type), prose(column.unit),
        "，".join(filter(None, (needed, keyed))), "；".join(_notes(contract, column)),
    )  # fmt: skip


def _notes(contract: Contract, column: Column) -> Iterator[str]:
    """What a cell may hold, and what is taken where it is empty."""
    labels = [prose(value_text(value)) for value in column.values]
    if len(labels) > _SHORT:
        yield f"[{len(labels)} 种](#{column.name})"
    elif labels:
        yield "、".join(labels)
    if column.form or column.pattern:
        yield prose(column.form) or code(column.pattern)
    if column.filled_from:
        places = load_words()["filled_from"]
        told = "、".join(places.get(name) or contract.column(name).title for name in column.filled_from)
        yield f"没有此列时取自{prose(told)}"
    if column.default:
        yield f"空为{prose(column.default)}"
    if column.applies_to:
        yield f"只问{'、'.join(column.applies_to)}类学校"
    if column.key_else:
        yield f"空时以{prose(contract.column(column.key_else).title)}代入主键"


def value_text(value: CodeValue) -> str:
    """A value of a code list as it is stored, with its label where that is another."""
    return value.value if value.label == value.value else f"{value.value} {value.label}"


def _code_lists(contract: Contract) -> Iterator[str]:
    """Lists that are long or have other spellings, each under the name of its column."""
    for column in contract.columns:
        if len(column.values) > _SHORT or any(value.spellings for value in column.values):
            yield f"### {column.name}\n\n{prose(column.title)}：\n\n{bullets(_values(contract, column))}"


def _values(contract: Contract, column: Column) -> Iterator[str]:
    """One line per value; those that hold beside one value of another column stand behind its name."""
    for value in column.values:
        beside = f"（{prose(contract.column(column.read_with).title)}为{prose(value.beside)}）" if (
            value.beside and column.read_with) else ""  # fmt: skip
        written = f"：也写作 {prose('、'.join(value.spellings))}" if value.spellings else ""
        yield f"{prose(value_text(value))}{beside}{written}"


def _rules(contract: Contract, rules: tuple[Rule, ...]) -> Iterator[str]:
    """What the contract says beside its columns first, then what follows from the columns themselves."""
    written = {item["name"] for item in contract.quality}
    heads = ("规则 Rule", "级别 Severity", "问题 Message", "修改办法 How to fix", "依据 Because")
    for title, are_written in (("本报表的规则 Of this dataset", True), ("由栏目而来的规则 From its columns", False)):
        rows = [_rule(contract, rule) for rule in rules if (rule.id in written) == are_written]
        if rows:
            yield f"**{title}**\n\n{table(heads, rows)}"


def _rule(contract: Contract, rule: Rule) -> tuple[str, ...]:
    shown = Placeholders(contract)
    told = SEVERITIES[rule.severity] + ("，每件只提一次" if rule.per_file else "")
    message, cure = rule.message.format_map(shown), rule.how_to_fix.format_map(shown)
    return code(rule.id), told, prose(message), prose(cure), prose(rule.because)


class Placeholders(dict[str, str]):
    """Words for the places that a message fills from the row: the header of the column in brackets."""

    def __init__(self, contract: Contract) -> None:
        super().__init__(fault="〔差错〕", nearest="")
        self._contract = contract

    def __missing__(self, name: str) -> str:
        column, _, helper = name.partition("__")
        if helper in {"unread", "doubt"}:
            return "〔所填〕"
        return f"〔{self._contract.column(column).title}〕" if self._contract.has(column) else "〔表头〕"


def _indicators(told: Facts, contract: Contract) -> Iterator[str]:
    here = dataset_place(contract.dataset)
    using = sorted(told.using_dataset(contract.dataset), key=lambda each: [*THEMES].index(each.indicator.theme))
    for theme, found in groupby(using, key=lambda each: each.indicator.theme):
        items = [link(each.indicator.name_zh, indicator_place(each.indicator.id), here) for each in found]
        yield f"**{THEMES[theme]}**\n\n{bullets(items)}"
    if not using:
        yield "没有指标直接用到它。No indicator needs it."
