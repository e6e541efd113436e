"""What suites add to Great Expectations changes nothing that it says: kept configurations, one validator, our names."""

import copy
from typing import Any

import pandas as pd

from expectations.contract import load_contracts
from expectations.rule import Rule, rules_of
from expectations.suites import PLACES, VERDICTS, _whole_frames, judge, prepared, suite_of
from tests.expectations.test_rules import WRITTEN, frame_of

OWN_OF_GX = {
    "ExpectFilled": "ExpectColumnValuesToNotBeNull",
    "ExpectBlank": "ExpectColumnValuesToBeNull",
    "ExpectBetween": "ExpectColumnValuesToBeBetween",
    "ExpectUnique": "ExpectColumnValuesToBeUnique",
}
FRAME = pd.DataFrame({
    "code": ["a", "b", "a", None, "c"], "count": [1, -2, None, 0, -3], "reason": [None, "x", None, "y", None],
    "at": range(5),
})  # fmt: skip
ROWS = {"filled": (3,), "blank": (1, 3), "not_negative": (1, 4), "unique": (0, 2)}


def rule(check: Any, column: str) -> Rule:
    return Rule(f"made.{check}", "made", "must_fix", check, (column,), "message", "cure", "source")


def as_gx_makes_it(expectation: Any) -> dict[str, Any]:
    """The configuration without anything kept."""
    from great_expectations.expectations.expectation import Expectation

    made: dict[str, Any] = Expectation.configuration.fget(expectation).to_json_dict()
    return made


def test_a_kept_configuration_is_the_one_that_gx_would_make_now() -> None:
    looked = 0
    for contract in load_contracts().values():
        for expectation in suite_of(contract.dataset, rules_of(contract)).expectations:
            assert expectation.configuration.to_json_dict() == as_gx_makes_it(expectation)
            assert expectation.configuration is expectation.configuration
            expectation.id = "7"
            assert expectation.configuration.to_json_dict() == as_gx_makes_it(expectation)
            assert (expectation.configuration.id, copy.copy(expectation).configuration.id) == ("7", None)
            expectation.meta = {"rule_id": "another"}
            assert expectation.configuration.meta == {"rule_id": "another"}
            looked += 1
    assert looked > 900


def test_our_names_find_what_the_expectations_of_gx_find() -> None:
    import great_expectations.expectations as gxe

    rules = [rule("filled", "code"), rule("blank", "reason"), rule("not_negative", "count"), rule("unique", "code")]
    batch = _whole_frames().get_batch({"dataframe": prepared(FRAME, rules)})
    for each, ours in zip(rules, suite_of("ours", rules).expectations, strict=True):
        arguments = {name: value for name, value in ours.dict(exclude_defaults=True).items() if name != "id"}
        theirs = getattr(gxe, OWN_OF_GX[type(ours).__name__])(**arguments)
        for result_format in (VERDICTS, PLACES):
            one, other = (batch.validate(asked, result_format=result_format) for asked in (ours, theirs))
            assert (one.success, one.result) == (False, other.result)
        (outcome,) = judge(FRAME, [each], "ours")
        assert outcome.places == ROWS[each.check]
    assert len(rules) == len(OWN_OF_GX)


def test_one_validator_for_both_looks_tells_what_a_batch_tells() -> None:
    written = [(contract, each) for contract, each in WRITTEN if contract.dataset == "class_ledger"]
    assert written
    for contract, each in written:
        assert each.examples
        frame = frame_of(contract, each, [*each.examples["pass"], *each.examples["fail"]])
        batch = _whole_frames().get_batch({"dataframe": prepared(frame, [each])})
        (alone,) = batch.validate(suite_of("alone", [each]), result_format=PLACES).results
        (outcome,) = judge(frame, [each], "both")
        (entry,) = alone.result["unexpected_index_list"]
        assert list(outcome.places) == sorted(entry["at"])
