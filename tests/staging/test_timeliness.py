"""By which day a period of a dataset is expected, and whether it came by then."""

from datetime import UTC, date, datetime

import pytest

from assets.clock import SHANGHAI
from assets.periods import a_year_before
from assets.submitted.timeliness import Timeliness, due_date, timeliness
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


DUE = date(2020, 9, 20)


@pytest.mark.parametrize(
    ("received", "kept"),
    [
        (datetime(2020, 9, 20, 23, 59, 59, tzinfo=SHANGHAI), Timeliness("on_time")),
        (datetime(2020, 9, 21, 0, 0, tzinfo=SHANGHAI), Timeliness("late", 1)),
        (datetime(2020, 9, 20, 16, 0, tzinfo=UTC), Timeliness("late", 1)),
        (datetime(2021, 9, 20, 8, 0, tzinfo=SHANGHAI), Timeliness("late", 365)),
    ],
)
def test_received_on_the_due_day_of_shanghai_is_on_time_and_a_day_later_is_late(
    received: datetime, kept: Timeliness
) -> None:
    assert timeliness(DUE, received, date(2020, 1, 1)) == kept


@pytest.mark.parametrize(("as_of", "word"), [(date(2020, 9, 20), "not_due"), (date(2020, 9, 21), "overdue")])
def test_what_never_came_is_overdue_from_the_day_after(as_of: date, word: str) -> None:
    assert timeliness(DUE, None, as_of) == Timeliness(word)


@pytest.mark.parametrize(
    ("period", "before"),
    [
        ("2020-2021", "2019-2020"), ("2019-2020-spring", "2018-2019-spring"), ("2020", "2019"), ("2020-03", "2019-03"),
    ],
)  # fmt: skip
def test_the_same_period_of_the_year_before(period: str, before: str) -> None:
    assert a_year_before(period) == before
