"""Faults of a plan file told with file and line: reading YAML with exact numbers, and words for what is wrong.

What a plan may say stands in `plan.py`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from expectations.errors import PlanError


class _ExactLoader(yaml.CSafeLoader):
    """The safe loader, except that 0.57 stays 0.57: decimals are read from their text."""


def _exact(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal | str:
    text = str(loader.construct_scalar(node))
    try:
        return Decimal(text)
    except InvalidOperation:
        return text


_ExactLoader.add_constructor("tag:yaml.org,2002:float", _exact)


@dataclass(frozen=True)
class Source:
    """A YAML file: its data, and where each part of it stands."""

    name: str
    data: Any
    root: yaml.Node

    def line(self, place: Sequence[int | str]) -> int:
        """Line (from 1) of the deepest part of the place that the file holds."""
        node, line = self.root, self.root.start_mark.line
        for step in place:
            if (found := _step(node, step)) is not None:
                node, line = found
        return line + 1

    def fault(self, place: Sequence[int | str], message: str) -> str:
        """The message behind `file:line:`, as editors and terminals follow it."""
        return f"{self.name}:{self.line(place)}: {message}"


def read_source(path: Path) -> Source:
    """The file's data with exact decimals.

    Raises:
        PlanError: the file is not YAML, is empty, or a mapping of it has a key twice.
    """
    loader = _ExactLoader(path.read_text("utf-8"))
    try:
        root = loader.get_single_node()
        data = loader.construct_document(root) if root else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise PlanError((f"{path.name}:{mark.line + 1 if mark else 1}: 不是合法的 YAML：{error.problem}",)) from None
    finally:
        loader.dispose()
    if root is None:
        raise PlanError((f"{path.name}:1: 文件是空的",))
    if faults := tuple(f"{path.name}:{line + 1}: “{key}”写了两次" for key, line in _repeated(root)):
        raise PlanError(faults)
    return Source(path.name, data, root)


def explain(source: Source, error: ValidationError, models: Mapping[str, type[BaseModel]]) -> tuple[str, ...]:
    """Every fault that pydantic found as a Chinese sentence behind file and line, in the order of the file.

    `models` tells by the name of a part (`meta`, or the tag of a union) which fields it may have; `` is the whole.
    """
    details = sorted(error.errors(), key=lambda detail: source.line(detail["loc"]))
    places = {detail["loc"][:length] for detail in details for length in range(len(detail["loc"]))}
    details = [detail for detail in details if detail["loc"] not in places]  # a whole is not blamed for its part
    return tuple(source.fault(detail["loc"], _sentence(detail, models)) for detail in details)


def nearest_words(word: str, known: Sequence[str]) -> str:
    """The three known words nearest to the word, joined by 、."""
    return "、".join(difflib.get_close_matches(word, known, n=3, cutoff=0.0))


def _sentence(detail: ErrorDetails, models: Mapping[str, type[BaseModel]]) -> str:
    field, facts = str(detail["loc"][-1]) if detail["loc"] else "", detail.get("ctx", {})
    match detail["type"]:
        case "missing":
            return f"缺少 {field}"
        case "extra_forbidden":
            return f"不认识 {field}；相近的有 {nearest_words(field, _fields(detail['loc'], models))}"
        case "literal_error" | "union_tag_invalid":
            word = str(facts.get("tag", detail["input"]))
            words = re.findall("'([^']*)'", facts.get("expected") or facts["expected_tags"])
            field = str(facts.get("discriminator", field)).strip("'")
            return f"{field} 不能是“{word}”；相近的有 {nearest_words(word, words)}"
        case "value_error":
            return str(facts["error"])
        case _:
            value = f"的值“{detail['input']}”" if isinstance(detail["input"], str | int | Decimal) else ""
            return f"{field} {value}不合要求：{detail['msg']}"


def _fields(place: Sequence[int | str], models: Mapping[str, type[BaseModel]]) -> list[str]:
    """Names that may stand where the last step of the place stands."""
    part = next((step for step in reversed(place[:-1]) if step in models), "")
    return [field.alias or name for name, field in models[str(part)].model_fields.items()]


def _step(node: yaml.Node, step: int | str) -> tuple[yaml.Node, int] | None:
    """The part of a node and its line; None for steps that the file does not hold (tags, missing fields)."""
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line
    if isinstance(node, yaml.MappingNode):
        return next(((value, key.start_mark.line) for key, value in node.value if key.value == step), None)
    return None


def _repeated(node: yaml.Node) -> Iterator[tuple[str, int]]:
    """Keys that stand twice in one mapping and the line (from 0) of the second; YAML keeps the last in silence."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key.value, key.start_mark.line
            seen.add(str(key.value))
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated(value)
