"""One file of the sample while it is spoilt: its rows as they will be written, and what must be found in it.

Which file is spoilt how is said in `messy_cells.py` and `messy_rows.py`; files that are no table at all are in
`messy_files.py`.
"""

from __future__ import annotations

import csv
import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from samples.files import CREATED, PLAIN, Draft, write_row
from samples.spelling import Cell
from samples.tables import Table

Merge = tuple[int, int, int, int]


@dataclass(frozen=True)
class Blame:
    """What must be found in a file: its state, and a rule with its place; no rule where nothing may be found."""

    file: str
    mess: str
    state: str
    rule_id: str = ""
    sheet: str = ""
    row: int | None = None
    cell: str = ""


@dataclass
class Spoilt:
    """A file being spoilt: its draft, its rows, the rows of header and first data (from 0) and the number of data rows.

    `names` are the columns of the header's cells; `hidden` are rows that are hidden, `draft_sheet` adds a hidden sheet.
    """

    landing: Path
    draft: Draft
    rows: list[list[Cell]]
    header: int
    first: int
    count: int
    names: list[str]
    path: Path
    merges: list[Merge] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    draft_sheet: bool = False

    @classmethod
    def of(cls, landing: Path, one: Draft, table: Table) -> Spoilt:
        """The file as the unit would have written it."""
        header = len(one.page.over)
        rows = [list(row) for row in one.page.rows()]
        first = header + (2 if one.page.blank_rows else 1)
        return cls(landing, one, rows, header, first, table.height, list(one.page.names), one.path)

    def at(self, name: str) -> int:
        """The position of a column."""
        return self.names.index(name)

    def get(self, number: int, name: str) -> Cell:
        """A cell of the data, its row counted from 0."""
        return self.rows[self.first + number][self.at(name)]

    def put(self, number: int, name: str, cell: Cell) -> None:
        """Writes a cell of the data."""
        self.rows[self.first + number][self.at(name)] = cell

    def filled(self, name: str) -> list[int]:
        """The rows of data, from 0, in which a column is filled."""
        return [number for number in range(self.count) if self.get(number, name) not in {None, ""}]

    def total(self) -> int:
        """The row of the total, from 0."""
        return next(number for number, row in enumerate(self.rows) if row and row[0] == "合计")

    def fine(self, mess: str, state: str = "accepted") -> list[Blame]:
        """Nothing must be found in it."""
        return [Blame(self.told, mess, state)]

    def blame(self, mess: str, rule_id: str, name: str, *numbers: int) -> list[Blame]:
        """A rule must be found broken in these rows of data."""
        return [self.blame_at(mess, rule_id, self.first + number, self.at(name)) for number in numbers]

    def blame_at(self, mess: str, rule_id: str, row: int, column: int) -> Blame:
        """A rule must be found broken at a cell, rows and columns counted from 0."""
        cell = xl_rowcol_to_cell(row, column)
        return Blame(self.told, mess, "accepted_with_findings", rule_id, self.sheet, row + 1, cell)

    @property
    def told(self) -> str:
        """Its path below landing."""
        return self.path.relative_to(self.landing).as_posix()

    @property
    def sheet(self) -> str:
        """The name of its sheet; text files have none."""
        return self.draft.title if self.draft.form == "xlsx" else ""

    def write(self, encoding: str = "", delimiter: str = ",") -> None:
        """Writes it in its own form, or as text in that encoding."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.draft.form == "xlsx" and not encoding:
            write_book(self)
        else:
            with self.path.open("w", encoding=encoding or self.draft.form, newline="") as file:
                csv.writer(file, delimiter=delimiter).writerows(self.rows)

    def write_page(self) -> None:
        """Writes it as a web page, as old systems export tables."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = "".join(f"<tr>{_markup(row)}</tr>" for row in self.rows)
        head = '<html><head><meta charset="gb2312"></head><body><table border="1">'
        self.path.write_bytes(f"{head}{lines}</table></body></html>".encode("gb18030"))


def _markup(row: Sequence[Cell]) -> str:
    return "".join(f"<td>{html.escape('' if cell is None else str(cell))}</td>" for cell in row)


def write_book(one: Spoilt) -> None:
    """Writes a workbook with its merged cells, hidden rows and hidden sheet."""
    with xlsxwriter.Workbook(one.path, {**PLAIN, "in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet(one.draft.title)
        for number, row in enumerate(one.rows):
            write_row(sheet, number, row, day)
        for top, left, bottom, right in one.merges:
            sheet.merge_range(top, left, bottom, right, one.rows[top][left])
        for number in one.hidden:
            sheet.set_row(number, options={"hidden": True})
        if one.draft_sheet:
            other = book.add_worksheet("底稿")
            write_row(other, 0, ["草稿", 1], day)
            other.hide()
