"""The ledger of explanations: what answers a finding, for how long, and what is only shown beside it."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets.intake.answer_sheet import without_numbers
from assets.intake.reception import Reception, Said
from assets.submitted.explanations import Explanations, months_later

TOLD = "学生数 195 人，少见。"


def ledger(folder: Path, as_of: date, months: int = 12) -> Explanations:
    return Explanations(folder / "explanations", as_of, months)


def sent(sequence: int, day: date, *said: Said, unit: str = "433126") -> Reception:
    """A submission that explains something, received at noon."""
    sha = f"{sequence:064x}"[::-1]
    return Reception(
        submission_id=f"{unit}-{sha[:16]}", unit_code=unit, sha256=sha, path=f"{unit}/a.xlsx", sequence=sequence,
        received_at=datetime(day.year, day.month, day.day, 4, tzinfo=UTC), dataset="class_ledger", state="received",
        read_with="", explanations=said,
    )  # fmt: skip


def says(text: str = "并班", message: str = TOLD, **told: str) -> Said:
    given = {"dataset": "class_ledger", "period": "2020-2021", "rule_id": "class_ledger.unusual_size", "place": "ab"}
    return Said(text=text, message=message, **(given | told))


def finding(**told: Any) -> dict[str, Any]:
    given = {"dataset": "class_ledger", "period": "2020-2021", "rule_id": "class_ledger.unusual_size", "place": "ab",
             "submission_id": "433126-0", "severity": "must_explain", "message": TOLD}  # fmt: skip
    return given | told


def test_an_explanation_stands_through_its_last_day(tmp_path: Path) -> None:
    assert ledger(tmp_path, date(2020, 9, 30)).record([sent(1, date(2020, 9, 30), says())]) == 1
    assert [(e.explained_on, e.expires_on) for e in ledger(tmp_path, date(2030, 1, 1)).kept] == [
        (date(2020, 9, 30), date(2021, 9, 30))
    ]
    assert ledger(tmp_path, date(2021, 9, 30)).of(finding()) is not None
    after = ledger(tmp_path, date(2021, 10, 1))
    assert after.of(finding()) is None
    assert getattr(after.said_before(finding()), "text", "") == "并班"


@pytest.mark.parametrize(
    "other",
    [{"message": "学生数 196 人，少见。"}, {"period": "2021-2022"}, {"place": "cd"}, {"rule_id": "class_ledger.other"},
     {"submission_id": "433101-0"}, {"severity": "must_fix"}, {"dataset": "school"}],
)  # fmt: skip
def test_another_value_place_period_rule_or_unit_is_open(tmp_path: Path, other: dict[str, str]) -> None:
    kept = ledger(tmp_path, date(2020, 10, 1))
    kept.record([sent(1, date(2020, 9, 30), says())])
    told = kept.told(pa.Table.from_pylist([finding(), finding(**other)]))
    assert told["state"].to_pylist() == ["explained", "open"]
    assert told["explanation_id"].to_pylist() == [kept.kept[0].explanation_id, None]
    shown_before = other.keys() & {"message", "period", "severity"}  # the same rule at the same place
    assert (kept.said_before(finding(**other)) is not None) == bool(shown_before)


def test_without_an_explanation_everything_is_open(tmp_path: Path) -> None:
    told = ledger(tmp_path, date(2020, 10, 1)).told(pa.Table.from_pylist([finding()]))
    assert (told["state"].to_pylist(), told["explanation_id"].to_pylist()) == (["open"], [None])


def test_the_same_text_sent_along_again_does_not_last_longer(tmp_path: Path) -> None:
    kept = ledger(tmp_path, date(2020, 10, 1))
    first, again = sent(1, date(2020, 9, 30), says()), sent(2, date(2021, 3, 1), says())
    assert (kept.record([first]), kept.record([first, again])) == (1, 0)
    assert [e.submission_id for e in kept.kept] == [first.submission_id]
    renewed = sent(3, date(2021, 10, 1), says())  # its time is over: to send it again is to say it again
    assert kept.record([first, again, renewed]) == 1
    assert kept.kept[-1].expires_on == date(2022, 10, 1)


def test_the_newest_text_holds_and_an_earlier_one_may_come_back(tmp_path: Path) -> None:
    kept = ledger(tmp_path, date(2020, 12, 1))
    all_sent = [sent(n, date(2020, 9 + n, 1), says(text)) for n, text in enumerate(("甲", "乙", "甲"), start=1)]
    assert kept.record(all_sent) == 3
    assert getattr(kept.of(finding()), "text", "") == "甲"
    assert kept.record(all_sent) == 0


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [(date(2020, 1, 31), 1, date(2020, 2, 29)), (date(2020, 2, 29), 12, date(2021, 2, 28)),
     (date(2020, 12, 5), 1, date(2021, 1, 5)), (date(2020, 3, 1), 120, date(2030, 3, 1))],
)  # fmt: skip
def test_months_are_those_of_the_calendar(day: date, months: int, later: date) -> None:
    assert months_later(day, months) == later


@pytest.mark.parametrize(
    ("written", "kept"),
    [("电话 138 0743 1234。", "电话 …。"), ("0743-8222345", "…"),
     ("证号４３３１９９２０１１０１０１００１Ｘ，", "证号…，"),
     ("2020-03-01 起；2020年3月1日止", "2020-03-01 起；2020年3月1日止"),
     ("共 123456 元\n见附件", "共 123456 元 见附件"),
     ("20200301", "…"), ("2020-03-01 13807431234", "2020-03-01 …")],
)  # fmt: skip
def test_long_numbers_are_struck_out_of_what_clerks_write(written: str, kept: str) -> None:
    assert without_numbers(written) == kept
