"""An edition: what one run hands over for publication, and its tables brought to the types of the schema, exactly.

Nothing is guessed: a number of the wrong kind, an unknown column, an empty key or a digit that would be lost is our
fault and refused before anything is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Table

from warehouse.column_types import arrow_schema
from warehouse.errors import EditionError
from warehouse.schema import FACTS, REPLACED

_KEPT_BY_RELEASE = "release_id"


@dataclass(frozen=True)
class Edition:
    """Tables by name, without `release_id`, and the plan years whose facts they hold.

    Facts of a year outside `years`, and replaced tables that are not named, are carried over from the release before.
    Columns that a table lacks are empty.
    """

    tables: Mapping[str, pa.Table]
    years: tuple[int, ...]

    def fitted(self) -> dict[Table, pa.Table]:
        """The tables in the types of the schema, parents before children.

        Raises:
            EditionError: a table or column is unknown or missing, or does not fit; facts of a year not announced.
        """
        known = {table.name: table for table in (*REPLACED, *FACTS)}
        for name in self.tables.keys() - known.keys():
            raise EditionError(name, "结构中没有此表")
        for fact in FACTS:
            self._check_years(fact.name)
        return {table: fit(table, self.tables[name]) for name, table in known.items() if name in self.tables}

    def _check_years(self, name: str) -> None:
        if name not in self.tables or "year" not in self.tables[name].column_names:
            raise EditionError(name, "缺少此表或其 year 列")
        others = set(pc.unique(self.tables[name]["year"]).to_pylist()) - set(self.years)
        if others:
            raise EditionError(name, f"含有未申报的年度 {sorted(map(str, others))}")


def fit(table: Table, given: pa.Table) -> pa.Table:
    """`given` with exactly the columns that an edition has of `table`, in its order and types."""
    schema = arrow_schema(column for column in table.columns if column.name != _KEPT_BY_RELEASE)
    unknown = set(given.column_names) - set(schema.names)
    if unknown:
        raise EditionError(table.name, f"多出列 {sorted(unknown)}")
    return pa.table([_fit_column(table, field, given) for field in schema], schema=schema)


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
