"""Writes a synthetic prefecture: the files of ten units and the bureau under `landing/`, and `truth.csv` beside them.

Not here: what is decided and how a file looks; each theme has a module of its own.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from samples import aid, aid_files, census, children, competitions, exams, leavers, sports, work
from samples.classes import Class, take_census
from samples.facts import PREFECTURE, unit_codes, writers
from samples.files import write_file
from samples.persons import Registry
from samples.schools import School, make_schools
from samples.tables import Table
from samples.terms import SEASONS, decide_term, term_calendar
from samples.truths import Truths


@dataclasses.dataclass(frozen=True)
class Summary:
    """What was written: counted schools and pupils of the last census, files, rows by dataset, rows of the truth."""

    schools: int
    pupils: int
    files: int
    rows: dict[str, int]
    truths: int


def write_prefecture(out: Path, scale: float = 1.0, seed: int = 1, years: tuple[int, ...] = (2019, 2020)) -> Summary:
    """Writes `<out>/landing/<unit>/…` and `<out>/truth.csv`: the same bytes for the same scale, seed and years.

    At scale 1 a prefecture has about 1,400 schools and 475,000 pupils. Every unit keeps its minimum of schools of each
    kind at any scale, with fewer classes in each.

    Raises:
        ValueError: the scale is not above 0, or asks for more pupils than the region of the samples has numbers.
    """
    if scale <= 0 or not years:
        raise ValueError(f"scale {scale} and years {years}: a prefecture needs a scale above 0 and a year")
    made = Prefecture(scale, seed, years)
    rows: Counter[str] = Counter()
    files = 0
    for unit, table in made.tables():
        write_file(out / "landing", writers()[unit], table)
        rows[table.dataset] += table.height
        files += 1
    last = made.censuses[max(years)]
    return Summary(
        schools=sum(school.counted and school.opened <= max(years) for school in made.schools),
        pupils=sum(one.pupils for one in last),
        files=files,
        rows=dict(rows),
        truths=made.truths.write(out / "truth.csv"),
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

    def tables(self) -> Iterator[tuple[str, Table]]:
        """Every file, as who sends it and what is in it."""
        for year in self.years:
            yield from self._census(year)
            yield from self._aid(year)
            yield from self._sports(year)
            yield from self._examinations(year)
            yield from self._work(year)

    def _census(self, year: int) -> Iterator[tuple[str, Table]]:
        classes = self.censuses[year]
        left = leavers.decide_leavers(self.censuses[year - 1], year, self.seed)
        residents = children.decide_residents(classes, year, self.seed)
        disabled = children.decide_disabled(self.scale, year, self.seed)
        census.tell_classes(self.truths, classes, year)
        census.tell_schools(self.truths, self.schools, year)
        leavers.tell_leavers(self.truths, left, year)
        children.tell_enrolment(self.truths, classes, residents, year)
        children.tell_disabled(self.truths, disabled, year)
        for unit in unit_codes():
            yield unit, census.school_list(self._schools(unit, year), year, self.seed)
            yield unit, census.class_ledger(_of(unit, classes), year)
            yield unit, leavers.graduate_destinations([one for one in left if one.school.unit == unit], year)
            yield unit, children.disabled_children(unit, disabled[unit], year)
        yield PREFECTURE, children.population(residents, year)

    def _aid(self, year: int) -> Iterator[tuple[str, Table]]:
        for season in SEASONS:
            classes = self.censuses[year - 1 if season == "spring" else year]
            for unit in unit_codes():
                days = decide_term(unit, year, season, self.seed)
                decided = aid.decide_aid(unit, _of(unit, classes), year, season, self.seed)
                aid.tell_aid(self.truths, decided, year, season)
                pupils = aid_files.Pupils(decided, self.registry, year, season, self.seed)
                yield unit, term_calendar(unit, days, year, season)
                yield unit, pupils.entitled()
                yield unit, pupils.payments(days)

    def _sports(self, year: int) -> Iterator[tuple[str, Table]]:
        unequipped = sports.decide_unequipped(year, self.seed)
        sports.tell_townships(self.truths, unequipped, year)
        competitions.tell_championships(self.truths, year)
        for unit in (*unit_codes(), PREFECTURE):
            there = self._schools(unit, year)
            yield unit, sports.athletes(unit, there, self.registry, self.scale, year, self.seed)
            yield unit, sports.venues(unit, unequipped.get(unit, frozenset()), self.scale, year, self.seed)
            yield unit, competitions.competitions(unit, year)

    def _examinations(self, year: int) -> Iterator[tuple[str, Table]]:
        for unit in unit_codes():
            before = _of(unit, self.censuses[year - 1])
            yield unit, exams.exam_results(unit, before, self.registry, year, self.seed)
        yield PREFECTURE, exams.score_distribution(year, self.seed)

    def _work(self, year: int) -> Iterator[tuple[str, Table]]:
        work.tell_work(self.truths, year)
        if work.work_rows(year):
            yield PREFECTURE, work.work_items(year)

    def _schools(self, unit: str, year: int) -> list[School]:
        return [school for school in self.schools if school.unit == unit and school.opened <= year]


def _of(unit: str, classes: list[Class]) -> list[Class]:
    return [one for one in classes if one.school.unit == unit]
