"""Results of competitions: what the units report and what the bureau reports, in part the same.

Not here: the competitions themselves (`competitions.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from samples.athletes import counts_for, number_of_athletes, registration_no
from samples.competitions import entered
from samples.facts import PREFECTURE, read_yaml, rng, unit_codes, writers
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

MEDALS = {1: "金", 2: "银", 3: "铜"}
INDICATORS = {"金": "medals_gold", "银": "medals_silver", "铜": "medals_bronze"}
AGE_GROUP = "青少年组"
POINTS = (9.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0)
KEY = ("event_name", "edition", "year", "sport", "event", "age_group", "registration_no", "rank", "county_code")
Result = dict[str, Any]


def decide_results(scale: float, year: int, seed: int) -> dict[str, list[Result]]:
    """The results that every sender reports: each unit its own games, the bureau those of prefecture and province.

    A unit repeats what its athletes won in the province, as the bureau wrote it; 州直 repeats nothing.
    """
    athletes = {sender: number_of_athletes(sender, scale, seed) for sender in writers()}
    reported = {unit: _local(unit, athletes[unit], year) for unit in unit_codes()}
    provincial = _provincial(athletes, year, seed)
    for unit in unit_codes():
        reported[unit] += [row for row in provincial if row["county_code"] == unit != counts_for(PREFECTURE)]
    return reported | {PREFECTURE: provincial + _local(PREFECTURE, athletes[PREFECTURE], year)}


def _local(sender: str, many: int, year: int) -> list[Result]:
    """The first eight of a sender's own games; two share the fifth place and its points."""
    name = "全州中小学生田径运动会" if sender == PREFECTURE else f"{writers()[sender].name}{year}年中小学生田径运动会"
    edition = year - 2003 if sender == PREFECTURE else None
    events = read_yaml("sports")["events"]["田径"]
    return [
        _result(sender, (i + len(event)) % many, place if place != 6 else 5, year)
        | {"event_name": name, "edition": edition, "sport": "田径", "event": event, "age_group": "甲组"}
        | ({"points": 3.5} if place in {5, 6} else {})
        for event in events
        for i, place in enumerate(range(1, min(8, many) + 1))
    ]


def _provincial(athletes: dict[str, int], year: int, seed: int) -> list[Result]:
    """Results in the province's youth championships that the prefecture entered."""
    chance = rng(seed, "provincial", year)
    events = read_yaml("sports")["events"]
    senders = list(athletes)
    rows = []
    for row in (row for row in entered(year) if not row.get("cancelled")):
        name = row["event_name"].format(year=year)
        for event in events.get(row["sport"], ["个人"]):
            sender = senders[int(chance.integers(len(senders)))]
            one = _result(sender, int(chance.integers(athletes[sender])), int(chance.integers(1, 9)), year)
            rows.append(one | {"event_name": name, "sport": row["sport"], "event": event, "age_group": AGE_GROUP})
    return rows


def _result(sender: str, i: int, rank: int, year: int) -> Result:
    return {
        "edition": None,
        "year": year,
        "registration_no": registration_no(sender, i),
        "county_code": counts_for(sender),
        "rank": rank,
        "medal": MEDALS.get(rank, "无"),
        "points": POINTS[rank - 1],
    }


def competition_results(rows: Iterable[Result], year: int) -> Table:
    """The file of one sender."""
    return from_rows("competition_results", calendar_year(year), rows)


def tell_results(truths: Truths, reported: dict[str, list[Result]], year: int) -> None:
    """Adds medals and points, a result that two report once; a unit without any stands with nothing."""
    for unit in unit_codes():
        for indicator in (*INDICATORS.values(), "competition_points"):
            truths.at_unit(indicator, year, unit, 0)
    once = {tuple(row[name] for name in KEY): row for rows in reported.values() for row in rows}
    for row in once.values():
        if row["medal"] in INDICATORS:
            truths.at_unit(INDICATORS[row["medal"]], year, row["county_code"], 1)
        truths.at_unit("competition_points", year, row["county_code"], Decimal(str(row["points"])))
