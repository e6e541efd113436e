"""What suites are built of: an expectation of our own, an expression over columns, and four of GX's under our names.

Imported by `suites.py` when a suite is built, never at start-up: it brings Great Expectations with it.
"""

from __future__ import annotations

from typing import Any, Literal

import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.compatibility.pydantic import PrivateAttr
from great_expectations.execution_engine import PandasExecutionEngine
from great_expectations.expectations.expectation import MulticolumnMapExpectation
from great_expectations.expectations.metrics.map_metric_provider import MulticolumnMapMetricProvider
from great_expectations.expectations.metrics.map_metric_provider.multicolumn_condition_partial import (
    multicolumn_condition_partial,
)


class KeepsConfiguration:
    """An expectation that makes its configuration once, and anew when one of its fields was set since.

    GX asks an expectation for it some 70 times and would copy every field each time: a quarter of what judging costs.
    Its callers copy it before they change it, but for parameters of suites, of which ours have none.
    """

    __slots__ = ()
    _kept: tuple[dict[str, Any], Any] | None

    @property
    def configuration(self) -> Any:
        """What GX knows the expectation by: its type, arguments and `meta`."""
        if self._kept is None or self._kept[0] != self.__dict__:
            self._kept = (dict(self.__dict__), super().configuration)  # type: ignore[misc]
        return self._kept[1]


class ExpectFilled(KeepsConfiguration, gxe.ExpectColumnValuesToNotBeNull):
    """Expect every cell of a column to hold something."""

    _kept: Any = PrivateAttr(None)


class ExpectBlank(KeepsConfiguration, gxe.ExpectColumnValuesToBeNull):
    """Expect no cell of a column to hold anything."""

    _kept: Any = PrivateAttr(None)


class ExpectBetween(KeepsConfiguration, gxe.ExpectColumnValuesToBeBetween):
    """Expect every number of a column to lie within bounds."""

    _kept: Any = PrivateAttr(None)


class ExpectUnique(KeepsConfiguration, gxe.ExpectColumnValuesToBeUnique):
    """Expect no value of a column to come twice."""

    _kept: Any = PrivateAttr(None)


class RowsHold(MulticolumnMapMetricProvider):
    """Whether `holds`, a `pandas.DataFrame.eval` expression, is true in each row of the domain."""

    condition_metric_name = "multicolumn_values.hold"
    condition_domain_keys = ("batch_id", "table", "column_list", "row_condition", "condition_parser", "ignore_row_if")
    condition_value_keys = ("holds",)

    @multicolumn_condition_partial(engine=PandasExecutionEngine)
    def _pandas(cls, column_list: pd.DataFrame, holds: str, **_: Any) -> pd.Series:
        answer = column_list.eval(holds, engine="python")
        return pd.Series(answer, index=column_list.index).astype(bool)


class ExpectRowsToHold(KeepsConfiguration, MulticolumnMapExpectation):
    """Expect an expression over `column_list` to be true in every row where none of these columns is empty."""

    holds: str
    ignore_row_if: Literal["all_values_are_missing", "any_value_is_missing", "never"] = "any_value_is_missing"

    _kept: Any = PrivateAttr(None)
    map_metric = "multicolumn_values.hold"
    success_keys = ("holds", "mostly")
    args_keys = ("column_list", "holds")
    library_metadata: Any = {}
