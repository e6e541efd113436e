"""Marks at, above and below each line, absence and violations, places kept for rural juniors."""

from decimal import Decimal

import pytest

from assets.indicators.exams import INDICATORS
from tests.indicators.year import Row, Year

MATHS = "junior_exam_maths"
PARITY = "rural_quota_parity"


def mark(score: object, full: int = 120, subject: str = "数学", exam: str = "初中学业水平考试", **other: object) -> Row:
    number = None if score is None else Decimal(str(score))
    return {"school_code": "s", "exam": exam, "exam_year": 2020, "candidate_no": "n", "subject": subject,
            "full_mark": Decimal(full), "score": number, "status": "正常", **other}  # fmt: skip


def test_every_subject_has_four_figures_and_every_examination_two() -> None:
    ids = [item.id for item in INDICATORS]
    assert len(ids) == len(set(ids)) == 14 * 4 + 10 * 2 + 2
    assert {"gaokao_science_low", "junior_exam_ethics_mean", "violation_rate_teacher_interview"} <= set(ids)


@pytest.mark.parametrize(("figure", "line", "counts"), [
    ("pass", 60, [False, True, True]), ("excellent", 85, [False, True, True]), ("low", 40, [True, False, False]),
])  # fmt: skip
def test_a_mark_on_the_line(year: Year, figure: str, line: int, counts: list[bool]) -> None:
    for school, full in (("s", 120), ("t", 150)):
        at = Decimal(full * line) / 100
        year.put("exam_results", *(mark(at + Decimal(step) / 10, full, school_code=f"{school}{step}")
                                   for step in (-1, 0, 1)))  # fmt: skip
    found = year.figures(f"{MATHS}_{figure}")
    for school in ("s", "t"):
        told = [found.of(f"{MATHS}_{figure}", f"{school}{step}") for step in (-1, 0, 1)]
        assert told == [(int(one), 1) for one in counts]
    assert found.of(f"{MATHS}_{figure}") == (2 * sum(counts), 6)


def test_lines_are_a_choice(year: Year) -> None:
    year.put("exam_results", mark(72), mark(60))
    assert year.figures(f"{MATHS}_pass").of(f"{MATHS}_pass") == (1, 2)
    year.choices = {"pass_percent": 50}
    row = year.figures(f"{MATHS}_pass").row(f"{MATHS}_pass")
    assert (row["numerator"], row["parameters"]) == (2, "pass_percent=50")


def test_absent_candidates_are_no_zeros_and_a_letter_alone_is_unknown(year: Year) -> None:
    year.put(
        "exam_results", mark(0), mark("90.5"), mark(None, status="缺考"), mark(None, status="缓考"),
        mark(50, status="违纪"), mark(None, grade_letter="A"), mark(100, subject="语文"),
        mark(100, exam="普通高中学业水平考试"),
    )  # fmt: skip
    found = year.figures(f"{MATHS}_mean", f"{MATHS}_low", f"{MATHS}_pass")
    row = found.row(f"{MATHS}_mean")
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (Decimal("90.5"), 2, 1)
    assert row["value"] == pytest.approx(45.25)
    assert found.of(f"{MATHS}_low") == (1, 2)
    assert found.of(f"{MATHS}_mean", "433122") == (None, 0)


def test_examinations_do_not_mix(year: Year) -> None:
    year.put("exam_results", mark(90, 150, "数学", "普通高考"), mark(250, 300, "理综", "普通高考"))
    found = year.figures("gaokao_maths_mean", "gaokao_science_excellent", "gaokao_arts_mean", f"{MATHS}_mean")
    assert found.of("gaokao_maths_mean") == (90, 1)
    assert found.of("gaokao_science_excellent") == (0, 1)
    assert found.of("gaokao_arts_mean") == found.of(f"{MATHS}_mean") == (None, 0)


def test_a_school_counts_for_the_unit_that_lists_it(year: Year) -> None:
    year.put("school", {"school_code": "s", "kind": "311", "sponsor": "831"}, unit="433170")
    year.put("exam_results", mark(90, county_code="433101"), unit="433100")
    found = year.figures(f"{MATHS}_mean")
    assert found.of(f"{MATHS}_mean", "433170") == found.of(f"{MATHS}_mean") == (90, 1)
    assert found.of(f"{MATHS}_mean", "433101") == (None, 0)


def sitting(county: str, exam: str = "普通高考", **other: object) -> Row:
    return {"county_code": county, "exam": exam, "sites": 2, "standard_sites": 2, "rooms": 9, "registered": 100,
            "sat": 97, "absent": 3, "violations": 0, **other}  # fmt: skip


def test_absence_and_violations_of_all_sessions(year: Year) -> None:
    year.put("exam_sittings", sitting("433101", session="1"), sitting("433101", session="2", sat=100, absent=0,
             violations=1), sitting("433122", registered=0, sat=0, absent=0), sitting("433101", "成人高考", absent=9),
             unit="433100")  # fmt: skip
    found = year.figures("absence_rate_gaokao", "violation_rate_gaokao", "absence_rate_adult", "absence_rate_academic")
    assert found.of("absence_rate_gaokao", "433101") == found.of("absence_rate_gaokao") == (3, 200)
    assert found.of("violation_rate_gaokao") == (1, 197)
    assert found.of("absence_rate_gaokao", "433122") == found.of("violation_rate_gaokao", "433122") == (None, 0)
    assert found.of("absence_rate_adult") == (9, 100)
    assert found.of("absence_rate_academic") == (None, 0)


def test_standard_sites(year: Year) -> None:
    year.put("exam_sittings", sitting("433101"), sitting("433101", "成人高考", sites=3, standard_sites=1),
             sitting("433122", standard_sites=None), sitting("433122", sites=1, standard_sites=0),
             unit="433100")  # fmt: skip
    found = year.figures("standard_site_share")
    row = found.row("standard_site_share")
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (3, 6, 1)
    assert found.of("standard_site_share", "433122") == (0, 1)


JUNIORS = {"town": "111", "fringe": "121", "special": "123", "village": "220", "blank": None}


def quota(junior: str, quota: int, graduates: int, *, is_key: bool = True, senior: str = "a") -> Row:
    return {"senior_school_code": senior, "junior_school_code": junior, "key_senior": is_key, "quota": quota,
            "graduates": graduates, "admitted": 0}  # fmt: skip


@pytest.fixture
def listed(year: Year) -> Year:
    year.put("school", *({"school_code": code, "kind": "311", "sponsor": "831", "urban_rural": place}
                         for code, place in JUNIORS.items()))  # fmt: skip
    return year


def test_places_of_rural_juniors_over_their_part_of_the_graduates(listed: Year) -> None:
    listed.put(
        "admissions", quota("town", 30, 300), quota("fringe", 10, 50), quota("village", 20, 150),
        quota("village", 5, 150, senior="b"), quota("special", 99, 100, is_key=False, senior="c"), unit="433100",
    )  # fmt: skip
    found = listed.figures(PARITY)
    assert found.of(PARITY) == (35 * 600, 65 * 300)
    assert found.row(PARITY)["value"] == pytest.approx(35 / 65 / (300 / 600))
    assert not found.regions(PARITY, "county")
    listed.choices = {"rural_scope": ["乡村"]}
    assert listed.figures(PARITY).of(PARITY) == (25 * 600, 65 * 150)


def test_a_junior_school_whose_place_is_not_told_is_on_neither_side(listed: Year) -> None:
    listed.put("admissions", quota("town", 30, 300), quota("village", 10, 100), quota("blank", 50, 500),
               quota("nowhere", 50, 500), unit="433100")  # fmt: skip
    row = listed.figures(PARITY).row(PARITY)
    assert (row["numerator"], row["denominator"]) == (10 * 400, 40 * 100)
    assert (row["unknown_count"] > 0, row["maturity"]) == (True, "provisional")


def test_no_rural_graduates_or_no_places_are_no_data(listed: Year) -> None:
    listed.put("admissions", quota("town", 30, 300), unit="433100")
    assert listed.figures(PARITY).of(PARITY)[0] is None


def test_no_places_of_key_schools_are_no_data(listed: Year) -> None:
    listed.put("admissions", quota("town", 30, 300, is_key=False), quota("village", 30, 300, is_key=False),
               unit="433100")  # fmt: skip
    assert listed.figures(PARITY).of(PARITY)[0] is None
