"""The class ledger of a census, and the truths that classes yield.

Not here: how many classes there are and how large (`classes.py`), the school list (`school_list.py`).
"""

from __future__ import annotations

from samples.classes import COMPULSORY_LARGE, JUNIOR_ENTRY, OVERSIZED, PRIMARY_ENTRY, SENIOR_LARGE, Class
from samples.classes import ORDINARY as PLAIN_CLASS
from samples.facts import writers
from samples.schools import KINDERGARTEN
from samples.tables import Table, census
from samples.truths import Truths

COMPULSORY = {"小学": "primary", "初中": "junior"}
LARGE, HUGE = min(COMPULSORY_LARGE), min(OVERSIZED)
KINDERGARTEN_LIMITS = {"K1": 25, "K2": 30, "K3": 35, "KM": 30}


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
            _tell_compulsory(truths, one, year)
        if SENIOR_LARGE.chosen(one):
            truths.at_school("senior_oversized_classes", year, one.school, int(one.pupils >= HUGE))
            truths.at_school("senior_large_class_share", year, one.school, int(one.pupils > SENIOR_LARGE.limit), 1)


def _tell_compulsory(truths: Truths, one: Class, year: int) -> None:
    """Large classes, and the oversized among them, of primary and junior schools together and apart."""
    name = COMPULSORY[one.stage]
    for size, word in ((LARGE, "large"), (HUGE, "oversized")):
        truths.at_school(f"compulsory_{word}_classes", year, one.school, int(one.pupils >= size))
        truths.at_school(f"{name}_{word}_class_share", year, one.school, int(one.pupils >= size), 1)


def _tell_care(truths: Truths, one: Class, year: int) -> None:
    school, children = one.school, one.pupils
    truths.at_school("public_kindergarten_share", year, school, children * school.public, children)
    unknown = school.kind == KINDERGARTEN and not school.public and school.flag(year) is None
    if not unknown:
        held = school.public or (school.kind == KINDERGARTEN and school.inclusive(year))
        truths.at_school("inclusive_kindergarten_coverage", year, school, children * held, children)
    if one.grade in KINDERGARTEN_LIMITS:
        within = int(children <= KINDERGARTEN_LIMITS[one.grade])
        truths.at_school("kindergarten_classes_within_limit", year, school, within, 1)
