from collections.abc import Iterator, Sequence

import pyarrow as pa
import pytest

from assets.intake.recognise import Recognition, recognise
from assets.intake.sheets import Sheet
from assets.intake.vocabulary import must_be_there, vocabulary_of
from expectations.contract import load_contracts

CONTRACTS = load_contracts()
LEDGER = ["学校标识码", "学年", "学段", "年级", "班号", "学生数", "男生数"]
PAYMENTS = [
    "学校标识码",
    "学年",
    "学期",
    "学段",
    "身份证号",
    "困难类型",
    "资助项目",
    "应发金额",
    "实发金额",
    "发放状态",
]
ENTITLED = ["学校标识码", "学年", "学期", "学段", "身份证号", "困难类型"]


def sheet(*head: Sequence[str], name: str = "Sheet1", visible: bool = True) -> Sheet:
    def batches(_start: int) -> Iterator[pa.RecordBatch]:
        yield from ()

    return Sheet(name, visible, [list(row) for row in head], max(map(len, head), default=0), batches)


def seen(*sheets: Sheet, path: str = "433101/表.xlsx") -> Recognition:
    return recognise(sheets, CONTRACTS, path)


def dataset(found: Recognition) -> str | None:
    return found.contract.dataset if found.contract else None


@pytest.mark.parametrize(
    ("headers", "expected"), [(LEDGER, "class_ledger"), (PAYMENTS, "aid_payments"), (ENTITLED, "aid_entitled")]
)
def test_a_file_is_what_has_most_of_its_columns(headers: list[str], expected: str) -> None:
    found = seen(sheet(["标题"], headers))
    assert (dataset(found), found.state) == (expected, "received")


def test_columns_decide_before_the_name() -> None:
    found = seen(sheet(["学校名录"], LEDGER), path="433101/学校名录.xlsx")
    assert (dataset(found), found.state) == ("class_ledger", "received")


def test_columns_of_time_and_county_may_be_missing() -> None:
    found = seen(sheet([header for header in LEDGER if header != "学年"]))
    assert (dataset(found), found.state) == ("class_ledger", "received")


def test_a_named_file_with_a_column_missing_is_returned_naming_it() -> None:
    headers = [header for header in PAYMENTS if header != "发放状态"]
    found = seen(sheet(headers), path="433101/资助发放台账.xlsx")
    assert (dataset(found), found.state) == ("aid_payments", "returned")
    (problem,) = found.problems
    assert (problem.rule_id, problem.column_name) == ("intake.missing_columns", "pay_status")
    assert "“发放状态”" in problem.message
    assert "发放状态/到账状态" in problem.how_to_fix


@pytest.mark.parametrize("lost", ["学段", "年级", "班号", "学生数", "学校标识码"])
def test_a_class_ledger_that_lacks_a_column_passes_for_nothing_else(lost: str) -> None:
    found = seen(sheet(["2020-2021学年班级台账"], [header for header in LEDGER if header != lost]))
    assert (dataset(found), found.state) == ("class_ledger", "returned")
    assert lost in found.problems[0].message


def test_with_half_of_the_columns_and_no_name_it_is_returned_as_the_nearest() -> None:
    found = seen(sheet(["学校标识码", "班号", "年级", "男生数"]))
    assert (dataset(found), found.state) == ("class_ledger", "returned")
    assert "“学段”、“学生数”" in found.problems[0].message


def test_with_less_than_half_it_is_unrecognised_with_the_nearest() -> None:
    found = seen(sheet(["学校标识码", "应发金额", "食堂评分"]))
    assert (dataset(found), found.state) == (None, "unrecognised")
    (problem,) = found.problems
    assert problem.rule_id == "intake.unrecognised"
    assert "《" in problem.message
    assert "没有它自己的栏目" in problem.message


@pytest.mark.parametrize("headers", [["学校标识码", "学年", "食堂评分"], ["学校标识码", "学校名称", "县市", "学年"]])
def test_a_table_that_says_only_where_and_when_is_no_report(headers: list[str]) -> None:
    assert seen(sheet(headers)).state == "unrecognised"


def test_a_notice_without_any_table_is_unrecognised() -> None:
    found = seen(sheet(["关于召开会议的通知"], ["各县市："]))
    assert (dataset(found), found.state) == (None, "unrecognised")


def test_only_hidden_sheets_are_no_table() -> None:
    found = seen(sheet(LEDGER, name="底稿", visible=False))
    assert (found.state, found.problems[0].rule_id) == ("unrecognised", "intake.no_table")
    assert found.notes == ("隐藏的工作表“底稿”没有读取。",)


def test_every_sheet_that_fits_is_read_and_the_others_are_told() -> None:
    found = seen(
        sheet(LEDGER, name="小学"), sheet(["班级台账"], LEDGER[::-1], name="初中"), sheet(PAYMENTS, name="资助"),
        sheet(["填表说明"], name="说明"), sheet(name="空"), sheet(LEDGER, name="旧", visible=False),
        path="433101/班级台账.xlsx",
    )  # fmt: skip
    assert found.state == "received"
    assert [layout.sheet.name for layout in found.layouts] == ["小学", "初中"]
    assert len(found.notes) == 3
    assert "《资助发放台账》" in found.notes[1]
    assert "“说明”不是可识别的报表" in found.notes[2]


def test_a_second_sheet_that_lacks_a_column_is_not_lost_in_silence() -> None:
    found = seen(
        sheet(LEDGER, name="小学"), sheet([h for h in LEDGER if h != "班号"], name="初中"), path="433101/班级台账.xlsx"
    )
    assert found.state == "returned"
    assert [problem.sheet for problem in found.problems] == ["初中"]


def test_unknown_columns_are_told_once_for_a_sheet() -> None:
    found = seen(sheet([*LEDGER, "班主任", "班主任", "序号", "姓名"]))
    assert found.notes == ("工作表“Sheet1”的以下栏目不在本报表中，没有读取：班主任。",)


def test_the_longer_title_names_a_file() -> None:
    vocabulary = vocabulary_of(CONTRACTS)
    assert vocabulary.named_by(["湘西州 资助发放 台账"]) is CONTRACTS["aid_payments"]
    assert vocabulary.named_by(["通知"]) is None


def test_every_contract_recognises_its_own_headers() -> None:
    for name, contract in CONTRACTS.items():
        if contract.read_by != "headers":
            continue  # a form is told by the names of its sheets
        found = seen(sheet([column.title for column in contract.columns]))
        assert (dataset(found), found.state) == (name, "received")
        short = [column.headers[-1] for column in must_be_there(contract)]
        named = seen(sheet([contract.titles[0]], short))
        assert (dataset(named), named.state) == (name, "received")
