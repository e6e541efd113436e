"""The sensor on a real landing folder: what makes it wait, what makes it start, and how often it tries."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest

from assets.clock import now_in_shanghai
from assets.house import House
from assets.intake.take_in import take_in
from pipelines.arrivals import MOST_ATTEMPTS
from pipelines.location import build_defs
from pipelines.settings import Settings
from tests.pipelines.handmade import CLASS_HEADER, KINDERGARTEN, write_csv

RUN, FAILED, DONE = dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.SUCCESS


@dataclass
class Ticking:
    """The sensor of a home from tick to tick: it is handed the cursor that it left."""

    defs: dg.Definitions
    instance: dg.DagsterInstance
    house: House
    cursor: str | None = None
    keys: list[str] = field(default_factory=list)
    said: Any = None

    def tick(self) -> list[str]:
        """One tick; the years of the runs that it asks for."""
        context = dg.build_sensor_context(
            self.instance, self.cursor, definitions=self.defs, instance_ref=self.instance.get_ref()
        )
        self.said = self.defs.resolve_sensor_def("arrivals").evaluate_tick(context)
        self.cursor = self.said.cursor
        self.keys += [str(run.run_key) for run in self.said.run_requests or ()]
        return [str(run.partition_key) for run in self.said.run_requests or ()]

    def ticks(self, number: int) -> list[list[str]]:
        return [self.tick() for _ in range(number)]

    def take_in(self) -> None:
        """What the first step of a run does."""
        take_in(self.house.intake(), now_in_shanghai())

    def compute(self, *years: int) -> None:
        """Leave figures of these years, as the figures' step does; what stands in them is not asked."""
        for year in years:
            self.house.lake.write(pa.table({"year": [year]}), "indicators", f"{year}.parquet")

    def run(self, status: dg.DagsterRunStatus, job: str = "nightly") -> None:
        """Record a run of that status."""
        self.instance.add_run(dg.DagsterRun(job_name=job, status=status))


@pytest.fixture
def arrivals(settings: Settings, instance: dg.DagsterInstance) -> Ticking:
    return Ticking(build_defs(settings), instance, settings.house())


@pytest.fixture
def ledger(settings: Settings) -> Path:
    """Where a unit puts its class ledger."""
    assert settings.landing
    return settings.landing / "433126" / "2020-2021" / "班级台账.csv"


def write_ledger(path: Path, year: int = 2020, pupils: int = 25) -> None:
    school_year = f"{year}-{year + 1}"
    row = [KINDERGARTEN, school_year, "幼儿园", "小班", "1", "", pupils]
    write_csv(path, f"{school_year}学年班级台账", CLASS_HEADER, [row])


def test_an_empty_landing_starts_nothing(arrivals: Ticking) -> None:
    assert arrivals.ticks(2) == [[], []]
    assert arrivals.said.skip_message == "没有新文件"


def test_a_file_that_grows_is_waited_for(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    whole = ledger.read_bytes()
    for size in (20, 60, len(whole)):
        ledger.write_bytes(whole[:size])
        assert arrivals.tick() == []
        assert "等其写完" in (arrivals.said.skip_message or "")
    assert arrivals.tick() == ["2020"]


def test_a_file_written_over_at_the_same_size_is_waited_for(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger, pupils=25)
    assert arrivals.tick() == []
    write_ledger(ledger, pupils=26)
    assert arrivals.ticks(2) == [[], ["2020"]]


def test_one_unfinished_file_holds_back_the_others(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    assert arrivals.tick() == []
    write_ledger(ledger.with_name("另一份.csv"))
    assert arrivals.ticks(2) == [[], ["2020"]]


def test_every_year_is_asked_for_ascending_with_its_partition(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger.with_name("往年.csv"), year=2018)
    arrivals.take_in()
    arrivals.compute(2018, 2020)
    write_ledger(ledger)
    assert arrivals.ticks(2) == [[], ["2018", "2020"]]
    (added,) = arrivals.said.dynamic_partitions_requests or ()
    assert (added.partitions_def_name, list(added.partition_keys)) == ("year", ["2018", "2020"])
    assert [key.split("/")[-2:] for key in arrivals.keys] == [["2018", "1"], ["2020", "1"]]


def test_a_closed_year_is_not_asked_for(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger.with_name("往年.csv"), year=2018)
    arrivals.take_in()
    arrivals.compute(2018, 2020)
    arrivals.house.ledger.close(2018, now_in_shanghai())
    write_ledger(ledger)
    assert arrivals.ticks(2) == [[], ["2020"]]


@pytest.mark.parametrize("name", ["~$班级台账.xlsx", ".~lock.班级台账.csv#", "班级台账.csv.part", "班级台账.XLSX.TMP"])
def test_locks_and_partial_copies_are_never_news(arrivals: Ticking, ledger: Path, name: str) -> None:
    write_ledger(ledger.with_name(name))
    assert arrivals.ticks(3) == [[], [], []]
    assert arrivals.said.skip_message == "没有新文件"


def test_what_lies_in_no_units_folder_is_no_news(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger.parents[2] / "新建文件夹" / ledger.name)
    assert arrivals.ticks(2) == [[], []]


def test_what_the_ledger_saw_starts_nothing_until_it_changes(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    arrivals.take_in()
    arrivals.compute(2020)
    assert arrivals.ticks(2) == [[], []]
    write_ledger(ledger, pupils=26)
    assert arrivals.ticks(2) == [[], ["2020"]]


def test_a_year_that_was_found_and_never_computed_is_asked_for(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    write_ledger(ledger.with_name("明年.csv"), year=2021)
    arrivals.take_in()
    arrivals.compute(2020)
    assert arrivals.tick() == ["2021"]
    assert list((arrivals.said.dynamic_partitions_requests or ())[0].partition_keys) == ["2021"]
    arrivals.compute(2021)
    assert arrivals.tick() == []


def test_a_failed_run_is_tried_again_under_another_key_three_times_at_most(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    arrivals.tick()
    for _ in range(MOST_ATTEMPTS):
        assert arrivals.tick() == ["2020"]
        arrivals.run(FAILED)
    assert [key.split("/")[-1] for key in arrivals.keys] == ["1", "2", "3"]
    assert arrivals.ticks(2) == [[], []]
    assert "已试 3 次" in (arrivals.said.skip_message or "")


def test_a_new_file_after_three_failures_starts_anew(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    assert [bool(years) for years in arrivals.ticks(5)] == [False, True, True, True, False]
    write_ledger(ledger, pupils=26)
    assert arrivals.ticks(2) == [[], ["2020"]]
    assert len(set(arrivals.keys)) == MOST_ATTEMPTS + 1


@pytest.mark.parametrize("job", ["nightly", "__ASSET_JOB"])
def test_it_waits_while_a_run_is_under_way(arrivals: Ticking, ledger: Path, job: str) -> None:
    arrivals.run(DONE)
    write_ledger(ledger)
    assert arrivals.tick() == []
    arrivals.run(RUN, job)
    assert arrivals.ticks(2) == [[], []]
    assert arrivals.said.skip_message == "已有运行在进行"
    for run in arrivals.instance.get_runs(dg.RunsFilter(statuses=[RUN])):
        arrivals.instance.report_run_failed(run)
    assert arrivals.tick() == ["2020"]


def test_a_file_that_came_back_has_a_key_that_was_not_used_up(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger)
    arrivals.compute(2020)
    arrivals.ticks(2)
    arrivals.take_in()
    away = ledger.rename(ledger.parents[2] / "away")  # for a night the share is not there
    arrivals.take_in()
    assert arrivals.tick() == []
    away.rename(ledger)
    assert arrivals.ticks(2) == [[], ["2020"]]
    assert len(arrivals.keys) == len(set(arrivals.keys)) == 2


def test_neither_cursor_nor_keys_tell_names_of_files(arrivals: Ticking, ledger: Path) -> None:
    write_ledger(ledger.with_name("张某某.csv"))
    for _ in range(2):
        arrivals.tick()
        told = f"{json.loads(arrivals.cursor or '')} {arrivals.keys} {arrivals.said.skip_message}"
        assert "张某某" not in told and "433126" not in told
