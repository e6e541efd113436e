import csv
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from assets.intake.answer_sheet import ANSWER_SHEET, COLUMNS
from assets.intake.headers import letter
from assets.intake.identity import check_numbers
from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.intake.workbook import BATCH_ROWS
from expectations.contract import load_contracts
from expectations.regions import load_regions
from tests.intake.books import PARTS, cell
from tests.intake.books import book as made_book

CONTRACTS, REGIONS = load_contracts(), load_regions()
MAKER = Pseudonymiser(b"k" * 32)
BOY, GIRL = "433199201203150019", "433199201306300024"
LEDGER: list[Any] = ["序号", "学校标识码", "学段", "年级", "班号", "学生数（人）", "其中：女生", "班主任"]
CLASSES: list[list[Any]] = [
    [1, "2143900001", "小学", "一年级", "1班", 45, 22, "甲"],
    [2, "2143900001", "小学", "一年级", "2班", 44, 20, "乙"],
]
PAID = ["学校标识码", "学年", "学期", "学段", "姓名", "身份证号", "全国学籍号", "困难类型", "资助项目", "应发金额",
        "实发金额", "发放状态", "银行账号"]  # fmt: skip


def payment(number: str, pupil_number: str = "", term: str = "春季", year: str = "2019-2020") -> list[str]:
    return ["3143900001", year, term, "初中", "张三", number, pupil_number, "低保", "生活补助", "500", "500", "成功",
            "6217000000000000001"]  # fmt: skip


def book(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(list(row))
    made.save(path)
    return path


def text(path: Path, rows: Sequence[Sequence[Any]], encoding: str = "gb18030") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def received(file: Path, landed: str = "433101/表.xlsx") -> tuple[Reception, list[dict[str, Any]]]:
    lake = file.parent / "raw"
    delivery = Delivery(
        archived=file, unit_code=landed[:6], sha256=hashlib.sha256(file.read_bytes()).hexdigest(), path=landed,
        received_at=datetime(2020, 9, 15, tzinfo=UTC), sequence=1,
    )  # fmt: skip
    reception = receive(delivery, CONTRACTS, REGIONS, MAKER, lake, Limits())
    written = lake / (reception.dataset or "") / f"{reception.submission_id}.parquet"
    table: pa.Table | None = pq.read_table(written) if written.is_file() else None
    assert (table is not None) == (reception.state == "received")
    return reception, table.to_pylist() if table is not None else []


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


def test_a_class_ledger_becomes_raw_rows_with_their_place(tmp_path: Path) -> None:
    title = [["2020-2021学年班级台账"], ["填报单位：吉首市", "填报日期：2021年1月12日"]]
    file = book(
        tmp_path / "a.xlsx", 班级=[*title, LEDGER, *CLASSES, ["合 计"] + [None] * 4 + [89], [], ["填表人：张三"]]
    )
    reception, rows = received(file)
    assert (reception.dataset, reception.state, reception.problems) == ("class_ledger", "received", ())
    assert (reception.rows_read, reception.rows_ignored) == (5, {"total": 1, "blank": 1, "note": 1})
    assert (reception.periods, reception.file_period) == ({"2020-2021": 2}, "2020-2021")
    assert reception.cells["班级"]["pupils"] == "F"
    assert reception.units == {"pupils": "人"}
    assert reception.notes == ("工作表“班级”的以下栏目不在本报表中，没有读取：班主任。",)
    assert [(row["sheet"], row["row"]) for row in rows] == [("班级", 4), ("班级", 5)]
    assert column(rows, "pupils") == ["45", "44"]
    assert column(rows, "school_year") == ["2020-2021"] * 2
    assert column(rows, "period") == ["2020-2021"] * 2


@pytest.mark.parametrize("landed", ["433101/2020-2021/a.csv", "433101/班级台账2020-2021学年.csv"])
def test_file_name_and_folder_say_the_period(tmp_path: Path, landed: str) -> None:
    reception, _ = received(text(tmp_path / "a.csv", [LEDGER, *CLASSES]), landed)
    assert reception.periods == {"2020-2021": 2}


def test_a_period_that_nobody_says_is_returned_and_the_clock_not_asked(tmp_path: Path) -> None:
    rows = [["填报日期：2020年9月12日"], LEDGER, *CLASSES]
    reception, _ = received(book(tmp_path / "a.xlsx", 班级=rows), "433101/班级台账.xlsx")
    assert (reception.dataset, reception.state) == ("class_ledger", "returned")
    assert [problem.rule_id for problem in reception.problems] == ["intake.no_period"]
    assert "“学年”" in reception.problems[0].message
    assert reception.periods == {}


def test_a_file_with_headers_alone_says_nothing_to_report(tmp_path: Path) -> None:
    reception, rows = received(text(tmp_path / "a.csv", [LEDGER]), "433101/2020-2021/班级台账.csv")
    assert (reception.state, reception.periods, rows) == ("received", {"2020-2021": 0}, [])
    (tmp_path / "unsaid").mkdir()
    assert received(text(tmp_path / "unsaid" / "a.csv", [LEDGER]), "433101/班级台账.csv")[0].state == "returned"


def test_the_rows_own_period_decides_before_the_files(tmp_path: Path) -> None:
    rows = [payment(BOY), payment(GIRL, term="第一学期"), payment(BOY, year="")]
    reception, raw = received(text(tmp_path / "a.csv", [PAID, *rows]), "433101/2020春/a.csv")
    assert reception.periods == {"2019-2020-spring": 2, "2019-2020-autumn": 1}
    assert column(raw, "period") == ["2019-2020-spring", "2019-2020-autumn", "2019-2020-spring"]
    assert column(raw, "school_year") == ["2019-2020"] * 3
    assert column(raw, "term") == ["春季", "第一学期", "春季"]


def test_a_row_whose_period_cannot_be_read_goes_with_the_most_frequent_one(tmp_path: Path) -> None:
    rows = [payment(BOY), payment(GIRL), payment(BOY, term="秋"), payment(BOY, term="夏季"), payment(BOY, year="")]
    reception, raw = received(text(tmp_path / "a.csv", [PAID, *rows]), "433101/a.csv")
    assert reception.periods == {"2019-2020-spring": 4, "2019-2020-autumn": 1}
    assert reception.rows_read == sum(reception.periods.values())
    assert column(raw, "term")[3:] == ["夏季", "春季"]
    assert column(raw, "school_year")[4] is None


def test_the_year_of_a_competition_is_that_of_its_day(tmp_path: Path) -> None:
    headers = ["赛事名称", "项目", "级别", "状态", "角色", "举办日期"]
    rows = [["青少年锦标赛", "田径", "省", "已举办", "参赛", day] for day in ("2020年8月1日", "2019-08-01", "")]
    reception, raw = received(text(tmp_path / "a.csv", [headers, *rows]), "433101/2020/赛事活动.csv")
    assert reception.periods == {"2020": 2, "2019": 1}
    assert column(raw, "year") == ["2020", "2019", "2020"]


def test_sheets_of_several_months_or_years_have_each_their_own_period(tmp_path: Path) -> None:
    sheets = {
        "上年": [["2019-2020学年班级台账"], LEDGER, *CLASSES],
        "本年": [["2020-2021学年班级台账"], LEDGER, CLASSES[0]],
    }
    reception, raw = received(book(tmp_path / "a.xlsx", **sheets))
    assert (reception.periods, reception.file_period) == ({"2019-2020": 2, "2020-2021": 1}, None)
    assert column(raw, "school_year") == ["2019-2020", "2019-2020", "2020-2021"]


def test_numbers_become_pseudonyms_and_names_stay_behind(tmp_path: Path) -> None:
    rows = [payment(BOY, f"G{GIRL}"), payment("", "L12345"), payment("无")]
    _, raw = received(text(tmp_path / "a.csv", [PAID, *rows]))
    boy, girl = MAKER.of_numbers([BOY, GIRL])
    assert column(raw, "student_id") == [boy, None, None]
    assert column(raw, "national_student_no") == [girl, MAKER.of_texts(["L12345"])[0], None]
    assert column(raw, "account") == MAKER.of_texts(["6217000000000000001"]) * 3
    assert column(raw, "student_id__unread") == [None] * 3
    assert "name" not in raw[0]
    for file in tmp_path.rglob("*.parquet"):
        everything = str(pq.read_table(file).to_pylist())
        assert not any(value in everything for value in (BOY, GIRL, "张三", "6217000000000000001", "L12345"))


def test_damaged_numbers_have_their_fault_and_are_repaired_from_a_valid_pupil_number(tmp_path: Path) -> None:
    damaged = ["4.33199E+17", "433199201203150000", "433199201203150016", "433199201203150018", "43319920120315001"]
    rows = [*(payment(one) for one in damaged), *(payment(one, f"G{BOY}") for one in damaged)]
    _, raw = received(text(tmp_path / "a.csv", [PAID, *rows]))
    faults = ["scientific", "truncated", "rounded", "checksum", "length"]
    assert column(raw, "student_id__unread") == [*faults, *[None] * 5]
    assert column(raw, "student_id__doubt") == [*[None] * 5, *["repaired"] * 5]
    assert set(column(raw, "student_id")[5:]) == set(MAKER.of_numbers([BOY]))
    assert not set(column(raw, "student_id")[:5]) & set(MAKER.of_numbers([BOY]))


def test_nothing_is_repaired_from_a_number_that_disagrees_or_is_not_valid(tmp_path: Path) -> None:
    rows = [
        payment("433199201203150018", f"G{GIRL}"),
        payment("4.33199E+17", f"G{BOY[:-1]}8"),
        payment(BOY, f"G{GIRL}"),
    ]
    _, raw = received(text(tmp_path / "a.csv", [PAID, *rows]))
    assert column(raw, "student_id__unread") == ["checksum", "scientific", None]
    assert column(raw, "student_id__doubt") == [None] * 3


def test_a_number_that_adds_up_by_chance_gives_way_to_the_pupil_number(tmp_path: Path) -> None:
    cut, whole = "433199201201091000", "433199201201091019"
    assert check_numbers([cut, whole])["fault"].to_pylist() == [None, None]
    _, raw = received(text(tmp_path / "a.csv", [PAID, payment(cut, f"G{whole}"), payment(cut)]))
    assert column(raw, "student_id__doubt") == ["repaired", None]
    assert column(raw, "student_id") == MAKER.of_numbers([whole, cut])


def test_an_unknown_region_is_a_doubt(tmp_path: Path) -> None:
    _, raw = received(text(tmp_path / "a.csv", [PAID, payment("99010120120315001X"), payment("433170201203150016")]))
    assert column(raw, "student_id__unread") == [None, None]
    assert column(raw, "student_id__doubt") == ["region", "region"]


def test_a_birth_after_the_period_is_no_date(tmp_path: Path) -> None:
    late = payment(BOY, year="2010-2011")
    _, raw = received(text(tmp_path / "a.csv", [PAID, late, payment(BOY)]))
    assert column(raw, "student_id__unread") == ["date", None]


def test_sex_and_birth_stand_beside_the_number_where_the_contract_asks_for_them(tmp_path: Path) -> None:
    headers = ["注册证号", "身份证号", "性别", "出生日期", "项目", "年度", "注册单位", "注册状态", "县市"]
    row = ["A1", GIRL, "女", "2013-06-30", "田径", "2020", "体校", "有效", "吉首市"]
    reception, raw = received(text(tmp_path / "a.csv", [headers, row]))
    assert (reception.dataset, reception.state) == ("athletes", "received")
    assert (raw[0]["student_id__sex"], raw[0]["student_id__born"]) == ("女", "2013-06-30")


def test_two_headers_of_one_column_that_differ_are_a_doubt(tmp_path: Path) -> None:
    rows = [[*CLASSES[0], 45], [*CLASSES[1], 43], [*CLASSES[1], None]]
    _, raw = received(text(tmp_path / "a.csv", [[*LEDGER, "班额"], *rows]), "433101/2020-2021/a.csv")
    assert column(raw, "pupils") == ["45", "44", "44"]
    assert column(raw, "pupils__doubt") == [None, "differs", None]


def test_sheets_with_different_units_are_returned(tmp_path: Path) -> None:
    other = [header.replace("应发金额", "应发金额（万元）") for header in PAID]
    sheets = {"一": [PAID, payment(BOY)], "二": [other, payment(GIRL)]}
    reception, _ = received(book(tmp_path / "a.xlsx", **sheets))
    assert [problem.rule_id for problem in reception.problems] == ["intake.units_differ"]


def test_a_file_that_lacks_a_column_is_returned_and_nothing_written(tmp_path: Path) -> None:
    reception, _ = received(text(tmp_path / "a.csv", [LEDGER[:4], CLASSES[0][:4]]), "433101/2020-2021/班级台账.csv")
    assert (reception.dataset, reception.state) == ("class_ledger", "returned")
    assert "“班号”、“学生数”" in reception.problems[0].message
    assert not (tmp_path / "raw").exists()


def test_what_cannot_be_opened_is_returned_as_what_its_name_says(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"PK\x03\x04 broken")
    reception, _ = received(tmp_path / "a", "433101/班级台账.xlsx")
    assert (reception.dataset, reception.state) == ("class_ledger", "returned")
    assert reception.problems[0].rule_id.startswith("intake.")


def test_an_empty_file_is_unrecognised(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    reception, _ = received(tmp_path / "a", "433101/班级台账.csv")
    assert (reception.state, reception.problems[0].rule_id) == ("unrecognised", "intake.empty")


def test_a_file_that_breaks_off_is_returned_without_a_trace(tmp_path: Path) -> None:
    lines = [",".join(map(str, row)) for row in [LEDGER, *CLASSES * 20_000]]
    lines[-9] = '3,2143900001,小学,一年级,"3班,45,20,丙'
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    reception, _ = received(tmp_path / "a.csv", "433101/2020-2021/班级台账.csv")
    assert (reception.dataset, reception.state) == ("class_ledger", "returned")
    assert not list(tmp_path.rglob("*.parquet"))


def test_the_same_file_gives_the_same_raw_rows_twice(tmp_path: Path) -> None:
    file = text(tmp_path / "a.csv", [PAID, payment(BOY), payment(GIRL)])
    assert received(file) == received(file)


@pytest.mark.parametrize(
    ("position", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(position: int, name: str) -> None:
    assert letter(position) == name


def test_a_returned_sheet_of_findings_that_breaks_off_is_the_fault_of_its_file(tmp_path: Path) -> None:
    head = "".join(cell(f"{letter(at)}1", title) for at, title in enumerate(COLUMNS))
    lines = "".join(f'<row r="{row}">{cell(f"A{row}")}</row>' for row in range(2, BATCH_ROWS + 3))
    last = f'<row r="{BATCH_ROWS + 3}">{cell(f"A{BATCH_ROWS + 3}", "a_x0000_b")}</row>'
    named = PARTS["xl/workbook.xml"].replace("表", ANSWER_SHEET)
    made_book(tmp_path / "a.xlsx", f'<row r="1">{head}</row>{lines}{last}', **{"xl/workbook.xml": named})
    reception, _ = received(tmp_path / "a.xlsx")
    assert [problem.rule_id for problem in reception.problems] == ["intake.nul"]
