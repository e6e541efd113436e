"""The rows of `analyst_status`: whether analysts are told each figure, verdict, and number of units' profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from warehouse.disclosure.public_rows import status_of
from warehouse.disclosure.system import Key, Picture
from warehouse.disclosure.year_facts import Parts, Verdict, YearFacts, read_statuses
from warehouse.schema.analysts import analyst_status
from warehouse.words import TOLD_STATES


def analyst_rows(facts: YearFacts, verdicts: Iterable[Verdict], picture: Picture) -> Iterator[dict[str, Any]]:
    """The rows of a year, without the year: of each indicator and verdict by region, and of each number of a profile.

    A verdict is withheld where a figure that it rests on is: held against a target it would bound it.
    """
    statuses = {
        ("indicator", indicator, region): status_of(("indicator", indicator, region), value, maturity, picture)
        for (indicator, region), (value, maturity) in facts.figures.items()
    }
    yield from (_row(name, status) for name, status in statuses.items())
    for each in verdicts:
        own = {indicator: statuses.get(("indicator", indicator, each.region_code)) for indicator in each.indicators}
        yield _row(("verdict", each.commitment_id, each.region_code), _status_of(each, own))
    for name in picture.figures:
        if name[0] == "profile":
            yield _row(name, "ok" if name in picture.shown else "c")


def _status_of(verdict: Verdict, own: Mapping[str, str | None]) -> str:
    """The status of a verdict by those of its figures; one whose figure has none is withheld, unless there is none."""
    if "c" in own.values():
        return "c"
    shown = own.get(verdict.shown or "") or ("x" if verdict.verdict == "no_data" else "c")
    return "p" if shown == "ok" and verdict.maturity == "provisional" else shown


def _row(name: Key, status: str) -> dict[str, str]:
    told_in, figure, region = name
    return {"told_in": told_in, "figure": figure, "region_code": region, "status": status}


def shown_to_analysts(connection: Connection, parts: Parts) -> set[Key]:
    """The figures that a release told analysts."""
    statuses = read_statuses(connection, analyst_status, parts)
    return {key for key, status in statuses.items() if status in TOLD_STATES}
