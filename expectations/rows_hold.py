"""The one expectation of our own: an expression over named columns holds in every row that fills them all.

Imported by `suites.py` when a suite is built, never at start-up: it brings Great Expectations with it.
"""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)


class RowsHold(MulticolumnMapMetricProvider):
    """Whether `holds`, a `pandas.DataFrame.eval` expression, is true in each row of the domain."""

    condition_metric_name = "multicolumn_values.hold"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("holds",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, holds: str, **_: Any) -> pd.Series:
        answer = column_list.eval(holds, engine="python")
        return pd.Series(answer, index=column_list.index).astype(bool)


class ExpectRowsToHold(MulticolumnMapExpectation):
    """Expect an expression over `column_list` to be true in every row where none of these columns is empty."""

    holds: str
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"

    map_metric = "multicolumn_values.hold"
    success_keys = ("holds", "mostly")
    args_keys = ("column_list", "holds")
    library_metadata: Any = {}
