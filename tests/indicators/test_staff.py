"""Teachers and posts: which stage a row is of, blanks, and pupils per teacher across two tables."""

import pytest

from assets.indicators.staff import SINGLE_STAGE
from tests.indicators.year import CONTRACTS, Row, Year

POSTS = {"off_post_staff": "off_post", "ghost_pay_staff": "ghost_pay", "misused_posts": "misused_posts",
         "unapproved_hires": "unapproved_hires", "seconded_teachers": "seconded"}  # fmt: skip
DUAL = "dual_qualified_share"
STAGES = {"preschool": "幼儿园", "primary": "小学", "junior": "初中", "senior": "普通高中", "vocational": "中职",
          "special": "特教"}  # fmt: skip


def staff(code: str, stage: str | None = "小学", teachers: int = 10, **other: int | None) -> Row:
    return {"school_code": code, "stage": stage, "staff": teachers + 2, "teachers": teachers, **other}


def pupils(code: str, stage: str, grade: str, number: int) -> Row:
    return {"school_code": code, "stage": stage, "grade": grade, "pupils": number}


def schools(year: Year, **kinds: str) -> None:
    year.put("school", *({"school_code": code, "kind": kind, "sponsor": "831"} for code, kind in kinds.items()))


@pytest.mark.parametrize(("name", "column"), POSTS.items())
def test_posts_add_up_and_a_blank_is_unknown(year: Year, name: str, column: str) -> None:
    schools(year, a="312", b="211", k="111")
    year.put("school", {"school_code": "p", "kind": "218", "sponsor": "831", "parent_school_code": "b"})
    year.put("staff", staff("a", "小学", **{column: 3}), staff("a", "初中", **{column: 2}), staff("b", **{column: 0}),
             staff("k", "幼儿园"), staff("p", **{column: 1}))  # fmt: skip
    found = year.figures(name)
    assert found.of(name) == (6, None)
    assert (found.of(name, "a"), found.of(name, "b"), found.of(name, "k")) == ((5, None), (1, None), (None, None))
    assert found.row(name)["unknown_count"] == 1
    assert found.of(name, "433122") == (0, None)
    year.stands("staff", "433122", "missing")
    row = year.figures(name).row(name)
    assert (row["missing_units"], row["maturity"]) == ("433122", "provisional")


def test_dual_qualified_by_the_stage_of_the_row_or_the_kind_of_its_school(year: Year) -> None:
    schools(year, v="365", w="361", c="341", a="368")
    year.put(
        "staff", staff("v", "中职", specialist_teachers=40, dual_qualified=19),
        staff("w", None, specialist_teachers=10, dual_qualified=6),
        staff("c", "普通高中", specialist_teachers=7, dual_qualified=7),
        staff("a", None, specialist_teachers=0, dual_qualified=0),
        staff("v2", "中职", specialist_teachers=9), staff("c", None, specialist_teachers=5, dual_qualified=5),
    )  # fmt: skip
    found = year.figures(DUAL)
    row = found.row(DUAL)
    assert (row["numerator"], row["denominator"], row["value"], row["unknown_count"]) == (25, 50, 0.5, 2)
    assert found.of(DUAL, "v") == (19, 40)
    assert "a" not in found.regions(DUAL, "school")
    assert found.of(DUAL, "433122") == (None, 0)


def test_every_kind_with_one_stage_is_one_of_the_list() -> None:
    kinds = {value.value for value in CONTRACTS["school"].column("kind").values}
    told = [kind for group in SINGLE_STAGE.values() for kind in group]
    assert len(told) == len(set(told)) == 23
    assert set(told) < kinds
    assert not {"312", "341", "345", "371"} & set(told)
    assert SINGLE_STAGE.keys() == set(STAGES.values())


@pytest.mark.parametrize(("word", "stage"), STAGES.items())
def test_pupils_per_teacher_of_each_stage(year: Year, word: str, stage: str) -> None:
    name = f"pupil_teacher_ratio_{word}"
    schools(year, many="345", one=SINGLE_STAGE[stage][0])
    grades = {"幼儿园": "K1", "小学": "P1", "初中": "J1", "普通高中": "S1", "中职": "V1", "特教": "SE"}
    for n, (each, grade) in enumerate(grades.items()):
        year.put("enrolment", pupils("many", each, grade, 1000 * (n + 1)))
        year.put("staff", staff("many", each, 50 + n))
    year.put("enrolment", pupils("one", stage, grades[stage], 335))
    year.put("staff", staff("one", None, 30))
    n = list(grades).index(stage)
    found = year.figures(name)
    assert found.of(name) == found.of(name, "433101") == (1000 * (n + 1) + 335, 80 + n)
    assert not found.regions(name, "school")
    assert found.row(name)["unknown_count"] == 0


def test_pupils_without_teachers_are_no_data_and_a_unit_lacking_a_table_leaves_both_sides(year: Year) -> None:
    name = "pupil_teacher_ratio_primary"
    schools(year, a="211")
    year.put("school", {"school_code": "b", "kind": "211", "sponsor": "831"}, unit="433122")
    year.put("enrolment", pupils("a", "小学", "P1", 340), pupils("b", "小学", "P1", 100))
    year.put("staff", staff("a", teachers=20))
    assert year.figures(name).of(name) == (440, 20)
    assert year.figures(name).of(name, "433122") == (None, 0)
    year.stands("staff", "433122", "missing")
    row = year.figures(name).row(name)
    assert (row["numerator"], row["denominator"], row["missing_units"]) == (340, 20, "433122")
    assert row["value"] == 17.0
