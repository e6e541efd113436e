"""Rules that look at more than their own row: school lists, authorities, twins and months."""

from pathlib import Path

import pytest

from assets.judging.frames import SchoolList
from tests.staging.desk import REGIONS, TOWN, Desk, listing

SENIOR, JUNIOR, OTHER = "3443912601", "3143912601", "3143912602"
PLACES = ["高中学校标识码", "初中学校标识码", "是否优质普通高中", "初中毕业生数", "指标数", "录取人数"]
INSTRUCTORS = ["证书编号", "县市", "等级", "批准授予单位", "批准日期", "身份证号"]
RESULTS = ["赛事名称", "届次", "项目", "小项", "组别", "注册证号", "名次", "县市"]
RESULT = ["省青少年锦标赛", 3, "田径", "100米", "甲组", "R1", 1, "古丈县"]
BORN_15_JUNE_2002 = "43319920020615001X"


def admissions(desk: Desk, *rows: list[object], unit: str = "433126") -> set[tuple[str, int]]:
    desk.arrives(f"{unit}/2020/a.csv", PLACES, *rows)
    return {(rule.removeprefix("admissions."), row) for rule, _, row in desk.judged("admissions", "2020").findings}


def places(senior: str = SENIOR, junior: str = JUNIOR, graduates: int = 120) -> list[object]:
    return [senior, junior, "是", graduates, 12, 12]


def test_both_schools_stand_in_the_list_of_any_unit(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"433126": listing(JUNIOR), "433170": listing(SENIOR)})
    rows = [places(), places(junior="3143999999"), places("3443999999")]
    assert admissions(desk, *rows) == {("junior_listed", 3), ("senior_listed", 4)}


def test_a_school_that_only_a_neighbouring_year_lists_is_asked_about_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path, {"433126": listing(JUNIOR, SENIOR, OTHER, of_that_year=False)})
    found = admissions(desk, places(), places(junior=OTHER))
    assert found == {("senior_listed_that_year", 2), ("junior_listed_that_year", 2)}


@pytest.mark.parametrize(
    ("units", "found"), [(REGIONS.unit_codes, {("junior_listed", 2)}), (REGIONS.unit_codes[1:], set()), ((), set())]
)
def test_the_bureau_is_told_of_unknown_schools_when_every_list_is_held(
    units: tuple[str, ...], found: set[tuple[str, int]], tmp_path: Path
) -> None:
    lists: dict[str, SchoolList] = {unit: listing(SENIOR) for unit in units}
    assert admissions(Desk(tmp_path, lists), places(), unit="433100") == found


def test_a_junior_school_has_one_number_of_graduates(tmp_path: Path) -> None:
    rows = [places(), places("3443912602", graduates=121), places(junior=OTHER, graduates=90)]
    assert admissions(Desk(tmp_path), *rows) == {("one_count_of_graduates", 2), ("one_count_of_graduates", 3)}


@pytest.mark.parametrize(
    ("authority", "grade"),
    [("吉首市教育和体育局", "三级"), ("花垣文旅广电局", "三级"), ("湖南省湘西州凤凰县教体局", "三级"),
     ("湘西高新区", "三级"), ("湘西自治州体育局", "二级"), ("湖南省湘西州教体局", "二级"), ("湖南省体育局", "一级"),
     ("贵州省体育局", "一级"), ("广西壮族自治区体育局", "一级"), ("国家体育总局", "国家级")],
)  # fmt: skip
def test_each_authority_grants_its_grade(authority: str, grade: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    rows = [[f"Z{g}", "古丈县", g, authority, "2020-06-15", ""] for g in ("国家级", "一级", "二级", "三级")]
    desk.arrives("433126/2020/a.csv", INSTRUCTORS, *rows)
    judged = desk.judged("sports_instructors", "2020")
    assert judged.rules == {"sports_instructors.grade_of_authority"}
    assert {place[2] - 2 for place in judged.findings} == {n for n, row in enumerate(rows) if row[2] != grade}
    assert len(judged.rows) == len(rows)


def test_an_authority_that_names_no_level_is_not_asked_about(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives("433126/2020/a.csv", INSTRUCTORS, ["Z1", "古丈县", "一级", "体育局", "2020-06-15", ""])
    assert desk.judged("sports_instructors", "2020").findings == []


def test_an_instructor_is_eighteen_by_the_identity_number(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    days = ["2020-06-15", "2020-06-14"]
    rows = [[f"Z{day}", "古丈县", "三级", "古丈县", day, BORN_15_JUNE_2002] for day in days]
    desk.arrives("433126/2020/a.csv", INSTRUCTORS, *rows)
    assert desk.judged("sports_instructors", "2020").findings == [("sports_instructors.of_age", "433126", 3)]


def test_identical_officers_are_asked_about_and_count(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    row = ["古丈县", TOWN.name, "2019-09-01"]
    desk.arrives("433126/2020/a.csv", ["县市", "乡镇", "聘任日期"], row, row)
    judged = desk.judged("loan_officers", "2020")
    assert judged.findings == [("loan_officers.rows.identical", "433126", n) for n in (2, 3)]
    assert len(judged.rows) == 2


def test_a_result_that_county_and_bureau_send_is_no_finding(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives("433126/2020/a.csv", RESULTS, RESULT)
    desk.arrives("433100/2020/b.csv", RESULTS, RESULT)
    judged = desk.judged("competition_results", "2020")
    assert judged.findings == []
    assert {row["unit_code"] for row in judged.rows} == {"433126"}


def test_a_result_that_one_file_tells_twice_must_be_fixed(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    desk.arrives("433126/2020/a.csv", RESULTS, RESULT, RESULT)
    assert desk.judged("competition_results", "2020").rules == {"competition_results.key.unique"}


def test_a_file_of_two_months_is_a_version_of_each(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    months = [["古丈县", "2020年11月", 100], ["古丈县", "2020年12月", 200]]
    reception = desk.arrives("433100/a.csv", ["县市", "月份", "销售额"], *months)
    assert reception.periods == {"2020-11": 1, "2020-12": 1}
    assert [row["sales"] for row in desk.judged("lottery_sales", "2020-12").rows] == [20000]
