"""Truths that the school list yields: coverages, places, recognitions, days made up, health monitoring.

Not here: what is decided of a school (`school_list.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from samples.facts import PREFECTURE, read_yaml, unit_codes
from samples.school_list import SCHOOLING, Facts, asked_schools, places
from samples.schools import KINDERGARTEN, School
from samples.terms import Days
from samples.truths import Truths

THREE = ("closed_campus", "alarm_button", "video_covered")
LEDGERS = ("dropout_ledger_kept", "aid_ledger_kept", "census_ledger_kept")


def tell_list(truths: Truths, schools: Sequence[School], facts: Facts, year: int) -> None:
    """Adds to the truths what the school lists yield."""
    there = [school for school in schools if school.code in facts]
    for told in read_yaml("school_flags")["flags"].items():
        _tell_flag(truths, there, facts, year, told)
    _tell_private(truths, there, facts, year)
    _tell_three(truths, there, facts, year)
    _tell_hours(truths, there, facts, year)
    _tell_spring(truths, there, facts, year)
    _tell_kindergartens(truths, there, year)
    for unit in unit_codes():
        truths.at_unit("nutrition_pilot_schools", year, unit, 0)
    for school in asked_schools(there, "义"):
        truths.at_unit("nutrition_pilot_schools", year, school.unit, int(facts[school.code]["nutrition_pilot"]))


def _tell_flag(truths: Truths, there: list[School], facts: Facts, year: int, told: tuple[str, dict[str, Any]]) -> None:
    """Schools that say 是 among those that say 是 or 否."""
    flag, how = told
    for school in asked_schools(there, how["asked"]) if "indicator" in how else ():
        answer = facts[school.code][flag]
        if answer is not None and ("where" not in how or facts[school.code][how["where"]]):
            truths.at_unit(how["indicator"], year, school.unit, int(answer), 1)


def _tell_private(truths: Truths, there: list[School], facts: Facts, year: int) -> None:
    for school in asked_schools(there, "校"):
        answer = facts[school.code]["party_work"]
        if answer is not None and not school.public:
            truths.at_unit("private_party_work_coverage", year, school.unit, int(answer), 1)


def _tell_three(truths: Truths, there: list[School], facts: Facts, year: int) -> None:
    """One 否 is 否, else one empty cell is unknown."""
    for school in asked_schools(there, "全"):
        answers = [facts[school.code][flag] for flag in THREE]
        if False in answers or None not in answers:
            truths.at_unit("security_three_coverage", year, school.unit, int(False not in answers), 1)


def _tell_hours(truths: Truths, there: list[School], facts: Facts, year: int) -> None:
    for school in asked_schools(there, SCHOOLING):
        labour, practice = facts[school.code]["labour_hours"], facts[school.code]["practice_hours"]
        if labour is not None and practice:
            truths.at_unit("labour_hours_coverage", year, school.unit, int(2 * labour >= practice), 1)


def _tell_spring(truths: Truths, there: list[School], facts: Facts, year: int) -> None:
    for school in there:
        told = facts[school.code]
        if told.get("days_lost") and told["days_made_up"] is not None:
            made_up = int(told["days_made_up"] >= told["days_lost"])
            truths.at_unit("days_made_up_coverage", year, school.unit, made_up, 1)
        if told.get("staff_and_pupils") is not None:
            people, monitored = told["staff_and_pupils"], told["health_monitored"]
            truths.at_unit("health_monitored_share", year, school.unit, monitored, people)


def _tell_kindergartens(truths: Truths, there: list[School], year: int) -> None:
    """Public kindergartens with their places, and private ones recognised in the year."""
    for unit in unit_codes():
        truths.at_unit("inclusive_private_recognised", year, unit, 0)
    for school in (school for school in there if school.kind == KINDERGARTEN):
        if school.public:
            truths.at_school("public_kindergartens", year, school, 1)
            truths.at_school("public_kindergarten_places", year, school, places(school, year))
        elif school.flag(year) and school.since and school.since.year == year:
            truths.at_unit("inclusive_private_recognised", year, school.unit, 1)


def tell_ledgers(truths: Truths, year: int) -> None:
    """Tells of how many of the units each ledger is kept: every unit of the sample sends them all, and they stand."""
    for indicator in LEDGERS:
        truths.at_level(indicator, year, "prefecture", PREFECTURE, len(unit_codes()), len(unit_codes()))


def tell_opening(truths: Truths, year: int, calendars: dict[str, dict[str, Days]]) -> None:
    """Tells in how many units the stages began the spring term on different days."""
    staggered = sum(len({first for first, _ in days.values()}) > 1 for days in calendars.values())
    truths.at_level("staggered_opening", year, "prefecture", PREFECTURE, staggered, len(calendars))
