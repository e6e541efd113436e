"""Identities of census forms: what must add up among the cells of a form, or between two forms, as the layouts tell it.

`2 = 3..6` stands for a sum, `15 = 1 + 2 - 7` for a balance, `4 <= 3` for a part of a whole, `1 = 2..` for all codes
behind the first, `1 = 2.. / 2` for two ways to divide one whole. Codes are those of columns (then it holds in every
row), of rows (then in every column), or of cells with their form (`基础基411 01/3 = 基础基4211 02/1`). Holding rows
against them is `assets/judging/census_sums.py`.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Axis = Literal["columns", "rows", "forms"]
_CODE = r"(?:\S+ \d{2}/\d{1,2}|\d{1,2})"
_SIDES = re.compile(rf"(?P<total>{_CODE}) (?P<sign>=|<=) (?P<terms>.+?)(?: / (?P<share>[2-9]))?")
_TERM = re.compile(rf"(?P<sign>[+-]) (?P<first>{_CODE})(?P<range>\.\.(?P<last>\d{{1,2}})?)?")
_WORDS = {"columns": "第{}列", "rows": "第{}行"}


@dataclass(frozen=True)
class Term:
    """One code of a sum, or a range of them; `last` is None where the range has no end."""

    sign: Literal[1, -1]
    first: str
    last: str | None
    is_range: bool

    def among(self, codes: Collection[str]) -> list[str]:
        """Those of the codes that it names."""
        if not self.is_range:
            return [self.first] if self.first in codes else []
        last = int(self.last or 99)
        return [code for code in codes if code.isdigit() and int(self.first) <= int(code) <= last]

    def words(self, axis: Axis) -> str:
        """How a message names it."""
        if axis == "forms":
            form, row, column = re.split("[ /]", self.first)
            return f"{form}第{row}行第{column}列"
        first, last = (_WORDS[axis].format(code) for code in (self.first, self.last))
        if not self.is_range:
            return first
        return f"{first}至{last}" if self.last else f"{first}及以后各{_WORDS[axis][-1]}"


@dataclass(frozen=True)
class Identity:
    """What one code must equal, or may not pass: the sum of the terms, divided by `share`."""

    axis: Axis
    total: str
    is_limit: bool
    terms: tuple[Term, ...]
    share: int

    @property
    def codes(self) -> set[str]:
        """The codes that it names, but for those of ranges without an end."""
        ends = {code for term in self.terms for code in (term.first, term.last) if code}
        return {self.total} | ends

    @property
    def words(self) -> str:
        """How a message names what the total is held against, without its value."""
        first, *others = self.terms
        parts = [first.words(self.axis), *(f"{'加' if t.sign > 0 else '减'}{t.words(self.axis)}" for t in others)]
        is_sum = first.is_range and not others
        return "".join(parts) + ("之和" if is_sum else "") + (f"的{self.share}分之一" if self.share > 1 else "")


def identity(axis: Axis, text: str) -> Identity:
    """The identity that a layout writes.

    Raises:
        ValueError: it is not written as an identity.
    """
    sides = _SIDES.fullmatch(text)
    terms = f"+ {sides['terms']}" if sides else ""
    found = list(_TERM.finditer(terms))
    if sides is None or " ".join(term.group() for term in found) != terms:
        raise ValueError(f"{text!r} is no identity, such as 2 = 3..6")
    return Identity(
        axis=axis,
        total=sides["total"],
        is_limit=sides["sign"] == "<=",
        terms=tuple(Term(1 if t["sign"] == "+" else -1, t["first"], t["last"], bool(t["range"])) for t in found),
        share=int(sides["share"] or 1),
    )
