"""Two sources of one table: for a school that sends both, its census workbook counts and not its unit's ledger.

The choice is made school by school (and stage by stage where rows have one): the ledger's rows of that place are then
not current. What the forms do not ask, such as posts that are misused, is filled from the ledger's row of the same key.
Each value in which the two differ is asked about, at the workbook's cell. Not here: reading workbooks (`intake`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.judging.packed import unpacked
from expectations.contract import Contract
from expectations.findings import display
from expectations.forms import filled_columns
from expectations.rule import FORM_CELLS

ALONE = "school_code__in_workbook"
OF_WORKBOOK = "of_workbook"
PLACE = ("school_code", "school_year", "stage")


@dataclass(frozen=True)
class Pairs:
    """Rows of one key in both sources, by their places in the frame; `outdone`: the ledger rows that do not count."""

    workbook: np.ndarray
    ledger: np.ndarray
    outdone: np.ndarray


def pairs_among(rows: pa.Table, contract: Contract, among: np.ndarray) -> Pairs:
    """The rows `among` that stand in both sources, and the ledger rows of places that a workbook speaks of."""
    nothing = np.array([], np.int64)
    if not contract.has("school_code") or rows[FORM_CELLS].null_count == rows.num_rows:
        return Pairs(nothing, nothing, nothing)
    frame = unpacked(rows.select(list({*contract.key, FORM_CELLS}))).to_pandas(date_as_object=False)
    parts = frame.loc[among, list(contract.key)].assign(at=np.flatnonzero(among))
    parts[OF_WORKBOOK] = frame[FORM_CELLS].notna()
    if "stage" in parts:
        parts["stage"] = parts["stage"].fillna(_only_stage(parts))
    keys = _joined(parts, contract.key)
    places = _joined(parts, [name for name in PLACE if name in contract.key])
    of_workbook = parts[OF_WORKBOOK].to_numpy(dtype=bool)
    ledger = parts["at"][~of_workbook].groupby(keys[~of_workbook]).last()
    workbook = parts["at"][of_workbook].groupby(keys[of_workbook]).last()
    both = workbook.index.intersection(ledger.index)
    outdone = ~of_workbook & places.isin(places[of_workbook]).to_numpy()
    return Pairs(workbook[both].to_numpy(), ledger[both].to_numpy(), parts["at"].to_numpy()[outdone])


def _only_stage(parts: pd.DataFrame) -> pd.Series:
    """The stage of which a school's workbook speaks, where that is one: a ledger may leave it empty then."""
    told = parts.loc[parts[OF_WORKBOOK], ["school_code", "stage"]].dropna().drop_duplicates()
    single = told.drop_duplicates("school_code", keep=False).set_index("school_code")["stage"]
    return parts["school_code"].map(single)


def _joined(parts: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    texts = parts[list(names)].astype("string").fillna("")
    return texts[names[0]].str.cat(texts[list(names[1:])], sep="\x1f") if len(names) > 1 else texts[names[0]]


def differences(rows: pa.Table, contract: Contract, stands: np.ndarray) -> Mapping[str, Any]:
    """`<column>__agrees` (yes, no) in workbook rows that a ledger also tells, with `__ledger`, its value and place.

    Only columns that the forms fill are compared, and only cells that are filled in both. `school_code__in_workbook`:
    whether a ledger row of a place that a workbook speaks of stands there too.
    """
    names = filled_columns(contract.dataset)
    pairs = pairs_among(rows, contract, stands) if names else None
    if pairs is None or not len(pairs.outdone):
        nothing = pa.nulls(rows.num_rows, pa.string())
        return dict.fromkeys([f"{name}__{helper}" for name in names for helper in ("agrees", "ledger")], nothing) | {
            ALONE: nothing
        }
    frame = unpacked(rows).to_pandas(date_as_object=False)
    alone = np.full(len(frame), None, dtype=object)
    alone[pairs.outdone] = np.where(np.isin(pairs.outdone, pairs.ledger), "yes", "no")
    found: dict[str, Any] = {ALONE: alone}
    ones, others = (frame.iloc[at] for at in (pairs.workbook, pairs.ledger))
    places = [
        f"{f'工作表“{sheet}”' if sheet else ''}第 {row} 行"
        for sheet, row in zip(others["sheet"], others["row"], strict=True)
    ]
    for name in names:
        one, other = ones[name].to_numpy(), others[name].to_numpy()
        told = ~(pd.isna(one) | pd.isna(other))
        agrees = np.full(len(frame), None, dtype=object)
        agrees[pairs.workbook[told]] = np.where(one[told] == other[told], "yes", "no")
        texts = np.full(len(frame), None, dtype=object)
        texts[pairs.workbook] = [
            f"{display(contract, name, None if pd.isna(value) else value)}（{place}）"
            for value, place in zip(other, places, strict=True)
        ]
        found |= {f"{name}__agrees": agrees, f"{name}__ledger": texts}
    return found


def settled(rows: pa.Table, contract: Contract, pairs: Pairs) -> pa.Table:
    """The rows, in which those of workbooks tell what only the ledger knows."""
    if not len(pairs.workbook):
        return rows
    rows = unpacked(rows)
    for column in contract.kept:
        empty = rows[column.name].is_null().to_numpy()[pairs.workbook]
        places = np.arange(rows.num_rows)
        places[pairs.workbook[empty]] = pairs.ledger[empty]
        for name in {column.name, f"{column.name}__doubt"} & set(rows.column_names):
            told = rows[name].combine_chunks().take(pa.array(places))
            rows = rows.set_column(rows.column_names.index(name), name, told)
    return rows
