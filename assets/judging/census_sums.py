"""What the total cells of census forms must equal: helper columns of census cells, by the identities of the layouts.

A cell is held against the other cells of its own workbook alone. An identity is asked where its total stands and at
least one of its parts does: an empty part counts as nothing, as the form means it, but where all are empty or starred
nothing can be said. Whether a row holds is judged by the rules of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from expectations.forms import load_forms
from expectations.identities import Identity

WORKBOOK = ["submission_id", "school_code", "school_year"]
CELL = (*WORKBOOK, "form", "row_code", "column_code")
KINDS = ("across", "down", "between", "within")
COUNTED = ("人", "个")
_BY_AXIS = {"columns": "across", "rows": "down", "forms": "between"}


def census_sums(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`value__<kind>_off`: how far a total is from what it must equal, with `_sum` and `_words`; empty where not asked.

    The kinds: `across` (columns of one row), `down` (rows of one column), `between` (forms), `within` (what a part
    passes its whole by, 0 where it does not). Of several identities of a cell the first that does not hold is told.
    """
    blocked, counts = _of_layouts()
    form = frame["form"].map(_form_of, na_action="ignore")
    codes = pd.MultiIndex.from_arrays([form, frame["row_code"], frame["column_code"]])
    fraction = (frame["value"].astype("float64") % 1).where(form.isin(counts))
    simple = {"value__starred": np.where(codes.isin(blocked), "yes", "no"), "value__fraction": fraction}
    cells = frame[list(CELL)].assign(value=frame["value"].astype("float64"), at=np.arange(len(frame)))
    cells = cells.dropna().drop_duplicates(list(CELL))
    told = _Told(len(frame))
    generations = load_forms()
    within = [(name, one) for each in generations for name, form in each.forms.items() for one in form.identities]
    for axis, code, other in (("columns", "column_code", "row_code"), ("rows", "row_code", "column_code")):
        wanted = [(name, one) for name, one in within if one.axis == axis]
        _ask(told, cells.assign(code=cells[code]), [*WORKBOOK, "form", other], wanted)
    named = cells["form"] + " " + cells["row_code"] + "/" + cells["column_code"]
    between = [(None, one) for each in generations for one in each.agreements]
    wanted_cells = named.isin({code for _, one in between for code in one.codes})
    _ask(told, cells.assign(code=named)[wanted_cells], WORKBOOK, between)
    return simple | told.columns(frame.index)


def _form_of(name: str) -> str:
    """The form of a sheet's name; one that a workbook has for several kinds of school tells the kind behind it."""
    return name.partition("_")[0]


def _of_layouts() -> tuple[list[tuple[str, str, str]], list[str]]:
    """The cells that nobody can fill, by form and codes, and the forms whose figures are counts."""
    forms = [item for generation in load_forms() for item in generation.forms.items()]
    blocked = [(name, *codes) for name, form in forms for codes in form.blocked]
    return blocked, [name for name, form in forms if form.unit in COUNTED]


def _ask(told: _Told, cells: pd.DataFrame, by: list[str], identities: Iterable[tuple[str | None, Identity]]) -> None:
    """Hold each group of cells, by their codes, against the identities of its form, or those that name their forms."""
    if cells.empty:
        return
    wide = cells.set_index([*by, "code"])[["value", "at"]].unstack("code")
    values, places = wide["value"], wide["at"]
    forms = values.index.get_level_values("form").map(_form_of) if "form" in by else None
    present = {None, *(() if forms is None else forms)}
    for name, one in identities:
        if one.total not in values or name not in present:
            continue
        parts = [(term.sign, code) for term in one.terms for code in term.among(values.columns) if code != one.total]
        asked = values[one.total].notna() & values[[code for _, code in parts]].notna().to_numpy().any(axis=1)
        if name is not None:
            asked &= forms == name
        if not asked.any():
            continue
        mine = values[asked]
        total = sum((sign * mine[code].fillna(0) for sign, code in parts), pd.Series(0.0, index=mine.index))
        told.add(one, places.loc[asked, one.total], mine[one.total], total / one.share)


class _Told:
    """What is found, by kind and place in the frame."""

    def __init__(self, rows: int) -> None:
        self._off = {kind: np.full(rows, np.nan) for kind in KINDS}
        self._sum = {kind: np.full(rows, np.nan) for kind in KINDS}
        self._words = {kind: np.full(rows, None, dtype=object) for kind in KINDS}

    def add(self, one: Identity, places: pd.Series, values: pd.Series, sums: pd.Series) -> None:
        """Add what one identity says of the cells at these places, where none before it was broken there."""
        kind = "within" if one.is_limit else _BY_AXIS[one.axis]
        off = (values - sums).round(2).to_numpy()
        off = np.maximum(off, 0) if one.is_limit else off
        at = places.to_numpy().astype(np.int64)
        free = ~(self._off[kind][at] != 0) | np.isnan(self._off[kind][at])
        self._off[kind][at[free]] = off[free]
        self._sum[kind][at[free]] = sums.round(2).to_numpy()[free]
        self._words[kind][at[free]] = one.words

    def columns(self, index: pd.Index) -> dict[str, pd.Series]:
        """All of it as columns of the frame."""
        return {
            f"value__{kind}_{name}": pd.Series(held[kind], index=index)
            for kind in KINDS
            for name, held in (("off", self._off), ("sum", self._sum), ("words", self._words))
        }
