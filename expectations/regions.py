"""Regions: the prefecture, its ten reporting units, its counties and townships, with every spelling of them.

The facts stand in `reference/units.yaml` and `reference/townships.csv`. Which folder may speak for whom is decided
where submissions are judged, not here.
"""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "reference"
PREFECTURE = "433100"
JISHOU = "433101"


@dataclass(frozen=True)
class Unit:
    """One reporting unit; `is_county` is false for the prefecture's own schools and the zone."""

    code: str
    name_zh: str
    name_en: str
    is_county: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Township:
    """One township-level division: 9-digit code, name, county, kind (镇 乡 街道 林场), and the days of its use.

    A code lies in one county for ever; what is merged keeps its code with a last day and the code that took its place.
    No first day: it was there before all data; no last one: it is still in use.
    """

    code: str
    name: str
    county_code: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor_code: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, str]) -> Township:
        """A line of the reference file, whose last three columns may be empty."""
        first, last = (date.fromisoformat(day) if (day := row[name]) else None for name in ("valid_from", "valid_to"))
        place = (row["code"], row["name"], row["county_code"], row["kind"])
        return cls(*place, first, last, row["successor_code"] or None)


@dataclass(frozen=True)
class Regions:
    """All regions of the prefecture, looked up by code or by any of their spellings."""

    name_zh: str
    name_en: str
    prefecture_aliases: frozenset[str]
    units: tuple[Unit, ...]
    townships: tuple[Township, ...]

    @property
    def unit_codes(self) -> tuple[str, ...]:
        """The codes of the ten units, in their official order."""
        return tuple(unit.code for unit in self.units)

    @property
    def county_codes(self) -> tuple[str, ...]:
        """The codes of the eight counties."""
        return tuple(unit.code for unit in self.units if unit.is_county)

    @functools.cached_property
    def unit_by_spelling(self) -> Mapping[str, str]:
        """Code of a unit by its code, name or alias, as a 县市 cell may write it (州直's spellings include 433100)."""
        return {name: unit.code for unit in self.units for name in (unit.code, unit.name_zh, *unit.aliases)}

    @functools.cached_property
    def name_of(self) -> Mapping[str, str]:
        """Chinese name by region code, prefecture, units and townships alike."""
        names = {unit.code: unit.name_zh for unit in self.units}
        return {PREFECTURE: self.name_zh, **names, **{t.code: t.name for t in self.townships}}

    @staticmethod
    def county_of(unit_code: str) -> str:
        """The county in which a unit's places lie: 吉首市 for the prefecture's own schools and the zone."""
        return JISHOU if unit_code in {"433170", "433171"} else unit_code


@functools.cache
def load_regions(folder: Path = FOLDER) -> Regions:
    """The regions as the project's reference files give them."""
    facts = yaml.safe_load((folder / "units.yaml").read_text("utf-8"))
    with (folder / "townships.csv").open(encoding="utf-8", newline="") as file:
        townships = tuple(map(Township.of, csv.DictReader(file)))
    units = tuple(
        Unit(str(u["code"]), u["name_zh"], u["name_en"], u["is_county"], tuple(map(str, u["aliases"])))
        for u in facts["units"]
    )
    head = facts["prefecture"]
    return Regions(head["name_zh"], head["name_en"], frozenset(head["aliases"]), units, townships)
