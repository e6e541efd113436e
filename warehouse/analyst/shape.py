"""How a view is declared, and what views share: names of places and codes, money in 元.

Facts are read where they are stored (`STORED`), which is narrowed to the newest release before anything is joined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Select,
    Table,
    and_,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    type_coerce,
)

from warehouse.column_types import Exact
from warehouse.schema import dim_code, dim_school, dim_unit, dim_year
from warehouse.words import UNTOLD


@dataclass(frozen=True)
class Code:
    """A column of codes; in a Chinese view the names of its list, where they have one."""

    list_name: str
    column: ColumnElement[Any]

    def named(self, source: FromClause) -> tuple[ColumnElement[Any], FromClause]:
        """The name of the code, and the source with the list joined to it."""
        names = dim_code.alias()
        same = and_(names.c.list_name == literal_column(f"'{self.list_name}'"), names.c.code == self.column)
        return func.coalesce(names.c.name_zh, self.column), source.outerjoin(names, same)


Columns = Mapping[str, tuple[str, ColumnElement[Any] | Code]]
"""Columns by their English name: the Chinese one, and what it is."""


@dataclass(frozen=True)
class View:
    """A view under its English and its Chinese name, told in both languages; `query` is given whether it is Chinese."""

    name_en: str
    name_zh: str
    comment: str
    query: Callable[[bool], Select[Any]]


def labelled(columns: Columns, source: FromClause, *, is_chinese: bool) -> Select[Any]:
    """The select of these columns, named in one of the languages."""
    told = []
    for english, (chinese, shown) in columns.items():
        column = shown.column if isinstance(shown, Code) else shown
        if is_chinese and isinstance(shown, Code):
            column, source = shown.named(source)
        told.append(column.label(chinese if is_chinese else english))
    return select(*told).select_from(source)


def word(column: ColumnElement[Any], words: Mapping[str, str], *, is_chinese: bool) -> ColumnElement[Any]:
    """A word of a closed list; in a Chinese view its Chinese."""
    return case(dict(words), value=column) if is_chinese else column


def unit_name(*, is_chinese: bool) -> ColumnElement[Any]:
    """The name of the unit that was joined."""
    return dim_unit.c.name_zh if is_chinese else dim_unit.c.name_en


def yuan(fen: ColumnElement[Any]) -> ColumnElement[Any]:
    """Money of 分 in 元, exact to the 分."""
    return type_coerce(func.round(fen.op("/")(literal_column("100.0")), 2), Exact())


def per(upper: ColumnElement[Any], lower: ColumnElement[Any]) -> ColumnElement[float]:
    """A quotient for show; empty where the divisor is 0 or empty."""
    return cast(cast(upper, Double) / func.nullif(cast(lower, Double), 0), Double)


def total(column: ColumnElement[Any], that: ColumnElement[bool] | None = None) -> ColumnElement[int]:
    """The sum of whole numbers, of all rows or of some."""
    added = func.sum(column)
    return cast(added if that is None else added.filter(that), BigInteger)


def of_units(fact: Table) -> FromClause:
    """The fact with its unit."""
    return fact.outerjoin(dim_unit, dim_unit.c.unit_code == fact.c.unit_code)


def of_schools(fact: Table) -> FromClause:
    """The fact with its unit, its year, and its school as it was on the first day of the year's school year."""
    joined = of_units(fact).outerjoin(dim_year, dim_year.c.year == fact.c.year)
    return joined.outerjoin(
        dim_school,
        and_(
            dim_school.c.school_code == fact.c.school_code, dim_school.c.unit_code == fact.c.unit_code, stands_in_year()
        ),
    )


def stands_in_year() -> ColumnElement[bool]:
    """Whether the span of a school holds on the first day of the joined year's school year."""
    day = dim_year.c.school_year_starts_on
    return and_(dim_school.c.valid_from <= day, or_(dim_school.c.valid_to.is_(None), dim_school.c.valid_to >= day))


def unit_columns(fact: Table, *, is_chinese: bool) -> Columns:
    """Year and unit of a fact."""
    return {
        "year": ("年度", fact.c.year),
        "unit_code": ("单位代码", fact.c.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
    }


def school_columns(fact: Table, *, is_chinese: bool) -> Columns:
    """Year, unit and school of a fact, joined by `of_schools`; a fact without a school says so."""
    name = case((fact.c.school_code == UNTOLD, UNTOLD), else_=dim_school.c.name)
    return {
        **unit_columns(fact, is_chinese=is_chinese),
        "school_code": ("学校代码", fact.c.school_code),
        "school": ("学校", name),
        "school_kind": ("办学类型", Code("school.kind", dim_school.c.kind)),
    }
