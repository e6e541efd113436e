"""Reads landed files back, header by header, and undoes the spellings of the units: an oracle beside the generator."""

import csv
import datetime as dt
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path

import openpyxl

from samples.facts import read_yaml

Row = dict[str, str]
ENCODINGS = ("utf-8-sig", "gb18030")
BUREAU = "433100"


def rows_of(landing: Path, dataset: str, folder: str = "*") -> Iterator[Row]:
    """Every data row of a dataset as text by column, and its `unit`; titles, totals and footers are left out."""
    for path in files_of(landing, dataset, folder):
        lines = read_lines(path)
        start, columns = header_of(lines, dataset)
        for line in lines[start + 1 :]:
            if sum(map(bool, line)) > 2 and "合计" not in line[:1]:
                yield dict(zip(columns, line, strict=True)) | {"unit": path.parts[-3]}


def files_of(landing: Path, dataset: str, folder: str = "*") -> list[Path]:
    """The files of a dataset, by the title in their names."""
    return sorted(landing.glob(f"*/{folder}/*{read_yaml('layouts')[dataset]['title']}*"))


def header_of(lines: list[list[str]], dataset: str) -> tuple[int, list[str]]:
    """Where the header stands, and which column each of its cells names; one in 万元 or 万册 is called wan_…."""
    layouts = read_yaml("layouts")
    columns = {name: facts or layouts["shared"][name] for name, facts in layouts[dataset]["columns"].items()}
    spelled = {header: name for name, facts in columns.items() for header in facts["headers"]}
    for start, line in enumerate(lines):
        named = [spelled.get(re.sub(r"（(人|元|万元|㎡|亩|个|天|间|册|万册|台|课时)）$", "", cell)) for cell in line]
        if len(named) - named.count(None) > 2:
            scaled = ["wan_" * ("万" in cell) for cell in line]
            return start, [f"{wan}{name or cell}" for wan, name, cell in zip(scaled, named, line, strict=True)]
    raise AssertionError(f"no header in a file of {dataset}")


def children_in_workbooks(landing: Path) -> dict[tuple[str, str], int]:
    """Children by school and group, as kindergartens tell them in the census workbooks that they send themselves."""
    found = {}
    for path in landing.glob("*/*/*幼儿园*.xlsx"):
        book = openpyxl.load_workbook(path)
        if "基础基311" in book.sheetnames:
            code, form = book["基础基111"]["B7"].value, book["基础基311"]
            groups = {"K0": "K7", "K1": "L7", "K2": "M7", "K3": "N7"}
            found |= {(code, group): int(form[at].value) for group, at in groups.items() if form[at].value}
    return found


@cache
def read_lines(path: Path) -> list[list[str]]:
    """All lines of a workbook or text file, as text."""
    if path.suffix == ".xlsx":
        book = openpyxl.load_workbook(path, read_only=True)
        return [[as_text(cell) for cell in line] for line in book.worksheets[0].iter_rows(values_only=True)]
    return list(csv.reader(decoded(path).splitlines()))


def decoded(path: Path) -> str:
    """Text of a file in UTF-8 or GB18030."""
    raw = path.read_bytes()
    try:
        return raw.decode(ENCODINGS[0])
    except UnicodeDecodeError:
        return raw.decode(ENCODINGS[1])


def as_text(cell: object) -> str:
    """A cell as text; a date cell as its day."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def day(text: str) -> dt.date:
    """The day that a cell tells in any of the units' forms."""
    if re.fullmatch(r"\d{8}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    year, month, number = map(int, re.findall(r"\d+", text))
    return dt.date(year, month, number)


def yes(text: str) -> bool:
    """Whether a cell says yes."""
    return text in {"是", "√", "有", "1", "Y"}


def fen(row: Row, column: str) -> int:
    """Money of a row in 分, told in 元 or 万元."""
    if column in row:
        return int(Decimal(row[column]) * 100)
    return int(Decimal(row[f"wan_{column}"]) * 1_000_000)


def stage(row: Row) -> str:
    """The stage of a row by its plain word."""
    return next(word for word, spelled in read_yaml("spellings")["stage"].items() if row["stage"] in spelled)


def is_entry(row: Row, letter: str, census: int) -> bool:
    """Whether a row of the class ledger is an ordinary class of the first grade of a stage."""
    entered = row["grade"] == f"{census}级" or row["grade"] in read_yaml("spellings")["grade"][f"{letter}1"]
    return entered and stage(row) == {"P": "小学", "J": "初中"}[letter] and row.get("class_kind", "") in {"", "普通"}
