"""Suites: rules become Great Expectations, a batch is judged, and each rule's outcome is told by row.

Great Expectations is the only judge. Frames are pandas with default dtypes, one row per delivered row, with helper
columns that intake and staging add; `at` is the row's place in the frame, the only key that leaves a result (values
never do). What a failing row means is said in `findings.py`.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from expectations.errors import SuiteError
from expectations.rule import Rule

if TYPE_CHECKING:
    import great_expectations as gx

PLACE = "at"
RESULT_FORMAT = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [PLACE],
    "exclude_unexpected_values": True,
}


@dataclass(frozen=True)
class Outcome:
    """What judging one rule over one batch gave: `passed`, `found` with the failing places, or `not_run`."""

    rule: Rule
    status: Literal["passed", "found", "not_run"]
    asked: int
    places: tuple[int, ...] = ()


def suite_of(name: str, rules: Sequence[Rule]) -> gx.ExpectationSuite:
    """The suite of these rules; each expectation carries its rule's id, severity, words and source in `meta`."""
    import great_expectations as gx

    return gx.ExpectationSuite(name=name, expectations=[_expectation(rule) for rule in rules])


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe

    from great_expectations.expectations.row_conditions import Column

    from expectations.rows_hold import ExpectRowsToHold

    told: dict[str, Any] = {
        "meta": {"rule_id": rule.id, "severity": rule.severity, "message": rule.message,
                 "how_to_fix": rule.how_to_fix, "source": rule.because},
        "severity": "critical" if rule.severity == "must_fix" else "warning",
    }  # fmt: skip
    if rule.where:
        told["row_condition"] = Column(where_column(rule)) == True  # noqa: E712 - builds a condition of GX
    if rule.check == "filled":
        return gxe.ExpectColumnValuesToNotBeNull(column=rule.asked, **told)
    if rule.check == "blank":
        return gxe.ExpectColumnValuesToBeNull(column=rule.asked, **told)
    if rule.check == "not_negative":
        return gxe.ExpectColumnValuesToBeBetween(column=rule.asked, min_value=0, **told)
    if rule.check == "unique":
        return gxe.ExpectColumnValuesToBeUnique(column=rule.asked, **told)
    columns = (rule.reads,) if rule.reads else rule.columns
    return ExpectRowsToHold(column_list=[*columns, PLACE], holds=rule.holds, **told)


def where_column(rule: Rule) -> str:
    """Name of the helper column that tells the rows which a rule with `where` asks."""
    return f"asked_by__{rule.id.replace('.', '_')}"


def judge(frame: pd.DataFrame, rules: Sequence[Rule], name: str) -> list[Outcome]:
    """Each rule's outcome over the frame, in the order of the rules; a frame without rows runs none of them.

    Raises:
        SuiteError: no rule, or a rule crashed: the frame is then not judged at all.
    """
    if not rules:
        raise SuiteError(f"{name}: no rule to judge by")
    if frame.empty:
        return [Outcome(rule, "not_run", 0) for rule in rules]
    asked = {where_column(rule): frame.eval(rule.where, engine="python") for rule in rules if rule.where}
    frame = frame.assign(**{name: pd.Series(rows, index=frame.index).astype(bool) for name, rows in asked.items()})
    result = _batch(frame, name).validate(suite_of(name, rules), result_format=RESULT_FORMAT)
    by_rule = {item.expectation_config.meta["rule_id"]: item for item in result.results}
    if lost := [rule.id for rule in rules if rule.id not in by_rule]:
        raise SuiteError(f"{name}: rules {lost} gave no result")
    return [_outcome(rule, by_rule[rule.id]) for rule in rules]


@functools.cache
def _context() -> Any:
    """One context for the process: each leaves a folder for its docs behind. Its logger quotes cells, so it is off."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


def _batch(frame: pd.DataFrame, name: str) -> Any:
    asset = _context().data_sources.add_or_update_pandas("frames").add_dataframe_asset(name)
    return asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})


def _outcome(rule: Rule, item: Any) -> Outcome:
    facts = item.result
    if "element_count" not in facts:
        # Only the rule is named: the exception that GX keeps may quote cells.
        raise SuiteError(f"rule {rule.id} crashed while judging")
    # A map expectation counts empty cells as missing; for filled/blank the empty cell is the answer itself.
    missing = 0 if rule.check in {"filled", "blank"} else facts.get("missing_count", 0)
    asked = facts["element_count"] - missing
    if item.success:
        return Outcome(rule, "passed" if asked else "not_run", asked)
    places = sorted(int(at) for entry in facts["unexpected_index_list"] for at in _listed(entry[PLACE]))
    return Outcome(rule, "found", asked, tuple(places))


def _listed(places: Any) -> Sequence[Any]:
    """GX folds the keys of all failing rows into one entry when values are excluded, else writes one entry per row."""
    return places if isinstance(places, list) else [places]
