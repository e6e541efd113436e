"""The cases of a plan year: what is judged beside this process is what this one would have judged."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from assets.clock import now_in_shanghai
from assets.guard import StepFailedError
from assets.house import House
from assets.intake.take_in import take_in
from assets.judging.cases import cases_of, judge_datasets
from assets.judging.judgement import Judgement
from assets.judging.judges import FEW, Judges
from pipelines.settings import Settings
from tests.pipelines.handmade import write_csv, write_ledger

UNIT, BUREAU = "433126", "433100"
MONTHS = range(1, 13)
KEY = SecretStr("5a" * 32)  # readings of two homes are the same under the same key


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    """Twelve months of sales, the last of them written badly, and a class ledger."""
    rows = [[UNIT, f"2020-{month:02d}", 1000 * month if month < 12 else "很多"] for month in MONTHS]
    for row in rows:
        folder = tmp_path / "landing" / BUREAU / row[1]
        write_csv(folder / "体育彩票销售.csv", "体育彩票销售", ["县市区代码", "月份", "销售额（元）"], [row])
    write_ledger(tmp_path / "landing" / UNIT / "2020-2021" / "班级台账.xlsx", [])
    return tmp_path / "landing"


def house_at(home: Path, landing: Path) -> House:
    house = Settings(home=home, landing=landing, pseudonym_key=KEY).house()
    take_in(house.intake(), now_in_shanghai())
    return house


def judged(house: House, processes: int) -> list[Judgement]:
    sales = house.contracts["lottery_sales"]
    judgements = judge_datasets(house, [sales], 2020, Judges(processes))["lottery_sales"]
    assert isinstance(judgements, list)
    return judgements


def test_workers_leave_what_one_process_leaves(landing: Path, tmp_path: Path) -> None:
    one, two = (house_at(tmp_path / name, landing) for name in ("one", "two"))
    assert sum(case.is_news for case in cases_of(two, [two.contracts["lottery_sales"]], 2020)) == len(MONTHS) > FEW
    assert judged(one, 1) == judged(two, 2)
    assert [case.is_news for case in cases_of(two, [two.contracts["lottery_sales"]], 2020)] == [False] * len(MONTHS)
    files = [sorted(path for path in house.lake.path("staged").rglob("*.*")) for house in (one, two)]
    assert [p.relative_to(one.lake.root) for p in files[0]] == [p.relative_to(two.lake.root) for p in files[1]]
    assert [p.read_bytes() for p in files[0]] == [p.read_bytes() for p in files[1]]
    assert len(files[0]) == 4 * len(MONTHS)


def test_a_year_that_stands_is_read_back(landing: Path, tmp_path: Path) -> None:
    house = house_at(tmp_path / "home", landing)
    first, again = judged(house, 1), judged(house, 1)
    assert first == again
    assert [judgement.rows_current for judgement in first] == [1] * 11 + [0]


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_names_dataset_and_place_and_spares_the_other_months(
    landing: Path, tmp_path: Path, processes: int
) -> None:
    house = house_at(tmp_path / "home", landing)
    lost = next(r for r in house.ledger.receptions() if "2020-05" in r.periods)
    house.lake.path("raw", "lottery_sales", f"{lost.submission_id}.parquet").unlink()
    fault = judge_datasets(house, [house.contracts["lottery_sales"]], 2020, Judges(processes))["lottery_sales"]
    assert isinstance(fault, StepFailedError)
    assert str(fault).startswith("核查体育彩票销售：FileNotFoundError，位于 ")
    assert "lake.py:" in str(fault)
    judged_months = sorted(path.parent.name for path in house.lake.path("staged").rglob("judgement.json"))
    assert judged_months == [f"2020-{month:02d}" for month in MONTHS if month != 5]
