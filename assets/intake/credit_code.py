"""Unified social credit codes of organisations: 18 characters, the last of which checks the others.

Source: GB 32100-2015. The check that the organisation code inside has of its own (GB 11714) is not asked.
"""

from __future__ import annotations

from assets.intake.cells import Cell, code

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_VALUES = {sign: value for value, sign in enumerate(ALPHABET)}


def is_credit_code(text: str) -> bool:
    """Whether the text, in half width and capitals, is a code whose check character is right."""
    if len(text) != LENGTH or not _VALUES.keys() >= set(text):
        return False
    total = sum(_VALUES[sign] * pow(3, at, 31) for at, sign in enumerate(text[:-1]))
    return _VALUES[text[-1]] == -total % 31


def credit_code(text: str) -> Cell:
    """A credit code in capitals; a wrong one cannot be read."""
    found = code(text).value
    if found is None:
        return Cell()
    return Cell(found.upper()) if is_credit_code(found.upper()) else Cell(unread=text)
