"""Schools with their history: a row per school, unit and span of school years in which the unit listed it alike.

Made of the school lists as they stand, newest versions of each period. A unit that sent no list of a period ends no
span: its earlier list stands in, as it does for figures.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pyarrow as pa

from assets.house import House
from assets.indicators.views import UNCOUNTED_KINDS
from assets.judging.judgement import Judgement
from assets.judging.staging import staged_path
from expectations.forms import is_form
from warehouse.lake import Lake

COLUMNS = {
    "name": "school_name", "township_code": "township_code", "kind": "kind", "sponsor": "sponsor",
    "urban_rural": "urban_rural", "is_counted": "counted", "parent_school_code": "parent_school_code",
}  # fmt: skip
"""Columns of dim_school by the columns of the school list that fill them."""

SCHEMA = pa.schema(
    [("school_code", pa.string()), ("unit_code", pa.string()), ("valid_from", pa.date32()), ("valid_to", pa.date32()),
     *((name, pa.bool_() if name == "is_counted" else pa.string()) for name in COLUMNS),
     ("ended_by", pa.string()), ("successor_code", pa.string())]
)  # fmt: skip

Row = Mapping[str, Any]
Span = dict[str, Any]


@dataclass(frozen=True)
class YearList:
    """The lists of one school year: its first calendar year, accepted rows, and the schools that each unit names.

    A row in quarantine names its school, too, and a unit is in `named` only when it sent a list: what a census workbook
    says of one school is no list.
    """

    first_year: int
    rows: tuple[Row, ...]
    named: Mapping[str, Collection[str]] = field(default_factory=dict)


def school_history(house: House, judgements: Iterable[Judgement]) -> pa.Table:
    """The rows of `dim_school`."""
    lists = (_list_of(house.lake, judgement) for judgement in judgements if judgement.dataset == "school")
    return pa.Table.from_pylist(spans_of(lists), schema=SCHEMA)


def _list_of(lake: Lake, judgement: Judgement) -> YearList:
    rows = lake.read(*staged_path(lake, judgement, "rows")).to_pylist()
    place = ["unit_code", "school_code", "submission_id", "sheet"]
    aside = lake.read(*staged_path(lake, judgement, "quarantine"), columns=place).to_pylist()
    standing = {version.submission_id for version in judgement.versions if version.rows_current}
    told = [*rows, *(row for row in aside if row["submission_id"] in standing and row["school_code"])]
    named: dict[str, set[str]] = {row["unit_code"]: set() for row in told if not is_form(row["sheet"])}
    for row in told:
        if row["unit_code"] in named:
            named[row["unit_code"]].add(row["school_code"])
    return YearList(int(judgement.period[:4]), tuple(rows), named)


def spans_of(lists: Iterable[YearList]) -> list[Span]:
    """The spans that these lists come to, in the order of their years, by school as they first occur.

    A span begins on 1 September of the first year that says it and ends on 31 August before the first that says
    otherwise, with the reason and, where another school took its place, that school.
    """
    spans: dict[tuple[str, str], list[Span]] = {}
    for listed in lists:
        first_day = date(listed.first_year, 9, 1)
        for row in listed.rows:
            _extend(spans.setdefault((row["unit_code"], row["school_code"]), []), row, first_day)
        for span in _dropped(spans, listed, first_day):
            _end(span, first_day, "closed", None)
    return [_passed_on(span, spans) for each in spans.values() for span in each]


def _extend(spans: list[Span], row: Row, first_day: date) -> None:
    """Add a school year's facts of a school: the same facts go on, others close the span before and open one."""
    facts = {name: row[listed] for name, listed in COLUMNS.items()}
    last = spans[-1] if spans else None
    if last and last["valid_from"] == first_day:
        return  # listed twice that year, by the bureau beside the unit: the first one names it
    if last and last["valid_to"] is None:
        if all(last[name] == value for name, value in facts.items()):
            return
        _end(last, first_day, *_change(last, facts))
    spans.append({"school_code": row["school_code"], "unit_code": row["unit_code"], "valid_from": first_day,
                  "valid_to": None, **facts, "ended_by": None, "successor_code": None})  # fmt: skip


def _change(before: Row, now: Row) -> tuple[str, str | None]:
    """Why a span ended although its school is listed still, and the school into which it merged."""
    into = now["parent_school_code"]
    if into and not _is_counted(now) and (_is_counted(before) or before["parent_school_code"] != into):
        return "merged", into
    for column, change in {"name": "renamed", "township_code": "moved"}.items():
        if before[column] != now[column]:
            return change, None
    return "changed", None


def _is_counted(facts: Row) -> bool:
    """Whether it is a school of its own; where its list does not say so, as its kind says."""
    told = facts["is_counted"]
    return facts["kind"] not in UNCOUNTED_KINDS if told is None else bool(told)


def _dropped(spans: Mapping[tuple[str, str], list[Span]], listed: YearList, first_day: date) -> Iterator[Span]:
    """The spans that hold still, of schools that their unit's list no longer names."""
    for (unit, code), each in spans.items():
        is_named = code in listed.named.get(unit, (code,))
        if not is_named and each[-1]["valid_from"] < first_day and each[-1]["valid_to"] is None:
            yield each[-1]


def _end(span: Span, first_day: date, change: str, successor: str | None) -> None:
    span |= {"valid_to": date(first_day.year, 8, 31), "ended_by": change, "successor_code": successor}


def _passed_on(span: Span, spans: Mapping[tuple[str, str], list[Span]]) -> Span:
    """The span; one that closed on the day before another unit began to list the school was transferred to that."""
    if span["ended_by"] != "closed":
        return span
    first_day = date(span["valid_to"].year, 9, 1)
    others = (each for (unit, code), each in spans.items() if code == span["school_code"] and unit != span["unit_code"])
    if any(other["valid_from"] == first_day for each in others for other in each):
        return {**span, "ended_by": "transferred", "successor_code": span["school_code"]}
    return span
