"""The facts of a year in the lake: counted once, read back, counted again when they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from assets.facts.star import LAYER, count_facts, star_facts
from assets.house import House
from warehouse.edition import fit
from warehouse.schema import THEMES, metadata


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(home=tmp_path, landing=tmp_path / "landing", warehouse_url="")


def test_a_year_that_was_never_counted_is_counted_when_it_is_asked_for(house: House) -> None:
    facts = star_facts(house, [2019, 2020])
    assert facts.keys() == {table.name for table in THEMES}
    assert all(fit(metadata.tables[name], rows).num_rows == 0 for name, rows in facts.items())


def test_facts_stand_while_nothing_changed_and_are_counted_again_for_other_code_or_rows(house: House) -> None:
    assert set(count_facts(house, 2020).values()) == {0}
    told = house.lake.path(LAYER, "2020", "made_of")
    before = told.stat().st_mtime_ns
    count_facts(house, 2020)
    assert told.stat().st_mtime_ns == before
    told.write_text("made of something else", "utf-8")
    count_facts(house, 2020)
    assert told.read_text("utf-8") != "made of something else"
