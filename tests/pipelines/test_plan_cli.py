"""`xiangxi plan`: coverage, the next plan's frame, its check with lines, and a draft tried on the year's data."""

import csv
import io
import json
from pathlib import Path

import pytest
from click import unstyle

from expectations.plan import FOLDER, load_plan
from tests.pipelines.homes import Home, xiangxi

pytestmark = pytest.mark.xdist_group("sample")

DRAFT = """\
meta:
  title: 2021年全州教育和体育工作要点
  issuer: 湘西州教育和体育局
  issued: 2021-03-01
  year: 2021
commitments:
- id: T01
  article: 1
  name_zh: 公办园在园幼儿占比
  indicator: public_kindergarten_share
  comparison: ge
  value: 99
  unit: "%"
  scope: [prefecture, county]
- id: T02
  article: 2
  name_zh: 普通高中大班额比例
  indicator: senior_large_class_share
  comparison: le
  value: 100
  unit: "%"
- id: T03
  article: 3
  name_zh: 新建体育公园
  indicator: sports_parks
  measure: {from: work_items, as: count}
  comparison: ge
  value: 2
  unit: 个
"""


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    path = tmp_path / "2021.yaml"
    path.write_text(DRAFT, "utf-8")
    return path


def spoiled(path: Path, old: str, new: str) -> Path:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return path


def test_coverage_tells_every_commitment_with_indicator_dataset_and_state(sample: Home) -> None:
    result = xiangxi("plan", "--coverage", "--year", "2020", "--format", "csv", "--home", sample.home)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    plan = load_plan(FOLDER / "2020.yaml")
    assert [row["commitment_id"] for row in rows] == [c.id for c in plan.commitments]
    assert {int(row["article"]) for row in rows} == set(range(1, 36))
    assert all(row["indicators"] and row["datasets"] for row in rows)
    assert {row["state"] for row in rows} <= {"met", "missed", "on_track"}
    alone = [row for row in rows if row["work_items_alone"] == "True"]
    assert {row["datasets"] for row in alone} == {"work_items"}
    table = unstyle(xiangxi("plan", "--coverage", "--home", sample.home).stdout)
    assert "要点 35 条，有任务的 35 条" in table
    assert f"任务 {len(rows)} 项" in table
    assert f"只靠重点工作台账回答的 {len(alone)} 项" in table
    assert "没有数据的 0 项" in table


def test_without_data_the_plan_is_told_all_the_same(tmp_path: Path) -> None:
    told = json.loads(xiangxi("plan", "--format", "json", "--home", tmp_path / "new").stdout)
    assert {line["state"] for line in told["commitments"]} == {"unjudged"}
    assert told["left_out"]


def test_the_frame_of_the_next_plan_can_be_checked_at_once(tmp_path: Path) -> None:
    target = tmp_path / "2021.yaml"
    assert xiangxi("plan", "new", "2021", "--from", "2020", "--out", target).exit_code == 0
    frame, before = load_plan(target), load_plan(FOLDER / "2020.yaml")
    assert (frame.year, frame.meta.title) == (2021, before.meta.title.replace("2020", "2021"))
    assert [c.id for c in frame.commitments] == [c.id for c in before.commitments]
    assert {c.deadline.year for c in frame.commitments} == {2021}
    assert "# 待填：印发日期" in target.read_text("utf-8")
    result = xiangxi("plan", "check", target, "--home", tmp_path / "new")
    assert result.exit_code == 0
    assert "还没有收到 2021 年的报表" in result.stdout
    again = xiangxi("plan", "new", "2021", "--from", "2020", "--out", target)
    assert again.exit_code == 2
    assert "没有改动" in unstyle(again.output)


def test_a_frame_needs_a_plan_to_copy(tmp_path: Path) -> None:
    result = xiangxi("plan", "new", "2021", "--from", "1999", "--out", tmp_path / "x.yaml")
    assert result.exit_code == 2
    assert "2020" in unstyle(result.output)
    assert not (tmp_path / "x.yaml").exists()


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("indicator: public_kindergarten_share", "indicator: public_kindergarden_share", 10,
         "相近的有 public_kindergarten_share"),
        ("value: 99", "value: 101", 7, "比例不能超过 100%"),
        ("value: 99", "valeu: 99", 12, "相近的有 value"),
        ("indicator: sports_parks", "indicator: senior_large_class_share", 26, "不能再由 measure 定义"),
        ("scope: [prefecture, county]", "scope: [prefecture]\n  worst: nothing_like_it", 15,
         "没有指标 nothing_like_it"),
        ('value: 100\n  unit: "%"', "value: 100\n  unit: 个", 21, "单位写的是 个"),
        ("commitments:", "parameters: {large_class: 56}\ncommitments:", 6, "large_class_size"),
        ("- id: T02\n  article: 2\n  name_zh: 普通高中大班额比例\n  indicator: senior_large_class_share\n"
         '  comparison: le\n  value: 100\n  unit: "%"',
         "- id: T02\n  article: 2\n  name_zh: 公办占比\n  indicator: public_kindergarten_share\n  comparison: ge\n"
         '  value: 99\n  unit: "%"\n  scope: [prefecture, county]', 15, "T02 与 T01 重复"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_file_and_line(
    draft: Path, tmp_path: Path, old: str, new: str, line: int, words: str
) -> None:
    result = xiangxi("plan", "check", spoiled(draft, old, new), "--home", tmp_path / "new")
    assert result.exit_code == 1
    told = result.stdout.splitlines()
    assert told[0].startswith(f"2021.yaml:{line}: ")
    assert words in told[0]


def test_a_draft_is_judged_by_its_own_thresholds_and_nothing_is_written(sample: Home, draft: Path) -> None:
    before = sorted(path.name for path in (sample.home / "lake").rglob("*"))
    result = xiangxi("plan", "try", draft, "--home", sample.home, "--format", "json")
    verdicts = {line["commitment_id"]: line["verdict"] for line in json.loads(result.stdout)["lines"]}
    assert verdicts == {"T01": "missed", "T02": "met", "T03": "missed"}
    loose = spoiled(draft, "value: 99", "value: 1")
    again = xiangxi("plan", "try", loose, "--home", sample.home, "--format", "json", "--year", "2020")
    assert {line["commitment_id"]: line["verdict"] for line in json.loads(again.stdout)["lines"]}["T01"] == "met"
    assert sorted(path.name for path in (sample.home / "lake").rglob("*")) == before


def test_a_draft_without_data_or_with_faults_is_not_tried(draft: Path, tmp_path: Path) -> None:
    result = xiangxi("plan", "try", draft, "--home", tmp_path / "new")
    assert result.exit_code == 1
    assert "还没有收到 2021 年及以前的报表" in result.stderr
    faulty = xiangxi("plan", "try", spoiled(draft, "value: 99", "value: 101"), "--home", tmp_path / "new")
    assert faulty.exit_code == 1
    assert "2021.yaml:7:" in faulty.stderr
