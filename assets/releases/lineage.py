"""Lineage: from a figure to the file, sheet, row and cells that it was made from.

The rows are those of the staged files of the lake that the indicator's formula reads, with what each adds to both
sides. Where a formula reads rows that were put together first, the rows of its datasets are listed without that. Places
and sums only: no value of a cell and nothing of a person is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Column, ColumnElement, Table, and_, case, cast, false, literal, null, select, true
from sqlalchemy.sql.visitors import iterate

from assets.house import House
from assets.indicators.catalogue import Indicator
from assets.indicators.engine import define
from assets.indicators.formulas import Distinct, Formula, PerDistinct, Piece, Source
from assets.indicators.parameters import Choices
from assets.indicators.sources import QUARANTINE, Dataset, YearTables, open_year
from assets.indicators.sql import EXACT
from assets.intake.reception import Reception
from assets.year import year_inputs
from expectations.findings import places_told
from expectations.regions import PREFECTURE
from expectations.rule import FORM_CELLS
from warehouse.lake import Lake

PLACE = ("submission_id", "sheet", "row")
Place = tuple[str, str, int]


@dataclass(frozen=True)
class Origin:
    """One row of a file that a figure was made from.

    `numerator` and `denominator` are what it adds to each side; both are empty where it is a row of the datasets that
    the formula puts together first. `cells` are the cells of the columns that the formula reads, by column. In a row
    made of census forms `row` is its number among those of its workbook; a cell of another sheet is named with it.
    """

    dataset: str
    submission_id: str
    path: str
    sheet: str
    row: int
    numerator: Decimal | None
    denominator: Decimal | None
    cells: Mapping[str, str]


def lineage(house: House, indicator: Indicator, region_code: str, year: int) -> list[Origin]:
    """The rows that a figure of a region or school was made from, by dataset, file, sheet and row.

    Rows that the formula does not ask, because they are of another stage, kind or term, are left out.
    """
    inputs = year_inputs(house, year)
    datasets = {name: Dataset.of(contract) for name, contract in house.contracts.items()}
    plan = house.plans.get(year)
    needed = {"school", *(need.dataset for need in indicator.needs)}
    with open_year(inputs, datasets, needed) as opened:
        choices = Choices.of(plan.parameters if plan else None)
        (defined,) = define(opened, inputs, datasets, [indicator], choices)
        asked = _Asked(opened, region_code, {r.submission_id: r for r in house.ledger.receptions()}, house.lake)
        found = [row for part in _parts(defined.formula) for row in asked.rows(indicator, part)]
    return sorted(set_of(found), key=lambda o: (o.dataset, o.path, o.sheet, o.row, str(o.numerator)))


def set_of(found: Sequence[Origin]) -> list[Origin]:
    """Each row once for each thing that it adds."""
    return list({(o.dataset, o.submission_id, o.sheet, o.row, o.numerator, o.denominator): o for o in found}.values())


@dataclass(frozen=True)
class _Part:
    """What a formula reads of the rows of one table: which rows it asks, and what each adds."""

    source: Source
    among: ColumnElement[bool]
    numerator: ColumnElement[Any] | None
    denominator: ColumnElement[Any] | None

    @property
    def columns(self) -> list[str]:
        """The columns of the table that it reads."""
        told = [each for each in (self.among, self.numerator, self.denominator) if each is not None]
        names = (c.name for each in told for c in iterate(each) if isinstance(c, Column) and c.table is self.source)
        return list(dict.fromkeys(names))


def _parts(formula: Formula) -> Iterator[_Part]:
    one = literal(1)
    if isinstance(formula, Distinct):
        upper = formula.among if formula.that is None else and_(formula.among, formula.that)
        lower = None if formula.that is None else one
        yield _Part(formula.source, formula.among, case((upper, 1), else_=0), lower)
    elif isinstance(formula, PerDistinct):
        yield _Part(formula.source, formula.among, formula.of, one)
    else:
        yield from (_of_piece(piece) for piece in formula.pieces())


def _of_piece(piece: Piece) -> _Part:
    return _Part(piece.source, piece.among, piece.numerator, piece.denominator)


@dataclass(frozen=True)
class _Asked:
    """The tables of a year, asked for the rows of one region or school."""

    year: YearTables
    region_code: str
    receptions: Mapping[str, Reception]
    lake: Lake
    forms: dict[tuple[str, str], dict[Place, dict[str, str]]] = field(default_factory=dict)

    def rows(self, indicator: Indicator, part: _Part) -> Iterator[Origin]:
        """The rows of one part; of its datasets, where its rows have no place of their own."""
        if set(PLACE) <= set(part.source.c.keys()):
            yield from self._placed(part)
            return
        for need in indicator.needs:
            yield from self._placed(_Part(self.year.tables[need.dataset], true(), None, None))

    def _placed(self, part: _Part) -> Iterator[Origin]:
        source = part.source
        sides = [cast(null() if side is None else side, EXACT) for side in (part.numerator, part.denominator)]
        query = select(*(source.c[name] for name in PLACE), *sides).where(part.among, self._is_here(source))
        rows = self.year.fetch(query.order_by(*(source.c[name] for name in PLACE)))
        dataset = source.name.removesuffix(QUARANTINE) if isinstance(source, Table) else source.name
        for submission_id, sheet, row, above, below in zip(*(rows[n].to_pylist() for n in range(5)), strict=True):
            yield self._origin(part, dataset, submission_id, sheet, row, above, below)

    def _is_here(self, source: Source) -> ColumnElement[bool]:
        if self.region_code == PREFECTURE:
            return true()
        if len(self.region_code) == len(PREFECTURE):
            return source.c.unit_code == self.region_code
        if "counted_school_code" in source.c:
            return source.c.counted_school_code == self.region_code
        return false()

    def _origin(
        self, part: _Part, dataset: str, submission_id: str, sheet: str, row: int,
        above: Decimal | None, below: Decimal | None,
    ) -> Origin:  # fmt: skip
        reception = self.receptions.get(submission_id)
        path = reception.path if reception else ""
        if reception and reception.dataset != dataset:
            told = self._form_cells(dataset, reception).get((submission_id, sheet, row), {})
            cells = {name: told[name].removeprefix(f"{sheet}!") for name in part.columns if name in told}
        else:
            letters = reception.cells.get(sheet, {}) if reception else {}
            cells = {name: f"{letters[name]}{row}" for name in part.columns if name in letters}
        return Origin(dataset, submission_id, path, sheet, row, above, below, cells)

    def _form_cells(self, dataset: str, reception: Reception) -> dict[Place, dict[str, str]]:
        """Where the columns of a dataset's rows stand in the census workbooks that were read together with this one."""
        kept = (dataset, reception.raw_name)
        if kept not in self.forms:
            raw = self.lake.read("raw", *kept, columns=[*PLACE, FORM_CELLS])
            *place, texts = (raw[name].to_pylist() for name in (*PLACE, FORM_CELLS))
            self.forms[kept] = {of: places_told(text) for of, text in zip(zip(*place, strict=True), texts, strict=True)}
        return self.forms[kept]
