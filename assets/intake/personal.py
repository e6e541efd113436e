"""Personal columns leave here as pseudonyms: identity numbers checked and repaired first, other numbers as they are.

Beside each column stand the fault that keeps a number from being read (`__unread`), what is doubtful about it
(`__doubt`), and, where the contract asks for them, sex and day of birth. Names were left behind in `rows.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.cells import EMPTY_MARKS
from assets.intake.identity import SCHEMA, agrees, check_numbers, is_scientific, plain_number
from assets.intake.periods import end_of
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.row_periods import PERIOD, by_distinct
from expectations.contract import Column, Contract

PUPIL_NUMBER = "national_student_no"
_HELPERS = {"sex": "__sex", "birth_date": "__born"}
_PUPIL = re.compile(r"G(\d{15}|\d{17}[\dX])")


def without_persons(rows: pa.Table, contract: Contract, pseudonymiser: Pseudonymiser) -> pa.Table:
    """The rows with each personal column replaced by its pseudonyms, its helpers beside it; needs their `period`."""
    made = {name: rows[name].combine_chunks() for name in rows.column_names}
    trusted = by_distinct(made[PUPIL_NUMBER], _numbers_in) if PUPIL_NUMBER in made else None
    for column in contract.columns:
        if column.is_personal and column.name in made:
            text = _without_marks(made[column.name])
            if column.type == "id":
                made |= _identity(text, column, contract, _checked(text, made[PERIOD], trusted), pseudonymiser)
            else:
                made |= _other(text, column, pseudonymiser)
    return pa.table(made)


def helpers(column: Column, contract: Contract) -> list[str]:
    """Names of the columns that stand beside a personal column in the raw table."""
    if not column.is_personal:
        return []
    asked = [end for name, end in _HELPERS.items() if contract.has(name)] if column.type == "id" else []
    return [f"{column.name}{end}" for end in ("__unread", "__doubt", *asked)]


def _without_marks(text: pa.Array) -> pa.Array:
    """The texts, null where a sign stands for an empty cell."""
    is_mark = pc.is_in(text, value_set=pa.array(sorted(EMPTY_MARKS)))
    return pc.if_else(is_mark, pa.scalar(None, pa.string()), text)


def _checked(text: pa.Array, periods: pa.Array, trusted: pa.Array | None) -> pa.Table:
    """Each row's number or fault; a birth after the row's period is no date, damage is repaired where it can be."""
    encoded = text.dictionary_encode()
    distinct = check_numbers(encoded.dictionary.to_pylist())
    checked = _not_born_yet(distinct.take(encoded.indices), periods)
    if trusted is None or checked["fault"].null_count == len(text):
        return checked
    return _repaired(checked, text, trusted)


def _not_born_yet(checked: pa.Table, periods: pa.Array) -> pa.Table:
    ends = by_distinct(periods, lambda names: [end_of(name).isoformat() for name in names])
    late = pc.fill_null(pc.greater(checked["born"], ends), False)
    if not pc.any(late).as_py():
        return checked
    nothing = pa.scalar(None, pa.string())
    columns = {name: pc.if_else(late, nothing, checked[name]) for name in SCHEMA.names}
    return pa.table(columns | {"fault": pc.if_else(late, "date", checked["fault"])})


def _repaired(checked: pa.Table, text: pa.Array, trusted: pa.Array) -> pa.Table:
    """Faulty numbers replaced by the valid pupil number of their row, where what is left of them agrees with it."""
    better: list[str | None] = [None] * len(text)
    for row, fault in enumerate(checked["fault"].to_pylist()):
        number = trusted[row].as_py() if fault else None
        if number and agrees(text[row].as_py(), fault, number):
            better[row] = number
    repaired = pa.array(better, pa.string())
    if repaired.null_count == len(repaired):
        return checked
    encoded = repaired.dictionary_encode()
    fresh = check_numbers(encoded.dictionary.to_pylist()).take(encoded.indices)
    is_better = pc.is_valid(repaired)
    columns = {name: pc.if_else(is_better, fresh[name], checked[name]) for name in SCHEMA.names}
    return pa.table(columns | {"doubt": pc.if_else(is_better, "repaired", checked["doubt"])})


def _identity(
    text: pa.Array, column: Column, contract: Contract, checked: pa.Table, pseudonymiser: Pseudonymiser
) -> dict[str, pa.Array]:
    faulty = pc.if_else(pc.is_valid(checked["fault"]), text, pa.scalar(None, pa.string()))
    valid = by_distinct(checked["number"], pseudonymiser.of_numbers)
    other = by_distinct(faulty, lambda texts: pseudonymiser.of_texts([plain_number(one) for one in texts]))
    beside = {"__unread": "fault", "__doubt": "doubt", "__sex": "sex", "__born": "born"}
    made = {f"{column.name}{end}": checked[name].combine_chunks() for end, name in beside.items()}
    asked = helpers(column, contract)
    return {column.name: pc.coalesce(valid, other)} | {name: made[name] for name in asked}


def _other(text: pa.Array, column: Column, pseudonymiser: Pseudonymiser) -> dict[str, pa.Array]:
    """Pseudonyms of other personal numbers; a pupil number made of a valid identity number gives that number's."""
    valid = by_distinct(by_distinct(text, _numbers_in), pseudonymiser.of_numbers)
    every = by_distinct(text, lambda texts: pseudonymiser.of_texts([plain_number(one) for one in texts]))
    lost = by_distinct(text, lambda texts: ["scientific" if is_scientific(one) else None for one in texts])
    return {
        column.name: pc.coalesce(valid, every), f"{column.name}__unread": lost,
        f"{column.name}__doubt": pa.nulls(len(text), pa.string()),
    }  # fmt: skip


def _numbers_in(texts: Sequence[str]) -> list[str | None]:
    """The valid identity number in each pupil number (`G` and the number), or None."""
    found = [_PUPIL.fullmatch(plain_number(one)) for one in texts]
    checked: list[str | None] = check_numbers([one[1] if one else "" for one in found])["number"].to_pylist()
    return checked
