"""Cells: exact values, honest doubts, nothing guessed."""

from datetime import date
from decimal import Decimal

import pytest

from assets.intake import cells


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45", 45), ("45.0", 45), ("４５", 45), ("1,234", 1234), ("1 234 567", 1234567), ("45 人", 45),
        ("（12）", -12), ("-1", -1), ("0", 0),
        ("/", None), ("—", None), ("无", None),
    ],
)  # fmt: skip
def test_whole_numbers(text: str, value: int | None) -> None:
    assert cells.quantity(0)(text) == cells.Cell(value)


@pytest.mark.parametrize(
    "text", ["四十五", "约200", "45.5", "4 或 5", "4,5", "45 46", "1,2345", "1_000", "1e999", "NaN"]
)
def test_what_is_no_whole_number_is_kept_as_unread(text: str) -> None:
    assert cells.quantity(0)(text) == cells.Cell(unread=text)


@pytest.mark.parametrize(
    ("text", "factor", "fen"),
    [
        ("625", 1, 62500), ("312.50", 1, 31250), ("0.0625", 10000, 62500), ("625元", 1, 62500),
        ("0.30000000000000004", 1, 30), ("1234567.89", 1, 123456789),
    ],
)  # fmt: skip
def test_money_is_whole_fen(text: str, factor: int, fen: int) -> None:
    assert cells.quantity(2, Decimal(factor), 2)(text).value == fen


def test_a_tenth_of_a_fen_cannot_be_read() -> None:
    assert cells.quantity(2, Decimal(1), 2)("0.001").unread == "0.001"


def test_mu_become_square_metres_rounded_half_up() -> None:
    assert cells.quantity(2, cells.MU_IN_M2)("1.5").value == Decimal("1000.01")  # 1.5 x 666.67 = 1000.005


def test_a_score_and_above_is_that_score() -> None:
    assert cells.quantity(1)("657分及以上").value == Decimal("657.0")


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-01",
        "2020/3/1",
        "2020.3.1",
        "2020年3月1日",
        "20200301",
        "43891",
        "2020-03-01 00:00:00",
        "2020-03-01T00:00:00",
        "2020/3/1 0:00",
        "2020年3月1号",
        "２０２０－３－１",
    ],
)
def test_every_form_of_a_day(text: str) -> None:
    assert cells.day(text) == cells.Cell(date(2020, 3, 1))


@pytest.mark.parametrize("text", ["2020年3月", "2020.03", "202003", "2020", "20-3-1", "3月1日", "二〇二〇年三月"])
def test_less_than_a_day_is_a_doubt(text: str) -> None:
    assert cells.day(text) == cells.Cell(doubt=text)


@pytest.mark.parametrize(("text", "exists"), [("2020-02-29", True), ("2019-02-29", False), ("2020-13-01", False)])
def test_days_that_exist(text: str, exists: bool) -> None:
    assert (cells.day(text).value is not None) is exists
    assert (cells.day(text).unread is None) is exists


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("1948-12-31", False), ("1949-01-01", True), ("2100-12-31", True), ("2101-01-01", False), ("0202-06-01", False),
        ("19999", False), ("20000", True), ("60000", True), ("60001", False), ("12345", False),
        ("0202", False), ("0202年6月", False),
    ],
)  # fmt: skip
def test_days_within_living_memory(text: str, known: bool) -> None:
    assert cells.day(text).unread == (None if known else text)


@pytest.mark.parametrize("text", ["是", "√", "1", "Y", "有", "TRUE", "是 "])
def test_yes(text: str) -> None:
    assert cells.yes_no(text) == cells.Cell(True)


@pytest.mark.parametrize("text", ["否", "×", "0", "N", "无", "FALSE"])
def test_no(text: str) -> None:
    assert cells.yes_no(text) == cells.Cell(False)


def test_neither_yes_nor_no_is_unread() -> None:
    assert cells.yes_no("不详") == cells.Cell(unread="不详")


def test_a_code_never_becomes_a_number() -> None:
    assert cells.code("0143000002").value == "0143000002"
    assert cells.code("2143900001.0").value == "2143900001"


def test_a_year_has_four_digits() -> None:
    assert cells.year("2020年度").value == 2020
    assert cells.year("20").unread == "20"


@pytest.mark.parametrize(
    ("text", "value"), [("1899", None), ("1900", 1900), ("2099", 2099), ("2100", None), ("0202", None)]
)
def test_a_year_is_of_this_century_or_the_last(text: str, value: int | None) -> None:
    assert cells.year(text) == (cells.Cell(value) if value else cells.Cell(unread=text))


@pytest.mark.parametrize(
    ("text", "edition"),
    [("17", 17), ("第17届", 17), ("第十七届", 17), ("十", 10), ("第二十届", 20), ("第五届", 5), ("九十九", 99)],
)
def test_editions(text: str, edition: int) -> None:
    assert cells.ordinal(text) == cells.Cell(edition)


@pytest.mark.parametrize("text", ["首届", "第零届", "一二", "十七十"])
def test_no_edition(text: str) -> None:
    assert cells.ordinal(text) == cells.Cell(unread=text)
