"""Clean: raw text by the contract, where columns apply, and what two headers of one column give."""

from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assets.intake.cells import Cell
from assets.intake.clean import clean, reader_of
from assets.intake.reception import Reception
from expectations.contract import load_contracts
from expectations.regions import load_regions

CONTRACTS, REGIONS = load_contracts(), load_regions()


def reception_of(dataset: str) -> Reception:
    return Reception(
        submission_id="433101-x", unit_code="433101", sha256="x", path="433101/a.csv", sequence=1, dataset=dataset,
        received_at=datetime(2020, 9, 15, tzinfo=UTC), state="received", read_with="x",
    )  # fmt: skip


def cleaned(dataset: str, **cells: str | None) -> dict[str, object]:
    raw = pa.table({name: pa.array([text], pa.string()) for name, text in cells.items()})
    raw = raw.append_column("sheet", pa.array(["表"])).append_column("row", pa.array([2], pa.int32()))
    (row,) = clean(raw, CONTRACTS[dataset], reception_of(dataset), REGIONS).to_pylist()
    return dict(row)


@pytest.mark.parametrize(("kind", "read"), [("111", True), ("211", False), ("119", False), (None, True), ("怪", True)])
def test_what_stands_where_a_column_does_not_apply_is_not_read(kind: str | None, read: bool) -> None:
    row = cleaned("school", kind=kind, inclusive_private="是", places="四十", inclusive_since="2020年3月", canteen="否")
    assert (row["inclusive_private"], row["places__unread"]) == ((True, "四十") if read else (None, None))
    assert row["inclusive_since__doubt"] == ("2020年3月" if read else None)
    assert row["canteen"] is False


@pytest.mark.parametrize(("code", "right"), [("2143900001", True), ("214390000", False), ("21439000011", False),
                                             ("214390000A", False), ("２１４３９００００１", True)])  # fmt: skip
def test_a_school_code_has_ten_digits(code: str, right: bool) -> None:
    row = cleaned("school", school_code=code, parent_school_code=code)
    for name in ("school_code", "parent_school_code"):
        assert (row[name], row[f"{name}__unread"]) == (("2143900001", None) if right else (None, code))


@pytest.mark.parametrize(
    ("code", "right"),
    [("433101100", True), ("4331011000", False), ("43310110000", False), ("433101100000", True), ("43310110", False)],
)
def test_a_township_code_has_nine_or_twelve_digits(code: str, right: bool) -> None:
    township = next(one.code for one in REGIONS.townships if one.county_code == "433101")
    code = code.replace("433101100", township).replace("43310110", township[:8])
    row = cleaned("school", township_code=code)
    assert (row["township_code"], row["township_code__unread"]) == ((township, None) if right else (None, code))


KINDS = {(c.type, c.name == "edition", c.pattern, c.check, c.scale): c
         for contract in CONTRACTS.values() for c in contract.kept if not c.is_personal}  # fmt: skip
READERS = [(reader_of(c, unit, REGIONS), c.arrow_type) for c in KINDS.values() for unit in (None, "万元", "亩")]


@example("9" * 5000)
@example("99999999999999999999")
@example("9999999999999")
@example("1E99999999")
@example("9999-12-31T23:00:00Z")
@given(st.text("0123456789０１.,-+eE年月日号届第学度/ ()（）%万元〇一十:TZ", max_size=20))
def test_no_text_is_too_much_for_its_column(text: str) -> None:
    for read, arrow_type in READERS:
        pa.array([read(text).value], arrow_type)


@pytest.mark.parametrize("mark", ["/", "—", "－", "-", "*", "…"])
def test_a_sign_is_an_empty_cell_but_for_text(mark: str) -> None:
    row = cleaned(
        "school", school_code=mark, kind=mark, township_code=mark, canteen=mark, school_year=mark, county_code=mark,
        school_name=mark,
    )  # fmt: skip
    for name in ("school_code", "kind", "township_code", "canteen", "school_year"):
        assert (row[name], row[f"{name}__unread"]) == (None, None)
    assert (row["county_code"], row["unit_code"], row["school_name"]) == ("433101", "433101", mark)
    assert cleaned("class_ledger", stage="小学", grade=mark)["grade__unread"] is None


def test_none_keeps_its_meaning_where_it_has_one() -> None:
    assert cleaned("school", canteen="无", kind="无")["canteen"] is False
    level = next(c for c in CONTRACTS["athletes"].columns if any(v.value == "无" for v in c.values))
    assert reader_of(level, None, REGIONS)("无") == Cell("无")
    assert reader_of(level, None, REGIONS)("/") == Cell()


def test_two_headers_that_differ_are_told_once_and_are_no_doubt() -> None:
    row = cleaned(
        "athletes", student_id="p", student_id__doubt="differs", birth_date="2008-03-01", birth_date__doubt="differs",
        sport="田径", sport__doubt="differs", event="跨栏", event__doubt=None,
    )  # fmt: skip
    assert row["headers__differ"] == "身份证号、出生日期、项目"
    assert (row["birth_date__doubt"], row["student_id__doubt"], row["sport__doubt"]) == (None, None, None)
    assert cleaned("athletes", student_id="p", student_id__doubt="region")["student_id__doubt"] == "region"
    assert cleaned("athletes", sport="田径", sport__doubt=None)["headers__differ"] is None


def test_headers_of_a_column_that_does_not_apply_are_not_compared() -> None:
    assert cleaned("school", kind="211", places="4", places__doubt="differs")["headers__differ"] is None
    assert cleaned("school", kind="111", places="4", places__doubt="differs")["headers__differ"] == "学位数"
