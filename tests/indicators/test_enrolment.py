"""Who of an age is at school, who stays, who goes on: rows worked out by hand, with both sides of each edge."""

import pytest

from tests.indicators.year import COUNTIES, UNITS, Row, Year

RETENTION, SENIOR, GENERAL = "nine_year_retention", "senior_gross_enrolment", "general_vocational_ratio"
OUT, POOR, RATE = "dropouts_compulsory", "dropouts_registered_poor", "dropout_rate"
NET = {"net_enrolment_primary": ("小学", range(6, 12)), "net_enrolment_junior": ("初中", range(12, 15))}


def grade(code: str, stage: str, grade_: str, pupils: int, **flows: int | None) -> Row:
    return {"school_code": code, "stage": stage, "grade": grade_, "pupils": pupils, **flows}


def base(year: Year, unit: str, entrants: int, entry_year: int = 2011, stage: str = "小学") -> None:
    year.put("entrants_base", {"county_code": unit, "stage": stage, "entry_year": entry_year, "entrants": entrants},
             unit=unit)  # fmt: skip


def people(year: Year, unit: str, ages: range, each: int) -> None:
    year.put("population", *({"county_code": unit, "age": str(age), "residents": each, "registered": each * 10}
                             for age in ages), unit="433100")  # fmt: skip


def test_retention_is_leavers_over_those_who_entered_nine_years_before(year: Year) -> None:
    for unit in UNITS:
        base(year, unit, 100)
        year.put("enrolment", grade(f"j{unit}", "初中", "J1", 100, entrants=100),
                 grade(f"j{unit}", "初中", "J2", 99), grade(f"j{unit}", "初中", "J3", 98, leavers=95),
                 grade(f"j{unit}", "普通高中", "S3", 50, leavers=49), grade(f"j{unit}", "小学", "P6", 50, leavers=48),
                 unit=unit)  # fmt: skip
    base(year, "433101", 7, entry_year=2010)
    base(year, "433101", 8, entry_year=2012)
    base(year, "433101", 9, stage="初中")
    found = year.figures(RETENTION)
    assert found.of(RETENTION, "433101") == (95, 100)
    assert found.of(RETENTION) == (950, 1000)
    assert found.row(RETENTION)["maturity"] == "confirmed"


def test_leavers_stand_in_the_top_grade_of_the_school(year: Year) -> None:
    for unit in UNITS:
        base(year, unit, 100)
    year.put(
        "enrolment", grade("four", "初中", "J3", 50, leavers=0), grade("four", "初中", "J4", 50, leavers=46),
        grade("new", "初中", "J1", 50, leavers=0), grade("zero", "初中", "J1", 50, leavers=0),
        grade("zero", "初中", "J3", 50),
    )  # fmt: skip
    row = year.figures(RETENTION).row(RETENTION, "433101")
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (46, 100, 1)


def test_a_county_without_the_base_has_no_retention(year: Year) -> None:
    for unit in UNITS[1:]:
        base(year, unit, 100)
    base(year, UNITS[0], 100, entry_year=2012)
    for unit in UNITS:
        year.put("enrolment", grade(f"j{unit}", "初中", "J3", 98, leavers=95), unit=unit)
    found = year.figures(RETENTION)
    assert found.of(RETENTION, UNITS[0])[0] is None
    assert (found.of(RETENTION), found.row(RETENTION)["missing_units"]) == ((855, 900), UNITS[0])


@pytest.mark.parametrize("name", NET)
def test_net_enrolment_counts_the_ages_on_both_sides(year: Year, name: str) -> None:
    stage, ages = NET[name]
    for county in COUNTIES:
        people(year, county, range(18), 100)
    first, last = ages[0], ages[-1]
    for unit in ("433101", "433170"):
        year.put("pupils_by_age", *({"county_code": unit, "stage": stage, "age": str(age), "pupils": 90}
                                    for age in range(first - 1, last + 2)), unit=unit)  # fmt: skip
    year.put("pupils_by_age", {"county_code": "433101", "stage": "普通高中", "age": str(last), "pupils": 5})
    found = year.figures(name)
    count = len(ages)
    assert found.of(name, "433101") == (90 * count, 100 * count)
    assert found.of(name) == (180 * count, 800 * count)
    assert found.of(name, "433170") == (None, 0)
    year.choices = {"population_series": "registered"}
    assert year.figures(name).of(name, "433101") == (90 * count, 1000 * count)


def test_a_county_that_lacks_an_age_leaves_both_sides(year: Year) -> None:
    name = "net_enrolment_primary"
    for county in COUNTIES:
        people(year, county, range(6, 11) if county == "433122" else range(6, 12), 100)
        year.put("pupils_by_age", {"county_code": county, "stage": "小学", "age": "7", "pupils": 90}, unit=county)
    row = year.figures(name).row(name)
    assert (row["numerator"], row["denominator"], row["missing_units"]) == (630, 4200, "433122")


def senior(year: Year) -> None:
    for county in COUNTIES:
        people(year, county, range(15, 18), 100)
    year.put(
        "enrolment", grade("s", "普通高中", "S1", 150), grade("v", "中职", "V2", 100), grade("j", "初中", "J3", 999)
    )
    year.put("technical_pupils", {"county_code": "433101", "pupils": 20}, unit="433100")


def test_senior_gross_enrolment_adds_three_kinds_of_schools(year: Year) -> None:
    senior(year)
    found = year.figures(SENIOR)
    assert found.of(SENIOR, "433101") == (270, 300)
    assert found.of(SENIOR) == (270, 2400)
    assert found.row(SENIOR)["maturity"] == "confirmed"
    assert "without" not in found.row(SENIOR)["parameters"]


def test_without_technical_schools_the_figure_stands_and_says_so(year: Year) -> None:
    senior(year)
    year.rows.pop("technical_pupils")
    year.stands("technical_pupils", "433100", "missing")
    row = year.figures(SENIOR).row(SENIOR, "433101")
    assert (row["numerator"], row["denominator"], row["maturity"]) == (250, 300, "provisional")
    assert row["parameters"].endswith("without=technical_pupils")


def test_general_to_vocational_by_entrants_of_the_first_grade(year: Year) -> None:
    year.put(
        "enrolment", grade("s", "普通高中", "S1", 150, entrants=120), grade("s", "普通高中", "S2", 150, entrants=0),
        grade("v", "中职", "V1", 90, entrants=80), grade("v", "中职", "V2", 90), grade("blank", "中职", "V1", 90),
        grade("j", "初中", "J1", 90, entrants=90),
    )  # fmt: skip
    found = year.figures(GENERAL)
    row = found.row(GENERAL)
    assert (row["numerator"], row["denominator"], row["value"], row["unknown_count"]) == (120, 80, 1.5, 1)
    assert found.of(GENERAL, "433122") == (None, 0)


def test_general_without_vocational_is_no_data(year: Year) -> None:
    year.put("enrolment", grade("s", "普通高中", "S1", 150, entrants=120))
    assert year.figures(GENERAL).of(GENERAL) == (None, 0)


def child(n: int, status: str, grade_: str = "P3", **poor: bool) -> Row:
    return {"school_code": "a", "student_id": f"h{n}", "grade": grade_, "status": status, **poor}


def test_who_is_out_of_school(year: Year) -> None:
    statuses = ("疑似辍学", "劝返中", "已返校", "转学核实", "延缓入学", "免学", "死亡", "失联核实")
    year.put("dropouts", *(child(n, status) for n, status in enumerate(statuses)))
    assert year.figures(OUT).of(OUT) == (3, None)
    grades = ("K3", "P1", "P6", "J1", "J3", "J4", "S1", "V1", "SE")
    year.rows["dropouts"] = []
    year.put("dropouts", *(child(n, "劝返中", each) for n, each in enumerate(grades)))
    assert year.figures(OUT).of(OUT) == (5, None)


def test_poor_children_and_blanks(year: Year) -> None:
    year.put("dropouts", child(1, "劝返中", registered_poor=True), child(2, "失联核实", registered_poor=False),
             child(3, "疑似辍学"), child(4, "已返校", registered_poor=True), child(5, "已返校"))  # fmt: skip
    found = year.figures(OUT, POOR)
    assert (found.of(OUT), found.of(POOR)) == ((3, None), (1, None))
    assert (found.row(OUT)["unknown_count"], found.row(POOR)["unknown_count"]) == (0, 1)


def test_no_row_is_0_and_no_file_is_no_data(year: Year) -> None:
    year.stands("dropouts", "433122", "missing")
    found = year.figures(OUT, POOR)
    for name in (OUT, POOR):
        assert (found.of(name, "433101"), found.of(name, "433122")) == ((0, None), (None, None))
        assert (found.of(name), found.row(name)["maturity"]) == ((0, None), "provisional")


def test_the_rate_is_held_against_compulsory_pupils(year: Year) -> None:
    year.put("dropouts", child(1, "劝返中"), child(2, "已返校"))
    year.put("enrolment", grade("a", "小学", "P1", 600), grade("a", "初中", "J1", 400), grade("a", "普通高中", "S1", 9),
             grade("a", "幼儿园", "K1", 9))  # fmt: skip
    found = year.figures(RATE)
    assert (found.of(RATE, "433101"), found.of(RATE, "433122")) == ((1, 1000), (None, 0))
    year.stands("enrolment", "433101", "missing")
    assert year.figures(RATE).of(RATE) == (None, 0)
