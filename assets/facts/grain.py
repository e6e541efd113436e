"""How a fact is declared, and how its rows are grouped: keys that are never empty, sums that are never half known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Integer, Select, case, cast, func, literal, select

from assets.indicators.catalogue import Tables
from assets.indicators.formulas import Condition, Source
from assets.indicators.sql import EXACT
from warehouse.words import UNTOLD

Columns = Mapping[str, ColumnElement[Any]]


@dataclass(frozen=True)
class Fact:
    """One table of the star: its name in the warehouse, the datasets that it is made of, and the select of a year."""

    table: str
    needs: tuple[str, ...]
    rows: Callable[[Tables], Select[Any]]


def grouped(c: Tables, source: Source, key: Columns, measures: Columns) -> Select[Any]:
    """A row per key of the year, with the measures of the rows that have it, in the order of the key.

    A part of the key that is empty is told as 未填: what it says is unknown, and the row counts all the same.
    """
    parts = {name: func.coalesce(part, UNTOLD).label(name) for name, part in key.items()}
    told = (measure.label(name) for name, measure in measures.items())
    year = literal(c.year, Integer).label("year")
    by = [part.element for part in parts.values()]
    return select(year, *parts.values(), *told).select_from(source).group_by(*by).order_by(*by)


def school(rows: Source) -> Columns:
    """The part of a key that tells a school: the unit that lists it, and its own code, whether it counts or merges."""
    return {"unit_code": rows.c.unit_code, "school_code": rows.c.school_code}


def whole(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of whole numbers; empty where one of them is, because a part of a sum is no sum."""
    return cast(case((func.count(column) == func.count(), func.sum(column))), BigInteger)


def exact(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The same of decimals."""
    return cast(case((func.count(column) == func.count(), func.sum(column))), EXACT)


def wholes(rows: Source, *names: str) -> Columns:
    """The sums of these columns, each by its own name."""
    return {name: whole(rows.c[name]) for name in names}


def number(that: Condition | None = None) -> ColumnElement[int]:
    """How many rows there are, or for how many of them it holds."""
    return cast(func.count() if that is None else func.count(case((that, 1))), BigInteger)
