"""Judges: worker processes that judge beside the one that runs, so that a night with much news uses every core.

Workers are fresh interpreters, for the reasons told in `intake/workers.py`, and know nothing of Dagster. They start
when first needed and live as long as the `Judges`, for all years of a run: loading Great Expectations takes seconds.
One whose parent died ends at once, whatever is in its hands: it must not write beside the next run. What it prints is
dropped, because it can hold cell values; what it says of an error is told without them (`guard.py`).
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection, Pipe
from queue import SimpleQueue
from threading import Thread
from typing import Protocol, TypeVar

from assets.guard import StepFailedError, guarded
from assets.judging.packed import give_back_what_is_freed

FEW = 6
"""So many cases are judged where they are: workers would take longer to start."""

_SERVE = "import sys; sys.path[:] = sys.argv[2:]; from assets.judging.judges import serve; serve(int(sys.argv[1]))"


class Judged(Protocol):
    """What can be judged here or by a worker: picklable, and of a class that a worker can import."""

    @property
    def name_zh(self) -> str:
        """What a clerk calls it."""

    @property
    def rows(self) -> int:
        """How much there is to judge."""

    def judge(self) -> object:
        """Judge it; what comes of it is left in the lake, and errors tell no values."""


Case = TypeVar("Case", bound=Judged)


class Judges:
    """This process and `processes - 1` workers beside it, which end with this object."""

    def __init__(self, processes: int) -> None:
        give_back_what_is_freed()
        self._beside = processes - 1
        self._workers: list[_Worker] = []
        weakref.finalize(self, _end, self._workers)

    def expect(self, cases: int) -> None:
        """Let the workers start when so many cases are to come that it is worth their while."""
        self._workers[:] = [worker for worker in self._workers if worker.is_alive]
        while cases > FEW and len(self._workers) < self._beside:
            self._workers.append(_Worker())

    def judge(self, cases: Sequence[Case]) -> Iterator[tuple[Case, Exception | None]]:
        """Each case with the error that kept it from being judged (None: nothing did), as they are done.

        The largest go to the workers; meanwhile the smallest are judged here. Closing the iterator ends the workers.
        """
        self.expect(len(cases))
        waiting = deque(sorted(cases, key=lambda case: case.rows, reverse=True))
        done: SimpleQueue[tuple[Case, Exception | None]] = SimpleQueue()
        for worker in self._workers if len(cases) > 1 else ():
            Thread(target=_feed, args=(worker, waiting, done), daemon=True).start()
        try:
            for _ in cases:
                with suppress(IndexError):  # nothing waits any more: the rest is in the hands of workers
                    case = waiting.pop()
                    done.put((case, _tried(case.judge)))
                yield done.get()
        except BaseException:
            waiting.clear()
            _end(self._workers)
            raise


def _feed(worker: _Worker, waiting: deque[Case], done: SimpleQueue[tuple[Case, Exception | None]]) -> None:
    """Keep a worker busy as long as it lives and cases wait."""
    with suppress(IndexError):
        while worker.is_alive:
            case = waiting.popleft()
            done.put((case, _tried(partial(worker.judge, case))))


def _tried(judge: Callable[[], object]) -> Exception | None:
    try:
        judge()
    except Exception as fault:  # who asked decides what becomes of it
        return fault
    return None


class _Worker:
    """One worker process as its parent sees it."""

    def __init__(self) -> None:
        self._connection, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own code)
            [sys.executable, "-c", _SERVE, str(theirs.fileno()), *sys.path],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def judge(self, case: Judged) -> None:
        """Let it judge the case; raises what the case raised there, or that the worker died of it."""
        with guarded(f"核查{case.name_zh}"):
            fault = self._answer_to(case)
        if fault:
            raise fault

    def _answer_to(self, case: Judged) -> Exception | None:
        try:
            self._connection.send_bytes(pickle.dumps(case))
            answer: Exception | None = self._connection.recv()
        except (EOFError, OSError):
            return StepFailedError(f"核查{case.name_zh}：核查进程意外结束（{self.end()}）。已发布的数据没有变动。")
        return answer

    def end(self) -> int:
        """End it; returns the code with which it ended, by itself or now."""
        self._process.kill()
        return self._process.wait()


def _end(workers: list[_Worker]) -> None:
    while workers:
        workers.pop().end()


def serve(descriptor: int) -> None:
    """Be a worker: judge what comes through the pipe, answer each with its error or None, and end with the pipe."""
    give_back_what_is_freed()
    connection, given = Connection(descriptor), SimpleQueue[bytes]()
    Thread(target=_listen, args=(connection, given), daemon=True).start()
    while True:
        connection.send(_tried(pickle.loads(given.get()).judge))  # noqa: S301  (from our own parent)


def _listen(connection: Connection, given: SimpleQueue[bytes]) -> None:
    """Take what is sent, also while a case is judged, and so notice at once that the parent is gone."""
    with suppress(EOFError, OSError):
        while True:
            given.put(connection.recv_bytes())
    os._exit(0)
