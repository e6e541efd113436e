"""Census workbooks: cells by their codes, rows of four datasets, and everything else told with its reason."""

import json
from pathlib import Path

import openpyxl
import pytest

from assets.intake.answer_sheet import COLUMNS, place_text
from assets.intake.census_notes import answers_in
from assets.intake.strays import STRUCK_OUT
from tests.intake.forms import (
    BOXES,
    CODE,
    COVER,
    NAME,
    cells,
    children,
    form,
    placed,
    read,
    received,
    rows,
    school,
    with_grid,
)
from tests.intake.forms import workbook as written

TOTAL = ["总  计", "1", "30", "", "30", "", "", "67", "30", "*", "20", "22", "25", "21"]
GIRLS = ["女", "2", "", "", "", "", "", "30", "*", "", "9", "10", "11", ""]
STAFF = form("基础基412", [["项目", "编号", "教职工"], ["", "", ""]], [["总  计", "1", "40", "35"]])
BOY = "433199201203150019"
PLACED = place_text("census_cell", "2019-2020", "census_cell.unusual", "0c62cf02")
BUILDINGS = form(
    "基础基522", [["", "", "占地"], ["", "", "计"], ["", "", ""], ["", "", ""]],
    [["总  计", "1", "9000", "", "3000", "", "", "", "", "", "4", "", "3", "1,234.5"]], unit="",
)  # fmt: skip


def kindergarten(tmp_path: Path, *lines: list[str]) -> Path:
    boxes = {**BOXES, "D15": "111"}
    return written(tmp_path / "a.xlsx", {**school(), "基础基111": placed(boxes), "基础基311": children(*lines)})


def test_a_cell_is_named_by_its_codes_and_keeps_its_text_and_place(tmp_path: Path) -> None:
    found = cells(read(kindergarten(tmp_path, TOTAL, GIRLS)))
    assert found["基础基311", "01", "1"] == ("30", "D7")
    assert found["基础基311", "02", "11"] == ("11", "N8")
    assert ("基础基311", "01", "8") not in found, "a star is no figure"
    assert len(found) == 12


def test_rows_are_made_of_the_cells_and_say_where_they_were_read(tmp_path: Path) -> None:
    one = read(kindergarten(tmp_path, TOTAL, GIRLS))
    small, middle, big = rows(one, "enrolment")
    assert (small["grade"], small["pupils"], small["girls"], small["entrants"]) == ("K1", "20", "9", "30")
    assert (big["grade"], big["pupils"], big["leavers"], "entrants" in big) == ("K3", "25", "21", False)
    assert small["form__cells"].splitlines()[0] == "pupils=基础基311!L7"
    assert "minority" not in middle, "an empty cell stays empty"
    (listed,) = rows(one, "school")
    assert (listed["school_code"], listed["school_name"], listed["kind"]) == (CODE, NAME, "111")
    assert [part.dataset for part in one.reception.parts] == ["school", "enrolment"]
    assert "《教职工统计》" in one.reception.notes[0]


@pytest.mark.parametrize("lacks", ["nothing", "row", "column", "both"])
def test_the_grid_may_be_shown_or_deleted(tmp_path: Path, lacks: str) -> None:
    sheets = {**school(), "基础基412": STAFF}
    top, left = int(lacks in {"row", "both"}), int(lacks in {"column", "both"})
    cut = {name: [row[left:] for row in with_grid(sheet)[top:]] for name, sheet in sheets.items()} | {"封面": COVER}
    (made,) = rows(read(written(tmp_path / "a.xlsx", cut, grid=False)), "staff")
    assert (made["stage"], made["staff"], made["teachers"]) == ("小学", "40", "35")


def test_money_is_read_in_the_unit_of_its_header_and_rooms_are_added_up(tmp_path: Path) -> None:
    def value(head: str) -> dict[str, str]:
        sheet = [list(row) for row in BUILDINGS]
        sheet[5] = ["", "", "", *[""] * 11, head]
        return rows(read(written(tmp_path / "a.xlsx", {**school(), "基础基522": sheet})), "facilities")[0]

    assert value("资产值（万元）")["equipment_value"] == "12345000"
    assert value("资产值（元）")["equipment_value"] == "1,234.5"
    assert value("资产值")["equipment_value"] == "1,234.5"
    assert (value("")["multimedia_rooms"], value("")["sports_ground_area"]) == ("7", "3000")


@pytest.mark.parametrize("kind", ["小学", "小 学", "211.0", "２１１"])
def test_the_kind_of_school_is_understood_as_in_the_school_list(tmp_path: Path, kind: str) -> None:
    boxes = placed({**BOXES, "D15": kind})
    (made,) = rows(read(written(tmp_path / "a.xlsx", {**school(), "基础基111": boxes, "基础基412": STAFF})), "staff")
    assert made["stage"] == "小学"


def test_a_row_code_that_stands_twice_gives_two_rows_to_be_judged_and_fills_nothing(tmp_path: Path) -> None:
    one = read(kindergarten(tmp_path, TOTAL, TOTAL))
    codes = one.tables["census_cell"]["row_code"]
    assert codes.count("01") == 16
    assert rows(one, "enrolment") == []


def test_full_width_codes_and_codes_with_zeros_are_the_same(tmp_path: Path) -> None:
    found = cells(read(kindergarten(tmp_path, ["总计", "０１", "30"], ["女", "02", "12"])))
    assert {codes[1] for codes in found} == {"01", "02"}


def test_words_outside_the_codes_are_told_as_notes_of_the_form(tmp_path: Path) -> None:
    one = read(kindergarten(tmp_path, TOTAL, ["填表人：某某", "", "7"], ["说明", "注：含附设班"]))
    assert {codes[1] for codes in cells(one)} == {"01"}
    assert one.reception.cells_ignored["note"] == 4


def test_a_form_without_its_row_of_codes_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    sheet = [row for row in children(TOTAL) if "甲" not in row]
    one = read(written(tmp_path / "a.xlsx", {**school(), "基础基311": sheet, "基础基211": children(TOTAL)}))
    assert [(p.rule_id, p.sheet, p.severity) for p in one.reception.problems] == [
        ("intake.census_no_codes", "基础基311", "must_fix")
    ]
    assert {codes[0] for codes in cells(one)} == {"基础基211"}


def test_unknown_hidden_and_withheld_sheets_give_no_cell(tmp_path: Path) -> None:
    sheets = {"基础基999": children(TOTAL), "基础基332": children(TOTAL), "基础基211": children(TOTAL), "草稿": [["x"]]}
    one = read(written(tmp_path / "a.xlsx", {**school(), **sheets}, hidden=["基础基211"]))
    assert cells(one) == {}
    assert [note.split("”")[0] for note in one.reception.notes[:3]] == [
        "工作表“草稿", "工作表“基础基999", "隐藏的工作表“基础基211",
    ]  # fmt: skip
    ignored = one.reception.cells_ignored
    assert ignored["hidden_sheet"] and ignored["withheld"] and ignored["no_layout"]


def test_every_filled_cell_is_placed_or_ignored_for_one_reason(tmp_path: Path) -> None:
    sheets = {
        "基础基522": BUILDINGS,
        "基础基311": children(TOTAL, ["注：1"]),
        "基础基332": children(TOTAL),
        "草稿": [["x"]],
    }
    path = written(tmp_path / "a.xlsx", {**school(), **sheets}, hidden=["草稿"])
    reception = read(path).reception
    filled = sum(
        cell.value is not None for sheet in openpyxl.load_workbook(path).worksheets for row in sheet for cell in row
    )
    assert reception.cells_read == filled == reception.cells_placed + sum(reception.cells_ignored.values())
    assert reception.cells_placed == reception.periods["2020-2021"] + 7, "and seven boxes of the school"


def test_forms_of_another_generation_are_asked_about_and_a_mixture_is_not_read(tmp_path: Path) -> None:
    late = {
        **school(),
        "封面": [["（2022/2023 学年初）"]],
        "基础基211": children(TOTAL),
        "教基2105_小学": children(TOTAL),
    }
    one = read(written(tmp_path / "a.xlsx", late))
    assert [(p.rule_id, p.severity) for p in one.reception.problems] == [
        ("intake.census_other_generation", "must_explain"), ("intake.census_mixed_forms", "must_fix"),
    ]  # fmt: skip
    assert {codes[0] for codes in cells(one)} == {"基础基211"}


def test_a_workbook_that_names_no_school_is_returned_with_the_place(tmp_path: Path) -> None:
    for sheets, told in (
        ({"封面": COVER, "基础基211": children(TOTAL)}, "没有工作表“基础基111”"),
        ({**school(), "基础基111": placed({**BOXES, "B7": "21439"})}, "“基础基111”的 B7 格不是 10 位学校标识码"),
    ):
        reception = received(written(tmp_path / "a.xlsx", sheets))
        assert not hasattr(reception, "tables")
        assert (reception.state, reception.dataset) == ("returned", "census_cell")  # type: ignore[union-attr]
        assert told in reception.problems[0].message  # type: ignore[union-attr]


@pytest.mark.parametrize("code", [CODE, "3143990002"])
def test_a_second_form_that_names_a_school_is_counted_and_must_name_the_same(tmp_path: Path, code: str) -> None:
    def named(code: str) -> list[list[object]]:
        return placed({"C3": NAME, "C4": code, "D9": "10043300001"})

    sheets = {"封面": [["（2021/2022 学年初）"]], "教基1001_小学": named(CODE), "教基1001_初中": named(code)}
    path = written(tmp_path / "a.xlsx", sheets)
    reception = read(path).reception
    problems = [(problem.rule_id, problem.sheet) for problem in reception.problems]
    assert problems == ([] if code == CODE else [("intake.census_two_schools", "教基1001_初中")])
    assert reception.cells_read == 7


def test_without_a_cover_the_name_or_folder_tells_the_school_year(tmp_path: Path) -> None:
    sheets = {"基础基111": placed(BOXES), "基础基211": children(TOTAL)}
    path = written(tmp_path / "a.xlsx", sheets)
    assert read(path, "433126/2019-2020/a.xlsx").reception.periods == {"2019-2020": 8}
    reception = received(path, "433126/a.xlsx")
    assert reception.problems[0].rule_id == "intake.no_period"  # type: ignore[union-attr]


def test_the_younger_forms_are_read_by_their_own_codes(tmp_path: Path) -> None:
    identity = placed(
        {"C3": "样例第一小学", "C4": CODE, "C14": "831", "C27": "121", "C28": "433126000000", "C21": "10043300001"}
    )
    pupils = [["小学分类型学生数"], ["教基3112   单位：人"], ["指标名称", "代码", "毕业生数"], ["", "", ""],
              ["", "", *map(str, range(1, 16))],
              ["总计", "01", "40", "44", *[""] * 4, "90", "41", "44", "46"],
              ["#女", "02", *[""] * 8, "20", "21"]]  # fmt: skip
    sheets = {"教基1001_小学": identity, "教基3112_小学": pupils}
    one = read(written(tmp_path / "样例第一小学(小学).xlsx", sheets), "433126/2021-2022/样例第一小学(小学).xlsx")
    assert cells(one)["教基3112", "02", "10"] == ("21", "L7")
    first, second = rows(one, "enrolment")
    assert (first["pupils"], first["girls"], first["entrants"], second["leavers"]) == ("44", "20", "44", "40")
    (listed,) = rows(one, "school")
    assert (listed["school_name"], listed["sponsor"], listed["urban_rural"], listed["kind"]) == (
        NAME,
        "831",
        "121",
        "小学",
    )


def test_personal_boxes_never_leave_the_workbook(tmp_path: Path) -> None:
    sheets = {**school(), "基础基311": children(TOTAL, ["填表人：彭样甲子 10043300001", ""])}
    one = read(written(tmp_path / "a.xlsx", sheets))
    left = json.dumps(dict(one.tables), ensure_ascii=False) + one.reception.model_dump_json()
    assert CODE in left
    for person in ("10043300001", "yangli", "彭样甲子"):
        assert person not in left


def test_numbers_of_persons_in_cells_and_boxes_are_struck_out(tmp_path: Path) -> None:
    line = ["总  计", "1", BOY, "", "13900000000", "", "", "", "", "", "20", BOY]
    boxes = {**BOXES, "D15": "111", "D7": f"{NAME}13900000000"}
    sheets = {**school(), "基础基111": placed(boxes), "基础基311": children(line)}
    one = read(written(tmp_path / "a.xlsx", sheets))
    left = json.dumps(dict(one.tables), ensure_ascii=False) + one.reception.model_dump_json()
    assert BOY not in left
    assert "13900000000" not in left
    assert cells(one)["基础基311", "01", "1"] == (STRUCK_OUT, "D7")
    assert rows(one, "school")[0]["school_name"] == f"{NAME}{STRUCK_OUT}"


def test_a_hidden_form_fills_no_row(tmp_path: Path) -> None:
    sheets = {**school(), "基础基311": children(TOTAL), "基础基412": STAFF}
    one = read(written(tmp_path / "a.xlsx", sheets, hidden=["基础基311", "基础基412"]))
    assert (rows(one, "enrolment"), rows(one, "staff"), cells(one)) == ([], [], {})


def test_sheets_that_a_returned_workbook_adds_are_read_by_any_of_their_names(tmp_path: Path) -> None:
    line = ["", "census_cell.unusual", "", "", "", "", "", "错了", "", "", "并班", PLACED]
    added = {"核查结果2": [["报告期：2019-2020学年"], COLUMNS, line], "核查节选": [["x"]]}
    path = written(tmp_path / "a.xlsx", {"基础基111": placed(BOXES), "基础基211": children(TOTAL), **added})
    reception = read(path, "433126/a.xlsx").reception
    assert (reception.file_period, [one.text for one in reception.explanations]) == ("2019-2020", ["并班"])
    assert not any("核查" in note for note in reception.notes)
    assert reception.cells_ignored["answer"] == 1 + len(COLUMNS) + 5


def test_a_workbook_of_the_bureau_says_its_county(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {**school(), "基础基211": children(TOTAL)})
    assert read(path, "433100/a.xlsx").tables["census_cell"]["county_code"][0] == "433126"
    assert "county_code" not in read(path).tables["census_cell"]


NOTES = """今年离园大于去年大班+今年大班入园  [8　　　][今年离园]   21　[去年大班]   19　[今年大班入园]    0　[多]    2
今年离园大于去年大班+今年大班入园  [6　　　][今年离园]  143　[去年大班]  120　[今年大班入园]    0　[多]   23
说明：2020年上半年我园增设了一个大班，电话 0743-8222222，
所以毕业人数大于去年年报时的人数。
另一项  [1][甲] 2"""


def test_questions_of_the_checking_software_go_with_the_answer_behind_them() -> None:
    first, second, third = answers_in(NOTES)
    assert (first.key, second.key) == ("8", "6")
    assert first.asked == "今年离园大于去年大班+今年大班入园：今年离园 21，去年大班 19，今年大班入园 0，多 2"
    assert first.text == second.text == "2020年上半年我园增设了一个大班，电话 …，所以毕业人数大于去年年报时的人数。"
    assert third.text == ""


def test_a_number_in_the_key_of_a_question_is_struck_out() -> None:
    (one,) = answers_in("某项不符  [13900000000 彭][甲] 2\n说明：并班")
    assert (one.key, one.text) == ("… 彭", "并班")


def test_answers_become_explanations_of_the_census(tmp_path: Path) -> None:
    sheet = form("基础基112续表1", [], [[NOTES]])
    said = read(written(tmp_path / "a.xlsx", {**school(), "基础基112续表1": sheet})).reception.explanations
    assert [(one.dataset, one.period, one.place) for one in said] == [
        ("census_cell", "2020-2021", f"{CODE} 8"), ("census_cell", "2020-2021", f"{CODE} 6"),
    ]  # fmt: skip


def test_a_table_whose_sheet_is_named_like_a_form_is_read_by_its_headers(tmp_path: Path) -> None:
    ledger = [["学校标识码", "学年", "学段", "教职工数", "专任教师"], [CODE, "2021-2022", "小学", "40", "35"]]
    reception = received(written(tmp_path / "a.xlsx", {"教基4149_小学": ledger}), "433126/2021-2022/a.xlsx")
    assert (reception.state, reception.dataset) == ("received", "staff")  # type: ignore[union-attr]
