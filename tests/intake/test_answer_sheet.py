"""The sheets that come back with a mended workbook: no data, and what the unit explains."""

from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter

from assets.intake.answer_sheet import COLUMNS, own_sheets, period_told, place_text, said_in
from assets.intake.limits import Limits
from assets.intake.sheets import open_sheets
from assets.intake.strays import STRUCK_OUT
from assets.intake.take_in import take_in
from pipelines.settings import Settings

PLACED = place_text("class_ledger", "2020-2021", "class_ledger.unusual_size", "0c62cf02")


def returned(
    path: Path, *lines: tuple[str, str, str], columns: tuple[str, ...] = COLUMNS, own: str = "台账"
) -> Path:  # fmt: skip
    """A workbook with 核查结果, each line with its message, explanation and place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet(own).write("A1", "学校标识码")
        sheet = book.add_worksheet("核查结果")
        sheet.write_column("A1", ["核查结果", "报送文件：a.xlsx", "报告期：2019-2020学年春季学期"])
        sheet.write_row("A4", columns)
        for number, told in enumerate(lines, start=4):
            for title, text in zip(("问题", "说明", "定位"), told, strict=True):
                if title in columns:
                    sheet.write(number, columns.index(title), text)
        book.add_worksheet("核查结果2")
    return path


def test_what_stands_in_the_column_is_read(tmp_path: Path) -> None:
    sheets = open_sheets(returned(tmp_path / "a.xlsx", ("甲", " ", PLACED), ("乙", "并班", PLACED)), Limits())
    (said,) = said_in(sheets)
    assert (said.text, said.message, said.dataset, said.period) == ("并班", "乙", "class_ledger", "2020-2021")
    assert (said.rule_id, said.place) == ("class_ledger.unusual_size", "0c62cf02")
    assert [sheet.name for sheet in own_sheets(sheets)] == ["台账"]
    (told,) = period_told(sheets)
    assert (told.school_year, told.term) == ("2019-2020", "spring")


def test_a_number_of_a_person_does_not_stay_in_the_message(tmp_path: Path) -> None:
    message = "2143900001 填的是 114331990000000021"
    lines = [(message, "并班", PLACED), ("填的是 433199201203150019、13900000000", "并班", PLACED)]
    own, typed = said_in(open_sheets(returned(tmp_path / "a.xlsx", *lines), Limits()))
    assert (own.message, typed.message) == (message, f"填的是 {STRUCK_OUT}、{STRUCK_OUT}")


def test_a_line_whose_place_was_spoilt_explains_nothing(tmp_path: Path) -> None:
    lines = [("甲", "并班", text) for text in ("", "x", "class_ledger|2020-2021|张三|ab", f"{PLACED}|", PLACED[:-8])]
    (said,) = said_in(open_sheets(returned(tmp_path / "a.xlsx", *lines), Limits()))
    assert said.place == ""  # the last one names no place: a finding about the file
    columns = tuple(title for title in COLUMNS if title != "定位")
    assert said_in(open_sheets(returned(tmp_path / "b.xlsx", ("甲", "并班", PLACED), columns=columns), Limits())) == ()


def test_a_file_of_explanations_alone_is_received_and_speaks_for_no_rows(tmp_path: Path) -> None:
    house = Settings(home=tmp_path / "home", landing=tmp_path / "landing").house()
    returned(house.landing / "433126" / "a-核查.xlsx", ("甲", "并班", PLACED), own="核查节选")
    now = datetime(2020, 9, 30, 4, tzinfo=UTC)
    (reception,) = take_in(house.intake(), now).read
    assert (reception.state, reception.dataset, reception.file_period) == ("received", "class_ledger", "2020-2021")
    assert (reception.periods, reception.rows_read, len(reception.explanations)) == ({}, 0, 1)
    assert house.explanations.record([reception]) == 1
    (house.landing / "433126" / "a-核查.xlsx").write_bytes(b"PK\x03\x04 broken")
    assert [r.state for r in take_in(house.intake(), now).read] == ["returned"]
