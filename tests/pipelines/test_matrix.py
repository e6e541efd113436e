"""The matrix and the record of units: first versions, errors made again, due days, who is excused."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest

from assets.clock import SHANGHAI
from assets.house import House
from assets.intake.take_in import take_in
from assets.judging.cases import judge_datasets
from assets.judging.judges import Judges
from assets.submitted.matrix import Place, matrix_of_year
from assets.submitted.unit_record import unit_records
from pipelines.settings import Settings
from tests.pipelines.handmade import (
    KINDERGARTEN,
    OTHER,
    PRIMARY,
    SCHOOL_HEADER,
    UNIT,
    classes,
    school,
    schools,
    write_csv,
    write_ledger,
    write_xlsx,
)
from tests.pipelines.homes import Home, xiangxi

pytestmark = pytest.mark.xdist_group("two")
BAD = "四十"
Deliver = Callable[..., House]


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    """Put files into a landing folder of nothing, and take in and judge what lies there as of a day."""
    house = Settings(home=tmp_path / "home", landing=tmp_path / "landing").house()

    def delivered(day: datetime, years: Sequence[int] = (2020,)) -> House:
        take_in(house.intake(), day, house.progress)
        names = ("school", "class_ledger", "disabled_children", "admissions")
        for year in years:
            judged = judge_datasets(house, [house.contracts[name] for name in names], year, Judges(1))
            assert [one for one in judged.values() if isinstance(one, Exception)] == []
        return house

    return delivered


def day(*parts: int) -> datetime:
    return datetime(*parts, 12, tzinfo=SHANGHAI)


def place(house: House, dataset: str, unit: str = UNIT, year: int = 2020, as_of: date = date(2021, 1, 31)) -> Place:
    (found,) = [p for p in matrix_of_year(house, year, as_of) if (p.dataset, p.unit_code) == (dataset, unit)]
    return found


def a_class(code: str, pupils: object, year: str = "2020-2021") -> list[object]:
    stage = ["幼儿园", "小班"] if code == KINDERGARTEN else ["小学", "一年级"]
    return [code, year, *stage, "9", "普通", pupils]


def ledger(root: Path, name: str, *rows: list[object]) -> None:
    write_ledger(root / "landing" / UNIT / f"{name}班级台账.xlsx", rows)


def test_a_unit_keeps_its_day_by_its_first_version_and_passes_by_it(deliver: Deliver, tmp_path: Path) -> None:
    ledger(tmp_path, "一", *classes(), a_class(PRIMARY, BAD))
    write_xlsx(tmp_path / "landing" / UNIT / "学校名录.xlsx", "2020-2021学年学校名录", SCHOOL_HEADER, schools())
    house = deliver(day(2020, 9, 20))
    ledger(tmp_path, "二", a_class(PRIMARY, 40))
    write_xlsx(tmp_path / "landing" / UNIT / "新学校名录.xlsx", "2020-2021学年学校名录", SCHOOL_HEADER, schools()[:2])
    deliver(day(2020, 9, 25))
    mended, listed, never = (place(house, name) for name in ("class_ledger", "school", "disabled_children"))
    assert mended.timeliness and listed.timeliness and never.timeliness
    assert [p.timeliness.word for p in (mended, listed, never) if p.timeliness] == ["on_time", "on_time", "overdue"]
    assert (mended.is_first_pass, listed.is_first_pass, never.is_first_pass) == (False, True, None)
    assert (mended.first_received_at, mended.received_at) == (day(2020, 9, 20), day(2020, 9, 25))
    assert place(house, "disabled_children", as_of=date(2020, 9, 20)).timeliness.word == "not_due"  # type: ignore[union-attr]
    assert place(house, "class_ledger", OTHER).state == "missing"


def test_without_a_day_what_never_came_is_held_against_today(deliver: Deliver) -> None:
    house = deliver(day(2020, 9, 20), ())
    kept = {p.dataset: p.timeliness for p in matrix_of_year(house, 2020) if p.is_expected}
    assert {one.word for one in kept.values() if one} == {"overdue"}  # some were due in January of 2021 only
    assert len(kept) > 20


def test_an_error_made_again_is_told_by_school_and_over_the_years(deliver: Deliver, tmp_path: Path) -> None:
    ledger(tmp_path, "一", a_class(PRIMARY, BAD))
    house = deliver(day(2020, 9, 21))
    ledger(tmp_path, "二", a_class(KINDERGARTEN, BAD))
    deliver(day(2020, 9, 22))
    assert place(house, "class_ledger").repeated_rules == ()
    assert place(house, "class_ledger").timeliness.days_late == 1  # type: ignore[union-attr]
    ledger(tmp_path, "三", a_class(PRIMARY, "五十"))
    deliver(day(2020, 9, 23))
    assert place(house, "class_ledger").repeated_rules == ("class_ledger.pupils.typed",)
    ledger(tmp_path, "次年", a_class(KINDERGARTEN, BAD, "2021-2022"))
    deliver(day(2021, 9, 1), (2020, 2021))
    assert place(house, "class_ledger", year=2021).repeated_rules == ("class_ledger.pupils.typed",)


def test_the_bureau_excuses_the_units_for_which_it_speaks(deliver: Deliver, tmp_path: Path) -> None:
    header = [
        "县市",
        "年度",
        "高中学校标识码",
        "初中学校标识码",
        "是否优质普通高中",
        "初中毕业生数",
        "指标数",
        "录取人数",
    ]
    rows = [["古丈县", 2020, school("34"), PRIMARY, "是", 100, 50, 50]]
    write_csv(tmp_path / "landing" / "433100" / "指标到校.csv", "2020年普通高中指标到校", header, rows)
    house = deliver(day(2020, 7, 1))
    ours, theirs = place(house, "admissions"), place(house, "admissions", OTHER)
    assert [(p.state, p.is_expected) for p in (ours, theirs)] == [("missing", False), ("missing", True)]
    assert ours.timeliness is None
    assert place(house, "competitions").is_expected is False


def test_a_unit_is_counted_off_its_places(two_counties: Home) -> None:
    told = json.loads(xiangxi("status", "--home", two_counties.home, "--year", "2020", "--format", "json").stdout)
    (record,) = [one for one in told["units"] if one["unit_code"] == UNIT]
    mine = [one for one in told["places"] if one["unit"] == UNIT]
    house = two_counties.settings.house()
    (counted,) = [r for r in unit_records(matrix_of_year(house, 2020)) if r.unit_code == UNIT]
    assert record["expected_count"] == counted.expected_count == sum(one["expected"] for one in mine)
    kept = [one["timeliness"] for one in mine]
    assert (record["late_count"], record["overdue_count"]) == (kept.count("late"), kept.count("overdue"))
    assert record["received_count"] == record["late_count"] == 6
    assert (record["first_pass_count"], record["first_pass_share"], record["on_time_share"]) == (6, 1.0, 0.0)
