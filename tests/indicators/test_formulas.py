"""Kinds of formulas on rows of a dozen: what is added up, what is no data, who is left out."""

from decimal import Decimal

import pytest
from sqlalchemy import Subquery, func, literal, select

from assets.indicators.catalogue import SCHOOLS_AND_REGIONS, Need, Tables
from assets.indicators.errors import IndicatorError
from assets.indicators.formulas import (
    Across,
    Count,
    Parity,
    PerDistinct,
    Ratio,
    Total,
    Variation,
    in_yuan,
    share,
)
from assets.indicators.sql import quotient
from tests.indicators.year import UNITS, Figures, Row, Year

CLASSES, PEOPLE, PAID, WORK = Need("class_ledger"), Need("population"), Need("aid_payments"), Need("work_items")
ALL = literal(True)


def rooms(code: str, pupils: int | None, boys: int | None, **other: object) -> Row:
    """A class in whose column of boys stand the things that are spread over its pupils."""
    told = {"school_code": code, "stage": "小学", "grade": "P1", "class_no": "1"}
    return told | {"pupils": pupils, "boys": boys} | other


def spread(c: Tables) -> Variation:
    r = c.class_ledger.c
    return Variation(c.class_ledger, of=r.boys, pupils=r.pupils, among=r.stage == "小学")


def test_variation_is_weighted_by_pupils(year: Year) -> None:
    year.put("class_ledger", rooms("a", 400, 16), rooms("b", 100, 2), rooms("c", 500, 10))
    row = year.made(spread, CLASSES).row("made")
    assert (row["numerator"], row["denominator"]) == (Decimal("0.3499"), None)
    assert row["value"] == pytest.approx(0.349927, abs=5e-7)
    assert row["maturity"] == "confirmed"


def test_variation_adds_up_the_rows_of_a_school_and_leaves_other_rows_out(year: Year) -> None:
    year.put("class_ledger", rooms("a", 150, 16), rooms("a", 250, 0, class_no="2"), rooms("b", 100, 2),
             rooms("c", 500, 10), rooms("d", 70, 70, stage="初中"), rooms("e", 0, 9), rooms("f", None, 3))  # fmt: skip
    row = year.made(spread, CLASSES).row("made")
    assert (row["numerator"], row["unknown_count"], row["maturity"]) == (Decimal("0.3499"), 1, "provisional")


def test_variation_of_each_unit_and_of_all_schools_together(year: Year) -> None:
    year.put("class_ledger", rooms("a", 400, 16))
    year.put("class_ledger", rooms("b", 100, 2), rooms("c", 500, 10), unit="433122")
    year.put("class_ledger", rooms("d", 300, 99), unit="433170")
    year.stands("class_ledger", "433170", "missing")
    found = year.made(spread, CLASSES)
    assert [found.of("made", region)[0] for region in ("433100", "433101", "433122")] == [Decimal("0.3499"), 0, 0]
    assert (found.of("made", "433170"), found.row("made")["missing_units"]) == ((None, None), "433170")
    assert found.row("made", "433170")["value"] is None


@pytest.mark.parametrize("row", [rooms("a", 0, 0), rooms("a", 40, 0), rooms("a", 0, 7), rooms("a", None, 7)])
def test_variation_of_nothing_is_no_data(year: Year, row: Row) -> None:
    year.put("class_ledger", row)
    found = year.made(spread, CLASSES)
    assert (found.of("made"), found.row("made")["value"]) == ((None, None), None)
    assert found.of("made", "433124") == (None, None)


def test_variation_of_equal_schools_is_0(year: Year) -> None:
    year.put("class_ledger", *(rooms(f"s{n}", 7 * n, 3 * n) for n in range(1, 40)))
    assert year.made(spread, CLASSES).of("made") == (0, None)


def parity(c: Tables) -> Parity:
    r = c.class_ledger.c
    part = Ratio(c.class_ledger, r.boys, r.pupils, r.stage == "初中")
    whole = Ratio(c.class_ledger, r.boys, r.pupils, r.stage == "小学")
    return Parity(part, whole)


def test_parity_is_one_ratio_over_another(year: Year) -> None:
    year.put("class_ledger", rooms("a", 50, 30, stage="初中"), rooms("b", 20, 5, stage="初中"), rooms("a", 70, 35))
    found = year.made(parity, CLASSES)
    assert found.of("made") == (35 * 70, 70 * 35)
    year.put("class_ledger", rooms("c", 30, 1, stage="初中"), rooms("d", 10, 9), unit="433122")
    found = year.made(parity, CLASSES)
    assert found.of("made") == (36 * 80, 100 * 44)
    assert found.row("made")["value"] == pytest.approx(0.654545, abs=1e-6)


def test_parity_without_one_unit_leaves_it_out_of_all_four(year: Year) -> None:
    year.put("class_ledger", rooms("a", 70, 35, stage="初中"), rooms("a", 70, 35))
    year.put("class_ledger", rooms("c", 30, 1, stage="初中"), rooms("d", 10, 9), unit="433122")
    year.stands("class_ledger", "433122", "missing")
    found = year.made(parity, CLASSES)
    assert (found.of("made"), found.row("made")["missing_units"]) == ((2450, 2450), "433122")


@pytest.mark.parametrize(("part", "whole", "of"), [
    ((0, 70), (35, 70), (0, 2450)), ((35, 0), (35, 70), (None, 0)), ((35, 70), (0, 70), (None, 0)),
    ((35, 70), (35, 0), (None, 0)), ((None, 70), (35, 70), (None, 0)),
])  # fmt: skip
def test_parity_over_0_is_no_data(
    year: Year, part: tuple[int, int], whole: tuple[int, int], of: tuple[int | None, int]
) -> None:
    year.put("class_ledger", rooms("a", part[1], part[0], stage="初中"), rooms("a", whole[1], whole[0]))
    assert year.made(parity, CLASSES).of("made") == of


def test_parity_without_the_whole_is_no_data(year: Year) -> None:
    year.put("class_ledger", rooms("a", 70, 35, stage="初中"))
    assert year.made(parity, CLASSES).of("made") == (None, 0)


def several(c: Tables) -> Across:
    r, people = c.class_ledger.c, c.population.c
    pupils = Total(c.class_ledger, r.pupils, r.stage == "初中")
    boys = Total(c.class_ledger, r.boys, r.stage == "小学")
    paid = Total(c.aid_payments, literal(1), c.aid_payments.c.pay_status == "成功")
    return Across((pupils, boys, paid), Total(c.population, people.residents, people.age == "15"))


def payment(student: str | None, paid: int | None, status: str = "成功", **other: object) -> Row:
    return {"student_id": student, "amount_paid": paid, "pay_status": status, "project": "生活补助",
            "school_code": "a", "term": "spring", **other}  # fmt: skip


def test_totals_of_several_tables_add_up_on_top(year: Year) -> None:
    year.put("class_ledger", rooms("a", 40, 9, stage="初中"), rooms("a", 40, 3))
    year.put("aid_payments", payment("x", 1), payment("y", 1, "退汇"))
    year.put("population", {"age": "15", "residents": 90, "county_code": "433101"}, unit="433100")
    found = year.made(several, CLASSES, PEOPLE, PAID)
    assert (found.of("made"), found.of("made", "433101")) == ((44, 90), (44, 90))
    assert found.of("made", "433122") == (None, 0)
    year.stands("aid_payments", "433101", "missing")
    assert year.made(several, CLASSES, PEOPLE, PAID).of("made") == (None, 0)


def test_nothing_on_top_is_0_of_the_denominator(year: Year) -> None:
    year.put("population", {"age": "15", "residents": 90, "county_code": "433101"}, unit="433100")
    assert year.made(several, CLASSES, PEOPLE, PAID).of("made") == (0, 90)


def test_an_optional_dataset_may_be_missing_of_a_unit(year: Year) -> None:
    year.put("class_ledger", rooms("a", 40, 9, stage="初中"))
    year.put("class_ledger", rooms("b", 30, 9, stage="初中"), unit="433122")
    year.put("aid_payments", payment("x", 1), unit="433122")
    for code in ("433101", "433122"):
        year.put("population", {"age": "15", "residents": 90, "county_code": code}, unit="433100")
    year.stands("aid_payments", "433101", "missing", period="2019-2020-spring")
    optional = Need("aid_payments", optional=True)
    found = year.made(several, CLASSES, PEOPLE, optional)
    told = {region: (found.row("made", region)["maturity"], found.row("made", region)["parameters"])
            for region in ("433100", "433101", "433122")}  # fmt: skip
    assert [found.of("made", region) for region in told] == [(71, 180), (40, 90), (31, 90)]
    assert told == {"433100": ("provisional", "without=aid_payments"), "433122": ("confirmed", ""),
                    "433101": ("provisional", "without=aid_payments")}  # fmt: skip
    assert found.row("made")["missing_units"] == ""


def test_an_optional_dataset_of_the_bureau_is_missing_for_all_and_told_after_the_choices(year: Year) -> None:
    year.put("class_ledger", rooms("a", 40, 9, stage="初中"))
    year.stands("population", "433100", "missing")

    def chosen(c: Tables) -> Across:
        r, people = c.class_ledger.c, c.population.c
        more = Total(c.population, people[str(c.choice("population_series"))], people.age == "15")
        return Across((Total(c.class_ledger, r.pupils, ALL), more), Total(c.class_ledger, r.pupils, ALL))

    found = year.made(chosen, CLASSES, Need("population", optional=True))
    told = {(found.row("made", unit)["maturity"], found.row("made", unit)["parameters"]) for unit in (*UNITS, "433100")}
    assert told == {("provisional", "population_series=residents; without=population")}
    assert (found.of("made"), found.row("made")["missing_units"]) == ((40, 40), "")


def per_head(c: Tables) -> PerDistinct:
    p = c.aid_payments.c
    return PerDistinct(c.aid_payments, in_yuan(p.amount_paid), p.student_id, p.pay_status == "成功")


def test_an_amount_per_head_counts_a_person_of_two_units_once_in_the_prefecture(year: Year) -> None:
    year.put("aid_payments", payment("x", 50033), payment("x", 1), payment("y", 100), payment("z", 7, "退汇"))
    year.put("aid_payments", payment("x", 66), payment(None, 900), payment("w", None), unit="433122")
    found = year.made(per_head, PAID)
    assert (found.of("made", "433101"), found.of("made", "433122")) == ((Decimal("501.34"), 2), (Decimal("0.66"), 1))
    assert (found.of("made"), found.of("made", "433124")) == ((Decimal("502.00"), 2), (None, 0))
    assert found.row("made")["unknown_count"] == found.row("made", "433122")["unknown_count"] == 2
    year.stands("aid_payments", "433101", "missing")
    assert year.made(per_head, PAID).of("made") == (Decimal("0.66"), 1)


def test_what_is_in_yuan_stays_exact(year: Year) -> None:
    year.put("aid_payments", payment("x", 1), payment("y", 10**17 + 1))

    def paid(c: Tables) -> Count:
        return Count(c.aid_payments, ALL, of=in_yuan(c.aid_payments.c.amount_paid))

    assert year.made(paid, PAID).of("made") == (Decimal("1000000000000000.02"), None)


def work(quantity: object, county: str | None = None, **other: object) -> Row:
    told = {"commitment": "T1", "article": 7, "item": "x", "status": "已完成"}
    return told | {"quantity": quantity, "county_code": county} | other


def of_work(year: Year, rows_needed: int) -> Figures:
    def quantity(c: Tables) -> Count:
        w = c.work_items.c
        return Count(c.work_items, w.commitment == "T1", of=w.quantity, by_unit_if_told=True, rows_needed=rows_needed)

    return year.made(quantity, WORK)


def test_no_row_is_no_data_where_rows_are_needed(year: Year) -> None:
    year.put("work_items", work(5, commitment="T2"), unit="433100")
    assert (of_work(year, False).of("made"), of_work(year, True).of("made")) == ((0, None), (None, None))
    year.put("work_items", work(None), unit="433100")
    row = of_work(year, True).row("made")
    assert (row["numerator"], row["value"], row["maturity"]) == (None, None, "provisional")
    year.put("work_items", work(0, "433122"), unit="433100")
    found = of_work(year, True)
    assert (found.of("made"), found.of("made", "433122")) == ((0, None), (0, None))
    assert found.of("made", "433123") == (None, None)
    assert of_work(year, False).of("made", "433123") == (0, None)


def test_a_county_without_enough_rows_leaves_the_prefecture(year: Year) -> None:
    year.put(
        "work_items", *(work(n, "433122") for n in range(3)), *(work(5, "433123") for _ in range(2)), unit="433100"
    )
    found = of_work(year, 3)
    assert (found.of("made"), found.of("made", "433122")) == ((3, None), (3, None))
    assert found.of("made", "433123") == (None, None)
    assert "433123" in found.row("made")["missing_units"].split(",")


def test_how_each_expected_dataset_stands_is_a_table(year: Year) -> None:
    year.stands("class_ledger", "433122", "missing")
    year.stands("class_ledger", "433123", "stale", 1)
    year.standing["population", "2020", "433101"] = ("missing", 0)

    def kept(dataset: str) -> Figures:
        return year.made(lambda c: share(c.held, c.held.c.standing == "current", c.held.c.dataset == dataset))

    found = kept("class_ledger")
    assert (found.of("made"), found.of("made", "433122"), found.of("made", "433124")) == ((8, 10), (0, 1), (1, 1))
    assert found.row("made")["maturity"] == "confirmed"
    found = kept("population")
    assert (found.of("made"), found.of("made", "433101")) == ((1, 1), (None, 0))


def test_the_ten_units_are_a_table(year: Year) -> None:
    def all_units(c: Tables) -> Count:
        return Count(c.unit, ALL)

    found = year.made(all_units)
    assert (found.of("made"), found.of("made", "433171")) == ((10, None), (1, None))


def test_quarantined_payments_are_a_table_and_count_for_the_unit_that_lists_the_school(year: Year) -> None:
    year.put("school", {"school_code": "a", "kind": "211", "sponsor": "831"}, unit="433122")
    year.put("aid_payments", payment("x", 5), unit="433122")
    year.quarantine("aid_payments", payment("x", 5), payment(None, 5))

    def repeated(c: Tables) -> Ratio:
        p, q = c.aid_payments.c, c.aid_payments__quarantine.c
        columns = ("unit_code", "student_id", "term")
        both = select(*(p[n] for n in columns)).union_all(select(*(q[n] for n in columns))).subquery("both").c
        times = func.count(both.student_id) - 1
        each = select(both.unit_code, times.label("more"), func.count().label("rows")).group_by(*both).subquery("each")
        return Ratio(each, func.greatest(each.c.more, 0), each.c.rows, ALL)

    found = year.made(repeated, PAID)
    assert (found.of("made"), found.of("made", "433122"), found.of("made", "433101")) == ((1, 3), (1, 3), (None, 0))


def test_a_shared_table_is_made_once_and_its_choices_are_told(year: Year) -> None:
    made: list[str] = []

    def large(c: Tables, stage: str) -> Subquery:
        made.append(stage)
        r = c.class_ledger.c
        return select(r.unit_code, (r.pupils >= c.number("large_class_size")).label("is_large")).subquery()

    def define(c: Tables) -> Ratio:
        twice = [c.shared(large, "小学"), c.shared(large, "小学"), c.shared(large, "初中")]
        assert twice[0] is twice[1] is not twice[2]
        return share(twice[0], twice[0].c.is_large, ALL)

    year.put("class_ledger", rooms("a", 56, 1), rooms("a", 55, 1, class_no="2"))
    found = year.made(define, CLASSES)
    assert (found.of("made"), found.row("made")["parameters"]) == ((1, 2), "large_class_size=56")
    assert made == ["小学", "初中"]


@pytest.mark.parametrize(("above", "below", "four_decimals"), [
    (1, 3, "0.3333"), (2, 3, "0.6667"), (1, 32, "0.0313"), (7, 0, None), (0, 5, "0"), (10**12, 7, "142857142857.1429"),
])  # fmt: skip
def test_a_quotient_is_rounded_half_up_to_four_decimals(
    year: Year, above: int, below: int, four_decimals: str | None
) -> None:
    year.put("class_ledger", rooms("a", below, above))

    def divided(c: Tables) -> Count:
        r = c.class_ledger.c
        return Count(c.class_ledger, ALL, of=quotient(r.boys, r.pupils))

    number = None if four_decimals is None else Decimal(four_decimals)
    assert year.made(divided, CLASSES).of("made") == (number, None)


def test_formulas_of_schools_have_figures_of_schools(year: Year) -> None:
    year.put("class_ledger", rooms("a", 70, 30, stage="初中"), rooms("a", 60, 40), rooms("b", 70, 30))
    found = year.made(parity, CLASSES, grains=SCHOOLS_AND_REGIONS)
    assert found.of("made", "a") == (30 * 60, 70 * 40)
    assert found.regions("made", "school") == {"a"}


def test_a_variation_needs_rows_that_name_their_school(year: Year) -> None:
    def nameless(c: Tables) -> Variation:
        return Variation(c.population, c.population.c.residents, c.population.c.residents, ALL)

    with pytest.raises(IndicatorError, match="counted_school_code"):
        year.made(nameless, PEOPLE)
