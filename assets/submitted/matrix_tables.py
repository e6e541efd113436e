"""The matrix and the records of units as tables of a release."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from assets.house import House
from assets.judging.judgement import Version
from assets.submitted.matrix import Place, matrix_of_year
from assets.submitted.unit_record import UnitRecord, unit_records
from warehouse.column_types import arrow_schema
from warehouse.schema import status_matrix, unit_record


def matrix_tables(house: House) -> dict[str, pa.Table]:
    """`status_matrix` and `unit_record` of every plan year, by name."""
    places = [place for year in house.years() for place in matrix_of_year(house, year)]
    rows, records = [_row(place) for place in places], [record_row(record) for record in unit_records(places)]
    return {
        "status_matrix": pa.Table.from_pylist(rows, schema=arrow_schema(status_matrix.columns)),
        "unit_record": pa.Table.from_pylist(records, schema=arrow_schema(unit_record.columns)),
    }


def record_row(record: UnitRecord) -> dict[str, Any]:
    """A unit's record by the names of the table's columns."""
    return {column.name: getattr(record, column.name) for column in unit_record.columns}


def _row(place: Place) -> dict[str, Any]:
    version, kept = place.version, place.timeliness
    return {
        "unit_code": place.unit_code, "dataset": place.dataset, "period": place.period, "year": place.year,
        "state": place.state, "due_date": place.due, "received_at": place.received_at,
        "must_fix_count": place.must_fix, "must_explain_count": place.must_explain, "is_expected": place.is_expected,
        "first_received_at": place.first_received_at, "timeliness": kept and kept.word,
        "is_late": kept and kept.word == "late", "days_late": kept and (kept.days_late or None),
        "is_first_pass": place.is_first_pass, "repeated_rules": ",".join(place.repeated_rules) or None,
    } | (_standing(version) if version else {})  # fmt: skip


def _standing(version: Version) -> dict[str, Any]:
    return {"version": version.version, "submission_id": version.submission_id,
            "rows_accepted": version.rows_accepted, "rows_quarantined": version.rows_quarantined}  # fmt: skip
