from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.intake.headers import HeaderRow
from assets.intake.rows import data_rows
from assets.intake.sheets import Sheet
from assets.intake.vocabulary import Vocabulary
from expectations.contract import Contract, load_contracts

CONTRACTS = load_contracts()
LEDGER = CONTRACTS["class_ledger"]
HEADERS = ["序号", "学校标识码", "学校名称", "学段", "年级", "班号", "学生数", "备注"]
DATA = ["1", "2143900001", "测试小学", "小学", "一年级", "1班", "45", ""]

Text = str | None


def sheet_of(rows: Sequence[Sequence[Text]], size: int = 2) -> Sheet:
    """A sheet that hands out its rows in batches of `size`."""
    width = max(map(len, rows))

    def batches(start: int) -> Iterator[pa.RecordBatch]:
        for first in range(start, len(rows), size):
            part = [[cell or None for cell in row] + [None] * (width - len(row)) for row in rows[first : first + size]]
            columns = {f"c{at}": pa.array([row[at] for row in part], pa.string()) for at in range(width)}
            numbers = pa.array(range(first + 1, first + len(part) + 1), pa.int32())
            yield pa.record_batch({"row": numbers} | columns)

    return Sheet("", True, [[cell or "" for cell in row] for row in rows[:60]], width, batches)


def read(
    rows: Sequence[Sequence[Text]], contract: Contract = LEDGER
) -> tuple[list[dict[str, Text]], int, Counter[str]]:
    sheet = sheet_of(rows)
    header = Vocabulary({"": contract}).fits(sheet.head)[""].header
    data: list[dict[str, Text]] = []
    count, ignored = 0, Counter[str]()
    for batch in data_rows(sheet, header, contract):
        data += batch.data.to_pylist()
        count += batch.read
        ignored += batch.ignored
    return data, count, ignored


def reasons(*rows: Sequence[Text], contract: Contract = LEDGER, headers: Sequence[str] = HEADERS) -> list[str]:
    _, count, ignored = read([headers, *rows], contract)
    assert count == len(rows)
    return sorted(ignored.elements())


def test_cells_stay_as_delivered_trimmed_and_empty_ones_are_null() -> None:
    (row,), _, _ = read([HEADERS, ["1", " 2143900001\t", "　测试小学", "小学", "一年级", "1班_x000D_", "45.0", "x"]])
    assert row == {"row": 2, "school_code": "2143900001", "school_name": "测试小学", "stage": "小学", "grade": "一年级",
                   "class_no": "1班", "pupils": "45.0"}  # fmt: skip
    (row,), _, _ = read([HEADERS, ["1", "2143900001", "  ", None]])
    assert row["school_name"] is None


@pytest.mark.parametrize(
    "word", ["合计", "合 计", "总  计", "小　计", "合计：", "小学合计", "合计（12所）", "全州总计"]
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_totals_are_ignored_with_inner_blanks_in_the_first_cells(word: str, at: int) -> None:
    total: list[Text] = [None] * 8
    total[at], total[6] = word, "450"
    assert reasons(DATA, total) == ["total"]


def test_a_total_may_follow_its_county() -> None:
    assert reasons([None, None, "测试小学", "小计", None, None, "90"]) == ["total"]


@pytest.mark.parametrize("word", ["会计1班", "合计", "统计班"])
def test_words_like_totals_in_a_row_of_data_are_data(word: str) -> None:
    row = [*DATA]
    row[5] = word
    assert reasons(row) == []


def test_a_total_that_the_contract_calls_data_is_data() -> None:
    population = replace(CONTRACTS["population"], totals_are_data=("age",))
    headers = ["县市", "年份", "年龄", "常住人口"]
    rows = [["吉首市", "2020", "合计", "400000"], ["合计", "2020", "3", "9000"]]
    assert reasons(*rows, contract=population, headers=headers) == ["total"]


@pytest.mark.parametrize(
    "text",
    ["注：本表含教学点", "说明: 以上数据截至9月1日", "填表人：张三    审核人：李四", "审 核 人：",
     "填报日期：2020年9月12日", "制表：王五", "单位（盖章）：", "备注：无", "注1：略"],
)  # fmt: skip
def test_notes_and_signatures_are_ignored(text: str) -> None:
    assert reasons(DATA, [text], [None, text]) == ["note", "note"]


def test_blank_rows_and_rows_with_a_running_number_only_are_blank() -> None:
    assert reasons(DATA, [None] * 8, ["2"], [None, " ", "\t"], ["3"] + [None] * 6 + ["待报"]) == ["blank"] * 4


def test_the_header_repeated_on_every_page_is_ignored() -> None:
    assert reasons(DATA, HEADERS, DATA) == ["header"]


def test_digits_without_end_are_data_and_no_line_of_codes() -> None:
    assert reasons(["9" * 5000] * 8) == []
    assert reasons(["甲", "乙", "01", "02", "03"]) == ["codes"]


def test_the_count_above_a_group_is_ignored() -> None:
    assert reasons(["吉首市（147所）"], DATA) == ["group"]


def test_a_further_header_of_a_column_is_kept_to_compare() -> None:
    (row,), _, _ = read([[*HEADERS, "班额"], [*DATA, "46"]])
    assert (row["pupils"], row["pupils__again"]) == ("45", "46")


def test_dropped_columns_never_leave() -> None:
    payments = CONTRACTS["aid_payments"]
    headers = [column.title for column in payments.columns]
    (row,), _, _ = read(
        [headers, ["张三" if h == "姓名" else "13900000000" if h == "联系电话" else "x" for h in headers]], payments
    )
    assert "张三" not in row.values()
    assert "13900000000" not in row.values()


def test_a_row_shorter_than_its_header_has_empty_cells() -> None:
    sheet = sheet_of([DATA[:3]])
    header = HeaderRow(-1, {"school_code": 1, "pupils": 6}, {}, {}, (), {1: "学校标识码", 6: "学生数"})
    (batch,) = data_rows(sheet, header, LEDGER)
    assert batch.data.to_pylist() == [{"row": 1, "school_code": "2143900001", "pupils": None}]


cells = st.sampled_from(
    [None, "", " ", "合计", "合 计", "注：", "45", "小学", "学校标识码", "学段", "吉首市（3所）", "一年级"]
)


@given(st.lists(st.lists(cells, max_size=8), max_size=12))
def test_rows_read_are_rows_of_data_and_rows_ignored(rows: list[list[Text]]) -> None:
    data, count, ignored = read([HEADERS, *rows])
    assert count == len(rows) == len(data) + ignored.total()


@given(st.lists(st.lists(cells, min_size=8, max_size=8), max_size=6), st.permutations(range(8)))
def test_the_order_of_columns_does_not_change_the_rows(rows: list[list[Text]], order: list[int]) -> None:
    rows = [row for row in rows if not any(cell and ("计" in cell or "注" in cell or "所" in cell) for cell in row)]
    straight, _, _ = read([HEADERS, *rows])
    turned, _, _ = read([[HEADERS[at] for at in order], *([row[at] for at in order] for row in rows)])
    assert straight == turned
