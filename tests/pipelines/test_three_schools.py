"""Ten truths of a prefecture of three schools, worked out by hand, through the whole job."""

from decimal import Decimal

import pytest

from tests.pipelines.handmade import KINDERGARTEN, PRIMARY, VOCATIONAL
from tests.pipelines.homes import Home

pytestmark = pytest.mark.xdist_group("three")
COUNTY = "433126"

# indicator, region, numerator, denominator
TRUTHS = [
    ("public_kindergarten_share", COUNTY, 60, 60),             # 25 + 35 children, all in a public kindergarten
    ("preschool_gross_enrolment", COUNTY, 60, 72),             # of 3 x 24 residents aged 3 to 5
    ("primary_entry_classes_within_limit", PRIMARY, 1, 2),     # 45 is within, 46 is not; 复式 is not asked
    ("junior_entry_classes_within_limit", PRIMARY, 1, 1),      # 50 is within
    ("compulsory_large_classes", PRIMARY, 1, None),            # 56 is large, 50 and 46 are not
    ("three_disabilities_enrolment", COUNTY, 19, 20),          # 9 of 10, 5 of 5, 5 of 5; 其他 on neither side
    ("vocational_share_of_leavers", COUNTY, 42, 100),          # 30 + 10 + 2 of all 100 leavers
    ("vocational_share_of_continuing", COUNTY, 42, 97),        # of those who went on: 42 + 55
    ("vocational_employment", VOCATIONAL, 194, 200),           # all but the 6 who wait
    ("vocational_matched_employment", VOCATIONAL, 85, 100),    # of direct employment only
    ("aid_on_time_spring", COUNTY, 1, 3),                      # 20 June is in time, 21 June is late, one is unpaid
    ("aid_on_time_amount_spring", COUNTY, 62500, 156250),      # in 分
    ("aid_on_time_poor_spring", COUNTY, 1, 2),
    ("public_kindergarten_places", KINDERGARTEN, 90, None),
]  # fmt: skip


@pytest.fixture(scope="module")
def figures(three_schools: Home) -> dict[tuple[str, str], tuple[Decimal, Decimal | None]]:
    return {(f["indicator_id"], f["region_code"]): (f["numerator"], f["denominator"]) for f in three_schools.facts()}


@pytest.mark.parametrize(("indicator", "region", "numerator", "denominator"), TRUTHS)
def test_truth(
    figures: dict[tuple[str, str], tuple[Decimal, Decimal | None]], indicator: str, region: str, numerator: int,
    denominator: int | None,
) -> None:  # fmt: skip
    assert figures[(indicator, region)] == (numerator, denominator)
    if region == COUNTY:  # the other nine units sent nothing: the prefecture's figure is made of this one
        assert figures[(indicator, "433100")] == (numerator, denominator)


def test_a_unit_that_sent_nothing_has_no_figure(figures: dict[tuple[str, str], tuple[Decimal, Decimal | None]]) -> None:
    assert figures[("public_kindergarten_share", "433101")][0] is None
