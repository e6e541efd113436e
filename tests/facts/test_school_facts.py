"""Pupils, classes, staff and rooms at the grain of their facts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assets.facts.count import counted
from assets.facts.registry import facts_of
from assets.indicators.parameters import Choices
from assets.indicators.sources import open_year
from expectations.size_bands import load_size_bands
from tests.facts.drawn import facts
from tests.indicators.year import DATASETS, YEAR, Year
from warehouse.edition import fit
from warehouse.schema import FACTS, THEMES


def test_every_fact_fills_every_column_of_its_table(year: Year) -> None:
    every = facts_of(())
    assert {fact.table for fact in every} == {table.name for table in FACTS} - {"fact_indicator", "fact_verdict"}
    with open_year(year.inputs(), DATASETS) as rows:
        made = counted(rows, YEAR, every, Choices.of())
    for table in THEMES:
        assert set(made[table.name].column_names) == set(table.columns.keys()) - {"release_id"}
        assert fit(table, made[table.name]).num_rows == 0


def test_pupils_stand_with_their_own_school_and_the_unit_that_lists_it(year: Year) -> None:
    year.put("enrolment", {"school_code": "P", "stage": "小学", "grade": "P1", "pupils": 40, "girls": 19},
             {"school_code": "T", "stage": "小学", "grade": "P1", "pupils": 7, "girls": 7},
             {"school_code": "Q", "stage": "小学", "grade": "P1", "pupils": 30})  # fmt: skip
    assert facts(year, "fact_enrolment", "year", "unit_code", "school_code", "grade", "pupils", "girls") == [
        (2020, "433101", "P", "P1", 40, 19), (2020, "433101", "T", "P1", 7, 7), (2020, "433122", "Q", "P1", 30, None),
    ]  # fmt: skip


def test_a_sum_of_which_a_part_is_unknown_is_unknown(year: Year) -> None:
    for unit in ("433101", "433122"):  # both units send the same key: both rows count
        year.put("enrolment", {"school_code": "P", "stage": "小学", "grade": "P1", "pupils": 20,
                               "girls": 9 if unit == "433101" else None}, unit=unit)  # fmt: skip
    assert facts(year, "fact_enrolment", "unit_code", "pupils", "girls") == [("433101", 40, None)]


@pytest.mark.parametrize(
    ("pupils", "band"),
    [(0, "25人及以下"), (25, "25人及以下"), (26, "26-30人"), (45, "41-45人"), (46, "46-50人"), (55, "51-55人"),
     (56, "56-60人"), (65, "61-65人"), (66, "66人及以上"), (90, "66人及以上"), (None, "未填")],
)  # fmt: skip
def test_both_ends_of_a_band_belong_to_it(year: Year, pupils: int | None, band: str) -> None:
    year.put("class_ledger", {"school_code": "P", "stage": "小学", "grade": "P1", "class_no": "1", "pupils": pupils})
    assert facts(year, "fact_class_size", "size_band", "classes", "pupils") == [(band, 1, pupils)]


def test_bands_leave_no_gap() -> None:
    bands = load_size_bands()
    assert [band.least for band in bands[1:]] == [(band.most or 0) + 1 for band in bands[:-1]]
    assert (bands[0].least, bands[-1].most) == (0, None)


def test_classes_of_a_kind_and_band_stand_together_and_an_empty_kind_is_ordinary(year: Year) -> None:
    told = {"school_code": "P", "stage": "小学", "grade": "P1"}
    year.put("class_ledger", {**told, "class_no": "1", "class_kind": "普通", "pupils": 41, "boys": 20, "girls": 21},
             {**told, "class_no": "2", "pupils": 45, "boys": 25, "girls": 20},
             {**told, "class_no": "3", "class_kind": "复式", "pupils": 45, "boys": 25, "girls": 20})  # fmt: skip
    assert facts(year, "fact_class_size", "class_kind", "size_band", "classes", "pupils", "boys", "girls") == [
        ("复式", "41-45人", 1, 45, 25, 20), ("普通", "41-45人", 2, 86, 45, 41),
    ]  # fmt: skip


def test_staff_have_the_stage_of_the_row_or_of_a_kind_with_one_stage(year: Year) -> None:
    year.put("staff", {"school_code": "P", "staff": 12, "teachers": 10, "seconded": 1},
             {"school_code": "Q", "staff": 20, "teachers": 18},
             {"school_code": "Q", "stage": "初中", "staff": 8, "teachers": 8})  # fmt: skip
    assert facts(year, "fact_staff", "school_code", "stage", "staff", "teachers", "seconded") == [
        ("P", "小学", 12, 10, 1), ("Q", "初中", 8, 8, None), ("Q", "未填", 20, 18, None),
    ]  # fmt: skip


def test_areas_are_exact_and_equipment_is_in_fen(year: Year) -> None:
    year.put("facilities", {"school_code": "P", "teaching_area": Decimal("993.78"), "equipment_value": 4193301,
                            "books": 0})  # fmt: skip
    assert facts(year, "fact_facilities", "teaching_area", "sports_ground_area", "equipment_value", "books") == [
        (Decimal("993.78"), None, 4193301, 0),
    ]  # fmt: skip
