"""Stated counts held against the rows that they cover, in time that does not grow with what is read again."""

from pathlib import Path
from time import process_time

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.intake.controls import Control, questions
from expectations.contract import load_contracts
from expectations.regions import load_regions

CONTRACT, REGIONS = load_contracts()["class_ledger"], load_regions()


def asked(folder: Path, schools: list[str], lines: dict[int, str]) -> list[int]:
    """The group lines that are asked about, by row; rows of data take the numbers that no line has."""
    numbers = [number for number in range(1, len(schools) + len(lines) + 1) if number not in lines]
    raw = {"sheet": ["a"] * len(schools), "row": pa.array(numbers, pa.int32()), "school_code": schools,
           "pupils": ["40"] * len(schools)}  # fmt: skip
    pq.write_table(pa.table(raw), folder / "raw.parquet")
    controls = [Control("a", row, label, f"A{row}", {}) for row, label in lines.items()]
    return [one.row or 0 for one in questions(controls, folder / "raw.parquet", CONTRACT, {}, REGIONS)]


@pytest.mark.parametrize(("stated", "is_asked"), [(2, False), (3, False), (120, False), (1, True), (4, True)])
def test_a_count_is_one_of_rows_of_schools_or_of_pupils(tmp_path: Path, stated: int, is_asked: bool) -> None:
    schools = ["2143319901", "2143319902", "2143319901"]
    assert asked(tmp_path, schools, {1: f"古阳镇（{stated}所）"}) == ([1] if is_asked else [])


def test_a_school_above_the_group_line_counts_again_below_it(tmp_path: Path) -> None:
    schools = ["2143319901", "2143319902", "2143319901", "2143319902", "2143319901", "2143319902"]
    assert asked(tmp_path, schools, {1: "甲（5所）", 4: "乙（2所）"}) == [1]


def test_a_thousand_wrong_counts_do_not_hold_up_the_night(tmp_path: Path) -> None:
    start = process_time()
    lines = dict.fromkeys(range(1, 3001, 3), "某镇（3所）")
    assert len(asked(tmp_path, ["2143319901"] * 2000, lines)) == 1000
    assert process_time() - start < 10
