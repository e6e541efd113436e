"""The same school list saved by other programs, in every form that they offer, and under names that do not fit."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.intake.messes import FILES, read

SAVED = sorted((FILES / "programs").iterdir())
LISTED = [
    {"school_code": "1143319901", "school_name": "样例一园", "kind": "111", "sponsor": "999", "places": 120,
     "inclusive_private": True, "inclusive_since": date(2020, 3, 1)},
    {"school_code": "1143319902", "school_name": "样例𬱖园", "kind": "111", "sponsor": "999", "places": 90,
     "inclusive_private": False, "inclusive_since": None},
    {"school_code": "2143319903", "school_name": "样例三小", "kind": "211", "sponsor": "831", "places": None,
     "inclusive_private": None, "inclusive_since": None},
]  # fmt: skip


def test_there_are_files_of_several_programs() -> None:
    assert len(SAVED) >= 12


@pytest.mark.parametrize("saved", SAVED, ids=lambda path: path.name)
def test_whatever_program_saved_it_the_list_is_the_same(saved: Path, tmp_path: Path) -> None:
    found = read(saved, f"433126/{saved.name}", tmp_path)
    assert (found.reception.problems, found.reception.questions) == ((), ())
    assert (found.reception.dataset, found.reception.rows_ignored) == ("school", {"total": 1, "note": 1})
    assert found.state == "accepted"
    assert [{name: row[name] for name in LISTED[0]} for row in found.table("rows")] == LISTED


def test_bare_serial_numbers_of_the_1904_system_are_days_of_it(tmp_path: Path) -> None:
    made = load_workbook(FILES / "programs" / "openpyxl_1904.xlsx")
    made["名录"]["F4"].number_format = "General"  # a number of days, which nothing tells to be one
    made.save(tmp_path / "a.xlsx")
    found = read(tmp_path / "a.xlsx", "433126/a.xlsx", tmp_path)
    assert [row["inclusive_since"] for row in found.raw] == ["43891", None, None]
    assert found.state == "accepted"
    assert found.table("rows")[0]["inclusive_since"] == date(2020, 3, 1)
