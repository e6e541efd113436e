"""Writes the workbook that the national reporting tool exports for one school, as a stranger to it would meet it.

Up to the census of 2020 in the forms of 2018: a cover and a list of sheets, a hidden row of letters and a hidden
column of numbers (the only number cells), figures as text, `*` where nothing can be filled, and every cell of a form
framed, filled or not. From 2021 in the younger forms. What was written is returned, so that reading it back proves
something. Two runs write the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_cell_to_rowcol, xl_rowcol_to_cell

from samples.census_layout import NEW, NOTES, OLD, Form, forms, forms_of, generation, sheet_name
from samples.census_twin import Figures, Reported, Stock, Value
from samples.census_twin_staff import money_unit, old_figures, younger_figures
from samples.facts import county_of, kinds, read_yaml
from samples.files import CREATED, PLAIN

GRID_ROWS, GRID_COLUMNS = 40, 26
FILLER = "-1"
STAR = "*"
BLANKS = " " * 170


@dataclass(frozen=True)
class Filled:
    """One cell that was written below a code row: its form, codes, text and address."""

    form: str
    row_code: str
    column_code: str
    value: str
    cell: str


@dataclass(frozen=True)
class Workbook:
    """What was written: the file, its cells with codes, the boxes of the school by column, what names a person."""

    path: Path
    cells: tuple[Filled, ...]
    identity: Mapping[str, str]
    personal: tuple[str, ...]


def workbook_name(told: Reported) -> str:
    """The name under which the tool exports it; the younger one says the kind of school in brackets."""
    kind = f"({kinds()[told.school.kind].name})" if generation(told.year) == NEW else ""
    return f"{told.school.name}{kind}.xlsx"


def write_workbook(
    folder: Path,
    told: Reported,
    changed: Mapping[tuple[str, str, int], Value] | None = None,
    *,
    framed_rows: int = 0,
) -> Workbook:
    """Writes the workbook of a school and census into a folder; `changed` cells are written instead of its figures.

    `framed_rows`: the hidden grid has so many rows, and every cell of it carries a frame, filled or not, as a tool
    exports sheets that keeps them as grids; without it, the cells of the forms alone do.
    """
    folder.mkdir(parents=True, exist_ok=True)
    of = generation(told.year)
    figures = (old_figures(told) if of == OLD else younger_figures(told)) | dict(changed or {})
    path = folder / workbook_name(told)
    with xlsxwriter.Workbook(path, {**PLAIN, "in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        return Workbook(path, *_Writer(book, told, of, framed_rows=framed_rows).write(figures))


class _Writer:
    """One workbook while it is written."""

    def __init__(self, book: Any, told: Reported, of: str, *, framed_rows: int) -> None:
        self.book, self.told, self.of, self.framed_rows = book, told, of, framed_rows
        self.facts = read_yaml("census_workbook")
        self.framed = book.add_format({"align": "center", "border": 1})

    def write(self, figures: Figures) -> tuple[tuple[Filled, ...], dict[str, str], tuple[str, ...]]:
        first, *names = forms_of(self.told.school.kind, self.of)
        if self.of == OLD:
            self._cover(["封面", "目录", first, *names])
        identity = self._identity(first)
        cells: list[Filled] = []
        for name in names:
            if name == NOTES:
                self._notes(figures)
            else:
                cells += self._form(forms(self.of)[name], figures)
        return tuple(cells), identity, tuple(self.facts["persons"].values())

    def _sheet(self, name: str, rows: int = GRID_ROWS, columns: int = GRID_COLUMNS) -> Any:
        """A sheet of its own for a form, with the hidden grid over so many rows and columns at least."""
        sheet = self.book.add_worksheet(sheet_name(name, self.told.school.kind, self.of))
        if self.of == OLD:
            last = max(rows, GRID_ROWS, self.framed_rows)
            sheet.set_row(0, None, None, {"hidden": True})
            sheet.set_column(0, 0, None, None, {"hidden": True})
            for column in range(1, max(columns, GRID_COLUMNS)):
                sheet.write_string(0, column, chr(ord("A") + column - 1))
                for row in range(1, last if self.framed_rows else 0):
                    sheet.write_blank(row, column, None, self.framed)
            for row in range(1, last):
                sheet.write_number(row, 0, row)
        return sheet

    def _cover(self, names: Iterable[str]) -> None:
        persons, year = self.facts["persons"], self.told.year
        words = {"year": year, "next": year + 1, **persons}
        sheet = self.book.add_worksheet("封面")
        for row, line in enumerate(self.facts["cover"], 2):
            sheet.write_string(row, 1, line.format_map(words))
        sheet = self.book.add_worksheet("目录")
        for row, name in enumerate(names):
            sheet.write_row(row, 0, [name, forms(OLD)[name].title if name in forms(OLD) else ""])

    def _identity(self, form: str) -> dict[str, str]:
        """The form that says who the school is; returns its boxes by column."""
        sheet, school = self._sheet(form), self.told.school
        at = 1 if self.of == OLD else 0
        sheet.merge_range(at, at, at, at + 9, "学校（机构）统计调查表", self.framed) if self.of == OLD else None
        for place, label in self.facts["identity"][self.of]["labels"].items():
            sheet.write_string(*xl_cell_to_rowcol(place), label)
        for place, text in self._boxes().items():
            sheet.write_string(*xl_cell_to_rowcol(place), text)
        return {
            "school_code": school.code, "school_name": school.name, "kind": school.kind, "sponsor": school.sponsor,
            "urban_rural": school.urban_rural, "township_code": school.township.code,
        }  # fmt: skip

    def _boxes(self) -> dict[str, str]:
        school, persons = self.told.school, self.facts["persons"]
        governed = f"{county_of(school.unit)}000000"
        sponsor = self.facts["sponsors"][school.sponsor]
        rural = self.facts["urban_rural"][school.urban_rural]
        if self.of == NEW:
            return {
                "A1": "学校（机构）基本信息", "C3": school.code, "C4": school.name, "C14": school.sponsor,
                "C20": persons["head"], "C21": persons["phone"], "C22": persons["mail"], "C23": persons["number"],
                "C27": school.urban_rural, "C28": governed,
            }  # fmt: skip
        return {
            "B7": school.code, "D7": school.name, "D10": school.township.name, "D11": f"{school.township.code}000",
            "G10": rural, "G11": school.urban_rural, "H10": "教育和体育局", "H11": governed,
            "D14": kinds()[school.kind].name, "D15": school.kind, "E14": sponsor, "E15": school.sponsor,
            "G14": FILLER, "H14": FILLER, "B19": "416000", "D19": persons["phone"], "E19": persons["mail"],
            "G19": persons["number"], "J19": "109.7", "K19": "28.3",
        }  # fmt: skip

    def _notes(self, figures: Figures) -> None:
        """What the checking software asked and the school answered; the answer ends with a telephone, as answers do."""
        left, before = figures.get(("基础基311", "1", 12), 0), self.told.before.get("幼儿园", Stock()).pupils
        words = {"left": left, "before": before, **self.facts["persons"]}
        lines = [line.format_map(words) for line in self.facts["notes"]]
        sheet = self._sheet(NOTES)
        sheet.merge_range(1, 1, 1, 12, "数据核查结果说明及建议", self.framed)
        sheet.write_string(2, 1, NOTES)
        sheet.merge_range(3, 1, 20, 12, "\r\n".join(lines), self.framed)

    def _form(self, form: Form, figures: Figures) -> Iterable[Filled]:
        """Writes one form and yields its filled cells."""
        top, start = form.first - 1, form.left + form.labels
        sheet = self._sheet(form.name, top + len(form.lines) + 1, start + form.width + 1)
        self._head(sheet, form)
        for row, (code, label) in enumerate(form.lines.items(), top):
            self._across(sheet, (row, form.left), form.labels, label.replace("/", "　") or f"第{code}行")
            sheet.write_string(row, start, code, self.framed)
            for column in range(1, form.width + 1):
                value = figures.get((form.name, code, column))
                text = STAR if (code, column) in form.starred else _text(value)
                if text and text != STAR:
                    yield Filled(form.name, code, str(column), text, xl_rowcol_to_cell(row, start + column))
                sheet.write(row, start + column, text, self.framed)

    def _head(self, sheet: Any, form: Form) -> None:
        """Title, line with the unit, merged headers, and the row of codes."""
        top, edge = form.left, form.left + form.labels + form.width
        unit = f"单位{'：' if len(form.title) % 2 else ':'}{form.unit}" if form.unit else ""
        self._across(sheet, (top, form.left), edge - form.left + 1, form.title)
        number = sheet_name(form.name, self.told.school.kind, self.of)
        self._across(sheet, (top + 1, form.left), edge - form.left + 1, f"{number}{BLANKS}{unit}")
        last = form.first - 2
        if last > top + 2:
            words = ("项　　目", "编号") if self.of == OLD else ("指标名称", "代码")
            self._down(sheet, top + 2, last - 1, (form.left, form.left + form.labels - 1), words[0])
            self._down(sheet, top + 2, last - 1, (edge - form.width,) * 2, words[1])
            self._headers(sheet, form, top + 2, last - 1)
        codes = ["甲", *[""] * (form.labels - 1), "乙", *map(str, range(1, form.width + 1))]
        for column, code in enumerate(codes, form.left):
            sheet.write(last, column, code, self.framed)

    def _headers(self, sheet: Any, form: Form, top: int, last: int) -> None:
        """Headers of the columns, those with a common parent under it."""
        start, money = form.left + form.labels, money_unit(self.told)
        parts = {column: header.format(money=money).rpartition("/") for column, header in form.columns.items()}
        under: dict[str, list[int]] = {}
        for column, (parent, _, _) in parts.items():
            if parent and last > top:
                under.setdefault(parent, []).append(column)
        for parent, below in under.items():
            self._across(sheet, (top, start + min(below)), max(below) - min(below) + 1, parent)
        spanned = {column for below in under.values() for column in range(min(below), max(below) + 1)}
        for column in range(1, form.width + 1):
            _, _, child = parts.get(column, ("", "", f"第{column}栏"))
            self._down(sheet, top + (column in spanned), last, (start + column,) * 2, child)

    def _across(self, sheet: Any, at: tuple[int, int], cells: int, text: str) -> None:
        row, column = at
        if cells > 1:
            sheet.merge_range(row, column, row, column + cells - 1, text, self.framed)
        else:
            sheet.write(row, column, text, self.framed)

    def _down(self, sheet: Any, top: int, last: int, columns: tuple[int, int], text: str) -> None:
        if (top, columns[0]) == (last, columns[1]):
            sheet.write(top, columns[0], text, self.framed)
        else:
            sheet.merge_range(top, columns[0], last, columns[1], text, self.framed)


def _text(value: Value | None) -> str:
    """A figure as the form shows it; nothing, and an area of nothing, is an empty cell."""
    if value is None:
        return ""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
