"""Days held against the calendar year of the figures. An empty day, or a date that is no day, proves nothing.

Months that a term's start adds up to are in `aid.py`; deadlines of the plan are judged in the scorecard.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_

from assets.indicators.catalogue import Tables
from assets.indicators.formulas import Condition


def last_day(c: Tables) -> date:
    """31 December of the year."""
    return date(c.year, 12, 31)


def in_year(c: Tables, day: ColumnElement[Any]) -> Condition:
    """Whether the day lies in the calendar year; never unknown."""
    return and_(day.is_not(None), day.between(date(c.year, 1, 1), last_day(c)))


def by_year_end(c: Tables, day: ColumnElement[Any]) -> Condition:
    """Whether the day is 31 December of the year or an earlier one, of whatever year; never unknown."""
    return and_(day.is_not(None), day <= last_day(c))
