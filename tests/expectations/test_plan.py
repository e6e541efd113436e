"""The plan as data: the project's own file, exact values, and faults told with their line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from expectations.errors import PlanError
from expectations.plan import CompetitionsMeasure, Plan, WorkItemsMeasure, load_plan, load_plans
from expectations.plan_suite import hold_to_plan

META = ["meta:", "  title: 样例要点", "  issuer: 样例局", "  issued: 2021-03-01", "  year: 2021", "commitments:"]
ITEM = {
    "id": "T01a", "article": "1", "name_zh": "样例任务", "name_en": "Sample", "indicator": "sample_share",
    "comparison": "ge", "value": "57", "unit": '"%"', "judged_on": "census", "office": "样例科",
}  # fmt: skip


def item(**changes: str | None) -> list[str]:
    lines = [f"{key}: {value}" for key, value in {**ITEM, **changes}.items() if value is not None]
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def write(folder: Path, *items: list[str]) -> Path:
    path = folder / "2021.yaml"
    path.write_text("\n".join([*META, *(line for lines in items for line in lines), ""]), "utf-8")
    return path


def faults(folder: Path, *items: list[str]) -> tuple[str, ...]:
    with pytest.raises(PlanError) as caught:
        load_plan(write(folder, *items))
    return caught.value.faults


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plans()[2020]


def test_the_plan_of_2020_tells_all_of_its_articles(plan: Plan) -> None:
    assert plan.meta.articles == 35
    assert {item.article for item in plan.items} == set(range(1, 36))
    assert len(plan.commitments) == len({c.id for c in plan.commitments}) == 311
    assert {c.deadline for c in plan.commitments} == {date(2020, 12, 31)}
    assert all(c.id.removeprefix("T")[:2] == f"{c.article:02d}" for c in plan.commitments)


@pytest.mark.parametrize(
    ("name", "comparison", "target"),
    [("T09a", "ge", "0.5"), ("T09b", "ge", "0.8"), ("T09c", "ge", "0.85"), ("T09d", "eq", "1"), ("T09f", "ge", "0.95"),
     ("T09g", "eq", "0"), ("T09h", "le", "0.15"), ("T11d", "ge", "9"), ("T11e", "ge", "53"), ("T20a", "ge", "0.42"),
     ("T20b", "ge", "0.97"), ("T20c", "ge", "0.85"), ("T27", "eq", "1"), ("T30", "ge", "13"), ("T02", "eq", "1"),
     ("T07a", "ge", "1"), ("T07b", "ge", "3"), ("T07c", "ge", "5"), ("T07d", "ge", "2"), ("T07e", "ge", "8"),
     ("T15a", "ge", "8"), ("T15b", "ge", "20"), ("T15c", "ge", "100"), ("T15d", "ge", "10"), ("T23", "ge", "400"),
     ("T34", "ge", "29"), ("T11c", "eq", "1"), ("T16d", "eq", "0"), ("T22h", "ge", "1")],
)  # fmt: skip
def test_targets_are_exact(plan: Plan, name: str, comparison: str, target: str) -> None:
    commitment = plan.commitment_named(name)
    assert commitment is not None
    assert (commitment.comparison, commitment.target) == (comparison, Decimal(target))


def test_a_direction_has_no_target_and_terms_name_both_indicators(plan: Plan) -> None:
    places, aid = plan.commitment_named("T09j"), plan.commitment_named("T11a")
    assert places is not None
    assert (places.comparison, places.target) == ("rise", None)
    assert aid is not None
    assert aid.indicator == ("aid_on_time_spring", "aid_on_time_autumn")


def test_measures_say_how_work_items_and_competitions_are_read(plan: Plan) -> None:
    pairs, sports = plan.commitment_named("强校带弱校结对帮扶"), plan.commitment_named("T30")
    assert pairs is not None
    assert sports is not None
    assert isinstance(pairs.measure, WorkItemsMeasure)
    assert (pairs.measure.reading, pairs.measure.at_least) == ("counties_reaching", 2)
    assert isinstance(sports.measure, CompetitionsMeasure)
    assert len(sports.measure.sports) == 13
    assert sports.measure.sport_by_spelling["武术套路"] == "武术"


def test_a_work_item_names_its_commitment_by_id_name_or_alias(plan: Plan) -> None:
    found = {plan.commitment_named(text) for text in ("T11d", " 芙蓉学校建设 ", "芙蓉学校")}
    assert {c.id for c in found if c} == {"T11d"}
    assert plan.commitment_named("芙蓉中学") is None
    assert len(plan.nearest("名师工作室评选活动")) == 3
    assert plan.nearest("名师工作室评选活动")[0] == "名师工作室评选"


@pytest.mark.parametrize(
    ("written", "target"),
    [("57", "0.57"), ("0.57", "0.0057"), ("14.99", "0.1499"), ("1e1", "0.1"), ("100", "1")],
)
def test_values_never_pass_through_a_float(tmp_path: Path, written: str, target: str) -> None:
    assert load_plan(write(tmp_path, item(value=written))).commitments[0].target == Decimal(target)


def test_an_article_may_stand_with_a_reason_only(tmp_path: Path) -> None:
    plan = load_plan(write(tmp_path, item(), ["- article: 2", "  reason: 没有可以计量的任务。"]))
    assert [(i.article, i.reason) for i in plan.unmeasured] == [(2, "没有可以计量的任务。")]
    assert [c.deadline for c in plan.commitments] == [date(2021, 12, 31)]


@pytest.mark.parametrize(
    ("changes", "line", "words"),
    [
        ({"comparison": "gte"}, 12, "comparison 不能是“gte”；相近的有 ge"),
        ({"scope": "[prefectur]"}, 17, "相近的有 prefecture、"),
        ({"ofice": "某科"}, 17, "不认识 ofice；相近的有 office、"),
        ({"unit": None}, 7, "缺少 unit"),
        ({"article": "0"}, 8, "article 的值“0”不合要求"),
        ({"value": "101"}, 7, "比例不能超过 100%"),
        ({"value": "-1"}, 13, "value 的值“-1”不合要求"),
        ({"value": "14.999"}, 7, "小数位过多"),
        ({"value": ".nan"}, 13, "value 的值“.nan”不合要求"),
        ({"value": None}, 7, "其余须写 value"),
        ({"comparison": "rise"}, 7, "不写 value"),
        ({"deadline": "2021-02-28"}, 17, "早于要点印发日 2021-03-01"),
        ({"measure": "{from: work_item, as: count}"}, 17, "from 不能是“work_item”；相近的有 work_items"),
        ({"measure": "{from: work_items, as: counties_reaching}"}, 17, "at_least"),
        ({"measure": "{from: work_items, as: count, years: 3, since: 2020}"}, 17, "years 和 since 只用于 share"),
        ({"measure": "{from: work_items, as: share, years: 3}"}, 17, "须同时写"),
        ({"measure": "{from: competitions, as: held, level: 州}"}, 17, "写明是什么赛事"),
        ({"measure": "{from: competitions, as: distinct_sports}"}, 17, "sports 只用于 distinct_sports"),
        ({"measure": "{from: competitions, as: distinct_sports, sports: {田径: []}, by_county: yes}"}, 17, "by_cou"),
        ({"measure": "{from: exam_sittings, as: distinct_exams, exams: []}"}, 17, "exams"),
        ({"indicator": "[a, b]", "measure": "{from: work_items, as: count}"}, 7, "只能写一个"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_what_was_meant(
    tmp_path: Path, changes: dict[str, str | None], line: int, words: str
) -> None:
    (fault,) = faults(tmp_path, item(**changes))
    assert fault.startswith(f"2021.yaml:{line}: ")
    assert words in fault


def test_all_faults_of_a_file_are_told_at_once_in_its_order(tmp_path: Path) -> None:
    found = faults(tmp_path, item(article="0"), item(id="T01b", name_zh="另一任务", unit=None))
    assert [fault.split(":")[1] for fault in found] == ["8", "17"]


def test_two_commitments_never_share_a_spelling(tmp_path: Path) -> None:
    twice, alias = item(name_zh="另一任务"), item(id="T01b", name_zh="第三任务", aliases="[样例任务]")
    assert faults(tmp_path, item(), twice) == ("2021.yaml:17: “T01a”已用于第 7 行的任务",)
    assert faults(tmp_path, item(), alias) == ("2021.yaml:17: “样例任务”已用于第 7 行的任务",)


def test_an_article_is_measured_or_set_aside_never_both(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, item(), ["- article: 1", "  reason: 没有。"])
    assert fault == "2021.yaml:17: 第 1 条已有指标任务，不能再写 reason"


def test_a_key_written_twice_is_not_overlooked(tmp_path: Path) -> None:
    assert faults(tmp_path, [*item(), "  value: 60"]) == ("2021.yaml:17: “value”写了两次",)


def test_what_is_no_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, ["- id: [T01a"])
    assert fault.startswith("2021.yaml:")
    assert "不是合法的 YAML" in fault


def test_an_empty_file_and_a_file_of_another_year_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, item())
    path.rename(tmp_path / "2022.yaml")
    with pytest.raises(PlanError, match=r"文件名应为 2021\.yaml"):
        load_plans(tmp_path)
    (tmp_path / "2022.yaml").write_text("", "utf-8")
    with pytest.raises(PlanError, match="文件是空的"):
        load_plans(tmp_path)


def test_articles_beyond_the_document_and_two_measures_of_one_indicator_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, item(article="3", measure="{from: work_items, as: count}"),
                 item(id="T01b", name_zh="另一任务", measure="{from: work_items, as: count}"))  # fmt: skip
    path.write_text(path.read_text("utf-8").replace("  year: 2021", "  year: 2021\n  articles: 2"), "utf-8")
    with pytest.raises(PlanError) as caught:
        load_plan(path)
    assert caught.value.faults == (
        "2021.yaml:9: 没有第 3 条，要点共 2 条",
        "2021.yaml:23: 指标 sample_share 已由第 8 行的 measure 定义",
    )


def test_what_is_left_out_belongs_to_a_measured_article(tmp_path: Path) -> None:
    path = write(tmp_path, item())
    text = path.read_text("utf-8") + "left_out:\n- {article: 1, promise: 样例, reason: 不能计量。}\n"
    path.write_text(text, "utf-8")
    assert [left.article for left in load_plan(path).left_out] == [1]
    path.write_text(text.replace("article: 1, promise", "article: 2, promise"), "utf-8")
    with pytest.raises(PlanError, match="第 2 条没有指标任务"):
        load_plan(path)


def test_a_short_plan_needs_only_what_says_something(tmp_path: Path) -> None:
    plan = load_plan(write(tmp_path, item(name_en=None, judged_on=None, office=None)))
    assert (plan.commitments[0].judged_on, plan.commitments[0].office) == ("calendar", "")


def test_a_commitment_is_asked_of_its_known_regions_alone(plan: Plan) -> None:
    known, unknown = plan.commitments[0], plan.commitments[1]
    verdicts = pa.Table.from_pylist([
        {"commitment_id": c.id, "level": level, "verdict": verdict, "target": Decimal(1), "numerator": numerator,
         "denominator": Decimal(2)}
        for c, level, verdict, numerator in (
            (known, "prefecture", "missed", Decimal(1)), (known, "county", "met", Decimal(2)),
            (known, "county", "no_data", None), (unknown, "prefecture", "no_data", None),
        )
    ])  # fmt: skip
    told = {outcome.commitment_id: outcome for outcome in hold_to_plan(plan, verdicts)}
    assert list(told) == [c.id for c in plan.commitments]
    assert (told[known.id].verdict, told[known.id].asked, told[known.id].missed) == ("missed", 2, 1)
    assert {(o.asked, o.missed) for o in told.values() if o.commitment_id != known.id} == {(0, 0)}
