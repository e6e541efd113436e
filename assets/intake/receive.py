"""One delivered file becomes a reception that says what it is and what it lacks, and raw rows in the lake.

Runs inside a worker process. What leaves here holds no person: names are left behind, numbers are pseudonyms. How rows
are judged is not asked here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from assets.intake.answer_sheet import own_sheets, period_told, said_in
from assets.intake.census_workbook import Census, census_of
from assets.intake.counts import PLACED, Counts
from assets.intake.errors import Refused
from assets.intake.headers import letter
from assets.intake.limits import Limits
from assets.intake.periods import strongest, told_by, told_by_path
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.reading import Reading
from assets.intake.reception import Delivery, Part, Problem, Reception, Said
from assets.intake.recognise import Layout, Recognition, recognise
from assets.intake.row_periods import file_period
from assets.intake.sheets import Sheet, open_file, sheets_of
from assets.intake.together import Received
from assets.intake.vocabulary import vocabulary_of
from assets.intake.workbook import OpenWorkbook
from expectations.contract import Contract
from expectations.forms import CELLS, Generation, load_forms
from expectations.regions import Regions

_FIRST_LINES = 5


def receive(
    delivery: Delivery,
    contracts: Mapping[str, Contract],
    regions: Regions,
    pseudonymiser: Pseudonymiser,
    lake_raw: Path,
    limits: Limits,
    generations: Sequence[Generation] = (),
) -> Reception | Received:
    """The reception of one archived file; what could be read lies in `lake_raw/<dataset>/<submission>.parquet`.

    The rows of a census workbook are handed out instead, to be written together with those of others. A worker is given
    the `generations` of forms: loading them takes all contracts once more, which costs as much as a hundred workbooks.
    """
    try:
        opened = open_file(delivery.archived, limits)
        census = census_of(opened, generations or load_forms()) if isinstance(opened, OpenWorkbook) else None
        if census and census.names_school:
            return _received(delivery, census, contracts)
        delivered = sheets_of(opened)
        sheets, said = own_sheets(delivered), said_in(delivered)
    except Refused as refused:
        found = _not_opened(refused, delivery, contracts)
        return _reception(delivery, found, file_period=_period_told(found, (), delivery.path))
    if not sheets and said and said[0].period and said[0].dataset in contracts:
        return _answer_alone(delivery, contracts[said[0].dataset], said)
    found = recognise(sheets, contracts, delivery.path)
    if census and found.state == "unrecognised":
        return _received(delivery, census, contracts)
    if found.state != "received" or found.contract is None:
        return _reception(delivery, found, file_period=_period_told(found, sheets, delivery.path))
    others = [sheet for sheet in delivered if all(sheet is not layout.sheet for layout in found.layouts)]
    told = [*told_by_path(delivery.path), *period_told(delivered)]
    readings = [
        Reading(one, layouts, told, regions, pseudonymiser, others, found.further) for one, layouts in found.tables
    ]
    return _written(delivery, found, readings, lake_raw, said)


def _written(
    delivery: Delivery, found: Recognition, readings: Sequence[Reading], lake_raw: Path, said: tuple[Said, ...]
) -> Reception:
    """A file whose rows were written, or that is returned because it cannot be read to its end."""
    name = f"{delivery.submission_id}.parquet"
    try:
        units = {column: unit for reading in readings for column, unit in reading.units.items()}
        counts = [reading.write(lake_raw / reading.contract.dataset / name) for reading in readings]
    except Refused as refused:
        found = Recognition("returned", found.contract, problems=(_problem(refused),), notes=found.notes)
        return _reception(delivery, found, file_period=readings[0].file_period)
    return _reception(delivery, found, **_read(counts, readings, units), explanations=said)


def _answer_alone(delivery: Delivery, contract: Contract, said: tuple[Said, ...]) -> Reception:
    """A file that holds no rows but explains findings, as the excerpt of a file that is too large to be returned."""
    found = Recognition("received", contract, notes=("本文件只有说明，没有数据。",))
    return _reception(delivery, found, file_period=said[0].period, explanations=said)


def _received(delivery: Delivery, census: Census, contracts: Mapping[str, Contract]) -> Reception | Received:
    """A census workbook: its cells, and the rows made of them as parts; it is returned where it names no school."""
    contract, told = contracts[CELLS], [*told_by_path(delivery.path)]
    try:
        added = sheets_of(census.workbook, census.added) if census.added else []
        told += period_told(added)
        read = census.read(told, delivery.unit_code, contracts)
    except Refused as refused:
        found = Recognition("returned", contract, problems=(_problem(refused),))
        return _reception(delivery, found, file_period=file_period(contract, strongest(told)))
    year, parts = read.school_year, [table for table in read.tables if table != CELLS]
    reception = _reception(
        delivery, Recognition("received", contract, problems=tuple(read.problems), notes=tuple(read.notes)),
        rows_read=read.count(CELLS), periods={year: read.count(CELLS)}, file_period=year,
        parts=tuple(Part(dataset=table, periods={year: read.count(table)}) for table in parts),
        cells_read=read.placed + read.ignored.total(), cells_placed=read.placed, cells_ignored=dict(+read.ignored),
        explanations=(*read.explanations, *said_in(added)),
    )  # fmt: skip
    return Received(reception, read.tables)


def _not_opened(refused: Refused, delivery: Delivery, contracts: Mapping[str, Contract]) -> Recognition:
    """A file that could not be opened is returned, as what its name says it is; an empty one is nothing known."""
    named = vocabulary_of(contracts).named_by([PurePosixPath(delivery.path).stem])
    if refused.reason_code == "empty":
        return Recognition("unrecognised", named, problems=(_problem(refused),))
    return Recognition("returned", named, problems=(_problem(refused),))


def _period_told(found: Recognition, sheets: Sequence[Sheet], path: str) -> str | None:
    """The period that the first lines, the name or the folders of a file give it that was not read."""
    if found.contract is None:
        return None
    lines = (" ".join(row) for sheet in sheets for row in sheet.head[:_FIRST_LINES])
    return file_period(found.contract, strongest([*map(told_by, lines), *told_by_path(path)]))


def _read(every: Sequence[Counts], readings: Sequence[Reading], units: dict[str, str]) -> dict[str, Any]:
    """What was counted; a file that fills several datasets counts its rows and cells once, as the first read them."""
    counts, *further = every
    return {
        "rows_read": counts.read, "rows_ignored": dict(counts.ignored), "periods": dict(counts.periods),
        "file_period": readings[0].file_period, "questions": _once(every), "units": units,
        "cells": _letters(layout for reading in readings for layout in reading.layouts),
        "cells_read": counts.cells.total(), "cells_placed": counts.cells[PLACED], "cells_ignored": counts.cells_ignored,
        "parts": tuple(
            Part(dataset=reading.contract.dataset, periods=dict(one.periods))
            for reading, one in zip(readings[1:], further, strict=True)
        ),
    }  # fmt: skip


def _once(every: Sequence[Counts]) -> tuple[Problem, ...]:
    """The questions of all tables, one for each rule and cell."""
    return tuple({(one.rule_id, one.sheet, one.cell): one for counts in every for one in counts.questions}.values())


def _reception(delivery: Delivery, found: Recognition, **read: Any) -> Reception:
    return Reception(
        submission_id=delivery.submission_id, unit_code=delivery.unit_code, sha256=delivery.sha256, path=delivery.path,
        raw_path=delivery.raw_path, received_at=delivery.received_at, sequence=delivery.sequence, state=found.state,
        read_with="",
        dataset=found.contract.dataset if found.contract else None, problems=found.problems, notes=found.notes, **read,
    )  # fmt: skip


def _letters(layouts: Iterable[Layout]) -> dict[str, dict[str, str]]:
    """The letter of each column by sheet, as Excel shows it."""
    letters: dict[str, dict[str, str]] = {}
    for layout in layouts:
        of_sheet = letters.setdefault(layout.sheet.name, {})
        of_sheet |= {name: letter(position) for name, position in layout.header.positions.items()}
    return letters


def _problem(refused: Refused) -> Problem:
    return Problem(
        rule_id=f"intake.{refused.reason_code}", severity="must_fix",
        message=refused.message_zh, how_to_fix=refused.how_to_fix_zh,
    )  # fmt: skip
