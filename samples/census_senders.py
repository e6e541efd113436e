"""Which schools send their census workbook themselves, beside their rows in their unit's ledgers or instead of them.

They lie in one county. Where a school sends both, the figures are the same but for one, which is told otherwise and
must be found; it stands in no truth. Not here: what a workbook looks like (`census_workbook.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from samples.census_layout import OLD, generation
from samples.census_twin import Reported, Stock, Value
from samples.classes import Class
from samples.facilities import Facilities
from samples.facts import read_yaml
from samples.pupils import Grade
from samples.schools import KINDERGARTEN, School
from samples.staff import Staff

Changed = Mapping[tuple[str, str, int], Value]


def senders(schools: Iterable[School]) -> list[School]:
    """The schools that send workbooks, in every census: so many of each kind, the first of their unit."""
    facts = read_yaml("census_workbook")["senders"]
    found: list[School] = []
    own = [school for school in schools if school.unit == facts["unit"] and school.opened == 0]
    for kind, many in facts["kinds"].items():
        found += [school for school in own if school.kind == kind][:many]
    return found


def sent_alone(schools: Iterable[School], year: int) -> set[str]:
    """Codes of the schools whose pupils stand in their workbook alone; the younger forms for children are not known."""
    children = [school.code for school in senders(schools) if school.kind == KINDERGARTEN]
    return set(children[-1:]) if generation(year) == OLD else set()


def told_otherwise(told: Reported, first: School) -> Changed:
    """The books that the first school tells otherwise in its workbook than in its unit's ledger."""
    books = told.facilities.numbers["books"] if told.facilities else None
    return {("基础基521", "1", 4): books + 100} if told.school is first and books else {}


def reports(
    schools: Sequence[School],
    year: int,
    classes: Iterable[Class],
    before: tuple[Iterable[Grade], Iterable[Staff]],
    grades: Iterable[Grade],
    staff: Iterable[Staff],
    facilities: Iterable[Facilities],
) -> list[Reported]:
    """What each of the schools reports; `before`: the grades and the staff of the census before."""
    stocks = _stocks(*before)
    listed, taught, employed, has = (
        list(grades),
        list(classes),
        list(staff),
        {one.school.code: one for one in facilities},
    )
    return [
        Reported(
            school,
            year,
            [one for one in listed if one.school is school],
            [one for one in taught if one.school is school],
            stocks[school.code],
            [one for one in employed if one.school is school],
            has.get(school.code),
        )
        for school in schools
    ]


def _stocks(grades: Iterable[Grade], staff: Iterable[Staff]) -> dict[str, dict[str, Stock]]:
    """What each school had of pupils and teachers, by stage."""
    found: dict[str, dict[str, Stock]] = defaultdict(lambda: defaultdict(Stock))
    for one in grades:
        found[one.school.code][one.stage].add(one.pupils, one.girls, one.groups["minority"])
    for each in staff:
        found[each.school.code][each.stage].teachers += each.teachers
    return found
