"""Grades as told once: they are those of the contracts, in the order in which pupils pass through them."""

from expectations.contract import load_contracts
from expectations.grades import first_grades, load_stages, next_grades, passed_through, top_grades


def test_stages_and_grades_are_those_of_the_contracts() -> None:
    contract = load_contracts()["enrolment"]
    grades = contract.column("grade").values
    of_stages = {name: {*stage.grades, *stage.first, *stage.top} for name, stage in load_stages().items()}
    assert set(of_stages) == {value.value for value in contract.column("stage").values}
    missing = {
        value.value: value.beside for value in grades if value.value not in of_stages.get(value.beside or "", ())
    }
    assert missing == {"K2": "幼儿园"}, "neither first nor last, and in no order"


def test_a_stage_begins_and_ends_with_its_order_unless_told() -> None:
    assert passed_through() == ("小学", "初中", "普通高中", "中职")
    assert top_grades(*passed_through()) == ("P6", "J3", "J4", "S3", "V3")
    assert {"P1", "K0", "SE"} <= set(first_grades())
    assert next_grades()["J3"] == "J4"
    assert next_grades().keys() & {"P6", "J4", "S3", "V3", "K1", "SE"} == set()
