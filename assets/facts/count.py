"""The facts of one year, counted by DuckDB from the rows that figures are made of."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from assets.facts.grain import Fact
from assets.indicators.catalogue import Tables
from assets.indicators.parameters import Choices
from assets.indicators.sources import YearTables


def counted(rows: YearTables, year: int, facts: Iterable[Fact], choices: Choices) -> dict[str, pa.Table]:
    """Each fact's rows of the year by the name of its table; a dataset that nobody sent is a table without a row."""
    tables = Tables(rows.tables, year, choices)
    return {fact.table: rows.fetch(fact.rows(tables)) for fact in facts}
