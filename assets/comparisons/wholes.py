"""Sums that lack a row: schools and units that have rows in quarantine of the datasets that a comparison adds up.

Such a row is told already; what its school adds up to is no figure before it is mended, and nothing is asked of it.
Comparisons of persons look into quarantine instead (`matching.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import ColumnElement, FromClause, Select, exists, func, or_, select, true, union_all

from assets.comparisons.selects import homes
from assets.comparisons.tables import SCHOOL, Years
from assets.indicators.sources import QUARANTINE
from expectations.comparison import Comparison


def is_whole(
    years: Years, dataset: str, unit: ColumnElement[Any], stage: ColumnElement[Any] | str, *, before: bool = False
) -> ColumnElement[bool]:
    """Whether a unit has no row of a stage in quarantine; one of an unread stage may be of any."""
    aside = (years.before if before else years.this)[f"{dataset}{QUARANTINE}"]
    return ~exists().where(aside.c.unit_code == unit, or_(aside.c.stage == stage, aside.c.stage.is_(None)))


def whole_rows(years: Years, comparison: Comparison, rows: pa.Table) -> pa.Table:
    """The rows of a comparison by school but for those of schools whose sums lack a row, of this year or the last.

    A row of this year with a code that no list has may be of any school of its unit; one of last year is hardly
    mended any more, and would leave the whole unit unasked.
    """
    for dataset in comparison.adds_up:
        told = years.fetch(union_all(*_lacking(years, comparison, dataset)))
        units = told.filter(pc.invert(told["is_listed"]))["unit_code"]
        lacks = pc.or_(_is_in(rows["school_code"], told["school_code"]), _is_in(rows["unit_code"], units))
        if "dataset" in rows.column_names:
            lacks = pc.and_(lacks, pc.equal(rows["dataset"], dataset))
        rows = rows.filter(pc.invert(lacks))
    return rows


def _is_in(column: pa.ChunkedArray, values: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.is_in(column, values.drop_null())


def _lacking(years: Years, comparison: Comparison, dataset: str) -> Iterator[Select[Any]]:
    """Unit, and school as it is this year, of each row in quarantine, and whether that school alone may be meant."""
    aside = years.this[f"{dataset}{QUARANTINE}"]
    lists = (years.this[SCHOOL], years.this[f"{SCHOOL}{QUARANTINE}"])
    is_listed = or_(*(exists().where(rows.c.school_code == aside.c.school_code) for rows in lists))
    yield _told(aside, aside.c.counted_school_code, is_listed)
    if dataset in comparison.needs.before:
        then, home = years.before[f"{dataset}{QUARANTINE}"], homes(years).subquery("home")
        joined = then.outerjoin(home, home.c.school_code == then.c.school_code)
        school = func.coalesce(home.c.home, then.c.counted_school_code)
        yield _told(then, school, true()).select_from(joined)
        yield from _unlisted(years)


def _told(aside: FromClause, school: ColumnElement[Any], is_listed: ColumnElement[bool]) -> Select[Any]:
    return select(aside.c.unit_code, school.label("school_code"), is_listed.label("is_listed"))


def _unlisted(years: Years) -> Iterator[Select[Any]]:
    """Schools whose row of this year's list is in quarantine, and those into which they merge or merged last year."""
    aside, home = years.this[f"{SCHOOL}{QUARANTINE}"], homes(years).subquery("home")
    joined = aside.outerjoin(home, home.c.school_code == aside.c.school_code)
    for part in (aside.c.school_code, aside.c.parent_school_code, home.c.home):
        yield _told(aside, part, true()).select_from(joined)
