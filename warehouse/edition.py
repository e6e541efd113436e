"""An edition: what one run hands over for publication, and its tables brought to the types of the schema, exactly.

Nothing is guessed: a number of the wrong kind, an unknown column, an empty key or a digit that would be lost is our
fault and refused before anything is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from warehouse.column_types import arrow_schema
from warehouse.errors import EditionError
from warehouse.schema import BROUGHT, FACTS
from warehouse.schema.storage import kept_columns, slice_column

ReasonOf = Callable[[int, str, str], str]
"""Why a figure moved, by year, indicator and region or school, in Chinese."""


def _not_told(_year: int, _indicator_id: str, _region_code: str) -> str:
    return "未注明"


@dataclass(frozen=True)
class Edition:
    """Tables by name, without `release_id`, and the plan years whose facts they hold.

    Facts of a year outside `years`, and replaced tables that are not named, are carried over from the release before.
    Columns that a table lacks are empty. `reason_of` is asked of every figure that differs from the release before.
    """

    tables: Mapping[str, pa.Table]
    years: tuple[int, ...]
    reason_of: ReasonOf = _not_told

    def fitted(self) -> dict[Table, pa.Table]:
        """The tables in the types of the schema, parents before children.

        Raises:
            EditionError: a table or column is unknown or missing, or does not fit; facts of a year not announced; a row
                that stands twice, or names a region or other parent that is not there.
        """
        known = {table.name: table for table in BROUGHT}
        for name in self.tables.keys() - known.keys():
            raise EditionError(name, "结构中没有此表")
        for fact in FACTS:
            self._check_years(fact.name)
        found = {table: fit(table, self.tables[name]) for name, table in known.items() if name in self.tables}
        for table, rows in found.items():
            _check_key(table, rows)
            _check_parents(table, rows, {each.name: each_rows for each, each_rows in found.items()})
        return found

    def _check_years(self, name: str) -> None:
        if name not in self.tables or "year" not in self.tables[name].column_names:
            raise EditionError(name, "缺少此表或其 year 列")
        others = set(pc.unique(self.tables[name]["year"]).to_pylist()) - set(self.years)
        if others:
            raise EditionError(name, f"含有未申报的年度 {sorted(map(str, others))}")


def fit(table: Table, given: pa.Table) -> pa.Table:
    """`given` with exactly the columns that an edition has of `table`, in its order and types."""
    schema = arrow_schema(kept_columns(table))
    unknown = set(given.column_names) - set(schema.names)
    if unknown:
        raise EditionError(table.name, f"多出列 {sorted(unknown)}")
    return pa.table([_fit_column(table, field, given) for field in schema], schema=schema)


def _check_key(table: Table, rows: pa.Table) -> None:
    """Refuse a key that stands in two parts of a table, which the database would not see."""
    key, cut = (
        [column.name for column in table.primary_key.columns if column.name in rows.column_names],
        slice_column(table),
    )
    if key and cut and cut not in key and rows.group_by(key).aggregate([]).num_rows < rows.num_rows:
        raise EditionError(table.name, f"键 {key} 有重复")


def _check_parents(table: Table, rows: pa.Table, found: Mapping[str, pa.Table]) -> None:
    """Refuse a foreign key that leads nowhere; parts of a release cannot refer to each other in the database."""
    for column in kept_columns(table):
        for key in column.foreign_keys:
            parent, _, name = key.target_fullname.partition(".")
            if parent not in found:
                raise EditionError(table.name, f"缺少所指的表 {parent}")
            known = pc.is_in(rows[column.name], found[parent][name].combine_chunks())
            if not pc.all(pc.or_(known, pc.is_null(rows[column.name])), min_count=0).as_py():
                raise EditionError(table.name, f"列 {column.name} 有值不在 {parent} 中")


def _fit_column(table: Table, wanted: pa.Field, given: pa.Table) -> pa.ChunkedArray:
    absent = pa.chunked_array([pa.nulls(given.num_rows)])
    values = given[wanted.name] if wanted.name in given.column_names else absent
    if not (pa.types.is_null(values.type) or _is_same_kind(values.type, wanted.type)):
        raise EditionError(table.name, f"列 {wanted.name} 应为 {wanted.type}，而是 {values.type}")
    if values.null_count and not wanted.nullable:
        raise EditionError(table.name, f"列 {wanted.name} 有 {values.null_count} 个空值")
    try:
        values = values.cast(wanted.type)
    except pa.ArrowInvalid:
        raise EditionError(table.name, f"列 {wanted.name} 有数值超出 {wanted.type}") from None
    return _without_nul(values) if pa.types.is_string(wanted.type) else values


def _is_same_kind(given: pa.DataType, wanted: pa.DataType) -> bool:
    types = pa.types
    if types.is_string(wanted):
        inner = given.value_type if types.is_dictionary(given) else given
        return bool(types.is_string(inner) or types.is_large_string(inner))
    if types.is_timestamp(wanted):
        return bool(types.is_timestamp(given) and given.tz is not None)
    if types.is_decimal(wanted):
        return bool(types.is_decimal(given) or types.is_integer(given))
    if types.is_floating(wanted):
        return bool(types.is_floating(given) or types.is_integer(given))
    if types.is_integer(wanted):
        return bool(types.is_integer(given))
    return bool(given == wanted)


def _without_nul(values: pa.ChunkedArray) -> pa.ChunkedArray:
    # PostgreSQL takes no NUL in text: one odd cell quoted in a message must not stop a publication.
    return pc.replace_substring(values, "\x00", "\ufffd")
