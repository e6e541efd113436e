"""Cases planted among registered athletes: born otherwise by the roll, of two units, with a bone age far from the age.

An athlete who is told wrong stands in one sport, is valid and was sent nowhere, so that figures hardly move.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from samples.planted import facts, mark, planted
from samples.planted_rolls import DAY, Rolls
from samples.tables import Table
from samples.truths import Truths

DAYS_A_YEAR = 365.25
PERSON = ("student_id", "sex", "birth_date")


def plant_athletes(sender: str, table: Table, rolls: Rolls, first: dict[str, Any], truths: Truths) -> Table:
    """The athletes of a sender with what is planted among them; `first` is who is registered by two units."""
    if sender == facts("born_otherwise")["unit"]:
        table = _born_otherwise(sender, table, rolls, truths)
    if sender in facts("registered_twice")["units"]:
        table = _registered_twice(sender, table, first)
    if sender == facts("bone_ages")["unit"]:
        table = _bone_ages(table, rolls.year)
    return table


def plain_rows(table: Table) -> list[int]:
    """The rows of athletes in one sport who are valid and were not sent on."""
    told, numbers = table.columns, table.columns["registration_no"]
    plain = [one == "有效" and sent is None for one, sent in zip(told["status"], told["sent_on"], strict=True)]
    return [row for row, number in enumerate(numbers) if numbers.count(number) == 1 and plain[row]]


def _born_otherwise(sender: str, table: Table, rolls: Rolls, truths: Truths) -> Table:
    """Two athletes are pupils of a roll: one is born two days before it says, one a year, which is no athlete then."""
    two_days, a_year = rolls.last_pupils(sender, facts("born_otherwise")["grade"], 2)
    rows = plain_rows(table)[-2:]
    people = zip(rows, (two_days, a_year), (DAY, 365 * DAY), strict=True)
    changes = {
        row: _with_bone_age(table, row, _who(pupil) | {"birth_date": pupil["birth_date"] - early})
        for row, pupil, early in people
    }
    truths.at_unit("registered_athletes", rolls.year, sender, -1)
    cases = ("born_otherwise", "born_in_another_year")
    marks = [mark("athletes_born_otherwise", row, case) for row, case in zip(rows, cases, strict=True)]
    return planted(table, changes, marks)


def _registered_twice(sender: str, table: Table, first: dict[str, Any]) -> Table:
    row = plain_rows(table)[-1]
    if sender == facts("registered_twice")["units"][0]:
        first |= {name: table.columns[name][row] for name in (*PERSON, "bone_age")}
    return planted(table, {row: first}, [mark("registered_twice", row, "registered_twice")])


def _bone_ages(table: Table, year: int) -> Table:
    """One bone age is too high on its day, one without a day is so on 1 January."""
    more, rows = facts("bone_ages")["years"], plain_rows(table)[-2:]
    tested = [table.columns["bone_age_on"][rows[0]], dt.date(year, 1, 1)]
    born = [table.columns["birth_date"][row] for row in rows]
    ages = [round((day - birth).days / DAYS_A_YEAR + more, 1) for day, birth in zip(tested, born, strict=True)]
    changes = {rows[0]: {"bone_age": ages[0]}, rows[1]: {"bone_age": ages[1], "bone_age_on": None}}
    cases = ("bone_age_with_day", "bone_age_without_day")
    return planted(table, changes, [mark("bone_ages", row, case) for row, case in zip(rows, cases, strict=True)])


def _who(pupil: dict[str, Any]) -> dict[str, Any]:
    return {name: pupil[name] for name in PERSON}


def _with_bone_age(table: Table, row: int, cells: dict[str, Any]) -> dict[str, Any]:
    """The cells of a row with a bone age that goes with the day of birth."""
    days = (table.columns["bone_age_on"][row] - cells["birth_date"]).days
    return cells | {"bone_age": round(days / DAYS_A_YEAR, 1)}
