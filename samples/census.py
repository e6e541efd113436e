"""The files of the census, school list and class ledger, and the truths that classes and school lists yield.

Not here: how many classes there are and how large (`classes.py`), leavers (`leavers.py`), population (`children.py`).
"""

from __future__ import annotations

from typing import Any

from samples.classes import COMPULSORY_LARGE, JUNIOR_ENTRY, OVERSIZED, PRIMARY_ENTRY, SENIOR_LARGE, Class
from samples.classes import ORDINARY as PLAIN_CLASS
from samples.facts import rates, rng, unit_codes, writers
from samples.schools import KINDERGARTEN, School
from samples.tables import Table, census, from_rows
from samples.truths import Truths

COMPULSORY = {"小学", "初中"}
HOURS = {True: (1.0, 1.5, 2.0), False: (0.5,)}


def school_list(there: list[School], year: int, seed: int) -> Table:
    """The school list of one unit, and of one census."""
    chance = rng(seed, "list", there[0].unit, year)
    return from_rows(
        "school", census(year), (_school_row(school, year, chance.random(12).tolist()) for school in there)
    )


def _school_row(school: School, year: int, dice: list[float]) -> dict[str, Any]:
    kindergarten, canteen = school.kind == KINDERGARTEN, dice[0] < 0.9
    row: dict[str, Any] = {
        "school_code": school.code,
        "school_name": school.name,
        "county_code": school.unit,
        "school_year": year,
        "township_code": school.township,
        "kind": school.kind,
        "sponsor": school.sponsor,
        "urban_rural": school.urban_rural,
        "counted": None if writers()[school.unit].sparse else school.counted,
        "parent_school_code": school.parent.code if school.parent else None,
        "inclusive_private": school.flag(year),
        "inclusive_since": school.since if school.flag(year) else None,
        "closed_campus": dice[1] < 0.97,
        "alarm_button": dice[2] < 0.95,
        "video_covered": dice[3] < 0.96,
        "canteen": canteen,
        "canteen_platform": dice[4] < 0.7 if canteen else None,
        "places": places(school, year) if kindergarten else None,
        "days_lost": 0 if year < 2020 else 20 + int(dice[5] * 20),
        "happy_gymnastics": dice[6] < 0.8 if kindergarten else None,
    }
    row["days_made_up"] = row["days_lost"] - (2 if dice[7] < 0.05 and year >= 2020 else 0)
    return row | ({} if kindergarten else _taught(dice))


def _taught(dice: list[float]) -> dict[str, Any]:
    """What the list tells of a school that is no kindergarten."""
    return {
        "party_organisation": dice[8] < 0.95,
        "party_work": True,
        "party_standard_met": dice[9] < 0.93 if dice[8] < 0.95 else None,
        "politics_courses_full": dice[10] < 0.99,
        "labour_hours": HOURS[dice[11] < 0.94][int(dice[11] * 100) % len(HOURS[dice[11] < 0.94])],
        "practice_hours": 2.0,
    }


def places(school: School, year: int) -> int:
    """Children whom a kindergarten can hold, growing as the unit plans it."""
    growth = rates(school.unit, year)["places_growth"]
    return 10 * round(12 * school.weight * growth)


def class_ledger(classes: list[Class], year: int) -> Table:
    """The class ledger of one unit; a sparse writer leaves the kind of ordinary classes empty."""
    plain = None if writers()[classes[0].school.unit].sparse else PLAIN_CLASS
    return Table(
        "class_ledger",
        census(year),
        {
            "school_code": [one.school.code for one in classes],
            "school_name": [one.school.name for one in classes],
            "school_year": [year] * len(classes),
            "stage": [one.stage for one in classes],
            "grade": [one.grade for one in classes],
            "class_no": [one.no for one in classes],
            "class_kind": [plain if one.kind == PLAIN_CLASS else one.kind for one in classes],
            "pupils": [one.pupils for one in classes],
            "boys": [one.pupils - one.girls for one in classes],
            "girls": [one.girls for one in classes],
            "boarders": [one.boarders for one in classes],
        },
    )


def tell_classes(truths: Truths, classes: list[Class], year: int) -> None:
    """Adds to the truths what classes yield: care, entry classes, large classes."""
    for one in classes:
        if one.stage == "幼儿园":
            _tell_care(truths, one, year)
        for excess, name in ((PRIMARY_ENTRY, "primary"), (JUNIOR_ENTRY, "junior")):
            if excess.chosen(one):
                within = int(one.pupils <= excess.limit)
                truths.at_school(f"{name}_entry_classes_within_limit", year, one.school, within, 1)
                truths.at_school(f"{name}_entry_largest_class", year, one.school, one.pupils)
        if one.stage in COMPULSORY:
            truths.at_school("compulsory_large_classes", year, one.school, int(one.pupils >= min(COMPULSORY_LARGE)))
        if SENIOR_LARGE.chosen(one):
            truths.at_school("senior_oversized_classes", year, one.school, int(one.pupils >= min(OVERSIZED)))
            truths.at_school("senior_large_class_share", year, one.school, int(one.pupils > SENIOR_LARGE.limit), 1)


def _tell_care(truths: Truths, one: Class, year: int) -> None:
    school, children = one.school, one.pupils
    truths.at_school("public_kindergarten_share", year, school, children * school.public, children)
    unknown = school.kind == KINDERGARTEN and not school.public and school.flag(year) is None
    if not unknown:
        held = school.public or (school.kind == KINDERGARTEN and school.inclusive(year))
        truths.at_school("inclusive_kindergarten_coverage", year, school, children * held, children)


def tell_schools(truths: Truths, schools: list[School], year: int) -> None:
    """Adds to the truths what the school lists yield: public places and recognitions of the year."""
    for unit in unit_codes():
        truths.at_unit("inclusive_private_recognised", year, unit, 0)
    for school in (s for s in schools if s.kind == KINDERGARTEN and s.opened <= year):
        if school.public:
            truths.at_school("public_kindergartens", year, school, 1)
            truths.at_school("public_kindergarten_places", year, school, places(school, year))
        elif school.flag(year) and school.since and school.since.year == year:
            truths.at_unit("inclusive_private_recognised", year, school.unit, 1)
