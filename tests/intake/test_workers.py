from __future__ import annotations

import os
import platform
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assets.intake.limits import GIB, Limits
from assets.intake.workers import WorkerDied, run_limited
from tests.intake.books import book
from tests.intake.deeds import count, do, faults, read, who

TIGHT = replace(Limits(), worker_cpu_seconds=1, worker_seconds=60, worker_memory_bytes=GIB // 2)


@pytest.mark.parametrize(
    ("deed", "kind", "ours"),
    [
        ("abort", "解析程序中止", False),
        ("crash", "解析程序崩溃", False),
        ("memory", "所需内存超过上限", False),
        ("spin", "处理时间超过上限", False),
        ("sleep", "长时间没有响应", False),
        ("exit", "解析程序意外结束", True),
        ("fail", "ValueError", True),
    ],
)
def test_a_bad_job_costs_only_itself(deed: str, kind: str, ours: bool) -> None:
    jobs = [("live", 1), (deed, 2), ("live", 3), ("live", 4), ("live", 5)]
    outcomes = dict(run_limited(do, jobs, replace(TIGHT, worker_seconds=1) if deed == "sleep" else TIGHT))
    died = outcomes.pop((deed, 2))
    assert outcomes == {("live", 1): 2, ("live", 3): 6, ("live", 4): 8, ("live", 5): 10}
    assert isinstance(died, WorkerDied)
    assert died.kind.startswith(kind)
    assert died.ours is ours


def test_an_exception_brings_places_and_no_values() -> None:
    ((_, died),) = run_limited(do, [("fail", 1)], Limits())
    assert isinstance(died, WorkerDied)
    assert died.where[-1].startswith("tests.intake.deeds:")
    assert died.where[-1].endswith(" _fail")
    assert "张三" not in repr(died)


def test_what_a_worker_says_is_dropped(capfd: pytest.CaptureFixture[str]) -> None:
    assert list(run_limited(do, [("shout", 1)], Limits())) == [(("shout", 1), 2)]
    assert capfd.readouterr() == ("", "")


def test_a_job_that_lives_at_the_second_try_is_done(tmp_path: Path) -> None:
    assert list(run_limited(count, [tmp_path / "a"], Limits())) == [(tmp_path / "a", 1)]


def test_workers_are_renewed() -> None:
    assert len({pid for _, pid in run_limited(who, range(9), replace(Limits(), files_per_worker=2), 1)}) == 5
    assert len({pid for _, pid in run_limited(who, range(9), Limits(), 1)}) == 1


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries have no such option")
def test_memory_of_one_job_serves_the_next() -> None:
    first, *later = [fetched for _, fetched in run_limited(faults, [16] * 4, Limits(), 1)]
    assert first > 1000
    assert sum(later) < first / 10


def test_time_is_counted_per_job() -> None:
    jobs = [("work", i) for i in range(4)]  # 0.4 s each, more than the limit together
    assert [result for _, result in run_limited(do, jobs, TIGHT, 1)] == [0, 2, 4, 6]


def test_a_heavy_job_has_more_time() -> None:
    limits = replace(TIGHT, worker_seconds=1)
    assert [r for _, r in run_limited(do, [("rest", 1)], limits, 1, weight=lambda job: 60)] == [2]
    assert Limits(workbook_bytes=10).parts(0) == Limits(workbook_bytes=10).parts(10) == 1
    assert Limits(workbook_bytes=10).parts(11) == 2


def test_two_workers_are_ready_soon() -> None:
    begin = time.monotonic()
    assert len(list(run_limited(who, range(2), Limits()))) == 2
    assert time.monotonic() - begin < 1.5


def test_no_worker_stays_when_the_iterator_is_closed() -> None:
    outcomes = run_limited(who, [1, 2, 3], Limits(), 1)
    _, pid = next(outcomes)
    outcomes.close()  # type: ignore[attr-defined]
    assert isinstance(pid, int)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_no_jobs_no_workers() -> None:
    assert list(run_limited(who, [], Limits())) == []


def test_a_bomb_that_passes_the_guard_costs_one_worker(tmp_path: Path) -> None:
    cells = "<c><v>1</v></c>" * 16384  # without references, so that only calamine knows where they stand
    book(tmp_path / "a.xlsx", f'<row r="1"><c><v>1</v></c></row><row r="1048576">{cells}</row>')
    ((_, died),) = run_limited(read, [tmp_path / "a.xlsx"], Limits())
    assert isinstance(died, WorkerDied)
    assert not died.ours
