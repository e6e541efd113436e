"""Examinations of a summer: every candidate's results by subject, and the score distribution that the bureau hands on.

No indicator of the sample rests on them. Not here: admissions and sittings, for which no file is made.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from samples.classes import Class
from samples.facts import read_yaml, rng
from samples.persons import Registry, identity_numbers, names
from samples.tables import Table, calendar_year, from_rows

STATES = ("正常", "缺考", "违纪", "缓考")
STATE_SHARES = (0.985, 0.012, 0.001, 0.002)
LETTERS = "EDCBA"
LETTER_BOUNDS = (0.4, 0.55, 0.7, 0.85)


def exam_results(unit: str, before: list[Class], registry: Registry, year: int, seed: int) -> Table:
    """All results of one unit's candidates, from the classes of the school year that ends with the examinations."""
    columns: dict[str, list[Any]] = defaultdict(list)
    for sitting in read_yaml("exams"):
        subjects = sitting["subjects"]
        people = _candidates(f"{year % 100}{unit}{sitting['digit']}", before, sitting["grade"], registry, year)
        many = len(people["candidate_no"])
        rows = many * len(subjects)
        columns["county_code"] += [unit] * rows
        columns["exam"] += [sitting["exam"]] * rows
        columns["exam_year"] += [year] * rows
        columns["subject"] += list(subjects) * many
        for name, values in people.items():
            columns[name] += [value for value in values for _ in subjects]
        for name, values in _marks(subjects, many, rng(seed, "exam", unit, year, sitting["digit"])).items():
            columns[name] += values
    return Table("exam_results", calendar_year(year, 7, 25), columns)


def _candidates(prefix: str, before: list[Class], grade: str, registry: Registry, year: int) -> dict[str, list[Any]]:
    """Everyone of a grade, school by school."""
    stage, age = next((stage, f["grades"][grade]) for stage, f in read_yaml("stages").items() if grade in f["grades"])
    sizes: dict[tuple[str, str], int] = defaultdict(int)
    for one in (one for one in before if one.grade == grade):
        sizes[one.school.code, one.school.name] += one.pupils
    runs = [registry.first_place(code, stage) + np.arange(pupils) for (code, _), pupils in sizes.items()]
    places = np.concatenate(runs).astype(np.int64)
    numbers = identity_numbers(np.full(len(places), year - 1 - age, dtype=np.int64), places)
    schools = [school for school, pupils in sizes.items() for _ in range(pupils)]
    return {
        "school_code": [code for code, _ in schools],
        "school_name": [name for _, name in schools],
        "candidate_no": [f"{prefix}{i:06d}" for i in range(len(schools))],
        "name": names(places),
        "student_id": numbers,
        "national_student_no": [f"G{number}" for number in numbers],
    }


def _marks(subjects: dict[str, int], many: int, chance: np.random.Generator) -> dict[str, list[Any]]:
    """Full marks, scores in halves, letters and states; whoever did not sit, or cheated, has no score."""
    full = np.tile(np.array(list(subjects.values()), dtype=np.int64), many)
    able = np.repeat(chance.normal(0.66, 0.13, many), len(subjects))
    share = np.clip(able + chance.normal(0, 0.08, len(full)), 0.05, 1)
    score = np.round(share * full * 2) / 2
    state = chance.choice(len(STATES), len(full), p=STATE_SHARES)
    letter = np.searchsorted(LETTER_BOUNDS, score / full, side="right")
    sat = (state == 0).tolist()
    return {
        "full_mark": full.tolist(),
        "score": [one if here else None for one, here in zip(score.tolist(), sat, strict=True)],
        "grade_letter": [LETTERS[one] if here else None for one, here in zip(letter.tolist(), sat, strict=True)],
        "status": [STATES[one] for one in state.tolist()],
    }


def score_distribution(year: int, seed: int) -> Table:
    """The distribution of a summer's scores in 湖南, 理科 and 文科, from the highest score down."""
    rows: list[dict[str, Any]] = []
    for group, top, peak in (("理科", 690, 470), ("文科", 670, 500)):
        chance = rng(seed, "distribution", year, group)
        cumulative = 0
        for score in range(top, 199, -1):
            count = int(chance.poisson(900 * np.exp(-(((score - peak) / 90) ** 2)))) + (40 if score == top else 0)
            cumulative += count
            rows.append(
                {
                    "province": "湖南",
                    "year": year,
                    "subject_group": group,
                    "batch": "本科",
                    "score": f"{score}分及以上" if score == top else str(score),
                    "segment_count": count,
                    "cumulative_count": cumulative,
                }
            )
    return from_rows("score_distribution", calendar_year(year, 7, 25), rows)
