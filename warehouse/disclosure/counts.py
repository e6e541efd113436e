"""The counts of a year behind the public tables, drawn as a picture of figures and sums.

Pupils and girls by stage, payments by term and project, and both sides of each public indicator of persons, by
reporting unit and prefecture. Boys, and those of a denominator who are not counted, follow and are protected as well.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml

from warehouse.disclosure.system import Key, Picture, Sum
from warehouse.schema.public import ALL

_LISTED = Path(__file__).with_name("public.yaml")
Kind = Literal["part", "ratio"]


@dataclass(frozen=True)
class Listed:
    """The indicators that are public: those of persons with how their two sides hang together, and the others."""

    persons: Mapping[str, Kind]
    things: tuple[str, ...]


@functools.cache
def listed() -> Listed:
    """What `public.yaml` lists."""
    found = yaml.safe_load(_LISTED.read_text("utf-8"))
    return Listed(found["persons"], tuple(found["things"]))


@dataclass(frozen=True)
class Tallies:
    """The counts of a year as the facts tell them, by unit, and the figures of units and prefecture."""

    prefecture: str
    enrolment: Mapping[tuple[str, str], tuple[int | None, int | None]] = field(default_factory=dict)
    """Pupils and girls by unit and stage."""
    aid: Mapping[tuple[str, str, str], int] = field(default_factory=dict)
    """Payments by unit, term and project."""
    figures: Mapping[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    """Numerator and denominator by indicator of persons and region."""


def picture_of(tallies: Tallies) -> Picture:
    """The counts, figures and sums of a year; which figures are shown is not decided in it."""
    counts: dict[Key, int] = {}
    for place, count in (*_pupils(tallies), *_payments(tallies)):
        for key in _with_totals(place, tallies.prefecture):
            counts[key] = counts.get(key, 0) + count
    figures: dict[Key, tuple[Key, ...]] = {key: (key,) for key in counts if "boys" not in key}
    for name, told in _figures(tallies):
        counts |= told
        figures[name] = tuple(told)
    return Picture(counts, figures, tuple(_sums(counts, tallies.prefecture)))


def _pupils(tallies: Tallies) -> Iterator[tuple[Key, int]]:
    for (unit, stage), (pupils, girls) in tallies.enrolment.items():
        if pupils is not None:
            yield ("pub_enrolment", "pupils", stage, unit), pupils
        if girls is not None:
            yield ("pub_enrolment", "girls", stage, unit), girls
        if pupils is not None and girls is not None and pupils >= girls:
            yield ("pub_enrolment", "boys", stage, unit), pupils - girls


def _payments(tallies: Tallies) -> Iterator[tuple[Key, int]]:
    return ((("pub_aid", term, project, unit), n) for (unit, term, project), n in tallies.aid.items())


def _with_totals(key: Key, prefecture: str) -> Iterable[Key]:
    *head, item, unit = key
    return ((*head, each, region) for each in (item, ALL) for region in (unit, prefecture))


def _figures(tallies: Tallies) -> Iterator[tuple[Key, dict[Key, int]]]:
    """Each figure of persons with the counts that it tells; one that is no whole number is told by its rest alone."""
    for (indicator, region), (numerator, denominator) in tallies.figures.items():
        sides = {"numerator": numerator, "denominator": denominator}
        if listed().persons[indicator] == "part" and None not in (numerator, denominator):
            sides["rest"] = max(denominator - numerator, Decimal(0))
        yield (
            ("pub_indicator", indicator, region),
            {
                ("pub_indicator", indicator, side, region): int(count)
                for side, count in sides.items()
                if count is not None
            },
        )


def _sums(counts: Mapping[Key, int], prefecture: str) -> Iterator[Sum]:
    """The sums over units, over stages and projects, of both sexes, and of a denominator's two sides."""
    for *head, item, region in counts:
        if region == prefecture:
            things = (*head, item)
            yield (*things, region), tuple(key for key in counts if key[:-1] == things and key[-1] != prefecture)
        if item == ALL:
            inner = (key for key in counts if key[:-2] == tuple(head) and key[-1] == region and key[-2] != ALL)
            yield (*head, item, region), tuple(inner)
    for key in counts:
        if key[1] == "pupils":
            yield key, tuple((key[0], measure, *key[2:]) for measure in ("girls", "boys"))
        if key[2] == "denominator":
            yield key, tuple((*key[:2], side, key[3]) for side in ("numerator", "rest"))
