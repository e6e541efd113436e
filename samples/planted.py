"""Cases planted in the last year of a sample: what each named list of the product must find, and nothing else.

A file is written as its unit would write it, with a few rows changed; `planted.csv` says which: list, unit, file,
sheet, row and what is wrong there, never a person. Figures that a case moves are told to the truths. Not here: how
cases come about (`planted_rolls.py`, `planted_aid.py`, `planted_sports.py`, `planted_exams.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from samples.facts import read_yaml
from samples.files import Draft
from samples.tables import Mark, Table

Changes = Mapping[int, Mapping[str, Any]]


@dataclass(frozen=True)
class Place:
    """One row of `planted.csv`: where a list must find a row, and what is wrong there."""

    list: str
    unit: str
    file: str
    sheet: str
    row: int
    what: str


def facts(case: str) -> dict[str, Any]:
    """What is planted where: units, grades and amounts of a case."""
    found: dict[str, Any] = read_yaml("planted")[case]
    return found


def mark(name: str, row: int, case: str) -> Mark:
    """A mark that a list must find a row of a table, counted from 0, because of a case."""
    return Mark(name, row, read_yaml("planted")["what"][case])


def planted(table: Table, changes: Changes, marks: Iterable[Mark]) -> Table:
    """A table with some cells changed and marks added; the one that was given stays as it is."""
    columns = dict(table.columns)
    for name in {name for cells in changes.values() for name in cells}:
        columns[name] = list(columns[name])
    for row, cells in changes.items():
        for name, value in cells.items():
            columns[name][row] = value
    return replace(table, columns=columns, marks=(*table.marks, *marks))


def places(landing: Path, unit: str, table: Table, one: Draft) -> list[Place]:
    """Where the marked rows of a table stand in its file; the rows of text files are lines."""
    page = one.page
    first = len(page.over) + (2 if page.blank_rows else 1) + 1
    file, sheet = one.path.relative_to(landing).as_posix(), one.title if one.form == "xlsx" else ""
    return [Place(each.list, unit, file, sheet, first + each.row, each.what) for each in table.marks]


def write_places(path: Path, told: Iterable[Place]) -> int:
    """Writes `planted.csv`, by list and place, and returns its number of rows."""
    rows = sorted(told, key=lambda one: (one.list, one.file, one.row, one.what))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Place)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(one) for one in rows)
    return len(rows)
