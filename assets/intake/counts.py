"""What a reading counted, so that nothing is lost in silence: rows and filled cells, each used or ignored for a reason.

Cells are counted over all sheets, visible or not; a cell that holds blanks alone is not filled. Rows are those below
the headers that were read. How rows were judged later stands in the judgement (`assets/judging/judgement.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow.compute as pc

from assets.intake.block import LINE_BREAK, Block
from assets.intake.controls import Control
from assets.intake.headers import HeaderRow, is_personal, label
from assets.intake.reception import Problem
from assets.intake.sheets import Sheet
from expectations.contract import Contract

PLACED = "placed"
TITLE, HEADER = "title", "header"
UNKNOWN, REPEATED, PERSONAL = "unknown_column", "repeated_column", "personal"
HIDDEN_SHEET, OTHER_SHEET = "hidden_sheet", "other_sheet"


@dataclass
class Counts:
    """Rows and cells counted while a file is read; `undated` are rows of data whose period neither row nor file says.

    `cells` counts filled cells, those that went on under `placed` and the others under their reason. `controls` are the
    lines that state a total or a count, `questions` what is to be explained about them.
    """

    read: int = 0
    ignored: Counter[str] = field(default_factory=Counter)
    periods: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    controls: list[Control] = field(default_factory=list)
    questions: tuple[Problem, ...] = ()
    cells: Counter[str] = field(default_factory=Counter)

    @property
    def cells_ignored(self) -> dict[str, int]:
        """Filled cells that did not go on, by reason."""
        return {reason: n for reason, n in sorted(self.cells.items()) if n and reason != PLACED}


def columns_told(header: HeaderRow, contract: Contract) -> Mapping[int, str]:
    """What becomes of the cells below each header, by position; columns without a header are not in it.

    Further headers of a column are only compared with its first.
    """
    kept = {column.name for column in contract.kept}
    texts = {at: header.parts.get(at, {text}) for at, text in header.texts.items()}
    told = {at: PERSONAL if any(is_personal(label(one)) for one in each) else UNKNOWN for at, each in texts.items()}
    told |= {at: PLACED if name in kept else PERSONAL for name, at in header.positions.items()}
    for name, positions in header.repeats.items():
        told |= dict.fromkeys(positions, REPEATED if name in kept else PERSONAL)
    return told


def columns_of_all(tables: Iterable[tuple[HeaderRow, Contract]]) -> Mapping[int, str]:
    """The same where the sheet fills several datasets: what any of them takes is placed."""
    every: dict[int, str] = {}
    for header, contract in tables:
        told = columns_told(header, contract)
        every |= {at: reason for at, reason in told.items() if reason == PLACED or every.get(at, UNKNOWN) == UNKNOWN}
    return every


def cells_below(block: Block, reasons: np.ndarray, columns: Mapping[int, str]) -> Counter[str]:
    """The filled cells of a batch below the header: in ignored rows by their reason, in rows of data by column."""
    filled = block.by_column(pc.is_valid(block.text), len(block.order))
    of_rows, is_data = filled.sum(axis=0), reasons == ""
    cells: Counter[str] = Counter()
    for row in np.flatnonzero(~is_data).tolist():
        cells[str(reasons[row])] += int(of_rows[row])
    data = filled if is_data.all() else filled[:, is_data]
    for at, number in zip(block.order, data.sum(axis=1).tolist(), strict=True):
        cells[columns.get(at, UNKNOWN)] += number
    return cells


def cells_above(head: Sequence[Sequence[str]], header: HeaderRow) -> Counter[str]:
    """The filled cells of title lines and of the header, of one row or several."""
    titles, rows = head[: header.top], head[header.top : header.row + 1]
    return Counter({TITLE: sum(map(_filled, titles)), HEADER: sum(map(_filled, rows))})


def _filled(row: Sequence[str]) -> int:
    return sum(1 for text in row if text.replace(LINE_BREAK, "").strip())


def cells_elsewhere(sheet: Sheet) -> Counter[str]:
    """The filled cells of a sheet that is not read.

    Raises:
        Refused: what `Sheet.batches` raises.
    """
    reason = OTHER_SHEET if sheet.visible else HIDDEN_SHEET
    texts = (Block.of(batch).text for batch in sheet.batches(0))
    return Counter({reason: sum(len(text) - text.null_count for text in texts)})
