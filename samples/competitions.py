"""The competitions of a year: those of the units, and the bureau's with the province's youth championships entered.

Not here: who won what (`results.py`).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from samples.facts import PREFECTURE, county_codes, read_yaml, unit_codes, writers
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths
from samples.work import commitments

Row = dict[str, Any]
SAME_EVENT = ("event_name", "edition", "sport", "level", "year")


def competitions(unit: str, year: int) -> Table:
    """The competitions of a unit in a year; the bureau reports those of prefecture and province."""
    return from_rows("competitions", calendar_year(year), [row for row, _ in _reported(unit, year)])


def entered(year: int) -> list[Row]:
    """The province's youth championships in which the prefecture entered, cancelled ones with them."""
    facts = read_yaml("competitions")
    own: list[Row] = facts["years"][_known(year)]
    return [
        row | {"event_name": facts["youth_name"].replace("{sport}", row["sport"]) + row.get("group", "")} for row in own
    ]


def _reported(unit: str, year: int) -> list[tuple[Row, str]]:
    """What a unit reports, each with the commitment for which it counts, if any."""
    facts = read_yaml("competitions")
    events = [one for one in facts["events"] if one.get("unit", PREFECTURE) == unit]
    if unit == PREFECTURE:
        events = [_championship(row, year) for row in entered(year)] + events
    else:
        events = facts["local"] + (facts["counties"] if unit in county_codes() else []) + events
    found = ((_competition(one, unit, year), one.get("for", "")) for one in events)
    return [(row, counts_for) for row, counts_for in found if row["status"]]


def _championship(row: Row, year: int) -> Row:
    day = {"cancelled": [_known(year)]} if row.get("cancelled") else {"days": {_known(year): row["day"]}}
    return {**row, "level": "省", "role": "参赛", "participants": 0 if row.get("cancelled") else 8} | day


def _competition(one: Row, unit: str, year: int) -> Row:
    """One row; a year in which the event is neither held nor cancelled has no status."""
    is_out = unit in one.get("not_in", {}).get(_known(year), ())
    day = None if is_out else one.get("days", {}).get(_known(year))
    is_cancelled = is_out or _known(year) in one.get("cancelled", ())
    return {
        "event_name": one["event_name"].format(year=year, unit=writers()[unit].name),
        "edition": one["edition"] + year - one["first_year"] if "edition" in one else None,
        "sport": one["sport"],
        "year": year,
        "level": one["level"],
        "status": "已举办" if day else "取消" if is_cancelled else None,
        "held_on": dt.date.fromisoformat(f"{year}-{day}") if day else None,
        "role": one["role"],
        "place": "样例体育中心",
        "organiser": writers()[unit].office,
        "participants": one["participants"] if day else 0,
    }


def _known(year: int) -> int:
    """The nearest year of which the facts tell."""
    years = read_yaml("competitions")["years"]
    return int(min(max(year, min(years)), max(years)))


def tell_competitions(truths: Truths, year: int) -> None:
    """Tells for each commitment how many events were held, one that two report once; and the sports of two of them."""
    held: dict[str, set[tuple[Any, ...]]] = defaultdict(set)
    sports, counties = set(), defaultdict(set)
    for unit in (*unit_codes(), PREFECTURE):
        for row, counts_for in _reported(unit, year):
            if row["status"] == "已举办":
                held[counts_for].add(tuple(row[name] for name in SAME_EVENT))
                counties[counts_for].add(unit)
                sports.add(row["sport"])
    for one in commitments("competitions"):
        if one.reading == "by_county":
            for county in county_codes():
                truths.at_unit(one.indicator, year, county, int(county in counties[one.id]), 1)
        elif one.reading == "held":
            events = [event for event in held[one.id] if one.edition is None or event[1] == one.edition]
            truths.at_unit(one.indicator, year, PREFECTURE, len(events))
    _tell_sports(truths, "provincial_youth_sports", "championships", year, {r["sport"] for r in _held_youth(year)})
    _tell_sports(truths, "popular_sports", "promoted", year, sports)


def _held_youth(year: int) -> list[Row]:
    return [row for row in entered(year) if not row.get("cancelled")]


def _tell_sports(truths: Truths, indicator: str, named: str, year: int, played: set[str]) -> None:
    """Tells how many of the named sports were played."""
    facts = read_yaml("competitions")
    sports = {facts["aliases"].get(sport, sport) for sport in played}
    truths.at_unit(indicator, year, PREFECTURE, len(sports & set(facts[named])))
