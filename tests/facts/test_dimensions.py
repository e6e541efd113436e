"""Dimensions that are made of what the project holds itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.house import House
from assets.releases.dimensions import dimensions
from expectations.regions import Township
from warehouse.edition import fit
from warehouse.schema import metadata
from warehouse.words import UNTOLD


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    home: Path = tmp_path_factory.mktemp("home")
    made = dimensions(House(home=home, landing=home / "landing", warehouse_url=""))
    return {name: fit(metadata.tables[name], rows).to_pylist() for name, rows in made.items()}


def test_every_level_names_those_above_it(told: dict[str, list[dict[str, Any]]]) -> None:
    regions = {row["region_code"]: row for row in told["dim_region"]}
    assert len(regions) == 1 + 10 + 116
    for row in regions.values():
        above = regions.get(row["parent_code"])
        assert (above is None) == (row["level"] == "prefecture")
        assert row["prefecture_code"] == "433100"
        assert row["county_code"] == {"prefecture": None, "county": row["region_code"]}.get(
            row["level"], row["parent_code"]
        )


def test_units_lie_in_a_county_and_the_bureau_is_one_of_those_who_report(told: dict[str, list[dict[str, Any]]]) -> None:
    units = {row["unit_code"]: row for row in told["dim_unit"]}
    assert len(units) == 11
    assert (units["433170"]["county_code"], units["433122"]["county_code"]) == ("433101", "433122")
    assert [code for code, row in units.items() if row["is_bureau"]] == ["433100"]


def test_a_year_tells_its_terms_and_the_school_year_that_begins_in_it(told: dict[str, list[dict[str, Any]]]) -> None:
    (year,) = (row for row in told["dim_year"] if row["year"] == 2020)
    assert (year["school_year"], year["spring_term"], year["autumn_term"]) == (
        "2020-2021", "2019-2020-spring", "2020-2021-autumn",
    )  # fmt: skip
    assert (year["school_year_starts_on"], year["school_year_ends_on"]) == (date(2020, 9, 1), date(2021, 8, 31))
    assert year["has_plan"] is True


def test_codes_have_names_once_and_in_their_order(told: dict[str, list[dict[str, Any]]]) -> None:
    codes = {(row["list_name"], row["code"]): row for row in told["dim_code"]}
    assert len(codes) == len(told["dim_code"]) > 200
    assert codes["enrolment.grade", "P1"]["name_zh"] == "一年级"
    assert codes["venues.kind", "1"]["position"] == 1
    assert codes["dataset", "class_ledger"]["name_zh"] == "班级台账"
    assert not any(row["code"] == UNTOLD for row in told["dim_code"])


def test_indicators_name_the_datasets_that_they_are_made_of(told: dict[str, list[dict[str, Any]]]) -> None:
    made_of = {row["indicator_id"]: row["datasets"] for row in told["dim_indicator"]}
    assert made_of["aid_on_time_spring"] == "aid_payments,term_calendar"
    assert all(made_of.values())


def test_a_township_that_was_merged_tells_its_last_day_and_where_it_went() -> None:
    row = {"code": "433199201", "name": "甲乡", "county_code": "433199", "kind": "乡", "valid_from": "",
           "valid_to": "2015-12-31", "successor_code": "433199101"}  # fmt: skip
    made = Township.of(row)
    assert (made.valid_from, made.valid_to, made.successor_code) == (None, date(2015, 12, 31), "433199101")
