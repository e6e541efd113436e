"""Dagster's own storage on a PostgreSQL that the environment names."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import dagster as dg
import pytest
import yaml
from pydantic import ValidationError

from pipelines.cli.recover import put_in_order
from pipelines.history import KeptOpenEventLog, opened
from pipelines.settings import Settings

VARIABLE = "XIANGXI_DAGSTER_URL"


def test_without_the_variable_the_home_holds_it(settings: Settings) -> None:
    assert "storage" not in yaml.safe_load((settings.dagster_home / "dagster.yaml").read_text("utf-8"))


def test_what_a_command_notes_is_where_dagster_looks_for_it(settings: Settings) -> None:
    with opened(settings.dagster_home) as instance:
        assert isinstance(instance.event_log_storage, KeptOpenEventLog)
        instance.report_runless_asset_event(dg.AssetMaterialization("drawn"))
        instance.add_dynamic_partitions("year", ["2031"])
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as instance:
        assert instance.get_latest_materialization_event(dg.AssetKey("drawn")) is not None
        assert "2031" in instance.get_dynamic_partitions("year")


def test_an_address_that_dagster_cannot_use_is_refused_and_not_quoted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql://someone:secret@host/db")
    with pytest.raises(ValidationError, match=r"应以 postgresql\+psycopg2:// 开头") as raised:
        Settings()
    assert "secret" not in "".join(error["msg"] for error in raised.value.errors())


@pytest.mark.skipif(find_spec("dagster_postgres") is not None, reason="the extra is installed")
def test_without_the_extra_the_variable_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "postgresql+psycopg2://host/db")
    with pytest.raises(ValidationError, match="需要先安装附加组件 dagster-postgres"):
        Settings()


@pytest.mark.skipif(find_spec("dagster_postgres") is None, reason="needs the extra dagster-postgres")
def test_runs_and_partitions_are_kept_on_the_server(
    settings: Settings, postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, postgresql_url.replace("+psycopg:", "+psycopg2:"))
    shared = Settings(home=settings.home, landing=settings.landing)
    before = sqlite_files(shared.dagster_home)
    put_in_order(shared)
    with dg.DagsterInstance.from_config(str(shared.dagster_home)) as instance:
        assert "2020" in instance.get_dynamic_partitions("year")
        assert "Postgres" in type(instance.event_log_storage).__name__
    assert sqlite_files(shared.dagster_home) == before
    held = (shared.dagster_home / "dagster.yaml").read_text("utf-8")
    assert VARIABLE in held and "psycopg2" not in held


def sqlite_files(home: Path) -> dict[Path, int]:
    """The databases below Dagster's home and when they changed last."""
    return {path: path.stat().st_mtime_ns for path in home.rglob("*.db")}
