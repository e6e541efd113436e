"""How a returned workbook looks, whichever library writes it: colours, widths, notes, and text that must stay text."""

from __future__ import annotations

from assets.intake.answer_sheet import ADDED

AUTHOR = "核查"
FILLS = {"must_fix": "FFF8B4B4", "must_explain": "FFFDE9A9"}
"""Fill of a marked cell by severity, as ARGB."""
COMMENTS = 3000
"""So many cells get a comment beside their colour: more make it slow to open. The sheet 核查结果 has all findings."""
WIDTHS = (6, 18, 16, 14, 7, 9, 16, 44, 44, 30, 40, 10)
"""Widths of the columns of 核查结果."""
RISKY = frozenset("=+-@\t\r\n\0＝＋－＠")
"""A spreadsheet takes text that begins with one of these for a formula, were it typed into a cell."""
_LINE, _LINE_PIXELS, _PIXELS = 26, 18, 340


def is_added_sheet(name: str) -> bool:
    """Whether a sheet of that name was added by us and is no data."""
    return bool(ADDED.fullmatch(name))


def comment_size(text: str) -> tuple[int, int]:
    """Width and height in pixels of a comment that shows all of the text."""
    lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
    return _PIXELS, _LINE_PIXELS * (lines + 1)
