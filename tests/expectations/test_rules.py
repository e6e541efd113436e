"""Rules: every written rule passes and fails where its examples say, judged by Great Expectations itself."""

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest

from expectations.contract import Contract, load_contracts
from expectations.errors import SuiteError
from expectations.rule import Rule, rules_of
from expectations.suites import judge

CONTRACTS = load_contracts()
WRITTEN = [(c, rule) for c in CONTRACTS.values() for rule in rules_of(c) if rule.examples]


def cell(contract: Contract, name: str, value: Any) -> Any:
    """An example's value as the judged frame holds it."""
    if value is None:
        return None
    kind = contract.column(name).type if contract.has(name) else "helper"
    if kind == "date" or name.endswith(("__begins", "__ends", "__born")) or isinstance(value, date):
        return pd.Timestamp(value)
    return Decimal(str(value)) if kind in {"decimal", "m2"} else value


def frame_of(contract: Contract, rule: Rule, rows: list[dict[str, Any]]) -> pd.DataFrame:
    names = {*rule.columns, *(name for row in rows for name in row)}
    frame = pd.DataFrame([{name: cell(contract, name, row.get(name)) for name in names} for row in rows])
    for name in rule.columns:
        for helper in (f"{name}__unread", f"{name}__doubt"):
            frame[helper] = None
    frame["at"] = range(len(frame))
    return frame


@pytest.mark.parametrize(("contract", "rule"), WRITTEN, ids=[rule.id for _, rule in WRITTEN])
def test_a_rule_passes_and_fails_where_its_examples_say(contract: Contract, rule: Rule) -> None:
    assert rule.examples
    passing, failing = rule.examples["pass"], rule.examples["fail"]
    (outcome,) = judge(frame_of(contract, rule, [*passing, *failing]), [rule], "examples")
    assert outcome.places == tuple(range(len(passing), len(passing) + len(failing)))


def test_every_rule_has_a_cure_and_a_stable_id() -> None:
    rules = [rule for contract in CONTRACTS.values() for rule in rules_of(contract)]
    assert len(rules) > 400
    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.how_to_fix and rule.message and rule.because for rule in rules)


def test_a_suite_without_rules_is_our_fault() -> None:
    with pytest.raises(SuiteError, match="no rule"):
        judge(pd.DataFrame({"at": [0]}), [], "empty")


def test_a_rule_that_crashes_is_named_without_any_value() -> None:
    rule = next(rule for _, rule in WRITTEN if rule.id == "class_ledger.sum_of_sexes")
    frame = pd.DataFrame({"at": [0], "pupils": [3], "boys": ["秘密"], "girls": [2]})
    with pytest.raises(SuiteError, match=r"class_ledger.sum_of_sexes crashed") as caught:
        judge(frame, [rule], "crash")
    assert "秘密" not in str(caught.value)


def test_a_frame_without_rows_runs_no_rule() -> None:
    rule = WRITTEN[0][1]
    assert [o.status for o in judge(pd.DataFrame(), [rule], "nothing")] == ["not_run"]
