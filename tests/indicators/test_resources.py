"""What schools have for each pupil: who is merged, who is split among stages, who is left out, what a blank is."""

from decimal import Decimal

import pytest

from assets.indicators.registry import CATALOGUE
from tests.indicators.campus import enrol, equip, found, teach
from tests.indicators.year import Year

AREA, SPORTS = "teaching_area_per_pupil", "sports_area_per_pupil"
ROOMS, EQUIPMENT = "multimedia_rooms_per_100", "equipment_per_pupil"
TEACHERS = {"qualified_teachers_per_100": "qualified_above", "key_teachers_per_100": "key_teachers",
            "arts_pe_teachers_per_100": "arts_pe_teachers"}  # fmt: skip


@pytest.mark.parametrize(("name", "column"), TEACHERS.items())
def test_teachers_of_a_stage_per_hundred_of_its_pupils(year: Year, name: str, column: str) -> None:
    found(year, "a", "312")
    found(year, "b")
    found(year, "blank")
    found(year, "without")
    enrol(year, "a", 小学=200, 初中=100)
    for code in ("b", "blank", "without"):
        enrol(year, code, 小学=300)
    teach(year, "a", "小学", **{column: 9})
    teach(year, "a", "初中", **{column: 7})
    teach(year, "b", None, **{column: 11})
    teach(year, "blank", "小学", **{column: None})
    figures = year.figures(f"{name}_primary", f"{name}_junior")
    assert figures.of(f"{name}_primary") == (2000, 500)
    assert figures.row(f"{name}_primary")["value"] == 4.0
    assert figures.row(f"{name}_primary")["unknown_count"] == 2
    assert (figures.of(f"{name}_primary", "a"), figures.of(f"{name}_primary", "b")) == ((900, 200), (1100, 300))
    assert figures.of(f"{name}_junior") == (700, 100)
    assert figures.of(f"{name}_junior", "433122") == (None, 0)


def test_the_rooms_of_a_school_of_nine_years_are_split_by_weighted_pupils(year: Year) -> None:
    found(year, "a", "312")
    enrol(year, "a", 小学=200, 初中=100)
    equip(year, "a", teaching_area="3500.00", indoor_sports_area="400.00", sports_ground_area="5800.00",
          equipment_value=31_000_000, multimedia_rooms=31, books=3100, computers=62)  # fmt: skip
    names = {AREA: 3100, SPORTS: 6200, EQUIPMENT: 310_000, ROOMS: 3100, "books_per_pupil": 3100,
             "computers_per_100": 6200}  # fmt: skip
    figures = year.figures(*(f"{name}_{stage}" for name in names for stage in ("primary", "junior")))
    for name, whole in names.items():
        assert figures.of(f"{name}_primary") == (whole * 20 // 31, 200), name
        assert figures.of(f"{name}_junior") == (whole * 11 // 31, 100), name


@pytest.mark.parametrize(
    ("kind", "stages", "parts"),
    [("312", ("小学", "初中"), (100, 110)), ("341", ("初中", "普通高中"), (110, 132)),
     ("345", ("小学", "初中", "普通高中"), (100, 110, 132)), ("211", ("小学",), (1,)), ("365", ("中职",), (1,))],
)  # fmt: skip
def test_kinds_of_schools_by_the_factors_of_the_standard(
    year: Year, kind: str, stages: tuple[str, ...], parts: tuple[int, ...]
) -> None:
    words = {"小学": "primary", "初中": "junior", "普通高中": "senior", "中职": "vocational"}
    found(year, "a", kind)
    enrol(year, "a", 幼儿园=500, 特教=5, **dict.fromkeys(stages, 300))
    equip(year, "a", teaching_area=Decimal(sum(parts)))
    figures = year.figures(*(f"{AREA}_{word}" for word in words.values()))
    for stage, word in words.items():
        expected = (dict(zip(stages, parts, strict=True))[stage], 300) if stage in stages else (None, 0)
        assert figures.of(f"{AREA}_{word}") == expected


def test_a_part_has_four_decimals_half_up_on_both_sides(year: Year) -> None:
    found(year, "a", "312")
    enrol(year, "a", 小学=11, 初中=70)
    equip(year, "a", teaching_area="0.01", sports_ground_area="0.03", indoor_sports_area="0.00")
    figures = year.figures(f"{AREA}_primary", f"{AREA}_junior", f"{SPORTS}_primary")
    assert figures.of(f"{AREA}_primary") == (Decimal("0.0013"), 11)
    assert figures.of(f"{AREA}_junior") == (Decimal("0.0088"), 70)
    assert figures.of(f"{SPORTS}_primary") == (Decimal("0.0038"), 11)


def test_sports_rooms_beyond_the_teaching_area_count_as_they_are_told(year: Year) -> None:
    found(year, "a", "312")
    enrol(year, "a", 小学=11, 初中=70)
    equip(year, "a", teaching_area="0.00", indoor_sports_area="0.01", sports_ground_area="0.00")
    figures = year.figures(f"{AREA}_primary")
    assert figures.of(f"{AREA}_primary") == (Decimal("-0.0013"), 11)


def test_schools_that_do_not_count_merge_before_anything_is_divided(year: Year) -> None:
    name = f"{AREA}_primary"
    found(year, "central")
    found(year, "point", "218", parent_school_code="central")
    found(year, "nursery", "119", parent_school_code="central")
    enrol(year, "central", 小学=300)
    enrol(year, "point", 小学=20)
    enrol(year, "nursery", 幼儿园=60)
    equip(year, "central", teaching_area="1500.00")
    equip(year, "point", teaching_area="100.00")
    figures = year.figures(name)
    assert figures.of(name, "central") == (1600, 320)
    assert figures.regions(name, "school") == {"central"}


def test_small_teaching_points_vocational_and_special_schools_are_not_compared(year: Year) -> None:
    compared, library = f"{AREA}_primary", "books_per_pupil_primary"
    for code, kind, pupils in (("p49", "218", 49), ("p50", "218", 50), ("v", "365", 7), ("s", "514", 7),
                               ("small", "211", 9), ("town", "345", 100)):  # fmt: skip
        found(year, code, kind, counted=True)
        enrol(year, code, 小学=pupils)
        equip(year, code, teaching_area="100.00", books=100)
    enrol(year, "nobody", 小学=5)
    equip(year, "nobody", teaching_area="100.00", books=100)
    figures = year.figures(compared, library)
    assert figures.regions(compared, "school") == {"p50", "small", "town", "nobody"}
    assert figures.of(compared) == (300, 159)
    assert figures.row(compared)["unknown_count"] == 1
    assert figures.of(library) == (700, 227)
    year.choices = {"small_school_pupils": 51}
    row = year.figures(compared).row(compared)
    assert (row["denominator"], row["parameters"]) == (109, "small_school_pupils=51")


def test_a_blank_is_unknown_and_money_is_in_yuan(year: Year) -> None:
    name = f"{EQUIPMENT}_vocational"
    found(year, "a", "365")
    found(year, "b", "361")
    enrol(year, "a", 中职=1000)
    enrol(year, "b", 中职=10)
    equip(year, "a", equipment_value=750_000_001)
    equip(year, "b", equipment_value=None)
    row = year.figures(name).row(name)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (Decimal("7500000.01"), 1000, 1)
    assert row["value"] == pytest.approx(7500.00001)


def test_a_stage_without_pupils_has_no_row_and_takes_no_part(year: Year) -> None:
    found(year, "a", "312")
    enrol(year, "a", 小学=0, 初中=100)
    equip(year, "a", teaching_area="580.00")
    figures = year.figures(f"{AREA}_primary", f"{AREA}_junior")
    assert figures.of(f"{AREA}_primary") == (None, 0)
    assert figures.row(f"{AREA}_primary")["unknown_count"] == 0
    assert figures.of(f"{AREA}_junior") == (580, 100)


def test_multimedia_rooms_of_all_schools(year: Year) -> None:
    name = "multimedia_rooms"
    for code, kind in (("k", "111"), ("p", "218"), ("v", "365"), ("blank", "211")):
        found(year, code, kind)
        equip(year, code, multimedia_rooms=None if code == "blank" else 3)
    row = year.figures(name).row(name)
    assert (row["numerator"], row["denominator"], row["unknown_count"]) == (9, None, 1)
    assert year.figures(name).of(name, "433122") == (0, None)
    assert not year.figures(name).regions(name, "school")


def test_a_unit_without_facilities_leaves_both_sides_and_keeps_its_teachers(year: Year) -> None:
    for unit in ("433101", "433122"):
        found(year, unit, unit=unit)
        enrol(year, unit, unit, 小学=100)
        equip(year, unit, unit, teaching_area="500.00")
        teach(year, unit, "小学", unit, qualified_above=5)
    year.stands("facilities", "433122", "missing")
    figures = year.figures(f"{AREA}_primary", "qualified_teachers_per_100_primary")
    row = figures.row(f"{AREA}_primary")
    assert (row["numerator"], row["denominator"], row["missing_units"]) == (500, 100, "433122")
    assert figures.of("qualified_teachers_per_100_primary") == (1000, 200)


def test_the_figures_there_are() -> None:
    compared = {*TEACHERS, AREA, SPORTS, EQUIPMENT, ROOMS}
    expected = {f"{name}_{stage}" for name in compared for stage in ("primary", "junior")}
    expected |= {f"{name}_{stage}" for name in (AREA, EQUIPMENT) for stage in ("senior", "vocational")}
    expected |= {f"{name}_{stage}" for name in ("books_per_pupil", "computers_per_100")
                 for stage in ("primary", "junior", "senior")} | {"multimedia_rooms"}  # fmt: skip
    balance = {f"{name}_{stage}_cv" for name in compared for stage in ("primary", "junior")}
    balance |= {
        f"{name}_{stage}" for name in ("quality_schools", "balanced_counties") for stage in ("primary", "junior")
    }
    assert {item.id for item in CATALOGUE if item.theme == "resources"} == expected | balance
