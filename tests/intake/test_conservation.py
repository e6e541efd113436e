"""Nothing is lost in silence: what a drawn grid holds comes back as rows and cells, used or ignored for its reason."""

import csv
import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from expectations.contract import load_contracts
from expectations.regions import load_regions

CONTRACTS, REGIONS = load_contracts(), load_regions()
KNOWN = {"学校标识码": "2143900001", "学段": "小学", "年级": "一年级", "班号": "1班", "学生数": "45"}
BESIDE = {"序号": "unknown_column", "班主任意见": "unknown_column", "姓名": "personal", "联系电话": "personal",
          "班额": "repeated_column"}  # fmt: skip
CELLS = st.sampled_from(["", " ", "　", "_x000D_", "7", "约200", "乙", "a\nb", "0", "１２", "#REF!"])
Rows = list[list[str]]


@dataclass
class Drawn:
    """A sheet as it was drawn, and what must be counted of it."""

    rows: Rows
    read: int
    ignored: Counter[str]
    cells: Counter[str]


def is_filled(cell: str) -> bool:
    return bool(cell.replace("_x000D_", "").strip())


@st.composite
def sheets(draw: st.DrawFn) -> Drawn:
    columns = draw(st.permutations([*KNOWN, *draw(st.lists(st.sampled_from([*BESIDE, ""]), max_size=4, unique=True))]))
    first = min(columns.index("学生数"), columns.index("班额") if "班额" in columns else len(columns))
    told = ["placed" if name in KNOWN else BESIDE.get(name, "unknown_column") for name in columns]
    if "班额" in columns:
        told[columns.index("学生数")] = told[columns.index("班额")] = "repeated_column"
        told[first] = "placed"
    titles = [
        [text] for text in draw(st.lists(st.sampled_from(["2020-2021学年班级台账", "填报单位：古丈县"]), max_size=3))
    ]
    made = Drawn(
        [*titles, list(columns)], 0, Counter(), Counter(title=len(titles), header=len(list(filter(None, columns))))
    )
    for kind in draw(
        st.lists(st.sampled_from(["data", "data", "data", "blank", "total", "note", "group", "header"]), max_size=12)
    ):
        row = _row(draw, kind, columns)
        made.rows.append(row)
        made.read += 1
        filled = [at for at, cell in enumerate(row) if is_filled(cell)]
        if kind == "data":
            made.cells.update(told[at] for at in filled)
        else:
            made.ignored[kind] += 1
            made.cells[kind] += len(filled)
    return made


def _row(draw: st.DrawFn, kind: str, columns: Sequence[str]) -> list[str]:
    width = len(columns)
    if kind == "header":
        return list(columns)
    if kind == "total":
        return [
            draw(st.sampled_from(["合计", "合 计"])),
            *draw(st.lists(st.sampled_from(["", "9"]), max_size=width - 1)),
        ]
    if kind in {"note", "group"}:
        return [{"note": "注：九月一日", "group": "古丈县（12所）"}[kind]]
    if kind == "blank":  # whatever stands in columns of no meaning
        return ["" if name in KNOWN or name == "班额" else draw(CELLS) for name in columns]
    always = {"学校标识码", "学段", "年级"}
    return [KNOWN[name] if name in always else draw(CELLS) for name in columns]


def _write(folder: Path, form: str, rows: Rows, more: Rows) -> Path:
    path = folder / f"班级台账.{form}"
    if form == "csv":
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(rows)
        return path
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        for name, cells in {"台账": rows, "目录": more, "底稿": more}.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(cells):
                for at, cell in enumerate(row):
                    sheet.write_string(number, at, cell)
        sheet.hide()
    return path


def _received(folder: Path, file: Path) -> Reception:
    delivery = Delivery(
        archived=file, unit_code="433126", sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        path=f"433126/2020-2021/{file.name}", received_at=datetime(2020, 9, 15, tzinfo=UTC), sequence=1,
    )  # fmt: skip
    return receive(delivery, CONTRACTS, REGIONS, Pseudonymiser(b"k" * 32), folder / "raw", Limits())


@settings(max_examples=60, deadline=None)
@given(sheets(), st.lists(st.lists(CELLS, max_size=4), max_size=4), st.sampled_from(["xlsx", "csv"]))
def test_rows_and_cells_of_any_grid_are_conserved(drawn: Drawn, more: Rows, form: str) -> None:
    with TemporaryDirectory() as folder:
        got = _received(Path(folder), _write(Path(folder), form, drawn.rows, more))
    expected = Counter(drawn.cells)
    if form == "xlsx":
        elsewhere = sum(is_filled(cell) for row in more for cell in row)
        expected.update({"other_sheet": elsewhere, "hidden_sheet": elsewhere})
    assert got.state == "received"
    assert (got.rows_read, Counter(got.rows_ignored)) == (drawn.read, drawn.ignored)
    assert sum(got.periods.values()) == drawn.read - drawn.ignored.total()
    assert Counter(placed=got.cells_placed, **got.cells_ignored) == expected
    assert got.cells_read == got.cells_placed + sum(got.cells_ignored.values())
