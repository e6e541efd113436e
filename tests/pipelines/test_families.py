"""A family of datasets is one step: it makes all of them or those asked for, and each tells its own outcome."""

from collections.abc import Iterator
from dataclasses import dataclass

import dagster as dg
import pytest

from assets.census import DATASETS
from assets.specs import YEARS
from assets.staged_assets import SUBMISSIONS
from pipelines.location import build_defs
from pipelines.settings import Settings
from tests.pipelines.handmade import write_csv, write_prefecture_of_three

SENT = {"school", "class_ledger", "disabled_children", "population", "graduate_destinations"}


def key(dataset: str) -> dg.AssetKey:
    return dg.AssetKey(["staged", dataset])


@dataclass(frozen=True)
class Night:
    """The job of a home whose landing was taken in."""

    job: dg.JobDefinition
    settings: Settings
    instance: dg.DagsterInstance

    def made(self, *datasets: str) -> dg.ExecuteInProcessResult:
        """A run for 2020 of these datasets alone, as it is launched from the UI."""
        return self.run(self.job.get_subset(asset_selection={key(name) for name in datasets}))

    def run(self, job: dg.JobDefinition) -> dg.ExecuteInProcessResult:
        quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
        return job.execute_in_process(quiet, self.instance, partition_key="2020", raise_on_error=False)


@pytest.fixture
def night(settings: Settings, instance: dg.DagsterInstance) -> Iterator[Night]:
    assert settings.landing
    write_prefecture_of_three(settings.landing)
    instance.add_dynamic_partitions(YEARS.name or "", ["2020"])
    made = Night(build_defs(settings).resolve_job_def("nightly"), settings, instance)
    assert made.run(made.job.get_subset(asset_selection={SUBMISSIONS})).success
    yield made


def materialized(result: dg.ExecuteInProcessResult) -> list[str]:
    events = result.get_asset_materialization_events()
    return [event.asset_key.path[1] for event in events if event.asset_key and event.partition == "2020"]


def rows(result: dg.ExecuteInProcessResult) -> dict[str, object]:
    return {
        event.asset_key.path[1]: event.materialization.metadata["dagster/row_count"].value
        for event in result.get_asset_materialization_events() if event.asset_key
    }  # fmt: skip


def checked(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {check.asset_key.path[1]: check.passed for check in result.get_asset_check_evaluations()}


def test_a_family_is_one_step_with_the_school_list_first(night: Night) -> None:
    result = night.made(*DATASETS)
    assert result.success
    assert {event.step_key for event in result.all_events if event.step_key} == {"staged_census"}
    assert materialized(result) == [name for name in DATASETS if name in SENT]
    assert {name for name, passed in checked(result).items() if passed} == SENT & set(DATASETS)
    assert checked(result).keys() == set(DATASETS)
    assert {name for name, count in rows(result).items() if count} == SENT & set(DATASETS)


def test_one_dataset_can_be_made_alone(night: Night) -> None:
    assert night.made("school").success
    result = night.made("class_ledger")
    assert result.success
    assert (rows(result), checked(result)) == ({"class_ledger": 7}, {"class_ledger": True})
    judged = sorted(path.parent.parent.name for path in night.settings.home.rglob("judgement.json"))
    assert judged == ["class_ledger", "school"]


def test_what_comes_after_a_dataset_without_a_version_runs(night: Night) -> None:
    result = night.run(night.job)
    assert result.success
    made = set(materialized(result))
    assert made & set(DATASETS) == SENT & set(DATASETS)
    assert {"figures", "scorecard"} <= made
    assert checked(result)["staff"] is False


def test_a_dataset_whose_files_are_all_returned_has_a_check_and_no_version(night: Night) -> None:
    assert night.settings.landing
    header, rows = ["县市区代码", "月份", "销售额（元）"], [[f"43312{n}", "2020-11", "很多"] for n in range(2, 8)]
    write_csv(night.settings.landing / "433100" / "2020-11" / "体育彩票销售.csv", "体育彩票销售", header, rows)
    assert night.run(night.job.get_subset(asset_selection={SUBMISSIONS})).success
    result = night.made("lottery_sales")
    assert result.success
    assert (materialized(result), checked(result)) == ([], {"lottery_sales": False})
    (told,) = result.get_asset_check_evaluations()
    rules = {str(row.data["rule"]): row.data["found"] for row in told.metadata["rules"].records if row.data["found"]}
    assert (told.metadata["returned"].value, rules["lottery_sales.sales.typed"]) == (1, 6)


def test_a_check_can_be_asked_alone(night: Night) -> None:
    assert night.made("school", "class_ledger").success
    suite = dg.AssetCheckKey(key("class_ledger"), "suite")
    result = night.run(night.job.get_subset(asset_selection=set(), asset_check_selection={suite}))
    assert result.success
    assert (materialized(result), checked(result)) == ([], {"class_ledger": True})


def test_a_dataset_that_fails_fails_the_step_and_leaves_the_others_told(night: Night) -> None:
    for raw in night.settings.home.glob("lake/raw/class_ledger/*.parquet"):
        raw.unlink()
    result = night.made(*DATASETS)
    assert not result.success
    assert materialized(result) == [name for name in DATASETS if name in SENT - {"class_ledger"}]
    (failure,) = [event for event in result.all_events if event.is_step_failure]
    assert failure.step_failure_data.error
    told = failure.step_failure_data.error.cause.message if failure.step_failure_data.error.cause else ""
    assert "核查班级台账：FileNotFoundError，位于 " in told
    assert not night.settings.home.joinpath("lake/staged/class_ledger").exists()


def test_without_a_school_list_nothing_else_is_judged(night: Night) -> None:
    for raw in night.settings.home.glob("lake/raw/school/*.parquet"):
        raw.unlink()
    result = night.made(*DATASETS)
    assert not result.success
    assert materialized(result) == []
