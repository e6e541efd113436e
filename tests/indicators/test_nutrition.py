"""Meals over the months of a year: heads, money allocated against what meals cost, money spent."""

from tests.indicators.year import Row, Year

COVERAGE, ALLOCATED, SPENT = "nutrition_coverage", "nutrition_allocation_rate", "nutrition_spending_rate"


def meals(month: str = "2020-09", **other: object) -> Row:
    return {"school_code": "s", "month": month, "pupils": 100, "beneficiaries": 80, "meal_days": 20, "daily_rate": 400,
            "allocated": 640000, "spent": 640000, **other}  # fmt: skip


def test_months_and_schools_add_up(year: Year) -> None:
    year.put("nutrition_meals", meals(), meals("2020-12", beneficiaries=100, allocated=0, spent=0),
             meals(school_code="t", pupils=0, beneficiaries=0, allocated=0, spent=0))  # fmt: skip
    year.put("nutrition_meals", meals(pupils=10, beneficiaries=0, meal_days=0, allocated=0, spent=0), unit="433122")
    found = year.figures(COVERAGE, ALLOCATED, SPENT)
    assert found.of(COVERAGE) == (180, 210)
    assert found.of(COVERAGE, "433122") == (0, 10)
    assert found.of(ALLOCATED) == (640000, 640000 + 800000)
    assert found.of(ALLOCATED, "433122") == found.of(SPENT, "433122") == (None, 0)
    assert not found.regions(COVERAGE, "school")


def test_more_than_what_meals_cost_is_more_than_all(year: Year) -> None:
    year.put("nutrition_meals", meals(allocated=640001))
    assert year.figures(ALLOCATED).row(ALLOCATED)["value"] > 1


def test_a_month_without_spending_is_unknown(year: Year) -> None:
    year.put("nutrition_meals", meals(), meals("2020-10", spent=None), meals("2020-11", spent=320000))
    row = year.figures(SPENT).row(SPENT)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (960000, 1280000, 1)
    assert row["maturity"] == "provisional"


def test_a_unit_that_lacks_one_month_has_no_figure_of_the_year(year: Year) -> None:
    year.put("nutrition_meals", meals())
    year.put("nutrition_meals", meals(school_code="t"), unit="433122")
    year.stands("nutrition_meals", "433122", "missing", period="2020-04")
    found = year.figures(COVERAGE)
    assert found.of(COVERAGE) == (80, 100)
    assert found.of(COVERAGE, "433122") == (None, None)
    assert found.row(COVERAGE)["missing_units"] == "433122"
