"""The truth file: it adds up, and rows counted again from the files come to it."""

import calendar
import datetime as dt
from collections import Counter, defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from samples.facts import Township, county_codes, quotas, read_csv, read_yaml, townships, unit_codes
from tests.samples.conftest import Figure, Written
from tests.samples.landed import BUREAU, Row, day, fen, is_entry, rows_of, stage, yes

LIVING = {"入园补助", "生活补助", "国家助学金"}
PUBLIC = {"821", "831", "892", "894", "地级教育部门", "县级教育部门", "事业单位", "集体"}

POPULATION = {
    "preschool_gross_enrolment",
    "net_enrolment_primary",
    "net_enrolment_junior",
    "senior_gross_enrolment",
    "sports_area_per_capita",
    "instructors_per_thousand",
}

# Part of these stands in no unit of the level: the two units without population, and what the bureau did itself.
LESS_BELOW = POPULATION | {row["indicator"] for row in read_csv("commitments") if row["source"] == "work_items"}

# Two pupils are planted in two units each: they count once in the prefecture.
IN_TWO_UNITS = {"aid_coverage_autumn", "aid_coverage_poor_autumn", "aid_coverage_priority_autumn",
                "aid_amount_per_pupil_autumn"}  # fmt: skip

# No sums of parts: how unequal schools are, and coaches whom two units list.
APART = {name for name in read_yaml("truths")["grains"] if name.endswith("_cv")} | {"coaches"}


def added(figures: list[Figure], largest: bool) -> Figure:
    if largest:
        return max(n for n, _ in figures), None
    whole = Decimal(sum(n for n, _ in figures))
    return whole, None if figures[0][1] is None else Decimal(sum(d or 0 for _, d in figures))


@pytest.mark.parametrize("indicator", sorted(read_yaml("truths")["grains"].keys() - APART - LESS_BELOW - IN_TWO_UNITS))
def test_the_prefecture_is_the_sum_of_its_parts(written: Written, indicator: str) -> None:
    facts = read_yaml("truths")
    grains, largest = facts["grains"][indicator], indicator in facts["largest"]
    whole = written.truth[indicator, "prefecture", BUREAU]
    assert (whole[1] is None) == (indicator in facts["counts"] or largest)
    for level in {"S": ["school", "county"], "U": ["county"]}.get(grains[0], []):
        assert added(list(written.regions(indicator, level).values()), largest) == whole


@pytest.mark.parametrize("indicator", sorted(IN_TWO_UNITS))
def test_who_is_in_two_units_counts_once_in_the_prefecture(written: Written, indicator: str) -> None:
    whole = written.truth[indicator, "prefecture", BUREAU]
    parts = added(list(written.regions(indicator, "county").values()), largest=False)
    assert ((parts[1] or 0) - (whole[1] or 0), parts[0] - whole[0]) == (2, 0 if "amount" in indicator else 2)


@pytest.mark.parametrize("indicator", sorted(POPULATION))
def test_two_units_have_something_but_no_population(written: Written, indicator: str) -> None:
    units = written.regions(indicator, "county")
    whole = written.truth[indicator, "prefecture", BUREAU]
    assert set(units) == set(county_codes())
    assert sum(d or 0 for _, d in units.values()) == whole[1]
    assert sum(n for n, _ in units.values()) < whole[0]


def test_every_indicator_of_the_list_has_a_figure(written: Written) -> None:
    assert {indicator for indicator, _, _ in written.truth} == read_yaml("truths")["grains"].keys()


def test_schools_lie_in_the_unit_that_lists_them(written: Written) -> None:
    listed = {row["school_code"]: row["unit"] for row in rows_of(written.landing, "school")}
    units: dict[str, int] = defaultdict(int)
    for school, (children, _) in written.regions("public_kindergarten_share", "school").items():
        units[listed[school]] += children
    assert units == {unit: figure[0] for unit, figure in written.regions("public_kindergarten_share", "county").items()}


def test_public_children_counted_again(written: Written) -> None:
    public = {row["school_code"]: row["sponsor"] in PUBLIC for row in rows_of(written.landing, "school")}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows_of(written.landing, "class_ledger"):
        if stage(row) == "幼儿园":
            found[row["unit"]][0] += int(row["pupils"]) * public[row["school_code"]]
            found[row["unit"]][1] += int(row["pupils"])
    assert as_figures(found) == written.regions("public_kindergarten_share", "county")


@pytest.mark.parametrize(("letter", "limit", "name"), [("P", 45, "primary"), ("J", 50, "junior")])
def test_entry_classes_counted_again_by_school(written: Written, letter: str, limit: int, name: str) -> None:
    home = {
        row["school_code"]: row.get("parent_school_code") or row["school_code"]
        for row in rows_of(written.landing, "school")
    }
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in (row for row in rows_of(written.landing, "class_ledger") if is_entry(row, letter, 2020)):
        found[home[row["school_code"]]][0] += int(row["pupils"]) <= limit
        found[home[row["school_code"]]][1] += 1
    assert as_figures(found) == written.regions(f"{name}_entry_classes_within_limit", "school")


def limits(landing: Path, folder: str) -> dict[tuple[str, str], dt.date]:
    found = {}
    for row in rows_of(landing, "term_calendar", folder):
        starts = day(row["starts_on"])
        year, month = (starts.year, starts.month + 2)
        last = calendar.monthrange(year, month)[1]
        found[row["unit"], stage(row)] = dt.date(year, month, min(starts.day, last))
    return found


def payments(landing: Path, folder: str) -> list[Row]:
    """The payments that count: a pupil listed twice by one unit for one project has none of the two rows."""
    rows = list(rows_of(landing, "aid_payments", folder))
    listed = Counter((row["unit"], row["student_id"], row["project"]) for row in rows)
    return [row for row in rows if listed[row["unit"], row["student_id"], row["project"]] == 1]


@pytest.mark.parametrize(("folder", "season"), [("2020春", "spring"), ("2020秋", "autumn")])
def test_aid_on_time_counted_again(written: Written, folder: str, season: str) -> None:
    until = limits(written.landing, folder)
    heads: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    money: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    on_the_day = day_after = 0
    for row in (row for row in payments(written.landing, folder) if row["project"] in LIVING):
        limit = until[row["unit"], stage(row)]
        paid_on = day(row["paid_on"]) if row["pay_status"] == "成功" else None
        in_time = paid_on is not None and paid_on <= limit
        on_the_day += paid_on == limit
        day_after += paid_on == limit + dt.timedelta(days=1)
        for found, numerator, denominator in (
            (heads, 1, 1),
            (money, fen(row, "amount_paid"), fen(row, "amount_due")),
        ):
            found[row["unit"]][0] += numerator * in_time
            found[row["unit"]][1] += denominator
    assert on_the_day > 100 and day_after > 10
    assert as_figures(heads) == written.regions(f"aid_on_time_{season}", "county")
    assert as_figures(money) == written.regions(f"aid_on_time_amount_{season}", "county")


@pytest.mark.parametrize(("folder", "season"), [("2020春", "spring"), ("2020秋", "autumn")])
def test_aid_coverage_counted_again(written: Written, folder: str, season: str) -> None:
    reached = {row["student_id"] for row in payments(written.landing, folder) if row["pay_status"] == "成功"}
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in rows_of(written.landing, "aid_entitled", folder):
        found[row["unit"]][0] += row["student_id"] in reached
        found[row["unit"]][1] += 1
    assert as_figures(found) == written.regions(f"aid_coverage_{season}", "county")


def test_the_two_ledgers_of_aid_agree_on_category(written: Written) -> None:
    entitled = {r["student_id"]: r["category"] for r in rows_of(written.landing, "aid_entitled", "2020春")}
    paid = {r["student_id"]: r["category"] for r in rows_of(written.landing, "aid_payments", "2020春")}
    assert 0 < len(paid) < len(entitled)
    assert paid.items() <= entitled.items()


def test_equipped_townships_counted_again(written: Written) -> None:
    known = {
        f"{county}{spelling}": township.code
        for county in county_codes()
        for township in townships_of(county)
        for spelling in (township.name, township.code, f"{township.code}000")
    }
    equipped = {
        known.get(row["unit"] + row["township_code"])
        for row in rows_of(written.landing, "venues")
        if yes(row["farmers_project"]) and row["inspection"] != "停用"
    }
    for county, figure in written.regions("township_fitness_coverage", "county").items():
        own = {township.code for township in townships_of(county)}
        assert figure == (len(equipped & own), len(own))


def townships_of(county: str) -> list[Township]:
    return [township for township in townships()[county] if township.kind in {"镇", "乡"}]


def as_figures(found: dict[str, list[int]]) -> dict[str, Figure]:
    return {place: (Decimal(numerator), Decimal(denominator)) for place, (numerator, denominator) in found.items()}


def test_quotas_round_over_units_so_that_the_sum_is_right() -> None:
    wholes = dict.fromkeys(unit_codes(), 7)
    parts = quotas(wholes, dict.fromkeys(wholes, 0.2))
    assert sum(parts.values()) == round(70 * 0.2)
    assert quotas({"a": 5, "b": 5}, {"a": 0.0, "b": 1.0}) == {"a": 0, "b": 5}


@pytest.mark.parametrize(
    ("indicator", "target"),
    [
        ("public_kindergarten_share", 0.5),
        ("inclusive_kindergarten_coverage", 0.8),
        ("preschool_gross_enrolment", 0.85),
        ("primary_entry_classes_within_limit", 1),
        ("senior_large_class_share", 0.15),
        ("three_disabilities_enrolment", 0.95),
        ("vocational_share_of_leavers", 0.42),
        ("aid_on_time_spring", 1),
        ("aid_on_time_autumn", 1),
        ("township_fitness_coverage", 1),
        ("counties_with_paired_schools", 1),
        ("party_standard_coverage", 1),
        ("discipline_organisation_coverage", 1),
        ("security_three_coverage", 1),
        ("happy_gymnastics_coverage", 1),
        ("labour_hours_coverage", 1),
        ("nearby_admission_coverage", 1),
        ("canteen_platform_coverage", 1),
        ("kindergarten_classes_within_limit", 0.95),
        ("net_enrolment_primary", 1),
        ("nine_year_retention", 0.95),
        ("senior_gross_enrolment", 0.9),
    ],
)
def test_some_units_reach_a_target_and_some_do_not(written: Written, indicator: str, target: float) -> None:
    reached = {n >= Decimal(str(target)) * (d or 0) for n, d in written.regions(indicator, "county").values()}
    assert reached == {True, False}


def test_the_first_sizes_beyond_each_limit_occur(written: Written) -> None:
    sizes = {(stage(row), int(row["pupils"])) for row in rows_of(written.landing, "class_ledger")}
    assert {("小学", 45), ("小学", 46), ("初中", 50), ("初中", 51)} <= sizes
    assert {("普通高中", 55), ("普通高中", 56), ("普通高中", 66)} <= sizes
    assert any(pupils >= 56 for where, pupils in sizes if where in {"小学", "初中"})
