"""School lists: a school that a later list lacks, one whose row is quarantined, one that two lists name."""

from pathlib import Path

import pytest

from tests.pipelines.handmade import SCHOOL_HEADER, school, schools, write_xlsx
from tests.pipelines.homes import Home
from warehouse.schema import dim_school

UNIT = "433126"
KINDERGARTEN, PRIMARY = school("11", UNIT), school("21", UNIT)
pytestmark = pytest.mark.xdist_group("three")
TITLE = "古丈县2020-2021学年学校名录"


def test_rows_of_a_school_that_the_list_no_longer_has_count_no_more(three_schools: Home, tmp_path: Path) -> None:
    home = three_schools.copy(tmp_path / "home")
    kept = [row for row in schools(UNIT) if row[0] != PRIMARY]
    write_xlsx(home.landing / UNIT / "2020-2021" / "学校名录.xlsx", TITLE, SCHOOL_HEADER, kept)
    assert home.run(2020).exit_code == 0
    ledger = home.submissions(UNIT, "class_ledger")[-1]
    assert (ledger["state"], ledger["rows_quarantined"]) == ("accepted_with_findings", 0)
    dropped = home.findings("class_ledger.school_code.dropped")
    assert {row["severity"] for row in dropped} == {"must_explain"}
    assert len(dropped) == 5
    entry = home.figure("primary_entry_classes_within_limit", UNIT)
    children = home.figure("public_kindergarten_share", UNIT)
    assert (entry["numerator"], children["numerator"], children["maturity"]) == (None, 60, "provisional")


def test_a_quarantined_row_of_the_list_names_its_school_all_the_same(three_schools: Home, tmp_path: Path) -> None:
    home = three_schools.copy(tmp_path / "home")
    rows = [[*row[:6], "很多"] if row[0] == KINDERGARTEN else row for row in schools(UNIT)]
    write_xlsx(home.landing / UNIT / "2020-2021" / "学校名录.xlsx", TITLE, SCHOOL_HEADER, rows)
    assert home.run(2020).exit_code == 0
    assert [row["cell"] for row in home.findings("school.places.typed")] == ["G3"]
    assert home.findings("class_ledger.school_code.listed") == []
    assert home.submissions(UNIT, "class_ledger")[-1]["rows_quarantined"] == 0


def test_a_school_that_the_bureau_lists_too_is_asked_about_and_published_once(
    three_schools: Home, tmp_path: Path
) -> None:
    home = three_schools.copy(tmp_path / "home")
    (row,) = [[*row, UNIT] for row in schools(UNIT) if row[0] == PRIMARY]
    row[1] = "另一个名称"
    path = home.landing / "433100" / "2020-2021" / "学校名录.xlsx"
    write_xlsx(path, "湘西州2020-2021学年学校名录", [*SCHOOL_HEADER, "县市"], [row])
    assert home.run(2020).exit_code == 0
    assert len(home.findings("school.key.elsewhere")) == 2
    assert [r["school_code"] for r in home.rows(dim_school)].count(PRIMARY) == 1


def test_the_list_tells_which_schools_name_the_stage_of_their_staff(three_schools: Home, tmp_path: Path) -> None:
    home = three_schools.copy(tmp_path / "home")
    header = ["学校标识码", "学年", "教职工数", "专任教师"]
    rows = [[KINDERGARTEN, "2020-2021", 12, 8], [PRIMARY, "2020-2021", 60, 55]]
    write_xlsx(home.landing / UNIT / "2020-2021" / "教职工统计.xlsx", "古丈县2020-2021学年教职工统计", header, rows)
    assert home.run(2020).exit_code == 0
    assert [row["cell"] or row["row"] for row in home.findings("staff.stage_needed")] == [4]
