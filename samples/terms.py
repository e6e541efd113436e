"""The term calendar of every unit: when each stage's term began, and until when aid is on time.

Not here: aid itself (`aid.py`).
"""

from __future__ import annotations

import calendar
import datetime as dt

from samples.facts import read_yaml, rng
from samples.tables import Table, from_rows, term

SEASONS = ("spring", "autumn")
Days = tuple[dt.date, dt.date]


def decide_term(unit: str, year: int, season: str, seed: int) -> dict[str, Days]:
    """First and last day of a unit's term, by stage; a unit may begin up to three days later than the province says."""
    plan = read_yaml("calendar")[season]
    if season == "spring":
        plan = plan[min(max(year, min(plan)), max(plan))]
    later = dt.timedelta(days=int(rng(seed, "term", unit, year, season).integers(0, 4)))
    ends_in = year if season == "spring" else year + 1
    days = {stage: plan.get(stage, plan["default"]) for stage in read_yaml("stages")}
    return {
        stage: (dt.date.fromisoformat(f"{year}-{first}") + later, dt.date.fromisoformat(f"{ends_in}-{last}") + later)
        for stage, (first, last) in days.items()
    }


def two_months_after(day: dt.date) -> dt.date:
    """The same day number two calendar months later, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month + 1, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def term_calendar(unit: str, days: dict[str, Days], year: int, season: str) -> Table:
    """The file of one unit and term."""
    period = term(year, season)
    rows = (
        {
            "county_code": unit,
            "school_year": period.first_year,
            "term": season,
            "stage": stage,
            "starts_on": starts_on,
            "ends_on": ends_on,
        }
        for stage, (starts_on, ends_on) in days.items()
    )
    return from_rows("term_calendar", period, rows)
