"""Personal columns leave here as pseudonyms: identity numbers checked and repaired first, other numbers as they are.

Beside each column stand the fault that keeps a number from being read (`__unread`), what is doubtful about it
(`__doubt`), and, where a rule of the contract looks at them, sex and day of birth. Names were left behind in `rows.py`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.cells import EMPTY_MARKS
from assets.intake.identity import SCHEMA, SCIENTIFIC, agrees, check_numbers, plain_number
from assets.intake.periods import end_of
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.row_periods import PERIOD, by_distinct
from expectations.contract import Column, Contract

PUPIL_NUMBER = "national_student_no"
_HELPERS = ("__sex", "__born")
_PUPIL = re.compile(r"G(?:[0-9]{15}|[0-9]{17}[0-9X])")


@dataclass(frozen=True)
class _OnceEach(Pseudonymiser):
    """Makes the pseudonym of a number once: a pupil number and the identity number of its row often hold the same."""

    known: dict[str, str] = field(default_factory=dict, repr=False)

    def of_numbers(self, numbers: Sequence[str]) -> list[str]:
        fresh = [number for number in numbers if number not in self.known]
        self.known.update(zip(fresh, super().of_numbers(fresh), strict=True))
        return [self.known[number] for number in numbers]


def without_persons(rows: pa.Table, contract: Contract, pseudonymiser: Pseudonymiser) -> pa.Table:
    """The rows with each personal column replaced by its pseudonyms, its helpers beside it; needs their `period`."""
    personal = [c for c in contract.columns if c.is_personal and rows.schema.get_field_index(c.name) >= 0]
    if not personal:
        return rows
    once = _OnceEach(pseudonymiser.key)
    made = {name: rows[name].combine_chunks() for name in rows.column_names}
    made |= {column.name: by_distinct(made[column.name], _plain_numbers) for column in personal}
    numbers = {column.name: by_distinct(made[column.name], _numbers_in) for column in personal if column.type == "hash"}
    for column in personal:
        text = made[column.name]
        if column.type == "id":
            checked = _checked(text, made[PERIOD], numbers.get(PUPIL_NUMBER))
            made |= _identity(text, column, contract, checked, once)
        else:
            made |= _other(text, column, numbers[column.name], once)
    return pa.table(made)


def helpers(column: Column, contract: Contract) -> list[str]:
    """Names of the columns that stand beside a personal column in the raw table."""
    if not column.is_personal:
        return []
    looked_at = {name for item in contract.quality for name in item["implementation"].get("columns", ())}
    told = [f"{column.name}{end}" for end in _HELPERS] if column.type == "id" else []
    return [f"{column.name}__unread", f"{column.name}__doubt", *(name for name in told if name in looked_at)]


def _plain_numbers(texts: Sequence[str]) -> list[str | None]:
    """Each number in plain writing, None where a sign stands for an empty cell."""
    return [None if one in EMPTY_MARKS else plain_number(one) or None for one in texts]


def _checked(text: pa.Array, periods: pa.Array, trusted: pa.Array | None) -> pa.Table:
    """Each row's number or fault; a birth after the row's period is no date, damage is repaired where it can be."""
    encoded = text.dictionary_encode()
    distinct = check_numbers(encoded.dictionary.to_pylist())
    checked = _not_born_yet(distinct.take(encoded.indices), periods)
    return checked if trusted is None else _repaired(checked, text, trusted)


def _not_born_yet(checked: pa.Table, periods: pa.Array) -> pa.Table:
    ends = by_distinct(periods, lambda names: [end_of(name).isoformat() for name in names])
    late = pc.fill_null(pc.greater(checked["born"], ends), False)
    if not pc.any(late).as_py():
        return checked
    nothing = pa.scalar(None, pa.string())
    columns = {name: pc.if_else(late, nothing, checked[name]) for name in SCHEMA.names}
    return pa.table(columns | {"fault": pc.if_else(late, "date", checked["fault"])})


def _repaired(checked: pa.Table, text: pa.Array, trusted: pa.Array) -> pa.Table:
    """Damaged numbers replaced by the valid pupil number of their row, where what is left of them agrees with it."""
    better: list[str | None] = [None] * len(text)
    differ = pc.and_(pc.is_valid(trusted), pc.not_equal(text, trusted))
    for row in pc.indices_nonzero(pc.fill_null(differ, False)).to_pylist():
        if agrees(text[row].as_py(), checked["fault"][row].as_py(), trusted[row].as_py()):
            better[row] = trusted[row].as_py()
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
    other = by_distinct(faulty, pseudonymiser.of_texts)
    beside = {"__unread": "fault", "__doubt": "doubt", "__sex": "sex", "__born": "born"}
    made = {f"{column.name}{end}": checked[name].combine_chunks() for end, name in beside.items()}
    asked = helpers(column, contract)
    return {column.name: pc.coalesce(valid, other)} | {name: made[name] for name in asked}


def _other(text: pa.Array, column: Column, number: pa.Array, pseudonymiser: Pseudonymiser) -> dict[str, pa.Array]:
    """Pseudonyms of other personal numbers; a pupil number made of a valid identity number gives that number's."""
    nothing = pa.scalar(None, pa.string())
    valid = by_distinct(number, pseudonymiser.of_numbers)
    other = by_distinct(pc.if_else(pc.is_valid(number), nothing, text), pseudonymiser.of_texts)
    lost = pc.fill_null(pc.match_substring_regex(text, f"^{SCIENTIFIC}$"), False)
    return {
        column.name: pc.coalesce(valid, other), f"{column.name}__unread": pc.if_else(lost, "scientific", nothing),
        f"{column.name}__doubt": pa.nulls(len(text), pa.string()),
    }  # fmt: skip


def _numbers_in(texts: Sequence[str]) -> list[str | None]:
    """The valid identity number in each pupil number in plain writing (`G` and the number), or None."""
    at = [place for place, one in enumerate(texts) if _PUPIL.fullmatch(one)]
    numbers = check_numbers([texts[place][1:] for place in at])["number"].to_pylist()
    found: dict[int, str | None] = dict(zip(at, numbers, strict=True))
    return [found.get(place) for place in range(len(texts))]
