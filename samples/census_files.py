"""All that is decided of one census, told to the truths and handed out file by file.

Not here: how each part is decided; every theme has a module of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from samples.ages import (
    decide_ages,
    decide_base,
    decide_technical,
    entrants_base,
    pupils_by_age,
    technical_pupils,
    tell_ages,
    tell_retention,
    tell_senior,
)
from samples.census import class_ledger, tell_classes
from samples.census_senders import reports, senders, sent_alone
from samples.census_twin import Reported
from samples.children import (
    decide_disabled,
    decide_residents,
    disabled_children,
    population,
    tell_disabled,
    tell_enrolment,
)
from samples.classes import Class
from samples.coverages import tell_ledgers, tell_list, tell_opening
from samples.dropouts import decide_dropouts, dropouts, tell_dropouts
from samples.facilities import decide_facilities, facilities
from samples.facts import PREFECTURE, unit_codes
from samples.leavers import decide_leavers, graduate_destinations, tell_leavers
from samples.persons import Registry
from samples.pupils import decide_enrolment, enrolment, tell_entrants
from samples.resources import merge, tell_resources
from samples.roll import student_roll
from samples.school_list import decide_list, school_list
from samples.schools import School
from samples.staff import decide_staff, staff_table, tell_staff
from samples.tables import Table
from samples.terms import decide_term
from samples.truths import Truths


class OfSchool(Protocol):
    """Whatever is decided of a school."""

    @property
    def school(self) -> School:
        """That school."""


S = TypeVar("S", bound=OfSchool)


@dataclass(frozen=True)
class Given:
    """What a census is decided from: schools, classes of it and of the one before, persons, size, year and chance."""

    schools: list[School]
    classes: list[Class]
    before: list[Class]
    registry: Registry
    scale: float
    year: int
    seed: int


class CensusFiles:
    """One census, decided."""

    def __init__(self, given: Given) -> None:
        self.given = given
        classes, before, year, seed = given.classes, given.before, given.year, given.seed
        self.list = decide_list(given.schools, before, year, seed)
        self.left = decide_leavers(before, year, seed)
        self.grades = decide_enrolment(classes, before, year, seed)
        self.staff = decide_staff(self.grades, year, seed)
        self.facilities = decide_facilities(classes, year, seed)
        grades_before = decide_enrolment(before, (), year - 1, seed)
        self.before = grades_before, decide_staff(grades_before, year - 1, seed)
        self.aged = decide_ages(self.grades, year, seed)
        self.technical = decide_technical(self.grades)
        self.base = decide_base(self.grades, year, seed)
        self.residents = decide_residents(classes, self.aged, self.technical, year, seed)
        self.disabled = decide_disabled(given.scale, year, seed)
        self.out = decide_dropouts(self.grades, year)

    def tell(self, truths: Truths) -> None:
        """Adds to the truths what the files of this census yield."""
        year = self.given.year
        tell_classes(truths, self.given.classes, year)
        tell_list(truths, self.given.schools, self.list, year)
        tell_leavers(truths, self.left, year)
        tell_enrolment(truths, self.given.classes, self.residents, year)
        tell_disabled(truths, self.disabled, year)
        tell_entrants(truths, self.grades, year)
        tell_retention(truths, self.grades, self.base, year)
        tell_ages(truths, self.aged, self.residents, year)
        tell_senior(truths, self.grades, self.technical, self.residents, year)
        tell_staff(truths, self.staff, self.grades, year)
        tell_resources(truths, merge(self.grades, self.staff, self.facilities), self.facilities, year)
        tell_dropouts(truths, self.out, self.grades, year)
        tell_ledgers(truths, year)
        tell_opening(truths, year, {unit: decide_term(unit, year, "spring", self.given.seed) for unit in unit_codes()})

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every file, as who sends it and what is in it."""
        year = self.given.year
        for unit in unit_codes():
            for table in self._of_unit(unit):
                yield unit, table
        yield PREFECTURE, population(self.residents, year)
        yield PREFECTURE, technical_pupils(self.technical, year)

    def workbooks(self) -> list[Reported]:
        """What the schools report that send a workbook of their own."""
        given = self.given
        return reports(
            senders(given.schools),
            given.year,
            given.classes,
            self.before,
            self.grades,
            self.staff,
            self.facilities,
        )

    def _of_unit(self, unit: str) -> Iterator[Table]:
        given, year = self.given, self.given.year
        grades = _own(self.grades, unit)
        schools = [school for school in given.schools if school.unit == unit and school.opened <= year]
        yield school_list(schools, self.list, year)
        yield class_ledger(_own(given.classes, unit), year)
        alone = sent_alone(given.schools, year)
        yield enrolment([one for one in grades if one.school.code not in alone], year)
        yield staff_table(_own(self.staff, unit), year)
        yield facilities(_own(self.facilities, unit), year)
        yield student_roll(grades, given.registry, year)
        yield pupils_by_age(unit, self.aged, year)
        yield entrants_base(unit, self.base[unit], year)
        yield graduate_destinations(_own(self.left, unit), year)
        yield disabled_children(unit, self.disabled[unit], year)
        yield dropouts(unit, self.out[unit], given.registry, year)


def _own(every: Iterable[S], unit: str) -> list[S]:
    return [one for one in every if one.school.unit == unit]
