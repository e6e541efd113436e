"""Census workbooks of a few cells, drawn as the national tool exports them: figures as text, a hidden grid."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.intake.together import Received
from expectations.contract import load_contracts
from expectations.regions import load_regions

CONTRACTS, REGIONS = load_contracts(), load_regions()
Rows = Sequence[Sequence[object]]
CODE, NAME = "2143990001", "样例第一小学"
COVER = [["", "基  础 教 育 基 层 统 计 调 查 表"], ["", "（2020 /2021 学年初）"], ["", "批准文号：国统制[2018]86号"]]
BOXES = {
    "B7": CODE, "D7": NAME, "D11": "433126101001", "G11": "121", "H11": "433126000000", "D15": "211", "E15": "831",
    "D19": "10043300001", "E19": "yangli@example.invalid", "B6": "学校（机构）标识码", "G14": "-1",
}  # fmt: skip


def placed(boxes: Mapping[str, str]) -> list[list[object]]:
    """Rows with these texts at these places."""
    rows: list[list[object]] = [[""] * 12 for _ in range(30)]
    for place, text in boxes.items():
        rows[int(place[1:]) - 1][ord(place[0]) - ord("A")] = text
    return rows


def form(
    name: str,
    header: Sequence[Sequence[str]],
    lines: Sequence[Sequence[str]],
    unit: str = "单位：人",
    columns: int = 12,
) -> list[list[object]]:
    """An old form as it lies in its sheet, with row 1 and column A for the grid."""
    body = [["标题"], [f"{name}      {unit}"], *header, ["甲", "乙", *map(str, range(1, columns + 1))], *lines]
    return [[], *(["", *row] for row in body)]


def with_grid(rows: Rows, wide: int = 12) -> list[list[object]]:
    """The rows with letters in row 1 and numbers, the only number cells, in column A."""
    letters: list[object] = ["", *(chr(ord("A") + at) for at in range(wide))]
    return [letters, *([number, *row[1:]] for number, row in enumerate(rows[1:], 1))]


def children(*lines: Sequence[str]) -> list[list[object]]:
    """The form of children in kindergartens; its first line lies in row 7."""
    return form("基础基311", [["项目", "编号", "入园合计"], ["", "", "合计"]], lines)


def workbook(path: Path, sheets: Mapping[str, Rows], *, grid: bool = True, hidden: Sequence[str] = ()) -> Path:
    """A workbook of these sheets; those of old forms get their grid."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            is_old = grid and name.startswith(("基础基", "中职基"))
            for number, row in enumerate(with_grid(rows) if is_old else rows):
                for at, value in enumerate(row):
                    if isinstance(value, int):
                        sheet.write_number(number, at, value)
                    elif value:
                        sheet.write_string(number, at, str(value))
            if name in hidden:
                sheet.hide()
    return path


def school(**more: Rows) -> dict[str, Rows]:
    """The sheets that say of which school and year a workbook is, and more."""
    return {"封面": COVER, "基础基111": placed(BOXES), **more}


def received(path: Path, landed: str = "433126/2020-2021/样例第一小学.xlsx") -> Reception | Received:
    """What reading the file gave."""
    delivery = Delivery(
        archived=path, unit_code=landed[:6], sha256="0" * 64, path=landed, sequence=1,
        received_at=datetime(2020, 9, 10, tzinfo=UTC),
    )  # fmt: skip
    return receive(delivery, CONTRACTS, REGIONS, Pseudonymiser(b"k" * 32), path.parent / "raw", Limits())


def read(path: Path, landed: str = "433126/2020-2021/样例第一小学.xlsx") -> Received:
    """What reading a workbook that is no ruin gave."""
    one = received(path, landed)
    assert isinstance(one, Received), one.problems
    return one


def cells(one: Received) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Text and place of every cell by form, row code and column code."""
    table = one.tables["census_cell"]
    codes = zip(table["form"], table["row_code"], table["column_code"], strict=True)
    return dict(zip(codes, zip(table["value"], table["cell"], strict=True), strict=True))


def rows(one: Received, dataset: str) -> list[dict[str, str]]:
    """The rows made for a dataset, each with what is told."""
    table = one.tables.get(dataset, {"row": []})
    return [{name: texts[at] for name, texts in table.items() if texts[at]} for at in range(len(table["row"]))]
