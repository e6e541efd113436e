"""Sports venues of every unit, and which townships are equipped.

Not here: athletes, coaches and competitions (modules of their own).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from samples.athletes import counts_for
from samples.facts import OWN_SCHOOLS, PREFECTURE, Township, county_codes, county_of, rates, read_yaml, rng, townships
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

COVERED_KINDS = {"镇", "乡"}
FITNESS_TRAIL = "82"
Venue = dict[str, Any]


def decide_unequipped(year: int, seed: int) -> dict[str, frozenset[str]]:
    """Townships without a usable venue of the farmers' project, by county; each year the first of a fixed order."""
    found = {}
    for county in county_codes():
        own = [township.code for township in townships()[county] if township.kind in COVERED_KINDS]
        order = rng(seed, "unequipped", county).permutation(len(own))
        found[county] = frozenset(own[i] for i in order[: round(rates(county, year)["townships_uncovered"])])
    return found


def decide_venues(sender: str, unequipped: frozenset[str], scale: float, year: int, seed: int) -> list[Venue]:
    """The venues of a sender at the end of a year; of the bureau, 州直 and the zone in the streets of 吉首."""
    own = townships()[county_of(OWN_SCHOOLS if sender == PREFECTURE else sender)]
    where = {"county_code": counts_for(sender), "year": year}
    chance, checks = rng(seed, "venues", sender), rng(seed, "checks", sender, year)
    rows: list[Venue] = []
    for township in own if sender in county_codes() else [t for t in own if t.kind == "街道"]:
        for i in range(1 + int(chance.poisson(8 * scale))):
            dice = chance.random(5).tolist()
            row = where | {"township_code": township} | _venue(sender, township, i, year, dice)
            row |= _checked(i, year, float(checks.random()), rates(sender, year, "aims")["unchecked"])
            if sender in county_codes():
                row |= _project(township, i, dice[4], unequipped=township.code in unequipped)
            rows.append(row)
    return rows


def _venue(sender: str, township: Township, i: int, year: int, dice: list[float]) -> Venue:
    facts = read_yaml("sports")
    kind = facts["venues"][0 if i == 0 else int(dice[0] * 2.2)]
    return {
        "venue_no": f"{sender[-3:]}{township.code}{i:03d}",
        "venue_name": f"{township.name}样例{kind['name']}{i + 1}",
        "owner_code": facts["owner_codes"][i % len(facts["owner_codes"])],
        "kind": kind["kind"],
        "area": round(kind["low"] + dice[1] * (kind["high"] - kind["low"]), 2),
        "built": 2008 + int(dice[2] * 11),
        "opening": facts["opening"][min(2, int(dice[3] * 2.1))],
        "farmers_project": False,
    }


def _checked(i: int, year: int, die: float, unchecked: float) -> Venue:
    """When it was inspected last, with what result: in this year, on the last day of the one before, or never told."""
    if die < unchecked:
        return {"inspected_on": dt.date(year - 1, 12, 31) if i % 2 else None, "inspection": "合格" if i % 2 else None}
    results = read_yaml("sports")["inspection"]
    return {"inspected_on": dt.date(year, 1 + i % 12, 15 if i else 1), "inspection": results[i % len(results)]}


def _project(township: Township, i: int, die: float, *, unequipped: bool) -> Venue:
    """Whether a county's venue belongs to the farmers' project: the first of each township does, and some others.

    An unequipped township has none, or one that is closed; streets and forest farms may have some, and count nowhere.
    """
    if not unequipped:
        return {"farmers_project": i == 0 or die < 0.5}
    return {"farmers_project": True, "inspection": "停用"} if i == 0 and int(township.code) % 2 else {}


def venues(rows: Iterable[Venue], year: int) -> Table:
    """The file of one sender."""
    return from_rows("venues", calendar_year(year), rows)


def tell_venues(truths: Truths, rows: Iterable[Venue], year: int) -> None:
    """Adds venues to the truths: area, fitness trails, and trails and farmers' projects inspected in the year."""
    for row in rows:
        is_trail = row["kind"] == FITNESS_TRAIL
        truths.at_unit("sports_area_per_capita", year, row["county_code"], Decimal(str(row["area"])))
        truths.at_unit("fitness_trails", year, row["county_code"], int(is_trail))
        if is_trail or row["farmers_project"]:
            inspected = row["inspected_on"]
            is_checked = int(inspected is not None and inspected.year == year)
            truths.at_unit("venue_safety_checked", year, row["county_code"], is_checked, 1)


def tell_townships(truths: Truths, unequipped: dict[str, frozenset[str]], year: int) -> None:
    """Adds the equipped towns and townships of the eight counties to all of them."""
    for county, without in unequipped.items():
        own = sum(township.kind in COVERED_KINDS for township in townships()[county])
        truths.at_unit("township_fitness_coverage", year, county, own - len(without), own)
