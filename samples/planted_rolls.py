"""Cases planted in rolls: a pupil on two of them, a school whose roll and census differ, days of birth a day apart.

Pupils who are planted are the last of a large grade, who get no aid: the first ones do.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from samples.persons import Registry, born, identity_numbers, sexes
from samples.planted import facts, mark, planted
from samples.pupils import Grade, ages_of_grades
from samples.roll import STUDYING, WITHOUT_IDENTITY
from samples.tables import Table

GONE = "转出"
DAY = dt.timedelta(days=1)


def person(cohort: int, place: int) -> dict[str, Any]:
    """The cells that tell who someone is."""
    cohorts, places = np.array([cohort], dtype=np.int64), np.array([place], dtype=np.int64)
    numbers = identity_numbers(cohorts, places)
    day = born(cohorts, places).tolist()[0]
    return {"student_id": numbers[0], "national_student_no": f"G{numbers[0]}", "sex": sexes(numbers)[0],
            "birth_date": day}  # fmt: skip


@dataclass(frozen=True)
class Rolls:
    """The grades of a census, and the persons in them."""

    grades: Sequence[Grade]
    registry: Registry
    year: int

    def last_pupils(self, unit: str, grade: str, many: int = 1) -> list[dict[str, Any]]:
        """The last pupils of a unit's largest such grade, of whom the roll tells an identity number."""
        own = [one for one in self.grades if one.school.unit == unit and one.grade == grade]
        largest = max(own, key=lambda one: one.pupils)
        first = self.registry.first_place(largest.school.code, largest.stage)
        places = [first + i for i in range(largest.pupils) if (first + i) % WITHOUT_IDENTITY]
        return [person(self.year - ages_of_grades()[grade], place) for place in places[-many:]]


def plant_roll(unit: str, table: Table, rolls: Rolls) -> Table:
    """The roll of a unit with what is planted in it."""
    for plant in (_two_rolls, _against_census, _born_otherwise):
        table = plant(unit, table, rolls)
    return table


def _two_rolls(unit: str, table: Table, rolls: Rolls) -> Table:
    """The last pupil of the first unit's grade takes the place of the second one's."""
    case = facts("two_rolls")
    if unit not in case["units"]:
        return table
    first, second = case["units"]
    (there,) = rolls.last_pupils(first, case["grade"])
    (here,) = rolls.last_pupils(unit, case["grade"])
    row = table.columns["student_id"].index(here["student_id"])
    return planted(table, {row: there} if unit == second else {}, [mark("two_rolls", row, "two_rolls")])


def _against_census(unit: str, table: Table, rolls: Rolls) -> Table:
    """So many pupils of a small school are called gone that its roll differs from the census by more than 1 %."""
    case = facts("roll_against_census")
    if unit != case["unit"]:
        return table
    group = _smallest(rolls.grades, unit, case["stages"])
    rows = [row for row, one in enumerate(zip(table.columns["school_code"], table.columns["stage"], strict=True))
            if one == group]  # fmt: skip
    told = [row for row in rows if table.columns["status"][row] == STUDYING and table.columns["student_id"][row]]
    gone = {row: {"status": GONE} for row in told[: len(rows) // 100 + 1]}
    return planted(table, gone, [mark("roll_against_census", rows[0], "roll_against_census")])


def _smallest(grades: Sequence[Grade], unit: str, stages: Sequence[str]) -> tuple[str, str]:
    """School and stage with the fewest pupils, of schools that stand by themselves and into which none is merged."""
    own = [one for one in grades if one.school.unit == unit]
    merged = {one.school.figures_of.code for one in own if not one.school.counted}
    pupils: Counter[tuple[str, str]] = Counter()
    for one in own:
        if one.school.counted and one.school.code not in merged and one.stage in stages:
            pupils[one.school.code, one.stage] += one.pupils
    return min(pupils, key=lambda group: (pupils[group], group))


def _born_otherwise(unit: str, table: Table, rolls: Rolls) -> Table:
    """The roll gives the day after the true one for a pupil who is an athlete."""
    case = facts("born_otherwise")
    if unit != case["unit"]:
        return table
    pupil = rolls.last_pupils(unit, case["grade"], 2)[0]
    row = table.columns["student_id"].index(pupil["student_id"])
    return planted(table, {row: {"birth_date": pupil["birth_date"] + DAY}}, ())
