"""Returned workbooks: what is marked where, that text stays text, and that our own reader finds what was delivered."""

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from assets.intake.answer_sheet import ANSWER_SHEET, COLUMNS, EXCERPT_SHEET, own_sheets, said_in
from assets.intake.limits import Limits
from assets.intake.sheets import Sheet, open_sheets
from assets.reports import outbox_book, outbox_plain
from assets.reports.outbox_book import write_book
from assets.reports.outbox_lines import Line, Order
from assets.reports.outbox_look import AUTHOR, FILLS

FIX, ASK = FILLS["must_fix"], FILLS["must_explain"]
RISKY = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "\tx", "＝1", "http://example.org", "0012", "1E5"]
Write = Callable[..., Path]


def line(cell: str = "", row: int | None = None, severity: str = "must_fix", sheet: str = "表", **told: str) -> Line:
    words = {"message": f"{cell or row}有误。", "how_to_fix": "请更正。", "said": "", "said_before": ""} | told
    return Line(finding_id="f", severity=severity, sheet=sheet, row=row, cell=cell, column="人数",
                placed="school|2020-2021|school.rule|ab", **words)  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the workbook that answers a file with these lines; returns where it is."""

    def written(source: Path, *lines: Line, way: str, **order: object) -> Path:
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        given = {"numbers": frozenset(), "head": (ANSWER_SHEET, "报告期：2020-2021学年")} | order
        made = Order(source=source, target=tmp_path / "out" / "件-核查.xlsx", scratch=scratch, lines=lines,
                     limits=Limits(), **given)  # fmt: skip
        assert write_book(made) == way
        assert list(scratch.iterdir()) == []
        return made.target

    return written


def drawn(path: Path, rows: list[list[object]], sheet: str = "表") -> Path:
    """A workbook of one sheet, its cells as they are given."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        one = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            one.write_row(number, 0, row)
    return path


def texts(sheet: Sheet) -> list[list[str | None]]:
    return [list(row.values())[1:] for batch in sheet.batches(0) for row in batch.to_pylist()]


def formulas(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as parts:
        return [name for name in parts.namelist() if re.search(rb"<(\w+:)?f[ >/]", parts.read(name))]


def read(path: Path) -> Sheet:
    """The unit's own sheet of a returned workbook, as intake reads it."""
    (own,) = own_sheets(open_sheets(path, Limits()))
    return own


@pytest.mark.parametrize("suffix", ["xlsx", "csv"])
def test_text_stays_text_whatever_it_begins_with(write: Write, tmp_path: Path, suffix: str) -> None:
    rows = [["名称", "人数"], *([text, 7] for text in RISKY)]
    if suffix == "xlsx":
        source, way, name = drawn(tmp_path / "a.xlsx", rows), "marked", "表"
    else:
        source, way, name = tmp_path / "a.csv", "plain", ""
        source.write_text("".join(f'"{text}",{number}\n' for text, number in rows), "utf-8")
    wrong = line("A2", sheet=name, message="=HYPERLINK(1)", said="=2+2", severity="must_explain")
    target = write(source, wrong, way=way, numbers=frozenset({(name, "B")}))
    assert formulas(target) == []
    delivered, back = texts(open_sheets(source, Limits())[0]), texts(read(target))
    assert back == delivered
    (said,) = said_in(open_sheets(target, Limits()))
    assert (said.text, said.message) == ("=2+2", "=HYPERLINK(1)")
    sheet = openpyxl.load_workbook(target).worksheets[0]
    assert [sheet.cell(n, 1).data_type for n in range(2, 12)] == ["s"] * 10
    assert [sheet.cell(n, 1).quotePrefix for n in range(2, 9)] == [True] * 7  # so that editing keeps it text
    assert [sheet.cell(n, 2).data_type for n in range(2, 12)] == ["n"] * 10


def test_formats_stay_and_formulas_become_their_values(write: Write, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet, hidden = book.add_worksheet("表"), book.add_worksheet("底稿")
        hidden.hide()
        hidden.write("A1", "不看")
        sheet.merge_range("A1:C1", "学校名录", book.add_format({"bold": True}))
        sheet.write_row("A2", ["名称", "人数", "合计"])
        sheet.write_row("A3", ["一小", 3])
        sheet.write_formula("C3", "=B3*2", None, 6)
        sheet.set_column("A:A", 33)
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.write_comment("B3", "原有批注", {"author": "张"})
        book.define_name("清单", "=表!$A$1:$A$3")
        book.define_name("危险", "=cmd|'/C calc'!A0")
    target = write(tmp_path / "a.xlsx", line("B3"), line("B3", severity="must_explain"), line("B1"), way="marked")
    book = openpyxl.load_workbook(target)
    sheet = book["表"]
    assert (formulas(target), sheet["C3"].value, book["底稿"].sheet_state) == ([], 6, "hidden")
    assert (sheet["A1"].font.bold, [str(area) for area in sheet.merged_cells.ranges]) == (True, ["A1:C1"])
    assert (sheet.column_dimensions["A"].width > 32, sheet.row_dimensions[3].hidden) == (True, True)
    assert sheet["A1"].fill.start_color.rgb == FIX  # of merged cells the one that shows
    assert sheet["B3"].comment.text == (
        "原有批注\n\n必须修改：B3有误。\n修改办法：请更正。\n\n需说明：B3有误。\n修改办法：请更正。"
    )
    assert list(book.defined_names) == ["清单"]


def test_a_row_without_a_cell_is_marked_at_its_first_filled_one(write: Write, tmp_path: Path) -> None:
    rows: list[list[object]] = [["名称", "人数"], [None, 4], ["二小", 5]]
    asked = line(row=2, severity="must_explain")
    sheet = openpyxl.load_workbook(write(drawn(tmp_path / "a.xlsx", rows), asked, way="marked")).worksheets[0]
    assert [(c.coordinate, c.fill.start_color.rgb) for c in sheet[2] if c.comment] == [("B2", ASK)]
    (tmp_path / "a.csv").write_text("名称,人数\n,4\n二小,5\n", "utf-8")
    lines = [line(row=2, severity="must_explain", sheet=""), line("B2", sheet=""), line("D3", sheet="")]
    sheet = openpyxl.load_workbook(write(tmp_path / "a.csv", *lines, way="plain")).worksheets[0]
    assert {c.coordinate: c.fill.start_color.rgb for row in sheet for c in row if c.comment} == {"B2": FIX, "D3": FIX}
    assert sheet["B2"].comment.text.count("有误") == 2


def test_marks_of_an_earlier_return_go(write: Write, tmp_path: Path) -> None:
    first = write(drawn(tmp_path / "a.xlsx", [["名称", "人数"], ["一小", "三"]]), line("B2"), way="marked")
    mended = openpyxl.load_workbook(first)
    mended["表"]["B2"].value = 3
    mended.save(tmp_path / "b.xlsx")
    book = openpyxl.load_workbook(write(tmp_path / "b.xlsx", line("A2"), way="marked"))
    assert book.sheetnames == ["表", ANSWER_SHEET]
    assert [c.coordinate for row in book["表"] for c in row if c.comment] == ["A2"]
    assert book["表"]["B2"].fill.fill_type is None


def test_every_finding_stands_in_the_sheet_of_findings(write: Write, tmp_path: Path) -> None:
    lines = [line(f"B{n}", n, said_before="去年已说明") for n in range(2, 3300)]  # more than can be commented
    source = drawn(tmp_path / "a.xlsx", [["名称", "人数"], *(["一小", n] for n in range(3300))])
    book = openpyxl.load_workbook(write(source, *lines, way="plain"))
    rows = list(book[ANSWER_SHEET].iter_rows(values_only=True))
    assert rows[2] == COLUMNS
    assert [row[5] for row in rows[3:]] == [one.cell for one in lines]
    assert {row[9] for row in rows[3:]} == {"去年已说明"}
    assert sum(c.fill.start_color.rgb == FIX for row in book["表"].iter_rows() for c in row) == len(lines)
    assert book[ANSWER_SHEET].protection.sheet
    assert [c.protection.locked for c in book[ANSWER_SHEET][4]] == [title != "说明" for title in COLUMNS]


def test_findings_that_one_sheet_does_not_hold_go_on_in_the_next(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_plain, "_ROWS", 2)
    (tmp_path / "a.csv").write_text("名称,人数\n一小,4\n", "utf-8")
    lines = [line(row=2, sheet="", said=f"第{n}条", severity="must_explain") for n in range(5)]
    sheets = open_sheets(write(tmp_path / "a.csv", *lines, way="plain"), Limits())
    assert [sheet.name for sheet in sheets[1:]] == [ANSWER_SHEET, f"{ANSWER_SHEET}2", f"{ANSWER_SHEET}3"]
    assert [said.text for said in said_in(sheets)] == [one.said for one in lines]


def test_an_old_workbook_comes_back_as_a_new_one(write: Write) -> None:
    source = Path(__file__).parents[1] / "intake" / "files" / "forms.xls"
    name = open_sheets(source, Limits())[0].name
    target = write(source, line("A2", sheet=name), way="plain")
    theirs, ours = open_sheets(source, Limits()), own_sheets(open_sheets(target, Limits()))
    assert [sheet.name for sheet in ours] == [sheet.name for sheet in theirs]
    assert [sheet.head for sheet in ours] == [sheet.head for sheet in theirs]


def test_of_a_file_that_is_too_large_the_faulty_rows_come_back(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_book, "PLAIN_CELLS", 20)
    (tmp_path / "a.csv").write_text("名称,人数\n" + "".join(f"校{n},{n}\n" for n in range(50)), "utf-8")
    target = write(tmp_path / "a.csv", line("B30", 30, sheet=""), line(row=40, sheet=""), way="excerpt")
    sheet = openpyxl.load_workbook(target)[EXCERPT_SHEET]
    assert list(sheet.iter_rows(values_only=True)) == [
        ("1行", "名称", "人数"), ("30行", "校28", "28"), ("40行", "校38", "38"),
    ]  # fmt: skip
    assert [c.coordinate for row in sheet for c in row if c.comment and c.comment.author == AUTHOR] == ["C2", "B3"]
    assert own_sheets(open_sheets(target, Limits())) == []  # it must never pass for the whole file
    assert "只有其中有问题的行" in str(openpyxl.load_workbook(target)[ANSWER_SHEET]["A3"].value)


def test_of_what_cannot_be_opened_the_findings_come_back(write: Write, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 broken")
    target = write(tmp_path / "a.xlsx", line(sheet="", message="文件已损坏。"), way="bare")
    book = openpyxl.load_workbook(target)
    assert book.sheetnames == [ANSWER_SHEET]
    assert "文件已损坏。" in [cell.value for cell in book[ANSWER_SHEET][5]]
    assert oct(target.stat().st_mode & 0o777) == "0o600"
