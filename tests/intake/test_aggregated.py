"""Aggregated exports of the school census: one file, a row per school, read into every dataset that it can fill."""

from pathlib import Path

import pytest

from assets.judging.frames import References
from assets.judging.staging import stage, staged_path
from tests.intake.messes import CONTRACTS, MESSES, Mess, drawn, read
from tests.staging.desk import REGIONS

EXPORT = drawn(MESSES / "aggregated_export.txt")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_staff_are_read_from_the_same_rows(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"a.{form}"
    found = read(EXPORT.workbook(path) if form == "xlsx" else EXPORT.text(path), f"{EXPORT.landed}.{form}", tmp_path)
    reception = found.reception
    assert reception.datasets == ("facilities", "staff")
    assert (reception.periods, reception.periods_in("staff")) == ({"2020-2021": 2}, {"2020-2021": 2})
    judgement = stage(found.lake, CONTRACTS["staff"], "2020-2021", [reception], References(REGIONS))
    assert judgement is not None
    rows = found.lake.read(*staged_path(found.lake, judgement, "rows")).to_pylist()
    assert [(row["school_code"], row["staff"], row["teachers"]) for row in rows] == [
        ("2143319901", 50, 45), ("3143319902", 110, 100)
    ]  # fmt: skip
    assert reception.cells["Sheet" if form == "xlsx" else ""]["teachers"] == "H"


def test_a_cell_that_any_of_the_datasets_takes_is_no_unknown_one(tmp_path: Path) -> None:
    reception = read(EXPORT.text(tmp_path / "a.csv"), f"{EXPORT.landed}.csv", tmp_path).reception
    (note,) = EXPORT.facts["notes"]
    unread = note.count("、") + 1
    assert reception.cells_ignored["unknown_column"] == unread * 2, "of two rows"
    assert reception.cells_read == sum(bool(cell) for row in EXPORT.rows for cell in row)


def test_what_title_calls_a_school_list_fills_no_other_datasets(tmp_path: Path) -> None:
    renamed = Mess("", EXPORT.facts, [["2020-2021学年学校名录"], *EXPORT.rows[1:]])
    found = read(renamed.text(tmp_path / "a.csv"), "433126/2020-2021/学校名录.csv", tmp_path)
    assert len(found.reception.datasets) == 1
