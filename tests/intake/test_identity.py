from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.intake.identity import agrees, check_character, check_numbers

VALID = ["433199201203150019", "433199201306300032", "43319920110101004X", "433199201202290212", "11010519491231002X"]
TRUE = "433199201203150019"


def column(texts: Sequence[str], name: str) -> list[str | None]:
    found: list[str | None] = check_numbers(texts)[name].to_pylist()
    return found


def fault(text: str) -> str | None:
    return column([text], "fault")[0]


def test_valid_numbers_have_no_fault_and_no_doubt() -> None:
    assert column(VALID, "fault") == [None] * 5
    assert column(VALID, "doubt") == [None] * 5
    assert column(VALID, "number") == VALID


@pytest.mark.parametrize(
    "text",
    ["４３３１９９２０１２０３１５００１９", " 433199 20120315 0019 ", "'433199201203150019", "433199201203150019\t",
     "433199201203150019\u00a0"],
)  # fmt: skip
def test_writing_that_damages_nothing(text: str) -> None:
    assert column([text], "number") == [TRUE]


def test_a_small_x_is_an_x() -> None:
    assert column(["43319920110101004x", "43319920110101004ｘ"], "number") == ["43319920110101004X"] * 2


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("433199201402290022", "date"),
        ("4331992012031500", "length"),
        ("43319920120315001", "length"),
        ("不详", "length"),
        ("43319920120315001A", "charset"),
        ("4331992012O3150019", "charset"),
        ("433199201203150018", "checksum"),
        ("433199201213150019", "date"),
        ("433199189912310019", "date"),
        ("4.33199E+17", "scientific"),
        ("4.33E+17", "scientific"),
        ("433199201203150000", "truncated"),
        ("4.3319920120315E+17", "truncated"),
        ("433199201203150016", "rounded"),
        ("433199201203150016.0", "rounded"),
        ("4.3319920120315002e+17", "rounded"),
    ],
)
def test_faults_are_told_apart(text: str, code: str) -> None:
    assert fault(text) == code
    assert column([text], "number") == [None]


@pytest.mark.parametrize(
    ("day", "is_day"), [("20120229", True), ("20130229", False), ("19000229", False), ("20000229", True)]
)
def test_the_29th_of_february(day: str, is_day: bool) -> None:
    seventeen = f"433199{day}021"
    assert (fault(seventeen + check_character(seventeen)) is None) == is_day


def test_old_numbers_become_long_ones() -> None:
    found = check_numbers(["433199801231001"])
    assert found["number"].to_pylist() == ["433199198012310013"[:17] + check_character("43319919801231001")]
    assert (found["sex"].to_pylist(), found["born"].to_pylist()) == (["男"], ["1980-12-31"])
    assert fault("433199801331001") == "date"


def test_sex_and_birth_of_a_valid_number_only() -> None:
    found = check_numbers([TRUE, "433199201306300032", "433199201203150018"])
    assert found["sex"].to_pylist() == ["男", "男", None]
    assert found["born"].to_pylist() == ["2012-03-15", "2013-06-30", None]


@pytest.mark.parametrize(
    ("region", "doubt"),
    [("433199", None), ("433102", None), ("433128", None), ("433130", None), ("433101", None), ("110105", None),
     ("430821", None), ("433170", "region"), ("433100", "region"), ("433131", "region"), ("160101", "region"),
     ("990101", "region")],
)  # fmt: skip
def test_an_unknown_region_is_a_doubt_and_no_fault(region: str, doubt: str | None) -> None:
    seventeen = f"{region}20120315001"
    found = check_numbers([seventeen + check_character(seventeen)])
    assert (found["doubt"].to_pylist(), found["fault"].to_pylist()) == ([doubt], [None])


@pytest.mark.parametrize(
    ("damaged", "code", "agree"),
    [
        ("4.33199E+17", "scientific", True),
        ("4.33198E+17", "scientific", False),
        ("433199201203150000", "truncated", True),
        ("433199201203160000", "truncated", False),
        ("433199201203150016", "rounded", True),
        ("433199201203150336", "rounded", False),
        ("4.3319920120315E+17", "truncated", True),
        ("433199201203150018", "checksum", True),
        ("433199201203160018", "checksum", False),
    ],
)
def test_a_number_takes_the_place_of_what_can_be_left_of_it(damaged: str, code: str, agree: bool) -> None:
    assert fault(damaged) == code
    assert agrees(damaged, code, TRUE) is agree


def test_a_number_that_ends_in_x_is_never_a_number_cell() -> None:
    assert not agrees("4.33199E+17", "scientific", "43319920110101004X")


def test_nothing_asked_nothing_told() -> None:
    assert check_numbers([]).num_rows == 0


dates = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


@given(dates, st.integers(1, 999))
def test_a_made_number_is_valid_and_one_wrong_digit_is_seen(born: date, serial: int) -> None:
    seventeen = f"433199{born:%Y%m%d}{serial:03d}"
    number = seventeen + check_character(seventeen)
    found = check_numbers([number])
    assert found["fault"].to_pylist() == [None]
    assert found["born"].to_pylist() == [f"{born:%Y-%m-%d}"]
    wrong = seventeen[:-1] + str((int(seventeen[-1]) + 1) % 10) + number[-1]
    assert fault(wrong) is not None


@given(st.lists(st.text(max_size=20)))
def test_any_text_is_a_number_or_has_one_fault(texts: list[str]) -> None:
    found = check_numbers(texts).to_pylist()
    assert len(found) == len(texts)
    assert all((row["number"] is None) != (row["fault"] is None) for row in found)
