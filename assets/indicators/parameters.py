"""The named choices of policy that definitions depend on, read from `parameters.yaml`, and what a plan makes of them.

A threshold of the plan is one too: an indicator asks for it by name, and the figure says which value it was made with.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assets.indicators.errors import ParameterError

FILE = Path(__file__).with_name("parameters.yaml")

Value = bool | int | str | tuple[str, ...]


@dataclass(frozen=True)
class Parameter:
    """One choice: its Chinese name and text, what it may be, what it is when nothing is said, and where it is from."""

    name: str
    name_zh: str
    text_zh: str
    type: str
    default: Any
    source: str
    allowed: Any = None
    names: Mapping[str, list[str]] = field(default_factory=dict)

    def read(self, value: object) -> Value:
        """The value as formulas use it; a word that stands for a list becomes the list.

        Raises:
            ParameterError: the parameter may not take that value.
        """
        if self.type != "switch" and isinstance(value, bool):
            value = "yes" if value else "no"
        if isinstance(value, str) and value in self.names:
            value = self.names[value]
        if not _FITS[self.type](value, self.allowed):
            raise ParameterError(f"参数 {self.name}（{self.name_zh}）不能是 {value!r}；可取 {self._choices}。")
        return tuple(value) if isinstance(value, list | tuple) else value  # type: ignore[return-value]

    @property
    def _choices(self) -> str:
        if self.type == "number":
            return f"{self.allowed[0]} 至 {self.allowed[1]} 的整数"
        words = ["true", "false"] if self.type == "switch" else [*_listed(self.allowed), *self.names]
        return "、".join(words)


def _listed(allowed: Any) -> list[str]:
    return [allowed] if isinstance(allowed, str) else list(allowed)


def _some_of(value: Any, allowed: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and set(value) <= set(allowed)


def _codes(value: Any, allowed: Any) -> bool:
    return isinstance(value, list | tuple) and all(re.fullmatch(allowed, str(code)) for code in value)


_FITS: Mapping[str, Callable[[Any, Any], bool]] = {
    "one_of": lambda value, allowed: isinstance(value, str) and value in allowed,
    "some_of": _some_of,
    "number": lambda value, allowed: isinstance(value, int) and allowed[0] <= value <= allowed[1],
    "switch": lambda value, _: isinstance(value, bool),
    "codes": _codes,
}


@functools.cache
def load_parameters() -> Mapping[str, Parameter]:
    """Every parameter by name, each with a default that it may take."""
    items = yaml.load(FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)  # noqa: S506 - a safe loader
    return {item["name"]: Parameter(**item) for item in items}


@dataclass(frozen=True)
class Choices:
    """The value of every parameter for one year: a plan's where it chooses, else the default."""

    values: Mapping[str, Value]

    @classmethod
    def of(cls, chosen: Mapping[str, object] | None = None) -> Choices:
        """The choices of a plan.

        Raises:
            ParameterError: a parameter that we do not know, or a value that it may not take.
        """
        parameters, chosen = load_parameters(), chosen or {}
        if unknown := chosen.keys() - parameters.keys():
            raise ParameterError(f"没有参数 {'、'.join(sorted(unknown))}；现有 {'、'.join(parameters)}。")
        return cls({name: p.read(chosen.get(name, p.default)) for name, p in parameters.items()})

    def text(self, names: set[str]) -> str:
        """Those choices in one line, `name=value` each, as it stands beside a figure."""
        return "; ".join(f"{name}={_text(self.values[name])}" for name in sorted(names))


def _text(value: Value) -> str:
    if isinstance(value, tuple):
        return "、".join(value) or "no"
    return str(value).lower() if isinstance(value, bool) else str(value)
