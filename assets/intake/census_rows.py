"""Rows of school, enrolment, staff and facilities made of the forms of one census workbook, each cell with its place.

A row is made only where what its contract cannot do without stands in the forms; the cells themselves are kept in any
case. An empty cell stays empty. Finding the cells is `census_sheet.py`; which of them fill what is told by the layouts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from assets.intake.cells import listed, number, plain
from assets.intake.census_sheet import FormSheet
from assets.intake.clean import FACTORS, by_spelling
from expectations.contract import Column, Contract
from expectations.forms import FIRST, OF_KIND, TOP, Fill, Named, named, stage_of

UNITS = {"yuan": ("万元", "元"), "m2": ("亩", "平方米", "㎡"), "int": ("万册",)}
"""Units by the type of a column, those that contain another first."""
TEACHING_POINT = "218"
"""Its row in the school list names the school that it belongs to, which no form does."""
_CENT = Decimal("0.01")


class Found(NamedTuple):
    """The text of a cell, and where it stands: sheet and place."""

    text: str
    sheet: str
    place: str


@dataclass
class MadeRow:
    """A row of a dataset: what stands in its columns, and where."""

    cells: dict[str, Found] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        """Its texts by column, without empty ones."""
        return {**self.told, **{name: found.text for name, found in self.cells.items()}}

    @property
    def places(self) -> dict[str, str]:
        """The place of each filled column, as sheet!D7."""
        return {name: f"{found.sheet}!{found.place}" for name, found in self.cells.items()}


def boxes_of(sheet: FormSheet, contract: Contract) -> dict[str, Found]:
    """What the boxes of the form that names the school say, by column of the school list; empty ones are left out."""
    found: dict[str, Found] = {}
    for name, text in sheet.form.boxes.items():
        box = _box(sheet, contract.column(name), named(text), {one.place for one in found.values()})
        if box:
            found[name] = box
    return found


def rows_of(
    sheets: Sequence[FormSheet], school: Mapping[str, Found], kind: str, contracts: Mapping[str, Contract]
) -> dict[str, list[MadeRow]]:
    """The rows of every dataset that the workbook fills."""
    fills = [(sheet, fill) for sheet in sheets for fill in sheet.form.fills]
    made: dict[str, list[MadeRow]] = {"school": [MadeRow(dict(school))]}
    for table in ("enrolment", "staff", "facilities"):
        mine = [(sheet, fill) for sheet, fill in fills if fill.table == table]
        made[table] = list(_rows(mine, contracts[table], kind))
    if kind == TEACHING_POINT:
        made["school"] = []
    whole = {table: _whole(rows, contracts[table]) for table, rows in made.items()}
    return {table: rows for table, rows in whole.items() if rows}


def code_of(column: Column, text: str) -> str:
    """The code of a code list that a text means, as `clean.py` reads it; the text itself where it means none."""
    found = listed(by_spelling(column))(text).value
    return text if found is None else str(found)


def _rows(fills: Iterable[tuple[FormSheet, Fill]], contract: Contract, kind: str) -> Iterator[MadeRow]:
    """One row for each stage and grade that the fills name, in the order of the contract's grades."""
    rows: dict[tuple[str, str], MadeRow] = {}
    ends: list[tuple[str, str, dict[str, Found]]] = []
    for sheet, fill in fills:
        stage = stage_of(kind) if fill.stage == OF_KIND else fill.stage
        found = _filled(sheet, fill, contract)
        if fill.stage and not stage:
            continue  # a form of all stages of the school together
        if fill.grade in {FIRST, TOP}:
            ends.append((stage, fill.grade, found))
        elif found:
            told = {name: value for name, value in (("stage", stage), ("grade", fill.grade)) if value}
            rows.setdefault((stage, fill.grade), MadeRow(told=told)).cells.update(found)
    for stage, end, found in ends:
        there = {grade: row for (of, grade), row in rows.items() if of == stage}
        whole = _whole(there.values(), contract)
        grades = sorted(grade for grade, row in there.items() if any(row is one for one in whole))
        if grades:
            rows[stage, grades[0 if end == FIRST else -1]].cells.update(found)
    yield from rows.values()


def _filled(sheet: FormSheet, fill: Fill, contract: Contract) -> dict[str, Found]:
    found = {}
    for name, text in fill.cells.items():
        column, cells = contract.column(name), [one for one in sheet.at(named(text)) if one[0]]
        if cells:
            texts = [_in_unit(one, place, sheet, column) for one, place in cells]
            found[name] = Found(texts[0] if len(texts) == 1 else _sum(texts), sheet.name, cells[0][1])
    return found


def _whole(rows: Iterable[MadeRow], contract: Contract) -> list[MadeRow]:
    """The rows with all required columns that title or folder do not fill, and with any pupil at all in a grade."""
    required = {c.name for c in contract.columns if c.required} - {"school_code", "school_year"}
    found = [row for row in rows if row.cells and required <= row.values.keys()]
    if contract.dataset == "enrolment":
        return [row for row in found if plain(row.values.get("pupils", "0")) != "0"]
    return found


def _in_unit(text: str, place: str, sheet: FormSheet, column: Column) -> str:
    """The figure in the column's own unit, by the unit that the sheet names there, else by the layout's."""
    unit = sheet.unit_of(place, UNITS.get(column.type, ())) or sheet.form.units.get(column.name, "")
    factor, exact = FACTORS.get(unit), number(text)
    if factor is None or exact is None:
        return text
    whole = exact * factor
    return f"{whole.quantize(_CENT, ROUND_HALF_UP) if column.type == 'm2' else whole.normalize():f}"


def _sum(texts: Sequence[str]) -> str:
    """The sum of figures; the first of them that is none, where one is."""
    numbers = [number(text) for text in texts]
    bad = [text for text, exact in zip(texts, numbers, strict=True) if exact is None]
    return bad[0] if bad else f"{sum((exact for exact in numbers if exact is not None), Decimal(0)):f}"


def _box(sheet: FormSheet, column: Column, box: Named, taken: set[str]) -> Found | None:
    filled = [(text, place) for text, place in sheet.at(box) if text]
    if box.how == "either":
        fitting = [(text, place) for text, place in filled if place not in taken and _fits(column, text)]
        filled = fitting if len(fitting) == 1 else []  # which of several is meant is not known
    return Found(filled[0][0], sheet.name, filled[0][1]) if filled else None


def _fits(column: Column, text: str) -> bool:
    """Whether a text has the form of the column: its pattern, a word of its code list, or else words."""
    bare = plain(text)
    if column.pattern:
        return bool(re.fullmatch(column.pattern, bare, re.ASCII))
    if column.values:
        return code_of(column, bare) in {value.value for value in column.values}
    return not bare.isdecimal()
