"""Quarantined rows of a year, as they are handed to the figures: those that no later file of the sender replaces."""

from pathlib import Path

import pyarrow as pa

from assets.judging.judgement import Judgement, Version, VersionState
from assets.judging.staging import staged_path
from assets.year import quarantined
from tests.indicators.year import CONTRACTS
from warehouse.lake import Lake

PAYMENTS = CONTRACTS["aid_payments"]
SCHEMA = PAYMENTS.staged_schema()
SPRING, AUTUMN = "2019-2020-spring", "2020-2021-autumn"
FIRST, SECOND = "433101-a", "433101-b"


def version(submission_id: str, number: int, state: VersionState = "accepted_with_findings") -> Version:
    counts = dict.fromkeys(
        ("rows_read", "rows_accepted", "rows_quarantined", "rows_ignored", "rows_current", "questions"), 0
    )
    return Version(submission_id=submission_id, unit_code=submission_id[:6], version=number, state=state, **counts)


def judged(lake: Lake, period: str, accepted: list[tuple[str, str]], bad: list[tuple[str, str]]) -> None:
    """A judgement of versions one and two of a unit, with the school of each row."""
    judgement = Judgement(
        dataset="aid_payments", period=period, fingerprint="f", folder="f", rules=(), stale_units=(), rows_current=0,
        versions=(version("433122-c", 1), version(FIRST, 1), version(SECOND, 2)),
    )  # fmt: skip
    for table, rows in (("rows", accepted), ("quarantine", bad)):
        told = [{"submission_id": name, "unit_code": name[:6], "school_code": school} for name, school in rows]
        made = pa.Table.from_pylist(told, SCHEMA)
        if table == "quarantine":
            made = made.append_column("student_id__unread", pa.nulls(len(rows), pa.string()))
        lake.write(made, *staged_path(lake, judgement, table))
    path = lake.path("staged", "aid_payments", period, "judgement.json")
    path.write_text(judgement.model_dump_json(), "utf-8")


def found(lake: Lake) -> list[tuple[str, str]]:
    rows = quarantined(lake, PAYMENTS, 2020)
    assert rows.schema == SCHEMA
    return [(row["submission_id"], row["school_code"]) for row in rows.to_pylist()]


def test_rows_of_both_terms_are_handed_over_in_the_columns_of_accepted_ones(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    judged(lake, SPRING, [], [(FIRST, "s1")])
    judged(lake, AUTUMN, [(FIRST, "s1")], [(FIRST, "s1"), ("433122-c", "s1")])
    judged(lake, "2018-2019-spring", [], [(FIRST, "s9")])
    assert found(lake) == [(FIRST, "s1"), (FIRST, "s1"), ("433122-c", "s1")]


def test_a_later_file_with_rows_of_the_school_replaces_the_quarantined_ones(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    judged(lake, SPRING, [(SECOND, "s1"), (FIRST, "s2")],
           [(FIRST, "s1"), (FIRST, "s2"), (FIRST, "s3"), (SECOND, "s3"), ("433122-c", "s1")])  # fmt: skip
    assert found(lake) == [(FIRST, "s2"), (SECOND, "s3"), ("433122-c", "s1")]


def test_nothing_judged_is_no_row(tmp_path: Path) -> None:
    assert found(Lake(tmp_path)) == []
