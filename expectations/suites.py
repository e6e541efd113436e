"""Suites: rules become Great Expectations, a batch is judged, and each rule's outcome is told by row.

Great Expectations is the only judge. Frames are pandas with default dtypes, one row per delivered row, with helper
columns that intake and staging add; `at` is the row's place in the frame, the only key that leaves a result (values
never do). What a failing row means is said in `findings.py`.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from expectations.errors import SuiteError
from expectations.rule import Rule

if TYPE_CHECKING:
    import great_expectations as gx

PLACE = "at"
_NAME = re.compile(r"[A-Za-z_]\w*")
_TOLD_ELSEWHERE = ("__unread", "__doubt")
VERDICTS = {"result_format": "BOOLEAN_ONLY"}
PLACES = {
    "result_format": "COMPLETE",
    "unexpected_index_column_names": [PLACE],
    "return_unexpected_index_query": False,
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
    from expectations.rows_hold import ExpectBetween, ExpectBlank, ExpectFilled, ExpectRowsToHold, ExpectUnique

    told: dict[str, Any] = {
        "meta": {"rule_id": rule.id, "severity": rule.severity, "message": rule.message,
                 "how_to_fix": rule.how_to_fix, "source": rule.because},
        "severity": "critical" if rule.severity == "must_fix" else "warning",
    }  # fmt: skip
    column = judged_column(rule)
    if rule.check == "filled":
        return ExpectFilled(column=column, **told)
    if rule.check == "blank":
        return ExpectBlank(column=column, **told)
    if rule.check == "not_negative":
        return ExpectBetween(column=column, min_value=0, **told)
    if rule.check == "unique":
        return ExpectUnique(column=column, **told)
    return ExpectRowsToHold(column_list=_held_columns(rule), holds=rule.holds, **told)


def judged_column(rule: Rule) -> str:
    """The column that is looked at: the rule's own, or a helper without the rows that it does not ask.

    GX's row conditions would do the same by copying the whole frame for each rule: ten times as dear.
    """
    narrowed = rule.where and rule.check in {"filled", "blank"}
    return f"judged_by__{rule.id.replace('.', '_')}" if narrowed or rule.check == "filled" else rule.asked


def _held_columns(rule: Rule) -> list[str]:
    """Columns of an expression; `ask__…` is empty, and the row so not asked, where the condition does not hold."""
    columns = [rule.reads] if rule.reads else list(rule.columns)
    return [*columns, f"ask__{rule.id.replace('.', '_')}" if rule.where else PLACE]


def prepared(frame: pd.DataFrame, rules: Sequence[Rule]) -> pd.DataFrame:
    """The frame with the helper columns by which rules with a condition ask only some rows, and no other column."""
    made: dict[str, Any] = {}
    for rule in rules:
        asked = _asked(frame, rule.where) if rule.where else None
        if rule.check == "filled":
            made[judged_column(rule)] = np.where(_empty(frame, rule) & (True if asked is None else asked), np.nan, 1.0)
        elif rule.check == "blank" and asked is not None:
            made[judged_column(rule)] = frame[rule.asked].where(asked)
        if asked is not None:
            made[_held_columns(rule)[-1]] = np.where(asked, 1.0, np.nan)
    ready = pd.concat([frame, pd.DataFrame(made, index=frame.index)], axis=1)
    looked_at = {name for rule in rules for name in (judged_column(rule), *_held_columns(rule))}
    return ready[[name for name in ready.columns if name in looked_at | {PLACE}]]


def read_by(rules: Sequence[Rule]) -> set[str]:
    """The columns of a frame that `judge` looks at, those of conditions and of empty cells included."""
    named = {name for rule in rules for name in ([rule.asked] if rule.reads else rule.columns)}
    named |= {f"{rule.asked}{helper}" for rule in rules if rule.check == "filled" for helper in _TOLD_ELSEWHERE}
    return named | {name for rule in rules if rule.where for name in _NAME.findall(rule.where)}


def _asked(frame: pd.DataFrame, where: str) -> pd.Series[bool]:
    """Which rows meet a rule's condition."""
    return pd.Series(frame.eval(where, engine="python"), index=frame.index).astype(bool)


def _empty(frame: pd.DataFrame, rule: Rule) -> pd.Series:
    """Whether a cell says nothing: no value, and nothing that could not be read or says too little (told elsewhere)."""
    empty = frame[rule.asked].isna()
    for helper in (f"{rule.asked}{part}" for part in _TOLD_ELSEWHERE):
        if helper in frame:
            empty &= frame[helper].isna()
    return empty


def judge(frame: pd.DataFrame, rules: Sequence[Rule], name: str) -> list[Outcome]:
    """Each rule's outcome over the frame, in the order of the rules; a frame without rows runs none of them.

    Raises:
        SuiteError: no rule, or a rule crashed: the frame is then not judged at all.
    """
    if not rules:
        raise SuiteError(f"{name}: no rule to judge by")
    if frame.empty:
        return [Outcome(rule, "not_run", 0) for rule in rules]
    ready = prepared(frame, rules)
    filled = {name: ready[name].notna().to_numpy() for name in ready.columns}
    asked = {rule.id: _rows_asked(filled, rule) for rule in rules}
    asking = [rule for rule in rules if asked[rule.id]]  # what no row can break costs as much to judge as what one can
    validator = _validator(ready)
    told = _validated(validator, asking, VERDICTS, name) if asking else {}
    failing = [rule for rule in asking if not told[rule.id].success]
    placed = _validated(validator, failing, PLACES, name) if failing else {}
    return [_outcome(rule, asked[rule.id], placed.get(rule.id)) for rule in rules]


def _validator(frame: pd.DataFrame) -> Any:
    """GX's validator for both looks at a frame; `Batch.validate` would take and hash it anew for each."""
    from great_expectations.validator.v1_validator import Validator

    return Validator(_whole_frames(), batch_parameters={"dataframe": frame})


def _validated(validator: Any, rules: Sequence[Rule], result_format: dict[str, Any], name: str) -> dict[str, Any]:
    """GX's result of each rule: its verdict for all, the failing places (thrice as dear) for those that fail."""
    validator.result_format = result_format
    result = validator.validate_expectation_suite(suite_of(name, rules))
    by_rule = {item.expectation_config.meta["rule_id"]: item for item in result.results}
    if lost := [rule.id for rule in rules if rule.id not in by_rule]:
        raise SuiteError(f"{name}: rules {lost} gave no result")
    return by_rule


@functools.cache
def _context() -> Any:
    """One context for the process: each leaves a folder for its docs behind. Its logger quotes cells, so it is off."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    logging.getLogger("great_expectations").setLevel(logging.CRITICAL + 1)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
    return context


@functools.cache
def _whole_frames() -> Any:
    """The one batch definition of the process: each that is added writes the configuration of all others again."""
    asset = _context().data_sources.add_pandas("frames").add_dataframe_asset("frame")
    return asset.add_batch_definition_whole_dataframe("all")


def _rows_asked(filled: Mapping[str, np.ndarray], rule: Rule) -> int:
    """How many rows a rule asks: all for filled and blank (the empty cell is the answer itself), else the filled."""
    columns = _held_columns(rule)[-1:]
    if rule.check == "holds":
        columns = _held_columns(rule)
    elif rule.check not in {"filled", "blank"}:
        columns.append(judged_column(rule))
    return int(np.logical_and.reduce([filled[name] for name in columns]).sum())


def _outcome(rule: Rule, asked: int, placed: Any) -> Outcome:
    if placed is None:
        return Outcome(rule, "passed" if asked else "not_run", asked)
    if "unexpected_index_list" not in placed.result:
        # A crash is no failure of the data. Only the rule is named: the exception that GX keeps may quote cells.
        raise SuiteError(f"rule {rule.id} crashed while judging")
    places = sorted(int(at) for entry in placed.result["unexpected_index_list"] for at in _listed(entry[PLACE]))
    return Outcome(rule, "found", asked, tuple(places))


def _listed(places: Any) -> Sequence[Any]:
    """GX folds the keys of all failing rows into one entry when values are excluded, else writes one entry per row."""
    return places if isinstance(places, list) else [places]
