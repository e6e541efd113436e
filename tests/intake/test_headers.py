from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.intake.headers import HeaderRow, label, plain_name
from assets.intake.vocabulary import Fit, Vocabulary, vocabulary_of
from expectations.contract import load_contracts

LEDGER = load_contracts()["class_ledger"]
HEADERS = ["学校标识码", "学年", "学段", "年级", "班号", "学生数"]


def fit(*head: Sequence[str]) -> Fit | None:
    return Vocabulary({"class_ledger": LEDGER}).fits(head).get("class_ledger")


def found_in(*head: Sequence[str]) -> HeaderRow:
    found = fit(*head)
    assert found is not None
    return found.header


@pytest.mark.parametrize(
    "text",
    ["学校标识码", "学 校 标识码", "学校\n标识码", "学校_x000D_\n标识码", "#学校标识码", "＃学校标识码",
     "其中：学校标识码", "其中:学校标识码", "其中学校标识码", "*学校标识码", "“学校”标识码",
     '"学校"标识码', "　学校标识码　"],
)  # fmt: skip
def test_what_makes_no_difference_in_a_header(text: str) -> None:
    assert plain_name(text) == "学校标识码"


@pytest.mark.parametrize(
    ("text", "bare", "unit"),
    [
        ("学生数（人）", "学生数", "人"),
        ("应发金额(万元)", "应发金额", "万元"),
        ("场地面积（平方米）", "场地面积", "㎡"),
        ("场地面积(㎡)", "场地面积", "㎡"),
        ("运动场地面积（亩）", "运动场地面积", "亩"),
        ("图书【万册】", "图书", "万册"),
        ("教学仪器设备值（单位：万元）", "教学仪器设备值", "万元"),
        ("县（市）", "县(市)", ""),
        ("学校(机构)标识码", "学校(机构)标识码", ""),
        ("乡镇（街道）", "乡镇(街道)", ""),
    ],
)
def test_the_unit_behind_a_header_is_read(text: str, bare: str, unit: str) -> None:
    found = label(text)
    assert (found.bare, found.unit) == (bare, unit)


def test_the_header_is_found_under_title_lines() -> None:
    found = fit(["2020-2021学年班级台账"], [], ["填报单位：吉首市", "", "学校"], HEADERS, ["2143900001"])
    assert found is not None
    assert (found.row, found.header.row, found.header.positions["class_no"]) == (3, 3, 4)
    assert (found.missing, found.is_half) == ((), True)


def test_english_names_are_headers_too() -> None:
    found = found_in(["School_Code", "school_year", "stage", "grade", "class_no", "pupils"])
    assert len(found.positions) == 6


def test_of_two_headers_of_one_column_the_first_counts() -> None:
    found = found_in([*HEADERS, "班额"])
    assert (found.positions["pupils"], found.repeats) == (5, {"pupils": (6,)})


def test_unknown_headers_are_told_and_personal_ones_are_not() -> None:
    extra = ["序号", "备注", "姓名", "家长姓名", "监护人", "联系电话", "家庭住址", "班主任评价", "4331992012031500"]
    assert found_in([*HEADERS, *extra]).unknown == ("班主任评价", "…")


def test_columns_that_title_or_folder_fill_may_be_missing() -> None:
    found = fit(["学校标识码", "学段", "年级", "学生数"])
    assert found is not None
    assert [column.name for column in found.missing] == ["class_no"]


def test_no_header_in_a_sheet_that_names_no_column() -> None:
    assert fit(["2143900001", "小学"], ["关于报送班级台账的通知"]) is None


def test_of_two_rows_that_name_as_many_columns_the_first_is_the_header() -> None:
    assert found_in(HEADERS, ["序号"], HEADERS).row == 0
    assert found_in(HEADERS[:3], HEADERS).row == 1


def test_contracts_that_changed_have_a_vocabulary_of_their_own() -> None:
    contracts = {"class_ledger": LEDGER}
    assert vocabulary_of(contracts) is vocabulary_of(contracts)
    renamed = replace(LEDGER, columns=tuple(replace(c, headers=(f"{c.title}甲",)) for c in LEDGER.columns))
    changed = vocabulary_of({"class_ledger": renamed})
    assert changed.fits([HEADERS]) == {}
    assert changed.fits([[f"{header}甲" for header in HEADERS]])["class_ledger"].missing == ()


@given(st.permutations(range(len(HEADERS))), st.integers(0, 5))
def test_the_order_of_columns_and_the_number_of_titles_do_not_matter(order: list[int], titles: int) -> None:
    found = found_in(*[["标题"]] * titles, [HEADERS[at] for at in order])
    assert {name: order[at] for name, at in found.positions.items()} == found_in(HEADERS).positions
    assert found.row == titles
