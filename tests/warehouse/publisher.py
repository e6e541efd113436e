"""A process that publishes one large edition when it is told to, so that a test can kill it at any moment."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from warehouse.connect import open_engine
from warehouse.publish import publish

from .editions import PUBLISHED_AT, edition

SCHOOLS, FINDINGS = 2_000, 8_000


@dataclass(frozen=True)
class Publisher:
    """The process and the line to it."""

    process: BaseProcess
    line: Connection

    def go(self) -> None:
        """Let it begin, once it is ready."""
        assert self.line.recv() == "ready"
        self.line.send("go")

    def end(self) -> bool:
        """Kill it; returns whether it had said that its publication was done."""
        self.process.kill()
        self.process.join()
        try:
            return bool(self.line.poll() and self.line.recv() == "done")
        except (EOFError, ConnectionResetError):
            return False


def start(url: str, mark: int) -> Publisher:
    """A process that gets edition `mark` ready; forked from a server that has the imports behind it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", __name__])
    ours, theirs = context.Pipe()
    process = context.Process(target=_publish, args=(url, mark, theirs), daemon=True)
    process.start()
    theirs.close()
    return Publisher(process, ours)


def _publish(url: str, mark: int, line: Connection) -> None:
    given, engine = edition(mark, schools=SCHOOLS, findings=FINDINGS), open_engine(url)
    line.send("ready")
    line.recv()
    publish(engine, given, "killed", PUBLISHED_AT)
    line.send("done")
