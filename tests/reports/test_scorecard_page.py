"""The scorecard for readers: order and wording of its lines, and a page that stands alone."""

import csv
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from assets.reports.scorecard_lines import Scorecard, scorecard_csv, scorecard_json, scorecard_lines
from assets.reports.scorecard_page import ReleaseInfo, scorecard_page
from assets.scorecard import Words, judge_commitments
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
    ],
})  # fmt: skip


def row(name: str, numerator: int | None, denominator: int | None = None, **other: Any) -> dict[str, Any]:
    exact = {"numerator": numerator, "denominator": denominator}
    return {
        "indicator_id": name, "year": 2020, "level": "prefecture", "region_code": "433100", "value": None,
        "unknown_count": 0, "missing_units": "", "maturity": "confirmed", "parameters": "",
        **{side: None if number is None else Decimal(number) for side, number in exact.items()},
    } | other  # fmt: skip


def figures() -> pa.Table:
    schema = {"numerator": pa.decimal128(28, 4), "denominator": pa.decimal128(28, 4), "value": pa.float64()}
    rows = [
        row("A", 49_996, 100_000), row("A", 1, 4, level="county", region_code="433101"),
        row("A", 3, 4, level="county", region_code="433122"),
        row("B", 15, 100), row("C", 8), row("D", 2, missing_units="433122"), row("E", 5),
        row("spring", 1, 1), row("autumn", 2, 3, maturity="final"),
    ]  # fmt: skip
    fields = [(name, schema.get(name, pa.infer_type([value]))) for name, value in rows[0].items()]
    return pa.Table.from_pylist(rows, schema=pa.schema(fields))


@pytest.fixture(scope="module")
def verdicts() -> pa.Table:
    words = Words({"A": "名", "C": "所", "autumn": "笔"}, NAMES)
    return judge_commitments(PLAN, figures(), 2020, date(2021, 1, 20), None, words)


@pytest.fixture(scope="module")
def card(verdicts: pa.Table) -> Scorecard:
    return scorecard_lines(PLAN, verdicts, NAMES)


@pytest.fixture(scope="module")
def page(verdicts: pa.Table) -> str:
    return scorecard_page(PLAN, verdicts, figures(), NAMES, RELEASE)


def test_lines_tell_missed_first_then_no_data_on_track_met_by_article_within(card: Scorecard) -> None:
    shown = [(x.commitment_id, x.target, x.figure, x.verdict_zh, x.maturity_zh, x.gap) for x in card.lines]
    assert shown == [
        ("C", "≥9所", "8", "未达标", "核定", "1所"),
        ("A", "≥50%", "50.00%", "未达标", "核定", "4名"),
        ("F", "=100%", "66.67%", "未达标", "核定", "1笔"),
        ("E", "比上年上升", "5", "无数据", "核定", ""),
        ("D", "=0班", "2", "推进中", "初报", "2班"),
        ("B", "≤15%", "15.00%", "达标", "核定", ""),
    ]
    assert card.summary == "共 6 项：达标 1，未达标 3，无数据 1，推进中 1"


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
    assert [line["commitment_id"] for line in told["lines"]] == [r["commitment_id"] for r in rows] == list("CAFEDB")
    assert told["counts"] == {"met": 1, "missed": 3, "no_data": 1, "on_track": 1}


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
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_stands_alone(page: str) -> None:
    seen = Seen(page)
    assert (seen.open, seen.links) == ([], [])
    assert "<script" not in page
    assert not re.search(r"url\(|@import|https?:", page)


def test_the_page_tells_the_lines_the_matrix_and_the_notes(page: str) -> None:
    text = re.sub(r"\s+", " ", Seen(page).text)
    for words in ("2020 年度记分卡", "判定截至 2021-01-20", "发布时间 2021-01-20 02:05", "共 6 项：达标 1，未达标 3",
                  "✗ 25.00%", "✓ 75.00%", "0/1", "1/1", "春季 100.00%", "秋季 66.67%"):  # fmt: skip
        assert words in text
    missing = text[text.index("缺数据的单位") : text.index("口径说明")]
    assert "泸溪县" in missing
    assert "任务D" in missing


def test_the_page_escapes_what_it_is_told(page: str) -> None:
    assert "按人数计 &lt;b&gt;不&lt;/b&gt; 按园数计" in page


def test_a_page_without_unit_verdicts_has_no_matrix(verdicts: pa.Table) -> None:
    whole = verdicts.filter(pc.equal(verdicts["level"], "prefecture"))
    assert "分单位" not in scorecard_page(PLAN, whole, figures(), NAMES, RELEASE)
