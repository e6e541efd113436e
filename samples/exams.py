"""Examinations of a summer: every candidate's results by subject, and what they come to by school.

Not here: how examinations were held (`sittings.py`), and the score distribution that the bureau hands on
(`distribution.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.classes import Class
from samples.facts import read_yaml, rng
from samples.persons import Registry, identity_numbers, names
from samples.schools import School
from samples.tables import Table, calendar_year
from samples.truths import Truths

Ints = NDArray[np.int64]
STATES = ("正常", "缺考", "违纪", "缓考")
STATE_SHARES = (0.985, 0.012, 0.001, 0.002)
LETTERS = "EDCBA"
LETTER_BOUNDS = (0.4, 0.55, 0.7, 0.85)
LINES = {"pass": 60, "excellent": 85, "low": 40}
EACH = 40


@dataclass(frozen=True)
class Paper:
    """One examination of one unit: who sat for it, and by candidate and subject the double of the score, and the state.

    `facts` are those of `exams.yaml`; `alternative` says which candidates sit for another subject instead of one.
    """

    unit: str
    facts: dict[str, Any]
    pupils: list[tuple[School, int]]
    doubled: Ints
    state: Ints

    @property
    def many(self) -> int:
        """Number of candidates."""
        return len(self.doubled)

    @property
    def full(self) -> Ints:
        """Full marks of its subjects."""
        return np.array(list(self.facts["subjects"].values()), dtype=np.int64)

    @property
    def alternative(self) -> NDArray[np.bool_]:
        """Candidates who sit for the other subject."""
        third: NDArray[np.bool_] = np.arange(self.many) % 3 == 0
        return third


def decide_exams(unit: str, before: list[Class], year: int, seed: int) -> list[Paper]:
    """All results of one unit's candidates, from the classes of the school year that ends with the examinations."""
    found = []
    for facts in read_yaml("exams"):
        sizes: dict[str, int] = defaultdict(int)
        schools: dict[str, School] = {}
        for one in (one for one in before if one.grade == facts["grade"]):
            sizes[one.school.code] += one.pupils
            schools[one.school.code] = one.school
        full = np.array(list(facts["subjects"].values()), dtype=np.int64)
        marks = _marks(full, sum(sizes.values()), rng(seed, "exam", unit, year, facts["digit"]))
        found.append(Paper(unit, facts, [(schools[code], many) for code, many in sizes.items()], *marks))
    return found


def _marks(full: Ints, many: int, chance: np.random.Generator) -> tuple[Ints, Ints]:
    """Doubled scores and states: a candidate is as able in all subjects; some lie on a line or just below."""
    able = chance.normal(0.66, 0.13, (many, 1))
    share = np.clip(able + chance.normal(0, 0.08, (many, len(full))), 0.05, 1)
    doubled = np.round(share * full * 2).astype(np.int64)
    for i, percent in enumerate(LINES.values()):
        doubled[2 * i :: EACH] = full * 2 * percent // 100
        doubled[2 * i + 1 :: EACH] = full * 2 * percent // 100 - 1
    return doubled, chance.choice(len(STATES), (many, len(full)), p=STATE_SHARES).astype(np.int64)


def exam_results(unit: str, papers: list[Paper], registry: Registry, year: int) -> Table:
    """The file of one unit; whoever did not sit, or cheated, has no score."""
    columns: dict[str, list[Any]] = defaultdict(list)
    for paper in papers:
        people, each = _candidates(paper, registry, year), len(paper.full)
        rows = paper.many * each
        columns["county_code"] += [unit] * rows
        columns["exam"] += [paper.facts["exam"]] * rows
        columns["exam_year"] += [year] * rows
        for name, values in people.items():
            columns[name] += [value for value in values for _ in range(each)]
        for name, values in _told(paper).items():
            columns[name] += values
    return Table("exam_results", calendar_year(year, 7, 25), columns)


def _candidates(paper: Paper, registry: Registry, year: int) -> dict[str, list[Any]]:
    """Everyone of a grade, school by school."""
    grade, prefix = paper.facts["grade"], f"{year % 100}{paper.unit}{paper.facts['digit']}"
    stage, age = next((stage, f["grades"][grade]) for stage, f in read_yaml("stages").items() if grade in f["grades"])
    runs = [registry.first_place(school.code, stage) + np.arange(pupils) for school, pupils in paper.pupils]
    places = np.concatenate(runs).astype(np.int64)
    numbers = identity_numbers(np.full(len(places), year - 1 - age, dtype=np.int64), places)
    schools = [school for school, pupils in paper.pupils for _ in range(pupils)]
    return {
        "school_code": [school.code for school in schools],
        "school_name": [school.name for school in schools],
        "candidate_no": [f"{prefix}{i:06d}" for i in range(len(schools))],
        "name": names(places),
        "student_id": numbers,
        "national_student_no": [f"G{number}" for number in numbers],
    }


def _told(paper: Paper) -> dict[str, list[Any]]:
    """Subject, full mark, score in halves, letter and state of each row; some subjects are told by letter alone."""
    subjects = np.tile(np.array(list(paper.facts["subjects"]), dtype=object), (paper.many, 1))
    scored = paper.state == 0
    for column, subject in enumerate(paper.facts["subjects"]):
        if subject in paper.facts.get("instead", {}):
            subjects[paper.alternative, column] = paper.facts["instead"][subject]
    letter = np.searchsorted(LETTER_BOUNDS, paper.doubled / (2 * paper.full), side="right")
    by_letter = np.isin(list(paper.facts["subjects"]), paper.facts.get("by_letter", []))
    has_score = scored & ~by_letter
    doubled, letters = paper.doubled.ravel().tolist(), letter.ravel().tolist()
    return {
        "subject": subjects.ravel().tolist(),
        "full_mark": np.tile(paper.full, paper.many).tolist(),
        "score": [one / 2 if here else None for one, here in zip(doubled, has_score.ravel().tolist(), strict=True)],
        "grade_letter": [
            LETTERS[one] if here else None for one, here in zip(letters, scored.ravel().tolist(), strict=True)
        ],
        "status": [STATES[one] for one in paper.state.ravel().tolist()],
    }


def tell_exams(truths: Truths, papers: list[Paper], year: int) -> None:
    """Adds scores school by school, and candidates at or above a line or below it, among those who sat."""
    for paper in papers:
        for figure, column, chosen in _figures(paper):
            first = 0
            for school, pupils in paper.pupils:
                rows = slice(first, first + pupils)
                doubled = paper.doubled[rows, column][chosen[rows]]
                _tell_scores(truths, figure, school, doubled, int(paper.full[column]), year)
                first += pupils


def _figures(paper: Paper) -> Iterator[tuple[str, int, NDArray[np.bool_]]]:
    """What indicators are named by, the column of the marks, and the candidates who sat for that subject."""
    figures, instead = paper.facts.get("figures", {}), paper.facts.get("instead", {})
    for column, subject in enumerate(paper.facts["subjects"]):
        sat = paper.state[:, column] == 0
        if subject in instead:
            yield figures[instead[subject]], column, sat & paper.alternative
            sat &= ~paper.alternative
        if subject in figures:
            yield figures[subject], column, sat


def _tell_scores(truths: Truths, figure: str, school: School, doubled: Ints, full: int, year: int) -> None:
    """Mean and rates of one school and subject; scores are doubled so that halves stay whole numbers."""
    many = len(doubled)
    reached = {line: int((doubled * 100 >= 2 * full * percent).sum()) for line, percent in LINES.items()}
    truths.at_school(f"{figure}_mean", year, school, Decimal(int(doubled.sum())) / 2, many)
    truths.at_school(f"{figure}_pass", year, school, reached["pass"], many)
    truths.at_school(f"{figure}_excellent", year, school, reached["excellent"], many)
    truths.at_school(f"{figure}_low", year, school, many - reached["low"], many)
