"""Findings that an earlier version of the program left in the lake are read as today's."""

from pathlib import Path

import pyarrow as pa

from assets.judging.judgement import Judgement
from assets.judging.staging import findings_in, staged_path
from expectations.findings import SCHEMA
from warehouse.lake import Lake


def test_a_judgement_from_before_a_column_was_there_has_it_empty(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    judged = Judgement(
        dataset="class_ledger", period="2019-2020", fingerprint="f", folder="f", versions=(), rules=(), stale_units=(),
        rows_current=0,
    )  # fmt: skip
    before = pa.schema([field for field in SCHEMA if field.name != "place"])
    lake.write(
        pa.Table.from_pylist([{"finding_id": "1", "row": 7}], schema=before), *staged_path(lake, judged, "findings")
    )
    read = findings_in(lake, judged)
    assert read.schema == SCHEMA
    assert [(row["finding_id"], row["row"], row["place"]) for row in read.to_pylist()] == [("1", 7, None)]
