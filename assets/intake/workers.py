"""A small pool of worker processes with limits, so that a file that kills its reader costs that file and no other.

Workers are fresh interpreters (`subprocess`), not forks: the parent may run threads of Dagster and Arrow, and a fork of
those can hang. Nor multiprocessing's forkserver or spawn: both run the parent's main script again in every worker,
which for `dagster` costs seconds. Each worker reads `files_per_worker` files, so its start hardly counts. Workers live
in a session of their own (Ctrl-C is the parent's affair) and write no core dump; what native code says on stderr is
dropped, because it can hold cell values. A worker whose parent is gone ends after the file in its hands.
"""

from __future__ import annotations

import ctypes
import functools
import gc
import math
import os
import pickle
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, Pipe, wait
from typing import Any, Generic, TypeVar

from assets.intake.limits import MIB, Limits

Job = TypeVar("Job")
Result = TypeVar("Result")

_SERVE = "import sys; sys.path[:] = sys.argv[2:]; from assets.intake.workers import serve; serve(int(sys.argv[1]))"
_DEATHS: dict[int, str] = {
    signal.SIGABRT: "解析程序中止，文件可能不安全或已损坏",
    signal.SIGSEGV: "解析程序崩溃，文件可能不安全或已损坏",
    signal.SIGXCPU: "处理时间超过上限",
    signal.SIGKILL: "长时间没有响应，或内存不足",
}
_ENDING_SECONDS = 2
_COLLECT_AFTER = 50_000
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _APART_BYTES = 64 * MIB, 32 * MIB
"""What the C library keeps instead of giving it back, and from where on it asks for a block of its own."""
_FAULTS_OF_FILES = {
    "MemoryError": "所需内存超过上限",
    "ArrowMemoryError": "所需内存超过上限",
    "PanicException": _DEATHS[signal.SIGABRT],
}


@dataclass(frozen=True)
class WorkerDied:
    """What became of a job instead of a result.

    `kind` is a Chinese phrase, or the class of an exception. `ours`: the function failed by itself, and another try
    makes sense once it is mended; otherwise the file was too much for a worker, twice. `where`: the places in the code,
    innermost last, without values.
    """

    kind: str
    ours: bool
    where: tuple[str, ...] = ()


def once(_job: object) -> int:
    """The weight of a job like all others."""
    return 1


def run_limited(
    function: Callable[[Job], Result], jobs: Sequence[Job], limits: Limits, processes: int = 2,
    weight: Callable[[Job], int] = once,
) -> Iterator[tuple[Job, Result | WorkerDied]]:  # fmt: skip
    """Each job with its result, as they are done; the order is not that of the jobs.

    Function and jobs must be picklable, the function from a module. A job may take `weight` times the seconds of the
    limits. A job whose worker dies, hangs or has no memory
    left is tried once more at the end, alone in a new worker. Closing the iterator ends all workers.
    """
    again: list[Job] = []
    for job, outcome in _Pool(function, jobs, limits, processes, weight).run():
        if isinstance(outcome, WorkerDied) and not outcome.ours:
            again.append(job)
        else:
            yield job, outcome
    for job in again:
        yield from _Pool(function, [job], limits, 1, weight).run()


class _Pool(Generic[Job]):
    """The workers of one round of jobs."""

    def __init__(
        self, function: Callable[[Job], Any], jobs: Sequence[Job], limits: Limits, processes: int,
        weight: Callable[[Job], int],
    ) -> None:  # fmt: skip
        self._function, self._limits, self._processes = pickle.dumps(function), limits, processes
        self._weight = weight
        self._waiting = deque(jobs)
        self._busy: list[_Worker[Job]] = []
        self._idle: list[_Worker[Job]] = []

    def run(self) -> Iterator[tuple[Job, Any]]:
        try:
            while self._waiting or self._busy:
                self._put_to_work()
                for worker in self._answering():
                    self._busy.remove(worker)
                    outcome = worker.outcome()
                    self._retire(worker, outcome)
                    yield worker.job, outcome
        finally:
            for worker in [*self._busy, *self._idle]:
                worker.end()

    def _put_to_work(self) -> None:
        while self._waiting and len(self._busy) < self._processes:
            worker: _Worker[Job] = self._idle.pop() if self._idle else _Worker(self._function, self._limits)
            self._busy.append(worker)
            job = self._waiting.popleft()
            worker.give(job, self._weight(job))

    def _answering(self) -> list[_Worker[Job]]:
        """The workers that have answered or died, or whose time is over; waits for the first."""
        now = time.monotonic()
        soonest = min(worker.until for worker in self._busy)
        ready = wait([worker.connection for worker in self._busy], max(0.0, soonest - now))
        now = time.monotonic()
        return [worker for worker in self._busy if worker.connection in ready or worker.until <= now]

    def _retire(self, worker: _Worker[Job], outcome: Any) -> None:
        is_spent = isinstance(outcome, WorkerDied) and not outcome.ours
        if worker.has_ended or is_spent or worker.given >= self._limits.files_per_worker:
            worker.end()
        else:
            self._idle.append(worker)


class _Worker(Generic[Job]):
    """One worker process as its parent sees it, with the job in its hands."""

    job: Job
    until: float

    def __init__(self, function: bytes, limits: Limits) -> None:
        self._seconds = limits.worker_seconds
        self.given = 0
        self.connection, theirs = Pipe()
        self._process = subprocess.Popen(  # noqa: S603  (our own interpreter, our own code)
            [sys.executable, "-c", _SERVE, str(theirs.fileno()), *sys.path],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()
        self._send(pickle.dumps(limits))
        self._send(function)

    def give(self, job: Job, weight: int) -> None:
        self.job, self.given = job, self.given + 1
        self.until = time.monotonic() + self._seconds * weight
        self._send(pickle.dumps((weight, job)))

    def outcome(self) -> Any:
        """The answer to the job, or how the worker died; one that has not answered is killed."""
        with suppress(EOFError, OSError):
            if self.connection.poll():
                return self.connection.recv()
        with suppress(subprocess.TimeoutExpired):  # one that ends by itself tells how
            self._process.wait(_ENDING_SECONDS if self.until > time.monotonic() else 0)
        self.end()
        code = self._process.returncode
        return WorkerDied(_DEATHS.get(-code, f"解析程序意外结束（{code}）"), ours=code >= 0)

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        self.connection.close()

    def _send(self, packed: bytes) -> None:
        with suppress(OSError):  # a worker that is dead already tells so when its outcome is asked
            self.connection.send_bytes(packed)


def serve(descriptor: int) -> None:
    """Be a worker: take limits, a function and then jobs from the open pipe, and answer each, until the pipe closes."""
    connection = Connection(descriptor)
    with suppress(EOFError, OSError):
        limits: Limits = connection.recv()
        os.putenv("OPENBLAS_NUM_THREADS", "1")  # else numpy starts a thread that spins for a while
        os.putenv("MIMALLOC_ARENA_RESERVE", "0")  # else Arrow reserves 1 GiB of the address space that is limited here
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (limits.worker_memory_bytes, limits.worker_memory_bytes))
        _keep_memory()
        function = connection.recv_bytes()
        while True:
            _answer(connection, function, connection.recv_bytes(), limits.worker_cpu_seconds)


def _keep_memory() -> None:
    """Let memory of one file serve the next: fetching 3 MB page by page for each costs a tenth of reading it."""
    with suppress(AttributeError, OSError):  # a C library of another kind
        set_option = ctypes.CDLL(None).mallopt
        set_option(_TRIM_THRESHOLD, _KEPT_BYTES)
        set_option(_MMAP_THRESHOLD, _APART_BYTES)


@functools.cache
def _unpacked_once(function: bytes) -> Callable[[Any], Any]:
    """The function of all jobs; what it holds is not looked through again and again for garbage."""
    unpacked: Callable[[Any], Any] = pickle.loads(function)  # noqa: S301  (from our own parent)
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER)
    return unpacked


def _answer(connection: Connection, function: bytes, given: bytes, cpu_seconds: int) -> None:
    try:
        weight, job = pickle.loads(given)  # noqa: S301  (from our own parent)
        _limit_processor(cpu_seconds * weight)
        connection.send(_unpacked_once(function)(job))
    except BaseException as fault:  # also a panic of native code, which is no Exception
        connection.send(_told(fault))


def _limit_processor(seconds: int) -> None:
    """Let this process use so many seconds more of the processor."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(used.ru_utime + used.ru_stime) + seconds, most))


def _told(fault: BaseException) -> WorkerDied:
    """The class of the exception and its places; never its text, which can hold values of persons."""
    where = (
        f"{f.f_globals.get('__name__')}:{line} {f.f_code.co_name}" for f, line in traceback.walk_tb(fault.__traceback__)
    )
    name = type(fault).__name__
    return WorkerDied(_FAULTS_OF_FILES.get(name, name), ours=name not in _FAULTS_OF_FILES, where=tuple(where))
