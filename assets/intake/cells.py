"""How one cell's text becomes a value of its column's type: exact, never through a float, nothing guessed.

Every reader returns a `Cell`: the value, or what could not be read (`unread`, must be mended), or what may be true but
says too little (`doubt`, must be explained). Columns as a whole are cleaned in `clean.py`; identity numbers are checked
before they become pseudonyms, in `identity.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, NamedTuple

from assets.intake.periods import month_of, school_year_of, without_time

EMPTY_MARKS = frozenset({"/", "//", "—", "——", "－", "-", "--", "无", "*", "…"})
YES = frozenset({"是", "√", "✓", "✔", "1", "Y", "y", "YES", "Yes", "yes", "有", "TRUE", "True", "true", "对"})
NO = frozenset({"否", "×", "✗", "✘", "x", "X", "0", "N", "n", "NO", "No", "no", "无", "FALSE", "False", "false"})
DIGITS = "一二三四五六七八九"
MU_IN_M2 = Decimal("666.67")
MOST = Decimal(10) ** 13
FIRST_DAY, LAST_DAY = date(1949, 1, 1), date(2100, 12, 31)
FIRST_SERIAL, LAST_SERIAL = 20_000, 60_000
WIDE = str.maketrans("０１２３４５６７８９．，－＋／％（）　", "0123456789.,-+/%() ")

_TRAILING_UNIT = re.compile(r"(?:元|人|名|个|所|间|册|台|㎡|平方米|m2|分及以上|分以上|分|天|课时|岁)$")
_BRACKETED = re.compile(r"^\((\d[\d., ]*)\)$")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[, ]\d{3})+|\d+)?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_EDITION = 4
_SERIAL = re.compile(r"^\d{5}(?:\.0+)?$")
_DAY = (
    re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$", re.ASCII),
    re.compile(r"^(\d{4})(\d{2})(\d{2})$", re.ASCII),
)
_LESS_THAN_A_DAY = re.compile(
    r"^(?:(?:19|20)\d{2}(?:年?|[-/.年]\d{1,2}月?|0[1-9]|1[0-2])|\d{2}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}月\d{1,2}[日号]"
    r"|[〇零一二三四五六七八九]{4}年(?:[一二三四五六七八九十]{1,3}月)?)$"
)
_CHINESE_DAY = re.compile(
    r"^([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,2})月([一二三四五六七八九十]{1,3})[日号]$"
)
_CHINESE_DIGITS = str.maketrans("〇零一二三四五六七八九", "00123456789")
_UNIVERSAL = re.compile(r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)Z$", re.ASCII)
_AHEAD = timedelta(hours=8)
_SLIPPED = re.compile(r"(?:\s|T)(?:16:00(?::00(?:\.0+)?)?|23:59:17)$", re.ASCII)
_EXCEL_EPOCH = date(1899, 12, 30)
_ARTEFACT = Decimal("1e-6")


class Cell(NamedTuple):
    """What a cell's text says: a value, or text that cannot be read, or text that says too little."""

    value: Any = None
    unread: str | None = None
    doubt: str | None = None


Reader = Callable[[str], Cell]


def plain(text: str) -> str:
    """The text with full-width digits and signs made half-width and outer blanks gone; other characters stay."""
    return text.translate(WIDE).strip()


def number(text: str) -> Decimal | None:
    """The exact number that a cell writes (`1,234`, `45人`, `（12）` is negative), or None when it is none.

    Commas and blanks part thousands or nothing: what else they part, as in `3,4` or `12 13`, is no number.
    """
    bare = _TRAILING_UNIT.sub("", plain(text)).rstrip()
    if bracketed := _BRACKETED.match(bare):
        bare = f"-{bracketed[1]}"
    if not _NUMBER.fullmatch(bare):
        return None
    try:
        found = Decimal(bare.replace(",", "").replace(" ", ""))
    except InvalidOperation:
        return None
    return found if abs(found) < MOST else None


def ordinal(text: str) -> Cell:
    """The number of an edition: 17, 第17届 and 第十七届 are 17."""
    if is_mark(text):
        return Cell()
    bare = re.sub(r"^第|届$", "", plain(text).replace(" ", ""))
    is_number = bare.isascii() and bare.isdigit() and len(bare) <= _LONGEST_EDITION
    found = int(bare) if is_number else _below_a_hundred(bare)
    return Cell(found) if found else Cell(unread=text)


def _below_a_hundred(text: str) -> int | None:
    """The number that Chinese numerals from 一 to 九十九 write."""
    parts = re.match(r"^([一二三四五六七八九])?(十)?([一二三四五六七八九])?$", text)
    if not parts or (parts[1] and parts[3] and not parts[2]):
        return None
    tens, ten, ones = parts.groups()
    if not ten:
        return DIGITS.find(tens or ones or "") + 1 or None
    return (DIGITS.find(tens) + 1 if tens else 1) * 10 + (DIGITS.find(ones) + 1 if ones else 0)


def quantity(scale: int, factor: Decimal = Decimal(1), shift: int = 0) -> Reader:
    """A reader of numbers with at most `scale` decimals after multiplying by `factor` (a header's 万元 or 亩).

    `shift` moves the point before storing (2 for 元 kept as whole 分). More decimals than that cannot be read, unless
    they are what a binary fraction leaves (0.30000000000000004); areas given in 亩 are rounded half up to 0.01 ㎡.
    """
    step = Decimal(1).scaleb(-scale)

    def read(text: str) -> Cell:
        if is_mark(text):
            return Cell()
        found = number(text)
        if found is None:
            return Cell(unread=text)
        exact = found * factor
        if abs(exact) >= MOST:
            return Cell(unread=text)
        rounded = exact.quantize(step, ROUND_HALF_UP)
        if abs(exact - rounded) > _ARTEFACT and factor != MU_IN_M2:
            return Cell(unread=text)
        return Cell(int(rounded.scaleb(shift)) if shift == scale else rounded)

    return read


def day(text: str) -> Cell:
    """A date to the day in any of its usual forms, or Excel's serial number; less than a day is a doubt.

    A time of day behind it is left out; one in universal time is moved to Beijing's. The times 16:00 and 23:59:17 are
    what exporters leave of a midnight that they moved to the day before: a doubt. A day outside 1949 to 2100, or a
    serial outside 20000 (1954) to 60000 (2064), is a slip of the pen and cannot be read.
    """
    if found := _UNIVERSAL.match(plain(text)):
        return _in_beijing(text, found[1])
    bare = without_time(plain(text)).replace(" ", "")
    if bare in EMPTY_MARKS:
        return Cell()
    if _SERIAL.match(bare):
        serial = int(bare.split(".")[0])
        known = FIRST_SERIAL <= serial <= LAST_SERIAL
        return Cell(_EXCEL_EPOCH + timedelta(days=serial)) if known else Cell(unread=text)
    if _SLIPPED.search(plain(text)) or _LESS_THAN_A_DAY.match(bare):
        return Cell(doubt=text)
    return _whole_day(text, bare)


def _whole_day(text: str, bare: str) -> Cell:
    for form in _DAY:
        if found := form.match(bare):
            return _calendar_day(text, *map(int, found.groups()))
    if found := _CHINESE_DAY.match(bare):
        year = int(found[1].translate(_CHINESE_DIGITS))
        return _calendar_day(text, year, *(_below_a_hundred(part) or 0 for part in found.groups()[1:]))
    return Cell(unread=text)


def _in_beijing(text: str, universal: str) -> Cell:
    try:
        moment = datetime.fromisoformat(universal) + _AHEAD
    except (ValueError, OverflowError):
        return Cell(unread=text)
    return _calendar_day(text, moment.year, moment.month, moment.day)


def _calendar_day(text: str, year: int, month: int, day_: int) -> Cell:
    try:
        found = date(year, month, day_)
    except ValueError:
        return Cell(unread=text)
    return Cell(found) if FIRST_DAY <= found <= LAST_DAY else Cell(unread=text)


def yes_no(text: str) -> Cell:
    """是 or 否 in any of their usual spellings."""
    bare = plain(text)
    if bare in YES or bare in NO:
        return Cell(bare in YES)
    return Cell(unread=text)


def year(text: str) -> Cell:
    """A year from 1900 to 2099, also written 2020年 or 2020年度."""
    found = re.match(r"^((?:19|20)\d{2})(?:\.0+)?(?:年度?)?$", plain(text), re.ASCII)
    return Cell(int(found[1])) if found else Cell(unread=text)


def school_year(text: str) -> Cell:
    """A school year in any of its spellings, as 2019-2020."""
    found = school_year_of(text)
    return Cell(found) if found else Cell(unread=text)


def month(text: str) -> Cell:
    """A month as 2020-03."""
    found = month_of(text)
    return Cell(found) if found else Cell(unread=text)


def code(text: str) -> Cell:
    """A code as text: half-width, without inner blanks or the `.0` that a spreadsheet appends."""
    return Cell() if is_mark(text) else Cell(re.sub(r"\.0+$", "", plain(text).replace(" ", "").lstrip("'")))


def coded(is_right: Callable[[str], object]) -> Reader:
    """A reader of codes that have a form: what has it not cannot be read."""

    def read(text: str) -> Cell:
        found = code(text)
        return found if found.value is None or is_right(found.value) else Cell(unread=text)

    return read


def marks_empty(read: Reader) -> Reader:
    """A reader for which a sign such as / or — says nothing, unless it has a meaning of its own (无 of a code list)."""

    def reads(text: str) -> Cell:
        found = read(text)
        return Cell() if found.unread is not None and is_mark(text) else found

    return reads


def is_mark(text: str) -> bool:
    """Whether a sign stands for an empty cell."""
    return plain(text) in EMPTY_MARKS


def as_delivered(text: str) -> Cell:
    """The text itself."""
    return Cell(text)


def listed(spellings: Mapping[str, str]) -> Reader:
    """A reader of a code list: any known spelling becomes its code, others cannot be read."""

    def read(text: str) -> Cell:
        bare = re.sub(r"\.0+$", "", plain(text).replace(" ", ""))
        found = spellings.get(bare) or spellings.get(bare.replace("“", "").replace("”", ""))
        return Cell(found) if found is not None else Cell(unread=text)

    return read
