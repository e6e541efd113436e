"""Payments entered twice, by two units or above the standard, and athletes in quarantine: lists without an echo."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets.comparisons.compare import compare_family
from assets.comparisons.lists import list_path
from assets.house import House
from assets.judging.staging import judgement_of, staged_path
from expectations.aid_standards import amounts_ever, highest_standards, load_aid_standards
from expectations.contract import load_contracts
from expectations.errors import ContractError
from expectations.rule import rules_of
from tests.indicators.test_quarantine import version
from tests.staging.test_ledgers_matched import AUTUMN, CENSUS, FAR, HERE, ONE, TWO, house, paid, pupil, put, told
from warehouse.lake import write_text

Row = dict[str, Any]
ASIDE = f"{HERE}-{'9' * 16}"
__all__ = ["house"]


def put_aside(house: House, dataset: str, period: str, rows: Sequence[Row]) -> None:
    """Lay the same rows down as quarantined ones of a file of its own."""
    judgement = judgement_of(house.lake, dataset, period)
    assert judgement is not None
    place = {"submission_id": ASIDE, "sheet": "表", "unit_code": HERE, "school_year": CENSUS}
    listed = [{**place, "row": at, **row} for at, row in enumerate(rows, 2)]
    table = pa.Table.from_pylist(listed, load_contracts()[dataset].staged_schema())
    house.lake.write(table, *staged_path(house.lake, judgement, "quarantine"))
    accepted = house.lake.read(*staged_path(house.lake, judgement, "rows"))["submission_id"].to_pylist()
    versions = tuple(version(name, at, "accepted") for at, name in enumerate(sorted({*accepted, ASIDE}), 1))
    told = judgement.model_copy(update={"versions": versions}).model_dump_json()
    write_text(house.lake.path("staged", dataset, period, "judgement.json"), told)


def listed(house: House, name: str) -> list[tuple[str, int]]:
    """Rule and row of each row of a list."""
    compare_family(house, 2020, "between_sources")
    rows = house.lake.read(*list_path(2020, name)).to_pylist()
    return sorted((row["rule_id"].partition(".")[2], row["row"]) for row in rows)


def test_what_a_ledger_repeats_and_what_two_ledgers_hold_is_listed_and_told_once(house: House) -> None:
    put(house, "aid_payments", AUTUMN, [
        paid("a", ONE, amount_paid=25000), paid("a", FAR, amount_paid=25000), paid("b", ONE, amount_paid=1),
        paid("b", ONE, project="免教科书费", amount_paid=1),
    ])  # fmt: skip
    put_aside(house, "aid_payments", AUTUMN, [
        paid("c", ONE, amount_paid=31250), paid("c", TWO, amount_paid=31250), paid("d", ONE, amount_paid=5),
    ])  # fmt: skip
    assert told(house) == [], "the contract tells them at their rows"
    assert listed(house, "aid_twice") == [
        ("in_one_ledger", 2), ("in_one_ledger", 3), ("once_in_a_ledger", 2), ("once_in_a_ledger", 3),
    ]  # fmt: skip
    rows = {row["student_id"]: row for row in house.lake.read(*list_path(2020, "aid_twice")).to_pylist()}
    assert [rows[one]["paid_in_all"] for one in "ac"] == [50000, 62500]
    assert (rows["a"]["other_school_code"], rows["c"]["other_paid"]) == (ONE, 31250)


def test_a_pupil_of_two_units_is_asked_about_once_by_project(house: House) -> None:
    put(house, "aid_payments", AUTUMN, [
        paid("a", ONE, amount_paid=25000), paid("a", FAR, project="雨露计划", amount_paid=150000),
        paid("b", ONE, amount_paid=25000), paid("b", FAR, amount_paid=25000),
        paid("c", ONE), paid("c", TWO, project="雨露计划"), paid("d", ONE), paid("d", FAR, pay_status="退汇"),
    ])  # fmt: skip
    assert told(house) == [("paid_by_two_units.one_unit", "must_explain", row) for row in (2, 3)]
    assert listed(house, "aid_of_two_units") == [
        ("one_unit", 2), ("one_unit", 3), ("one_unit_per_project", 4), ("one_unit_per_project", 5),
    ]  # fmt: skip


STANDARD = 50000
AMOUNTS = [  # boarder, due, paid: rule that lists it
    (True, STANDARD, STANDARD, None), (True, 50001, STANDARD, None), (True, 50001, 50001, "standard"),
    (True, 62500, 62500, "standard_of_the_term"), (False, 25000, 25000, None), (False, 25001, 25001, "standard"),
    (None, STANDARD, STANDARD, None), (None, 50001, 50001, "standard_of_the_term"), (True, 40000, 40000, None),
]  # fmt: skip


def test_what_is_above_the_standard_of_its_term_is_listed_and_the_standard_itself_is_not(house: House) -> None:
    put(house, "aid_payments", AUTUMN, [
        paid(str(at), ONE, boarder=boarder, amount_due=due, amount_paid=got)
        for at, (boarder, due, got, _) in enumerate(AMOUNTS)
    ])  # fmt: skip
    expected = [(rule, at) for at, (*_, rule) in enumerate(AMOUNTS, 2) if rule]
    assert listed(house, "aid_above") == sorted(expected)
    asked = [rule for rule, *_ in told(house)]
    assert asked == ["payments_above.standard_of_the_term"] * 2, "the amount due of the others is asked about already"


def test_where_no_standard_is_known_nothing_is_asked(house: House) -> None:
    put(house, "aid_payments", AUTUMN, [
        paid("a", ONE, project="免教科书费", amount_due=900000, amount_paid=900000),
        paid("b", ONE, stage="普通高中", amount_due=900000, amount_paid=900000),
    ])  # fmt: skip
    assert listed(house, "aid_above") == []
    assert highest_standards("2021-2022-autumn") == {}


def test_standards_hold_from_their_first_to_their_last_term() -> None:
    held = {"2019-2020-autumn": None, "2019-2020-spring": 50000, "2020-2021-autumn": 50000, "2020-2021-spring": None,
            "2023-2024-spring": 62500}  # fmt: skip
    assert {term: highest_standards(term).get(("生活补助", "小学", True)) for term in held} == held
    assert highest_standards("2020-2021-autumn")["生活补助", "初中", False] == 31250
    assert highest_standards("2020-2021-autumn")["生活补助", "初中", None] == 62500


@pytest.mark.parametrize("line", ["生活补助,小学,是,0.005,2019-2020-spring,,x", "生活补助,小学,是,5,2020,,x",
                                  "生活补助,小学,是,5,2020-2021-autumn,2019-2020-spring,x",
                                  "生活补助,小学,是,5,2019-2020-spring,,"])  # fmt: skip
def test_a_standard_that_is_written_wrong_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "s.csv").write_text(f"project,stage,boarder,yuan,since,until,source\n{line}\n", "utf-8")
    with pytest.raises(ContractError, match=r"s\.csv:2"):
        load_aid_standards(tmp_path / "s.csv")


def test_the_contract_knows_the_amounts_of_the_standards_and_no_others() -> None:
    contract = load_contracts()["aid_payments"]
    rules = [rule for rule in rules_of(contract) if rule.id.startswith("aid_payments.standard_")]
    passing = {(one["project"], one["stage"], one.get("boarder"), one["amount_due"])
               for rule in rules for one in rule.examples["pass"]}  # fmt: skip
    known = {(project, stage, boarder, fen) for (project, stage, boarder), every in amounts_ever().items()
             for fen in every if boarder is None or (project, stage, None) not in amounts_ever()}  # fmt: skip
    assert len(known) >= 18 - 1
    assert passing == known


def athlete(number: str, **more: Any) -> Row:
    return {"student_id": number, "registration_no": number, "sport": "田径", "year": 2020, "unit_name": "甲",
            "birth_date": date(2008, 1, 1), "sex": "男", "unit_code": HERE, "county_code": HERE, **more}  # fmt: skip


def test_athletes_in_quarantine_are_listed_and_told_by_the_contract_alone(house: House) -> None:
    put(house, "student_roll", CENSUS, [pupil("a", ONE, sex="男", birth_date=date(2008, 1, 1))])
    put(house, "athletes", "2020", [
        athlete("x", bone_age=Decimal("14.0"), bone_age_on=date(2020, 1, 1)),
        athlete("y", bone_age=Decimal("14.1"), bone_age_on=date(2020, 1, 1)), athlete("a", registration_no="n"),
    ])  # fmt: skip
    put_aside(house, "athletes", "2020", [
        athlete("a", birth_date=date(2007, 1, 1), registration_no="o"), athlete("z"), athlete("z", unit_name="乙"),
    ])  # fmt: skip
    assert told(house) == []
    assert listed(house, "bone_ages") == [("near_age_on_the_day", 3)]
    assert listed(house, "athletes_born_otherwise") == [("birth_as_told", 2)]
    assert listed(house, "registered_twice") == [("one_unit_in_a_file", 3), ("one_unit_in_a_file", 4)]
