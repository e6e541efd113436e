"""The sheets that come back with a mended workbook: no data, and what the unit explains."""

from pathlib import Path

import xlsxwriter

from assets.intake.answer_sheet import COLUMNS, own_sheets, period_told, place_text, said_in
from assets.intake.limits import Limits
from assets.intake.sheets import open_sheets

PLACED = place_text("class_ledger", "2020-2021", "class_ledger.unusual_size", "0c62cf02")


def returned(path: Path, *lines: tuple[str, str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    """A workbook with 核查结果, each line with its message, explanation and place."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("台账").write("A1", "学校标识码")
        sheet = book.add_worksheet("核查结果")
        sheet.write_column("A1", ["核查结果", "报送文件：a.xlsx", "报告期：2019-2020学年春季学期"])
        sheet.write_row("A4", columns)
        for number, told in enumerate(lines, start=4):
            for title, text in zip(("问题", "说明", "定位"), told, strict=True):
                if title in columns:
                    sheet.write(number, columns.index(title), text)
        book.add_worksheet("核查结果2")
        book.add_worksheet("核查节选")
        book.add_worksheet("核查结果说明")
    return path


def test_what_stands_in_the_column_is_read(tmp_path: Path) -> None:
    sheets = open_sheets(returned(tmp_path / "a.xlsx", ("甲", " ", PLACED), ("乙", "并班", PLACED)), Limits())
    (said,) = said_in(sheets)
    assert (said.text, said.message, said.dataset, said.period) == ("并班", "乙", "class_ledger", "2020-2021")
    assert (said.rule_id, said.place) == ("class_ledger.unusual_size", "0c62cf02")
    assert [sheet.name for sheet in own_sheets(sheets)] == ["台账", "核查结果说明"]
    (told,) = period_told(sheets)
    assert (told.school_year, told.term) == ("2019-2020", "spring")


def test_a_line_whose_place_was_spoilt_explains_nothing(tmp_path: Path) -> None:
    lines = [("甲", "并班", text) for text in ("", "x", "class_ledger|2020-2021|张三|ab", f"{PLACED}|", PLACED[:-8])]
    (said,) = said_in(open_sheets(returned(tmp_path / "a.xlsx", *lines), Limits()))
    assert said.place == ""  # the last one names no place: a finding about the file
    columns = tuple(title for title in COLUMNS if title != "定位")
    assert said_in(open_sheets(returned(tmp_path / "b.xlsx", ("甲", "并班", PLACED), columns=columns), Limits())) == ()
