"""Writes a table as a unit writes its files: titles, headers in its spelling, body, totals, footer; workbook or CSV.

Two runs write the same bytes: workbooks carry a fixed day of creation. Not here: spelling values (`spelling.py`).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter

from samples.facts import Writer, read_yaml
from samples.spelling import Cell, spell
from samples.tables import Table

PERIOD_COLUMNS = {"school_year", "term", "year", "exam_year", "month"}
SERIAL = "序号"
EXTRA = {"备注": "", "上报批次": "第一批", "核对情况": "已核对", "家庭住址": "样例村样例组"}
TOTAL = "合计"
CREATED = dt.datetime(2020, 9, 15, tzinfo=dt.UTC)
LARGE = 5000
PLAIN = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


@dataclass(frozen=True)
class Page:
    """A file before it is bytes: what stands over the header, the header, the body by columns, what stands under it.

    `names` are the columns of the dataset in the order of the header, those that no dataset has empty.
    """

    over: list[str]
    header: list[str]
    body: list[list[Cell]]
    under: list[list[Cell]]
    blank_rows: bool
    names: list[str]

    def rows(self) -> Iterable[tuple[Cell, ...] | list[Cell]]:
        """All rows from the first title to the footer."""
        for title in self.over:
            yield [title]
        yield list(self.header)
        if self.blank_rows:
            yield []
        yield from zip(*self.body, strict=True)
        yield from self.under


@dataclass(frozen=True)
class Draft:
    """A file that is decided and not yet written: its path, form (xlsx or an encoding), title and page."""

    path: Path
    form: str
    title: str
    page: Page

    def write(self) -> None:
        """Writes it where it belongs."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.form == "xlsx":
            _write_workbook(self.path, self.title, self.page)
        else:
            _write_text(self.path, self.form, self.page)


def draft(landing: Path, writer: Writer, table: Table) -> Draft:
    """One table as the unit writes it, to be put into its landing folder."""
    layout = read_yaml("layouts")[table.dataset]
    form = writer.big if layout.get("big") else writer.file
    folder = landing / writer.code / table.period.folder
    words = table.period.short_words if writer.short_words else table.period.words
    title = f"{writer.name}{words}{layout['title']}"
    page = _page(writer, table, title, titled=writer.big_title or not layout.get("big"), workbook=form == "xlsx")
    stem = (layout["title"], f"{words}{layout['title']}", title, f"{writer.code}{layout['title']}")
    path = folder / f"{stem[writer.header % 4]}.{'xlsx' if form == 'xlsx' else 'csv'}"
    return Draft(path, form, layout["title"], page)


def write_file(landing: Path, writer: Writer, table: Table) -> Path:
    """Writes one table into the unit's landing folder and returns the path."""
    one = draft(landing, writer, table)
    one.write()
    return one.path


def _page(writer: Writer, table: Table, title: str, *, titled: bool, workbook: bool) -> Page:
    columns = {name: facts for name, facts in _columns(writer, table).items() if name in table.columns}
    body = {
        name: spell(
            writer,
            facts["type"],
            table.columns[name],
            school_year=table.period.first_year,
            workbook=workbook,
        )
        for name, facts in columns.items()
    }
    header = [_header(writer, facts) for facts in columns.values()]
    total = [_total(writer, table, name, facts, workbook=workbook) for name, facts in columns.items()]
    cells, extra = list(body.values()), [name for name in writer.extras if name != SERIAL]
    cells += [[EXTRA[name]] * table.height for name in extra]
    header, total = header + extra, total + [None] * len(extra)
    names = [*columns, *[""] * len(extra)]
    if SERIAL in writer.extras:
        serials: list[Cell] = [str(i + 1) for i in range(table.height)]
        cells, header, total, names = [serials, *cells], [SERIAL, *header], [None, *total], ["", *names]
    summed = writer.total and any(cell is not None for cell in total)
    total[0] = TOTAL
    under = [total] if summed else []
    return Page(
        over=[title, f"填表单位（盖章）：{writer.office}"] if titled else [],
        header=header,
        body=cells,
        under=under + ([[], [_footer(table)]] if titled else []),
        blank_rows=writer.blank_rows and titled,
        names=names,
    )


def _columns(writer: Writer, table: Table) -> dict[str, Any]:
    """Columns of the file in its order, each with type and spellings of its header."""
    layouts = read_yaml("layouts")
    columns = {name: facts or layouts["shared"][name] for name, facts in layouts[table.dataset]["columns"].items()}
    names_in_order = reversed(columns) if writer.reversed else columns
    omitted = PERIOD_COLUMNS if writer.omits_period else set()
    return {name: columns[name] for name in names_in_order if name not in omitted}


def _header(writer: Writer, facts: dict[str, Any]) -> str:
    spelling = facts["headers"][writer.header % len(facts["headers"])]
    usual = facts.get("unit")
    unit = {"yuan": writer.money, "land": writer.land, "books": writer.books}.get(facts["type"], usual)
    return f"{spelling}（{unit}）" if unit and (writer.unit_in_header or unit != usual) else spelling


def _total(writer: Writer, table: Table, name: str, facts: dict[str, Any], *, workbook: bool) -> Cell:
    known = [value for value in table.columns[name] if value is not None] if facts.get("sum") else []
    if not known:
        return None
    year = table.period.first_year
    return spell(writer, facts["type"], [round(sum(known), 2)], school_year=year, workbook=workbook)[0]


def _footer(table: Table) -> str:
    day = table.period.reported
    return f"填表人：彭样甲子  审核人：向样乙丑  联系电话：10043300001  填报日期：{day.year}年{day.month}月{day.day}日"


def _write_text(path: Path, encoding: str, page: Page) -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(page.rows())


def _write_workbook(path: Path, title: str, page: Page) -> None:
    """Writes a workbook: a large one row by row, its strings in the cells; a small one at once, with shared strings."""
    size = "constant_memory" if len(page.body[0]) > LARGE else "in_memory"
    with xlsxwriter.Workbook(path, {**PLAIN, size: True}) as book:
        book.set_properties({"created": CREATED})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(title)
        for number, row in enumerate(page.rows()):
            write_row(sheet, number, row, day)


def write_row(sheet: xlsxwriter.worksheet.Worksheet, number: int, row: Iterable[Cell], day: object) -> None:
    """Writes a row of cells, from column A on; empty ones are left out, and `day` is the form of dates."""
    for column, cell in enumerate(row):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(number, column, cell)
        elif isinstance(cell, dt.date):
            sheet.write_datetime(number, column, cell, day)
        elif cell is not None:
            sheet.write_number(number, column, cell)
