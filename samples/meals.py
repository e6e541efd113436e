"""School meals month by month: who got them, on how many days, and what was allocated and spent.

Days of meals are equal for all schools of a unit; a month without school is told with none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from samples.classes import Class
from samples.facts import quotas, rates, read_yaml, rng
from samples.schools import School
from samples.tables import Table, from_rows, month, quarter
from samples.truths import Truths

STAGES = {"小学", "初中"}
KINDS = {"211", "311", "312"}
AUTUMN = 9


@dataclass(frozen=True)
class Meals:
    """One school in one month; money in 分."""

    school: School
    month: str
    pupils: int
    beneficiaries: int
    days: int
    allocated: int
    spent: int


def decide_meals(
    unit: str, censuses: tuple[list[Class], list[Class]], year: int, scale: float, seed: int
) -> Iterator[list[Meals]]:
    """The meals of one unit, month by month: until August by the census before, then by that of the year."""
    facts, wanted = read_yaml("schooling"), rates(unit, year, "aims")
    days = facts["meal_days"][min(max(year, min(facts["meal_days"])), max(facts["meal_days"]))]
    later = int(rng(seed, "meals", unit, year).integers(0, 3))
    pupils = [_pupils(unit, classes, max(2, round(facts["meals_schools"] * scale))) for classes in censuses]
    for i, usual in enumerate(days):
        served = max(0, usual - later) if usual else 0
        there = pupils[i + 1 >= AUTUMN]
        fed = quotas({s.code: many for s, many in there}, {s.code: wanted["beneficiaries"] for s, _ in there})
        found = []
        for school, many in there:
            due = fed[school.code] * served * facts["daily_rate"]
            allocated = round(due * wanted["allocated"])
            spent = round(allocated * wanted["spent"])
            found.append(Meals(school, f"{year}-{i + 1:02d}", many, fed[school.code], served, allocated, spent))
        yield found


def _pupils(unit: str, classes: list[Class], most: int) -> list[tuple[School, int]]:
    """The first compulsory schools of the unit with their pupils."""
    sizes: dict[str, int] = defaultdict(int)
    schools: dict[str, School] = {}
    for one in classes:
        if one.stage in STAGES and one.school.kind in KINDS:
            sizes[one.school.code] += one.pupils
            schools[one.school.code] = one.school
    return [(schools[code], sizes[code]) for code in sorted(sizes)[:most]]


def nutrition_meals(unit: str, decided: list[list[Meals]], year: int) -> Iterator[Table]:
    """The files of one unit: most send one a quarter, some one a month."""
    if unit in read_yaml("schooling")["monthly"]:
        for number, part in enumerate(decided, 1):
            yield from_rows("nutrition_meals", month(year, number), map(_row, part))
        return
    for number in range(4):
        rows = (_row(one) for part in decided[3 * number : 3 * number + 3] for one in part)
        yield from_rows("nutrition_meals", quarter(year, number + 1), rows)


def _row(one: Meals) -> dict[str, object]:
    return {
        "school_code": one.school.code,
        "school_name": one.school.name,
        "county_code": one.school.unit,
        "month": one.month,
        "pupils": one.pupils,
        "beneficiaries": one.beneficiaries,
        "meal_days": one.days,
        "daily_rate": read_yaml("schooling")["daily_rate"],
        "allocated": one.allocated,
        "spent": one.spent,
    }


def tell_meals(truths: Truths, unit: str, decided: list[list[Meals]], year: int) -> None:
    """Adds a unit's months: beneficiaries to pupils, what was allocated to what was due, what was spent to that."""
    rate = read_yaml("schooling")["daily_rate"]
    for one in (one for part in decided for one in part):
        due = one.beneficiaries * one.days * rate
        truths.at_unit("nutrition_coverage", year, unit, one.beneficiaries, one.pupils)
        truths.at_unit("nutrition_allocation_rate", year, unit, one.allocated, due)
        truths.at_unit("nutrition_spending_rate", year, unit, one.spent, one.allocated)
