"""What rows are told apart by: what a submission speaks for, which rows stand, and the key of each as a number.

Texts are compared as Arrow has them, never as objects of Python: a year has millions of keys. Judging is `staging.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.judging.packed import plain
from expectations.contract import Column, Contract
from expectations.rule import FORM_CELLS, KEY


def numbers_of(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Each row's value as a number, in order of first appearance; -1 where it is empty."""
    return _encoded(column)[0]


def numbered(column: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, list[Any]]:
    """The same, with the value of each number."""
    numbers, values = _encoded(column)
    return numbers, values.to_pylist()


def _encoded(column: pa.Array | pa.ChunkedArray) -> tuple[np.ndarray, pa.Array]:
    whole = plain(column).combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.dictionary_encode()
    return np.asarray(encoded.indices.cast(pa.int64()).fill_null(-1)), encoded.dictionary


def scope_of(rows: pa.Table, contract: Contract) -> np.ndarray:
    """What a newer submission speaks for, as a number: the sender, or one school of it as the contract's delivery says.

    Rows made of census forms speak for their school, in any dataset, beside the rows of tables.
    """
    scope = plain(rows["sender"])
    if "school_code" in rows.column_names:
        has_forms = FORM_CELLS in rows.column_names and rows[FORM_CELLS].null_count < rows.num_rows
        if contract.delivery == "by_school" or has_forms:
            school = pc.binary_join_element_wise(scope, pc.fill_null(plain(rows["school_code"]), ""), "/")
            scope = school if contract.delivery == "by_school" else scope
        if has_forms:
            forms = pc.binary_join_element_wise(school, "forms", "/")
            scope = pc.if_else(pc.is_valid(rows[FORM_CELLS]), forms, scope)
    return numbers_of(scope)


def standing(rows: pa.Table, contract: Contract, returned: Collection[str] = ()) -> np.ndarray:
    """Which rows no later submission of their sender speaks for, returned ones aside; they stand as they arrived.

    What rows are held against beyond their own submission is only what stands: a correction is no repetition of the
    version that it replaces.
    """
    scope = scope_of(rows, contract)
    owner, names = numbered(rows["submission_id"])
    told = ~np.isin(owner, [at for at, name in enumerate(names) if name in returned])
    last = np.full(scope.max(initial=-1) + 1, -1)
    last[scope[told]] = owner[told]  # the last one that is written stays
    return np.asarray(owner == last[scope], dtype=bool)


def _key(rows: pa.Table, contract: Contract) -> np.ndarray:
    """The key of each row as a number, the same for the same key, an optional part that is empty as such.

    -1 where a required part is empty. A dataset without a key is told apart by all its columns. A part that another
    column may stand for is required.
    """
    names = contract.key or tuple(column.name for column in contract.kept)
    required = {name for name in contract.key if contract.column(name).required or contract.column(name).key_else}
    key = np.zeros(rows.num_rows, np.int64)
    told = np.full(rows.num_rows, bool(required))
    for column in map(contract.column, names):
        text = _key_part(rows, column)
        part, filled = numbers_of(text), np.asarray(pc.not_equal(text, ""))
        key = numbers_of(pa.array(key * (part.max(initial=0) + 1) + part))
        told = (told & filled if column.name in required else told) if required else told | filled
        if column.is_personal and contract.key:  # a number that cannot be right is told once, and not compared
            told &= np.asarray(pc.is_null(rows[f"{column.name}__unread"]))
    return np.where(told, key, -1)


def _key_part(rows: pa.Table, column: Column) -> pa.ChunkedArray:
    """One part of the key as text, of the column that stands for it where it is empty; '' where neither is filled."""
    names = [column.name, column.key_else] if column.key_else else [column.name]
    return pc.coalesce(*(plain(rows[name]).cast(pa.string()) for name in names), "")


def keys(rows: pa.Table, contract: Contract, stands: np.ndarray) -> Mapping[str, Any]:
    """`key__number`, told apart by submission, and `key__elsewhere`: whether another one that stands holds the key.

    A row that does not stand is not asked for keys elsewhere; nor are forms and tables, which tell of the same schools.
    """
    key = _key(rows, contract)
    owner, names = numbered(rows["submission_id"])
    own = numbers_of(pa.array(key * len(names) + owner, mask=key < 0))
    asked = stands & (key >= 0)
    is_form = np.asarray(pc.is_valid(rows[FORM_CELLS]))
    source = key * 2 + is_form
    held = np.unique(source[asked] * len(names) + owner[asked])  # each holder of each key once
    holders = np.bincount(held // len(names), minlength=source.max(initial=-1) + 1)
    elsewhere = np.where(holders[np.where(asked, source, 0)] > 1, "yes", "no") if len(holders) else np.array([])
    return {
        KEY: pa.array(own, mask=own < 0),
        "key__elsewhere": pa.array(elsewhere, pa.string(), mask=~asked),
    }
