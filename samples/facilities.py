"""Facilities of every school: areas, equipment, rooms, books and computers, for all its stages together.

They are those of the classes for which the school was built. How well it is equipped beside its neighbours stays the
same over the years; its unit's level rises. Not here: the
part that each stage has of them (`resources.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from samples.classes import Class
from samples.facts import rates, read_yaml, rng, writers
from samples.schools import ATTACHED, TEACHING_POINT, School
from samples.staff import AIMS, silent
from samples.tables import Table, census

HUNDREDTH = Decimal("0.01")
MU = Decimal("666.67")
HAS_HALL = 4
CARE = "幼儿园"
IN_WAN = 2021  # from then on schools are asked for equipment in 万元 with two decimals
COLUMNS = (
    "teaching_area",
    "indoor_sports_area",
    "sports_ground_area",
    "equipment_value",
    "multimedia_rooms",
    "books",
    "computers",
)


@dataclass
class Facilities:
    """What one school has: areas in ㎡, equipment in 分; None in `numbers` is an empty cell."""

    school: School
    numbers: dict[str, Any]


def decide_facilities(classes: Iterable[Class], year: int, seed: int) -> list[Facilities]:
    """The facilities of all schools of a census; of attached classes each third has rooms of its own."""
    pupils: dict[str, dict[str, int]] = {}
    schools: dict[str, School] = {}
    for one in classes:
        stages = pupils.setdefault(one.school.code, {})
        places = _kindergarten_places(one.school) if one.stage == CARE else stages.get(one.stage, 0) + _places(one)
        stages[one.stage] = places
        schools[one.school.code] = one.school
    found = []
    for code, stages in sorted(pupils.items()):
        if schools[code].kind != ATTACHED or int(code) % 3 == 0:
            found.append(Facilities(schools[code], _decide(schools[code], stages, year, seed)))
    _leave_cells_empty(found, year)
    return found


def _places(one: Class) -> int:
    """The pupils for whom the room of a class was built, whatever number it has."""
    if one.school.kind == TEACHING_POINT:
        return 14
    low, high = read_yaml("stages")[one.stage]["size"]
    return int(low + high) // 2


def _kindergarten_places(school: School) -> int:
    """The children for whom a kindergarten was built, however many groups it has."""
    return round(30 * (1 + 3 * school.weight))


def _decide(school: School, stages: dict[str, int], year: int, seed: int) -> dict[str, Any]:
    aims = rates(school.unit, year, AIMS)
    luck = (np.exp(rng(seed, "facilities", school.code).normal(0, aims["spread"], 6)) * aims["resources"]).tolist()
    facts = read_yaml("resources")["facilities"]
    teaching, sports, equipment, rooms, books, computers = (
        sum(facts[stage][name] * many for stage, many in stages.items()) * factor
        for name, factor in zip(("teaching", "sports", "equipment", "rooms", "books", "computers"), luck, strict=True)
    )
    hall = _area(sports / 12) if int(school.code) % HAS_HALL == 0 else Decimal("0.00")
    return {
        "teaching_area": _area(teaching) + hall,
        "indoor_sports_area": hall,
        "sports_ground_area": _ground(school, sports - float(hall)),
        "equipment_value": round(equipment, -2 if year >= IN_WAN else 0) * 100,
        "multimedia_rooms": round(rooms / 100),
        "books": round(books),
        "computers": round(computers / 100),
    }


def _area(value: float) -> Decimal:
    return Decimal(value).quantize(HUNDREDTH, ROUND_HALF_UP)


def _ground(school: School, value: float) -> Decimal:
    """The area of sports grounds, in whole tenths of 亩 where the unit tells it in 亩."""
    if writers()[school.unit].land != "亩":
        return _area(value)
    return (Decimal(round(value / float(MU), 1)).quantize(Decimal("0.1")) * MU).quantize(HUNDREDTH, ROUND_HALF_UP)


def _leave_cells_empty(every: list[Facilities], year: int) -> None:
    """In some units some junior schools, into which nothing is merged, leave a cell empty."""
    left: dict[tuple[str, str], int] = {}
    for one in (one for one in every if one.school.kind == "311"):
        for name, many in silent(one.school.unit, year).items():
            if name in one.numbers and left.setdefault((one.school.unit, name), many) > 0:
                left[one.school.unit, name] -= 1
                one.numbers[name] = None


def facilities(own: Sequence[Facilities], year: int) -> Table:
    """The file of one unit."""
    columns: dict[str, list[Any]] = {
        "school_code": [one.school.code for one in own],
        "school_name": [one.school.name for one in own],
        "school_year": [year] * len(own),
    }
    return Table("facilities", census(year), columns | {name: [one.numbers[name] for one in own] for name in COLUMNS})
