"""Numbers of persons in columns of others: struck out, and nothing else with them."""

from pathlib import Path

import pyarrow as pa
import pytest

from assets.intake.clean import clean
from assets.intake.strays import STRUCK_OUT, without_strays
from expectations.contract import Contract, load_contracts
from expectations.regions import load_regions
from tests.intake.test_receive import BOY, CLASSES, LEDGER, book, received, text

CONTRACTS, REGIONS = load_contracts(), load_regions()
CLASS, VENUE = CONTRACTS["class_ledger"], CONTRACTS["venues"]


def struck(cell: str, name: str = "class_no", contract: Contract = CLASS) -> str:
    (made,) = without_strays(pa.array([cell]), contract.column(name)).to_pylist()
    return str(made)


@pytest.mark.parametrize(
    ("cell", "left"),
    [
        (BOY, STRUCK_OUT), ("43319920110101004X", STRUCK_OUT), ("43319920110101004x", STRUCK_OUT),
        (f"G{BOY}", f"G{STRUCK_OUT}"),
        ("433199110101004", STRUCK_OUT), ("４３３１９９２０１２０３１５００１９", STRUCK_OUT),
        ("433199 20120315 0019", STRUCK_OUT), ("4.3319920120315e+17", STRUCK_OUT),
        (f"张三{BOY}，1班", f"张三{STRUCK_OUT}，1班"),
        ("6217000000000000", STRUCK_OUT), ("6217000000000000001", STRUCK_OUT), ("13900000000", STRUCK_OUT),
        ("电话13900000000、13900000001", f"电话{STRUCK_OUT}、{STRUCK_OUT}"),
    ],
)  # fmt: skip
def test_numbers_of_persons_are_struck_out(cell: str, left: str) -> None:
    assert struck(cell) == left


@pytest.mark.parametrize(
    "cell", ["12900000000", "139000000001", "1390000000", "43319920110101", "2020-09-01 00:00:00", "2143900001", "1班"]
)
def test_what_is_shorter_or_other_stays(cell: str) -> None:
    assert struck(cell) == cell


@pytest.mark.parametrize("cell", ["0.30000000000000004", "1234567890123", "12,345,678.90"])
def test_a_binary_fraction_is_no_identity_number(cell: str) -> None:
    assert struck(cell, "pupils") == cell
    assert struck(BOY, "pupils") == STRUCK_OUT


def test_a_column_of_codes_loses_identity_numbers_only() -> None:
    codes = {cell: struck(cell, "school_code") for cell in (BOY, "433199810101004", "6217000000000000", "13900000000")}
    assert codes == {
        BOY: STRUCK_OUT, "433199810101004": STRUCK_OUT, "6217000000000000": "6217000000000000",
        "13900000000": "13900000000",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "is_person"),
    [("433199200101004", True), ("433199190101004", False), ("433199111301004", False), ("130433130101001", False)],
)
def test_a_long_code_is_a_person_only_with_a_day_of_birth(cell: str, is_person: bool) -> None:
    assert struck(cell, "venue_no", VENUE) == (STRUCK_OUT if is_person else cell)


def test_a_credit_code_of_digits_alone_stays() -> None:
    assert struck("114331990000000021", "owner_code", VENUE) == "114331990000000021"
    assert struck("114331990000000022", "owner_code", VENUE) == STRUCK_OUT  # its check digit is wrong
    assert struck("114331990000000021", "venue_no", VENUE) == STRUCK_OUT
    assert struck("12433199MB0A0000XG", "owner_code", VENUE) == "12433199MB0A0000XG"


def test_a_shifted_row_leaves_no_number_in_the_raw_table(tmp_path: Path) -> None:
    shifted = [[3, BOY, "小学", "一年级", f"G{BOY}", "13900000000", 6217000000000000001, "乙"]]
    file = book(tmp_path / "a.xlsx", 班级=[["2020-2021学年班级台账"], LEDGER, *CLASSES, *shifted])
    reception, rows = received(file)
    assert len(rows) == 3
    assert (rows[2]["school_code"], rows[2]["class_no"], rows[2]["pupils"]) == (
        STRUCK_OUT,
        f"G{STRUCK_OUT}",
        STRUCK_OUT,
    )
    typed = clean(pa.Table.from_pylist(rows), CLASS, reception, REGIONS).to_pylist()[2]
    assert (typed["pupils"], typed["pupils__unread"], typed["school_code__unread"]) == (None, STRUCK_OUT, STRUCK_OUT)


def test_a_text_file_with_two_headers_of_one_column_loses_them_too(tmp_path: Path) -> None:
    rows = [["学校标识码", "学年", "学段", "年级", "班号", "班级", "学生数"],
            ["2143900001", "2020-2021", "小学", "一年级", "1班", BOY, "45"]]  # fmt: skip
    _, (row,) = received(text(tmp_path / "a.csv", rows), "433101/班级.csv")
    assert BOY not in str(row)
