"""Periods as units write them: in a cell, in a title line, in a file name, in the name of a folder.

Pure functions over text; the clock is never asked. A period is text: `2020-2021` (school year), `2019-2020-spring`
(term), `2020` (calendar year), `2020-03` (month). Which period each row belongs to is `row_periods.py`; which periods
a plan year is judged on is `assets/periods.py`.
"""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from pathlib import PurePosixPath

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {ord(dash): "-" for dash in "‐‑‒–—―−～〜~至到_"}
_YEAR = r"(?:19|20)\d{2}"
_ALONE = r"(?<!\d)"
_SPAN = re.compile(rf"{_ALONE}({_YEAR})年?[-/]+({_YEAR})(?!\d)年?(?:学年度?)?", re.ASCII)
_SHORT_SPAN = re.compile(rf"{_ALONE}({_YEAR})-(\d{{2}})学年度?", re.ASCII)
_SINGLE = re.compile(rf"{_ALONE}({_YEAR})学年度?", re.ASCII)
_LEAVERS = re.compile(rf"{_ALONE}({_YEAR})(?:届|年[^\d,。;]{{0,8}}?毕业生)", re.ASCII)
_YEAR_AND_TERM = re.compile(rf"{_ALONE}({_YEAR})年?度?(春|秋)(?!节)", re.ASCII)
_TERM = re.compile(
    r"(?:(?:^|学年度?|#)(?P<short>[春秋])(?:$|[^一-龥]))|(?P<long>春季|春学期|第二学期|下学期|秋季|秋学期|第一学期|上学期)"
)
_DAY = re.compile(rf"{_ALONE}({_YEAR})[-./年](\d{{1,2}})[-./月](\d{{1,2}})(?!\d)日?", re.ASCII)
_MONTH = re.compile(
    rf"{_ALONE}({_YEAR})(?:[-./](\d{{1,2}})(?![\d.年月])|年(\d{{1,2}})月(?!\d)|(0[1-9]|1[0-2])(?!\d))", re.ASCII
)
_PLAIN_YEAR = re.compile(rf"{_ALONE}({_YEAR})(?![\d级])", re.ASCII)
_NO_PERIOD = re.compile(
    r"[〔\[(【]\d{4}[〕\])】]第?\d+号"
    r"|(?:填报|填表|报送|上报|制表|报出|打印|导出|发布|印发|审核|更新)(?:日期|时间|日)?:?\d{4}[-./年]?\d{0,2}[-./月]?\d{0,2}日?"
)
_MONTH_CELL = re.compile(
    rf"^({_YEAR})(?:[-./年](\d{{1,2}})|(\d{{2}}))(?:\.0+)?(?:月份?)?(?:[-./月]\d{{1,2}}[日号]?)?$", re.ASCII
)
_TIME = re.compile(r"(?:(?<!\s)\s+|T)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*$", re.ASCII)
_CHINESE = str.maketrans("〇零一二三四五六七八九", "00123456789")


@dataclass(frozen=True)
class Told:
    """What a text says of time; each part is empty where it says nothing. `day` is ISO text."""

    school_year: str = ""
    term: str = ""
    year: str = ""
    month: str = ""
    day: str = ""


def plain(text: str) -> str:
    """The text in half width, without blanks, every dash and underscore one sign."""
    return "".join(text.translate(_WIDE).split())


def without_time(text: str) -> str:
    """The text without the time of day at its end (`2020/6/1 0:00`, `2020-06-01T00:00:00`)."""
    return _TIME.sub("", text)


def school_year_of(text: str) -> str | None:
    """The school year that a cell names, as 2019-2020; a calendar year alone names none."""
    bare = re.sub(r"\.0+$", "", plain(text))
    for pattern in (_SPAN, _SHORT_SPAN, _SINGLE):
        if found := pattern.fullmatch(bare):
            return _school_year(found)
    return None


def _school_year(found: re.Match[str]) -> str | None:
    """First and second year joined, if the second follows the first."""
    first, *second = (int(group) for group in found.groups())
    if second and (first + 1 - second[0]) % (100 if second[0] < 100 else 10_000):
        return None
    return f"{first}-{first + 1}"


def _season(word: str) -> str:
    return "spring" if word[0] in "春下" or word.startswith("第二") else "autumn"


def month_of(text: str) -> str | None:
    """The month that a cell names, as 2020-03; of a day, the month that it lies in."""
    bare = plain(without_time(text.translate(_WIDE)))
    if re.match(r"[〇零一二三四五六七八九]{4}年", bare):
        bare = _chinese_month(bare)
    found = _MONTH_CELL.match(bare)
    return _month(found[1], found[2] or found[3]) if found else None


def _chinese_month(text: str) -> str:
    year, _, rest = text.partition("年")
    month = re.sub(r"^十(?=月)", "10", rest)
    month = re.sub(r"^十", "1", month)
    return f"{year.translate(_CHINESE)}年{month.translate(_CHINESE)}"


def _month(year: str, month: str) -> str | None:
    return f"{year}-{int(month):02d}" if 1 <= int(month) <= 12 else None


@functools.lru_cache(maxsize=1 << 12)
def told_by(text: str, *, days: bool = True) -> Told:
    """What a title line, file name or folder says of time; the first mention of each kind counts.

    Numbers of documents and days of filling in or sending say nothing. With `days` false a day says nothing either: in
    a file name it is the day of sending. 2020届 and 2020年毕业生 mean the school year that reports them, 2020-2021.
    上学期 of a calendar year (2020年上学期) is spring to some and autumn to others: it says no term.
    """
    bare = _NO_PERIOD.sub(";", plain(text))
    school_year, rest = _without_school_years(bare)
    day = _first_day(rest) if days else ""
    rest = rest if days else _DAY.sub(";", rest)
    month = next(filter(None, (_month(m[1], m[2] or m[3] or m[4]) for m in _MONTH.finditer(rest))), day[:7])
    found = _PLAIN_YEAR.search(rest)
    year = found[1] if found else month[:4]
    term_of_year, term = _term(rest, is_ordinal_clear=bool(school_year) or not year)
    return Told(school_year or term_of_year, term, year, month, day)


def _without_school_years(text: str) -> tuple[str, str]:
    """The first school year that the text names, and the text with # for every span of years and school year."""
    found = [
        _school_year(match) for pattern in (_SPAN, _SHORT_SPAN, _SINGLE) for match in pattern.finditer(text)
    ]  # fmt: skip
    if leavers := _LEAVERS.search(text):
        found.append(f"{leavers[1]}-{int(leavers[1]) + 1}")
    for pattern in (_SPAN, _SHORT_SPAN, _SINGLE):
        text = pattern.sub("#", text)
    return next(filter(None, found), "") or "", text


def _term(text: str, *, is_ordinal_clear: bool) -> tuple[str, str]:
    """The school year of a term that is named with a calendar year, and the term; empty where the text names none."""
    if found := _YEAR_AND_TERM.search(text):
        year, term = int(found[1]), _season(found[2])
        return (f"{year - 1}-{year}" if term == "spring" else f"{year}-{year + 1}"), term
    found = _TERM.search(text)
    word = (found["short"] or found["long"]) if found else ""
    return "", _season(word) if word and (is_ordinal_clear or word[0] in "春秋") else ""


def _first_day(text: str) -> str:
    for found in _DAY.finditer(text):
        year, month, day = map(int, found.groups())
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            return date(year, month, day).isoformat()
    return ""


def strongest(told: Iterable[Told]) -> Told:
    """Each part from the first that says it: title lines come before the file name, that before the folders.

    A weaker source that names another term or school year than a stronger one completes neither.
    """
    school_year = term = ""
    every = list(told)
    for one in every:
        if school_year in {"", one.school_year or school_year} and term in {"", one.term or term}:
            school_year, term = school_year or one.school_year, term or one.term
    year, month, day = (next(filter(None, (getattr(one, p) for one in every)), "") for p in ("year", "month", "day"))
    return Told(school_year, term, year, month, day)


def told_by_path(path: str) -> list[Told]:
    """What a file's name says, then its folders, the nearest first, without the unit's own folder at the front."""
    parts = PurePosixPath(path).parts
    named = [PurePosixPath(parts[-1]).stem, *reversed(parts[1:-1])] if parts else []
    return [told_by(part, days=False) for part in named]


def end_of(period: str) -> date:
    """The last day of a period; an autumn term ends with February, a spring term with its school year.

    A year that no calendar has counts as the nearest that has one.
    """
    first = min(max(int(period[:4]), MINYEAR), MAXYEAR - 1)
    if period.endswith("-autumn"):
        return date(first + 1, 2, calendar.monthrange(first + 1, 2)[1])
    if len(period) >= len("2020-2021"):
        return date(first + 1, 8, 31)
    if len(period) == len("2020"):
        return date(first, 12, 31)
    month = int(period[5:7])
    return date(first, month, calendar.monthrange(first, month)[1])
