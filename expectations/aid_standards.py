"""Standards of student aid: what a project pays to a pupil of a stage, boarding or not, in a term, and from when on.

The facts stand in `reference/aid_standards.csv`, each with its source. A term for which no standard of a project and
stage is known is told by no row, and nothing is asked of it. Which payments are held against them is told in
`assets/comparisons/payments.py`.
"""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from expectations.errors import ContractError

FILE = Path(__file__).parent / "reference" / "aid_standards.csv"
BOARDING = {"": None, "是": True, "否": False}
_TERM = re.compile(r"\d{4}-\d{4}-(autumn|spring)")


@dataclass(frozen=True)
class AidStandard:
    """One amount, in 分 a term, that a project pays to pupils of a stage.

    `boarder` is None where boarding makes no difference. `since` and `until` are terms as periods are written, both
    included; the text of terms stands in their order. An empty `until`: it still holds.
    """

    project: str
    stage: str
    boarder: bool | None
    fen: int
    since: str
    until: str
    source: str

    def holds_in(self, term: str) -> bool:
        """Whether it holds in a term such as `2020-2021-autumn`, the first and the last one included."""
        return self.since <= term and (not self.until or term <= self.until)


@functools.cache
def load_aid_standards(path: Path = FILE) -> tuple[AidStandard, ...]:
    """Every standard, in the order of the file.

    Raises:
        ContractError: an amount that is no money, a term that is none, or one without a source; names file and line.
    """
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(_standard(path, line, row) for line, row in enumerate(csv.DictReader(file), 2))


def _standard(path: Path, line: int, row: dict[str, str]) -> AidStandard:
    fen = Decimal(row["yuan"]) * 100
    terms = [row["since"], *filter(None, [row["until"]])]
    right = fen == int(fen) > 0 and all(map(_TERM.fullmatch, terms)) and terms == sorted(terms)
    if not (right and row["source"] and row["boarder"] in BOARDING):
        raise ContractError(f"{path.name}:{line}: an amount with two decimals, terms in order and a source are needed")
    boarder = BOARDING[row["boarder"]]
    return AidStandard(row["project"], row["stage"], boarder, int(fen), row["since"], row["until"], row["source"])


def highest_standards(
    term: str, standards: Iterable[AidStandard] | None = None
) -> dict[tuple[str, str, bool | None], int]:
    """The highest amount of a term in 分, by project, stage and boarding.

    Boarding None is for pupils of whom it is not told: the highest of both. What is not in it has no known standard.
    """
    found: dict[tuple[str, str, bool | None], int] = {}
    for one in load_aid_standards() if standards is None else standards:
        if one.holds_in(term):
            boarding = {None, one.boarder} if one.boarder is not None else {None, True, False}
            for each in boarding:
                key = (one.project, one.stage, each)
                found[key] = max(found.get(key, 0), one.fen)
    return found


def amounts_ever(standards: Iterable[AidStandard] | None = None) -> dict[tuple[str, str, bool | None], set[int]]:
    """Every amount that is or was a standard, in 分, by project, stage and boarding.

    Boarding None stands only where it makes no difference. Those are the amounts that the contract of payments knows.
    """
    found: dict[tuple[str, str, bool | None], set[int]] = {}
    for one in load_aid_standards() if standards is None else standards:
        for each in (None, True, False) if one.boarder is None else (one.boarder,):
            found.setdefault((one.project, one.stage, each), set()).add(one.fen)
    return found
