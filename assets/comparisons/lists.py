"""Named lists: the rows of comparisons that a rule with a `list` found wanting, as tables of the lake.

`lake/lists/<year>/<name>.parquet` holds both figures, both places and the rule; pseudonyms stand there alone. The
workbooks that units get are `reports/unit_lists.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from expectations.catalogue import Compared
from expectations.comparison import Comparison
from expectations.suites import Outcome
from warehouse.lake import Lake

LAYER = "lists"
RULE, SEVERITY = "rule_id", "severity"


def list_path(year: int, name: str) -> tuple[str, ...]:
    """Parts of the lake path of a list."""
    return (LAYER, str(year), f"{name}.parquet")


def lists_of(
    comparison: Comparison, rules: Sequence[Compared], outcomes: Sequence[Outcome], rows: pa.Table
) -> dict[str, pa.Table]:
    """Each list of a comparison by its name, without a row where nothing was found."""
    listed = {rule.id: rule.list for rule in rules if rule.list}
    found: dict[str, list[pa.Table]] = {name: [_told(rows.slice(0, 0), "", "")] for name in listed.values()}
    for outcome in outcomes:
        if outcome.rule.id in listed:
            failing = rows.take(pa.array(outcome.places, pa.int64()))
            found[listed[outcome.rule.id]].append(_told(failing, outcome.rule.id, outcome.rule.severity))
    return {name: pa.concat_tables(parts) for name, parts in found.items()}


def write_lists(lake: Lake, year: int, lists: Mapping[str, pa.Table]) -> None:
    """Write lists of a year, each in the place of the one before."""
    for name, table in lists.items():
        lake.write(table, *list_path(year, name))


def _told(rows: pa.Table, rule: str, severity: str) -> pa.Table:
    for name, value in ((RULE, rule), (SEVERITY, severity)):
        rows = rows.append_column(name, pa.array([value] * rows.num_rows, pa.string()))
    return rows
