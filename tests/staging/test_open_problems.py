"""What still needs a person: of ordinary files the newest of its kind, of census workbooks each one."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.intake.ledger import Sighting
from assets.intake.reception import Problem, Reception, State, submission_id
from assets.submitted.matrix import open_problems
from pipelines.settings import Settings

UNIT, YEAR = "433126", "2020-2021"


def reception(sequence: int, dataset: str, state: State) -> Reception:
    sha256 = f"{sequence:064d}"[::-1]
    problem = Problem(rule_id="intake.census_no_school", severity="must_fix", message="…", how_to_fix="…")
    return Reception(
        submission_id=submission_id(UNIT, sha256), unit_code=UNIT, sha256=sha256, path=f"{UNIT}/{sequence}.xlsx",
        received_at=datetime(2020, 9, 10, tzinfo=UTC), sequence=sequence, dataset=dataset, state=state, read_with="x",
        problems=(problem,) if state == "returned" else (), file_period=YEAR,
        periods={YEAR: 1} if state == "received" else {},
    )  # fmt: skip


@pytest.mark.parametrize(("dataset", "told"), [("class_ledger", []), ("census_cell", [1])])
def test_a_returned_workbook_is_told_although_another_school_sent_one_later(
    tmp_path: Path, dataset: str, told: list[int]
) -> None:
    house = Settings(home=tmp_path / "home", landing=tmp_path / "landing").house()
    sent = [reception(1, dataset, "returned"), reception(2, dataset, "received")]
    house.ledger.record(sent)
    house.ledger.record_sightings({r.path: Sighting(1, 1, r.sha256) for r in sent})
    assert [problem.reception.sequence for problem in open_problems(house)] == told
