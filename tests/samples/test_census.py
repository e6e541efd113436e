"""The files of the census counted again: what schools answer, pupils, ages, staff, facilities, dropouts."""

from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest

from samples.facts import county_codes, kinds, read_yaml, unit_codes
from samples.resources import Row as SchoolStage
from samples.resources import root, squared_variation
from samples.schools import make_schools
from tests.samples.conftest import Figure, Written
from tests.samples.landed import BUREAU, Row, children_in_workbooks, rows_of, stage, yes
from tests.samples.test_truths import as_figures

KIND_OF_NAME = {kind.name: code for code, kind in kinds().items()}
ALL_BUT_KINDERGARTENS = {"211", "218", "311", "312", "341", "342", "345", "365", "514"}
COMPULSORY = {"211", "218", "311", "312", "341", "345"}
NAMED = {spelling: grade for grade, words in read_yaml("spellings")["grade"].items() for spelling in words}


def kind(row: Row) -> str:
    return KIND_OF_NAME.get(row["kind"], row["kind"])


def counted(written: Written) -> list[Row]:
    """The rows of the school lists that are schools of their own: who has no parent."""
    return [row for row in rows_of(written.landing, "school") if not row["parent_school_code"]]


def coverage(rows: list[Row], column: str) -> dict[str, list[int]]:
    """Schools that say yes, and those that say anything, by unit."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in (row for row in rows if row[column]):
        found[row["unit"]][0] += yes(row[column])
        found[row["unit"]][1] += 1
    return found


@pytest.mark.parametrize(
    ("indicator", "column", "asked", "condition"),
    [
        ("party_organisation_coverage", "party_organisation", ALL_BUT_KINDERGARTENS, ""),
        ("party_standard_coverage", "party_standard_met", ALL_BUT_KINDERGARTENS, "party_organisation"),
        ("library_review_coverage", "library_reviewed", COMPULSORY | {"342"}, ""),
        ("happy_gymnastics_coverage", "happy_gymnastics", {"111"}, ""),
        ("nearby_admission_coverage", "nearby_admission", COMPULSORY, ""),
        ("canteen_platform_coverage", "canteen_platform", ALL_BUT_KINDERGARTENS | {"111"}, "canteen"),
    ],
)
def test_coverages_counted_again(
    written: Written, indicator: str, column: str, asked: set[str], condition: str
) -> None:
    there = [row for row in counted(written) if kind(row) in asked and (not condition or yes(row[condition]))]
    found = as_figures(coverage(there, column))
    assert found == written.regions(indicator, "county")
    assert {n == d for n, d in found.values()} == {True, False}


def test_values_stand_where_a_column_does_not_apply(written: Written) -> None:
    rows = list(rows_of(written.landing, "school"))
    assert any(row["party_organisation"] for row in rows if kind(row) == "111")
    assert any(row["happy_gymnastics"] for row in rows if kind(row) == "211")
    assert any(row["canteen_platform"] for row in counted(written) if row["canteen"] and not yes(row["canteen"]))


def test_three_measures_of_security_counted_again(written: Written) -> None:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    unknown = 0
    for row in counted(written):
        cells = [row[name] for name in ("closed_campus", "alarm_button", "video_covered")]
        says_no = any(cell and not yes(cell) for cell in cells)
        unknown += not says_no and "" in cells
        if says_no or "" not in cells:
            found[row["unit"]][0] += not says_no
            found[row["unit"]][1] += 1
    assert unknown
    assert as_figures(found) == written.regions("security_three_coverage", "county")


def test_half_of_the_hours_is_enough(written: Written) -> None:
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    exactly_half = 0
    for row in (row for row in counted(written) if kind(row) in COMPULSORY | {"342"}):
        labour, practice = row["labour_hours"], Decimal(row["practice_hours"] or 0)
        if labour and practice:
            exactly_half += 2 * Decimal(labour) == practice
            found[row["unit"]][0] += 2 * Decimal(labour) >= practice
            found[row["unit"]][1] += 1
    assert exactly_half
    assert as_figures(found) == written.regions("labour_hours_coverage", "county")


def grade_of(row: Row) -> str:
    """The grade of a row by the stage that stands beside it, 2019级 too."""
    letter = {"小学": "P", "初中": "J", "普通高中": "S", "中职": "V", "幼儿园": "K", "特教": "SE"}[stage(row)]
    if row["grade"].endswith("级") and row["grade"][:4].isdigit():
        return f"{letter}{2021 - int(row['grade'][:4])}"
    words = read_yaml("spellings")["grade"]
    return next(grade for grade, spelled in words.items() if grade.startswith(letter) and row["grade"] in spelled)


def pupils_by(written: Written, dataset: str) -> Counter[tuple[str, str]]:
    found: Counter[tuple[str, str]] = Counter()
    for row in rows_of(written.landing, dataset):
        found[row["school_code"], grade_of(row)] += int(row.get("pupils", 1))
    return found


def test_classes_enrolment_and_register_hold_the_same_pupils(written: Written) -> None:
    classes = pupils_by(written, "class_ledger")
    told, in_workbooks = pupils_by(written, "enrolment"), children_in_workbooks(written.landing)
    assert {place: classes[place] for place in in_workbooks} == in_workbooks
    assert set(classes) - set(told) < set(in_workbooks)
    assert set(told) & set(in_workbooks)
    assert told | in_workbooks == classes
    assert pupils_by(written, "student_roll") == classes
    assert sum(classes.values()) == written.summary.pupils


def test_whoever_is_entitled_to_aid_stands_in_the_register(written: Written) -> None:
    listed = {row["national_student_no"] for row in rows_of(written.landing, "student_roll")}
    numbers = {row["student_id"] for row in rows_of(written.landing, "student_roll")}
    entitled = {row["student_id"] for row in rows_of(written.landing, "aid_entitled", "2020秋")}
    without = [number for number in listed if number.startswith("L")]
    assert 0 < len(without) < len(listed) / 100
    assert len(entitled - numbers) <= len(without)


def test_ages_add_up_to_the_pupils_of_a_stage(written: Written) -> None:
    aged: Counter[tuple[str, str]] = Counter()
    of_age: Counter[str] = Counter()
    words = set()
    for row in rows_of(written.landing, "pupils_by_age"):
        aged[row["unit"], stage(row)] += int(row["pupils"])
        words.add(row["age"])
        age = int("".join(filter(str.isdigit, row["age"])))
        of_age[row["unit"]] += int(row["pupils"]) if stage(row) == "小学" and 6 <= age <= 11 else 0
    pupils: Counter[tuple[str, str]] = Counter()
    told = set()
    for row in rows_of(written.landing, "enrolment"):
        pupils[row["unit"], stage(row)] += int(row["pupils"])
        told.add(row["school_code"])
    for (code, _), children in children_in_workbooks(written.landing).items():
        pupils["433123", "幼儿园"] += children if code not in told else 0
    assert aged == pupils
    assert {"5岁及以下", "18岁及以上"} <= words
    figures = written.regions("net_enrolment_primary", "county")
    assert {county: int(n) for county, (n, _) in figures.items()} == {
        county: of_age[county] for county in county_codes()
    }
    assert written.truth["net_enrolment_primary", "prefecture", BUREAU][0] == of_age.total()


def test_retention_counted_again(written: Written) -> None:
    found: dict[str, list[int]] = {unit: [0, 0] for unit in unit_codes()}
    for row in rows_of(written.landing, "enrolment"):
        found[row["unit"]][0] += int(row["leavers"] or 0) if grade_of(row) == "J3" else 0
    for row in rows_of(written.landing, "entrants_base"):
        found[row["unit"]][1] += int(row["entrants"]) if stage(row) == "小学" and row["entry_year"][:4] == "2011" else 0
    assert as_figures(found) == written.regions("nine_year_retention", "county")


def test_dropouts_counted_again(written: Written) -> None:
    found: Counter[str] = Counter(dict.fromkeys(unit_codes(), 0))
    for row in rows_of(written.landing, "dropouts"):
        out = row["status"] in {"疑似辍学", "劝返中", "失联核实"}
        found[row["unit"]] += out and grade_of(row)[0] in "PJ"
    told = {unit: int(n) for unit, (n, _) in written.regions("dropouts_compulsory", "county").items()}
    assert told == found
    assert 0 in told.values() and found.total() > 0


def stage_of_staff(row: Row, kinds_of: dict[str, str]) -> str:
    return stage(row) if row["stage"] else next(iter(kinds()[kinds_of[row["school_code"]]].per_grade), "幼儿园")


def test_staff_counted_again(written: Written) -> None:
    kinds_of = {row["school_code"]: kind(row) for row in rows_of(written.landing, "school")}
    teachers: Counter[str] = Counter()
    posts: Counter[str] = Counter(dict.fromkeys(unit_codes(), 0))
    blank = 0
    for row in rows_of(written.landing, "staff"):
        teachers[row["unit"]] += int(row["teachers"]) if stage_of_staff(row, kinds_of) == "初中" else 0
        posts[row["unit"]] += int(row["seconded"] or 0)
        blank += not row["stage"]
    assert blank
    ratios = written.regions("pupil_teacher_ratio_junior", "county")
    assert {unit: int(d or 0) for unit, (_, d) in ratios.items()} == teachers
    assert {unit: int(n) for unit, (n, _) in written.regions("seconded_teachers", "county").items()} == posts


def test_a_school_of_two_stages_is_split_one_to_one_point_one(written: Written) -> None:
    homes = {row["school_code"]: kind(row) for row in rows_of(written.landing, "school")}
    pupils: Counter[tuple[str, str]] = Counter()
    for row in rows_of(written.landing, "enrolment"):
        pupils[row["school_code"], stage(row)] += int(row["pupils"])
    looked = 0
    for row in rows_of(written.landing, "facilities"):
        code = row["school_code"]
        if homes[code] == "312" and row.get("computers"):
            primary, junior = pupils[code, "小学"], Decimal("1.1") * pupils[code, "初中"]
            part = Decimal(row["computers"]) * 100 * primary / (primary + junior)
            told = written.truth["computers_per_100_primary", "school", code]
            assert told == (part.quantize(Decimal("0.0001"), ROUND_HALF_UP), pupils[code, "小学"])
            looked += 1
    assert looked >= len(unit_codes())


def test_areas_in_mu_and_books_in_ten_thousands_come_to_the_truth(written: Written) -> None:
    homes = {row["school_code"]: kind(row) for row in rows_of(written.landing, "school")}
    areas = books = 0
    for row in rows_of(written.landing, "facilities"):
        code = row["school_code"]
        if row["unit"] == "433130" and homes[code] == "311":
            ground = (Decimal(row["sports_ground_area"]) * Decimal("666.67")).quantize(Decimal("0.01"), ROUND_HALF_UP)
            whole = ground + Decimal(row["indoor_sports_area"])
            assert written.truth["sports_area_per_pupil_junior", "school", code][0] == whole
            areas += 1
        if "wan_books" in row and homes[code] == "342":
            told = Decimal(row["wan_books"]) * 10_000
            assert written.truth["books_per_pupil_senior", "school", code][0] == told > 100
            books += 1
    assert areas and books


def schools_with(*pairs: tuple[int, int]) -> list[SchoolStage]:
    school = make_schools(0.01, 1)[0]
    return [SchoolStage(school, "小学", pupils, {"rooms": Decimal(rooms)}) for pupils, rooms in pairs]


def test_variation_is_weighted_by_pupils() -> None:
    squared = squared_variation(schools_with((400, 16), (100, 2), (500, 10)), "rooms")
    assert squared == Fraction(96, 784)
    assert root(squared) == Decimal("0.3499")
    assert squared_variation(schools_with((400, 16), (100, 4)), "rooms") == 0
    assert squared_variation(schools_with((400, 0)), "rooms") is None


def numbers(written: Written, indicator: str) -> dict[str, Figure]:
    return written.regions(indicator, "county")


def test_some_counties_are_balanced_and_some_schools_reach_the_standards(written: Written) -> None:
    for name in ("primary", "junior"):
        balanced, known = written.truth[f"balanced_counties_{name}", "prefecture", BUREAU]
        assert known is not None and 0 < balanced < known
        reached = [n for n, _ in numbers(written, f"quality_schools_{name}").values()]
        assert 0 < sum(reached) < sum(d or 0 for _, d in numbers(written, f"quality_schools_{name}").values())


def test_small_teaching_points_stand_beside_no_school(written: Written) -> None:
    alone = [row["school_code"] for row in counted(written) if kind(row) == "218"]
    books = {code: written.truth["books_per_pupil_primary", "school", code] for code in alone}
    compared = written.regions("teaching_area_per_pupil_primary", "school")
    assert {code: code in compared for code in alone} == {code: (d or 0) >= 50 for code, (_, d) in books.items()}
    assert len({code in compared for code in alone}) == 2
