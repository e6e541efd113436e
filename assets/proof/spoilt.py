"""Spoilt rows: a fault befalls a row as delivered, which is then read as intake and staging read it.

What a fault says of values after reading, or of a column that no row holds, is set in the row that was read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from assets.intake.personal import without_persons
from assets.intake.pseudonym import LEAST_BYTES, Pseudonymiser
from assets.proof.faults import Fault
from assets.proof.sample import Sample
from expectations.regions import PREFECTURE

_KEY = Pseudonymiser(bytes(LEAST_BYTES))  # of numbers that belong to nobody


@dataclass(frozen=True, eq=False)
class Seed:
    """A fault and the row of the sample that it befalls, in which world."""

    fault: Fault
    world: int
    row: int


def filled_of(sample: Sample) -> dict[str, np.ndarray]:
    """In which rows each delivered column is filled and read."""
    names = [c.name for c in sample.contract.kept if c.name in sample.raw.column_names]
    return {name: sample.raw[name].is_valid().to_numpy() & sample.typed[name].is_valid().to_numpy() for name in names}


def spoilt_rows(sample: Sample, seeds: Sequence[Seed]) -> dict[Seed, pa.Table]:
    """The typed row of each seed, of one row, after the fault."""
    by_submission: dict[str, list[Seed]] = defaultdict(list)
    owners = sample.typed["submission_id"].to_pylist()
    for seed in seeds:
        by_submission[owners[seed.row]].append(seed)
    return {seed: row for name, mine in by_submission.items() for seed, row in _of_submission(sample, name, mine)}


def _of_submission(sample: Sample, submission_id: str, seeds: Sequence[Seed]) -> Iterator[tuple[Seed, pa.Table]]:
    filled = filled_of(sample)
    raws = [_raw_row(sample, seed, filled) for seed in seeds]
    names = list(dict.fromkeys(name for row in raws for name in row))
    types = {"row": pa.int32()}
    raw = pa.table({name: pa.array([row.get(name) for row in raws], types.get(name, pa.string())) for name in names})
    typed = sample.read(raw, submission_id)
    for at, seed in enumerate(seeds):
        row = typed.slice(at, 1)
        is_told = _changes_cells(seed, filled) and not _is_refused(row, seed.fault)
        yield seed, row if is_told else _with_values(row, seed.fault.values)


def _is_refused(row: pa.Table, fault: Fault) -> bool:
    """Whether reading refuses the cell already, so that the rule aimed at never sees what it was to say."""
    unread = f"{fault.column}__unread"
    return (
        bool(fault.values) and unread not in fault.values and unread in row.column_names and row[unread].null_count == 0
    )


def _changes_cells(seed: Seed, filled: Mapping[str, np.ndarray]) -> bool:
    """Whether the fault is written into cells: else, or where the row does not hold the column, into values."""
    if seed.fault.cells is None:
        return False
    column = seed.fault.column
    return not column or (column in filled and bool(filled[column][seed.row]))


def _raw_row(sample: Sample, seed: Seed, filled: Mapping[str, np.ndarray]) -> dict[str, Any]:
    row: dict[str, Any] = sample.raw.slice(seed.row, 1).to_pylist()[0]
    if row.get("submission_id") is None:  # only files of several submissions tell it
        row.pop("submission_id", None)
    if seed.fault.cells is None or not _changes_cells(seed, filled):
        return row
    unit = sample.typed["unit_code"][seed.row].as_py()
    changed = dict(seed.fault.cells(row, unit if unit != PREFECTURE else ""))
    return row | changed | _pseudonyms(sample, changed, row["period"])


def _pseudonyms(sample: Sample, changed: Mapping[str, str | None], period: str) -> dict[str, Any]:
    """What intake makes of the changed cells that are personal."""
    contract = sample.contract
    personal = {
        n: t for n, t in changed.items() if t is not None and contract.has(n) and contract.column(n).is_personal
    }
    if not personal:
        return {}
    cells = pa.table({name: pa.array([text], pa.string()) for name, text in ({**personal, "period": period}).items()})
    made: dict[str, Any] = without_persons(cells, contract, _KEY).to_pylist()[0]
    return made


def _with_values(row: pa.Table, values: Mapping[str, Any]) -> pa.Table:
    """The typed row with these values; helper columns that staging makes are set later."""
    for name, value in values.items():
        at = row.schema.get_field_index(name)
        if at >= 0:
            row = row.set_column(at, row.schema.field(at), pa.array([_as(row.schema.field(at).type, value)],
                                                                    row.schema.field(at).type))  # fmt: skip
    return row


def _as(kind: pa.DataType, value: Any) -> Any:
    """An example's value as the typed column holds it."""
    if value is None:
        return None
    if pa.types.is_decimal(kind):
        return Decimal(str(value))
    if pa.types.is_string(kind):
        return value.isoformat() if isinstance(value, date) else str(value)
    return date.fromisoformat(value) if pa.types.is_date(kind) and isinstance(value, str) else value
