"""What the workers of test_workers.py are told to do; each deed takes its job's number.

Readers are imported only where they are used, so that the workers of most tests start light.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from pathlib import Path


def do(job: tuple[str, int]) -> int:
    """Do the named deed; returns twice the number where the deed lets it live."""
    deed, number = job
    _DEEDS[deed](number)
    return number * 2


def who(_job: int) -> int:
    return os.getpid()


def count(path: Path) -> int:
    """Dies at the first try, lives at the second."""
    if not path.exists():
        path.touch()
        os.abort()
    return 1


def faults(blocks: int) -> int:
    """Fills so many blocks of half a MiB and lets them go; returns how many pages had to be fetched for it."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    held = [b"x" * (1 << 19) for _ in range(blocks)]
    held.clear()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


def read(path: Path) -> int:
    from assets.intake.limits import Limits
    from assets.intake.sheets import open_sheets

    return len(open_sheets(path, Limits()))


def _eat_memory(_number: int) -> None:
    hoard = []
    while True:
        hoard.append(bytearray(64 << 20))


def _spin(_number: int) -> None:
    while True:
        pass


def _work(_number: int) -> None:
    until = time.process_time() + 0.4
    while time.process_time() < until:
        pass


def _fail(number: int) -> None:
    raise ValueError(f"张三 {number}")


def _shout(_number: int) -> None:
    os.write(2, "张三".encode())
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


_DEEDS = {
    "live": lambda number: None,
    "abort": lambda number: os.abort(),
    "exit": lambda number: os._exit(3),
    "crash": lambda number: os.kill(os.getpid(), signal.SIGSEGV),
    "memory": _eat_memory,
    "spin": _spin,
    "work": _work,
    "sleep": lambda number: time.sleep(60),
    "rest": lambda number: time.sleep(1.1),
    "fail": _fail,
    "shout": _shout,
}
