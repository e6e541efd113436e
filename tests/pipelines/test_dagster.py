"""The location of workspace.yaml in a real webserver and daemon: launched and read back as the UI does, by GraphQL."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from assets.clock import SHANGHAI
from expectations.comparison import load_families
from expectations.contract import load_contracts
from pipelines.cli.recover import put_in_order
from pipelines.settings import Settings
from tests.pipelines.handmade import write_prefecture_of_three
from tests.pipelines.site import LOCATION, REPOSITORY, Site, served
from warehouse.schema import THEMES

pytestmark = pytest.mark.xdist_group("dagster")

COMPARED = {f"compared/{family}" for family in load_families()}
STAR = {f"star/{table.name}" for table in THEMES}
OTHERS = COMPARED | STAR | {
    "raw/submissions", "indicators/figures", "verdicts/scorecard", "release/warehouse", "reports/outbox",
    "reports/scorecard_page", "reports/data_docs", "proof/rules",
}  # fmt: skip
SENT = {
    "school": 3, "class_ledger": 7, "aid_payments": 3, "disabled_children": 4, "population": 3,
    "graduate_destinations": 2, "term_calendar": 1,
}  # fmt: skip
PLACE = {"repositoryLocationName": LOCATION, "repositoryName": REPOSITORY}
FACTS = """metadataEntries { label
  ... on IntMetadataEntry { intValue }
  ... on TableMetadataEntry { table { records schema { columns { name } } } }
  ... on TableSchemaMetadataEntry { schema { columns { name type description } } } }"""
PARTITIONS = "{ assetNodes { assetKey { path } partitionKeys partitionDefinition { name } } }"
ASSETS = f"""{{ assetNodes {{
  assetKey {{ path }} {FACTS} owners {{ ... on TeamAssetOwner {{ team }} }}
  assetMaterializations(limit: 5) {{ runId partition {FACTS} }}
  assetChecksOrError {{ ... on AssetChecks {{ checks {{ name executionForLatestMaterialization {{
    runId status evaluation {{ severity {FACTS} }} }} }} }} }} }} }}"""
TIMERS = """query ($place: RepositorySelector!) {
  schedulesOrError(repositorySelector: $place) { ... on Schedules { results {
    name cronSchedule executionTimezone pipelineName scheduleState { status }
    futureTicks(limit: 2) { results { timestamp } } } } }
  sensorsOrError(repositorySelector: $place) { ... on Sensors { results {
    name minIntervalSeconds targets { pipelineName } sensorState { id status } } } } }"""
STOP = """mutation ($id: String!) {
  stopSensor(id: $id) { ... on StopSensorMutationResult { instigationState { status } } } }"""
TICK = """mutation ($sensor: SensorSelector!, $cursor: String) {
  sensorDryRun(selectorData: $sensor, cursor: $cursor) { ... on DryRunInstigationTick { evaluationResult {
    cursor skipReason error { message } runRequests { runKey tags { key value } } } } } }"""
FAILURES = """query ($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events { __typename
  ... on ExecutionStepFailureEvent { stepKey error { message } } } } } }"""


@dataclass(frozen=True)
class Story:
    """What was seen from a new home to its first release, in that order."""

    partitions: dict[str, list[str]]
    ticks: list[dict[str, Any]]
    yearless: str
    yearless_failures: list[tuple[str, str]]
    left_by_yearless: list[str]
    run: str
    status: str
    assets: dict[str, dict[str, Any]]
    tick_after: dict[str, Any]
    timers: dict[str, Any]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    home = tmp_path_factory.mktemp("dagster")
    settings = Settings(home=home, landing=home / "landing")
    write_prefecture_of_three(home / "landing")
    put_in_order(settings)
    with served(settings) as site:
        yield told(site, home)


def told(site: Site, home: Path) -> Story:
    """A run without a year first, while the home is new; then one for 2020."""
    timers = site.ask(TIMERS, place=PLACE)
    # Here the sensor is evaluated by hand: left on, a slow machine would see it start runs of its own in between.
    stopped = site.ask(STOP, id=timers["sensorsOrError"]["results"][0]["sensorState"].pop("id"))["stopSensor"]
    assert stopped["instigationState"]["status"] == "STOPPED"
    partitions = {path(node): node["partitionKeys"] for node in site.ask(PARTITIONS)["assetNodes"]}
    first = tick(site, "")
    ticks = [first, tick(site, first["cursor"])]
    yearless = site.launch(None)
    yearless_status = site.end_of(yearless)
    left = [part.name for part in (home / "lake", home / "archive", home / "pseudonym.key") if part.exists()]
    events = site.ask(FAILURES, run=yearless)["logsForRun"]["events"]
    failures = [(e["stepKey"], e["error"]["message"]) for e in events if e["__typename"] == "ExecutionStepFailureEvent"]
    run = site.launch("2020")
    status = site.end_of(run)
    assets = {path(node): node for node in site.ask(ASSETS)["assetNodes"]}
    return Story(partitions, ticks, yearless_status, failures, left, run, status, assets, tick(site, ""), timers)


def tick(site: Site, cursor: str) -> dict[str, Any]:
    """The sensor evaluated once with that cursor, as its page in the UI offers."""
    answer = site.ask(TICK, sensor=PLACE | {"sensorName": "arrivals"}, cursor=cursor)["sensorDryRun"]
    result: dict[str, Any] = answer["evaluationResult"]
    assert result["error"] is None
    return result


def path(node: dict[str, Any]) -> str:
    return "/".join(node["assetKey"]["path"])


def facts(holder: dict[str, Any]) -> dict[str, Any]:
    """Metadata by label: a number, the rows of a table, or columns."""
    return {entry.pop("label"): entry.popitem()[1] for entry in map(dict, holder["metadataEntries"]) if len(entry) > 1}


def latest(story: Story, asset: str) -> dict[str, Any]:
    (made,) = story.assets[asset]["assetMaterializations"]
    assert made["runId"] == story.run
    return facts(made)


def check(story: Story, asset: str) -> dict[str, Any]:
    (one,) = story.assets[asset]["assetChecksOrError"]["checks"]
    execution: dict[str, Any] = one["executionForLatestMaterialization"]
    assert execution["runId"] == story.run
    return execution | facts(execution["evaluation"])


def test_a_new_home_offers_the_years_of_plans(story: Story) -> None:
    assert story.partitions["staged/class_ledger"] == story.partitions["verdicts/scorecard"] == ["2020"]
    assert story.partitions["raw/submissions"] == story.partitions["release/warehouse"] == []


def test_a_launch_without_a_year_fails_before_a_file_is_read(story: Story) -> None:
    assert story.yearless == "FAILURE"
    ((step, message),) = story.yearless_failures
    assert step == "submissions" and "年度分区" in message
    assert story.left_by_yearless == []


def test_a_launch_for_a_year_succeeds_and_makes_every_asset_that_has_a_version(story: Story) -> None:
    assert story.status == "SUCCESS"
    assert set(story.assets) == OTHERS | {f"staged/{dataset}" for dataset in load_contracts()}
    made = {name: node["assetMaterializations"] for name, node in story.assets.items() if node["assetMaterializations"]}
    assert set(made) == OTHERS | {f"staged/{dataset}" for dataset in SENT}
    yearly = {f"staged/{dataset}" for dataset in SENT} | COMPARED | STAR | {"indicators/figures", "verdicts/scorecard"}
    assert {name for name, events in made.items() if events[0]["partition"] == "2020"} == yearly
    assert all(node["owners"] == [{"team": "data"}] for node in story.assets.values())


@pytest.mark.parametrize(("dataset", "rows"), SENT.items())
def test_rows_are_told(story: Story, dataset: str, rows: int) -> None:
    made = latest(story, f"staged/{dataset}")
    assert made["dagster/row_count"] == made["dagster/partition_row_count"] == rows
    assert (made["rows_quarantined"], made["returned"], made["must_fix_found"]) == (0, 0, 0)


def test_intake_tells_every_file(story: Story) -> None:
    made = latest(story, "raw/submissions")
    assert (made["files"], made["read_now"], made["unrecognised"], made["returned"]) == (7, 7, 0, 0)
    assert len(made["new"]["records"]) == 7


def test_columns_are_shown_with_header_and_unit(story: Story) -> None:
    columns = facts(story.assets["staged/class_ledger"])["dagster/column_schema"]["columns"]
    by_name = {column["name"]: column for column in columns}
    assert by_name["pupils"]["type"] == "int64" and by_name["school_code"]["type"] == "string"
    assert "（人）" in by_name["pupils"]["description"]
    assert list(by_name) == load_contracts()["class_ledger"].staged_schema().names


def test_a_clean_dataset_passes_its_check_rule_by_rule(story: Story) -> None:
    found = check(story, "staged/class_ledger")
    assert found["status"] == "SUCCEEDED"
    rules = {row["rule"]: row for row in rows_of(found["rules"])}
    assert len(rules) == found["rules_run"] > 25
    assert rules["class_ledger.pupils.filled"]["asked"] == 7
    assert rules["class_ledger.sum_of_sexes"]["status"] == "not_run"  # no column of boys was sent


def test_a_question_fails_the_check_as_a_warning_with_its_cells(story: Story) -> None:
    found = check(story, "staged/aid_payments")  # of the spring term, whose school list nobody sent
    assert (found["status"], found["evaluation"]["severity"], found["rules_found"]) == ("FAILED", "WARN", 1)
    (row,) = [row for row in rows_of(found["rules"]) if row["found"]]
    assert row["rule"] == "aid_payments.school_code.listed_that_year"
    assert (row["severity"], row["period"], row["asked"], row["found"]) == ("must_explain", "2019-2020-spring", 3, 3)
    assert row["first_places"].count("!A") == 3


def test_the_plan_is_a_check_of_the_scorecard(story: Story) -> None:
    found = check(story, "verdicts/scorecard")
    assert (found["status"], found["evaluation"]["severity"]) == ("FAILED", "WARN")
    verdicts = {row["commitment"]: row["verdict"] for row in rows_of(found["plan"])}
    assert len(verdicts) == found["commitments"] >= 26
    assert (verdicts["T09a"], verdicts["T09d"], verdicts["T27"]) == ("met", "missed", "no_data")


def test_the_schedule_is_on_and_strikes_at_two_in_shanghai(story: Story) -> None:
    (schedule,) = story.timers["schedulesOrError"]["results"]
    strikes = [datetime.fromtimestamp(t["timestamp"], SHANGHAI) for t in schedule.pop("futureTicks")["results"]]
    assert [(at.hour, at.minute) for at in strikes] == [(2, 0), (2, 0)]
    assert schedule == {
        "name": "nightly_at_two", "cronSchedule": "0 2 * * *", "executionTimezone": "Asia/Shanghai",
        "pipelineName": "nightly", "scheduleState": {"status": "RUNNING"},
    }  # fmt: skip


def test_the_sensor_is_on_and_asks_for_the_year_at_its_second_look(story: Story) -> None:
    (sensor,) = story.timers["sensorsOrError"]["results"]
    assert sensor == {
        "name": "arrivals", "minIntervalSeconds": 60, "targets": [{"pipelineName": "nightly"}],
        "sensorState": {"status": "RUNNING"},
    }  # fmt: skip
    first, second = story.ticks
    assert not first["runRequests"] and "7 个新文件" in first["skipReason"]
    (request,) = second["runRequests"]
    assert {"key": "dagster/partition", "value": "2020"} in request["tags"]
    assert story.tick_after["skipReason"] == "没有新文件"


def rows_of(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [json.loads(record) for record in table["records"]]
