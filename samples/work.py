"""The work ledger of the bureau and what its finished rows count for.

Not here: commitments that other files answer. The rows are facts (`reference/work_items.yaml`), equal at every scale.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from samples.facts import PREFECTURE, county_codes, read_yaml, unit_codes
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

FINISHED = "已完成"
CANCELLED = "已取消"


def work_rows(year: int) -> list[dict[str, Any]]:
    """The deliverables of a year; none where the facts have none."""
    rows: list[dict[str, Any]] = read_yaml("work_items")["years"].get(year, [])
    return rows


def work_items(year: int) -> Table:
    """The bureau's file; a commitment is named by its Chinese name, or each third time by its id."""
    commitments = read_yaml("work_items")["truths"]
    rows = []
    for i, row in enumerate(work_rows(year)):
        commitment = commitments[row["id"]]
        rows.append(
            {
                "article": commitment["article"],
                "commitment": row["id"] if i % 3 == 2 else commitment["name"],
                "item": row["item"],
                "county_code": row.get("county"),
                "year": year,
                "quantity": row.get("quantity"),
                "due": row.get("due"),
                "planned_by": row.get("planned_by"),
                "done_on": row.get("done_on"),
                "status": row["status"],
                "evidence": f"样例〔{year}〕{i + 1}号" if row["status"] == FINISHED else None,
                "office": commitment["office"],
            }
        )
    return from_rows("work_items", calendar_year(year), rows)


def tell_work(truths: Truths, year: int) -> None:
    """Adds the finished rows of a year to the truths: counts, the share of what was due, the share of counties.

    A count that some row gives to a county stands for every unit.
    """
    rows = work_rows(year)
    for name, commitment in read_yaml("work_items")["truths"].items() if rows else ():
        own = [row for row in rows if row["id"] == name]
        indicator, share = commitment["indicator"], commitment.get("share")
        if share == "counties":
            _tell_counties(truths, indicator, year, own, commitment["least"])
            continue
        counties = unit_codes() if any("county" in row for row in own) and not share else ()
        for place in (PREFECTURE, *counties):
            truths.at_unit(indicator, year, place, 0)
        for row in own:
            due = row.get("due", 0) if share == "due" and row["status"] != CANCELLED else 0
            truths.at_unit(indicator, year, row.get("county", PREFECTURE), _done(row, year), due)


def _tell_counties(truths: Truths, indicator: str, year: int, own: list[dict[str, Any]], least: int) -> None:
    done: dict[str, int] = defaultdict(int)
    for row in own:
        done[row["county"]] += _done(row, year)
    for county in county_codes():
        truths.at_unit(indicator, year, county, int(done[county] >= least), 1)


def _done(row: dict[str, Any], year: int) -> int:
    """How much of a row counts as done by the end of the year."""
    return row.get("quantity", 1) if row["status"] == FINISHED and row["done_on"].year <= year else 0
