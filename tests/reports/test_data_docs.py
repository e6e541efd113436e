"""Data docs: a page per judgement, offline, with what was found first, made anew only when it changed."""

import re
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from assets.house import House
from assets.reports import data_docs
from assets.reports.data_docs import FOLDER, INDEX, write_data_docs
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
    assert set(data_docs.CHECKS) == set(get_args(Check))
