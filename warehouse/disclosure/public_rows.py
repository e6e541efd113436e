"""The rows of the public tables: every number of a year with its status, blank where it is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Table

from warehouse.disclosure.listing import listed
from warehouse.disclosure.system import Key, Picture
from warehouse.disclosure.year_facts import Parts, YearFacts, read_statuses
from warehouse.schema.public import PUBLIC, pub_aid, pub_enrolment, pub_indicator
from warehouse.words import TOLD_STATES

_KEYS = {
    pub_enrolment: ("measure", "stage", "region_code"),
    pub_aid: ("term", "project", "region_code"),
}
Row = dict[str, Any]


def public_rows(facts: YearFacts, picture: Picture) -> Iterator[tuple[Table, Row]]:
    """The rows of the public tables of a year, without the year."""
    yield from _counted(facts, picture)
    yield from ((pub_indicator, row) for row in _judged(facts, picture))


def shown_to_all(connection: Connection, parts: Parts) -> set[Key]:
    """The figures that the public tables of a release showed."""
    return {
        (table.name, *_reordered(table, key)) for table in PUBLIC
        for key, status in read_statuses(connection, table, parts).items() if status in TOLD_STATES
    }  # fmt: skip


def _reordered(table: Table, key: tuple[str, ...]) -> tuple[str, ...]:
    """The name of a figure has its region last."""
    if table not in _KEYS:
        return key
    names = [column.name for column in table.primary_key.columns if column.name != "year"]
    return tuple(key[names.index(name)] for name in _KEYS[table])


def _counted(facts: YearFacts, picture: Picture) -> Iterator[tuple[Table, Row]]:
    """The rows of pupils and payments, for every region and whatever any region has."""
    for table, measure in ((pub_enrolment, "persons"), (pub_aid, "payments")):
        things = sorted({key[1:-1] for key in picture.figures if key[0] == table.name})
        reported = {key[-1] for key in picture.figures if key[0] == table.name}
        for thing in things:
            for region in (*facts.units, facts.tallies.prefecture):
                key, names = (table.name, *thing, region), dict(zip(_KEYS[table], (*thing, region), strict=True))
                status = _status(key, picture, is_reported=region in reported)
                if status == "ok" and region == facts.tallies.prefecture and not reported >= set(facts.units):
                    status = "p"
                count = picture.counts[key] if status in TOLD_STATES else None
                yield table, {**names, measure: count, "status": status}


def _status(key: Key, picture: Picture, *, is_reported: bool) -> str:
    if key not in picture.figures:
        return "z" if is_reported else "x"
    return "ok" if key in picture.shown else "c"


def _judged(facts: YearFacts, picture: Picture) -> Iterator[Row]:
    for (indicator, region), (value, maturity) in facts.figures.items():
        if listed(indicator).readers == "public":
            status = status_of(("pub_indicator", indicator, region), value, maturity, picture)
            told = value if status in TOLD_STATES else None
            yield {"indicator_id": indicator, "region_code": region, "value": told, "status": status}


def status_of(name: Key, value: float | None, maturity: str, picture: Picture) -> str:
    """The status of an indicator's figure."""
    if value is None:
        return "x"
    if name in picture.figures and name not in picture.shown:
        return "c"
    return "p" if maturity == "provisional" else "ok"
