"""One judge: what `judge` does faster tells just what `Batch.validate` of Great Expectations tells of the same frame.

Ours looks twice (verdicts first, then places of what failed), keeps one validator, has helper columns in place of row
conditions, and skips a rule that asks no row. Held for every expectation type in use: key sets and counts, with empty
cells, conditions, and a share of rows that may fail (`mostly`, which no rule uses).
"""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from assets.judging.packed import packed
from assets.judging.parts import judged
from expectations.contract import load_contracts
from expectations.rule import Rule, rules_of
from expectations.suites import PLACES, VERDICTS, _whole_frames, judge, prepared, suite_of

ROWS = 60
WHERE = "stage == '小学' and other >= 3"
CHECKS = ("filled", "blank", "not_negative", "unique", "holds")
COLUMNS = {"filled": "code", "blank": "reason", "not_negative": "size", "unique": "code", "holds": "size"}
FORMAT = {**PLACES, "unexpected_index_column_names": ["at"]}


def frame(seed: int) -> pd.DataFrame:
    """Rows in which every column has empty cells, and every rule rows that pass and that fail."""
    random = np.random.default_rng(seed)

    def some(values: list[Any]) -> list[Any]:
        return [None if random.random() < 0.2 else values[random.integers(len(values))] for _ in range(ROWS)]

    return pd.DataFrame({
        "code": some([f"c{n}" for n in range(30)]), "reason": some([None, None, "x"]),
        "size": some([-2.0, -1.0, 0.0, 3.0, 7.0]), "other": some([0.0, 3.0, 5.0]), "stage": some(["小学", "初中"]),
        "at": range(ROWS),
    })  # fmt: skip


def rule(check: Any, where: str | None = None) -> Rule:
    columns = ("size", "other") if check == "holds" else (COLUMNS[check],)
    holds = "size >= other" if check == "holds" else None
    return Rule(f"made.{check}", "made", "must_fix", check, columns, "m", "h", "b", holds=holds, where=where)


def of_gx(check: str, **arguments: Any) -> Any:
    """The expectation that Great Expectations itself has for the check, on the columns as they are."""
    import great_expectations.expectations as gxe

    column = COLUMNS[check]
    makers: dict[str, Any] = {
        "filled": lambda: gxe.ExpectColumnValuesToNotBeNull(column=column, **arguments),
        "blank": lambda: gxe.ExpectColumnValuesToBeNull(column=column, **arguments),
        "not_negative": lambda: gxe.ExpectColumnValuesToBeBetween(column=column, min_value=0, **arguments),
        "unique": lambda: gxe.ExpectColumnValuesToBeUnique(column=column, **arguments),
        "holds": lambda: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="size", column_B="other", or_equal=True, ignore_row_if="either_value_is_missing", **arguments
        ),
    }
    return makers[check]()


def condition() -> dict[str, Any]:
    """WHERE in the words of Great Expectations."""
    from great_expectations.expectations.row_conditions import Column

    return {"row_condition": (Column("stage") == "小学") & (Column("other") >= 3)}


def validated(rows: pd.DataFrame, expectation: Any, result_format: Any = FORMAT) -> Any:
    return _whole_frames().get_batch({"dataframe": rows}).validate(expectation, result_format=result_format)


def places(result: Any) -> list[int]:
    """The keys of all failing rows, whichever way GX lists them."""
    listed = (entry["at"] for entry in result.result["unexpected_index_list"] or ())
    return sorted(int(at) for one in listed for at in (one if isinstance(one, list) else [one]))


CONDITIONED = ("filled", "blank", "holds")
"""What rules with a condition check; nothing else may have one."""
CASES = [
    *((check, None, seed) for check in CHECKS for seed in (1, 2)),
    *((check, WHERE, seed) for check in CONDITIONED for seed in (1, 2)),
]


def test_every_check_of_a_rule_is_held() -> None:
    rules = [each for contract in load_contracts().values() for each in rules_of(contract)]
    assert {each.check for each in rules} == set(CHECKS)
    assert {each.check for each in rules if each.where} <= set(CONDITIONED)


@pytest.mark.parametrize(("check", "where", "seed"), CASES)
def test_judging_tells_the_keys_and_counts_that_a_batch_tells(check: str, where: str | None, seed: int) -> None:
    rows = frame(seed)
    theirs = validated(rows, of_gx(check, **(condition() if where else {})))
    (ours,) = judge(rows, [rule(check, where)], "parity")
    assert list(ours.places) == places(theirs)
    assert 0 < len(ours.places) == theirs.result["unexpected_count"]
    missing = theirs.result.get("missing_count", 0) if check not in {"filled", "blank"} else 0
    assert ours.asked == theirs.result["element_count"] - missing


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("step", [-1, 0, 1])
def test_a_share_that_may_fail_gives_the_same_verdict(check: str, step: int) -> None:
    rows = frame(1)
    plain = validated(rows, of_gx(check)).result
    asked = plain["element_count"] - (0 if check in {"filled", "blank"} else plain["missing_count"])
    mostly = 1 - (plain["unexpected_count"] + step) / asked
    (expectation,) = suite_of("parity", [rule(check)]).expectations
    expectation.mostly = mostly  # type: ignore[attr-defined]
    ready = prepared(rows, [rule(check)])
    verdicts = {
        bool(validated(frame_, one, shown).success)
        for frame_, one in ((rows, of_gx(check, mostly=mostly)), (ready, expectation)) for shown in (VERDICTS, FORMAT)
    }  # fmt: skip
    assert len(verdicts) == 1
    assert not step or verdicts == {step > 0}
    assert places(validated(ready, expectation)) == places(validated(rows, of_gx(check)))


def test_the_suite_of_a_whole_contract_tells_what_each_rule_alone_tells() -> None:
    rows = pd.concat([frame(seed) for seed in (1, 2)], ignore_index=True)
    rows["at"] = range(len(rows))
    rules = [replace(rule(check, where), id=f"made.{check}_{bool(where)}") for check, where, _ in CASES[::2]]
    together = judge(rows, rules, "together")
    for each, outcome in zip(rules, together, strict=True):
        (alone,) = judge(rows, [each], "alone")
        assert (outcome.places, outcome.asked, outcome.status) == (alone.places, alone.asked, alone.status)


@pytest.mark.parametrize("part", [1, 7, 60, 119, 120])
def test_rows_judged_in_parts_tell_what_they_tell_together(part: int) -> None:
    rows = pd.concat([frame(seed) for seed in (1, 2)], ignore_index=True)
    rows["at"] = range(len(rows))
    rules = [replace(rule(check, where), id=f"made.{check}_{bool(where)}") for check, where, _ in CASES[::2]]
    table = packed(pa.Table.from_pandas(rows.drop(columns=["at", "other"])))
    helpers = pa.table({"other": pa.array(rows["other"], from_pandas=True)})
    assert judged(table, helpers, rules, "parts", part) == judge(rows, rules, "together")


@pytest.mark.parametrize("check", CONDITIONED)
def test_what_no_row_is_asked_passes_with_great_expectations_too(check: str) -> None:
    rows = frame(1).assign(stage="高中")
    assert validated(rows, of_gx(check, **condition())).success
    (ours,) = judge(rows, [rule(check, WHERE)], "nobody")
    assert (ours.places, ours.asked, ours.status) == ((), 0, "not_run")
