"""Identity numbers by GB 11643: a column of distinct texts checked at once, faults and damage told apart.

No text leaves this module in a message. What becomes of a number (its pseudonym, its repair from a pupil number in the
same row) is `personal.py`; whether a fault is a finding is decided where rows are judged.
Source: GB 11643; region codes GB/T 2260, of which only provinces and the prefecture's own counties are known here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa

SCIENTIFIC = r"([0-9](?:\.[0-9]+)?)E\+?[0-9]{2}"
"""A long number as a spreadsheet shows it, 4.33199E+17: digits are lost."""
PROVINCES = frozenset(
    {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
     64, 65, 71, 81, 82}
)  # fmt: skip
PREFECTURE = 4331
OWN_REGIONS = frozenset({433101, 433102, *range(433121, 433131), 433199})
"""Counties of the prefecture past and present (433102 and 433128 left it in 1988), and 433199 of synthetic numbers."""

SCHEMA = pa.schema([(name, pa.string()) for name in ("number", "fault", "doubt", "sex", "born")])
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECKS = "10X98765432"
_X = ord("X") - ord("0")
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
_WHOLE = re.compile(r"[0-9]{17}[0-9X]")
_OLD = re.compile(r"[0-9]{15}")
_SCIENTIFIC = re.compile(SCIENTIFIC)
_SHOWN_DIGITS = 11
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_AGREE = 14


def plain_number(text: str) -> str:
    """The number without blanks, leading apostrophe or trailing `.0`, half width, x large."""
    if text.isascii() and text.isalnum():
        return text.upper()
    bare = "".join(text.translate(_WIDE).split()).upper().lstrip("'‘’`")
    return re.sub(r"^([0-9]+)\.0+$", r"\1", bare)


def check_numbers(texts: Sequence[str]) -> pa.Table:
    """For each text: the 18 characters of a valid number, or its fault; doubt `region`; sex and day of birth.

    Faults: length charset date checksum, and what spreadsheets do: scientific truncated rounded. A number is never
    guessed: where there is a fault there is no number. Damage can add up by chance (one in eleven): a
    number that ends in 000 is held for cut off where its order code is 000, which is never given. Old numbers of 15
    digits are valid and become 18 by the standard's rule. Whether a birth is too late for its file the caller asks.
    """
    whole, faults = zip(*map(_whole, texts), strict=True) if texts else ((), ())
    at = np.array([i for i, number in enumerate(whole) if number], dtype=np.int64)
    columns = {name: np.full(len(texts), None, dtype=object) for name in SCHEMA.names}
    columns["fault"][:] = faults
    if len(at):
        for name, values in _checked([whole[i] for i in at]).items():
            columns[name][at] = values
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()}, schema=SCHEMA)


def _whole(text: str) -> tuple[str | None, str | None]:
    """The 18 characters that a text gives, checked no further; or the fault that keeps it from giving any."""
    number = text if _WHOLE.fullmatch(text) else plain_number(text)
    if _WHOLE.fullmatch(number):
        return number, None
    if _OLD.fullmatch(number):
        seventeen = f"{number[:6]}19{number[6:]}"
        return seventeen + check_character(seventeen), None
    if shown := _SCIENTIFIC.fullmatch(number):
        return None, _damage_of_number_cell(shown[1].replace(".", ""))
    return None, "charset" if len(number) in {15, 18} else "length"


def _damage_of_number_cell(digits: str) -> str:
    """What a spreadsheet left of a number: a few digits as shown, fifteen as kept, or the nearest binary fraction."""
    if len(digits) <= _SHOWN_DIGITS:
        return "scientific"
    return "truncated" if len(digits.rstrip("0")) <= 15 else "rounded"


def check_character(seventeen: str) -> str:
    """The last character that belongs to the first seventeen digits."""
    return _CHECKS[int(np.dot(_WEIGHTS, [int(digit) for digit in seventeen])) % 11]


def _checked(numbers: Sequence[str]) -> dict[str, np.ndarray]:
    """Numbers of the right length and characters, checked further."""
    digits = np.frombuffer("".join(numbers).encode("ascii"), dtype=np.uint8).reshape(-1, 18).astype(np.int64) - ord("0")
    last = np.where(digits[:, 17] == _X, 10, digits[:, 17])
    adds_up = (digits[:, :17] @ _WEIGHTS + last) % 11 == 1
    fault = _faults(digits, adds_up, numbers)
    good = fault == ""
    found = {
        "number": _objects(numbers), "sex": _objects(["女", "男"])[digits[:, 16] % 2],
        "born": _objects([f"{n[6:10]}-{n[10:12]}-{n[12:14]}" for n in numbers]),
        "doubt": _objects(["region", None])[_region_is_known(_value(digits, 0, 6)).astype(np.int64)],
    }  # fmt: skip
    for values in found.values():
        values[~good] = None
    fault[good] = None
    return found | {"fault": fault}


def _objects(values: Sequence[str | None]) -> np.ndarray:
    return np.array(values, dtype=object)


def _value(digits: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The whole number that some of the digits write."""
    return np.asarray(digits[:, start:stop] @ (10 ** np.arange(stop - start - 1, -1, -1)))


def _faults(digits: np.ndarray, adds_up: np.ndarray, numbers: Sequence[str]) -> np.ndarray:
    """The first fault of each number, '' where there is none; damage by a spreadsheet goes before all others."""
    fault = np.where(adds_up, "", "checksum").astype(object)
    fault[~_is_day(_value(digits, 6, 10), _value(digits, 10, 12), _value(digits, 12, 14))] = "date"
    for row in np.flatnonzero(~adds_up | (_value(digits, 14, 17) == 0)).tolist():
        if numbers[row].endswith("000"):
            fault[row] = "truncated"
        elif not adds_up[row] and _is_binary_fraction(numbers[row]):
            fault[row] = "rounded"
    return fault


def _is_binary_fraction(number: str) -> bool:
    """Whether a number cell can hold the number as it is, so that it may be the nearest one to another."""
    return number.isdigit() and int(float(number)) == int(number)


def _is_day(year: np.ndarray, month: np.ndarray, day: np.ndarray) -> np.ndarray:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    known_month = (month >= 1) & (month <= 12)
    days = _MONTH_DAYS[np.where(known_month, month, 0)] + (leap & (month == 2))
    return np.asarray((year >= 1900) & known_month & (day >= 1) & (day <= days))


def _region_is_known(region: np.ndarray) -> np.ndarray:
    own = np.isin(region, list(OWN_REGIONS))
    return np.asarray(np.where(region // 100 == PREFECTURE, own, np.isin(region // 10_000, list(PROVINCES))))


def agrees(text: str, fault: str | None, number: str) -> bool:
    """Whether a text can be what is left of a valid number, so that the number may take its place.

    A number cell keeps the leading digits it shows, fifteen digits, or the nearest binary fraction; what was mistyped
    must agree in region and day of birth. A text without fault can only be damage that adds up by chance.
    """
    if shown := _SCIENTIFIC.fullmatch(text):
        return number.isdigit() and _shown_as(number, shown[1])
    if fault in {None, "truncated", "rounded"}:
        return number.isdigit() and text in _kept(number)
    return text[:_AGREE] == number[:_AGREE]


def _shown_as(number: str, mantissa: str) -> bool:
    """Whether a number, with its last digits lost or not, is shown with this mantissa."""
    step = Decimal(1).scaleb(-len(mantissa.partition(".")[2]))
    return any(
        Decimal(f"{kept[0]}.{kept[1:]}").quantize(step, ROUND_HALF_UP) == Decimal(mantissa) for kept in _kept(number)
    )


def _kept(number: str) -> Iterable[str]:
    """The digits that a number cell keeps of a number: all, the first fifteen, or the nearest binary fraction."""
    return (number, f"{number[:15]}000", str(int(float(number))))
