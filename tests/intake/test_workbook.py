from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from pathlib import Path

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from assets.intake.errors import Refused
from assets.intake.limits import Limits
from assets.intake.sheets import Sheet, open_file, open_sheets
from assets.intake.workbook import OpenWorkbook
from tests.intake.books import book, cell

FILES = Path(__file__).parent / "files"
"""forms.xls is the workbook of `forms` below, saved as Excel 97 by LibreOffice."""


def forms(path: Path) -> Path:
    """Every form of a cell, from B3 on; a second sheet hidden, a third empty, a chart sheet."""
    with xlsxwriter.Workbook(path) as workbook:
        day, moment, clock, span = (
            workbook.add_format({"num_format": form})
            for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm", "hh:mm", "[h]:mm:ss")
        )
        sheet = workbook.add_worksheet("班级")
        sheet.write_row("B3", ["文字", "007", "  留空 ", "a\r\nb"])
        sheet.write_row("B4", [45, -12, 1250.5, 0.1])
        sheet.write_row("B5", [999999999999999, 433199201001010011, 1e300, 0.1 + 0.2])
        sheet.write_datetime("B6", datetime(2020, 3, 1), day)  # noqa: DTZ001  (a cell has no zone)
        sheet.write_datetime("C6", datetime(2020, 3, 1, 8, 30), moment)  # noqa: DTZ001
        sheet.write_datetime("D6", time(8, 30), clock)
        sheet.write_number("E6", 1.5, span)
        sheet.write_boolean("B7", True)
        sheet.write_boolean("C7", False)
        sheet.write_formula("D7", "=B4+1", value=46)
        sheet.merge_range("B9:C10", "合并")
        hidden = workbook.add_worksheet("隐藏")
        hidden.hide()
        hidden.write("A1", 1)
        workbook.add_worksheet("空")
        workbook.add_chartsheet("图")
    return path


FORMS = [
    [],
    [],
    ["", "文字", "007", "  留空 ", "a\nb"],
    ["", "45", "-12", "1250.5", "0.1"],
    ["", "999999999999999", "4.3319920100101e+17", "1e+300", "0.3"],
    ["", "2020-03-01", "2020-03-01 08:30:00", "08:30:00", "36:00:00"],
    ["", "TRUE", "FALSE", "46"],
    [],
    ["", "合并"],
]


def table(sheet: Sheet, start: int = 0) -> list[tuple[str | int | None, ...]]:
    return [row for batch in sheet.batches(start) for row in zip(*batch.to_pydict().values(), strict=True)]


def written(path: Path, fill: Callable[[Worksheet], object]) -> list[Sheet]:
    with xlsxwriter.Workbook(path) as workbook:
        fill(workbook.add_worksheet())
    return open_sheets(path, Limits())


def opened_book(path: Path, limits: Limits) -> OpenWorkbook:
    opened = open_file(path, limits)
    assert isinstance(opened, OpenWorkbook)
    return opened


def test_every_form_of_a_cell_is_text(tmp_path: Path) -> None:
    sheet = open_sheets(forms(tmp_path / "a.xlsx"), Limits())[0]
    assert sheet.head[:9] == FORMS
    assert sheet.width == 5


def test_an_old_workbook_reads_the_same_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "名单.csv"
    path.write_bytes((FILES / "forms.xls").read_bytes())
    assert open_sheets(path, Limits())[0].head[:9] == FORMS


@pytest.mark.parametrize("name", ["xlsx", "xls"])
def test_hidden_and_empty_sheets_are_told(tmp_path: Path, name: str) -> None:
    path = FILES / "forms.xls" if name == "xls" else forms(tmp_path / "a.xlsx")
    sheets = open_sheets(path, Limits())[:3]
    assert [(s.name, s.visible, s.width, len(s.head)) for s in sheets] == [
        ("班级", True, 5, 9),
        ("隐藏", False, 1, 1),
        ("空", True, 0, 0),
    ]
    assert table(sheets[2]) == []


def test_chart_sheets_are_left_out(tmp_path: Path) -> None:
    assert len(open_sheets(forms(tmp_path / "a.xlsx"), Limits())) == 3


def test_rows_carry_the_number_that_excel_shows(tmp_path: Path) -> None:
    sheet = open_sheets(forms(tmp_path / "a.xlsx"), Limits())[0]
    assert [row[0] for row in table(sheet)] == list(range(1, 10))
    assert table(sheet, 8) == [(9, None, "合并", None, None, None)]
    assert table(sheet, 9) == []


def test_numbers_and_order_hold_over_batches(tmp_path: Path) -> None:
    rows = 20_000
    (sheet,) = written(tmp_path / "a.xlsx", lambda s: [s.write_row(i, 0, [i, f"甲{i}"]) for i in range(rows)])
    assert table(sheet) == [(i + 1, str(i), f"甲{i}") for i in range(rows)]
    assert table(sheet, rows - 1) == [(rows, str(rows - 1), f"甲{rows - 1}")]
    assert len(sheet.head) == Limits().head_rows


def test_numbers_beside_text_lose_nothing(tmp_path: Path) -> None:
    (sheet,) = written(tmp_path / "a.xlsx", lambda s: s.write_column(0, 0, ["0043", 43, 43.0, 2.50, "", 1e15, 1e16]))
    assert [row[1] for row in table(sheet)] == ["0043", "43", "43", "2.5", None, "1000000000000000", "1e+16"]


@pytest.mark.parametrize("name", ["xlsx", "xls"])
def test_rows_at_once_hold_the_same_text_as_batches(tmp_path: Path, name: str) -> None:
    opened = opened_book(FILES / "forms.xls" if name == "xls" else forms(tmp_path / "a.xlsx"), Limits())
    rows = [[*map(str.strip, row)] for row in FORMS]
    assert [row[: len(wanted)] for row, wanted in zip(opened.rows("班级"), rows, strict=True)] == rows
    assert (opened.rows("隐藏"), opened.rows("空")) == ([["1"]], [])


def test_rows_at_once_are_refused_for_what_batches_are(tmp_path: Path) -> None:
    for text, limits, code in (
        ("a_x0000_b", Limits(), "nul"),
        ("长长长", Limits(cell_characters=2), "cell_too_long"),
        ("a", Limits(cells=0), "too_many_cells"),
    ):
        book(tmp_path / "a.xlsx", f'<row r="1">{cell("A1", text)}</row>')
        with pytest.raises(Refused, match=code):
            opened_book(tmp_path / "a.xlsx", limits).rows("表")
    old = opened_book(FILES / "forms.xls", Limits(cells=45))
    assert old.rows("班级")
    with pytest.raises(Refused, match="too_many_cells"):
        old.rows("隐藏")


def test_errors_of_formulas_are_text(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        sheet.write("B2", 1)
        sheet.write_formula("C4", "=1/0", value="#DIV/0!")

    (sheet,) = written(tmp_path / "a.xlsx", fill)
    assert sheet.head == [[], ["", "1"], [], ["", "", "#DIV/0!"]]
    assert table(sheet, 3) == [(4, None, None, "#DIV/0!")]


def test_long_cells_and_control_characters_are_kept_up_to_what_excel_holds(tmp_path: Path) -> None:
    def row(length: int) -> str:
        return f'<row r="1">{cell("A1", "长" * length)}{cell("B1", "a_x0007_b")}{cell("C1", "a_x000D_&#10;b")}</row>'

    book(tmp_path / "a.xlsx", row(32_767))
    assert open_sheets(tmp_path / "a.xlsx", Limits())[0].head == [["长" * 32_767, "a\x07b", "a\nb"]]
    with pytest.raises(Refused, match="cell_too_long"):
        open_sheets(tmp_path / "a.xlsx", Limits(cell_characters=32_766))


def test_nul_is_refused(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", f'<row r="1">{cell("A1", "a_x0000_b")}</row>')
    with pytest.raises(Refused, match="nul"):
        open_sheets(tmp_path / "a.xlsx", Limits())


def test_old_workbooks_have_a_limit_of_cells_too() -> None:
    assert open_sheets(FILES / "forms.xls", replace(Limits(), cells=46))
    with pytest.raises(Refused, match="too_many_cells"):
        open_sheets(FILES / "forms.xls", replace(Limits(), cells=45))


def test_a_workbook_without_its_sheets_is_damaged(tmp_path: Path) -> None:
    book(tmp_path / "a.xlsx", "", **{"xl/workbook.xml": "<workbook><sheets><sheet name="})
    with pytest.raises(Refused, match="damaged"):
        open_sheets(tmp_path / "a.xlsx", Limits())
    truncated = tmp_path / "b.xls"
    truncated.write_bytes((FILES / "forms.xls").read_bytes()[:3000])
    with pytest.raises(Refused, match="damaged|not_a_table"):
        open_sheets(truncated, Limits())
