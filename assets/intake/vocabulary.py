"""What headers mean in all contracts at once: a sheet is looked through once, not once for each contract.

How one header is compared is `headers.py`; which of the contracts that fit a file is meant, `recognise.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from assets.intake.headers import HeaderRow, Label, header_row, label, plain_name
from assets.intake.stacked import Path, blocks, column_of, paths_of, stacked_header
from expectations.contract import Column, Contract

_HALF = 2
_REMEMBERED = 1 << 14
_WHERE_AND_WHEN = frozenset({"school_code", "school_name", "county_code", "school_year", "term", "year", "month"})


def must_be_there(contract: Contract) -> tuple[Column, ...]:
    """The `!` columns that nothing but the file's own column can fill."""
    return tuple(column for column in contract.columns if column.is_column_required and not column.filled_from)


@dataclass(frozen=True)
class Spelled:
    """A contract with all that its headers say, worked out once.

    `columns`: column by every plain header that names it, its English name too; the first column keeps a contested one.
    `needed`: its `!` columns. `titles`: the words by which a title or file name names it.
    """

    contract: Contract
    columns: Mapping[str, str]
    needed: frozenset[str]
    must_be_there: tuple[Column, ...]
    titles: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract) -> Spelled:
        """The same, as the contract tells it."""
        columns: dict[str, str] = {}
        for column in contract.columns:
            for text in (*column.headers, column.name):
                columns.setdefault(plain_name(text), column.name)
        needed = frozenset(column.name for column in contract.columns if column.required)
        titles = tuple(map(plain_name, (*contract.titles, contract.name_zh)))
        return cls(contract, columns, needed, must_be_there(contract), titles)


@dataclass(frozen=True)
class Stack:
    """A header of several rows: its first row, the path of each position, and what names a column of any dataset."""

    first: int
    paths: Sequence[Path]
    is_known: Callable[[Label], bool]


@dataclass(frozen=True)
class Fit:
    """How a contract's columns are found in a sheet: in the row that names most of them, `!` columns first.

    `named`: the columns that it names; `required`: how many of them are `!` columns. `stack`: the header has several
    rows, of which `row` is the last.
    """

    spelled: Spelled
    row: int
    texts: Sequence[str]
    named: frozenset[str]
    required: int
    stack: Stack | None = None

    @property
    def contract(self) -> Contract:
        """The contract that is fitted."""
        return self.spelled.contract

    @functools.cached_property
    def header(self) -> HeaderRow:
        """Where its columns stand."""
        if self.stack:
            return stacked_header(
                self.stack.first, self.row, self.stack.paths, self.spelled.columns, self.stack.is_known
            )
        return header_row(self.row, self.texts, self.spelled.columns)

    @property
    def top(self) -> int:
        """The first row of its header."""
        return self.stack.first if self.stack else self.row

    @property
    def missing(self) -> tuple[Column, ...]:
        """Columns that must be in the file and are not, without those that title, file name or folder may fill."""
        return tuple(column for column in self.spelled.must_be_there if column.name not in self.named)

    @property
    def rank(self) -> tuple[int, int]:
        """How many of the `!` columns, then how many of all columns are in the file."""
        return self.required, len(self.named)

    @property
    def is_half(self) -> bool:
        """Whether at least half of the contract's `!` columns are there, and any that says more than where and when."""
        return bool(self.named - _WHERE_AND_WHEN) and _HALF * self.required >= len(self.spelled.needed)

    @property
    def nearness(self) -> tuple[float, int]:
        """The share that is there of the columns that must be, then how many of all columns are."""
        needed = len(self.spelled.must_be_there)
        return (needed - len(self.missing)) / max(needed, 1), len(self.named)


class Vocabulary:
    """Every header that names a column of some contract."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        """What the contracts' headers say; texts that were looked up are remembered, most cells of a head recur."""
        self._spelled = {name: Spelled.of(c) for name, c in contracts.items() if c.read_by == "headers"}
        self._columns: dict[str, dict[str, str]] = {}
        for name, spelled in self._spelled.items():
            for header, column in spelled.columns.items():
                self._columns.setdefault(header, {})[name] = column
        self._columns_of = functools.lru_cache(_REMEMBERED)(self._meant_by)

    def _meant_by(self, text: str) -> tuple[tuple[str, str], ...]:
        one = label(text)
        return tuple((self._columns.get(one.bare, {}) | self._columns.get(one.name, {})).items())

    def fits(self, head: Sequence[Sequence[str]]) -> dict[str, Fit]:
        """The fit of each dataset of which some row names a column; of rows that name as many the first."""
        best: dict[str, Fit] = {}
        for row, texts in enumerate(head):
            named: dict[str, set[str]] = {}
            for text in texts:
                for dataset, column in self._columns_of(text):
                    named.setdefault(dataset, set()).add(column)
            for dataset, columns in named.items():
                required = len(columns & self._spelled[dataset].needed)
                if dataset not in best or (required, len(columns)) > best[dataset].rank:
                    best[dataset] = Fit(self._spelled[dataset], row, texts, frozenset(columns), required)
        for first, last in blocks(head, lambda text: bool(self._columns_of(text))):
            self._stack(head, first, last, best)
        return {dataset: best[dataset] for dataset in self._spelled if dataset in best}

    def _stack(self, head: Sequence[Sequence[str]], first: int, last: int, best: dict[str, Fit]) -> None:
        """Put the fits of a header of several rows in place of those that name less.

        One that names as much is better where its last row leaves a `!` column blank and names part of another, as no
        row of data does.
        """
        stack = Stack(first, paths_of(head[first : last + 1]), self._is_known)
        for dataset, spelled in self._spelled.items():
            found = [column_of(path, spelled.columns, self._is_known) for path in stack.paths]
            named = frozenset(filter(None, found))
            required = len(named & spelled.needed)
            before = best.get(dataset)
            rank, standing = (required, len(named)), before.rank if before else (0, 0)
            last_row = [*head[last], *[""] * (len(found) - len(head[last]))]
            is_below = any(column in spelled.needed and not last_row[at] for at, column in enumerate(found))
            is_below &= any(column and plain_name(last_row[at]) for at, column in enumerate(found))
            is_first = before is None or before.top >= first
            if rank > standing or (named and rank == standing and is_below and is_first):
                best[dataset] = Fit(spelled, last, head[last], named, required, stack)

    def _is_known(self, one: Label) -> bool:
        return one.bare in self._columns or one.name in self._columns

    def named_by(self, texts: Iterable[str]) -> Contract | None:
        """The contract that title lines or a file name name; of several, the one named with most characters."""
        said = [plain_name(text) for text in texts]
        found = [
            (len(title), spelled.contract)
            for spelled in self._spelled.values()
            for title in spelled.titles
            if any(title in text for text in said)
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None


class _Same:
    """Contracts told apart by identity: to hash all their columns would cost more than to read a small file."""

    def __init__(self, contracts: Mapping[str, Contract]) -> None:
        self.contracts = contracts

    def __hash__(self) -> int:
        return id(self.contracts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.contracts is other.contracts


def vocabulary_of(contracts: Mapping[str, Contract]) -> Vocabulary:
    """The vocabulary of these contracts, made once for as long as a process reads with the same ones."""
    return _made(_Same(contracts))


@functools.lru_cache(maxsize=4)
def _made(same: _Same) -> Vocabulary:
    return Vocabulary(same.contracts)
