"""The competitions of a year: those of the units, and the bureau's with the province's youth championships entered.

Not here: results, for which no file is made.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from samples.facts import PREFECTURE, read_yaml, writers
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths


def competitions(unit: str, year: int) -> Table:
    """The competitions of a unit in a year; the bureau reports those of prefecture and province."""
    facts = read_yaml("competitions")
    rows = _championships(year) + facts["others"] if unit == PREFECTURE else facts["local"]
    return from_rows("competitions", calendar_year(year), (_competition(row, unit, year) for row in rows))


def _championships(year: int) -> list[dict[str, Any]]:
    facts = read_yaml("competitions")
    return [
        {
            "event_name": facts["youth_name"].replace("{sport}", row["sport"]) + row.get("group", ""),
            "sport": row["sport"],
            "level": "省",
            "role": "参赛",
            "status": "取消" if row.get("cancelled") else "已举办",
            "held_on": row.get("day"),
            "participants": 0 if row.get("cancelled") else 8,
        }
        for row in _entered(year)
    ]


def _entered(year: int) -> list[dict[str, Any]]:
    years = read_yaml("competitions")["years"]
    entered: list[dict[str, Any]] = years[min(max(year, min(years)), max(years))]
    return entered


def _competition(row: dict[str, Any], unit: str, year: int) -> dict[str, Any]:
    office = writers()[unit].office
    edition = row["edition"] + year - row["first_year"] if "edition" in row else None
    return {
        "event_name": row["event_name"].format(year=year, unit=writers()[unit].name),
        "edition": edition,
        "sport": row["sport"],
        "year": year,
        "level": row["level"],
        "status": row["status"],
        "held_on": dt.date.fromisoformat(f"{year}-{row['held_on']}") if row.get("held_on") else None,
        "role": row["role"],
        "place": "样例体育中心",
        "organiser": office,
        "participants": row["participants"],
    }


def tell_championships(truths: Truths, year: int) -> None:
    """Tells in how many of the thirteen sports the prefecture entered a provincial youth championship that was held."""
    facts = read_yaml("competitions")
    sports = {facts["aliases"].get(row["sport"], row["sport"]) for row in _entered(year) if not row.get("cancelled")}
    truths.at_unit("provincial_youth_sports", year, PREFECTURE, len(sports & set(facts["championships"])))
