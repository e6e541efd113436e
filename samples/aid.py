"""Student aid of a term, decided as counts: entitled pupils by school, grade, boarding, category and outcome.

The counts are drawn first and the truths added up from them; `aid_files.py` spells them out as pupils and payments.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from samples.classes import Class
from samples.facts import rates, read_csv, read_yaml, rng
from samples.schools import School
from samples.truths import Truths

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
CATEGORIES = ("建档立卡", "低保", "特困供养", "孤儿", "残疾", "烈士子女", "其他")
CATEGORY_SHARES = (0.62, 0.16, 0.03, 0.02, 0.05, 0.002, 0.118)
PRIORITY = ("建档立卡", "低保", "特困供养", "残疾")
OUTCOMES = ("missing", "unpaid", "returned", "late", "short", "on_time", "twice")
SHORT_PAID = (4, 5)
FEN = Decimal("0.01")
KINDS = len(CATEGORIES) * len(OUTCOMES)
KIND_CATEGORY = np.repeat(np.arange(len(CATEGORIES)), len(OUTCOMES))
KIND_OUTCOME = np.tile(np.arange(len(OUTCOMES)), len(CATEGORIES))


def _of_categories(*categories: str) -> Flags:
    """Which kinds of pupils are of one of these categories."""
    return np.isin(KIND_CATEGORY, [CATEGORIES.index(category) for category in categories])


def _kinds_with(*outcomes: str) -> Flags:
    """Which kinds of pupils have one of these outcomes."""
    return np.isin(KIND_OUTCOME, [OUTCOMES.index(outcome) for outcome in outcomes])


POOR: Flags = _of_categories("建档立卡")
FIRST: Flags = _of_categories(*PRIORITY)
EVERY: Flags = POOR | ~POOR
# Whoever is in the ledger twice for one allowance has two rows that both have to be put right, and none that counts.
LISTED = ~_kinds_with("missing", "twice")
TWICE = _kinds_with("twice")
RETURNED = _kinds_with("returned")
PAID = _kinds_with("late", "short", "on_time")
IN_TIME = _kinds_with("short", "on_time")
SHORT = _kinds_with("short")


@dataclass(frozen=True)
class Cell:
    """Pupils of one school, grade and boarding."""

    school: School
    stage: str
    grade: str
    boarder: bool


@dataclass(frozen=True)
class Standard:
    """What one project pays to whom in a term, in 分; `living` ones are those that have to be on time."""

    stage: str
    project: str
    living: bool
    day: int
    boarding: int
    who: str
    grades: frozenset[str]

    def due(self, cell: Cell) -> int:
        """Amount due to a pupil of the cell, 0 where the standard is not for that stage or grade."""
        if cell.stage != self.stage or (self.grades and cell.grade not in self.grades):
            return 0
        return self.boarding if cell.boarder else self.day

    @property
    def kinds(self) -> Flags:
        """For which kinds of pupils it is: all, the registered poor or the others."""
        groups: dict[str, Flags] = {"poor": POOR, "other": ~POOR, "all": EVERY}
        return groups[self.who]


@dataclass(frozen=True)
class Aid:
    """The aid of one unit and term: how many pupils of each kind (category and outcome) every cell has."""

    unit: str
    cells: list[Cell]
    counts: Ints


@functools.cache
def standards() -> list[Standard]:
    """All standards, in the order of the file."""
    return [
        Standard(
            row["stage"],
            row["project"],
            row["living"] == "1",
            int(row["day_fen"]),
            int(row["boarder_fen"]),
            row["who"],
            frozenset(row["grades"].split()),
        )
        for row in read_csv("aid_standards")
    ]


def short_paid(due: int) -> int:
    """What is paid in time to a pupil who gets too little, in 分."""
    return due * SHORT_PAID[0] // SHORT_PAID[1]


def decide_aid(unit: str, classes: list[Class], year: int, season: str, seed: int) -> Aid:
    """The counts of one unit and term, from the classes that its schools had then."""
    chance = rng(seed, "aid", unit, year, season)
    sizes: dict[tuple[str, str, str], int] = defaultdict(int)
    schools: dict[str, School] = {}
    for one in classes:
        sizes[one.school.code, one.stage, one.grade] += one.pupils
        schools[one.school.code] = one.school
    cells: list[Cell] = []
    entitled: list[int] = []
    for (code, stage, grade), pupils in sizes.items():
        cells += [Cell(schools[code], stage, grade, boarder) for boarder in (False, True)]
        entitled += _entitled(pupils, stage, chance)
    kinds = np.outer(CATEGORY_SHARES, _outcome_shares(unit, year, season)).ravel()
    counts = chance.multinomial(np.array(entitled), kinds / kinds.sum()).astype(np.int64)
    return Aid(unit, cells, counts)


def _entitled(pupils: int, stage: str, chance: np.random.Generator) -> tuple[int, int]:
    """How many of a grade's pupils are entitled: day pupils, boarders."""
    facts = read_yaml("stages")[stage]
    some = int(chance.binomial(pupils, facts["entitled"]))
    boarding = int(chance.binomial(some, facts["boarders"]))
    return some - boarding, boarding


def _outcome_shares(unit: str, year: int, season: str) -> list[float]:
    """Shares of the outcomes: where none is late, none is unpaid or returned either."""
    wanted, twice = rates(unit, year), rates(unit, year, "aims")["twice"]
    late = wanted[f"late_{season}"]
    failed = [wanted["missing"], late * 0.2, late * 0.1, late * 0.7, late * 0.05]
    return [*failed, 1 - sum(failed) - twice, twice]


def tell_aid(truths: Truths, aid: Aid, year: int, season: str) -> None:
    """Adds a unit's aid of a term to the truths: on time by head and by money, the registered poor, coverage, money."""
    for standard in (standard for standard in standards() if standard.living):
        for cell, counts in zip(aid.cells, aid.counts, strict=True):
            due = standard.due(cell)
            if due:
                _tell_cell(truths, cell.school, counts, standard.kinds, due, (year, season))
    for name, among in (("", EVERY), ("_poor", POOR), ("_priority", FIRST)):
        entitled = int(aid.counts[:, among].sum())
        truths.at_unit(f"aid_coverage{name}_{season}", year, aid.unit, _covered(aid, among), entitled)
    _tell_payments(truths, aid, year, season)


def _tell_payments(truths: Truths, aid: Aid, year: int, season: str) -> None:
    """Adds payments of all projects: returned ones to those that count, second ones to all, money to pupils paid."""
    counted = returned = twice = paid = 0
    for cell, counts in zip(aid.cells, aid.counts, strict=True):
        for standard in (standard for standard in standards() if standard.due(cell)):
            rows = _rows(counts, standard)
            counted, returned, twice = counted + rows[0], returned + rows[1], twice + rows[2]
            paid += _paid(counts, standard, standard.due(cell))
    truths.at_unit(f"aid_returned_rate_{season}", year, aid.unit, returned, counted)
    truths.at_unit(f"aid_repeated_rate_{season}", year, aid.unit, twice, counted + 2 * twice)
    truths.at_unit(f"aid_amount_per_pupil_{season}", year, aid.unit, paid * FEN, _covered(aid, EVERY))


def _rows(counts: Ints, standard: Standard) -> tuple[int, int, int]:
    """Of a cell and standard: rows that count, those returned among them, and pupils listed twice.

    Only what is paid as an allowance fails or is paid twice; a fee waived always arrives.
    """
    if not standard.living:
        return int(counts[standard.kinds & (LISTED | TWICE)].sum()), 0, 0
    chosen = (standard.kinds & among for among in (LISTED, RETURNED, TWICE))
    counted, returned, twice = (int(counts[kinds].sum()) for kinds in chosen)
    return counted, returned, twice


def _paid(counts: Ints, standard: Standard, due: int) -> int:
    """What a standard paid to the pupils of a cell, in 分."""
    if not standard.living:
        return int(counts[standard.kinds & (LISTED | TWICE)].sum()) * due
    short = int(counts[standard.kinds & SHORT].sum())
    return (int(counts[standard.kinds & PAID].sum()) - short) * due + short * short_paid(due)


def _tell_cell(truths: Truths, school: School, counts: Ints, kinds: Flags, due: int, when: tuple[int, str]) -> None:
    year, season = when
    for name, among in (("aid_on_time", kinds), ("aid_on_time_poor", kinds & POOR)):
        rows, in_time = int(counts[among & LISTED].sum()), int(counts[among & IN_TIME].sum())
        truths.at_school(f"{name}_{season}", year, school, in_time, rows)
    rows, in_time = int(counts[kinds & LISTED].sum()), int(counts[kinds & IN_TIME].sum())
    short = int(counts[kinds & SHORT].sum())
    paid = (in_time - short) * due + short * short_paid(due)
    truths.at_school(f"aid_on_time_amount_{season}", year, school, paid, rows * due)


def _covered(aid: Aid, among: Flags) -> int:
    """Pupils with a payment that arrived: a living allowance, or a fee waived, which always arrives."""
    covered = 0
    for cell, counts in zip(aid.cells, aid.counts, strict=True):
        reached = np.zeros(KINDS, dtype=np.bool_)
        for standard in standards():
            if standard.due(cell):
                reached |= standard.kinds & (PAID if standard.living else LISTED | TWICE)
        covered += int(counts[reached & among].sum())
    return covered
