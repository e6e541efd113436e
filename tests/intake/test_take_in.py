"""Taking in landing: what is read, in which order it counts, what is read again, and what is passed over but told."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.house import House
from assets.intake import take_in as taking
from assets.intake.landing import NO_FILE, NO_UNIT
from assets.intake.ledger import Ledger
from assets.intake.reception import Reception
from assets.intake.take_in import TakenIn, take_in
from pipelines.settings import Settings
from tests.pipelines.handmade import CLASS_HEADER, PRIMARY, write_csv

NOW = datetime(2020, 9, 10, 8, 0, tzinfo=UTC)
LEDGER = "433126/2020-2021/班级台账.csv"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return Settings(home=tmp_path / "home", landing=tmp_path / "landing").house()


def class_ledger(house: House, path: str = LEDGER, pupils: int = 45, header: list[str] = CLASS_HEADER) -> Path:
    target = house.landing / path
    write_csv(
        target, "古丈县2020-2021学年班级台账", header, [[PRIMARY, "2020-2021", "小学", "一年级", "1", "普通", pupils]]
    )
    return target


def population(house: House, path: str) -> Path:
    target = house.landing / path
    write_csv(target, "学龄人口", ["县市", "年龄", "常住人口"], [["古丈县", 3, 24]])
    return target


def taken(house: House) -> TakenIn:
    return take_in(house.intake(), NOW)


def only(house: House) -> Reception:
    (reception,) = house.ledger.receptions()
    return reception


def test_nothing_is_read_twice(house: House) -> None:
    class_ledger(house)
    assert [r.state for r in taken(house).read] == ["received"]
    assert taken(house).read == ()
    class_ledger(house, "433126/2020-2021/副本.csv")  # the same bytes under another name
    assert taken(house).read == ()


def test_a_file_that_moved_is_read_again_because_its_place_may_say_its_period(house: House) -> None:
    path = population(house, "433100/学龄人口.csv")
    taken(house)
    assert (only(house).state, only(house).problems[0].rule_id) == ("returned", "intake.no_period")
    path.rename(path.with_name("2020年学龄人口.csv"))
    taken(house)
    assert (only(house).state, only(house).periods, only(house).sequence) == ("received", {"2020": 1}, 1)


def test_a_killed_night_does_not_change_who_came_first(house: House) -> None:
    old, new = class_ledger(house, pupils=44), class_ledger(house, "433126/2020-2021/班级台账(更正).csv", 45)
    os.utime(old, (1, 1))
    os.utime(new, (2, 2))
    intake = house.intake()
    taken(house)
    first, second = house.ledger.receptions()
    (house.ledger.folder / f"{first.submission_id}.json").unlink()  # as if the run had died before it read this one
    (house.ledger.folder / "landing.json").unlink()
    take_in(intake, datetime(2020, 9, 11, tzinfo=UTC))
    assert [(r.submission_id, r.received_at) for r in house.ledger.receptions()] == [
        (first.submission_id, NOW), (second.submission_id, NOW),
    ]  # fmt: skip


def test_what_was_read_before_a_night_is_stopped_is_recorded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_TOGETHER_SECONDS", 0.0)  # all but the last beside the reading
    for class_no in range(3):
        class_ledger(house, f"433126/2020-2021/{class_no}.csv", pupils=40 + class_no)

    def stop(_what: str, done: int, _all: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(house.intake(), NOW, stop)
    assert len(house.ledger.receptions()) == 2
    assert len(taken(house).read) == 1


def _on_a_full_disk(_ledger: Ledger, receptions: Sequence[Reception]) -> None:
    if receptions:
        raise OSError("full")


def test_what_cannot_be_recorded_beside_the_reading_ends_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taking, "_TOGETHER_SECONDS", 0.0)
    monkeypatch.setattr(Ledger, "record", _on_a_full_disk)
    for class_no in range(2):
        class_ledger(house, f"433126/2020-2021/{class_no}.csv", pupils=40 + class_no)
    with pytest.raises(OSError, match="full"):
        taken(house)
    assert house.ledger.sightings() == {}


def test_a_submission_once_read_stays_when_a_changed_contract_cannot_read_it(house: House) -> None:
    path = class_ledger(house)
    taken(house)
    path.unlink()  # its archived copy is read again all the same
    ledger = house.contracts["class_ledger"]
    columns = tuple(replace(c, is_column_required=c.name == "girls" or c.is_column_required) for c in ledger.columns)
    changed = {**house.contracts, "class_ledger": replace(ledger, columns=columns, fingerprint_text="changed")}
    (read,) = take_in(replace(house.intake(), contracts=changed), NOW).read
    assert (read.state, read.periods, read.problems[0].rule_id) == (
        "received", {"2020-2021": 1}, "intake.missing_columns",
    )  # fmt: skip
    assert take_in(replace(house.intake(), contracts=changed), NOW).read == ()


def test_what_is_not_read_is_told(house: House, tmp_path: Path) -> None:
    class_ledger(house)
    class_ledger(house, "吉首市/班级台账.csv")
    (house.landing / "说明.txt").write_text("x")
    (tmp_path / "elsewhere.csv").write_text("x")
    (house.landing / "433126" / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    over = {"433126/link.csv": NO_FILE, "吉首市": NO_UNIT, "说明.txt": NO_UNIT}
    assert taken(house).passed_over == over
    assert house.ledger.passed_over() == over


def test_lock_files_and_unfinished_copies_wait_in_silence(house: House) -> None:
    class_ledger(house, "433126/~$班级台账.csv")
    class_ledger(house, "433126/班级台账.csv.part")
    made = taken(house)
    assert (made.files, made.read, made.passed_over) == (0, (), {})


def test_a_name_that_windows_wrote_in_gbk_is_read_and_told_in_text(house: House) -> None:
    folder = house.landing / "433126" / "2020-2021"
    folder.mkdir(parents=True)
    path = class_ledger(house, "433126/2020-2021/x.csv")
    os.rename(os.fsencode(path), os.path.join(os.fsencode(folder), "班级台账.csv".encode("gb18030")))  # noqa: PTH104, PTH118
    (read,) = taken(house).read
    assert (read.state, read.path) == ("received", LEDGER)


def test_a_file_that_moved_and_cannot_be_read_any_more_is_not_tried_every_night(house: House) -> None:
    path = class_ledger(house)
    taken(house)
    path.rename(path.with_name("班级台账-新.csv"))
    ledger = house.contracts["class_ledger"]
    columns = tuple(replace(c, is_column_required=c.name == "girls" or c.is_column_required) for c in ledger.columns)
    changed = {**house.contracts, "class_ledger": replace(ledger, columns=columns, fingerprint_text="changed")}
    (read,) = take_in(replace(house.intake(), contracts=changed), NOW).read
    assert (read.state, Path(read.path).name) == ("received", "班级台账-新.csv")
    assert take_in(replace(house.intake(), contracts=changed), NOW).read == ()
