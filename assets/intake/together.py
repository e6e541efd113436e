"""Raw rows of many census workbooks in one file for each unit and dataset: a file each would cost more than reading it.

A worker hands the rows of a workbook to its parent, who writes those of a moment together. A file stays as long as a
reception names it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.intake.reception import Reception
from warehouse.lake import replacing

SUBMISSION = "submission_id"
_MARK = "-forms-"

Columns = Mapping[str, Sequence[Any]]


@dataclass(frozen=True)
class Received:
    """A reception with the raw rows that its reader did not write, by dataset and column."""

    reception: Reception
    tables: Mapping[str, Columns]


def write_together(raw: Path, received: Sequence[Received]) -> list[Reception]:
    """Write the rows of these submissions below `raw`; their receptions with the name of the files that hold them.

    The names of the files are durable when whoever records the receptions has synced them.
    """
    made: list[Reception] = []
    for unit in dict.fromkeys(one.reception.unit_code for one in received):
        mine = [one for one in received if one.reception.unit_code == unit]
        told = " ".join(sorted(one.reception.submission_id for one in mine))
        name = f"{unit}{_MARK}{hashlib.sha256(told.encode()).hexdigest()[:16]}"
        for dataset in dict.fromkeys(dataset for one in mine for dataset in one.tables):
            with replacing(raw / dataset / f"{name}.parquet", is_name_synced=False) as aside:
                pq.write_table(_table(dataset, mine), aside, compression="zstd")
        made += [one.reception.model_copy(update={"together": name}) for one in mine]
    return made


def forget_together(raw: Path, datasets: Collection[str], receptions: Iterable[Reception]) -> None:
    """Remove the files that no reception names any more, because their workbooks were read anew."""
    named = {reception.raw_name for reception in receptions}
    for dataset in datasets:
        for path in (raw / dataset).glob(f"*{_MARK}*.parquet"):
            if path.name not in named:
                path.unlink()


def _table(dataset: str, received: Sequence[Received]) -> pa.Table:
    """The rows of one dataset, one submission below the other; columns that only some of them have are null."""
    parts = [(one.reception.submission_id, one.tables[dataset]) for one in received if dataset in one.tables]
    names = dict.fromkeys(name for _, columns in parts for name in columns)
    made: dict[str, list[Any]] = {name: [] for name in (SUBMISSION, *names)}
    for submission, columns in parts:
        rows = len(columns["row"])
        made[SUBMISSION] += [submission] * rows
        for name in names:
            made[name] += columns.get(name) or [None] * rows
    types = {"row": pa.int32()}
    return pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in made.items()})
