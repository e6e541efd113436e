"""Header rows: which row of a sheet names the columns of a contract, and which column stands where.

Headers are compared by what they say, not by how they are typed. Which contract a file fits is decided in
`recognise.py`; reading the rows below the header is `rows.py`. Headers of several rows are not joined here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from expectations.contract import Column, Contract

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
    """Where the columns of one contract stand in a sheet, all positions from 0.

    `repeats` holds the further headers of a column that has several: the first counts. `units` are those that headers
    name in brackets. `unknown` are headers of no column, without those that are always dropped.
    """

    row: int
    positions: Mapping[str, int]
    repeats: Mapping[str, tuple[int, ...]]
    units: Mapping[str, str]
    unknown: tuple[str, ...]
    texts: Mapping[int, str]

    def missing(self, contract: Contract) -> tuple[Column, ...]:
        """Columns that must be in the file and are not, without those that title, file name or folder may fill."""
        return tuple(c for c in must_be_there(contract) if c.name not in self.positions)

    def required(self, contract: Contract) -> int:
        """How many of the contract's `!` columns are in the file."""
        return sum(column.required and column.name in self.positions for column in contract.columns)


def must_be_there(contract: Contract) -> tuple[Column, ...]:
    """The `!` columns that nothing but the file's own column can fill."""
    return tuple(column for column in contract.columns if column.is_column_required and not column.filled_from)


def plain_name(text: str) -> str:
    """What a header says: no blanks, line breaks, quotes or leading # and 其中; half width; Latin letters small."""
    return _LEAD.sub("", _NOTHING.sub("", text).translate(_HALF_WIDTH).lower())


def label(text: str) -> Label:
    """A header cell read: name with and without the unit behind it; a bracket that holds no known unit stays."""
    name = plain_name(text)
    behind = _BEHIND.match(name)
    unit = UNITS.get(behind[2], "") if behind else ""
    return Label(text.strip(), name, behind[1] if behind and unit else name, unit)


@functools.lru_cache(maxsize=256)
def spellings(columns: tuple[Column, ...]) -> Mapping[str, str]:
    """Column name by every header that names it, its English name too; the first column keeps a contested one."""
    found: dict[str, str] = {}
    for column in columns:
        for text in (*column.headers, column.name):
            found.setdefault(plain_name(text), column.name)
    return found


def find_header(head: Sequence[Sequence[Label]], contract: Contract) -> HeaderRow | None:
    """The row of `head` that names most of the contract's columns, `!` columns first; None when no row names any."""
    known = spellings(contract.columns)
    needed = {column.name for column in contract.columns if column.required}
    scores = []
    for row, labels in enumerate(head):
        found = {known.get(one.name) or known.get(one.bare) for one in labels} - {None}
        scores.append((len(found & needed), len(found), -row))
    best = max(scores, default=(0, 0, 0))
    return _header_row(-best[2], head[-best[2]], contract) if best[1] else None


def _header_row(row: int, labels: Sequence[Label], contract: Contract) -> HeaderRow:
    known = spellings(contract.columns)
    positions: dict[str, int] = {}
    repeats: dict[str, tuple[int, ...]] = {}
    units: dict[str, str] = {}
    unknown: list[str] = []
    for position, one in enumerate(labels):
        column = known.get(one.name) or known.get(one.bare)
        if column is None:
            unknown += _worth_telling(one)
        elif column in positions:
            repeats[column] = (*repeats.get(column, ()), position)
        else:
            positions[column] = position
            if one.unit and one.name not in known:
                units[column] = one.unit
    texts = {position: one.text for position, one in enumerate(labels) if one.text}
    return HeaderRow(row, positions, repeats, units, tuple(dict.fromkeys(unknown)), texts)


def _worth_telling(one: Label) -> list[str]:
    """An unknown header as it may be told: long numbers are no header and are masked."""
    if not one.name or one.bare in DROPPED or is_personal(one):
        return []
    return [_LONG_NUMBER.sub("…", " ".join(one.text.split()))[:_SHOWN]]


def is_personal(one: Label) -> bool:
    """Whether a header stands over names, telephones, parents or addresses, which are dropped wherever they occur."""
    return bool(_PERSONAL.fullmatch(one.bare))


def labels_of(head: Iterable[Iterable[str]]) -> list[list[Label]]:
    """Every cell of a sheet's head read as a header."""
    return [[label(text) for text in row] for row in head]
