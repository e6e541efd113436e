"""The pupil register: every pupil of a census, the same persons as in the ledgers of aid and in examinations.

Not here: who is out of school (`dropouts.py`), pupils as numbers (`pupils.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from samples.persons import Registry, born, identity_numbers, sexes
from samples.pupils import Grade, ages_of_grades
from samples.tables import Table, census

ON_LEAVE = 211
WITHOUT_IDENTITY = 499
STUDYING, LEAVE = "在校", "休学"


def student_roll(grades: Sequence[Grade], registry: Registry, year: int) -> Table:
    """The register of one unit; a few are on leave, and a few have a pupil number only."""
    ages, sizes = ages_of_grades(), np.array([one.pupils for one in grades])
    firsts = [registry.first_place(one.school.code, one.stage) for one in grades]
    cohorts = np.repeat(np.array([year - ages[one.grade] for one in grades]), sizes).astype(np.int64)
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    places = (np.repeat(np.array(firsts), sizes) + within).astype(np.int64)
    numbers: list[str] = identity_numbers(cohorts, places)
    unknown = [place % WITHOUT_IDENTITY == 0 for place in places.tolist()]
    on_leave = _on_leave([f"{one.school.code}{one.stage}" for one in grades], sizes)
    of_grade: dict[str, list[Any]] = {
        "school_code": [one.school.code for one in grades],
        "stage": [one.stage for one in grades],
        "grade": [one.grade for one in grades],
    }
    columns = {name: np.repeat(np.array(cells, dtype=object), sizes).tolist() for name, cells in of_grade.items()}
    return Table(
        "student_roll",
        census(year),
        columns
        | {
            "school_year": [year] * len(numbers),
            "student_id": [None if gone else number for number, gone in zip(numbers, unknown, strict=True)],
            "national_student_no": [_pupil_number(one, bare=gone) for one, gone in zip(numbers, unknown, strict=True)],
            "sex": sexes(numbers),
            "birth_date": born(cohorts, places).tolist(),
            "status": [LEAVE if gone else STUDYING for gone in on_leave],
            "as_of": [dt.date(year, 9, 10)] * len(numbers),
        },
    )


def _on_leave(groups: Sequence[str], sizes: np.ndarray) -> list[bool]:
    """Which pupils are on leave: the first of a school and stage, so few that roll and census agree within 1 %."""
    totals: Counter[str] = Counter()
    for group, size in zip(groups, sizes.tolist(), strict=True):
        totals[group] += size
    left = {group: many // ON_LEAVE for group, many in totals.items()}
    told = []
    for group, size in zip(groups, sizes.tolist(), strict=True):
        gone = min(left[group], size)
        left[group] -= gone
        told += [True] * gone + [False] * (size - gone)
    return told


def _pupil_number(number: str, *, bare: bool) -> str:
    """G and the identity number; L and 18 characters for who has none."""
    return f"L{number[::-1].replace('X', '0')}" if bare else f"G{number}"
