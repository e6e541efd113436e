"""Who is named as current, stale or missing: whom a contract expects to send, and who sent unasked."""

from pathlib import Path

import pytest

from assets.intake.ledger import Delivered
from assets.submitted.standing import standing_of_year
from tests.staging.desk import CONTRACTS, REGIONS, Desk
from warehouse.lake import Lake


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def standing(root: Path, dataset: str, desk: Desk | None = None) -> dict[str, str]:
    received = tuple(desk.receptions) if desk else ()
    delivered = Delivered(received, frozenset(reception.submission_id for reception in received))
    table = standing_of_year(Lake(root / "lake"), {dataset: CONTRACTS[dataset]}, delivered, REGIONS, 2020)
    return {row["unit_code"]: row["standing"] for row in table.to_pylist()}


def test_who_sends_unasked_stands_beside_them(tmp_path: Path, desk: Desk) -> None:
    rows = [["县市", "年度", "品牌项目", "起始年份"], ["湘西经开区", "2020", "龙舟", "2018"]]
    desk.arrives("433171/2020/一县一品.csv", *rows)
    assert len(desk.judged("signature_sports", "2020").rows) == 1
    expected = dict.fromkeys(REGIONS.county_codes, "missing")
    assert standing(tmp_path, "signature_sports", desk) == expected | {"433171": "current"}


def test_the_bureau_speaks_for_those_whom_nobody_asks(tmp_path: Path, desk: Desk) -> None:
    rows = [["县市", "年龄", "常住人口"], ["古丈县", "3", "24"]]
    desk.arrives("433100/2020年学龄人口.csv", *rows)
    desk.judged("population", "2020")
    assert standing(tmp_path, "population", desk) == {"433126": "current", "433100": "current"}


@pytest.mark.parametrize("dataset", ["student_loans", "loan_officers", "trainees", "signature_sports"])
def test_whom_nobody_asks_is_not_missed(tmp_path: Path, dataset: str) -> None:
    assert standing(tmp_path, dataset) == dict.fromkeys(REGIONS.county_codes, "missing")


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        ("class_ledger", REGIONS.unit_codes),
        ("admissions", (*REGIONS.county_codes, "433100")),
        ("venues", (*REGIONS.unit_codes, "433100")),
        ("population", ("433100",)),
    ],
)
def test_whoever_is_asked_and_sends_nothing_is_missed(tmp_path: Path, dataset: str, expected: tuple[str, ...]) -> None:
    assert standing(tmp_path, dataset) == dict.fromkeys(expected, "missing")
