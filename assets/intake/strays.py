"""Numbers of persons that strayed into other columns (a shifted row, a note) are struck out before anything is written.

What is struck out: identity numbers (plain, behind a G, with blanks or dashes, as a float), bank cards and mobile
numbers. Columns that hold such numbers by right become pseudonyms in `personal.py`.
"""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.credit_code import is_credit_code
from assets.intake.identity import check_numbers
from assets.intake.row_periods import by_distinct
from expectations.contract import Column

STRUCK_OUT = "〔…〕"
"""Not an empty cell's sign: what was struck out must still be told as unread."""

_DIGIT, _X = "[0-9０-９]", "[XxＸｘ]"
_SUSPECT = f"{_DIGIT}[0-9０-９ .-]{{9,}}{_DIGIT}|{_DIGIT}[eE][+]?1[4-8]"
_FLOAT = rf"{_DIGIT}(?:\.{_DIGIT}+)?[eE]\+?1[4-8](?!{_DIGIT})"
_SPACED = rf"{_DIGIT}{{6}}[ -]{_DIGIT}{{8}}[ -]?{_DIGIT}{{3}}(?:{_DIGIT}|{_X})"
_IDENTITY = rf"{_DIGIT}{{17}}(?:{_DIGIT}|{_X})(?!{_DIGIT})|{_DIGIT}{{15}}(?!{_DIGIT})"
_LONG = rf"{_DIGIT}{{15,}}{_X}?"
_MOBILE = rf"[1１][3-9３-９]{_DIGIT}{{9}}(?!{_DIGIT})"
_CODE = re.compile(rf"(?<!{_DIGIT})(?:{_FLOAT}|{_SPACED}|{_IDENTITY})")
_OTHER = re.compile(rf"(?<!{_DIGIT})(?:{_FLOAT}|{_SPACED}|{_LONG}|{_MOBILE})")
_NUMBER = re.compile(rf"(?<![0-9０-９.])(?:{_FLOAT}|{_SPACED}|{_LONG}|{_MOBILE})")


def without_strays(text: pa.Array, column: Column) -> pa.Array:
    """The cells with `STRUCK_OUT` in place of a person's number; personal columns and credit codes stay as they are.

    In a column of codes only identity numbers are struck out; decimals of a number are no person's.
    """
    if column.is_personal or not pc.any(pc.match_substring_regex(text, _SUSPECT)).as_py():
        return text
    pattern = _NUMBER if column.is_number else _CODE if column.type == "code" else _OTHER
    keeps_credit_codes = column.check == "gb32100"

    def struck(texts: list[str]) -> list[str]:
        return [one if keeps_credit_codes and _is_owner(one) else pattern.sub(STRUCK_OUT, one) for one in texts]

    return by_distinct(text, struck)


def _is_owner(text: str) -> bool:
    """Whether a text is an organisation's code and no person's number: both may be 18 digits."""
    return is_credit_code(text.upper()) and check_numbers([text])["number"][0].as_py() is None
