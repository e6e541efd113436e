"""The scorecard for readers: order and wording of its lines, and a page that stands alone."""

import base64
import csv
import hashlib
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from assets.plans.gap import Work
from assets.plans.scorecard import Words, judge_commitments
from assets.reports.scorecard_lines import Scorecard, scorecard_csv, scorecard_json, scorecard_lines
from assets.reports.scorecard_page import ReleaseInfo, scorecard_page
from expectations.plan import Plan

NAMES = {"433100": "湘西州", "433101": "吉首市", "433122": "泸溪县", "spring": "春季", "autumn": "秋季"}
RELEASE = ReleaseInfo("r-7", datetime(2021, 1, 19, 18, 5, tzinfo=UTC), "0.1.0", date(2021, 1, 20))


def commitment(name: str, article: int, comparison: str, value: str | None, **other: Any) -> dict[str, Any]:
    base = {"id": name, "article": article, "name_zh": f"任务{name}", "name_en": f"Task {name}", "indicator": name,
            "comparison": comparison, "unit": "%", "judged_on": "census", "office": "样例科",
            "deadline": date(2020, 12, 31)}  # fmt: skip
    return base | ({} if value is None else {"value": Decimal(value)}) | other


PLAN = Plan.model_validate({
    "meta": {"title": "样例要点", "issuer": "样例局", "issued": date(2020, 3, 1), "year": 2020},
    "commitments": [
        commitment("A", 9, "ge", "50", scope=["prefecture", "county"], choice="按人数计 <b>不</b> 按园数计"),
        commitment("B", 20, "le", "15"),
        commitment("C", 7, "ge", "9", unit="所"),
        commitment("D", 7, "eq", "0", unit="班", deadline=date(2021, 12, 31)),
        commitment("E", 3, "rise", None, unit="个"),
        commitment("F", 11, "eq", "100", indicator=["spring", "autumn"]),
        commitment("G", 11, "le", "16", unit=":1"),
    ],
})  # fmt: skip


def row(name: str, numerator: int | None, denominator: int | None = None, **other: Any) -> dict[str, Any]:
    exact = {"numerator": numerator, "denominator": denominator}
    return {
        "indicator_id": name, "year": 2020, "level": "prefecture", "region_code": "433100", "value": None,
        "unknown_count": 0, "missing_units": "", "maturity": "confirmed", "parameters": "",
        **{side: None if number is None else Decimal(number) for side, number in exact.items()},
    } | other  # fmt: skip


ROWS = [
    row("A", 49_996, 100_000), row("A", 1, 4, level="county", region_code="433101"),
    row("A", 3, 4, level="county", region_code="433122"),
    row("B", 15, 100), row("C", 8), row("D", 2, missing_units="433122"), row("E", 5),
    row("spring", 1, 1), row("autumn", 2, 3, maturity="final"), row("G", 2834, 100),
]  # fmt: skip
BEFORE = [
    row("A", 1, 2), row("A", 1, 8, level="county", region_code="433101"), row("B", 1, 3), row("C", 8), row("D", 1),
    row("autumn", 3, 4), row("G", 3, 0),
]  # fmt: skip


def table(rows: list[dict[str, Any]], year: int) -> pa.Table:
    schema = {"numerator": pa.decimal128(28, 4), "denominator": pa.decimal128(28, 4), "value": pa.float64()}
    fields = [(name, schema.get(name, pa.infer_type([value]))) for name, value in rows[0].items()]
    return pa.Table.from_pylist([each | {"year": year} for each in rows], schema=pa.schema(fields))


def figures() -> pa.Table:
    return table(ROWS, 2020)


@pytest.fixture(scope="module")
def verdicts() -> pa.Table:
    works = {"D": Work("拆分", "个大班", -1), "G": Work("增配", "名教师", 0, 1), "autumn": Work("补发", "笔补助")}
    words = Words({"A": "名", "C": "所"}, NAMES, works)
    return judge_commitments(PLAN, figures(), 2020, date(2021, 1, 20), table(BEFORE, 2019), words)


@pytest.fixture(scope="module")
def card(verdicts: pa.Table) -> Scorecard:
    return scorecard_lines(PLAN, verdicts, NAMES)


@pytest.fixture(scope="module")
def page(verdicts: pa.Table) -> str:
    return scorecard_page(PLAN, verdicts, figures(), NAMES, RELEASE)


def test_lines_tell_missed_first_then_no_data_on_track_met_by_article_within(card: Scorecard) -> None:
    shown = [(x.commitment_id, x.target, x.figure, x.verdict_zh, x.maturity_zh, x.gap) for x in card.lines]
    assert shown == [
        ("C", "≥9所", "8", "未达标", "核定", "需增加 1 所"),
        ("A", "≥50%", "50.00%", "未达标", "核定", "需增加 4 名"),
        ("F", "=100%", "66.67%", "未达标", "核定", "需补发 1 笔补助"),
        ("G", "≤16:1", "28.34:1", "未达标", "核定", "需增配 78 名教师"),
        ("E", "比上年上升", "5", "无数据", "核定", ""),
        ("D", "=0班", "2", "推进中", "初报", "需拆分 2 个大班"),
        ("B", "≤15%", "15.00%", "达标", "核定", ""),
    ]
    assert card.summary == "共 7 项：达标 1，未达标 4，无数据 1，推进中 1"


def test_lines_tell_the_year_before_and_the_way_since(card: Scorecard) -> None:
    shown = {line.commitment_id: (line.before, line.arrow, line.trend_zh) for line in card.lines}
    assert shown == {
        "C": ("8", "→", "持平"), "A": ("50.00%", "↓", "变差"), "F": ("75.00%", "↓", "变差"), "G": ("", "", ""),
        "E": ("", "", ""), "D": ("1", "", ""), "B": ("33.33%", "↑", "向好"),
    }  # fmt: skip


def test_the_part_of_a_unit_stands_in_its_own_line(verdicts: pa.Table) -> None:
    (line,) = scorecard_lines(PLAN, verdicts, NAMES, "433101").lines
    assert (line.gap, line.gap_part, line.before, line.trend_zh) == ("需增加 1 名", "需增加 1 名", "12.50%", "向好")


def test_last_years_figure_is_told_where_this_year_has_none() -> None:
    rows = [row("A", None), row("C", None), row("G", None)]
    before = [row("A", 1, 3), row("C", 8), row("G", 100, 3)]
    made = judge_commitments(PLAN, table(rows, 2020), 2020, date(2021, 1, 20), table(before, 2019))
    shown = {line.commitment_id: line.before for line in scorecard_lines(PLAN, made, NAMES).lines}
    assert (shown["A"], shown["C"], shown["G"]) == ("33.33%", "8", "33.33:1")


def test_the_worst_unit_and_the_reason_stand_in_the_line(card: Scorecard) -> None:
    line = next(line for line in card.lines if line.commitment_id == "A")
    assert line.worst == "吉首市 25.00%"
    assert line.note_zh == "显示值经四舍五入，判定按未舍入的数。"


def test_a_unit_has_a_scorecard_of_its_own(verdicts: pa.Table) -> None:
    unit = scorecard_lines(PLAN, verdicts, NAMES, "433122")
    assert [(line.commitment_id, line.figure, line.verdict) for line in unit.lines] == [("A", "75.00%", "met")]


def test_json_and_csv_hold_every_line(card: Scorecard) -> None:
    told = json.loads(scorecard_json(card))
    rows = list(csv.DictReader(scorecard_csv(card).splitlines()))
    assert [line["commitment_id"] for line in told["lines"]] == [r["commitment_id"] for r in rows] == list("CAFGEDB")
    assert told["counts"] == {"met": 1, "missed": 4, "no_data": 1, "on_track": 1}
    assert [(r["gap"], r["before"], r["trend"]) for r in rows][1] == ("需增加 4 名", "50.00%", "worse")


class Seen(HTMLParser):
    """Tags that are open at the end, attributes that point elsewhere, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [f"{name}={value}" for name, value in attrs if name in {"src", "href", "srcset", "action"}]
        if tag not in {"meta", "br", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_alone_and_runs_no_script_but_its_own(page: str) -> None:
    seen = Seen(page)
    assert (seen.open, seen.links) == ([], [])
    assert not re.search(r"url\(|@import|https?:", page)
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page
    assert "</" not in script


def said(page: str) -> str:
    """The words of the page, its script and style aside."""
    return re.sub(r"\s+", " ", Seen(re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.DOTALL)).text)


def test_the_page_tells_the_lines_the_units_and_the_notes(page: str) -> None:
    text = said(page)
    for words in ("2020 年度记分卡", "判定截至 2021-01-20", "发布时间 2021-01-20 02:05", "共 7 项：达标 1，未达标 4",
                  "✗未达标 25.00%", "✓达标 75.00%", "分担 1", "吉首市0/1", "泸溪县1/1", "春季 100.00%", "秋季 66.67%",
                  "28.34:1", "需增配 78 名教师", "33.33%↑ 比上年向好", "其中未落到单位：需增加 3 名"):  # fmt: skip
        assert words in text
    missing = text[text.index("缺数据的单位") : text.index("口径说明")]
    assert "泸溪县" in missing
    assert "任务D" in missing


def test_articles_are_groups_that_count_their_verdicts(page: str) -> None:
    heads = re.findall(r"<b>第(\d+)条</b>(.*?)</button>", page, re.DOTALL)
    counted = {article: re.findall(r"(\S+) (\d+)</span>", badges) for article, badges in heads}
    assert counted == {
        "3": [("无数据", "1")], "7": [("未达标", "1"), ("推进中", "1")], "9": [("未达标", "1")],
        "11": [("未达标", "2")], "20": [("达标", "1")],
    }  # fmt: skip


def test_what_the_filters_ask_for_stands_in_the_page(page: str) -> None:
    tasks = re.findall(r'<tr class="task[^"]*" data-verdict="(\w+)"', page)
    assert sorted(tasks) == ["met", *["missed"] * 4, "no_data", "on_track"]
    assert re.findall(r'data-filter="(\w*)"', page) == ["", "missed", "no_data", "on_track", "met"]
    assert re.findall(r'data-unit="(\d+)" data-verdict="(\w+)"', page) == [("433101", "missed"), ("433122", "met")]
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    asked = {*re.findall(r'getElementById\("(\w+)"\)', script)}
    assert asked == {"text", "unit", "shown", "nothing"}
    assert [name for name in asked if f'id="{name}"' not in page] == []


def test_the_page_escapes_what_it_is_told(page: str) -> None:
    assert "按人数计 &lt;b&gt;不&lt;/b&gt; 按园数计" in page


def test_a_page_without_unit_verdicts_tells_no_units(verdicts: pa.Table) -> None:
    whole = verdicts.filter(pc.equal(verdicts["level"], "prefecture"))
    text = scorecard_page(PLAN, whole, figures(), NAMES, RELEASE)
    assert "分单位" not in text
    assert 'class="strip"' not in text
