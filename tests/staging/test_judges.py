"""Judges: workers take the large cases, an error or a death costs its case, and no worker outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from assets.guard import StepFailedError
from assets.judging.judges import FEW, Judges
from expectations.errors import SuiteError
from tests.house.code import ROOT
from tests.staging.trials import Trial, trials

PARENT = """
import sys
from pathlib import Path
from assets.judging.judges import Judges
from tests.staging.trials import trials
print("begun", flush=True)
list(Judges(2).judge(trials(Path(sys.argv[1]), "wait")))
"""


@pytest.fixture
def judges() -> Iterator[Judges]:
    """This process and one worker."""
    made = Judges(2)
    yield made
    del made


def is_running(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


def until(look: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 20
    while not look():
        assert time.monotonic() < give_up
        time.sleep(0.02)


def test_large_cases_go_to_a_worker_and_small_ones_are_judged_here(judges: Judges, tmp_path: Path) -> None:
    cases = trials(tmp_path, "live")
    outcomes = list(judges.judge(cases))
    assert {case for case, _ in outcomes} == set(cases)
    assert all(fault is None for _, fault in outcomes)
    assert cases[0].judged_by == os.getpid() != cases[-1].judged_by


def test_few_cases_are_judged_here_unless_workers_are_up(judges: Judges, tmp_path: Path) -> None:
    few = trials(tmp_path, "live", "live", few=FEW - 2)
    assert {case.judged_by for case, _ in judges.judge(few)} == {os.getpid()}
    list(judges.judge(trials(tmp_path, few=FEW + 1)))
    assert {case.judged_by for case, _ in judges.judge(few)} > {os.getpid()}
    assert [case.judged_by for case, _ in judges.judge(few[:1])] == [os.getpid()]


def test_one_process_judges_everything_itself(tmp_path: Path) -> None:
    assert {case.judged_by for case, _ in Judges(1).judge(trials(tmp_path, "live"))} == {os.getpid()}


def test_the_worker_lives_from_one_family_to_the_next(judges: Judges, tmp_path: Path) -> None:
    pids = set()
    for _ in range(2):
        pids |= {case.judged_by for case, _ in judges.judge(trials(tmp_path, "live", "live", "live"))}
    assert len(pids) == 2


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_costs_its_case_and_says_the_same_wherever_it_was_judged(processes: int, tmp_path: Path) -> None:
    outcomes = dict(Judges(processes).judge(trials(tmp_path, "crash", "live")))
    ((case, fault),) = [(case, fault) for case, fault in outcomes.items() if fault]
    assert case.deed == "crash"
    assert isinstance(fault, SuiteError)
    assert str(fault) == "rule made.up crashed while judging"


def test_a_worker_that_dies_costs_its_case_and_is_replaced(judges: Judges, tmp_path: Path) -> None:
    cases = trials(tmp_path, "die", "live")
    outcomes = dict(judges.judge(cases))
    assert [case for case, fault in outcomes.items() if fault] == [cases[-2]]
    fault, dead = outcomes[cases[-2]], cases[-2].judged_by
    assert isinstance(fault, StepFailedError)
    assert str(fault) == "核查第1000号：核查进程意外结束（-9）。已发布的数据没有变动。"
    again = trials(tmp_path, "live")
    assert not any(fault for _, fault in judges.judge(again))
    assert again[-1].judged_by not in {os.getpid(), dead}


def test_what_cannot_be_sent_is_an_error_of_its_case(judges: Judges, tmp_path: Path) -> None:
    class Local(Trial):
        """Of no module that a worker could import."""

    cases = [*trials(tmp_path), Local(tmp_path, 1000)]
    outcomes = dict(judges.judge(cases))
    assert [case for case, fault in outcomes.items() if fault] == [cases[-1]]
    assert str(outcomes[cases[-1]]).startswith("核查第1000号：")
    assert isinstance(outcomes[cases[-1]], StepFailedError)


def test_what_a_worker_prints_is_dropped(judges: Judges, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert not any(fault for _, fault in judges.judge(trials(tmp_path, "shout")))
    assert capfd.readouterr() == ("", "")


def test_a_worker_starts_light(judges: Judges, tmp_path: Path) -> None:
    list(judges.judge(trials(tmp_path, "tell_modules")))
    assert (tmp_path / "modules").read_text() == ""


def test_closing_the_iterator_ends_busy_workers(judges: Judges, tmp_path: Path) -> None:
    cases = trials(tmp_path, "wait")
    outcomes = judges.judge(cases)
    next(outcomes)
    until((tmp_path / "1000").exists)
    until(lambda: bool((tmp_path / "1000").read_text()))
    outcomes.close()  # type: ignore[attr-defined]
    assert not is_running(cases[-1].judged_by)


def test_workers_end_with_their_judges(tmp_path: Path) -> None:
    judges = Judges(2)
    cases = trials(tmp_path, "live")
    list(judges.judge(cases))
    assert is_running(cases[-1].judged_by)
    del judges
    assert not is_running(cases[-1].judged_by)


def test_a_worker_whose_parent_is_killed_ends_at_once_whatever_it_does(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, tmp_path], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout
    assert parent.stdout.read(5) == b"begun"
    until(lambda: (tmp_path / "1000").exists() and bool((tmp_path / "1000").read_text()))
    worker = int((tmp_path / "1000").read_text())
    assert is_running(worker)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    until(lambda: not is_running(worker))
