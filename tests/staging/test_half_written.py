"""What is still being written, or a killed run left, counts for nothing: neither beside a run nor in the next one."""

from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from assets.intake.ledger import Ledger
from assets.intake.reception import Reception, Said
from assets.judging.references import SchoolLists
from assets.submitted.explanations import Explanations
from warehouse.lake import ASIDE, Lake

SENT = Reception(
    submission_id="433199-1", unit_code="433199", sha256="1", path="433199/a.csv", sequence=1, dataset="population",
    received_at=datetime(2020, 9, 10, tzinfo=UTC), state="received", read_with="",
    explanations=(Said(text="撤并", dataset="population", period="2020-2021", rule_id="r", place="", message="m"),),
)  # fmt: skip
HALVES = pytest.mark.parametrize("written", [0.0, 0.5, 1.0])


def leave_aside(whole: Path, written: float) -> None:
    content = whole.read_bytes()
    whole.with_name(f"{ASIDE}0123abcd-{whole.name}").write_bytes(content[: int(len(content) * written)])


@HALVES
def test_a_reception(tmp_path: Path, written: float) -> None:
    ledger = Ledger(tmp_path)
    ledger.record([SENT])
    leave_aside(tmp_path / "433199-1.json", written)
    assert ledger.receptions() == [SENT]


@HALVES
def test_an_explanation(tmp_path: Path, written: float) -> None:
    assert Explanations(tmp_path, date(2020, 9, 10), 12).record([SENT]) == 1
    leave_aside(tmp_path / "433199-1.json", written)
    again = Explanations(tmp_path, date(2020, 9, 10), 12)
    assert [e.text for e in again.kept] == ["撤并"]


@HALVES
def test_a_list_of_schools(tmp_path: Path, written: float) -> None:
    lake = Lake(tmp_path)
    whole = lake.write(pa.table({"school_code": ["3143319901"]}), "raw", "school", "433199-1.parquet")
    leave_aside(whole, written)
    assert SchoolLists.held(lake).ever == {"433199": frozenset({"3143319901"})}
