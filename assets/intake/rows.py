"""The rows below a header as tables of the contract's columns, batch by batch; rows that are no data are counted.

Cells stay as delivered, trimmed, empty ones null. Counting holds: rows read = rows of data + rows ignored. What a cell
means is `clean.py`; identity numbers become pseudonyms in `personal.py`, before anything is written; where they strayed
into other columns they are struck out here (`strays.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.headers import HeaderRow
from assets.intake.sheets import Sheet
from assets.intake.strays import without_strays
from expectations.contract import Contract

AGAIN = "__again"
TOTAL = re.compile(r"[^\d]{0,8}(?:合计|小计|总计|共计)(?:[(（].*[)）])?[:：]?")
FIRST_CELLS = 3

_NOTE = (
    r"^\s*(?:(?:注|说明|备注|附注|数据来源|来源|填表说明|填报说明|特别说明|声明)\s*\d?\s*[:：]|注\d|"
    r"(?:填\s*表\s*人|填\s*报\s*人|审\s*核\s*人|制\s*表|复\s*核|经\s*办\s*人|统计负责人|单位负责人|负\s*责\s*人|联\s*系\s*人|"
    r"填报日期|填表日期|报送日期|填报时间|制表时间|填报单位|填表单位|报送单位|单位\s*[(（]?盖\s*章)[^0-9]{0,20}(?:[:：]|$))"
)
_GROUP = re.compile(r".+[(（]\s*\d+\s*[所人个项名班][)）]")
_TOTAL_SIGN = "计"


class RowBatch(NamedTuple):
    """Rows of data of one batch (`row`, the contract's columns that the sheet has, `<column>__again`), and counts."""

    data: pa.Table
    read: int
    ignored: Counter[str]


def data_rows(sheet: Sheet, header: HeaderRow, contract: Contract) -> Iterator[RowBatch]:
    """Every row below the header, batch by batch, split into data and rows ignored by reason.

    Reasons: blank (no cell of a known column is filled), total, note, group (a lone cell such as 某县（12所）), header
    (the header repeated). `__again` holds the text under a further header of the same column.
    """
    for batch in sheet.batches(header.row + 1):
        cells = [_trimmed(column) for column in batch.columns[1:]]
        reasons = _reasons(cells, header, contract)
        keep = pa.array(reasons == "")
        columns = {"row": batch.column(0)} | _named(cells, header, contract, batch.num_rows)
        ignored = Counter(str(reason) for reason in reasons[reasons != ""])
        yield RowBatch(pa.table(columns).filter(keep), batch.num_rows, ignored)


def _trimmed(column: pa.Array) -> pa.Array:
    text = pc.replace_substring(column, "_x000D_", "")
    text = pc.utf8_trim_whitespace(text)
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def _named(cells: Sequence[pa.Array], header: HeaderRow, contract: Contract, rows: int) -> dict[str, pa.Array]:
    """The cells of the columns that go on, by name; columns that the contract drops are left behind here."""
    kept = {column.name: column for column in contract.kept}
    named = {name: _at(cells, at, rows) for name, at in header.positions.items() if name in kept}
    again = {name: further for name, further in header.repeats.items() if name in kept}
    named |= {f"{name}{AGAIN}": pc.coalesce(*(_at(cells, at, rows) for at in again[name])) for name in again}
    return {name: without_strays(text, kept[name.removesuffix(AGAIN)]) for name, text in named.items()}


def _at(cells: Sequence[pa.Array], position: int, rows: int) -> pa.Array:
    return cells[position] if position < len(cells) else pa.nulls(rows, pa.string())


def _reasons(cells: Sequence[pa.Array], header: HeaderRow, contract: Contract) -> np.ndarray:
    """Why each row is no data, or ''; the stronger reason is set last."""
    rows = len(cells[0]) if cells else 0
    reasons = np.full(rows, "", dtype=object)
    if not rows:
        return reasons
    known = [cells[at] for at in _known_positions(header) if at < len(cells)]
    reasons[_is_true(pc.is_null(pc.coalesce(*known)) if known else pa.repeat(True, rows))] = "blank"
    first = pc.coalesce(*cells)
    reasons[_header_again(cells, header)] = "header"
    for row in _total_rows(cells, header, contract):
        reasons[row] = "total"
    for row in _rows(pc.match_substring_regex(first, _GROUP.pattern)):
        if _GROUP.fullmatch(first[row].as_py()) and len(_filled(cells, row)) == 1:
            reasons[row] = "group"
    reasons[_is_true(pc.match_substring_regex(first, _NOTE))] = "note"
    return reasons


def _known_positions(header: HeaderRow) -> Iterable[int]:
    return (*header.positions.values(), *(at for further in header.repeats.values() for at in further))


def _is_true(mask: pa.Array) -> np.ndarray:
    return np.asarray(pc.fill_null(mask, False))


def _rows(mask: pa.Array) -> list[int]:
    return [int(row) for row in np.flatnonzero(_is_true(mask))]


def _header_again(cells: Sequence[pa.Array], header: HeaderRow) -> np.ndarray:
    """Rows of which at least half the named cells repeat their header."""
    rows = len(cells[0])
    named = [at for at in header.positions.values() if at < len(cells)]
    same = np.zeros(rows, dtype=np.int32)
    for at in named:
        same += _is_true(pc.equal(cells[at], header.texts[at]))
    return same * 2 >= max(len(named), 2)


def _total_rows(cells: Sequence[pa.Array], header: HeaderRow, contract: Contract) -> Iterator[int]:
    """Rows whose first filled cells name a total, unless totals are data in that cell's column."""
    data_at = {header.positions[name] for name in contract.totals_are_data if name in header.positions}
    asked = [cell for at, cell in enumerate(cells) if at not in data_at and cell.null_count < len(cell)]
    maybe = {row for cell in asked for row in _rows(pc.match_substring(cell, _TOTAL_SIGN))}
    for row in sorted(maybe):
        first = list(_filled(cells, row).items())[:FIRST_CELLS]
        if any(TOTAL.fullmatch("".join(text.split())) for at, text in first if at not in data_at):
            yield row


def _filled(cells: Sequence[pa.Array], row: int) -> dict[int, str]:
    """The filled cells of one row by position."""
    values = ((at, column[row].as_py()) for at, column in enumerate(cells))
    return {at: text for at, text in values if text is not None}
