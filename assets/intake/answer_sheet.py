"""The sheets that a returned workbook adds to the unit's own: 核查结果 (every finding) and 核查节选 (faulty rows).

A mended workbook comes back with them. They are no data; what the unit wrote in the column 说明 is read here. Writing
them is `assets/reports/outbox_book.py`, which takes the names of sheets and columns from here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assets.intake.periods import Told, told_by
from assets.intake.reception import Said
from assets.intake.sheets import Sheet
from assets.intake.strays import text_without_strays

ANSWER_SHEET, EXCERPT_SHEET = "核查结果", "核查节选"
ADDED = re.compile(rf"{ANSWER_SHEET}\d*|{EXCERPT_SHEET}")
COLUMNS = ("序号", "问题编号", "级别", "工作表", "行", "单元格", "栏目", "问题", "修改办法", "上次说明", "说明", "定位")
MESSAGE, TEXT, PLACE = "问题", "说明", "定位"
PERIOD_LINE = "报告期："
_PLACED = re.compile(r"([a-z_]*)\|([0-9a-z-]*)\|([a-z][a-z0-9_.]*)\|([0-9a-f]*)")
_DAY = r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}(?!\d)"
_NUMBER = re.compile(rf"{_DAY}|[0-9０-９](?:[\s\-－—]?[0-9０-９]){{6,}}[XxＸｘ]?")


def place_text(dataset: str | None, period: str | None, rule_id: str, place: str) -> str:
    """What the column 定位 says of a finding, so that an explanation finds its way back without a look-up."""
    return "|".join((dataset or "", period or "", rule_id, place))


def own_sheets(sheets: Sequence[Sheet]) -> list[Sheet]:
    """The sheets without those that a returned workbook adds."""
    return [sheet for sheet in sheets if not ADDED.fullmatch(sheet.name)]


def period_told(sheets: Sequence[Sheet]) -> list[Told]:
    """What the sheet 核查结果 says of the period that its file was read with; nothing where there is no such sheet."""
    lines = (cell for sheet in sheets if ADDED.fullmatch(sheet.name) for row in sheet.head for cell in row)
    return [told_by(line.removeprefix(PERIOD_LINE)) for line in lines if line.startswith(PERIOD_LINE)][:1]


def said_in(sheets: Sequence[Sheet]) -> tuple[Said, ...]:
    """The explanations that stand in the sheet 核查结果 of a returned workbook."""
    return tuple(said for sheet in sheets if ADDED.fullmatch(sheet.name) for said in _said(sheet))


def _said(sheet: Sheet) -> Iterator[Said]:
    header = next((n for n, row in enumerate(sheet.head) if {MESSAGE, TEXT, PLACE} <= set(row)), None)
    if header is None:
        return
    message, text, place = (sheet.head[header].index(title) + 1 for title in (MESSAGE, TEXT, PLACE))
    for batch in sheet.batches(header + 1):
        told = zip(*(batch.column(at).to_pylist() for at in (message, text, place)), strict=True)
        for finding, explanation, parts in told:
            named = _PLACED.fullmatch((parts or "").strip())
            if named and (explanation or "").strip():
                dataset, period, rule_id, key = named.groups()
                yield Said(text=without_numbers(explanation), dataset=dataset, period=period, rule_id=rule_id,
                           place=key, message=text_without_strays(finding or ""))  # fmt: skip


def without_numbers(text: str) -> str:
    """An explanation in which no number of seven digits or more is left; days stay."""
    plain = " ".join(text.split())
    return _NUMBER.sub(lambda found: found[0] if re.fullmatch(_DAY, found[0]) else "…", plain)
