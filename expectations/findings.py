"""Findings: one row per rule and place, in the words of the form; never a value of a personal column.

The table is what quarantine, the warehouse, the returned workbook and the checks in Dagster all show.
"""

from __future__ import annotations

import difflib
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from string import Formatter
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from expectations.contract import Column, Contract
from expectations.rule import FORM_CELLS, ID_FAULTS, Rule
from expectations.visible import visible

if TYPE_CHECKING:
    from expectations.suites import Outcome

SCHEMA = pa.schema(
    [
        ("finding_id", pa.string()), ("submission_id", pa.string()), ("dataset", pa.string()), ("period", pa.string()),
        ("unit_code", pa.string()), ("rule_id", pa.string()), ("severity", pa.string()), ("sheet", pa.string()),
        ("row", pa.int32()), ("column_name", pa.string()), ("cell", pa.string()), ("message", pa.string()),
        ("how_to_fix", pa.string()), ("place", pa.string()),
    ]
)  # fmt: skip
"""`place` tells apart what a finding is about, whichever row of whichever file that is: by the key of its row, and by
what the rule looked at and its message does not tell. It is empty for a finding about a file. It is a hash, because
both can hold pseudonyms."""

QUOTED_LENGTH = 30
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_KEYS = ("submission_id", "sheet", "row", "unit_code", "cell", FORM_CELLS)
_UNREAD = ("__unread", "__doubt")
_LISTED = "__listed"
_NUMBER_OF_A_PERSON = re.compile(r"[0-9０-９]{6,}[XxＸｘ]|[0-9０-９]{9,}")

CellOf = Callable[[str, str, int, str], str]


def finding_id(*parts: object) -> str:
    """A short id that is the same whenever the same rule fails at the same place of the same submission."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def places_told(text: str | None) -> dict[str, str]:
    """Where the columns of a row made of census forms were read, as sheet!D7; empty for other rows."""
    return dict(line.split("=", maxsplit=1) for line in (text or "").splitlines())


def findings_table(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The rows as a table of findings."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMA)


def findings_of(
    contract: Contract, period: str, outcomes: Sequence[Outcome], frame: pa.Table, cell_of: CellOf
) -> pa.Table:
    """All findings of the outcomes, by submission, sheet and row.

    `frame` is the judged table; `cell_of(submission_id, sheet, row, column)` gives the cell's address, or ''.
    """
    rows: list[dict[str, Any]] = []
    for outcome in outcomes:
        if outcome.status == "found":
            rows.extend(_of_outcome(contract, period, outcome, frame, cell_of))
    rows.sort(key=lambda r: (r["submission_id"], r["sheet"], r["row"] or 0, r["rule_id"]))
    return findings_table(rows)


def _of_outcome(
    contract: Contract, period: str, outcome: Outcome, frame: pa.Table, cell_of: CellOf
) -> Iterable[dict[str, Any]]:
    rule = outcome.rule
    failing = frame.take(pa.array(outcome.places, pa.int64()))
    shown = [name for name in failing.column_names if not _is_personal(contract, name)]
    keys = failing.select([name for name in _KEYS if name in failing.column_names]).to_pylist()
    places = _places(contract, rule, failing)
    faults = _faults(contract, rule, failing)
    told: set[str] = set()
    for key, place, values, fault in zip(keys, places, failing.select(shown).to_pylist(), faults, strict=True):
        if rule.per_file and key["submission_id"] in told:
            continue
        told.add(key["submission_id"])
        words = _words(contract, rule, values, fault)
        yield {**_finding(contract, period, rule, key, words, cell_of), "place": place}


def untold(message: str, columns: Iterable[str]) -> list[str]:
    """Those of the columns of which a message says nothing: another value there would not change its words."""
    told = {name for _, name, _, _ in Formatter().parse(message)}
    return [name for name in dict.fromkeys(columns) if name not in told]


def _places(contract: Contract, rule: Rule, failing: pa.Table) -> Sequence[str]:
    """What tells each finding apart, hashed: the row's key without its period, and what the message does not tell.

    Without a key it is all that the row says. What is told once a file has the rows that it is about, and all that the
    rule looked at in them; but that a year has no list of schools is about no rows.
    """
    if rule.per_file and _is_about_lists(rule):
        return [""] * failing.num_rows
    names = contract.key or tuple(column.name for column in contract.kept)
    seen = [*rule.columns, *([rule.asked] if contract.has(rule.asked.split("__", maxsplit=1)[0]) else [])]
    names = (*names, *(seen if rule.per_file else untold(rule.message, seen)))
    parts = [name for name in names if name not in contract.period and name in failing.column_names]
    own = [finding_id(*row.values()) for row in failing.select(list(dict.fromkeys(["unit_code", *parts]))).to_pylist()]
    return _by_file(own, failing["submission_id"].to_pylist()) if rule.per_file else own


def _is_about_lists(rule: Rule) -> bool:
    return any(name.endswith(_LISTED) for name in (*rule.columns, rule.asked))


def _by_file(own: Sequence[str], files: Sequence[str]) -> list[str]:
    """One place for all rows of a file, in whatever order they are."""
    rows: dict[str, list[str]] = {}
    for file, one in zip(files, own, strict=True):
        rows.setdefault(file, []).append(one)
    places = {file: finding_id(*sorted(ids)) for file, ids in rows.items()}
    return [places[file] for file in files]


def _faults(contract: Contract, rule: Rule, failing: pa.Table) -> Sequence[str | None]:
    """What is wrong with each failing identity number, by the code that intake gave it; nothing for other columns."""
    column = contract.column(rule.columns[0])
    if column.type == "id" and rule.check == "blank":
        return list(failing[f"{column.name}__unread"].to_pylist())
    return [None] * failing.num_rows


def _words(contract: Contract, rule: Rule, values: Mapping[str, Any], fault: str | None) -> dict[str, str]:
    """The words that a message may use: shown values of the row, the fault of an identity number, near spellings."""
    words = {name: display(contract, name, value) for name, value in values.items()}
    words |= {name: quoted(text) for name, text in words.items() if name.endswith(_UNREAD)}
    words["fault"] = ID_FAULTS.get(fault or "", "不是有效的身份证号")
    unread = values.get(f"{rule.columns[0]}__unread")
    words["nearest"] = _nearest(contract.column(rule.columns[0]), unread or "")
    return words


def _is_personal(contract: Contract, name: str) -> bool:
    base = name.split("__", maxsplit=1)[0]
    return contract.has(base) and contract.column(base).is_personal


def _nearest(column: Column, unread: str) -> str:
    if not column.values or not unread:
        return ""
    near = difflib.get_close_matches(
        unread, list(dict.fromkeys(value.label for value in column.values)), n=3, cutoff=0.3
    )
    return f"最接近的是：{'、'.join(near)}。" if near else ""


def without_long_numbers(text: str) -> str:
    """Text in which no number is left that can be one of a person."""
    return _NUMBER_OF_A_PERSON.sub("…", text)


def quoted(text: str) -> str:
    """Text that could not be read, as a message may show it: at most 30 characters, long numbers left out."""
    shown = without_long_numbers(text)
    return shown if len(shown) <= QUOTED_LENGTH else f"{shown[: QUOTED_LENGTH - 1]}…"


def display(contract: Contract, name: str, value: Any) -> str:
    """A value in the words of the form: money in 元, yes and no in Chinese, an empty cell as 空."""
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if contract.has(name) and contract.column(name).type == "yuan":
        return f"{Decimal(value) / 100:f}"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat()[:10] if isinstance(value, date) else str(value)


def _place(contract: Contract, key: Mapping[str, Any], column: str, cell_of: CellOf) -> tuple[str, int, str]:
    """Sheet, row and cell of a column in a row; of a row made of census forms, where that column was read."""
    told = places_told(key.get(FORM_CELLS))
    if contract.read_by == "codes":
        told[column] = f"{key['sheet']}!{key['cell'] or ''}"
    if not told:
        return key["sheet"], key["row"], cell_of(key["submission_id"], key["sheet"], key["row"], column)
    sheet, _, cell = (told.get(column.split("__", maxsplit=1)[0]) or next(iter(told.values()))).rpartition("!")
    digits = cell.lstrip(_LETTERS)
    return sheet, int(digits) if digits else key["row"], cell


def _finding(
    contract: Contract, period: str, rule: Rule, key: Mapping[str, Any], words: Mapping[str, str], cell_of: CellOf
) -> dict[str, Any]:
    column = rule.columns[0]
    sheet, row, cell = _place(contract, key, column, cell_of)
    return {
        "finding_id": finding_id(key["submission_id"], period, rule.id, key["sheet"], key["row"]),
        "submission_id": key["submission_id"], "dataset": contract.dataset, "period": period,
        "unit_code": key["unit_code"], "rule_id": rule.id, "severity": rule.severity, "sheet": sheet, "row": row,
        "column_name": column, "cell": cell,
        "message": visible(rule.message.format_map(words)), "how_to_fix": rule.how_to_fix.format_map(words),
    }  # fmt: skip
