"""The facts that the generator rests on, read from the YAML and CSV files in `reference/`.

Not here: what is made of them; each theme (schools, aid, sports …) has a module of its own.
"""

from __future__ import annotations

import csv
import functools
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import yaml

FOLDER = Path(__file__).parent / "reference"
PREFECTURE = "433100"
JISHOU = "433101"
OWN_SCHOOLS = "433170"
ZONE = "433171"


@dataclass(frozen=True)
class Writer:
    """How one unit, or the bureau, writes its files: spellings, date form, file formats.

    `sparse`: it leaves cells empty that say what goes without saying.
    """

    code: str
    name: str
    office: str
    header: int
    date: Literal["iso", "slash", "dot", "zh", "compact", "cell"]
    yes_no: list[str]
    county: str
    township: Literal["code", "code12", "name"]
    grade: int | str
    codes: Literal["code", "name"]
    school_year: str
    file: str
    big: str
    extras: list[str]
    money: str = "元"
    land: str = "㎡"
    books: str = "册"
    unit_in_header: bool = False
    big_title: bool = False
    total: bool = False
    blank_rows: bool = False
    numbers_as_text: bool = False
    omits_period: bool = False
    reversed: bool = False
    short_words: bool = False
    sparse: bool = False


@dataclass(frozen=True)
class Township:
    """One township-level division: 9-digit code, name, county, kind (镇 乡 街道 林场)."""

    code: str
    name: str
    county_code: str
    kind: str


@dataclass(frozen=True)
class Kind:
    """One kind of school: code prefix, word in its name, stages with their classes per grade, least number per unit."""

    kind: str
    name: str
    prefix: str
    word: str
    per_grade: dict[str, float]
    minimum: int


@functools.cache
def read_yaml(name: str) -> Any:
    """Content of one YAML file of the folder."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))


@functools.cache
def read_csv(name: str) -> list[dict[str, str]]:
    """Rows of one CSV file of the folder, as text."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@functools.cache
def writers() -> dict[str, Writer]:
    """The ten units and the bureau, by code."""
    return {facts["code"]: Writer(**facts) for facts in read_yaml("units")}


@functools.cache
def unit_codes() -> tuple[str, ...]:
    """Codes of the ten units, without the prefecture."""
    return tuple(code for code in writers() if code != PREFECTURE)


@functools.cache
def county_codes() -> tuple[str, ...]:
    """Codes of the eight counties."""
    return tuple(code for code in unit_codes() if code not in {OWN_SCHOOLS, ZONE})


def county_of(unit: str) -> str:
    """The county in which a unit's places lie."""
    return JISHOU if unit in {OWN_SCHOOLS, ZONE} else unit


@functools.cache
def townships() -> dict[str, tuple[Township, ...]]:
    """All townships, by county."""
    every = [Township(**row) for row in read_csv("townships")]
    return {county: tuple(t for t in every if t.county_code == county) for county in county_codes()}


@functools.cache
def kinds() -> dict[str, Kind]:
    """Kinds of school, by code."""
    found = {}
    for row in read_csv("kinds"):
        stages = dict(zip(row["stages"].split(), map(float, row["per_grade"].split()), strict=True))
        found[row["kind"]] = Kind(row["kind"], row["name"], row["prefix"], row["word"], stages, int(row["minimum"]))
    return found


@functools.cache
def rates(unit: str, year: int, table: str = "rates") -> dict[str, float]:
    """The shares at which a unit's figures of a year aim; a year without its own takes the nearest."""
    rows = [row for row in read_csv(table) if row["unit_code"] == unit]
    nearest = min(rows, key=lambda row: abs(int(row["year"]) - year))
    return {name: float(text) for name, text in nearest.items() if text and name not in {"unit_code", "year"}}


def rng(seed: int, *words: object) -> np.random.Generator:
    """A source of chance of its own for each topic, so that topics do not disturb each other."""
    return np.random.default_rng([seed, zlib.crc32("/".join(map(str, words)).encode())])


def quotas(wholes: dict[str, int], shares: dict[str, float]) -> dict[str, int]:
    """Part of each unit's whole by its share, rounded so that the sum over units is right too."""
    parts, carried = {}, 0.0
    for unit, whole in wholes.items():
        wanted = whole * shares[unit] + (carried if 0 < shares[unit] < 1 else 0)
        parts[unit] = min(whole, max(0, round(wanted)))
        if 0 < shares[unit] < 1:
            carried = wanted - parts[unit]
    return parts
