"""Conservation over the whole sample: every row and filled cell of a submission is used, or ignored for a reason."""

import json
from collections import Counter

import pytest

from tests.intake.counted_again import filled_cells
from tests.pipelines.homes import Home
from warehouse.schema import submission, submission_count
from warehouse.words import COUNT_REASONS

pytestmark = pytest.mark.xdist_group("sample")


def test_every_submission_balances(sample: Home) -> None:
    listed, counts = sample.rows(submission), sample.rows(submission_count)
    assert len(listed) > 100
    assert min(count["n"] for count in counts) > 0
    assert all(
        row["rows_read"] == row["rows_accepted"] + row["rows_quarantined"] + row["rows_ignored"] for row in listed
    )
    of: Counter[tuple[str, str, str]] = Counter()
    for count in counts:
        if count["kind"] == "rows":
            of[count["submission_id"], count["period"], count["outcome"]] += count["n"]
    told: Counter[tuple[str, str, str]] = Counter()  # a census workbook has a row for each dataset that it fills
    for row in listed:
        for outcome in ("accepted", "quarantined", "ignored"):
            told[row["submission_id"], row["period"], outcome] += row[f"rows_{outcome}"]
    assert of == told


def test_every_filled_cell_is_placed_or_ignored_for_a_reason_that_has_a_word(sample: Home) -> None:
    counts = [count for count in sample.rows(submission_count) if count["kind"] == "cells"]
    of: Counter[str] = Counter()
    for count in counts:
        of[count["submission_id"]] += count["n"]
    receptions = [r for r in sample.settings.house().ledger.receptions() if r.state == "received"]
    assert receptions
    assert of == Counter({r.submission_id: r.cells_read for r in receptions})
    assert all(r.cells_placed for r in receptions if any(r.periods.values()))
    archive = sample.settings.house().intake().archive
    assert {r.path for r in receptions if r.cells_read != filled_cells(archive.path(r.sha256))} == set()
    assert {count["reason"] for count in counts} - {None} <= COUNT_REASONS.keys()


def test_status_shows_the_same_counts(sample: Home) -> None:
    shown = json.loads(sample.command("status", "--rows", "--format", "json").stdout)
    plain = [{name: value for name, value in row.items() if name != "path"} for row in shown]
    assert sorted(map(str, plain)) == sorted(map(str, sample.rows(submission_count)))
    table = sample.command("status", "--rows").stdout
    assert "行与单元格的去向" in table
    assert len(table.splitlines()) > len({row["path"] for row in shown})
