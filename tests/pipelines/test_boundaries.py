"""Every limit of the plan on both sides, from files to verdicts: one county keeps each exactly, another just not.

The limits one by one, at the grain of their formulas, are in `tests/indicators` and `tests/intake/test_identity.py`.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.handmade import (
    CLASS_HEADER,
    LEAVER_HEADER,
    NAMES,
    OTHER,
    PAYMENT_HEADER,
    SCHOOL_HEADER,
    UNIT,
    person,
    write_csv,
    write_xlsx,
)
from tests.pipelines.homes import Home

pytestmark = pytest.mark.xdist_group("limits")
Rows = list[list[object]]
CENSUS, TERMS = "2020-2021", {"spring": ("2019-2020", "春季", "2020春"), "autumn": ("2020-2021", "秋季", "2020秋")}
KINDS = {"01": ("11", "幼儿园", "县级教育部门", ""), "02": ("11", "幼儿园", "民办", "是"),
         "03": ("11", "幼儿园", "民办", "否"), "04": ("31", "九年一贯制学校", "县级教育部门", ""),
         "05": ("34", "高级中学", "县级教育部门", ""), "06": ("36", "职业高中学校", "县级教育部门", "")}  # fmt: skip

# Of each unit: children in public, inclusive and other kindergartens; residents of 3, 4 and 5; sizes of classes;
# children with disabilities at school, of 20; leavers; how many days after the last one in time aid is paid.
KEPT = {
    "kindergarten": ((120, 50), (102,), (68,)), "residents": (133, 133, 134), "P1": 45, "J1": 50, "P2": 55,
    "senior": [55] * 17 + [56, 56, 65], "disabled": 19, "vocational": 42, "higher": 90, "matched": 85, "late": 0,
    "born": "20120229",
}  # fmt: skip
BROKEN = {
    "kindergarten": ((121, 48), (102,), (69,)), "residents": (133, 134, 134), "P1": 46, "J1": 51, "P2": 56,
    "senior": [55] * 16 + [56, 65, 66], "disabled": 18, "vocational": 41, "higher": 89, "matched": 84, "late": 1,
    "born": "20110229",
}  # fmt: skip

# Commitment: figure of the county that keeps it, and of the one that just does not.
SIDES = {
    "T09a": ((170, 340), (169, 340)),  # 50 %
    "T09b": ((272, 340), (271, 340)),  # 80 %
    "T09c": ((340, 400), (340, 401)),  # 85 %
    "T09d": ((1, 1), (0, 1)),          # 45 and 46
    "T09e": ((1, 1), (0, 1)),          # 50 and 51
    "T09f": ((19, 20), (18, 20)),      # 95 %
    "T09g": ((0, None), (1, None)),    # 65 and 66
    "T09h": ((3, 20), (3, 19)),        # 15 %
    "T09i": ((0, None), (1, None)),    # 55 and 56
    "T11a": ((4, 4), (0, 3)),          # the last day in time and the day after
    "T20a": ((42, 100), (41, 100)),    # 42 %
    "T20b": ((194, 200), (193, 200)),  # 97 %
    "T20c": ((85, 100), (84, 100)),    # 85 %
}  # fmt: skip
# Stage: first day of the term and the last one in time, two months later; from 30 and 31 December the end of February.
CALENDAR = {
    "spring": {"小学": ("2019-12-31", "2020-02-29", "2020-03-01"), "初中": ("2019-12-30", "2020-02-29", "2020-03-01"),
               "普通高中": ("2020-04-20", "2020-06-20", "2020-06-21")},
    "autumn": {"小学": ("2020-12-31", "2021-02-28", "2021-03-01"), "初中": ("2020-12-30", "2021-02-28", "2021-03-01"),
               "普通高中": ("2020-10-31", "2020-12-31", "2021-01-01")},
}  # fmt: skip
PROJECTS = {"小学": ("生活补助", 625), "初中": ("生活补助", 750), "普通高中": ("国家助学金", 1000)}
SCHOOL_OF = {"小学": "04", "初中": "04", "普通高中": "05"}
ON_TIME = {"spring": 4, "autumn": 3}
SIDE = {UNIT: KEPT, OTHER: BROKEN}


def code(unit: str, number: str) -> str:
    return f"{KINDS[number][0]}439{unit[3:]}{number}"


def write_county(landing: Path, unit: str, facts: Mapping[str, Any]) -> None:
    """The files of one county with these facts."""
    census, name = landing / unit / CENSUS, NAMES[unit]
    schools = [[code(unit, n), f"样例{n}", CENSUS, kind, sponsor, "", "", inclusive]
               for n, (_, kind, sponsor, inclusive) in KINDS.items()]  # fmt: skip
    write_xlsx(census / "学校名录.xlsx", f"{name}学校名录", [*SCHOOL_HEADER, "是否普惠性民办园"], schools)
    write_xlsx(census / "班级台账.xlsx", f"{name}班级台账", CLASS_HEADER, classes(unit, facts))
    write_csv(census / "毕业生去向.csv", f"{name}毕业生去向", LEAVER_HEADER, [
        [code(unit, "04"), CENSUS, 100, 50, facts["vocational"], 0, 0, *[""] * 7],
        [code(unit, "06"), CENSUS, 200, *[""] * 4, facts["higher"], 100, 2, 1, 1, 6, facts["matched"]]])  # fmt: skip
    write_csv(census / "残疾儿童.csv", f"{name}适龄残疾儿童少年", [
        "学年", "残疾类别", "适龄人数", "特教学校就读", "随班就读", "附设特教班", "送教上门"],
        [[CENSUS, "视力", 20, facts["disabled"], 0, 0, 0]])  # fmt: skip
    for season in TERMS:
        write_term(landing / unit, unit, season, facts)


def classes(unit: str, facts: Mapping[str, Any]) -> Rows:
    """The classes of a county, in the order of their schools."""
    rows = [(number, "幼儿园", "混龄", size) for number, sizes in zip(KINDS, facts["kindergarten"], strict=False)
            for size in sizes]  # fmt: skip
    rows += [
        ("04", "小学", "一年级", facts["P1"]),
        ("04", "小学", "二年级", facts["P2"]),
        ("04", "初中", "七年级", facts["J1"]),
    ]
    rows += [("05", "普通高中", "高二", size) for size in facts["senior"]]
    return [[code(unit, n), CENSUS, stage, grade, at, "", size] for at, (n, stage, grade, size) in enumerate(rows)]


def write_term(folder: Path, unit: str, season: str, facts: Mapping[str, Any]) -> None:
    """Calendar and payments of a term: one pupil of each stage, paid on the last day in time or on the day after."""
    school_year, term, name = TERMS[season]
    days = CALENDAR[season]
    write_csv(folder / name / "校历.csv", "校历", ["学年", "学期", "学段", "开学日期"],
              [[school_year, term, stage, first] for stage, (first, _, _) in days.items()])  # fmt: skip
    rows: Rows = []
    for at, (stage, (_, *paid_on)) in enumerate(days.items()):
        project, amount = PROJECTS[stage]
        pupil = person("20120301", int(unit[4:]) * 10 + at)
        due = [project, amount, amount, paid_on[facts["late"]], "成功", f"621{unit}{at}"]
        rows.append([code(unit, SCHOOL_OF[stage]), school_year, term, stage, pupil, "是", "低保", *due])
    if season == "spring":  # one more, born on a 29 February; what is due to a number that is none is not counted
        rows.append([*rows[0][:4], person(facts["born"], 77), *rows[0][5:-1], f"621{unit}9"])
    write_csv(folder / name / "资助发放.csv", "资助发放台账", PAYMENT_HEADER, rows)


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Both counties, measured in one run."""
    home = Home(tmp_path_factory.mktemp("limits"))
    for unit, facts in SIDE.items():
        write_county(home.landing, unit, facts)
    people = [[NAMES[unit], 2020, age, number] for unit, facts in SIDE.items()
              for age, number in zip((3, 4, 5), facts["residents"], strict=True)]  # fmt: skip
    write_csv(home.landing / "433100" / "学龄人口.csv", "2020年学龄人口", ["县市", "年度", "年龄", "常住人口"], people)
    assert home.run(2020).exit_code == 0
    return home


@pytest.mark.parametrize("commitment", SIDES)
def test_a_limit_itself_is_kept_and_the_next_beyond_is_not(judged: Home, commitment: str) -> None:
    told = {row["region_code"]: row for row in judged.verdicts() if row["commitment_id"] == commitment}
    for unit, figure, verdict in zip((UNIT, OTHER), SIDES[commitment], ("met", "missed"), strict=True):
        row = told[unit]
        assert (row["numerator"], row["denominator"]) == figure
        assert row["verdict"] == verdict


@pytest.mark.parametrize("season", TERMS)
def test_the_last_day_in_time_counts_and_the_next_does_not(judged: Home, season: str) -> None:
    for unit, on_time in ((UNIT, ON_TIME[season]), (OTHER, 0)):
        figure = judged.figure(f"aid_on_time_{season}", unit)
        assert figure["numerator"] == on_time


def test_a_class_of_120_is_not_asked_about_and_one_of_121_is(judged: Home) -> None:
    (told,) = judged.findings("class_ledger.unusual_size")
    assert (told["unit_code"], told["cell"], told["severity"]) == (OTHER, "G3", "must_explain")
    assert judged.submissions(OTHER, "class_ledger")[0]["rows_quarantined"] == 0


def test_only_a_leap_year_has_a_29th_of_february(judged: Home) -> None:
    (told,) = judged.findings("aid_payments.student_id.typed")
    assert (told["unit_code"], told["cell"], told["severity"]) == (OTHER, "E6", "must_fix")
    assert "20110229" not in told["message"]
    sent = {unit: judged.submissions(unit, "aid_payments") for unit in SIDE}
    assert {unit: sum(row["rows_quarantined"] for row in rows) for unit, rows in sent.items()} == {UNIT: 0, OTHER: 1}
