"""Facts of a year drawn by hand."""

from __future__ import annotations

from typing import Any

from assets.facts.count import counted
from assets.facts.registry import facts_of
from assets.indicators.parameters import Choices
from assets.indicators.sources import open_year
from expectations.plan import Commitment
from tests.indicators.year import DATASETS, YEAR, Year


def facts(year: Year, table: str, *names: str, commitments: tuple[Commitment, ...] = ()) -> list[tuple[Any, ...]]:
    """The columns of the fact's rows, in the order of its key."""
    (fact,) = (one for one in facts_of(commitments) if one.table == table)
    with open_year(year.inputs(), DATASETS, {"school", *fact.needs}) as rows:
        made = counted(rows, YEAR, [fact], Choices.of(year.choices))[table]
    return [tuple(row[name] for name in names) for row in made.to_pylist()]
