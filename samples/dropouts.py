"""The ledger of dropouts at the end of a year: children suspected of having left school, and what became of them.

Who is back sits in class, as a pupil of the register; the others are persons that no other file lists. The numbers are
wanted numbers, equal at every scale. Not here: pupils (`pupils.py`).
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samples.facts import rates, unit_codes
from samples.persons import Registry, identity_numbers
from samples.pupils import Grade, ages_of_grades
from samples.staff import AIMS
from samples.tables import Table, census, from_rows
from samples.truths import Truths

OUT = ("疑似辍学", "劝返中", "失联核实")
SETTLED = ("已返校", "转学核实", "已返校", "延缓入学", "免学")
BACK = "已返校"
CAUSES = ("厌学", "外出务工", "早婚", "身体原因", "失联", "其他")
COMPULSORY = {"小学", "初中"}
BEHIND = 5000
FIRST_PUPILS = 5
SENIOR_GRADE = "S1"


@dataclass(frozen=True)
class Dropout:
    """One child of the ledger; `poor` is None where the cell is empty."""

    grade: Grade
    status: str
    poor: bool | None
    days: int

    @property
    def counts(self) -> bool:
        """Whether it is a child of compulsory education who is out of school."""
        return self.status in OUT and self.grade.stage in COMPULSORY


def decide_dropouts(grades: Iterable[Grade], year: int) -> dict[str, list[Dropout]]:
    """The children of each unit's ledger: those out of school, poor ones first, those settled, and one of 高一."""
    found: dict[str, list[Dropout]] = {}
    by_unit: dict[str, list[Grade]] = {unit: [] for unit in unit_codes()}
    for grade in grades:
        by_unit[grade.school.unit].append(grade)
    for unit, own in by_unit.items():
        aims = rates(unit, year, AIMS)
        juniors = [grade for grade in own if grade.stage == "初中"] or own
        compulsory = [grade for grade in own if grade.stage in COMPULSORY]
        senior = [grade for grade in own if grade.grade == SENIOR_GRADE]
        gone, poor = int(aims["open_dropouts"]), int(aims["poor_dropouts"])
        ledger = [
            Dropout(juniors[(7 * i) % len(juniors)], OUT[i % len(OUT)], _is_poor(i, gone, poor), 20 + 23 * i)
            for i in range(gone)
        ]
        ledger += [
            Dropout(compulsory[(11 * i + 3) % len(compulsory)], status, i % 2 == 0, 60 + 17 * i)
            for i, status in enumerate(SETTLED)
        ]
        ledger += [Dropout(grade, OUT[0], True, 45) for grade in senior[:1]]
        found[unit] = ledger
    return found


def _is_poor(i: int, gone: int, poor: int) -> bool | None:
    """The first are; of more than four the last one's cell is empty."""
    return None if gone > len(OUT) + 1 and i == gone - 1 else i < poor


def dropouts(unit: str, ledger: Sequence[Dropout], registry: Registry, year: int) -> Table:
    """The ledger of one unit, as it stands on 31 December."""
    period = dataclasses.replace(census(year), reported=dt.date(year + 1, 1, 12))
    ages = ages_of_grades()
    first = registry.behind + BEHIND + unit_codes().index(unit)
    places = [
        registry.first_place(one.grade.school.code, one.grade.stage) + i % FIRST_PUPILS
        if one.status == BACK
        else first + i * len(unit_codes())
        for i, one in enumerate(ledger)
    ]
    cohorts = np.array([year - ages[one.grade.grade] for one in ledger], dtype=np.int64)
    numbers = identity_numbers(cohorts, np.array(places, dtype=np.int64))
    rows = (_row(unit, one, number, year) for one, number in zip(ledger, numbers, strict=True))
    return from_rows("dropouts", period, rows)


def _row(unit: str, one: Dropout, number: str, year: int) -> dict[str, Any]:
    suspected_on = dt.date(year, 12, 20) - dt.timedelta(days=one.days)
    return {
        "county_code": unit,
        "township_code": one.grade.school.township,
        "school_code": one.grade.school.code,
        "school_name": one.grade.school.name,
        "school_year": year,
        "name": "样例",
        "student_id": number,
        "national_student_no": f"G{number}",
        "stage": one.grade.stage,
        "grade": one.grade.grade,
        "registered_poor": one.poor,
        "suspected_on": suspected_on,
        "returned_on": suspected_on + dt.timedelta(days=14) if one.status == BACK else None,
        "cause": CAUSES[one.days % len(CAUSES)],
        "status": one.status,
    }


def tell_dropouts(truths: Truths, ledgers: dict[str, list[Dropout]], grades: Iterable[Grade], year: int) -> None:
    """Adds children of compulsory education who are out of school, the poor among them, and their share of pupils."""
    for unit, ledger in ledgers.items():
        gone = [one for one in ledger if one.counts]
        truths.at_unit("dropouts_compulsory", year, unit, len(gone))
        truths.at_unit("dropouts_registered_poor", year, unit, sum(one.poor is True for one in gone))
        truths.at_unit("dropout_rate", year, unit, len(gone))
    for grade in grades:
        if grade.stage in COMPULSORY:
            truths.at_unit("dropout_rate", year, grade.school.unit, 0, grade.pupils)
