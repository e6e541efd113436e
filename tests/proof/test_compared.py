"""Proof of rules on comparisons: examples befall rows that were compared; a rule that is written wrong is told."""

import pyarrow as pa
import pytest

from assets.proof.compared import proved
from assets.proof.record import BLAMED, SURVIVED
from expectations.catalogue import Compared, compared_rules, rules_on
from expectations.comparison import load_comparisons

NAME = "cohorts"


def rows() -> pa.Table:
    """Pupils that came over from the grade below, of a school that also counts who came and went."""
    place = {"unit_code": "433199", "submission_id": "433199-0000000000000000", "period": "2020-2021", "row": 2}
    figures = {"before": 40, "pupils": 41, "difference": 1, "closed": 0, "come": 3}
    schema = load_comparisons()[NAME].schema
    return pa.Table.from_pylist([{**place, **figures} for _ in range(9)], schema)


def proof(rule: Compared) -> tuple[str, ...]:
    (one,) = proved(load_comparisons()[NAME], rows(), [rule])
    return one.faults


def test_a_rule_with_a_condition_is_proved_on_rows_that_it_asks() -> None:
    rule = next(one for one in rules_on(NAME) if one.where and one.id == "cohorts.promotion")
    assert proof(rule) == ()


@pytest.mark.parametrize(("holds", "fault"), [("difference == difference", SURVIVED), ("difference > 999", BLAMED)])
def test_a_rule_that_is_written_wrong_is_told(holds: str, fault: str) -> None:
    rule = next(one for one in rules_on(NAME) if one.id == "cohorts.promotion")
    assert fault in proof(rule.model_copy(update={"holds": holds}))


def test_every_rule_on_a_comparison_has_examples_to_seed() -> None:
    rules = compared_rules()
    assert len(rules) > 20
    assert all(rule.examples["fail"] and rule.examples["pass"] for rule in rules)
