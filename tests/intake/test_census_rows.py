"""Census files from landing to judged rows: what units write is read, and findings stand where the rules say."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from assets.intake.clean import clean
from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery
from assets.judging.frames import References, SchoolList, helpers_of
from assets.judging.parts import judged
from expectations.contract import load_contracts
from expectations.regions import load_regions
from expectations.rule import rules_of

CONTRACTS, REGIONS = load_contracts(), load_regions()
MAKER = Pseudonymiser(b"k" * 32)
BOY, GIRL = "433199201203150019", "433199201306300024"
KINDERGARTEN, PRIMARY, NINE_YEARS, SENIOR = "1143900001", "2143900001", "2143900002", "3443900001"
KINDS = {KINDERGARTEN: "111", PRIMARY: "211", NINE_YEARS: "312", SENIOR: "342"}


class Seen:
    """One file as it was taken in: its dataset, typed rows, and findings as (column or rule id, row in the file)."""

    def __init__(self, file: Path, rows: Sequence[Sequence[Any]], unit: str = "433101", name: str = "表") -> None:
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(list(row))
        book.save(file)
        delivery = Delivery(
            archived=file, unit_code=unit, sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
            path=f"{unit}/2020-2021/{name}.xlsx", received_at=datetime(2020, 9, 15, tzinfo=UTC), sequence=1,
        )  # fmt: skip
        self.reception = receive(delivery, CONTRACTS, REGIONS, MAKER, file.parent / "raw", Limits())
        self.dataset = self.reception.dataset or ""
        raw = pq.read_table(file.parent / "raw" / self.dataset / f"{self.reception.submission_id}.parquet")
        self.contract = CONTRACTS[self.dataset]
        self.table: pa.Table = clean(raw, self.contract, self.reception, REGIONS)

    def column(self, name: str) -> list[Any]:
        return list(self.table[name].to_pylist())

    def findings(self) -> set[tuple[str, int]]:
        lists = {"433101": SchoolList(frozenset(KINDS), of_that_year=True, kinds=KINDS)}
        helpers = helpers_of(self.table, self.contract, References(REGIONS, lists))
        outcomes = judged(self.table, helpers, rules_of(self.contract), self.dataset)
        return {
            (outcome.rule.id.removeprefix(f"{self.dataset}."), self.table["row"][place].as_py())
            for outcome in outcomes for place in outcome.places
        }  # fmt: skip


ENROLMENT = ["学校标识码", "学段", "年级", "在校生数", "女生", "少数民族", "招生数", "毕业生数"]


def test_entrants_stand_in_the_first_grade_and_leavers_in_the_top_one(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "a.xlsx", [
        ENROLMENT,
        [PRIMARY, "小学", "一年级", 40, 20, 40, 40, 0],
        [PRIMARY, "小学", "二年级", 40, 20, 41, 1, ""],
        [PRIMARY, "小学", "五年级", 40, 41, 40, 0, 30],
        [PRIMARY, "小学", "六年级", 40, 20, 40, "", 38],
        [NINE_YEARS, "小学", "三年级", 12, 6, 12, 3, 4],
        [NINE_YEARS, "初中", "初三", 12, 6, 12, 0, 11],
        [KINDERGARTEN, "幼儿园", "学前班", 12, 6, 12, 12, 10],
    ])  # fmt: skip
    assert (seen.dataset, seen.reception.state) == ("enrolment", "received")
    assert seen.column("grade") == ["P1", "P2", "P5", "P6", "P3", "J3", "K3"]
    assert seen.findings() == {
        ("minority_within", 3), ("entrants_in_first_grade", 3), ("girls_within", 4), ("leavers_in_top_grade", 4),
    }  # fmt: skip


def test_pupils_of_a_grade_are_told_once(tmp_path: Path) -> None:
    row = [SENIOR, "高中", "高一", 50, 25, 50, 50, ""]
    seen = Seen(tmp_path / "a.xlsx", [ENROLMENT, row, [SENIOR, "普高", "十年级", *row[3:]]])
    assert seen.findings() == {("key.unique", 2), ("key.unique", 3)}


STAFF = ["学校标识码", "教职工数", "专任教师", "专业课教师", "“双师型”教师"]


def test_a_school_of_one_stage_need_not_name_it(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "a.xlsx", [STAFF, [PRIMARY, 30, 30, "", ""], [NINE_YEARS, 50, 40, 10, 11]])
    assert (seen.dataset, seen.reception.state) == ("staff", "received")
    assert seen.column("stage") == [None, None]
    assert seen.findings() == {("stage_needed", 3), ("dual_qualified_within", 3)}


def test_a_school_with_several_rows_of_staff_names_the_stage_of_each(tmp_path: Path) -> None:
    header = [*STAFF[:3], "学段"]
    rows = [[PRIMARY, 30, 31, "小学"], [PRIMARY, 2, 2, ""], [SENIOR, 9, 9, ""], [SENIOR, 9, 9, ""]]
    assert Seen(tmp_path / "a.xlsx", [header, *rows]).findings() == {
        ("teachers_within", 2), ("stage_of_each_row", 3), ("stage_of_each_row", 4), ("stage_of_each_row", 5),
        ("key.unique", 4), ("key.unique", 5),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "fen"),
    [("教学仪器设备值（万元）", 12_345_600), ("教学仪器设备资产值（元）", 1_235), ("教学仪器设备值", 1_235)],
)
def test_the_value_of_equipment_is_in_yuan_unless_the_header_says_otherwise(
    tmp_path: Path, header: str, fen: int
) -> None:
    value = "12.3456" if "万元" in header else "12.35"
    seen = Seen(tmp_path / "a.xlsx", [["学校标识码", header], [PRIMARY, value]])
    assert (seen.dataset, seen.column("equipment_value")) == ("facilities", [fen])


def test_areas_and_books_are_read_in_the_unit_of_their_header(tmp_path: Path) -> None:
    header = ["学校标识码", "教学及辅助用房", "室内体育用房(平方米)", "运动场地（亩）", "图书(万册)", "计算机台数"]
    seen = Seen(tmp_path / "a.xlsx", [header, [PRIMARY, 800, 800, 1.5, 1.2, 30], [SENIOR, 800, "800.01", 3, "", ""]])
    assert seen.column("sports_ground_area") == [Decimal("1000.01"), Decimal("2000.01")]
    assert seen.column("books") == [12_000, None]
    assert seen.findings() == {("indoor_sports_within", 3)}


ROLL = ["学校标识码", "学段", "年级", "身份证号", "全国学籍号", "性别", "当前状态"]


def test_the_day_in_the_title_dates_a_pupil_register(tmp_path: Path) -> None:
    title = ["2020-2021学年学籍（截至2020年9月15日）"]
    header = [*ROLL, "数据日期"]
    seen = Seen(tmp_path / "a.xlsx", [
        title, header,
        [PRIMARY, "小学", "一年级", GIRL, "", "女", "在读", ""],
        [PRIMARY, "小学", "三年级", BOY, "", "女", "休学", "2020-08-31"],
    ])  # fmt: skip
    assert (seen.dataset, seen.reception.state) == ("student_roll", "received")
    assert seen.column("as_of") == [date(2020, 9, 15), date(2020, 8, 31)]
    assert seen.column("status") == ["在校", "休学"]
    assert seen.findings() == {("sex_as_identity", 4), ("as_of_in_school_year", 4)}


def test_a_pupil_is_known_by_the_identity_number_or_else_by_the_pupil_number(tmp_path: Path) -> None:
    title, rest = ["2020-2021学年学籍（截至2020年9月15日）"], ["", "在校"]
    pupils = [(BOY, "L1"), ("", f"G{BOY}"), (GIRL, "L1"), ("", "L2"), ("", "L2"), ("", "L3"), ("", ""), ("", "")]
    rows = [[PRIMARY, "小学", "一年级", *numbers, *rest] for numbers in pupils]
    assert Seen(tmp_path / "a.xlsx", [title, ROLL, *rows]).findings() == {
        ("key.unique", 3), ("key.unique", 4), ("key.unique", 6), ("key.unique", 7),
        ("number_needed", 9), ("number_needed", 10),
    }  # fmt: skip


def test_a_pupil_register_without_a_day_wants_it(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "a.xlsx", [ROLL, [PRIMARY, "小学", "一年级", BOY, "", "", "在校"]])
    assert seen.findings() == {("as_of.filled", 2)}


def test_ages_at_either_end_take_in_what_lies_beyond(tmp_path: Path) -> None:
    ages = ["5岁及以下", "6", "11岁", "18岁及以上", "1", "24"]
    rows = [["小学", age, 40, 41 if age == "6" else 20] for age in ages]
    seen = Seen(tmp_path / "a.xlsx", [["学段", "周岁", "在校生数", "女生"], *rows, ["小学", "合计", 240, 141]])
    assert (seen.dataset, seen.reception.rows_ignored) == ("pupils_by_age", {"total": 1})
    assert seen.column("age") == ["5", "6", "11", "18", None, None]
    assert seen.findings() == {("girls_within", 3), ("age.typed", 6), ("age.typed", 7)}


def test_nobody_entered_after_the_school_year_began(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "a.xlsx", [
        ["学段", "招生年份", "招生人数"], ["小学", "2011年", 900], ["小学", 2020, 800], ["小学", 2021, 700],
    ])  # fmt: skip
    assert (seen.dataset, seen.column("entry_year")) == ("entrants_base", [2011, 2020, 2021])
    assert seen.findings() == {("entry_year_by_school_year", 4)}


def test_pupils_of_technical_schools_are_told_by_county(tmp_path: Path) -> None:
    rows = [["吉首市", 900, 300], ["州直", 2000, 700], ["全州", 2900, 1000]]
    seen = Seen(tmp_path / "a.xlsx", [["县市", "在校学生数", "招生"], *rows], unit="433100", name="技工学校在校生")
    assert (seen.dataset, seen.column("unit_code")) == ("technical_pupils", ["433101", "433170", "433100"])
    assert seen.findings() == {("of_a_unit", 4)}


DROPOUTS = ["就读学校标识码", "学生姓名", "身份证号", "年级", "辍学日期", "返校日期", "辍学原因", "目前状态"]


def dropout(grade: str, left: str, back: str, status: str = "已返校", number: str = BOY) -> list[str]:
    return [NINE_YEARS, "甲", number, grade, left, back, "其它", status]


def test_a_child_comes_back_on_or_after_the_day_it_left(tmp_path: Path) -> None:
    seen = Seen(tmp_path / "a.xlsx", [
        DROPOUTS,
        dropout("初一", "2020-10-12", "2020-10-12"),
        dropout("初一", "2020-10-12", "2020-10-11", number=GIRL),
        dropout("初一", "2020-10-12", "", number="433199201203150035"),
        dropout("初一", "2020-10-12", "", "劝返中", number="433199201203150051"),
    ])  # fmt: skip
    assert (seen.dataset, seen.reception.state) == ("dropouts", "received")
    assert seen.column("cause") == ["其他"] * 4
    assert seen.findings() == {("returned_after", 3), ("returned_on_needed", 4)}


@pytest.mark.parametrize(
    ("grade", "code"),
    [("一年级", "P1"), ("6年级", "P6"), ("七年级", "J1"), ("初三", "J3"), ("小学二年级", "P2"), ("高一", "S1"),
     ("职二", "V2"), ("大班", "K3"), ("特教班", "SE"), ("J4", "J4"), ("2019级", None), ("毕业班", None)],
)  # fmt: skip
def test_a_grade_without_its_stage_is_counted_through_from_primary_school(
    tmp_path: Path, grade: str, code: str | None
) -> None:
    seen = Seen(tmp_path / "a.xlsx", [DROPOUTS, dropout(grade, "2020-10-12", "2020-10-13")])
    assert seen.column("grade") == [code]


def test_a_grade_beside_its_stage_is_read_by_it(tmp_path: Path) -> None:
    rows = [[*dropout("一年级", "2020-10-12", "2020-10-13"), stage] for stage in ("初中", "高中", "", "小学")]
    rows.append([*dropout("初一", "2020-10-12", "2020-10-13"), "小学"])
    seen = Seen(tmp_path / "a.xlsx", [[*DROPOUTS, "学段"], *rows])
    assert seen.column("grade") == ["J1", "S1", "P1", "P1", None]
