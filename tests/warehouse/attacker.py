"""Someone who reads every published table of every release and solves for what was hidden.

He knows the public tables, that regions add up to the prefecture, stages and projects to their totals, girls and boys
to pupils, and the parts of a share to its denominator; and of the truth, which counts stayed as they were between
releases. He shares no code with what hides but the list of what is public.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from scipy.optimize import linprog
from sqlalchemy import Connection, Select, column, func, select, table

from warehouse.disclosure.counts import listed
from warehouse.schema import fact_indicator, release
from warehouse.schema.themes import fact_aid, fact_enrolment

ALL, PREFECTURE = "全部", "433100"
Cell = tuple[str, ...]


class Attacker:
    """Unknown counts of several releases, and what is known of them."""

    def __init__(self) -> None:
        self.truth: dict[Cell, int] = {}
        self.known: set[Cell] = set()
        self.hidden: set[tuple[Cell, ...]] = set()
        self.sums: set[tuple[Cell, tuple[Cell, ...]]] = set()

    def read(self, truth: Mapping[Cell, int], published: Mapping[tuple[Cell, ...], str]) -> None:
        """A release: its true counts, and for the counts of each row of a public table its status."""
        cells = {cell: (*cell, str(count)) for cell, count in truth.items()}  # an unmoved count is the same unknown
        self.truth |= {cells[cell]: count for cell, count in truth.items()}
        for row, status in published.items():
            found = tuple(cells[cell] for cell in row if cell in cells)
            self.known |= set(found) if status in ("ok", "p") else set()
            self.hidden |= {found} if status == "c" else set()
        for total, parts in _sums(truth):
            if truth[total] == sum(truth[part] for part in parts):
                self.sums.add((cells[total], tuple(cells[part] for part in parts)))

    def pinned(self, width: float, rows: Iterable[tuple[Cell, ...]] | None = None) -> set[tuple[Cell, ...]]:
        """The hidden rows all of whose counts lie in spans narrower than `width`."""
        return {row for row in (self.hidden if rows is None else rows) if all(self._span(c) < width for c in row)}

    def small(self, least: int) -> set[tuple[Cell, ...]]:
        """Every count below `least` that is nowhere told, as rows."""
        return {(cell,) for cell, count in self.truth.items() if 0 < count < least}

    def _span(self, cell: Cell) -> float:
        if cell in self.known:
            return 0.0
        unknown = sorted(self.truth.keys() - self.known)
        place = {each: i for i, each in enumerate(unknown)}
        left, right = np.zeros((len(self.sums), len(unknown))), np.zeros(len(self.sums))
        for i, (total, parts) in enumerate(self.sums):
            for each, factor in ((total, 1.0), *((part, -1.0) for part in parts)):
                if each in place:
                    left[i, place[each]] += factor
                else:
                    right[i] -= factor * self.truth[each]
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(unknown))
            aim[place[cell]] = sign
            solved = linprog(aim, A_eq=left, b_eq=right, bounds=(0, None), method="highs")
            ends.append(np.inf if solved.status == 3 else abs(solved.fun))
        return float(abs(ends[1] - ends[0]))


def _sums(truth: Mapping[Cell, int]) -> Iterable[tuple[Cell, tuple[Cell, ...]]]:
    for cell in truth:
        *head, item, region = cell
        if region == PREFECTURE:
            yield cell, tuple(c for c in truth if c[:-1] == cell[:-1] and c[-1] != PREFECTURE)
        if item == ALL:
            yield cell, tuple(c for c in truth if c[:-2] == cell[:-2] and c[-1] == region and c[-2] != ALL)
        for whole, (one, other) in {"pupils": ("girls", "boys"), "denominator": ("numerator", "rest")}.items():
            sides = [tuple(side if each == whole else each for each in cell) for side in (one, other)]
            if whole in cell and all(side in truth for side in sides):
                yield cell, tuple(sides)


def attack(connection: Connection, year: int, *, is_naive: bool = False) -> Attacker:
    """An attacker who has read every kept release of a year; naive: as if small counts alone had been hidden."""
    attacker = Attacker()
    for release_id in connection.execute(select(release.c.release_id).order_by(release.c.release_id)).scalars().all():
        truth, rows = _truth(connection, release_id, year), _rows(connection, release_id, year)
        rows = {tuple(cell for cell in row if cell in truth): status for row, status in rows.items()}
        rows = {row: status for row, status in rows.items() if row}
        if is_naive:
            rows = {row: "c" if any(0 < truth[cell] < 10 for cell in row) else "ok" for row in rows}
        attacker.read(truth, rows)
    return attacker


def _of(read: Any, release_id: int, year: int, *by: str, sums: tuple[str, ...] = ()) -> Select[Any]:
    columns = [read.c[name] for name in by]
    query = select(*columns, *(func.sum(read.c[name]) for name in sums))
    query = query.where(read.c.release_id == release_id, read.c.year == year)
    return query.group_by(*columns) if sums else query


def _truth(connection: Connection, release_id: int, year: int) -> dict[Cell, int]:
    of, persons = (release_id, year), listed().persons
    regions = _of(fact_indicator, *of, "indicator_id", "region_code", "numerator", "denominator")
    regions = regions.where(fact_indicator.c.level != "school", fact_indicator.c.value.is_not(None))
    return truth_of(
        connection.execute(_of(fact_enrolment, *of, "unit_code", "stage", sums=("pupils", "girls"))),
        connection.execute(_of(fact_aid, *of, "unit_code", "term", "project", sums=("payments",))),
        [row for row in connection.execute(regions) if row[0] in persons],
        {name for name, kind in persons.items() if kind == "part"},
    )


def _rows(connection: Connection, release_id: int, year: int) -> dict[tuple[Cell, ...], str]:
    """The counts that each row of a public table tells, with its status."""
    found: dict[tuple[Cell, ...], str] = {}
    for name, *by in (
        ("pub_enrolment", "measure", "stage", "region_code"),
        ("pub_aid", "term", "project", "region_code"),
    ):
        for *key, status in connection.execute(_of(_as_of(name, *by), release_id, year, *by, "status")):
            found[((name, *key),)] = status
    by = ["indicator_id", "region_code"]
    for name, region, status in connection.execute(_of(_as_of("pub_indicator", *by), release_id, year, *by, "status")):
        if name in listed().persons:
            sides = ("numerator", "denominator", "rest")
            found[tuple(("pub_indicator", name, side, region) for side in sides)] = status
    return found


def _as_of(name: str, *columns: str) -> Any:
    return table(f"published_as_of_{name}", *map(column, ("release_id", "year", *columns, "status")))


def truth_of(enrolment: Iterable[Any], aid: Iterable[Any], figures: Iterable[Any], parts: set[str]) -> dict[Cell, int]:
    """The counts behind the public tables, from sums by unit and from figures with both their sides."""
    truth: dict[Cell, int] = {}

    def add(*cell: str, count: int) -> None:
        *head, item, unit = cell
        for each in (item, ALL):
            for region in (unit, PREFECTURE):
                truth[*head, each, region] = truth.get((*head, each, region), 0) + count

    for unit, stage, pupils, girls in enrolment:
        for measure, count in (("pupils", pupils), ("girls", girls), ("boys", pupils - girls)):
            add("pub_enrolment", measure, stage, unit, count=int(count))
    for unit, term, project, payments in aid:
        add("pub_aid", term, project, unit, count=int(payments))
    for indicator, region, numerator, denominator in figures:
        sides = {"numerator": numerator, "denominator": denominator}
        if indicator in parts:
            sides["rest"] = denominator - numerator
        for side, count in sides.items():
            truth["pub_indicator", indicator, side, region] = int(count)
    return truth
