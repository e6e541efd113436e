"""Files that no unit sends by itself, written into a landing folder: bombs, lies, strange names, and no files at all.

Each is built here, in bytes; none is larger than a few megabytes on disk.
"""

from __future__ import annotations

import csv
import io
import os
import struct
from pathlib import Path

from tests.intake.books import MAIN, SHEET, book, cell

HEADER = ["学校标识码", "学年", "学段", "年级", "班号", "班级类型", "学生数"]
XLS = Path(__file__).parents[1] / "intake" / "files" / "forms.xls"
_LETTERS = "ABCDEFG"


def rows(pupils: int | str, class_no: str = "1") -> list[list[str]]:
    """A class ledger of one class; whose number of pupils makes it a file of its own."""
    return [HEADER, ["2143900001", "2020-2021", "小学", "一年级", class_no, "普通", str(pupils)]]


def ledger_csv(pupils: int, class_no: str = "1") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows(pupils, class_no))
    return text.getvalue().encode()


def ledger_xml(pupils: int | str = 45, class_no: str = "1") -> str:
    """The same as `<row>` elements of a sheet."""
    made = ""
    for number, row in enumerate(rows(pupils, class_no), start=1):
        cells = (cell(f"{at}{number}", text) for at, text in zip(_LETTERS, row, strict=True))
        made += f'<row r="{number}">{"".join(cells)}</row>'
    return made


def write_bombs(folder: Path) -> dict[str, str]:
    """Workbooks and text files that mean harm, and the rule that each is returned with ('' for those that are read)."""
    rows_xml = ledger_xml()
    book(folder / "far.xlsx", f'<row r="1">{cell("A1")}</row><row r="1048576">{cell("XFD1048576")}</row>')
    lie = f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{rows_xml}</sheetData></worksheet>'
    book(folder / "dimension.xlsx", "", **{SHEET: lie})
    book(folder / "blanks.xlsx", rows_xml, " " * (12 << 20))
    book(folder / "shared.xlsx", rows_xml, **{"xl/sharedStrings.xml": f"<sst><si><t>{'x' * (12 << 20)}</t></si></sst>"})
    book(folder / "bomb.xlsx", rows_xml, '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>')
    book(folder / "outside.xlsx", rows_xml, '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>')
    book(folder / "members.xlsx", rows_xml, **{f"m{i}": "" for i in range(10_000)})
    book(folder / "long cell.xlsx", ledger_xml(class_no="长" * 1_000_000))
    book(folder / "nul.xlsx", ledger_xml(class_no="1_x0000_"))
    book(folder / "breaks.xlsx", ledger_xml(46, "1_x000D_"))
    book(folder / "truncated.xlsx", rows_xml)
    (folder / "truncated.xlsx").write_bytes((folder / "truncated.xlsx").read_bytes()[:-100])
    book(folder / "cells.xlsx", f'<row r="1">{"<c><v>1</v></c>" * 900_000}</row>')
    (folder / "lie.xls").write_bytes(_with_dimension(XLS.read_bytes()))
    (folder / "far.xls").write_bytes(_with_far_cell(XLS.read_bytes()))
    (folder / "long cell.csv").write_bytes(ledger_csv(45, "x" * 1_000_000))
    (folder / "long row.csv").write_bytes(ledger_csv(45, "x" * 5_000_000))
    (folder / "nul.csv").write_bytes(ledger_csv(45, "1\0"))
    controls = ledger_csv(47, "1\x07\x1b[31m").decode().replace("班级类型", "班级\x1b[2J\u202e类型")
    (folder / "control.csv").write_text(controls, "utf-8")
    (folder / "zero.xlsx").write_bytes(b"")
    return {
        "far.xlsx": "too_many_cells", "dimension.xlsx": "", "blanks.xlsx": "unpacks_too_large",
        "shared.xlsx": "unpacks_too_large", "bomb.xlsx": "entities",
        "outside.xlsx": "entities", "members.xlsx": "unpacks_too_large", "long cell.xlsx": "cell_too_long",
        "nul.xlsx": "nul", "breaks.xlsx": "", "truncated.xlsx": "damaged", "cells.xlsx": "unpacks_too_large",
        "lie.xls": "reader_died", "far.xls": "too_many_cells", "long cell.csv": "cell_too_long",
        "long row.csv": "row_too_long", "nul.csv": "nul", "control.csv": "", "zero.xlsx": "empty",
    }  # fmt: skip


def _with_dimension(data: bytes) -> bytes:
    """An old workbook whose first sheet claims rows without end."""
    at = data.find(struct.pack("<HH", 0x0200, 14))
    return data[: at + 4] + struct.pack("<IIHH", 0, 0xFFFFFFFF, 0, 256) + data[at + 16 :]


def _with_far_cell(data: bytes) -> bytes:
    """An old workbook one cell of which stands in the last row and column that the form knows."""
    at = data.find(struct.pack("<HH", 0x027E, 10))
    return data[: at + 4] + struct.pack("<HH", 65_535, 255) + data[at + 8 :]


_LONGEST = "a" * 251 + ".csv"
NAMES = {
    "行\n一.csv": "行\\n一.csv", "=cmd|'calc'!A1.csv": "=cmd|'calc'!A1.csv", "空白.csv ": "空白.csv ", "-rf": "-rf",
    "账\u202egpj.csv": "账\\u202egpj.csv", "\"'`$(x).csv": "\"'`$(x).csv", _LONGEST: _LONGEST,
    "\x1b[2J.csv": "\\x1b[2J.csv", "Ẽ.csv": "Ẽ.csv",
}  # fmt: skip
"""Names that a disk takes, and how they are told."""


def write_names(folder: Path) -> None:
    """A class ledger under each strange name, and one under bytes of GBK."""
    for number, name in enumerate(NAMES):
        (folder / name).write_bytes(ledger_csv(30 + number))
    gbk = os.path.join(os.fsencode(folder), "六班.csv".encode("gbk"))  # noqa: PTH118  (a path is no bytes)
    with open(gbk, "wb") as file:  # noqa: PTH123
        file.write(ledger_csv(29))


def write_no_files(folder: Path, outside: Path) -> None:
    """Links out of landing, a pipe, a folder named as a workbook, and a path that is longer than the system takes."""
    outside.write_bytes(ledger_csv(28))
    (folder / "link.csv").symlink_to(outside)
    (folder / "folder").symlink_to(outside.parent, target_is_directory=True)
    os.mkfifo(folder / "pipe.csv")
    (folder / "book.xlsx").mkdir()
    (folder / "hard.csv").hardlink_to(outside)
    here = os.open(folder, os.O_RDONLY)
    for _ in range(20):
        os.mkdir("d" * 250, dir_fd=here)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
