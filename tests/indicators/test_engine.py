"""Laws of the engine: one row per figure, exact sums, no order, no bare division; and the catalogue is whole."""

import random
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Integer, column

from assets.indicators.catalogue import Tables
from assets.indicators.engine import FIGURES, define, figures
from assets.indicators.formulas import Distinct, Largest
from assets.indicators.parameters import Choices, load_parameters
from assets.indicators.passes import statements
from assets.indicators.registry import CATALOGUE, THEMES, indicators_of
from assets.indicators.sources import YearTables, open_year
from assets.indicators.sql import ratio, sql_text
from expectations.plan import load_plans
from tests.indicators.year import DATASETS, UNITS, Figures, Year

PLAN = load_plans()[2020]


@pytest.fixture
def drawn(year: Year) -> Year:
    """A dozen rows of everything, at random but the same each time."""
    chance = random.Random(7)
    year.commitments, year.choices = PLAN.commitments, PLAN.parameters
    for n in range(14):
        unit = chance.choice(UNITS)
        kind = chance.choice(["111", "211", "311", "365", "218"])
        flag = chance.choice([True, False, None])
        year.put("school", {"school_code": f"s{n}", "kind": kind, "sponsor": chance.choice(["831", "999"]),
                            "inclusive_private": flag, "places": n * 10}, unit=unit)  # fmt: skip
        for stage, grade in (("幼儿园", "K1"), ("小学", "P1"), ("初中", "J1"), ("普通高中", "S1")):
            year.put("class_ledger", {"school_code": f"s{n}", "stage": stage, "grade": grade, "class_no": "1",
                                      "pupils": chance.randint(30, 80)}, unit=unit)  # fmt: skip
        parts = ("to_vocational", "to_technical", "to_five_year", "to_general_high", "to_higher", "employed_directly",
                 "self_employed", "enlisted", "other_employed", "employed_matched")  # fmt: skip
        year.put("graduate_destinations", {"school_code": f"s{n}", "graduates": 100,
                                           **{part: chance.randint(1, 9) for part in parts}}, unit=unit)  # fmt: skip
    return year


def test_one_row_per_figure_and_all_regions(drawn: Year) -> None:
    table = drawn.table()
    assert table.schema == FIGURES
    rows = table.to_pylist()
    keys = [(row["indicator_id"], row["level"], row["region_code"]) for row in rows]
    assert keys == sorted(set(keys))
    found = Figures(rows)
    for item in indicators_of(PLAN.commitments):
        assert (item.id, "433100") in found.rows
        units = found.regions(item.id, "county")
        assert units in ({*UNITS}, set()), item.id
        assert units or "county" not in item.grains or item.theme == "measures", item.id


def test_sums_of_schools_are_units_and_sums_of_units_the_prefecture(drawn: Year) -> None:
    ids = [item.id for item in CATALOGUE if item.grains[0] == "school" and "largest" not in item.id]
    found = drawn.figures(*ids)
    assert len(ids) >= 15
    for name in ids:
        levels = [[row for (i, _), row in found.rows.items() if i == name and row["level"] == level]
                  for level in ("school", "county", "prefecture")]  # fmt: skip
        for side in ("numerator", "denominator", "unknown_count"):
            assert len({sum(row[side] or 0 for row in rows) for rows in levels}) == 1, (name, side)


def test_neither_order_nor_number_of_files_matters(drawn: Year) -> None:
    first = drawn.table()
    for rows in drawn.rows.values():
        random.Random(3).shuffle(rows)
    assert drawn.table(files=3).equals(first)


def test_a_table_that_is_known_to_be_empty_tells_what_it_tells_when_it_is_asked(
    drawn: Year, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = drawn.table()
    monkeypatch.setattr(YearTables, "is_empty", lambda *_: False)
    assert drawn.table().equals(told)


def test_an_older_file_that_lacks_a_column_has_it_empty(year: Year) -> None:
    name = "public_kindergarten_places"
    year.put("school", {"school_code": "a", "kind": "111", "sponsor": "831", "places": 90})
    inputs = year.inputs()
    path = inputs.staged["school"][0]
    pq.write_table(pq.read_table(path).drop_columns(["places", "inclusive_private"]), path)
    wanted = [item for item in CATALOGUE if item.id == name]
    row = Figures(figures(inputs, DATASETS, wanted, Choices.of()).to_pylist()).row(name)
    assert (row["numerator"], row["unknown_count"]) == (None, 1)


def test_a_folder_may_be_named_like_a_pattern(year: Year) -> None:
    year.folder = year.folder / "[2020] 州*?"
    year.folder.mkdir()
    year.put("class_ledger", {"school_code": "a", "stage": "小学", "grade": "P1", "class_no": "1", "pupils": 45})
    assert year.figures("primary_entry_largest_class").of("primary_entry_largest_class") == (45, None)


def test_sums_are_exact_beyond_the_digits_of_a_double(year: Year) -> None:
    name = "public_kindergarten_places"
    for code, places in (("a", 2**53), ("b", 1), ("c", 1)):
        year.put("school", {"school_code": code, "kind": "111", "sponsor": "831", "places": places})
    assert year.figures(name).of(name) == (2**53 + 2, None)


def test_no_bare_division_and_every_value_written_in(drawn: Year) -> None:
    inputs = drawn.inputs()
    with open_year(inputs, DATASETS) as tables:
        defined = define(tables, inputs, DATASETS, indicators_of(PLAN.commitments), Choices.of(PLAN.parameters))
        texts = statements(defined)
    assert len(texts) >= 10
    for name, text in texts.items():
        assert not re.search(r" / (?!nullif\(CAST)", text), name
        assert "%%" not in text
    together = "\n".join(texts.values())
    assert all(d.indicator.id in together or isinstance(d.formula, Distinct) for d in defined)
    assert "POSTCOMPILE" not in together
    assert " / " in sql_text(column("a", Integer) / column("b", Integer))
    once = "CAST(a AS DOUBLE PRECISION) / nullif(CAST(b AS DOUBLE PRECISION), 0)"
    assert sql_text(ratio(column("a", Integer), column("b", Integer))) == once


def test_the_largest_have_no_denominator(drawn: Year) -> None:
    inputs = drawn.inputs()
    with open_year(inputs, DATASETS) as tables:
        defined = define(tables, inputs, DATASETS, CATALOGUE, Choices.of())
    names = [d.indicator.id for d in defined if isinstance(d.formula, Largest)]
    assert names == ["primary_entry_largest_class", "junior_entry_largest_class"]


def test_every_indicator_of_the_plan_is_defined() -> None:
    ids = {item.id for item in indicators_of(PLAN.commitments)}
    asked = {name for commitment in PLAN.commitments for name in commitment.indicator}
    assert asked <= ids
    assert {item.worst for item in PLAN.commitments if item.worst} <= ids


def test_every_indicator_tells_all_of_itself() -> None:
    for item in indicators_of(PLAN.commitments):
        told = (
            item.name_zh,
            item.name_en,
            item.unit,
            item.counted,
            item.definition_zh,
            item.definition_en,
            item.source,
        )
        assert all(told), item.id
        assert item.theme in THEMES
        assert {need.dataset for need in item.needs} <= DATASETS.keys()
        assert re.search(r"[一-鿿]", item.definition_zh)
        assert not re.search(r"[一-鿿]", item.definition_en.replace("分", "")), item.id
    names = [item.name_zh for item in indicators_of(PLAN.commitments)]
    assert len(names) == len(set(names))


def test_every_parameter_is_used_by_some_indicator(drawn: Year) -> None:
    inputs = drawn.inputs()
    used: set[str] = set()
    with open_year(inputs, DATASETS) as tables:
        for item in CATALOGUE:
            given = Tables(tables.tables, inputs.year, Choices.of())
            item.define(given)
            used |= given.used
    assert used == set(load_parameters())


def test_every_figure_needs_the_tables_it_is_made_from(drawn: Year) -> None:
    inputs = drawn.inputs()
    with open_year(inputs, DATASETS) as tables:
        for d in define(tables, inputs, DATASETS, indicators_of(PLAN.commitments), Choices.of()):
            text = "".join(statements([d]).values())
            while shared := set(re.findall(r"FROM (shared_\d+)", text)) - set(re.findall(r"MADE (shared_\d+)", text)):
                text += "".join(f"MADE {name} {tables.kept[name]}" for name in shared)
            # A dataset is read by its columns, or named where the standing of what was sent is read.
            read = {name for name in DATASETS if re.search(rf"\b{name}\.|dataset = '{name}'", text)}
            read |= {"school"} if re.search(r"\.school_(kind|sponsor|inclusive)", text) else set()
            read |= {"term_calendar"} if "term_starts_on" in text else set()
            assert read == {need.dataset for need in d.indicator.needs}, d.indicator.id


def test_nothing_at_all_gives_rows_without_data(year: Year) -> None:
    table = year.table()
    ratios = table.filter(pa.compute.is_valid(table["denominator"]))
    assert ratios.num_rows > 200
    assert {row["numerator"] for row in ratios.to_pylist() if row["denominator"] == 0} == {None}
