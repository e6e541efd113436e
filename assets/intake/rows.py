"""The rows below a header as tables of the contract's columns, batch by batch; rows that are no data are counted.

Cells stay as delivered, trimmed, empty ones null. Counting holds: rows read = rows of data + rows ignored. What a cell
means is `clean.py`; identity numbers become pseudonyms in `personal.py`, before anything is written; where they strayed
into other columns they are struck out here (`strays.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.block import Block, Mask, is_true, row_numbers
from assets.intake.controls import Control, adds_up
from assets.intake.counts import cells_below, columns_of_all
from assets.intake.headers import HeaderRow, letter
from assets.intake.row_periods import by_distinct
from assets.intake.sheets import Sheet
from assets.intake.strays import may_be_strays, without_strays
from expectations.contract import Column, Contract

AGAIN = "__again"
TOTAL = re.compile(r"[^\d]{0,8}(?:合计|小计|总计|共计)(?:[(（].*[)）])?[:：]?")
FIRST_CELLS = 3
FIRST_BELOW = 2  # rows are numbered from 1, header rows from 0
FIRST_ROWS = 3  # a line of codes stands below the header, or below what is left of it
LEAST_CODES = 3
DAYS_TO_1904 = 1462

_NOTE = re.compile(
    r"\s*(?:(?:注|说明|备注|附注|数据来源|来源|填表说明|填报说明|特别说明|声明)\s*\d?\s*[:：]|注\d|备\s*注\s*$|"
    r"(?:填\s*表\s*人|填\s*报\s*人|审\s*核\s*人|制\s*表|复\s*核|经\s*办\s*人|统计负责人|单位负责人|负\s*责\s*人|联\s*系\s*人|"
    r"填报日期|填表日期|报送日期|填报时间|制表时间|填报单位|填表单位|报送单位|单位\s*[(（]?盖\s*章)[^0-9]{0,20}(?:[:：]|$))",
    re.ASCII,
)
_GROUP = re.compile(r".+[(（]\s*\d+\s*[所人个项名班][)）]", re.ASCII)
_SERIAL = re.compile(r"\d{5}", re.ASCII)
_CODE = re.compile(r"[甲乙丙丁戊A-Za-z]")
_MAY_BE_EITHER = "^[注说备附数来填特声审制复经统单负联报]|[)）]$"
_TOTAL_SIGN = "计"


class RowBatch(NamedTuple):
    """Rows of data of one batch (`row`, the contract's columns that the sheet has, `<column>__again`), and counts.

    `controls` are the ignored rows that state a total or a count.
    """

    data: pa.Table
    read: int
    ignored: Counter[str]
    cells: Counter[str]
    controls: list[Control]


def data_rows(
    sheet: Sheet, header: HeaderRow, contract: Contract, further: Iterable[tuple[HeaderRow, Contract]] = ()
) -> Iterator[RowBatch]:
    """Every row below the header, batch by batch, split into data and rows ignored by reason.

    Reasons: blank (no cell of a known column is filled), total, note, group (a lone cell such as 某县（12所）), header
    (the header repeated), codes (the line 甲 乙 1 2 3 below a header). `__again` holds the text under a further header
    of the same column. Cells that `further` datasets take of the sheet count as placed too.
    """
    kept = {column.name: column for column in contract.kept}
    checked, columns = _checked_for_strays(header, kept), columns_of_all([(header, contract), *further])
    for batch in sheet.batches(header.row + 1):
        block = Block.of(batch, checked)
        reasons = _reasons(block, header, contract)
        if batch.column(0)[0].as_py() == header.row + FIRST_BELOW:
            codes = [at for at in range(min(FIRST_ROWS, block.rows)) if _is_code_row([*block.filled(at).values()])]
            reasons[codes] = "codes"
        is_data = reasons == ""
        rows = pa.table({"row": batch.column(0)} | _named(block, header, kept, checked, sheet.is_1904))
        ignored = Counter(str(reason) for reason in reasons[~is_data])
        data = rows if is_data.all() else rows.filter(pa.array(is_data))
        controls = [*_controls(block, batch.column(0), reasons, sheet, header, kept)]
        yield RowBatch(data, batch.num_rows, ignored, cells_below(block, reasons, columns), controls)


def _controls(
    block: Block, numbers: pa.Array, reasons: np.ndarray, sheet: Sheet, header: HeaderRow, kept: Mapping[str, Column]
) -> Iterator[Control]:
    """The totals with their cells of columns that add up, and the groups, as far as they state anything."""
    adding = {at: name for name, at in header.positions.items() if name in kept and adds_up(kept[name])}
    for at in np.flatnonzero((reasons == "total") | (reasons == "group")).tolist():
        row, filled = numbers[at].as_py(), block.filled(at)
        total = (place for place, text in filled.items() if TOTAL.fullmatch("".join(text.split())))
        first = next(total, min(filled))
        cells = {adding[place]: (text, f"{letter(place)}{row}") for place, text in filled.items() if place in adding}
        yield Control(sheet.name, row, "".join(filled[first].split()), f"{letter(first)}{row}", cells)


def _is_code_row(cells: list[str]) -> bool:
    """Whether a row numbers the columns above it: letters or 甲 乙, then 1 2 3."""
    numbers = [cell.lstrip("0") for cell in cells if cell.isascii() and cell.isdigit()]
    others = [cell for cell in cells if not (cell.isascii() and cell.isdigit())]
    in_order = [str(number) for number in range(1, len(numbers) + 1)]
    return len(numbers) >= LEAST_CODES and numbers == in_order and all(map(_CODE.fullmatch, others))


def _checked_for_strays(header: HeaderRow, kept: Mapping[str, Column]) -> list[int]:
    """Where the columns stand in which a person's number would be a stray."""
    return [at for name, positions in _positions(header) if name in kept and not kept[name].is_personal
            for at in positions]  # fmt: skip


def _positions(header: HeaderRow) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Each column with every position under which it stands."""
    for name, at in header.positions.items():
        yield name, (at, *header.repeats.get(name, ()))


def _named(
    block: Block, header: HeaderRow, kept: Mapping[str, Column], checked: list[int], is_1904: bool
) -> dict[str, pa.Array]:
    """The cells of the columns that go on, by name; columns that the contract drops are left behind here."""
    ahead = [at for at in checked if at < len(block.order)]
    strays = block.by_column(may_be_strays(block.leading(len(ahead))), len(ahead)).any(axis=1)
    suspects = {ahead[number] for number in np.flatnonzero(strays)}
    named: dict[str, pa.Array] = {}
    for name, positions in _positions(header):
        if name in kept:
            cells = [block.column(at) for at in positions]
            clean = without_strays if suspects & {*positions} else _as_it_is
            named[name] = clean(cells[0], kept[name])
            if is_1904 and kept[name].type == "date":
                named[name] = by_distinct(named[name], _from_1904)
            if len(cells) > 1:
                named[f"{name}{AGAIN}"] = clean(pc.coalesce(*cells[1:]), kept[name])
    return named


def _from_1904(texts: Sequence[str]) -> list[str | None]:
    """Each bare serial number of a day counted from 1904 as the usual one; other texts as they are."""
    return [str(int(text) + DAYS_TO_1904) if _SERIAL.fullmatch(text) else text for text in texts]


def _as_it_is(text: pa.Array, _column: Column) -> pa.Array:
    return text


def _reasons(block: Block, header: HeaderRow, contract: Contract) -> np.ndarray:
    """Why each row is no data, or ''; the stronger reason is set last."""
    reasons = np.full(block.rows, "", dtype=object)
    known = [block.column(at) for _, positions in _positions(header) for at in positions]
    reasons[is_true(pc.is_null(pc.coalesce(*known)))] = "blank"
    reasons[_header_again(block, header)] = "header"
    for row in _total_rows(block, header, contract):
        reasons[row] = "total"
    first = pc.coalesce(*block.columns())
    maybe = row_numbers(pc.match_substring_regex(first, _MAY_BE_EITHER))
    for row, text in zip(maybe, first.take(pa.array(maybe, pa.int64())).to_pylist(), strict=True):
        if _NOTE.match(text):
            reasons[row] = "note"
        elif _GROUP.fullmatch(text) and len(block.filled(row)) == 1:
            reasons[row] = "group"
    return reasons


def _header_again(block: Block, header: HeaderRow) -> Mask:
    """Rows of which at least half the named cells repeat their header, below one of several rows all filled cells."""
    if header.parts:
        return _parts_again(block, header)
    named = [at for at in header.positions.values() if at < len(block.order)]
    least = max(len(named), 2)
    is_header = pc.is_in(block.text, pa.array({header.texts[at] for at in named}, pa.string()))
    if 2 * block.by_column(is_header, len(block.order)).sum(axis=0).max(initial=0) < least:
        return np.zeros(block.rows, np.bool_)
    same = sum(is_true(pc.equal(block.column(at), header.texts[at])).astype(np.int32) for at in named)
    return np.asarray(2 * same >= least)


def _parts_again(block: Block, header: HeaderRow) -> Mask:
    """Rows that repeat one of the header's rows, or of its parts."""
    again = np.zeros(block.rows, np.bool_)
    every = pa.array(frozenset().union(*header.parts.values()), pa.string())
    for row in np.flatnonzero(block.by_column(pc.is_in(block.text, every), len(block.order)).any(axis=0)).tolist():
        again[row] = all(text in header.parts.get(at, ()) for at, text in block.filled(row).items())
    return again


def _total_rows(block: Block, header: HeaderRow, contract: Contract) -> Iterator[int]:
    """Rows whose first filled cells name a total, unless totals are data in that cell's column."""
    data_at = {header.positions[name] for name in contract.totals_are_data if name in header.positions}
    asked = [at not in data_at for at in block.order]
    maybe = block.by_column(pc.match_substring(block.text, _TOTAL_SIGN), len(asked))[asked].any(axis=0)
    for row in np.flatnonzero(maybe).tolist():
        first = list(block.filled(row).items())[:FIRST_CELLS]
        if any(TOTAL.fullmatch("".join(text.split())) for at, text in first if at not in data_at):
            yield row
