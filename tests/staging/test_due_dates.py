"""By which day a period of a dataset is expected."""

from datetime import date

import pytest

from assets.matrix import due_date
from expectations.contract import load_contracts

CONTRACTS = load_contracts()


@pytest.mark.parametrize(
    ("dataset", "period", "due"),
    [
        ("nutrition_meals", "2020-03", date(2020, 4, 20)),
        ("nutrition_meals", "2020-12", date(2021, 1, 20)),
        ("lottery_sales", "2020-11", date(2020, 12, 20)),
        ("student_loans", "2020", date(2021, 1, 20)),
        ("exam_sittings", "2020", date(2021, 1, 20)),
        ("admissions", "2020", date(2020, 7, 31)),
        ("term_calendar", "2019-2020-spring", date(2020, 3, 31)),
        ("aid_payments", "2020-2021-autumn", date(2021, 1, 10)),
        ("school", "2020-2021", date(2020, 9, 20)),
    ],
)
def test_a_period_is_due(dataset: str, period: str, due: date) -> None:
    assert due_date(CONTRACTS[dataset], period) == due
