"""Releases as a person asks about them: what moved and why, where a figure comes from, and the way back."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from assets.guard import StepFailedError
from tests.pipelines.handmade import OTHER, UNIT, classes, ledger_of, write_ledger
from tests.pipelines.homes import Home
from warehouse.connect import reading
from warehouse.schema import fact_indicator, release_change, release_part

pytestmark = pytest.mark.xdist_group("two")
SHARE = "primary_entry_classes_within_limit"
NAMES = ("year", "indicator_id", "region_code", "value", "numerator", "denominator", "maturity")


@pytest.fixture(scope="module")
def nights(two_counties: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Two nights, between which one county sent its classes again with one pupil less in the class of 46."""
    home = two_counties.copy(tmp_path_factory.mktemp("nights"))
    rows = [[*row[:6], 45 if row[6] == 46 else row[6]] for row in classes(UNIT)]
    write_ledger(ledger_of(home.landing, UNIT), rows)
    assert home.run(2020).exit_code in {0, 1}
    return home


def _query(home: Home, query: sa.Select[Any]) -> list[dict[str, Any]]:
    engine = home.settings.house().engine()
    with reading(engine) as connection:
        rows = [dict(row) for row in connection.execute(query).mappings()]
    engine.dispose()
    return rows


def _figures(home: Home, release_id: int) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    columns = [fact_indicator.c[name] for name in NAMES]
    rows = _query(home, sa.select(*columns).where(fact_indicator.c.release_id == release_id))
    return {tuple(row[name] for name in NAMES[:3]): tuple(row[name] for name in NAMES[3:]) for row in rows}


def _parts(home: Home, release_id: int) -> set[tuple[str, int]]:
    """The parts of facts that a release is made of."""
    of = release_part.c
    rows = _query(home, sa.select(of.table_name, of.part_id).where(of.release_id == release_id))
    return {(row["table_name"], row["part_id"]) for row in rows if row["table_name"].startswith("fact_")}


def test_every_figure_that_moved_is_told_with_its_cause(nights: Home) -> None:
    before, after = _figures(nights, 1), _figures(nights, 2)
    moved = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    told = _query(nights, sa.select(release_change).where(release_change.c.release_id == 2))
    assert {(row["year"], row["indicator_id"], row["region_code"]) for row in told} == moved
    assert (2020, SHARE, UNIT) in moved
    assert (2020, SHARE, OTHER) not in moved
    sent = nights.submissions(UNIT, "class_ledger")[-1]["submission_id"]
    assert {row["reason"] for row in told if row["indicator_id"] == SHARE} == {
        f"新采用 {sent}（class_ledger 2020-2021学年）；"
        f"不再采用 {nights.submissions(UNIT, 'class_ledger')[0]['submission_id']}（class_ledger 2020-2021学年）"
    }
    assert not [row for row in told if row["reason"].startswith("程序")]


def test_why_explains_every_figure_that_moved(nights: Home) -> None:
    told = _query(nights, sa.select(release_change).where(release_change.c.release_id == 2))
    keys = {(row["indicator_id"], row["region_code"]) for row in told if row["level"] != "school"}
    assert len(keys) >= 3
    for indicator, region in sorted(keys):
        answer = nights.command("why", indicator, "--region", region, "--year", "2020", "--format", "json")
        why = json.loads(answer.stdout)
        assert [change["release_id"] for change in why["changes"]][0] == 2
        assert why["changes"][0]["reason"]
        states = {row["state"] for row in why["submissions"] if row["unit_code"] == UNIT}
        assert "superseded" in states
        assert states & {"accepted", "accepted_with_findings"}


def test_why_speaks_to_a_person(nights: Home) -> None:
    shown = nights.command("why", SHARE, "--region", "古丈县", "--year", "2020").stdout
    assert "数值　1 = 2 / 2" in shown
    assert "最近在第 2 次发布" in shown
    assert "0.5（1/2） → 1（2/2）" in shown
    assert "已被新件取代" in shown


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ([f"{SHARE}x", "--region", UNIT], SHARE), ([SHARE, "--region", "古文县"], "古丈县"),
        ([SHARE, "--region", "2143912699"], "最新发布中没有这个数值"),
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(nights: Home, words: list[str], near: str) -> None:
    answer = nights.command("why", *words, "--year", "2020")
    assert answer.exit_code == 2
    assert near in "".join(answer.output.split())


def test_lineage_leads_to_the_cells(nights: Home) -> None:
    answer = nights.command("lineage", SHARE, "--region", UNIT, "--year", "2020", "--format", "json")
    origins = json.loads(answer.stdout)
    path = str(ledger_of(Path(), UNIT))
    assert {(o["dataset"], o["path"], o["numerator"], o["denominator"]) for o in origins} == {
        ("class_ledger", path, "1", "1")
    }
    assert sorted(o["row"] for o in origins) == [5, 6]
    assert "G5" in origins[0]["cells"].values()


def test_lineage_of_the_prefecture_adds_up_to_its_figure(nights: Home) -> None:
    answer = nights.command("lineage", SHARE, "--region", "433100", "--year", "2020", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(answer.stdout)))
    figure = nights.figure(SHARE)
    assert sum(int(row["numerator"]) for row in rows) == figure["numerator"]
    assert sum(int(row["denominator"]) for row in rows) == figure["denominator"]


def test_releases_are_listed_with_what_moved(nights: Home) -> None:
    listed = json.loads(nights.command("releases", "--format", "json").stdout)
    assert [(row["release_id"], row["kind"]) for row in listed] == [(2, "run"), (1, "run")]
    shown = nights.command("releases", "2").stdout
    assert "新采用" in shown
    assert f"变动 {listed[0]['changed']} 个数值" in shown
    assert nights.command("releases", "--format", "csv").stdout.startswith("release_id,published_at")


def test_a_rollback_brings_back_what_was_read_then(nights: Home, tmp_path: Path) -> None:
    home = nights.copy(tmp_path)
    assert "第 3 次发布，内容同第 1 次" in home.command("rollback").output
    assert _figures(home, 3) == _figures(home, 1) != _figures(home, 2)
    assert [row["state"] for row in home.submissions(UNIT, "class_ledger")] == ["accepted"]
    listed = json.loads(home.command("releases", "--format", "json").stdout)
    assert (listed[0]["kind"], listed[0]["source_release_id"]) == ("rollback", 1)
    assert "回退到较早的发布" in home.command("releases", "3").stdout
    assert home.command("rollback", "2").exit_code == 0
    assert _figures(home, 4) == _figures(home, 2)


def test_a_release_that_is_not_kept_is_refused(nights: Home) -> None:
    for words in (("releases", "9"), ("rollback", "9")):
        with pytest.raises(Exception, match="没有第 9 次发布；保留的发布：2、1"):
            nights.command(*words)


@pytest.fixture(scope="module")
def closed(nights: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same year made final, after which the other county sends its classes again and a night runs."""
    home = nights.copy(tmp_path_factory.mktemp("closed"))
    assert "第 3 次发布" in home.command("close", "2020").output
    rows = [[*row[:6], 45 if row[6] == 46 else row[6]] for row in classes(OTHER)]
    write_ledger(ledger_of(home.landing, OTHER), rows)
    night = home.run(2020)
    assert night.exit_code == 1
    assert "迟报，2020 年已终定" in night.output
    return home


def test_closing_makes_figures_final_as_a_release_of_its_own(closed: Home) -> None:
    assert {figure[3] for figure in _figures(closed, 3).values()} == {"final"}
    assert {row["maturity"] for row in closed.verdicts()} == {"final"}
    before, after = _figures(closed, 2), _figures(closed, 3)
    assert {key: figure[:3] for key, figure in before.items()} == {key: figure[:3] for key, figure in after.items()}
    told = _query(closed, sa.select(release_change).where(release_change.c.release_id == 3))
    assert {(row["maturity_after"], row["reason"]) for row in told} == {("final", "年度终定")}
    listed = json.loads(closed.command("releases", "--format", "json").stdout)
    assert [row["kind"] for row in listed] == ["run", "close", "run", "run"]


def test_a_file_for_a_closed_year_waits_and_is_listed(closed: Home) -> None:
    assert _figures(closed, 4) == _figures(closed, 3)
    assert _parts(closed, 4) == _parts(closed, 3) != set()
    assert {row["state"] for row in closed.submissions(OTHER, "class_ledger")} == {"accepted", "waiting"}
    (late,) = json.loads(closed.command("status", "--format", "json").stdout)["waiting"]
    assert (late["unit"], late["years"]) == (OTHER, [2020])
    assert "xiangxi reopen 2020" in closed.command("status").stdout
    assert "早已终定" in closed.command("close", "2020").output


def test_reopening_lets_the_next_night_judge_what_waited(closed: Home, tmp_path: Path) -> None:
    home = closed.copy(tmp_path)
    assert home.command("reopen", "2020").exit_code == 0
    again, before = _figures(home, 5), _figures(home, 2)
    assert {key: figure[:3] for key, figure in again.items()} == {key: figure[:3] for key, figure in before.items()}
    assert again[2020, SHARE, UNIT][3] == "confirmed"
    assert again[2020, SHARE, OTHER][3] == "provisional"  # there is a newer file, which the next run judges
    assert home.run(2020).exit_code == 0
    assert [row["state"] for row in home.submissions(OTHER, "class_ledger")] == ["superseded", "accepted"]
    assert home.figure(SHARE, OTHER)["value"] == 1
    assert home.command("reopen", "2020").exit_code == 2


def test_a_year_that_was_never_computed_is_not_closed(two: Home) -> None:
    with pytest.raises(StepFailedError, match="2019 年还没有计算过"):
        two.command("close", "2019")
    assert two.settings.house().closed_years == set()
