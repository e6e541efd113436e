"""Townships with a farmers' sports project."""

from tests.indicators.year import REGIONS, Row, Year

COVERAGE = "township_fitness_coverage"
TOWNS = [t.code for t in REGIONS.townships if t.county_code == "433122" and t.kind in {"镇", "乡"}]
STREET = next(t.code for t in REGIONS.townships if t.kind == "街道")


def venue(township: str | None, project: bool | None = True, inspection: str | None = "合格") -> Row:
    return {"township_code": township, "farmers_project": project, "inspection": inspection, "venue_no": "1"}


def test_a_township_with_an_open_project_is_equipped(year: Year) -> None:
    year.put(
        "venues", venue(TOWNS[0]), venue(TOWNS[0]), venue(TOWNS[1], inspection=None),
        venue(TOWNS[2], inspection="整改"), venue(TOWNS[3], inspection="停用"), venue(TOWNS[4], project=False),
        venue(TOWNS[4], None), venue(TOWNS[4]), venue(STREET), venue(None), unit="433122",
    )  # fmt: skip
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE, "433122") == (4, len(TOWNS))
    assert found.of(COVERAGE) == (4, 105)
    assert found.row(COVERAGE)["maturity"] == "confirmed"
    assert found.of(COVERAGE, "433170") == (None, 0)


def test_a_township_of_which_only_blanks_are_told_is_unknown(year: Year) -> None:
    year.put("venues", venue(TOWNS[0], None), venue(TOWNS[1], None, "停用"), venue(TOWNS[2]), unit="433122")
    found = year.figures(COVERAGE)
    row = found.row(COVERAGE, "433122")
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (1, len(TOWNS) - 1, 1)
    assert found.of(COVERAGE) == (1, 104)
    assert found.row(COVERAGE)["maturity"] == "provisional"


def test_a_venue_counts_where_it_lies_whoever_reports_it(year: Year) -> None:
    year.put("venues", venue(TOWNS[0]), unit="433171")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE, "433122") == (1, len(TOWNS))


def test_a_missing_county_leaves_with_its_townships(year: Year) -> None:
    year.put("venues", venue(TOWNS[0]), unit="433122")
    year.stands("venues", "433101", "missing")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE) == (1, 105 - 6)
    assert found.row(COVERAGE)["missing_units"] == "433101"


def test_streets_and_farms_count_by_choice(year: Year) -> None:
    year.put("venues", venue(STREET), unit="433101")
    year.choices = {"township_scope": ["镇", "乡", "街道", "林场"]}
    assert year.figures(COVERAGE).of(COVERAGE) == (1, len(REGIONS.townships))
    assert len(REGIONS.townships) == 116
