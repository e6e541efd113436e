"""The job and its schedule as Dagster sees them, and how every asset presents itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise

import dagster as dg
import pytest

from assets.specs import YEARS
from expectations.comparison import load_families
from expectations.contract import load_contracts
from pipelines.location import build_defs
from pipelines.settings import Settings

TWO_IN_SHANGHAI = datetime(2021, 1, 19, 18, 0, tzinfo=UTC)  # 02:00 on the 20th there


@pytest.fixture(scope="module")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    return build_defs(Settings(home=tmp_path_factory.mktemp("nightly")))


def tick(defs: dg.Definitions, instance: dg.DagsterInstance, at: datetime) -> tuple[list[dg.RunRequest], str | None]:
    """What the schedule asks for at an instant: runs, or the reason why none."""
    with dg.build_schedule_context(instance, at, repository_def=defs.get_repository_def()) as context:
        answer = defs.resolve_schedule_def("nightly_at_two").evaluate_tick(context)
    return list(answer.run_requests or ()), answer.skip_message


def test_the_schedule_is_at_two_in_shanghai_and_on_from_the_start(defs: dg.Definitions) -> None:
    schedule = defs.resolve_schedule_def("nightly_at_two")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Shanghai")
    assert schedule.job_name == "nightly"
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING


def test_a_night_runs_every_known_year_ascending(defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
    instance.add_dynamic_partitions(YEARS.name or "", ["2021", "2019"])  # 2020 has a plan and is there from the start
    runs, _ = tick(defs, instance, TWO_IN_SHANGHAI)
    assert [run.partition_key for run in runs] == ["2019", "2020", "2021"]
    assert [run.run_key for run in runs] == [f"2021-01-20/{year}" for year in (2019, 2020, 2021)]
    assert all(run.tags["dagster/partition"] == run.partition_key for run in runs)


def test_a_night_leaves_closed_years_alone_unless_there_is_no_other(
    settings: Settings, instance: dg.DagsterInstance
) -> None:
    defs, ledger = build_defs(settings), settings.house().ledger
    instance.add_dynamic_partitions(YEARS.name or "", ["2019"])
    asked = []
    for year in (2019, 2020):
        ledger.close(year, TWO_IN_SHANGHAI)
        asked.append([run.partition_key for run in tick(defs, instance, TWO_IN_SHANGHAI)[0]])
    assert asked == [["2020"], ["2020"]]


def test_run_keys_are_those_of_one_night(defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
    nights = [TWO_IN_SHANGHAI, TWO_IN_SHANGHAI, TWO_IN_SHANGHAI.replace(day=20)]
    first, again, next_night = (tick(defs, instance, night)[0][0].run_key for night in nights)
    assert first == again != next_night


def test_a_night_that_knows_no_year_says_so(defs: dg.Definitions, instance: dg.DagsterInstance) -> None:
    instance.delete_dynamic_partition(YEARS.name or "", "2020")
    runs, reason = tick(defs, instance, TWO_IN_SHANGHAI)
    assert runs == []
    assert "xiangxi recover" in (reason or "")


def test_the_job_covers_every_asset_and_check_in_one_process(defs: dg.Definitions) -> None:
    job = defs.resolve_job_def("nightly")
    graph = defs.resolve_asset_graph()
    assert job.executor_def is dg.in_process_executor
    assert job.asset_layer.executable_asset_keys == graph.materializable_asset_keys
    assert set(job.asset_layer.asset_graph.asset_check_keys) == set(graph.asset_check_keys)
    assert len(graph.materializable_asset_keys) >= 19


def test_intake_comes_first_and_the_release_last(defs: dg.Definitions) -> None:
    graph = defs.resolve_asset_graph()
    way = ["raw/submissions", "staged/school", "staged/class_ledger", "indicators/figures", "verdicts/scorecard",
           "release/warehouse"]  # fmt: skip
    keys = [dg.AssetKey(name.split("/")) for name in way]
    for earlier, later in pairwise(keys):
        assert earlier in graph.get_ancestor_asset_keys(later)
    assert graph.get_ancestor_asset_keys(keys[0]) == set()


def specs(defs: dg.Definitions) -> list[dg.AssetSpec]:
    return sorted(defs.resolve_all_asset_specs(), key=lambda spec: spec.key)


def columns(spec: dg.AssetSpec) -> list[dg.TableColumn]:
    schema = spec.metadata.get("dagster/column_schema")
    return list(schema.columns) if schema else []


def test_every_asset_says_who_what_and_of_what(defs: dg.Definitions) -> None:
    looked = specs(defs)
    assert len(looked) >= 19
    for spec in looked:
        assert spec.owners and spec.kinds and spec.group_name not in {None, "default"}, spec.key
        assert any("一" <= letter <= "鿿" for letter in spec.description or ""), spec.key
        assert len(spec.description or "") > 20, spec.key


def test_every_dataset_shows_its_columns_with_their_chinese_headers(defs: dg.Definitions) -> None:
    staged = {spec.key.path[1]: columns(spec) for spec in specs(defs) if spec.key.path[0] == "staged"}
    contracts = load_contracts()
    assert set(staged) == set(contracts)
    for name, shown in staged.items():
        described = {column.name: column.description or "" for column in shown}
        assert [column.name for column in shown] == contracts[name].staged_schema().names
        for column in contracts[name].kept:
            title, *meanings = described[column.name].split(" · ")
            assert title.startswith(column.title) and meanings == [column.description_zh, column.description]


def test_all_columns_together(defs: dg.Definitions) -> None:
    counts = {spec.key.to_user_string(): len(columns(spec)) for spec in specs(defs)}
    assert sum(counts.values()) >= 290
    assert [name for name, count in counts.items() if count == 0] == [
        *(f"compared/{family}" for family in sorted(load_families())), "proof/rules", "raw/submissions",
        "release/warehouse", "reports/data_docs", "reports/outbox", "reports/scorecard_page",
    ]  # fmt: skip


def test_assets_and_checks_line_by_line(defs: dg.Definitions, golden: Callable[[str, str], None]) -> None:
    golden("assets.txt", "".join(f"{line}\n" for line in lines(defs)))


def lines(defs: dg.Definitions) -> Iterator[str]:
    """One line per asset, its checks below it."""
    graph = defs.resolve_asset_graph()
    for spec in specs(defs):
        yearly = "by year" if spec.partitions_def else "whole"
        facts = (spec.group_name, ", ".join(sorted(spec.kinds)), ", ".join(spec.owners), yearly,
                 f"{len(columns(spec))} columns", spec.description)  # fmt: skip
        yield " | ".join([spec.key.to_user_string(), *map(str, facts)])
        for key in sorted(graph.get_check_keys_for_assets({spec.key}), key=lambda key: key.name):
            check = graph.get_check_spec(key)
            yield f"  check {key.name} | {'blocking' if check.blocking else 'not blocking'} | {check.description}"
