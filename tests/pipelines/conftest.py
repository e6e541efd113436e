"""Homes for tests: a fresh one with its Dagster instance, the sample, and one or two counties of three schools."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.cli.recover import put_in_order
from pipelines.history import opened
from pipelines.settings import Settings
from samples.prefecture import write_prefecture
from tests.pipelines.handmade import OTHER, UNIT, ledger_of, write_prefecture_of_three
from tests.pipelines.homes import Home


@pytest.fixture(scope="session", autouse=True)
def one_process() -> Iterator[None]:
    """Judge where the test runs: another process would load Great Expectations for each night, beside other tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANGXI_PROCESSES", "1")
        yield


@pytest.fixture(scope="session")
def fresh_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which nothing ever ran, to be copied: Dagster takes half a second to create its tables."""
    home = tmp_path_factory.mktemp("fresh")
    put_in_order(Settings(home=home))
    return home


@pytest.fixture
def settings(fresh_home: Path, tmp_path: Path) -> Settings:
    """Settings of a home in which nothing ever ran, and of a landing folder that is not there yet."""
    home = shutil.copytree(fresh_home, tmp_path / "home")
    return Settings(home=home, landing=tmp_path / "landing")


@pytest.fixture
def instance(settings: Settings) -> Iterator[dg.DagsterInstance]:
    """The instance that runs, schedule and sensor of that home share."""
    with opened(settings.dagster_home) as shared:
        yield shared


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small prefecture of two years, run in one command; its truth lies beside landing."""
    made = Home(tmp_path_factory.mktemp("sample"))
    write_prefecture(made.root, scale=0.02, years=(2019, 2020))
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("XIANGXI_PROCESSES")  # this night as nights are, on two
        assert made.run(2019, 2020).exit_code == 0
    return made


@pytest.fixture(scope="session")
def three_schools(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """One county of three schools, run once; tests that spoil it work on copies."""
    made = Home(tmp_path_factory.mktemp("three"))
    write_prefecture_of_three(made.landing)
    assert made.run(2020).exit_code == 0
    return made


@pytest.fixture(scope="session")
def two_counties(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two counties of three schools each, one class ledger under a name that says nothing; tests work on copies."""
    made = Home(tmp_path_factory.mktemp("two"))
    write_prefecture_of_three(made.landing, UNIT, OTHER)
    ledger_of(made.landing, OTHER).rename(made.landing / OTHER / "附件1.xlsx")
    assert made.run(2020).exit_code == 0
    return made


@pytest.fixture
def two(two_counties: Home, tmp_path: Path) -> Home:
    """A copy of the two counties, to be spoilt."""
    return two_counties.copy(tmp_path)
