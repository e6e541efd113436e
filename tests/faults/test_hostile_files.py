"""A landing folder full of harm: each file gets one answer in Chinese, and the others are read all the same."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from assets.house import House
from assets.intake.archive import Archive
from assets.intake.landing import FOLDER, NO_FILE, NO_UNIT, NOT_OPENED, look
from assets.intake.take_in import TakenIn, take_in
from pipelines.settings import Settings
from tests.faults.hostile import NAMES, ledger_csv, write_bombs, write_names, write_no_files

NOW = datetime(2020, 9, 10, 8, 0, tzinfo=UTC)
UNIT = "433126"
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e]")


@pytest.fixture
def house(tmp_path: Path) -> House:
    made = Settings(home=tmp_path / "home", landing=tmp_path / "landing").house()
    (made.landing / UNIT).mkdir(parents=True)
    return made


def states(taken: TakenIn) -> dict[str, tuple[str, str]]:
    """State and first reason of what was read, by path below the unit's folder."""
    return {
        r.path.removeprefix(f"{UNIT}/"): (r.state, r.problems[0].rule_id.removeprefix("intake.") if r.problems else "")
        for r in taken.read
    }


def test_bombs_cost_themselves_and_the_run_goes_on(house: House) -> None:
    expected = write_bombs(house.landing / UNIT)
    taken = take_in(house.intake(), NOW)
    assert states(taken) == {
        name: ("received" if not rule else "unrecognised" if rule == "empty" else "returned", rule)
        for name, rule in expected.items()
    }
    problems = [problem for reception in taken.read for problem in reception.problems]
    assert all(re.search("[\u4e00-\u9fff]{4}", text) for p in problems for text in (p.message, p.how_to_fix))
    assert not any(
        CONTROL.search(line) for r in taken.read for line in (r.path, *r.notes, *(p.message for p in r.problems))
    )
    (noted,) = [note for r in taken.read if r.path.endswith("control.csv") for note in r.notes]
    assert "班级\\x1b[2J\\u202e类型" in noted
    assert take_in(house.intake(), NOW).read == ()


def test_strange_names_are_read_and_told_visibly(house: House) -> None:
    write_names(house.landing / UNIT)
    taken = take_in(house.intake(), NOW)
    assert states(taken) == dict.fromkeys([*NAMES.values(), "六班.csv"], ("received", ""))
    raw = {r.path.removeprefix(f"{UNIT}/"): bytes.fromhex(r.raw_path) for r in taken.read}
    told = {told: os.fsencode(f"{UNIT}/{name}") if told != name else b"" for name, told in NAMES.items()}
    assert raw == told | {"六班.csv": f"{UNIT}/六班.csv".encode("gbk")}
    assert take_in(house.intake(), NOW).read == ()


def test_names_that_are_told_alike_are_two_files(house: House) -> None:
    folder = house.landing / UNIT
    (folder / "\u00e1.csv").write_bytes(ledger_csv(30))
    (folder / "a\u0301.csv").write_bytes(ledger_csv(31))
    paths = sorted(r.path for r in take_in(house.intake(), NOW).read)
    assert paths[0] == f"{UNIT}/\u00e1.csv"
    assert re.fullmatch(rf"{UNIT}/\u00e1\.csv〔[a-p]{{8}}〕", paths[1])
    assert take_in(house.intake(), NOW).read == ()


def test_only_regular_files_inside_landing_are_opened(house: House, tmp_path: Path) -> None:
    write_no_files(house.landing / UNIT, tmp_path / "outside.csv")
    (house.landing / "x.csv").write_bytes(ledger_csv(27))
    taken = take_in(house.intake(), NOW)
    assert states(taken) == {"hard.csv": ("received", "")}
    deep = [path for path, reason in taken.passed_over.items() if reason == NOT_OPENED]
    assert len(deep) == 1 and len(deep[0]) > 3500
    assert {path: reason for path, reason in taken.passed_over.items() if path not in deep} == {
        f"{UNIT}/link.csv": NO_FILE, f"{UNIT}/folder": NO_FILE, f"{UNIT}/pipe.csv": NO_FILE,
        f"{UNIT}/book.xlsx": FOLDER, "x.csv": NO_UNIT,
    }  # fmt: skip
    assert all("。请" in reason for reason in taken.passed_over.values()), "each says how to mend it"


def test_a_file_without_permission_is_told() -> None:
    with TemporaryDirectory() as folder:  # not below pytest's own folder, into which nobody else may look
        house = Settings(home=Path(folder, "home"), landing=Path(folder, "landing")).house()
        path = house.landing / UNIT / "a.csv"
        path.parent.mkdir(parents=True)
        path.write_bytes(ledger_csv(30))
        path.chmod(0)
        taken = _as_nobody(house, Path(folder))
    assert (taken.read, list(taken.passed_over)) == ((), [f"{UNIT}/a.csv"])
    assert taken.passed_over[f"{UNIT}/a.csv"].startswith("文件打不开")


def _as_nobody(house: House, folder: Path) -> TakenIn:
    """What somebody takes in who may not read everything: whoever runs this, but root becomes another."""
    intake = house.intake()
    if os.geteuid() != 0:
        return take_in(intake, NOW)
    for path in (folder, house.home):
        path.chmod(0o777)
    os.seteuid(65534)
    try:
        return take_in(intake, NOW)
    finally:
        os.seteuid(0)


class Thief(Archive):
    """An archive whose files are taken out of landing just before it copies them."""

    def store(self, source: Path, seen: tuple[int, int] | None = None) -> str:
        source.unlink()
        return super().store(source, seen)


def test_a_file_that_vanishes_is_told_and_no_more(house: House) -> None:
    (house.landing / UNIT / "a.csv").write_bytes(ledger_csv(30))
    taken = take_in(replace(house.intake(), archive=Thief(house.home / "archive")), NOW)
    assert (taken.read, list(taken.passed_over)) == ((), [f"{UNIT}/a.csv"])
    assert "。请" in taken.passed_over[f"{UNIT}/a.csv"]
    assert take_in(house.intake(), NOW).passed_over == {}


def test_a_file_is_read_once_when_it_is_written_to_its_end(house: House) -> None:
    path = house.landing / UNIT / "班级台账.csv"
    path.write_bytes(ledger_csv(30) + b"\n" * (20 << 20))
    is_over = threading.Event()

    def write() -> None:
        with path.open("ab") as file:
            while not is_over.wait(0.001):
                file.write(b"\n")
                file.flush()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        growing = take_in(house.intake(), NOW)
    finally:
        is_over.set()
        writer.join()
    assert (growing.read, list(growing.passed_over)) == ((), [f"{UNIT}/班级台账.csv"])
    assert growing.passed_over[f"{UNIT}/班级台账.csv"].startswith("文件正在写入")
    assert [p for p in (house.home / "archive").rglob("*") if p.is_file()] == []
    path.write_bytes(ledger_csv(30))
    assert states(take_in(house.intake(), NOW)) == {"班级台账.csv": ("received", "")}
    assert take_in(house.intake(), NOW).read == ()


def test_the_archived_copy_is_read_whatever_becomes_of_the_file(house: House) -> None:
    path = house.landing / UNIT / "班级台账.csv"
    path.write_bytes(ledger_csv(30))

    class Swapper(Archive):
        def store(self, source: Path, seen: tuple[int, int] | None = None) -> str:
            sha256 = super().store(source, seen)
            source.write_bytes(ledger_csv(31))
            return sha256

    (read,) = take_in(replace(house.intake(), archive=Swapper(house.home / "archive")), NOW).read
    assert (house.home / "archive" / read.sha256[:2] / read.sha256).read_bytes() == ledger_csv(30)
    assert len(house.ledger.receptions()) == 1


def test_what_a_unit_sent_before_is_known_wherever_it_lies_now(house: House) -> None:
    """F13 and F16: neither a copy under another name nor the old version sent again is read or becomes the newest."""
    folder = house.landing / UNIT
    (folder / "班级台账.csv").write_bytes(ledger_csv(30))
    take_in(house.intake(), NOW)
    (folder / "班级台账.csv").write_bytes(ledger_csv(31))
    take_in(house.intake(), NOW)
    before = house.ledger.receptions()
    (folder / "旧").mkdir()
    (folder / "旧" / "最终版(1).csv").write_bytes(ledger_csv(31))
    (folder / "班级台账-再报.csv").write_bytes(ledger_csv(30))
    taken = take_in(house.intake(), NOW)
    assert [(r.submission_id, r.sequence, r.state) for r in taken.read] == [(before[0].submission_id, 1, "received")]
    assert [r.sequence for r in house.ledger.receptions()] == [1, 2]
    assert {path: r.submission_id for path, r in house.ledger.sent_again().items()} == {
        f"{UNIT}/旧/最终版(1).csv": before[1].submission_id
    }


def test_a_landing_folder_that_is_not_there_or_holds_nothing_is_no_fault(house: House) -> None:
    assert look(house.landing / "nowhere", frozenset({UNIT})).files == ()
    assert take_in(house.intake(), NOW).files == 0
