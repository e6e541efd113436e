"""Data docs: a page per judgement, offline, with what was found first, made anew only when it changed."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from assets.comparisons.compare import compare_family
from assets.house import House
from assets.reports.data_docs import FOLDER, INDEX, write_data_docs
from assets.reports.data_docs_compared import PLACES
from assets.reports.data_docs_shown import CHECKS
from expectations.comparison import PLACE, load_comparisons
from expectations.contract import Contract
from expectations.rule import Check
from pipelines.settings import Settings
from tests.staging.desk import CONTRACTS, Desk, listing

HEAD = ["学校标识码", "学段", "年级", "班号", "班额", "男生", "女生"]
ODD = 2


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A home in which a class ledger was judged: one sum in it is wrong."""
    (tmp_path / "home").mkdir()
    desk = Desk(tmp_path / "home", {"433126": listing("2143912601")})
    rows = [["2143912601", "小学", "P1", n, 40, 20, 20 + (n == ODD)] for n in (1, ODD, 3, 4, 5, 6)]
    desk.arrives("433126/2020-2021/班级台账.csv", HEAD, *rows)
    desk.judged("class_ledger", "2020-2021")
    return Settings(home=tmp_path / "home").house()


def page(house: House, name: str = "class_ledger-2020-2021.html") -> str:
    return (house.reports / FOLDER / name).read_text("utf-8")


def test_a_page_tells_every_rule_and_what_was_found_first(house: House) -> None:
    assert write_data_docs(house) == (2, 2)
    text = page(house)
    rules = re.findall(r'<tr id="([^"]+)">', text)
    assert rules[0] == "class_ledger.sum_of_sexes" and len(rules) == len(set(rules)) > 25
    assert "不等于班额" in text and "必须修改" in text and "!" in text[text.index("sum_of_sexes") :]
    assert "没有可核查的行" in text


def test_pages_need_no_network_and_hold_no_script(house: House) -> None:
    write_data_docs(house)
    for path in (house.reports / FOLDER).iterdir():
        text = path.read_text("utf-8")
        assert not re.findall(r"https?://|src=|<script|@import|url\(", text), path.name
        assert "default-src 'none'" in text
        assert len(text.encode()) < 200_000


def test_an_index_leads_to_every_page(house: House) -> None:
    write_data_docs(house)
    links = set(re.findall(r'href="([^"#]+\.html)"', page(house, INDEX)))
    assert links == {path.name for path in (house.reports / FOLDER).iterdir()} - {INDEX}


def test_only_what_changed_is_written_and_what_is_gone_goes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    write_data_docs(house)
    (house.reports / FOLDER / "venues-2020.html").write_text("old", "utf-8")
    assert write_data_docs(house) == (2, 1)  # the index
    assert not (house.reports / FOLDER / "venues-2020.html").exists()
    changed: Contract = replace(CONTRACTS["class_ledger"], fingerprint_text="another")
    monkeypatch.setitem(house.contracts, "class_ledger", changed)  # type: ignore[arg-type]
    assert write_data_docs(house) == (2, 2)


def test_every_check_of_a_rule_has_a_chinese_word() -> None:
    assert set(CHECKS) == set(get_args(Check))


def test_every_column_of_a_place_has_a_chinese_word() -> None:
    assert PLACES.keys() == PLACE.keys()


def test_a_comparison_has_a_page_for_each_year_that_tells_who_is_asked(house: House) -> None:
    desk = Desk(house.home, {"433126": listing("2143912601")})
    head = ["学校标识码", "学段", "年级", "学生数"]
    desk.arrives("433126/2020-2021/在校生统计.csv", head, ["2143912601", "小学", "P1", 300])
    desk.judged("enrolment", "2020-2021")
    desk.arrives("433126/2020-2021/班级台账.csv", HEAD, ["2143912601", "小学", "P1", 1, 40, 20, 20])
    desk.judged("class_ledger", "2020-2021")
    compare_family(house, 2020, "between_forms")
    made = [name for name, one in load_comparisons().items() if one.family == "between_forms"]
    assert write_data_docs(house)[0] == 3 + len(made)
    names = [f"compared-{name}-2020.html" for name in made]
    index = page(house, INDEX)
    assert all(f'href="{name}"' in index for name in names)
    text = page(house, "compared-pupils_by_class-2020.html")
    assert "本年度在校生统计、班级台账。由报送在校生统计的单位答复。" in text
    assert re.findall(r'<tr id="([^"]+)">', text)[0] == "pupils_by_class.pupils"
    assert '<tr><td>古丈县</td><td class="n">0</td><td class="n must_explain">1</td></tr>' in text
    assert write_data_docs(house) == (3 + len(made), 1)
