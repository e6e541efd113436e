"""The page that goes to a unit with its returned workbooks: what was received, what is to be mended, what is missing.

One HTML file, readable offline and fit for one or two sheets of paper; its layout is `outbox_page.html`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import jinja2

from assets.house import House
from assets.periods import name_zh
from assets.reports.unit_lists import PREFIX
from assets.submitted.answers import Answer
from assets.submitted.explanations import OPEN, Explanations
from assets.submitted.matrix import Place, matrix_of_year
from expectations.regions import PREFECTURE
from warehouse.words import SUBMISSION_STATES

FOLDER = Path(__file__).parent
WAITS = "下次运行写出"
NOT_WRITTEN = "没有写成，下次运行再写；请先按右边的问题更正原文件"
_LISTS = re.compile(rf"{PREFIX}\d{{4}}\.xlsx")


@dataclass(frozen=True)
class FileLine:
    """One returned workbook: where it lies, the file that it answers, what became of that, and what is open in it.

    `wasted`: explanations that were given for what must be fixed. `unwritten`: why the workbook does not lie there yet.
    """

    book: str
    path: str
    dataset: str
    state: str
    must_fix: int
    must_explain: int
    wasted: int
    first: str
    unwritten: str = ""


@dataclass(frozen=True)
class MissingLine:
    """A dataset of which a unit has not sent some periods yet, the first of them due on that day.

    `days_over` is positive from the day after it was due; `overdue` are so many of the periods.
    """

    dataset: str
    periods: tuple[str, ...]
    due: date | None
    days_over: int
    overdue: int


@dataclass(frozen=True)
class UnitPage:
    """All that a unit's page says but for its date."""

    unit: str
    states: Mapping[str, int]
    files: tuple[FileLine, ...]
    missing: tuple[MissingLine, ...]
    passed_over: tuple[tuple[str, str], ...]
    lists: tuple[str, ...] = ()

    def html(self, made_on: date) -> str:
        """The page; every text is escaped."""
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(FOLDER), autoescape=True)  # the one switch on
        page = environment.get_template("outbox_page.html")
        lacking = sum(len(line.periods) for line in self.missing)
        overdue = sum(line.overdue for line in self.missing)
        return page.render(page=self, made_on=made_on, lacking=lacking, overdue=overdue) + "\n"


def unit_pages(
    house: House, said: Explanations, answers: Sequence[Answer], placed: Mapping[str, Answer],
    unwritten: Mapping[str, str],
) -> dict[str, UnitPage]:  # fmt: skip
    """The page of every unit that is expected to send or has sent something, by its code.

    `unwritten` are the paths of workbooks that do not lie there, and why.
    """
    places = [place for year in house.plans for place in matrix_of_year(house, year)]
    missing: dict[str, dict[str, list[Place]]] = {}
    for place in places:
        if place.state == "missing" and place.is_expected:
            missing.setdefault(place.unit_code, {}).setdefault(place.dataset, []).append(place)
    senders = {place.unit_code for place in places} | {answer.reception.unit_code for answer in answers}
    over = house.ledger.passed_over()
    return {
        unit: UnitPage(
            unit=house.regions.name_of.get(unit, unit) if unit != PREFECTURE else house.regions.name_zh,
            states=_states(answer for answer in answers if answer.reception.unit_code == unit),
            files=tuple(
                _file(house, said, book, answer, unwritten.get(book, ""))
                for book, answer in placed.items() if answer.reception.unit_code == unit
            ),
            missing=_missing(house, missing.get(unit, {}), said.as_of),
            passed_over=tuple((path, why) for path, why in over.items() if path.partition("/")[0] == unit),
            lists=_lists(house.home / "outbox" / unit),
        )
        for unit in sorted(senders)
    }  # fmt: skip


def _states(answers: Iterable[Answer]) -> dict[str, int]:
    """How many files have each state, in the order of the words; a file of several periods has one for each."""
    counted = Counter(account.state for answer in answers for account in answer.accounts)
    return {zh: counted[state] for state, zh in SUBMISSION_STATES.items() if counted[state]}


def _lists(folder: Path) -> tuple[str, ...]:
    """The workbooks of named lists among what lies in a unit's folder: a returned one may be called alike."""
    names = (path.name for path in folder.iterdir()) if folder.is_dir() else ()
    return tuple(sorted(name for name in names if _LISTS.fullmatch(name)))


def _file(house: House, said: Explanations, book: str, answer: Answer, unwritten: str) -> FileLine:
    names = [house.contracts[name].name_zh for name in answer.reception.datasets if name in house.contracts]
    states = dict.fromkeys(SUBMISSION_STATES[account.state] for account in answer.accounts)
    fixes = [f for f in answer.findings if f["severity"] == "must_fix"]
    wasted = sum((last := said.said_before(f)) is not None and last.message == f["message"] for f in fixes)
    first = next(iter([f for f in fixes if f["state"] == OPEN] or [f for f in answer.findings if f["state"] == OPEN]))
    return FileLine(
        book=book, path=answer.reception.path, dataset="、".join(names), state="、".join(states),
        must_fix=answer.count("must_fix"), must_explain=answer.count("must_explain"), wasted=wasted,
        first=first["message"], unwritten=unwritten,
    )  # fmt: skip


def _missing(house: House, by_dataset: Mapping[str, Sequence[Place]], as_of: date) -> tuple[MissingLine, ...]:
    """What is missing, the longest overdue first."""
    lines = []
    for dataset, places in by_dataset.items():
        due = [place.due for place in places if place.due]
        first = min(due, default=None)
        lines.append(MissingLine(
            house.contracts[dataset].name_zh, tuple(name_zh(place.period) for place in places), first,
            (as_of - first).days if first else 0, sum(day < as_of for day in due),
        ))  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (-line.days_over, line.dataset)))
