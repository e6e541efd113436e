"""The rows of the public tables, made when a release is published and of nothing but what it publishes.

Every kept release in which the year was another one is looked at: what it showed cannot be taken back, and what it hid
must stay hidden. A year whose counts did not move is shown as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, Select, Table, and_, func, select

from warehouse.disclosure.counts import Tallies, listed, picture_of
from warehouse.disclosure.suppress import Protection, openly_shown, safely_shown
from warehouse.disclosure.system import Key, Picture
from warehouse.schema import STORED, fact_indicator, release_part
from warehouse.schema.public import PUBLIC, pub_aid, pub_enrolment, pub_indicator
from warehouse.schema.themes import fact_aid, fact_enrolment

_SHOWN = ("ok", "p")
_KEYS = {
    pub_enrolment: ("measure", "stage", "region_code"),
    pub_aid: ("term", "project", "region_code"),
    pub_indicator: ("indicator_id", "region_code"),
}
_FACTS = (fact_enrolment, fact_aid, fact_indicator)


@dataclass(frozen=True)
class _Year:
    """What the facts of a year tell."""

    year: int
    tallies: Tallies
    figures: Mapping[tuple[str, str], tuple[float | None, str]]
    """Value and maturity of each public indicator, by region."""
    units: tuple[str, ...]


def public_tables(
    connection: Connection, tables: Mapping[Table, pa.Table], years: tuple[int, ...], protection: Protection
) -> dict[Table, pa.Table]:
    """The public tables of these years, whose facts are in `tables`; the database tells what was shown before."""
    rows: dict[Table, list[dict[str, Any]]] = {table: [] for table in PUBLIC}
    for year in years:
        facts = _of_edition(tables, year)
        picture = picture_of(facts.tallies)
        shown = _shown(picture, list(_earlier(connection, year)), protection)
        for table, row in (*_counted(facts, replace(picture, shown=shown)), *_judged(facts, picture, shown)):
            rows[table].append({"year": year, **row})
    return {table: pa.Table.from_pylist(found) for table, found in rows.items() if found}


def _shown(picture: Picture, earlier: list[Picture], protection: Protection) -> frozenset[Key]:
    for before in earlier[:1]:
        is_same = before.counts == picture.counts and before.figures.keys() == picture.figures.keys()
        if is_same and before.shown <= openly_shown(picture, protection):
            return before.shown
    return safely_shown(picture, earlier, protection)


def _of_edition(tables: Mapping[Table, pa.Table], year: int) -> _Year:
    def rows(table: Table, *by: str, sums: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
        if table not in tables:
            return []
        found = tables[table].filter(pc.equal(tables[table]["year"], year))
        grouped = found.group_by(list(by)).aggregate([(name, "sum") for name in sums])
        return list(zip(*(grouped[name].to_pylist() for name in (*by, *(f"{each}_sum" for each in sums))), strict=True))

    return _facts(
        year,
        rows(fact_enrolment, "unit_code", "stage", sums=("pupils", "girls")),
        rows(fact_aid, "unit_code", "term", "project", sums=("payments",)),
        rows(fact_indicator, "indicator_id", "region_code", "level", "value", "maturity", "numerator", "denominator"),
    )


def _facts(year: int, enrolment: list[Any], aid: list[Any], figures: list[Any]) -> _Year:
    persons, public = listed().persons, {*listed().persons, *listed().things}
    figures = [row for row in figures if row[0] in public and row[2] != "school"]
    prefecture = next((row[1] for row in figures if row[2] == "prefecture"), "")
    tallies = Tallies(
        prefecture,
        {(unit, stage): (_whole(pupils), _whole(girls)) for unit, stage, pupils, girls in enrolment},
        {(unit, term, project): int(payments) for unit, term, project, payments in aid if payments is not None},
        {(i, region): (n, d) for i, region, _, value, _, n, d in figures if i in persons and value is not None},
    )
    units = sorted({row[1] for row in figures if row[2] == "county"} | {row[0] for row in (*enrolment, *aid)})
    told = {(i, region): (value, maturity) for i, region, _, value, maturity, *_ in figures}
    return _Year(year, tallies, told, tuple(units))


def _whole(count: Any) -> int | None:
    return None if count is None else int(count)


def _earlier(connection: Connection, year: int) -> Iterator[Picture]:
    """The pictures of a year in the kept releases, from the newest, each once."""
    names = [table.name for table in (*_FACTS, *PUBLIC)]
    of, found = release_part.c, dict[int, dict[str, int]]()
    query = select(of.release_id, of.table_name, of.part_id).where(of.table_name.in_(names), of.slice == str(year))
    for release_id, name, part_id in connection.execute(query.order_by(of.release_id.desc())):
        found.setdefault(release_id, {})[name] = part_id
    different = {tuple(sorted(parts.items())): parts for parts in found.values()}
    for parts in different.values():
        if any(table.name in parts for table in PUBLIC):
            yield _of_parts(connection, year, parts)


def _of_parts(connection: Connection, year: int, parts: Mapping[str, int]) -> Picture:
    def rows(table: Table, *by: str, sums: tuple[str, ...] = (), where: Any = True) -> list[Any]:
        stored = STORED[table].c
        query: Select[Any] = select(*(stored[name] for name in by), *(func.sum(stored[name]) for name in sums))
        query = query.where(stored.part_id == parts.get(table.name, -1), where)
        return list(connection.execute(query.group_by(*(stored[name] for name in by)) if sums else query))

    indicator = STORED[fact_indicator].c
    is_public = and_(indicator.level != "school", indicator.indicator_id.in_(listed().persons))
    facts = _facts(
        year,
        rows(fact_enrolment, "unit_code", "stage", sums=("pupils", "girls")),
        rows(fact_aid, "unit_code", "term", "project", sums=("payments",)),
        rows(fact_indicator, "indicator_id", "region_code", "level", "value", "maturity", "numerator", "denominator",
             where=is_public),
    )  # fmt: skip
    picture = picture_of(facts.tallies)
    told = {
        (table.name, *key) for table, by in _KEYS.items() for *key, status in rows(table, *by, "status")
        if status in _SHOWN
    }  # fmt: skip
    return replace(picture, shown=frozenset(told & picture.figures.keys()))


def _counted(facts: _Year, picture: Picture) -> Iterator[tuple[Table, dict[str, Any]]]:
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
                yield table, {**names, measure: picture.counts[key] if status in _SHOWN else None, "status": status}


def _status(key: Key, picture: Picture, *, is_reported: bool) -> str:
    if key not in picture.figures:
        return "z" if is_reported else "x"
    return "ok" if key in picture.shown else "c"


def _judged(facts: _Year, picture: Picture, shown: frozenset[Key]) -> Iterator[tuple[Table, dict[str, Any]]]:
    for (indicator, region), (value, maturity) in facts.figures.items():
        key = ("pub_indicator", indicator, region)
        status = "p" if maturity == "provisional" else "ok"
        if value is None:
            status = "x"
        elif key in picture.figures and key not in shown:
            status = "c"
        told = value if status in _SHOWN else None
        yield pub_indicator, {"indicator_id": indicator, "region_code": region, "value": told, "status": status}
