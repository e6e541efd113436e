"""Headers: what one says, and where the columns of a contract stand in a row of them.

Headers are compared by what they say, not by how they are typed. Which row names the columns of a contract is found in
`vocabulary.py`; reading the rows below the header is `rows.py`. Headers of several rows are joined in `stacked.py`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from expectations.visible import visible

UNITS: Mapping[str, str] = {
    "元": "元", "万元": "万元", "㎡": "㎡", "平方米": "㎡", "m2": "㎡", "m²": "㎡", "亩": "亩", "人": "人", "名": "人",
    "万人": "万人", "间": "间", "所": "所", "个": "个", "册": "册", "万册": "万册", "台": "台", "套": "套", "天": "天",
    "次": "次", "元/天": "元", "元/人·天": "元", "元/生·天": "元",
    "课时": "课时", "岁": "岁", "分": "分", "%": "%",
}  # fmt: skip
DROPPED = frozenset({"序号", "备注"})

_HALF_WIDTH = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)})
_NOTHING = re.compile(r"_x000[DdAa]_|[\s\u200b\ufeff\"'“”‘’「」『』]")
_LEAD = re.compile(r"^(?:#|\*|其中[:,]?)+|\*+$")
_BEHIND = re.compile(r"^(.+?)[\[(【](?:单位:)?([^\[\](【】)]+)[\])】]$")
_PERSONAL = re.compile(
    r".*姓名.*|.*(?:电话|手机|联系方式).*|.*(?:住址|家庭地址|通讯地址|通信地址|户籍地址|居住地址|详细地址)|地址|name|phone"
    r"|(?:学生)?(?:父亲|母亲|家长|监护人|户主)[一二12]?"
)
_LONG_NUMBER = re.compile(r"\d{6,}")
_SHOWN = 30


@dataclass(frozen=True)
class Label:
    """One header cell: its text, what it says, and the same without the unit in brackets behind it."""

    text: str
    name: str
    bare: str
    unit: str


@dataclass(frozen=True)
class HeaderRow:
    """Where the columns of one contract stand in a sheet, all positions from 0; `row` is the header's last row.

    `first` is its first row where it has several. `repeats` holds the further headers of a column that has several: the
    first counts. `units` are those that headers name in brackets. `parts` are all texts above a position, where
    the header has several rows. `unknown` are headers of no column, without those that are always dropped.
    """

    row: int
    positions: Mapping[str, int]
    repeats: Mapping[str, tuple[int, ...]]
    units: Mapping[str, str]
    unknown: tuple[str, ...]
    texts: Mapping[int, str]
    first: int | None = None
    parts: Mapping[int, frozenset[str]] = field(default_factory=dict)

    @property
    def top(self) -> int:
        """The header's first row; title lines stand above it."""
        return self.row if self.first is None else self.first


def plain_name(text: str) -> str:
    """What a header says: no blanks, line breaks, quotes or leading # and 其中; half width; Latin letters small."""
    return _LEAD.sub("", _NOTHING.sub("", text).translate(_HALF_WIDTH).lower())


def label(text: str) -> Label:
    """A header cell read: name with and without the unit behind it; a bracket that holds no known unit stays."""
    name = plain_name(text)
    behind = _BEHIND.match(name)
    unit = UNITS.get(behind[2], "") if behind else ""
    return Label(text.strip(), name, behind[1] if behind and unit else name, unit)


def header_row(row: int, texts: Sequence[str], known: Mapping[str, str]) -> HeaderRow:
    """Where the columns stand that `known` names by plain header, in the cells of that row."""
    labels = [label(text) for text in texts]
    positions: dict[str, int] = {}
    repeats: dict[str, tuple[int, ...]] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    for position, one in enumerate(labels):
        column = known.get(one.name) or known.get(one.bare)
        if column is None:
            unknown += worth_telling(one)
        elif column in positions:
            repeats[column] = (*repeats.get(column, ()), position)
        else:
            positions[column] = position
            if one.unit and one.name not in known:
                units[column] = one.unit
    shown = {position: one.text for position, one in enumerate(labels) if one.text}
    return HeaderRow(row, positions, repeats, units, tuple(dict.fromkeys(unknown)), shown)


def worth_telling(one: Label) -> list[str]:
    """An unknown header as it may be told, or none: long numbers are no header and are masked."""
    if not one.name or one.bare in DROPPED or is_personal(one):
        return []
    return [_LONG_NUMBER.sub("…", visible(" ".join(one.text.split())))[:_SHOWN]]


def is_personal(one: Label) -> bool:
    """Whether a header stands over names, telephones, parents or addresses, which are dropped wherever they occur."""
    return bool(_PERSONAL.fullmatch(one.bare))


@functools.cache
@functools.cache
def letter(position: int) -> str:
    """Excel's letter of a column counted from 0: 0 is A, 26 is AA."""
    first, last = divmod(position, 26)
    return (letter(first - 1) if first else "") + chr(ord("A") + last)
