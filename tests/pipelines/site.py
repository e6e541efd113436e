"""The code location as its users meet it: webserver and daemon of the project's workspace.yaml, asked by GraphQL."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from pipelines.settings import Settings

ROOT = Path(__file__).parents[2]
WORKSPACE = ROOT / "workspace.yaml"
LOCATION, REPOSITORY = "xiangxi", "__repository__"
LOOPBACK = "127.0.0.1"
PATIENCE = 120.0
ENDED = ("SUCCESS", "FAILURE", "CANCELED")

LAUNCH = """mutation ($asked: ExecutionParams!) {
  launchRun(executionParams: $asked) { __typename ... on LaunchRunSuccess { run { runId } } } }"""
STATUS = "query ($run: ID!) { runOrError(runId: $run) { ... on Run { status } } }"
UP = "{ repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }"


@dataclass(frozen=True)
class Site:
    """A running webserver with its daemon."""

    port: int

    def ask(self, query: str, **variables: Any) -> Any:
        """The data that GraphQL answers; an error fails the test."""
        connection = HTTPConnection(LOOPBACK, self.port, timeout=60)
        try:
            body = json.dumps({"query": query, "variables": variables})
            connection.request("POST", "/graphql", body, {"Content-Type": "application/json"})
            answer = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    def launch(self, year: str | None) -> str:
        """Ask for a run of `nightly`, as the launchpad does; returns the run's id."""
        tags = [{"key": "dagster/partition", "value": year}] if year else []
        selector = {"repositoryLocationName": LOCATION, "repositoryName": REPOSITORY, "jobName": "nightly"}
        asked = {"selector": selector, "runConfigData": {}, "executionMetadata": {"tags": tags}}
        answer = self.ask(LAUNCH, asked=asked)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def end_of(self, run: str) -> str:
        """The status with which a run ended, once it has."""
        return _until(lambda: (status := self.ask(STATUS, run=run)["runOrError"]["status"]) in ENDED and status)


@contextmanager
def served(settings: Settings) -> Iterator[Site]:
    """Webserver and daemon on a free port of this machine alone; both and all they started are gone afterwards."""
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        site = Site(free.getsockname()[1])
    daemon = _running(settings, "dagster-daemon", "run")
    webserver = _running(settings, "dagster-webserver", "--host", LOOPBACK, "--port", str(site.port))
    with daemon, webserver:
        _until(lambda: _is_up(site))
        yield site


@contextmanager
def _running(settings: Settings, command: str, *words: str) -> Iterator[None]:
    """One process of the location, in a session of its own, ended by its id whatever happens."""
    told = {
        "DAGSTER_HOME": settings.dagster_home,
        "XIANGXI_HOME": settings.home,
        "XIANGXI_LANDING": settings.house().landing,
    }
    given = ["env", *(f"{name}={value}" for name, value in told.items())]
    program = Path(sys.executable).with_name(command)
    with (settings.home / f"{command}.log").open("wb") as log:
        process = subprocess.Popen(
            [*given, program, *words, "-w", WORKSPACE], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask the process to end; then end what is left of its session, its code server above all."""
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=20)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _is_up(site: Site) -> bool:
    try:
        found = site.ask(UP)["repositoriesOrError"]["nodes"]
    except OSError:
        return False
    return found == [{"name": REPOSITORY, "location": {"name": LOCATION}}]


def _until(look: Callable[[], Any]) -> Any:
    """What `look` gives, once it gives something true."""
    give_up = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < give_up, f"waited {PATIENCE:g} s"
        time.sleep(0.2)
    return found
