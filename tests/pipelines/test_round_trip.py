"""What a unit is returned, mended as it is told and dropped into landing again: the way back, end to end."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.worksheet.worksheet import Worksheet

from assets.house import House
from assets.intake.answer_sheet import ANSWER_SHEET, COLUMNS
from assets.reports import outbox
from assets.reports.outbox import fill_outbox
from assets.reports.outbox_look import FILLS
from assets.reports.outbox_orders import order_of
from assets.submitted.answers import answers_of
from assets.submitted.standing import standing_of_year
from tests.pipelines.handmade import (
    CLASS_HEADER,
    PAYMENT_HEADER,
    UNIT,
    classes,
    ledger_of,
    payments,
    write_csv,
    write_prefecture_of_three,
)  # fmt: skip
from tests.pipelines.homes import Home
from warehouse.schema import explanation

pytestmark = pytest.mark.xdist_group("round trip")
LEDGER = f"{UNIT}/2020-2021/班级台账-核查.xlsx"
PAID = f"{UNIT}/2020春/资助发放台账-核查.xlsx"
LISTS = f"{UNIT}/名单-2020.xlsx"
REASON = "教室在维修，临时并班；联系 13807431234，2020-12-01 拆班"


def spoilt(root: Path) -> Home:
    """Three schools: a class of 四十五 pupils, one of 121, one numbered =1+1; a payment of -625 in a CSV."""
    home = Home(root)
    write_prefecture_of_three(home.landing)
    rows = classes()
    rows[2][6], rows[3][4:7], rows[4][6] = "四十五", ["=1+1", "", 20], 121
    write_ledger_by_hand(ledger_of(home.landing), rows)
    paid = payments()
    paid[0][8] = -625
    title = "古丈县2020年春季学期资助发放花名册"
    write_csv(home.landing / UNIT / "2020春" / "资助发放台账.csv", title, PAYMENT_HEADER, paid, encoding="gb18030")
    return home


def write_ledger_by_hand(path: Path, rows: list[list[object]]) -> None:
    """A class ledger with a bold title, a wide column, and a formula for the pupils of the first class."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("台账")
        sheet.set_column(0, 0, 31)
        sheet.write(0, 0, "2020-2021学年班级台账", book.add_format({"bold": True}))
        for number, row in enumerate([CLASS_HEADER, *rows], start=1):
            sheet.write_row(number, 0, row)
        sheet.write_formula("G3", "=20+5", None, 25)


def book_at(home: Home, path: str) -> openpyxl.Workbook:
    return openpyxl.load_workbook(home.home / "outbox" / path)


def told(sheet: Worksheet) -> dict[str, dict[str, object]]:
    """The lines of 核查结果 by their message."""
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    header = next(n for n, row in enumerate(rows) if row[: len(COLUMNS)] == list(COLUMNS))
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in rows[header + 1 :]]
    return {str(line["问题"]): line | {"at": header + 2 + n} for n, line in enumerate(lines)}


def explain(book: openpyxl.Workbook, like: str, text: str) -> None:
    """Write an explanation beside the finding whose message begins like this."""
    (at,) = [line["at"] for message, line in told(book[ANSWER_SHEET]).items() if message.startswith(like)]
    cell = book[ANSWER_SHEET].cell(int(str(at)), COLUMNS.index("说明") + 1)
    assert not cell.protection.locked
    cell.value = text


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as parts:
        return [name for name in parts.namelist() if re.search(rb"<f[ >/]", parts.read(name))]


def test_a_returned_workbook_mended_as_told_comes_back_as_the_next_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = spoilt(tmp_path)
    assert home.run(2020).exit_code == 0
    folder = home.home / "outbox"
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*.xlsx")} == {LEDGER, PAID, LISTS}
    assert [formulas(path) for path in folder.rglob("*.xlsx")] == [[], [], []]
    assert {oct(path.stat().st_mode & 0o777) for path in folder.rglob("*") if path.is_file()} == {"0o600"}
    _mend_the_ledger(home)
    _mend_the_payments(home)
    assert home.run(2020).exit_code == 0

    versions = home.submissions(UNIT, "class_ledger")
    assert [(v["version"], v["state"]) for v in versions] == [(1, "superseded"), (2, "accepted_with_findings")]
    assert [v["state"] for v in home.submissions(UNIT, "aid_payments")] == ["superseded", "accepted_with_findings"]
    left = [f for f in home.findings() if f["submission_id"] == versions[1]["submission_id"]]
    assert [(f["rule_id"], f["state"]) for f in left] == [("class_ledger.unusual_size", "explained")]
    _explained(home, left[0]["explanation_id"])
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*.xlsx")} == {f"{UNIT}/补报-核查.xlsx", LISTS}
    _nothing_new_is_written(home, monkeypatch)
    assert home.place(UNIT, "class_ledger")["must_explain_count"] == 0
    assert all("核查结果" not in note for r in home.settings.house().ledger.receptions() for note in r.notes)


def _mend_the_ledger(home: Home) -> None:
    book = book_at(home, LEDGER)
    sheet = book.worksheets[0]
    assert sheet["G5"].comment.text.startswith("必须修改：“学生数”写的是“四十五”，应当是整数。\n修改办法：")
    assert sheet["G5"].fill.start_color.rgb == FILLS["must_fix"]
    assert (sheet["G3"].value, sheet["E6"].value, sheet["E6"].quotePrefix) == (25, "=1+1", True)
    assert (sheet["A1"].font.bold, sheet.column_dimensions["A"].width > 30) == (True, True)
    sheet["G5"].value = 45
    explain(book, next(message for message in told(book[ANSWER_SHEET]) if "121" in message), REASON)
    book.save(home.landing / LEDGER)


def _mend_the_payments(home: Home) -> None:
    book = book_at(home, PAID)
    sheet = book.worksheets[0]
    assert (sheet["I3"].value, sheet["E3"].data_type, sheet["M3"].data_type) == (-625, "s", "s")
    sheet["I3"].value = 625
    book.save(home.landing / UNIT / "补报-核查.xlsx")  # elsewhere, under a name that says nothing


def _nothing_new_is_written(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not change is left as it lies, but for a workbook that someone took away."""
    house, today = home.settings.house(), date(2030, 1, 1)
    filled = fill_outbox(house, today)
    assert (len(filled.answers), filled.written, filled.removed, filled.pages) == (1, {}, 0, 0)
    (home.home / "outbox" / UNIT / "补报-核查.xlsx").unlink()
    with monkeypatch.context() as hurried:
        hurried.setattr(outbox, "AT_ONCE", 0)
        assert fill_outbox(house, today).waiting == 1
        assert "补报-核查.xlsx（下次运行写出）" in (home.home / "outbox" / UNIT / f"README-{today}.html").read_text(
            "utf-8"
        )
    assert fill_outbox(house, today).written == {"marked": 1}
    assert len(list((home.home / "outbox" / UNIT).glob("README-*.html"))) == 2


def _explained(home: Home, explanation_id: str) -> None:
    """The one explanation, in the warehouse without its text, in the lake without the telephone."""
    (kept,) = home.rows(explanation)
    assert (kept["explanation_id"], kept["rule_id"]) == (explanation_id, "class_ledger.unusual_size")
    assert (kept["unit_code"], kept["period"]) == (UNIT, "2020-2021")
    assert (kept["expires_on"] - kept["explained_on"]).days in {365, 366}
    house = home.settings.house()
    (said,) = house.explanations.kept
    (listed,) = json.loads(home.command("status", "--explanations", "--format", "json").stdout)
    assert (listed["text"], listed["stands"], listed["expires_on"]) == (said.text, True, said.expires_on.isoformat())
    assert _questions(house) == 0
    later = replace(house, as_of=said.expires_on + timedelta(days=1))
    assert _questions(later) == 1
    ours = [a for a in answers_of(later) if a.reception.path == f"{UNIT}/2020-2021/班级台账-核查.xlsx"]
    (line,) = order_of(later, ours[0], later.explanations, home.root / "x.xlsx").lines
    assert (ours[0].is_open, line.said, line.said_before) == (True, "", said.text)
    assert said.text == "教室在维修，临时并班；联系 …，2020-12-01 拆班"


def _questions(house: House) -> int:
    """Open questions of the unit about its classes, by which its figures are provisional."""
    delivered, explanations = house.ledger.delivered(), house.explanations
    table = standing_of_year(house.lake, house.contracts, delivered, house.regions, 2020, explanations)
    (row,) = [r for r in table.to_pylist() if (r["dataset"], r["unit_code"]) == ("class_ledger", UNIT)]
    return int(row["questions"])
