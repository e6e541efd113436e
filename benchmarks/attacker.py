"""Someone who knows counts of several releases, how they add up, and solves for those that were withheld.

He knows that regions add up to the prefecture, stages, projects and terms to their totals, girls and boys to pupils,
teachers of all stages to teachers, payments on time or not to those of their projects, and the parts of a share to its
denominator; which counts lie within others, and
which agree in every region; and of the truth, which stayed as they were between releases. A count withheld for being
small is one at least: none would have been told. He shares no code with what withholds but the list of what indicators
count. What he reads is told in `attack.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from warehouse.disclosure.listing import listed

ALL, PREFECTURE = "全部", "433100"
SIDES = ("numerator", "denominator", "rest")
_WHOLES = (
    (1, "pupils", ("girls", "boys")), (1, "staff", ("teachers", "others")), (2, "denominator", ("numerator", "rest")),
)  # fmt: skip
_ON_TIME, _AGREEING = ("入园补助", "生活补助", "国家助学金"), 3
Cell = tuple[str, ...]
Cells = tuple[Cell, ...]


class Attacker:
    """Unknown counts of several releases, and what is known of them; those below `least` are withheld for that."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.truth: dict[Cell, float] = {}
        self.known: set[Cell] = set()
        self.hidden: set[Cells] = set()
        self.some: set[Cell] = set()
        self.sums: dict[Cell, list[Cells]] = defaultdict(list)

    def read(self, truth: Mapping[Cell, float], shown: Iterable[Cell], hidden: Iterable[Cells]) -> None:
        """A release: its true counts, those that are shown, and the counts of each figure that is withheld."""
        cells = {cell: (*cell, str(float(count))) for cell, count in truth.items()}  # an unmoved count is the same
        self.truth |= {cells[cell]: float(count) for cell, count in truth.items()}
        self.known |= {cells[cell] for cell in shown if cell in cells}
        self.hidden |= {found for row in hidden if (found := tuple(cells[cell] for cell in row if cell in cells))}
        told_of_none = (cell for row in hidden for cell in row if cell in cells and not _is_never_told(cell))
        self.some |= {cells[cell] for cell in told_of_none if 0 < truth[cell] < self.least and is_of_persons(cell)}
        for total, *parts in {*_sums(truth), *_on_time(truth), *_inner(truth), *_agreeing(truth)}:
            if truth[total] == sum(truth[part] for part in parts):
                row = (cells[total], *(cells[part] for part in parts))
                for cell in row:
                    self.sums[cell].append(row)

    def pinned(self, width: float, rows: Iterable[Cells] | None = None) -> set[Cells]:
        """The withheld figures all of whose counts lie in spans narrower than `width`, but for those of nobody."""
        told = (row for row in (self.hidden if rows is None else rows) if any(self.truth[cell] for cell in row))
        return {row for row in told if all(self._span(cell) < width for cell in row)}

    def small(self) -> set[Cells]:
        """Every small count of persons, as figures."""
        return {(cell,) for cell, count in self.truth.items() if 0 < count < self.least and is_of_persons(cell)}

    def _span(self, cell: Cell) -> float:
        if cell in self.known:
            return 0.0
        unknown = self._hanging_together(cell)
        if not self.sums[cell]:
            return np.inf
        place = {each: i for i, each in enumerate(unknown)}
        rows = list(dict.fromkeys(row for each in unknown for row in self.sums[each]))
        cells = [(i, place[each], 1.0 if k == 0 else -1.0) for i, row in enumerate(rows)
                 for k, each in enumerate(row) if each in place]  # fmt: skip
        at, column, factor = zip(*cells, strict=True)
        left = coo_array((factor, (at, column)), (len(rows), len(unknown))).tocsr()
        # how far each can move from the truth
        least = [(min(float(each in self.some), self.truth[each]) - self.truth[each], None) for each in unknown]
        ends = []
        for sign in (1, -1):
            aim = np.zeros(len(unknown))
            aim[place[cell]] = sign
            solved = linprog(aim, A_eq=left, b_eq=np.zeros(len(rows)), bounds=least, method="highs")
            ends.append(np.inf if solved.x is None else abs(solved.fun))
        return float(sum(ends))

    def _hanging_together(self, cell: Cell) -> list[Cell]:
        found, waiting = {cell}, [cell]
        while waiting:
            new = {each for row in self.sums[waiting.pop()] for each in row} - self.known - found
            found |= new
            waiting.extend(new)
        return sorted(found)


def is_of_persons(cell: Cell) -> bool:
    """Whether what is counted is persons, and not money, marks or areas."""
    if cell[0] != "indicator":
        return True
    kind = listed(cell[1]).kind
    return kind in {"part", "ratio"} or (kind == "per" and cell[2] == "denominator")


def _is_never_told(cell: Cell) -> bool:
    """Whether nothing is told of the count, however many they are."""
    return cell[0] == "indicator" and listed(cell[1]).readers == "prefecture" and cell[-1] != PREFECTURE


def _sums(truth: Mapping[Cell, float]) -> Iterator[Cells]:
    by_thing, by_place, by_stage = (defaultdict[Any, list[Cell]](list) for _ in range(3))
    for cell in truth:
        by_thing[cell[:-1]].append(cell)
        by_place[*cell[:-2], cell[-1]].append(cell)
        if cell[1].startswith("pupil_teacher_ratio_") and cell[2] == "denominator":
            by_stage[cell[-1]].append(cell)
    for cell in truth:
        if cell[-1] == PREFECTURE:
            yield (cell, *(each for each in by_thing[cell[:-1]] if each != cell))
        if cell[-2] == ALL:
            yield (cell, *(each for each in by_place[*cell[:-2], cell[-1]] if each != cell))
        if cell[:3] == ("pub_aid", ALL, ALL):
            yield (cell, *(each for each in truth if each[0] == "pub_aid" and each[2:] == cell[2:] and each != cell))
        if cell[:2] == ("staff", "teachers"):
            yield (cell, *by_stage[cell[-1]])
        for k, whole, sides in _WHOLES:
            parts = tuple((*cell[:k], side, *cell[k + 1 :]) for side in sides)
            if cell[k] == whole and all(part in truth for part in parts):
                yield (cell, *parts)


def _on_time(truth: Mapping[Cell, float]) -> Iterator[Cells]:
    """Payments that are due in time are those of their projects."""
    for cell in truth:
        if cell[1].startswith("aid_on_time_") and cell[2] == "denominator":
            projects = (("pub_aid", cell[1].rpartition("_")[2], project, cell[3]) for project in _ON_TIME)
            yield (cell, *(each for each in projects if each in truth))


def _inner(truth: Mapping[Cell, float]) -> Iterator[Cells]:
    for cell in truth:
        if cell[0] == "beyond":
            _, *inner, outer, side, region = cell
            yield ("indicator", outer, side, region), ("indicator", *inner, region), cell


def _agreeing(truth: Mapping[Cell, float]) -> Iterator[Cells]:
    """Pairs of counts of two things that agree in every region."""
    things = defaultdict[Cell, dict[str, float]](dict)
    for cell, count in truth.items():
        things[cell[:-1]][cell[-1]] = count
    first: dict[tuple[Any, ...], Cell] = {}
    for thing, counts in things.items():
        twin = first.setdefault(tuple(sorted(counts.items())), thing)
        if twin != thing and sum(map(bool, counts.values())) >= _AGREEING:
            yield from (((*twin, region), (*thing, region)) for region in counts)
