"""The two ledgers of aid, spelled out from the decided counts: the entitled pupils of a term, and their payments.

Not here: how many there are of each kind (`aid.py`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.aid import CATEGORIES, KIND_CATEGORY, KIND_OUTCOME, KINDS, OUTCOMES, Aid, short_paid, standards
from samples.facts import county_of, read_yaml, rng, townships
from samples.persons import Ints, Registry, accounts, identity_numbers, names, phones
from samples.tables import Table, term
from samples.terms import Days, two_months_after

BEFORE = (0, 0, 3, 10, 21, 30)
AFTER = (1, 1, 2, 12, 25)
FUNDING = ("中央", "省", "州", "县")
PAID = {"late": "成功", "short": "成功", "on_time": "成功", "twice": "成功"}
STATUS = {"unpaid": "未发", "returned": "退汇"} | PAID


class Pupils:
    """The entitled pupils of one unit and term, one by one."""

    def __init__(self, aid: Aid, registry: Registry, year: int, season: str, seed: int) -> None:
        self.aid, self.period = aid, term(year, season)
        self.season, self.year = season, year
        self.chance = rng(seed, "pupils", aid.unit, year, season)
        self.cell = np.repeat(np.arange(len(aid.cells)), aid.counts.sum(axis=1))
        self.kind = np.repeat(np.tile(np.arange(KINDS), len(aid.cells)), aid.counts.ravel())
        self.cohort, self.place = self._persons(registry)
        self.columns = self._columns()

    def _persons(self, registry: Registry) -> tuple[Ints, Ints]:
        """Cohort and place of each pupil: those of a school and grade in any order, none twice."""
        cells, start = self.aid.cells, self.period.first_year
        grades = {grade: age for facts in read_yaml("stages").values() for grade, age in facts["grades"].items()}
        cohorts = np.array([start - grades[cell.grade] for cell in cells])
        firsts = np.array([registry.first_place(cell.school.code, cell.stage) for cell in cells])
        group = np.unique([f"{c.school.code}{c.grade}" for c in cells], return_inverse=True)[1][self.cell]
        order = np.lexsort((self.chance.random(len(group)), group))
        sizes = np.bincount(group)
        within = np.empty(len(group), dtype=np.int64)
        within[order] = np.arange(len(group)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return cohorts[self.cell], firsts[self.cell] + within

    def _columns(self) -> dict[str, NDArray[Any]]:
        """What both ledgers tell of a pupil."""
        cells = self.aid.cells
        numbers = identity_numbers(self.cohort, self.place)
        there = townships()[county_of(self.aid.unit)]
        of_cell = {
            "school_code": [cell.school.code for cell in cells],
            "school_name": [cell.school.name for cell in cells],
            "stage": [cell.stage for cell in cells],
            "grade": [cell.grade for cell in cells],
            "boarder": [cell.boarder for cell in cells],
        }
        columns = {name: _objects(values)[self.cell] for name, values in of_cell.items()}
        return columns | {
            "name": _objects(names(self.place)),
            "student_id": _objects(numbers),
            "national_student_no": _objects([f"G{number}" for number in numbers]),
            "category": _objects(CATEGORIES)[KIND_CATEGORY[self.kind]],
            "phone": _objects(phones(self.place)),
            "township_code": _objects(there)[self.place % len(there)],
        }

    def entitled(self) -> Table:
        """The list of entitled pupils, with those who were paid nothing."""
        return Table("aid_entitled", self.period, self._lists(self.columns))

    def payments(self, days: dict[str, Days]) -> Table:
        """The ledger of payments: a row per pupil and project, except for those whom the ledger lacks."""
        pupil, standard, due = self._due()
        living = np.array([one.living for one in standards()])[standard]
        outcome = np.where(living, KIND_OUTCOME[self.kind[pupil]], OUTCOMES.index("on_time"))
        paid_on, approved_on = self._days(days, pupil, outcome)
        short = np.array([short_paid(one) for one in due.tolist()], dtype=np.int64)
        paid = np.select([outcome < OUTCOMES.index("late"), outcome == OUTCOMES.index("short")], [0, short], due)
        known = {name: values[pupil] for name, values in self.columns.items() if name != "township_code"}
        columns = known | {
            "project": _objects([one.project for one in standards()])[standard],
            "amount_due": due,
            "amount_paid": paid,
            "approved_on": approved_on,
            "paid_on": paid_on,
            "pay_status": _objects([STATUS.get(name) for name in OUTCOMES])[outcome],
            "funding": _objects(FUNDING)[standard % len(FUNDING)],
            "account": _objects(accounts(self.cohort, self.place))[pupil],
        }
        return Table("aid_payments", self.period, self._lists(columns))

    def _due(self) -> tuple[Ints, Ints, Ints]:
        """Pupil, standard and amount due of every payment, pupil by pupil; an allowance paid twice has two rows."""
        found = []
        for number, standard in enumerate(standards()):
            due = np.array([standard.due(cell) for cell in self.aid.cells], dtype=np.int64)[self.cell]
            listed = KIND_OUTCOME[self.kind] != OUTCOMES.index("missing")
            pupil = np.flatnonzero((due > 0) & standard.kinds[self.kind] & listed)
            if standard.living:
                pupil = np.repeat(pupil, 1 + (KIND_OUTCOME[self.kind[pupil]] == OUTCOMES.index("twice")))
            found.append(np.stack([pupil, np.full(len(pupil), number), due[pupil]]))
        rows = np.concatenate(found, axis=1)
        rows = rows[:, np.argsort(rows[0], kind="stable")]
        return rows[0], rows[1], rows[2]

    def _days(self, days: dict[str, Days], pupil: Ints, outcome: Ints) -> tuple[NDArray[Any], NDArray[Any]]:
        """Days of payment and of approval: the limit itself is in time, the day after it is late."""
        stages = list(days)
        stage = np.array([stages.index(cell.stage) for cell in self.aid.cells])[self.cell][pupil]
        limits = np.array([two_months_after(first) for first, _ in days.values()], dtype="datetime64[D]")[stage]
        starts = np.array([first for first, _ in days.values()], dtype="datetime64[D]")[stage]
        before = np.array(BEFORE)[self.chance.integers(0, len(BEFORE), len(pupil))]
        after = np.array(AFTER)[self.chance.integers(0, len(AFTER), len(pupil))]
        shift = np.where(outcome == OUTCOMES.index("late"), after, -before)
        paid_on = (limits + shift).astype(object)
        paid_on[outcome == OUTCOMES.index("unpaid")] = None
        return paid_on, (starts + 14).astype(object)

    def _lists(self, columns: dict[str, NDArray[Any]]) -> dict[str, list[Any]]:
        height = len(next(iter(columns.values())))
        when: dict[str, list[Any]] = {"school_year": [self.period.first_year] * height, "term": [self.season] * height}
        return when | {name: values.tolist() for name, values in columns.items()}


def _objects(values: Any) -> NDArray[Any]:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found
