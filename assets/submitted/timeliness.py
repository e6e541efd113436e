"""Timeliness: by which day a dataset is due, and whether its first version came by then.

Days are those of Shanghai. What is received on the due day is on time, a day later it is late; the hour is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assets.clock import SHANGHAI
from assets.periods import year_of
from expectations.contract import Contract, Expected


@dataclass(frozen=True)
class Timeliness:
    """How a unit kept a due day: `on_time`, `late` by so many days, `overdue` (nothing came) or `not_due` yet."""

    word: str
    days_late: int = 0


def due_date(contract: Contract, period: str) -> date | None:
    """The day by which a period of the dataset is expected, None where the contract names none.

    Of several days it is the last: what is sent again with later events is due by then.
    """
    mine = [one for one in contract.expected if one.period is None or period.endswith(one.period)]
    return max((_due(one, period) for one in mine), default=None)


def timeliness(due: date, first_received: datetime | None, as_of: date) -> Timeliness:
    """Whether the first version kept the due day; where none was received, whether that day had passed as of a day."""
    if first_received is None:
        return Timeliness("overdue" if as_of > due else "not_due")
    days = (first_received.astimezone(SHANGHAI).date() - due).days
    return Timeliness("late", days) if days > 0 else Timeliness("on_time")


def _due(expected: Expected, period: str) -> date:
    if expected.next_month:
        year, month = map(int, period.split("-"))
        return date(year + month // 12, month % 12 + 1, int(expected.due))
    month, day = map(int, expected.due.split("-"))
    return date(year_of(period) + (1 if expected.next_year else 0), month, day)
