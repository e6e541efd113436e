"""Faults: what may befall a clean row, one at least for each rule, written from the definition of its columns.

A fault aimed at a rule must be told by that rule. Others are only counted: who swaps two numbers that nothing ties
together has done nothing that a rule could see. What is harmless must not be told. Facts are in `faults.yaml`;
befalling rows is `trial.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

from assets.intake.clean import DIFFERS
from assets.intake.identity import check_character
from expectations.contract import Column, Contract
from expectations.regions import Regions
from expectations.rule import Rule, rules_of

Cells = Mapping[str, str | None]
Change = Callable[[Cells, str], Cells]
"""The delivered cells of a row that come out otherwise, of its cells and its unit."""
OTHERS = 4
"""So many columns of a dataset meet each kind of fault that is aimed at no rule."""
OF_CELLS = 12
"""So many cells of forms are one off beside: of these many are tied to a total, not all."""
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_LIKE_NUMBERS = frozenset({"int", "yuan", "m2", "decimal", "date", "year", "bool", "enum", "code"})


@dataclass(frozen=True, eq=False)
class Fault:
    """One fault: delivered cells that change (`cells`), or values after reading, helper columns included (`values`).

    `rule_id` is the rule that must tell it; none: any may. `column` must be filled in the row that it befalls; where no
    row has it filled, `values` take the place of `cells`. `copied`: the row comes again, in the same file or another.
    """

    kind: str
    rule_id: str = ""
    column: str = ""
    cells: Change | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    copied: str = ""
    is_harmless: bool = False


@functools.cache
def facts() -> Mapping[str, Any]:
    """The kinds of faults with their Chinese names, and what cells look like."""
    found: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("faults.yaml").read_text("utf-8"))
    return found


def faults_of(contract: Contract, regions: Regions) -> Iterator[Fault]:
    """All faults of a dataset: those aimed at a rule in the order of the rules, then the others, then what is harmless.

    A rule that none is aimed at is not proved.
    """
    for rule in rules_of(contract):
        yield from _of_examples(rule) if rule.examples else _of_definition(contract, rule, regions)
    yield from _others(contract)
    yield from _harmless(contract)


def _of_examples(rule: Rule) -> Iterator[Fault]:
    examples = rule.examples or {}
    for values in examples["fail"]:
        yield Fault("example", rule.id, values=values)
    for values in (*examples["pass"], *examples.get("limit", ())):
        yield Fault("example", rule.id, values=values, is_harmless=True)


def _of_definition(contract: Contract, rule: Rule, regions: Regions) -> Iterable[Fault]:
    """The fault of a rule that follows from the contract, by the last part of its name."""
    name = rule.columns[0]
    kind = rule.id.rpartition(".")[2]
    makers: Mapping[str, Callable[[], Fault]] = {
        "filled": lambda: _emptied(rule, contract.column(name)),
        "typed": lambda: _unreadable(rule, contract.column(name)),
        "to_the_day": lambda: _written(rule, "less_exact", name, facts()["less_exact"], "doubt"),
        "region_known": lambda: _written(rule, "unknown_region", name, _unknown_region(), "doubt"),
        "not_negative": lambda: Fault("negative", rule.id, name, lambda *_: {name: "-1"}, {name: -1}),
        "agree": lambda: Fault("headers_differ", rule.id, cells=_differing(contract)),
        "unique": lambda: Fault("copied", rule.id, copied="same"),
        "identical": lambda: Fault("copied", rule.id, copied="same"),
        "elsewhere": lambda: Fault("copied_elsewhere", rule.id, copied="other"),
        "listed": lambda: Fault("unknown_school", rule.id, cells=lambda *_: {name: facts()["unknown_school"]}),
        "dropped": lambda: Fault("dropped_school", rule.id, values={f"{name}__listed": "dropped"}),
        "listed_that_year": lambda: Fault("other_year", rule.id, values={f"{name}__listed": "other_year"}),
        "sources_agree": lambda: Fault("other_source", rule.id, values={f"{name}__agrees": "no"}),
        "in_workbook": lambda: Fault("other_source", rule.id, values={f"{name}__in_workbook": "no"}),
        "inside": lambda: Fault("other_county", rule.id, cells=lambda _, unit: {name: _other_town(regions, unit)}),
        "of_sender": lambda: Fault("other_county", rule.id, values={"sender": facts()["other_sender"]}),
    }
    return [makers[kind]()] if kind in makers else []


def _emptied(rule: Rule, column: Column) -> Fault:
    """An empty cell; what the file's name or folder would fill again is empty after reading."""
    is_told = column.default is not None or column.filled_from
    return Fault("emptied", rule.id, cells=None if is_told else lambda *_: {column.name: None},
                 values={column.name: None})  # fmt: skip


def _unreadable(rule: Rule, column: Column) -> Fault:
    kind = "lost_digit" if column.type == "id" else "unreadable"
    text = facts()["unreadable"]["enum" if column.values else column.type]
    is_any_text_read = column.type == "code" and not (column.pattern or column.check or column.values)
    fault = _written(rule, kind, column.name, text, "unread")
    return Fault(kind, rule.id, values=fault.values) if is_any_text_read else fault


def _written(rule: Rule, kind: str, name: str, text: str, helper: str) -> Fault:
    """A cell that says this; where no row holds the column, what intake would have made of it."""
    told = "region" if kind == "unknown_region" else text
    return Fault(kind, rule.id, name, lambda *_: {name: text}, {name: None, f"{name}__{helper}": told})


def _unknown_region() -> str:
    number: str = facts()["unknown_region"]
    return number[:17] + check_character(number[:17])


def _differing(contract: Contract) -> Change:
    name = next(column.name for column in contract.kept if not column.is_personal and not column.applies_to)
    return lambda *_: {f"{name}__doubt": DIFFERS}


def _other_town(regions: Regions, unit_code: str) -> str:
    home = regions.county_of(unit_code)
    return next(town.code for town in regions.townships if town.county_code != home)


def _others(contract: Contract) -> Iterator[Fault]:
    """Faults that no rule is named for: caught by any, or by none where nothing ties a number to others."""
    numbers = [column.name for column in contract.kept if column.is_number]
    for name in [*numbers[:OTHERS], *(numbers * OF_CELLS if contract.read_by == "codes" else ())]:
        yield Fault("off_by_one", column=name, cells=_changed(name, _one_more))
        yield Fault("lost_digit", column=name, cells=_changed(name, lambda text: text[:-1] if len(text) > 1 else text))
    for one, other in list(zip(numbers, numbers[1:], strict=False))[:OTHERS]:
        yield Fault("swapped", column=one, cells=_swapped(one, other))
    shown = [column.name for column in contract.kept if not column.is_personal]
    for start in range(0, len(shown) - 1, max(1, len(shown) // OTHERS)):
        yield Fault("shifted", column=shown[start], cells=_shifted(shown[start:]))


def _harmless(contract: Contract) -> Iterator[Fault]:
    """Cells that say the same in another writing."""
    names = [c.name for c in contract.kept if c.type in _LIKE_NUMBERS and not c.is_personal]
    for kind, write in (("padded", lambda text: f" {text} "), ("full_width", lambda text: text.translate(_WIDE))):
        yield Fault(kind, cells=_rewritten(names, write), is_harmless=True)


def _rewritten(names: Sequence[str], write: Callable[[str], str]) -> Change:
    return lambda cells, _: {name: write(text) for name in names if (text := cells.get(name)) is not None}


def _changed(name: str, change: Callable[[str], str]) -> Change:
    return lambda cells, _: {name: change(cells.get(name) or "")}


def _one_more(text: str) -> str:
    try:
        return str(Decimal(text) + 1)
    except InvalidOperation:
        return text


def _swapped(one: str, other: str) -> Change:
    return lambda cells, _: {one: cells.get(other), other: cells.get(one)}


def _shifted(names: Sequence[str]) -> Change:
    """Each cell one column further right, the first empty, the last lost: as after a cell that was inserted."""

    def change(cells: Cells, _: str) -> Cells:
        there = [name for name in names if name in cells]
        return dict(zip(there, [None, *(cells[name] for name in there)], strict=False))

    return change
