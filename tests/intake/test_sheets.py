"""What is kept of a file that was looked at: small sheets are read once; what breaks off is told where it is read."""

from pathlib import Path

import pytest
import xlsxwriter

from assets.intake.errors import Refused
from assets.intake.limits import Limits
from assets.intake.sheets import Sheet, open_sheets
from assets.intake.workbook import BATCH_ROWS

LINE = "2143900001,小学,一年级\n"


def lines_of(sheet: Sheet, start: int = 0) -> list[int]:
    return [number for batch in sheet.batches(start) for number in batch["row"].to_pylist()]


def text(path: Path, content: str) -> Sheet:
    path.write_text(content, "utf-8")
    (sheet,) = open_sheets(path, Limits())
    return sheet


@pytest.mark.parametrize("rows", [1, 61, BATCH_ROWS - 1])
def test_a_small_text_file_is_read_once_and_gives_its_rows_from_anywhere(tmp_path: Path, rows: int) -> None:
    sheet = text(tmp_path / "a.csv", LINE * rows)
    (tmp_path / "a.csv").unlink()
    assert len(sheet.head) == min(rows, Limits().head_rows)
    assert lines_of(sheet) == [*range(1, rows + 1)]
    assert lines_of(sheet, rows - 1) == [rows]
    assert lines_of(sheet, rows) == []


def test_a_large_text_file_is_not_kept(tmp_path: Path) -> None:
    sheet = text(tmp_path / "a.csv", LINE * BATCH_ROWS)
    (tmp_path / "a.csv").unlink()
    with pytest.raises(Refused, match="not_readable"):
        lines_of(sheet)


@pytest.mark.parametrize("rows", [59, BATCH_ROWS, BATCH_ROWS + 1])
def test_a_sheet_of_a_workbook_gives_its_rows_from_anywhere(tmp_path: Path, rows: int) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet().write_column(0, 0, range(rows))
    (sheet,) = open_sheets(tmp_path / "a.xlsx", Limits())
    assert len(sheet.head) == min(rows, Limits().head_rows)
    assert lines_of(sheet, 2) == [*range(3, rows + 1)]
    assert lines_of(sheet, 2) == [*range(3, rows + 1)]


def test_what_breaks_off_behind_the_first_rows_is_told_when_they_are_read(tmp_path: Path) -> None:
    head = "学校标识码,学段,年级\n"
    sheet = text(tmp_path / "a.csv", head + LINE * 100_000 + '2143900001,小学,"一年级\n' + LINE * 100)
    assert sheet.head[0] == ["学校标识码", "学段", "年级"]
    with pytest.raises(Refused, match="quotes"):
        lines_of(sheet)
