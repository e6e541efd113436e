"""National figures as they were published, made again by our own indicators from the published parts.

The parts are printed in units of ten thousand with two decimals; times a hundred they are whole. Where the printed
share is not that of the printed parts, both were rounded: it must then lie in the interval that the rounding leaves.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from assets.indicators.catalogue import Tables
from assets.indicators.engine import figures
from assets.indicators.formulas import Ratio
from assets.indicators.parameters import Choices
from assets.indicators.registry import CATALOGUE
from assets.plans.targets import share_text
from tests.indicators.year import DATASETS, Figures, Year

HALF = Fraction(1, 2)


def whole(printed: str) -> int:
    """A number of ten thousands with two decimals, in hundreds."""
    return int(Decimal(printed) * 100)


def exact(row: dict[str, Decimal]) -> Fraction:
    return Fraction(row["numerator"]) / Fraction(row["denominator"])


def may_be_printed(part: str, of: str, percent: str) -> bool:
    """Whether some numbers that round to these parts have a share that rounds to this percentage."""
    last = Fraction(1, 10 ** len(percent.partition(".")[2]))
    low = (whole(part) - HALF) / (whole(of) + HALF) * 100
    high = (whole(part) + HALF) / (whole(of) - HALF) * 100
    return low <= Fraction(percent) + last / 2 and high >= Fraction(percent) - last / 2


def vocational(year: Year, **numbers: str) -> None:
    """All vocational schools of the country as one: what is not told is 0."""
    nothing = dict.fromkeys(("to_higher", "self_employed", "enlisted", "other_employed"), 0)
    year.put("school", {"school_code": "v", "kind": "365", "sponsor": "831"})
    year.put("graduate_destinations", {"school_code": "v", **nothing, **{n: whole(t) for n, t in numbers.items()}})


def test_inclusive_coverage_of_2020_is_of_children(year: Year) -> None:
    name = "inclusive_kindergarten_coverage"
    year.put("school", {"school_code": "yes", "kind": "111", "sponsor": "831"},
             {"school_code": "no", "kind": "111", "sponsor": "999", "inclusive_private": False})  # fmt: skip
    children = {"yes": whole("4082.83"), "no": whole("4818.26") - whole("4082.83")}
    row = {"stage": "幼儿园", "grade": "K1", "class_no": "1"}
    year.put("class_ledger", *(row | {"school_code": code, "pupils": pupils} for code, pupils in children.items()))
    share = exact(year.figures(name).row(name))
    assert share_text(share) == "84.74%"
    assert may_be_printed("23.41", "29.17", "80.24")
    assert share_text(Fraction(whole("23.41"), whole("29.17"))) == "80.25%"
    assert not may_be_printed("23.41", "29.17", "84.74")


@pytest.mark.parametrize(
    ("classes", "large", "oversized", "shares"),
    [("280.78", "10.22", "0", ("3.64%", "0.00%")), ("375.49", "26.50", "1.87", ("7.06%", "0.50%"))],
)
def test_large_classes_of_2019_and_2018(
    year: Year, classes: str, large: str, oversized: str, shares: tuple[str, str]
) -> None:
    names = ("primary_large_class_share", "primary_oversized_class_share")
    numbers = [whole(oversized), whole(large) - whole(oversized), whole(classes) - whole(large)]
    sizes = [size for size, number in zip((66, 65, 55), numbers, strict=True) for _ in range(number)]
    year.put("class_ledger", *({"school_code": "a", "stage": "小学", "grade": "P2", "class_no": str(n), "pupils": size}
                               for n, size in enumerate(sizes)))  # fmt: skip
    found = year.figures(*names)
    assert found.of(names[0]) == (whole(large), whole(classes))
    assert tuple(share_text(exact(found.row(name))) for name in names) == shares


@pytest.mark.parametrize(("employed", "graduates", "percent", "other"), [
    ("637.51", "658.21", "96.85", "96.87"), ("520.54", "538.00", "96.76", "96.74"),
])  # fmt: skip
def test_employment_of_vocational_graduates_of_2012_within_the_rounding(
    year: Year, employed: str, graduates: str, percent: str, other: str
) -> None:
    name = "vocational_employment"
    vocational(year, graduates=graduates, employed_directly=employed)
    share = exact(year.figures(name).row(name))
    assert share_text(share) != f"{percent}%"
    assert may_be_printed(employed, graduates, percent)
    assert not may_be_printed(employed, graduates, other)
    assert abs(share * 100 - Fraction(percent)) < Fraction(1, 100)


def test_who_studied_on_in_2012_of_those_in_employment(year: Year) -> None:
    def define(c: Tables) -> Ratio:
        formula = employment.define(c)
        assert isinstance(formula, Ratio)
        return replace(formula, numerator=c.graduate_destinations.c.to_higher, denominator=formula.numerator)

    employment = next(item for item in CATALOGUE if item.id == "vocational_employment")
    vocational(year, graduates="538.00", to_higher="60.39", employed_directly=str(Decimal("520.54") - Decimal("60.39")))
    row = Figures(figures(year.inputs(), DATASETS, [replace(employment, define=define)], Choices.of()).to_pylist()).row(
        employment.id
    )
    assert share_text(exact(row)) == "11.60%"
    assert not may_be_printed("60.39", "637.51", "11.60")


def test_vocational_entrants_of_2020_among_all_who_continue(year: Year) -> None:
    name = "vocational_share_of_continuing"
    year.put("school", {"school_code": "j", "kind": "311", "sponsor": "831"})
    year.put("graduate_destinations", {
        "school_code": "j", "graduates": whole("1600.00"), "to_vocational": whole("627.56"), "to_technical": 0,
        "to_five_year": 0, "to_general_high": whole("1504.00") - whole("627.56"),
    })  # fmt: skip
    assert share_text(exact(year.figures(name).row(name))) == "41.73%"
    assert may_be_printed("627.56", "1504.00", "41.7")
