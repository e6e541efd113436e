"""The period of each row: its own columns decide, then what title, file name and folder say of the whole file.

Empty cells of a period are filled here with what the file says, so that everything after reads them as the unit's own.
Text that cannot be read stays as it is. How a text is read as a period is `periods.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.cells import is_mark
from assets.intake.clean import reader_of
from assets.intake.periods import Told
from expectations.contract import Column, Contract
from expectations.regions import Regions

PERIOD = "period"
_PLACES = frozenset({"title", "file_name", "folder"})


def told_of(column: Column, told: Told) -> str | None:
    """What title, file name and folder say about one column; None where they may not fill it or say nothing."""
    if not _PLACES & set(column.filled_from):
        return None
    parts = {"school_year": told.school_year, "year": told.year, "month": told.month, "date": told.day}
    return (told.term if column.name == "term" else parts.get(column.type, "")) or None


def file_period(contract: Contract, told: Told) -> str | None:
    """The one period that title, file name and folder give a file; None where they leave a part open."""
    parts = [told_of(contract.column(name), told) for name in contract.period]
    return "-".join(part for part in parts if part) if all(parts) else None


def dated(rows: pa.Table, contract: Contract, told: Told, regions: Regions) -> pa.Table:
    """The rows with their `period`, null where neither row nor file says it, and with empty cells of time filled."""
    made = {name: rows[name] for name in rows.column_names}
    parts = []
    for column in contract.kept:
        if not column.filled_from or (column.name not in contract.period and told_of(column, told) is None):
            continue
        own = by_distinct(made.get(column.name, pa.nulls(rows.num_rows, pa.string())), _without_marks)
        beside = pc.coalesce(*_from_dates(made, column, contract, regions, rows.num_rows), _repeat(told, column, own))
        made[column.name] = pc.coalesce(own, beside)
        if column.name in contract.period:
            parts.append((contract.period.index(column.name), pc.coalesce(_read(own, column, regions), beside)))
    ordered = [part for _, part in sorted(parts, key=lambda pair: pair[0])]
    return pa.table(made | {PERIOD: pc.binary_join_element_wise(*ordered, "-")})


def _without_marks(texts: Sequence[str]) -> list[str | None]:
    """Each text, None where a sign stands for an empty cell."""
    return [None if is_mark(one) else one for one in texts]


def _repeat(told: Told, column: Column, like: pa.ChunkedArray) -> pa.Array:
    return pa.repeat(pa.scalar(told_of(column, told), pa.string()), len(like))


def _from_dates(
    made: dict[str, Any], column: Column, contract: Contract, regions: Regions, rows: int
) -> Sequence[pa.Array]:
    """The years of the date columns that may fill a year, strongest first."""
    named = [name for name in column.filled_from if name not in _PLACES]  # a coach's `title` is no title line
    dates = [contract.column(name) for name in named if name in made and contract.has(name)]
    years = [_read(made[one.name], one, regions, lambda day: str(day.year)) for one in dates]
    return [*years, pa.nulls(rows, pa.string())]


def _read(
    text: pa.ChunkedArray | pa.Array, column: Column, regions: Regions, shown: Callable[[Any], str] = str
) -> pa.Array:
    """Each cell read as its column's type and shown as text, null where it cannot be read."""
    read = reader_of(column, None, regions)

    def value(cell: str) -> str | None:
        found = read(cell).value
        return None if found is None else shown(found)

    return by_distinct(text, lambda texts: [value(one) for one in texts])


def by_distinct(text: pa.ChunkedArray | pa.Array, function: Callable[[list[str]], Sequence[str | None]]) -> pa.Array:
    """A column made of another by a function of its distinct texts; null stays null."""
    whole = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    encoded = whole.dictionary_encode()
    return pa.array(function(encoded.dictionary.to_pylist()), pa.string()).take(encoded.indices)
