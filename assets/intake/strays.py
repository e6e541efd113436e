"""Numbers of persons that strayed into other columns (a shifted row, a note) are struck out before anything is written.

What is struck out: identity numbers (plain, behind a G, with blanks or dashes, as a float), bank cards and mobile
numbers. Columns that hold such numbers by right become pseudonyms in `personal.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.credit_code import is_credit_code
from assets.intake.identity import check_numbers
from assets.intake.row_periods import by_distinct
from expectations.contract import Column

STRUCK_OUT = "〔…〕"
"""Not an empty cell's sign: what was struck out must still be told as unread."""

_SUSPECT = "[0-9０-９][0-9０-９ .-]{9,}[0-9０-９]|[0-9][eE][+]?1[4-8]"
_LOOK = re.compile(_SUSPECT)
_HALF = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789Xx")
_FLOAT = r"[0-9](?:\.[0-9]+)?[eE]\+?1[4-8](?![0-9])"
_SPACED = r"[0-9]{6}[ -][0-9]{8}[ -]?[0-9]{3}[0-9Xx]"
_IDENTITY = r"[0-9]{17}[0-9Xx](?![0-9])"
_OLD = r"[1-8][0-9]{5}[2-9][0-9](?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9])"
_LONG = r"[0-9]{15,}[Xx]?"
_MOBILE = r"1[3-9][0-9]{9}(?![0-9])"
_CODE = re.compile(rf"(?<![0-9])(?:{_FLOAT}|{_SPACED}|{_IDENTITY}|{_OLD})")
_OTHER = re.compile(rf"(?<![0-9])(?:{_FLOAT}|{_SPACED}|{_LONG}|{_MOBILE})")
_NUMBER = re.compile(rf"(?<![0-9.])(?:{_FLOAT}|{_SPACED}|{_LONG}|{_MOBILE})")


def may_be_strays(text: pa.Array) -> pa.Array:
    """Which cells could hold a person's number."""
    return pc.match_substring_regex(text, _SUSPECT)


def texts_without_strays(texts: Sequence[str | None], column: Column) -> Sequence[str | None]:
    """The texts as `without_strays` leaves them; most hold nothing suspect, which is cheap to see."""
    if column.is_personal or not _LOOK.search("\n".join(filter(None, set(texts)))):
        return texts
    struck = _striker(column)
    return [struck(text) if text else text for text in texts]


def without_strays(text: pa.Array, column: Column) -> pa.Array:
    """The cells with `STRUCK_OUT` in place of a person's number; personal columns and credit codes stay as they are.

    In a column of codes only identity numbers are struck out, old ones of 15 digits where a day of birth from 1920 on
    stands in them: codes may be as long. Decimals of a number are no person's.
    """
    if column.is_personal or not pc.any(may_be_strays(text)).as_py():
        return text
    struck = _striker(column)
    return by_distinct(text, lambda texts: list(map(struck, texts)))


def _striker(column: Column) -> Callable[[str], str]:
    """What strikes persons' numbers out of one text of the column."""
    pattern = _NUMBER if column.is_number else _CODE if column.type == "code" else _OTHER
    keeps_credit_codes = column.check == "gb32100"
    return lambda text: text if keeps_credit_codes and _is_owner(text) else _struck(text, pattern)


def text_without_strays(text: str) -> str:
    """Free text with `STRUCK_OUT` in place of persons' numbers; organisations' codes of 18 digits stay."""
    return _struck(text, _OTHER, keeps=_is_owner)


def _struck(text: str, pattern: re.Pattern[str], keeps: Callable[[str], bool] = lambda _: False) -> str:
    """The text without what the pattern finds in its half-width form, but for what is kept."""
    for found in reversed([one for one in pattern.finditer(text.translate(_HALF)) if not keeps(one[0])]):
        text = f"{text[: found.start()]}{STRUCK_OUT}{text[found.end() :]}"
    return text


def _is_owner(text: str) -> bool:
    """Whether a text is an organisation's code and no person's number: both may be 18 digits."""
    return is_credit_code(text.upper()) and check_numbers([text])["number"][0].as_py() is None
