"""Ledgers of persons against each other: what is planted is found, with both places, and nothing beside it."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from assets.comparisons.compare import compare_family
from assets.comparisons.kept import compared_findings, compared_path
from assets.comparisons.lists import list_path
from assets.house import House
from assets.reports.unit_lists import fill_lists
from expectations.comparison import load_lists
from tests.staging.laid import keep, returned

UNITS = ("433101", "433122", "433123", "433124", "433125", "433126", "433127", "433130", "433170", "433171")
HERE, THERE = UNITS[5], UNITS[7]
ONE, TWO, FAR = "2143990001", "2143990002", "2143990003"
HOMES = {ONE: HERE, TWO: HERE, FAR: THERE}
CENSUS, AUTUMN = "2020-2021", "2020-2021-autumn"
Row = dict[str, Any]


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = House(home=tmp_path, landing=tmp_path / "landing", warehouse_url="sqlite://")
    put(made, "school", CENSUS, [
        {"school_code": code, "school_name": code, "kind": "211", "sponsor": "831", "unit_code": unit}
        for code, unit in HOMES.items()
    ])  # fmt: skip
    return made


def put(house: House, dataset: str, period: str, rows: Sequence[Row], bad: Sequence[Row] = ()) -> None:
    """Lay down rows as staging leaves them, each in the file of its unit: accepted and current, and in quarantine."""
    listed = []
    for at, row in enumerate([*rows, *bad], 2):
        unit = row.get("unit_code") or HOMES[row["school_code"]]
        place = {"submission_id": f"{unit}-{len(rows):016d}", "sheet": "表", "row": at, "unit_code": unit}
        listed.append({"school_year": CENSUS, **place, **row})
    keep(house, dataset, period, listed[: len(rows)], listed[len(rows) :])


def pupil(number: str | None, school: str, **more: Any) -> Row:
    told = {"stage": "小学", "grade": "P1", "status": "在校", "national_student_no": f"G{number}"}
    return {"student_id": number, "school_code": school, **told, **more}


def everywhere() -> list[Row]:
    """A pupil on the roll of each unit, so that none is lacking."""
    return [pupil(f"of{unit}", f"2143{unit}", unit_code=unit) for unit in UNITS]


def paid(number: str, school: str, **more: Any) -> Row:
    told = {
        "term": "autumn",
        "stage": "小学",
        "grade": "P1",
        "project": "生活补助",
        "category": "低保",
        "pay_status": "成功",
    }
    return {"student_id": number, "school_code": school, **told, **more}


def told(house: House, **of: Any) -> list[tuple[str, str, int | None]]:
    house.lake.path("compared", "2020", "between_sources", "judgement.json").unlink(missing_ok=True)
    compare_family(house, 2020, "between_sources")
    found = compared_findings(house.lake, [2020]).to_pylist()
    return sorted(
        (f["rule_id"], f["severity"], f["row"]) for f in found if f["dataset"] in of.get("among", f["dataset"])
    )


def test_a_recipient_is_looked_for_here_elsewhere_and_everywhere(house: House) -> None:
    put(house, "student_roll", CENSUS, [
        *everywhere(), pupil("a", ONE), pupil("b", FAR), pupil("c", ONE, status="转出"), pupil(None, TWO, grade="P2"),
        pupil("e", ONE, national_student_no="Ge"),
    ])  # fmt: skip
    put(house, "aid_payments", AUTUMN, [
        paid("a", ONE), paid("a", ONE, project="免教科书费"), paid("b", ONE), paid("c", ONE), paid("d", ONE),
        paid("other", ONE, national_student_no="Ge"),
    ])  # fmt: skip
    assert told(house) == [
        ("recipients.at_this_school", "must_explain", 4), ("recipients.not_gone", "must_explain", 5),
        ("recipients.on_a_roll", "must_fix", 6),
    ]  # fmt: skip
    kept = compare_family(house, 2020, "between_sources")
    rows = {row["student_id"]: row for row in house.lake.read(*compared_path(kept, "recipients")).to_pylist()}
    elsewhere = rows["b"]
    assert (elsewhere["other_unit_code"], elsewhere["other_school_code"], elsewhere["other_row"]) == (THERE, FAR, 13)


def test_who_stands_in_quarantine_is_on_a_roll(house: House) -> None:
    bad = [pupil("a", ONE, status=None), pupil("b", FAR), pupil(None, ONE, national_student_no=None)]
    put(house, "student_roll", CENSUS, [*everywhere(), pupil("x", ONE)], bad)
    put(house, "aid_payments", AUTUMN, [paid("a", ONE), paid("b", ONE), paid("no number", ONE)])
    assert told(house) == [("recipients.at_this_school", "must_explain", 3)]


def test_where_a_roll_is_lacking_or_was_returned_nobody_is_accused(house: House) -> None:
    counted = [{"school_code": code, "stage": "小学", "grade": "P1", "pupils": 100} for code in (ONE, TWO)]
    roll = [*everywhere(), *(pupil(f"a{n}", ONE) for n in range(100))]
    put(house, "enrolment", CENSUS, counted)
    put(house, "student_roll", CENSUS, roll)
    put(house, "aid_payments", AUTUMN, [paid("d", ONE)])
    assert told(house) == [("recipients.maybe_on_a_roll", "must_explain", 2)]
    put(house, "student_roll", CENSUS, [*roll, *(pupil(f"b{n}", TWO) for n in range(100))])
    assert told(house) == [("recipients.on_a_roll", "must_fix", 2)]
    put(house, "student_roll", CENSUS, [*roll, *(pupil(f"b{n}", TWO) for n in range(100))])
    returned(house, "student_roll", CENSUS, THERE)
    assert told(house) == [("recipients.maybe_on_a_roll", "must_explain", 2)]


def test_a_roll_of_the_bureau_stands_for_no_unit(house: House) -> None:
    put(
        house,
        "student_roll",
        CENSUS,
        [*everywhere()[1:], pupil("x", ONE), pupil("y", "2143990099", unit_code="433100")],
    )
    put(house, "aid_payments", AUTUMN, [paid("d", ONE)])
    assert told(house) == [("recipients.maybe_on_a_roll", "must_explain", 2)]


def test_recipients_of_a_school_that_merged_since_are_at_this_school(house: House) -> None:
    put(house, "school", "2019-2020", [{"school_code": code, "kind": "211"} for code in (ONE, TWO, FAR)])
    merged = {"counted": False, "parent_school_code": ONE}
    put(house, "school", CENSUS, [{"school_code": ONE, "kind": "211"}, {"school_code": TWO, "kind": "218", **merged}])
    spring = {"school_year": "2019-2020", "term": "spring"}
    put(house, "student_roll", "2019-2020", [
        pupil(one, code, school_year="2019-2020") for one, code in (("a", TWO), ("b", FAR), ("c", FAR))
    ])  # fmt: skip
    put(house, "aid_payments", "2019-2020-spring", [
        paid(one, code, **spring) for one, code in (("a", TWO), ("b", FAR), ("c", ONE))
    ])  # fmt: skip
    assert told(house) == [("recipients.at_this_school", "must_explain", 4)]


def test_where_no_roll_is_held_nobody_is_missing(house: House) -> None:
    put(house, "student_roll", CENSUS, [pupil("x", FAR)])
    put(house, "aid_payments", AUTUMN, [paid("d", ONE)])
    assert told(house) == []


def test_who_may_be_on_a_roll_that_was_not_sent_is_asked_about(house: House) -> None:
    put(house, "student_roll", CENSUS, [pupil("x", ONE)])
    put(house, "aid_entitled", AUTUMN, [paid("d", ONE)])
    assert told(house) == [("entitled.maybe_on_a_roll", "must_explain", 2)]


def test_pupils_without_an_identity_number_may_be_as_many_recipients(house: House) -> None:
    put(house, "student_roll", CENSUS, [*everywhere(), pupil(None, ONE, national_student_no="L1")])
    put(house, "aid_payments", AUTUMN, [paid("d", ONE)])
    assert told(house) == []
    put(house, "aid_payments", AUTUMN, [paid("d", ONE), paid("e", ONE)])
    assert {rule for rule, *_ in told(house)} == {"recipients.on_a_roll"}


def test_one_pupil_on_two_rolls_is_told_to_both_schools(house: House) -> None:
    put(house, "student_roll", CENSUS, [
        pupil("a", ONE), pupil("a", FAR), pupil("b", ONE), pupil("b", FAR, status="转出"),
        pupil(None, TWO, national_student_no="Gc"), pupil("c", FAR, national_student_no="Gc"),
    ])  # fmt: skip
    assert [one for one in told(house) if one[0].startswith("on_two")] == [
        ("on_two_rolls.one_school", "must_explain", row) for row in (2, 3, 6, 7)
    ]


def test_a_roll_and_the_census_may_differ_by_one_per_cent(house: House) -> None:
    put(
        house,
        "student_roll",
        CENSUS,
        [pupil(f"a{n}", ONE) for n in range(101)] + [pupil(f"b{n}", TWO) for n in range(102)],
    )
    put(house, "enrolment", CENSUS, [
        {"school_code": code, "stage": "小学", "grade": "P1", "pupils": 100} for code in (ONE, TWO)
    ])  # fmt: skip
    assert told(house) == [("roll_counts.as_counted", "must_explain", 103)]


def test_as_many_rows_in_quarantine_count_as_bring_roll_and_census_together(house: House) -> None:
    bad = [pupil(f"c{n}", code) for code, many in ((ONE, 9), (TWO, 4)) for n in range(many)]
    put(house, "student_roll", CENSUS, [pupil(f"{code}{n}", code) for code in (ONE, TWO) for n in range(93)], bad)
    put(house, "enrolment", CENSUS, [
        {"school_code": code, "stage": "小学", "grade": "P1", "pupils": 100} for code in (ONE, TWO)
    ])  # fmt: skip
    assert told(house) == [("roll_counts.as_counted", "must_explain", 95)]
    (finding,) = compared_findings(house.lake, [2020]).to_pylist()
    assert "学籍在校 97 人，在校生统计 100 人，相差 -3 人" in finding["message"]


def test_candidates_and_athletes_of_a_school_are_pupils_of_its_roll(house: House) -> None:
    """One has no identity number, one has only the pupil number; second grades sit biology alone and do not count."""
    put(house, "school", "2019-2020", [{"school_code": code, "kind": "311"} for code in (ONE, TWO)])
    put(house, "student_roll", "2019-2020", [
        *(pupil(f"a{n}", ONE, school_year="2019-2020", stage="初中", grade="J3") for n in range(20)),
        pupil(None, ONE, school_year="2019-2020", stage="初中", grade="J3"),
        pupil("young", ONE, school_year="2019-2020", stage="初中", grade="J2"),
    ])  # fmt: skip

    def sat(school: str, *numbers: str | None) -> list[Row]:
        exam = {"county_code": HERE, "exam": "初中学业水平考试", "exam_year": 2020, "status": "正常"}
        return [{**exam, "school_code": school, "student_id": one, "candidate_no": f"k{n}", "subject": subject,
                 "national_student_no": None if one else "Ga0"}
                for n, one in enumerate(numbers) for subject in ("语文", "数学")] + [
                    {**exam, "school_code": school, "student_id": "young", "candidate_no": "b", "subject": "生物"}
                ]  # fmt: skip

    numbers = [f"a{n}" for n in range(1, 20)]
    put(house, "exam_results", "2020", sat(ONE, None, *numbers, "unknown"))
    assert told(house) == []
    (counts,) = house.lake.read(
        *compared_path(compare_family(house, 2020, "between_sources"), "ledger_counts")
    ).to_pylist()
    assert {name: counts[name] for name in ("people", "identified", "found", "on_roll", "unfound", "part")} == {
        "people": 21, "identified": 21, "found": 20, "on_roll": 21, "unfound": 0, "part": "初中毕业年级"
    }  # fmt: skip
    put(house, "exam_results", "2020", sat(ONE, None, *numbers, *(f"unknown{n}" for n in range(5))))
    assert told(house) == [
        ("ledger_counts.candidates_on_roll", "must_explain", 2), ("ledger_counts.within_roll", "must_explain", 2)
    ]  # fmt: skip
    put(house, "student_roll", CENSUS, [pupil("a", ONE)])
    put(house, "athletes", "2020", [
        {"student_id": one, "registration_no": one, "sport": "田径", "year": 2020, "unit_name": "甲", "unit_code": HERE,
         "school_code": ONE} for one in ("x", "y")
    ])  # fmt: skip
    put(house, "exam_results", "2020", [])
    assert told(house) == [("ledger_counts.within_roll", "must_explain", 2)]


def test_an_account_is_counted_over_schools_units_and_terms(house: House) -> None:
    """What is too many in one term, as z has, the contract tells at the ledgers' own rows."""
    put(house, "aid_payments", AUTUMN, [
        paid("a", ONE, account="x"), paid("b", TWO, account="x"), paid("c", FAR, account="x"),
        paid("e", ONE, account="y"), paid("f", ONE, account="y"), paid("g", ONE, account="y"),
        *(paid(one, school, account="z") for one, school in (("h", ONE), ("i", ONE), ("j", FAR), ("k", FAR))),
    ])  # fmt: skip
    spring = {"school_year": "2019-2020", "term": "spring"}
    put(house, "aid_payments", "2019-2020-spring", [paid("d", ONE, account="x", **spring)])
    assert told(house) == [("accounts.few_pupils", "must_explain", row) for row in (2, 2, 4)]


def test_athletes_are_who_they_are_on_the_roll(house: House) -> None:
    born = date(2008, 3, 1)
    put(house, "student_roll", CENSUS, [
        pupil(one, ONE, sex="男", birth_date=day)
        for one, day in (("a", born), ("b", date(2008, 3, 2)), ("c", date(2008, 3, 3)), ("d", None))
    ])  # fmt: skip
    put(house, "athletes", "2020", [
        {"student_id": one, "registration_no": one, "sport": "田径", "year": 2020, "unit_name": "甲",
         "birth_date": born, "sex": sex, "unit_code": HERE, "county_code": HERE}
        for one, sex in (("a", "男"), ("b", "男"), ("c", "男"), ("d", "女"))
    ])  # fmt: skip
    assert told(house) == [
        ("athletes_on_rolls.birth", "must_fix", 4), ("athletes_on_rolls.birth_a_day_apart", "must_explain", 3),
        ("athletes_on_rolls.sex", "must_fix", 5),
    ]  # fmt: skip


def test_an_athlete_of_two_units_and_a_bone_age_without_a_day(house: House) -> None:
    born = date(2008, 1, 1)
    base = {"sport": "田径", "year": 2020, "birth_date": born, "sex": "男"}
    put(house, "athletes", "2020", [
        {**base, "student_id": "a", "registration_no": "1", "unit_name": "甲",
         "unit_code": HERE, "bone_age": Decimal("14.0")},
        {**base, "student_id": "a", "registration_no": "2", "unit_name": "乙",
         "unit_code": THERE, "bone_age": Decimal("14.1")},
        {**base, "student_id": "b", "registration_no": "3", "unit_name": "甲",
         "unit_code": HERE, "bone_age": Decimal("20.0"),
         "bone_age_on": date(2020, 3, 1)},
    ])  # fmt: skip
    assert told(house) == [
        ("bone_ages.near_age", "must_explain", 3), ("registered_twice.one_unit", "must_fix", 2),
        ("registered_twice.one_unit", "must_fix", 3),
    ]  # fmt: skip


def test_who_registered_has_results(house: House) -> None:
    put(house, "exam_sittings", "2020", [
        {"unit_code": unit, "county_code": unit, "year": 2020, "exam": "普通高考", "session": None, "registered": many}
        for unit, many in ((HERE, 4), (THERE, 3))
    ])  # fmt: skip
    put(house, "exam_results", "2020", [
        {"school_code": code, "county_code": HOMES[code], "exam": "普通高考", "exam_year": 2020, "subject": subject,
         "candidate_no": f"{code}{n}", "status": "缺考"}
        for code, many in ((ONE, 2), (FAR, 2)) for n in range(many) for subject in ("语文", "数学")
    ])  # fmt: skip
    assert told(house) == [("candidates.have_results", "must_explain", 2)]


def test_results_in_quarantine_are_results_and_registrations_in_quarantine_no_sum(house: House) -> None:
    def sitting(session: str, many: int) -> Row:
        told = {"unit_code": HERE, "county_code": HERE, "year": 2020, "exam": "普通高考"}
        return {**told, "session": session, "registered": many}

    def result(number: str | None) -> Row:
        return {"school_code": ONE, "county_code": HERE, "exam": "普通高考", "exam_year": 2020, "subject": "语文",
                "candidate_no": number, "status": "正常"}  # fmt: skip

    good, bad = [result(f"{n}") for n in range(20)], [result("0"), result("20"), result(None)]
    put(house, "exam_sittings", "2020", [sitting("上午", 23)])
    put(house, "exam_results", "2020", good, bad)
    assert told(house) == []
    put(house, "exam_results", "2020", good, bad[:1])
    assert told(house) == [("candidates.have_results", "must_explain", 2)]
    put(house, "exam_sittings", "2020", [sitting("上午", 23)], [sitting("下午", 1)])
    assert told(house) == []


def test_two_score_tables_that_each_add_up_may_disagree(house: House) -> None:
    line = {"province": "湖南", "year": 2020, "subject_group": "理科", "batch": None, "score": Decimal("600.0")}
    put(house, "score_distribution", "2020", [
        {**line, "unit_code": unit, "segment_count": many, "cumulative_count": many}
        for unit, many in ((HERE, 10), (THERE, 11))
    ])  # fmt: skip
    assert told(house) == [("score_tables.agree", "must_explain", 2), ("score_tables.agree", "must_explain", 3)]


def test_lists_go_to_each_unit_with_both_places_and_no_person(house: House) -> None:
    put(house, "student_roll", CENSUS, [*everywhere(), pupil("secret-b", FAR), pupil("secret-e", ONE),
                                        pupil("secret-e", FAR)])  # fmt: skip
    put(house, "aid_payments", AUTUMN, [paid("secret-b", ONE), paid("secret-d", ONE, school_code=ONE)])
    compare_family(house, 2020, "between_sources")
    names = {name: house.lake.read(*list_path(2020, name)).num_rows for name in load_lists()}
    assert {name: rows for name, rows in names.items() if rows} == {
        "aid_nowhere": 1,
        "aid_elsewhere": 1,
        "two_rolls": 2,
    }
    assert fill_lists(house) == {f"{HERE}/名单-2020.xlsx": 3, f"{THERE}/名单-2020.xlsx": 1}
    book = house.home / "outbox" / HERE / "名单-2020.xlsx"
    assert book.stat().st_mode & 0o777 == 0o600
    sheets = {sheet: CalamineWorkbook.from_path(book).get_sheet_by_name(sheet).to_python() for sheet in
              CalamineWorkbook.from_path(book).sheet_names}  # fmt: skip
    assert list(sheets) == ["查无学籍的受助学生", "学籍在他校或已转出的受助学生", "两校同有学籍的学生"]
    header, line = sheets["学籍在他校或已转出的受助学生"]
    told = dict(zip(header, line, strict=True))
    assert (told["行号"], told["对方行号"], told["学籍所在学校"], told["类别"]) == ("2", "12", FAR, "需说明")
    assert told["对方报送件"].startswith(f"{THERE}-")  # another unit's file by its number: its name can name a person
    assert "secret" not in str(sheets)
    written = book.stat().st_mtime_ns
    assert fill_lists(house)
    assert book.stat().st_mtime_ns == written
    put(house, "aid_payments", AUTUMN, [paid("secret-e", ONE)])
    put(house, "student_roll", CENSUS, [*everywhere(), pupil("secret-e", ONE)])
    house.lake.path("compared", "2020", "between_sources", "judgement.json").unlink()
    compare_family(house, 2020, "between_sources")
    assert fill_lists(house) == {}
    assert not book.exists()
