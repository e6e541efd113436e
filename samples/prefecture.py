"""Writes a synthetic prefecture: the files of ten units and the bureau under `landing/`, with `truth.csv` beside them.

`planted.csv` says in which rows of the last year's files something is wrong that a named list must find.

Not here: what is decided and how a file looks; each theme has a module of its own.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from samples import (
    admissions,
    aid,
    aid_files,
    athletes,
    coaches,
    competitions,
    county_sports,
    distribution,
    exams,
    loans,
    meals,
    officers,
    results,
    sittings,
    trainees,
    venues,
    work,
)
from samples.census_files import CensusFiles, Given
from samples.census_senders import told_otherwise
from samples.census_workbook import write_workbook
from samples.classes import Class, take_census
from samples.facts import PREFECTURE, county_codes, unit_codes, writers
from samples.files import draft
from samples.messy import Messes
from samples.persons import Registry
from samples.planted import Place, places, planted, write_places
from samples.planted_aid import AidPlants, marks_of_repeated
from samples.planted_exams import mark_sittings, plant_distribution, plant_results, plant_sittings
from samples.planted_rolls import Rolls, plant_roll
from samples.planted_sports import plant_athletes
from samples.schools import School, make_schools
from samples.tables import Table, census
from samples.terms import SEASONS, decide_term, term_calendar
from samples.truths import Truths


@dataclasses.dataclass(frozen=True)
class Summary:
    """What was written: counted schools and pupils of the last census, files, rows by dataset, rows of the truth.

    `workbooks`: how many of the files are census workbooks of schools; `planted`: rows that named lists must find.
    """

    schools: int
    pupils: int
    files: int
    workbooks: int
    rows: dict[str, int]
    truths: int
    planted: int


def write_prefecture(
    out: Path, scale: float = 1.0, seed: int = 1, years: tuple[int, ...] = (2019, 2020), *, messy: bool = False
) -> Summary:
    """Writes `<out>/landing/<unit>/…`, `<out>/truth.csv` and `planted.csv`: the same bytes for the same arguments.

    At scale 1 a prefecture has about 1,400 schools and 475,000 pupils. Every unit keeps its minimum of schools of each
    kind at any scale, with fewer classes in each. `messy`: files of the last year are spoilt in every known way, and
    `<out>/manifest.csv` says what must be found in which; the truth is that of the clean files.

    Raises:
        ValueError: the scale is not above 0, or asks for more pupils than the region of the samples has numbers.
    """
    if scale <= 0 or not years:
        raise ValueError(f"scale {scale} and years {years}: a prefecture needs a scale above 0 and a year")
    made = Prefecture(scale, seed, years)
    rows: Counter[str] = Counter()
    files, told = 0, list[Place]()
    messes = Messes(out / "landing", max(years)) if messy else None
    for unit, table in made.tables():
        one = draft(out / "landing", writers()[unit], table)
        if messes is None or not messes.spoil(unit, table, one):
            one.write()
        rows[table.dataset] += table.height
        told += places(out / "landing", unit, table, one)
        files += 1
    workbooks = made.write_workbooks(out / "landing")
    if messes:
        messes.finish(out / "manifest.csv")
    last = made.censuses[max(years)]
    return Summary(
        schools=sum(school.counted and school.opened <= max(years) for school in made.schools),
        pupils=sum(one.pupils for one in last),
        files=files + workbooks,
        workbooks=workbooks,
        rows=dict(rows),
        truths=made.truths.write(out / "truth.csv"),
        planted=write_places(out / "planted.csv", told),
    )


class Prefecture:
    """A prefecture decided but not yet written; `tables()` yields its files and fills `truths` on the way."""

    def __init__(self, scale: float, seed: int, years: tuple[int, ...]) -> None:
        self.scale, self.seed, self.years = scale, seed, years
        self.truths = Truths()
        self.schools = make_schools(scale, seed)
        starts = sorted({start for year in years for start in (year - 1, year)})
        self.censuses = {start: take_census(self.schools, start, scale, seed) for start in starts}
        self.registry = Registry(self.censuses.values())
        self.decided = {year: CensusFiles(self._given(year)) for year in years}
        self.last = max(years)
        self.rolls = Rolls(self.decided[self.last].grades, self.registry, self.last)
        self.aid_plants = AidPlants(self.rolls, self.truths)
        self.athlete_of_two: dict[str, Any] = {}

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every file, as who sends it and what is in it."""
        for year in self.years:
            yield from self._census(year)
            yield from self._aid(year)
            yield from self._loans(year)
            yield from self._meals(year)
            yield from self._sports(year)
            yield from self._county_sports(year)
            yield from self._examinations(year)
            yield from self._work(year)

    def write_workbooks(self, landing: Path) -> int:
        """Writes the census workbooks that schools send themselves and returns their number."""
        number = 0
        for year, decided in self.decided.items():
            told = decided.workbooks()
            for one in told:
                folder = landing / one.school.unit / census(year).folder
                write_workbook(folder, one, told_otherwise(one, told[0].school))
            number += len(told)
        return number

    def _given(self, year: int) -> Given:
        before, classes = self.censuses[year - 1], self.censuses[year]
        return Given(self.schools, classes, before, self.registry, self.scale, year, self.seed)

    def _census(self, year: int) -> Iterator[tuple[str, Table]]:
        self.decided[year].tell(self.truths)
        for unit, table in self.decided[year].tables():
            is_planted = table.dataset == "student_roll" and year == self.last
            yield unit, self._roll(unit, table) if is_planted else table

    def _roll(self, unit: str, table: Table) -> Table:
        roll = plant_roll(unit, table, self.rolls)
        self.aid_plants.keep(unit, roll)
        return roll

    def _aid(self, year: int) -> Iterator[tuple[str, Table]]:
        for season in SEASONS:
            classes = self.censuses[year - 1 if season == "spring" else year]
            for unit in unit_codes():
                days = decide_term(unit, year, season, self.seed)
                decided = aid.decide_aid(unit, _of(unit, classes), year, season, self.seed)
                aid.tell_aid(self.truths, decided, year, season)
                pupils = aid_files.Pupils(decided, self.registry, year, season, self.seed)
                yield unit, term_calendar(unit, days, year, season)
                entitled, payments = pupils.entitled(), pupils.payments(days)
                if (year, season) == (self.last, SEASONS[-1]):
                    entitled, payments = self.aid_plants.plant(unit, entitled, payments)
                yield unit, entitled
                yield unit, planted(payments, {}, marks_of_repeated(payments))

    def _loans(self, year: int) -> Iterator[tuple[str, Table]]:
        unserved = officers.decide_unserved(year, self.seed)
        officers.tell_officers(self.truths, unserved, year)
        for county in county_codes():
            lent = loans.decide_loans(county, year, self.scale, self.seed)
            learning = trainees.decide_trainees(county, year, self.scale, self.seed)
            loans.tell_loans(self.truths, county, lent, year)
            trainees.tell_trainees(self.truths, county, learning, year)
            yield county, loans.student_loans(county, lent, self.registry, year)
            yield county, officers.loan_officers(county, unserved[county], year)
            yield county, trainees.trainees(county, learning, self.registry, year)

    def _meals(self, year: int) -> Iterator[tuple[str, Table]]:
        for unit in unit_codes():
            censuses = (_of(unit, self.censuses[year - 1]), _of(unit, self.censuses[year]))
            served = list(meals.decide_meals(unit, censuses, year, self.scale, self.seed))
            meals.tell_meals(self.truths, unit, served, year)
            for table in meals.nutrition_meals(unit, served, year):
                yield unit, table

    def _sports(self, year: int) -> Iterator[tuple[str, Table]]:
        unequipped = venues.decide_unequipped(year, self.seed)
        reported = results.decide_results(self.scale, year, self.seed)
        venues.tell_townships(self.truths, unequipped, year)
        competitions.tell_competitions(self.truths, year)
        coaches.tell_coaches(self.truths, year)
        coaches.tell_residents(self.truths, self.decided[year].residents, year)
        results.tell_results(self.truths, reported, year)
        for unit in (*unit_codes(), PREFECTURE):
            there = venues.decide_venues(unit, unequipped.get(unit, frozenset()), self.scale, year, self.seed)
            athletes.tell_athletes(self.truths, unit, self.scale, year, self.seed)
            coaches.tell_instructors(self.truths, unit, self.scale, year)
            venues.tell_venues(self.truths, there, year)
            schools = self._schools(unit, year)
            registered = athletes.athletes(unit, schools, self.registry, self.scale, year, self.seed)
            if year == self.last:
                registered = plant_athletes(unit, registered, self.rolls, self.athlete_of_two, self.truths)
            yield unit, registered
            yield unit, coaches.coaches(unit, year)
            yield unit, coaches.sports_instructors(unit, self.registry, self.scale, year)
            yield unit, venues.venues(there, year)
            yield unit, competitions.competitions(unit, year)
            yield unit, results.competition_results(reported[unit], year)

    def _county_sports(self, year: int) -> Iterator[tuple[str, Table]]:
        sales = county_sports.decide_sales(year, self.seed)
        county_sports.tell_sales(self.truths, sales, year)
        county_sports.tell_signature(self.truths, year)
        for county in county_codes():
            yield county, county_sports.signature_sports(county, year)
        for table in county_sports.lottery_sales(sales, year):
            yield PREFECTURE, table

    def _examinations(self, year: int) -> Iterator[tuple[str, Table]]:
        before = self.censuses[year - 1]
        for unit in unit_codes():
            papers = exams.decide_exams(unit, _of(unit, before), year, self.seed)
            exams.tell_exams(self.truths, papers, year)
            table = exams.exam_results(unit, papers, self.registry, year)
            is_planted = year == self.last and year - 1 in self.years
            yield unit, plant_results(unit, table, year) if is_planted else table
        held = sittings.decide_sittings(before, self.scale, year, self.seed)
        scores = distribution.score_distribution(year, self.seed)
        if year == self.last:
            held = plant_sittings(held)
        kept = admissions.decide_admissions(self.schools, before, year)
        sittings.tell_sittings(self.truths, held, year)
        admissions.tell_admissions(self.truths, kept, year)
        yield from plant_distribution(scores) if year == self.last else [(PREFECTURE, scores)]
        table = sittings.exam_sittings(held, year)
        yield PREFECTURE, mark_sittings(table) if year == self.last else table
        yield PREFECTURE, admissions.admissions(kept, year)

    def _work(self, year: int) -> Iterator[tuple[str, Table]]:
        work.tell_work(self.truths, year)
        if work.work_rows(year):
            yield PREFECTURE, work.work_items(year)

    def _schools(self, unit: str, year: int) -> list[School]:
        return [school for school in self.schools if school.unit == unit and school.opened <= year]


def _of(unit: str, classes: list[Class]) -> list[Class]:
    return [one for one in classes if one.school.unit == unit]
