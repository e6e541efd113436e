"""Who may be told an indicator, and what its two sides count, as `indicators.yaml` says of each."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

_LISTED = Path(__file__).with_name("indicators.yaml")
Readers = Literal["public", "analysts", "prefecture"]
Kind = Literal["part", "ratio", "per", "things"]
Side = tuple[str, str]
"""An indicator and one of its sides: numerator, denominator or rest."""


@dataclass(frozen=True)
class Listed:
    """An indicator's readers (`prefecture`: analysts, of the prefecture alone), its kind, and the factor of persons."""

    readers: Readers
    kind: Kind
    times: int = 1


UNLISTED = Listed("analysts", "part")


@functools.cache
def listed(indicator_id: str) -> Listed:
    """What the list says of an indicator; of one that it does not name, the most careful that analysts are told."""
    for readers, kind, line in lines():
        if _star(line, indicator_id) is not None:
            times = (n for named, n in _file()["times"].items() if _star(named, indicator_id) is not None)
            return Listed(readers, kind, next(times, 1))
    return UNLISTED


@functools.cache
def money_of(indicator_id: str) -> str | None:
    """The indicator of the persons to whom the money of this one went; None where none is told, or it is no money."""
    found = ((_star(line, indicator_id), persons) for line, persons in _file()["money_of"].items())
    return next((persons.replace("*", star) for star, persons in found if star is not None), None)


@functools.cache
def outside(inner: Side) -> tuple[Side, ...]:
    """The sides of other indicators within which all that this one counts is counted, too."""
    told = [(_star(line, inner[0]), outer, side) for line, mine, outer, side in _file()["within"] if mine == inner[1]]
    return tuple((outer.replace("*", star), side) for star, outer, side in told if star is not None)


def lines() -> Iterator[tuple[Readers, Kind, str]]:
    """Every line of the list, in order."""
    for readers in ("public", "analysts", "prefecture"):
        for kind, named in _file()[readers].items():
            yield from ((readers, kind, line) for line in named)


@functools.cache
def _file() -> dict[str, Any]:
    return dict(yaml.safe_load(_LISTED.read_text("utf-8")))


def _star(line: str, indicator_id: str) -> str | None:
    """What the asterisk stands for where the line fits, '' where it has none; None where it does not fit."""
    found = re.fullmatch(re.escape(line).replace(r"\*", "(.+)"), indicator_id)
    return None if found is None else "".join(found.groups())
