"""Periods and plan years: which periods of a dataset a plan year is judged on, and the other way round.

A period is text: `2020-2021` (school year), `2019-2020-spring` (term), `2020` (calendar year), `2020-03` (month).
Reading periods from cells, titles and file names is `assets/intake/periods.py`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from expectations.contract import Contract  # receptions are read by workers, which know no contracts

SCHOOL_YEAR_LENGTH = len("2020-2021")


def year_of(period: str) -> int:
    """The plan year that a period answers to.

    The census of 2020-2021, the terms spring of 2019-2020 and autumn of 2020-2021, calendar 2020 and its months all
    answer to 2020.
    """
    first = int(period[:4])
    return first + 1 if period.endswith("-spring") else first


def years_of(periods: Iterable[str]) -> set[int]:
    """The plan years of several periods."""
    return {year_of(period) for period in periods}


def periods_of(contract: Contract, year: int) -> tuple[str, ...]:
    """The periods of a dataset that a plan year is judged on, in order of time."""
    kinds = {contract.column(name).type for name in contract.period}
    if "month" in kinds:
        return tuple(f"{year}-{month:02d}" for month in range(1, 13))
    if "school_year" not in kinds:
        return (str(year),)
    if "term" in contract.period:
        return (f"{year - 1}-{year}-spring", f"{year}-{year + 1}-autumn")
    return (f"{year}-{year + 1}",)


def school_years_of(period: str) -> tuple[str, ...]:
    """The school years whose lists name the schools of a period: two for a calendar year, which spans both."""
    first = int(period[:4])
    if len(period) >= SCHOOL_YEAR_LENGTH:
        return (period[:SCHOOL_YEAR_LENGTH],)
    if len(period) == len("2020"):
        return (f"{first}-{first + 1}", f"{first - 1}-{first}")
    begins = first if int(period[5:7]) >= 9 else first - 1
    return (f"{begins}-{begins + 1}",)


def name_zh(period: str) -> str:
    """A period as a clerk writes it: 2020-2021学年, 2019-2020学年春季学期, 2020年, 2020年3月."""
    if len(period) >= SCHOOL_YEAR_LENGTH:
        term = {"spring": "春季学期", "autumn": "秋季学期"}.get(period[SCHOOL_YEAR_LENGTH + 1 :], "")
        return f"{period[:SCHOOL_YEAR_LENGTH]}学年{term}"
    year, _, month = period.partition("-")
    return f"{year}年{int(month)}月" if month else f"{year}年"


def a_year_before(period: str) -> str:
    """The same period of the year before: 2019-2020 of 2020-2021, 2019-03 of 2020-03."""
    parts = period.split("-")
    years = 2 if len(period) >= SCHOOL_YEAR_LENGTH else 1
    return "-".join([*(str(int(part) - 1) for part in parts[:years]), *parts[years:]])
