"""What a release tells of few persons, decided when it is published and of nothing but what it publishes.

Every year whose statuses the release has not yet is looked at with every kept release in which it was another one: what
was shown cannot be taken back, and what was hidden must stay hidden. A year whose counts did not move is shown as it
was. First what everybody is told is decided, then what analysts are told beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa
from sqlalchemy import Connection, Table, select

from warehouse.disclosure.analyst_rows import analyst_rows, shown_to_analysts
from warehouse.disclosure.counts import analysts_picture_of, picture_of
from warehouse.disclosure.public_rows import Row, public_rows, shown_to_all
from warehouse.disclosure.suppress import Protection, Protections, openly_shown, safely_shown
from warehouse.disclosure.system import Key, Picture
from warehouse.disclosure.year_facts import COUNTED, SOURCES, Parts, YearFacts, read_facts, read_verdicts
from warehouse.schema import MADE, analyst_status, fact_indicator, release_part
from warehouse.schema.public import PUBLIC

_PUBLIC = {table.name for table in PUBLIC}
_PICTURED = {table.name for table in (*COUNTED, *MADE)}


@dataclass(frozen=True)
class _Seen:
    """A year as everybody and analysts see it in a release."""

    public: Picture
    analysts: Picture


def protected_tables(connection: Connection, release_id: int, protections: Protections) -> Mapping[Table, pa.Table]:
    """The rows of the tables that publication makes, for all years of the release that have none yet."""
    rows: dict[Table, list[dict[str, object]]] = {table: [] for table in MADE}
    for year in _undecided(connection, release_id):
        for table, row in _rows(connection, release_id, year, protections):
            rows[table].append({"year": year, **row})
    return {table: pa.Table.from_pylist(found) for table, found in rows.items() if found}


def _rows(connection: Connection, release_id: int, year: int, protections: Protections) -> Iterator[tuple[Table, Row]]:
    kept = _parts(connection, year)
    parts = kept.pop(release_id)
    facts = read_facts(connection, year, parts)
    earlier = list(_earlier(connection, year, kept))
    if _PUBLIC & parts.keys():  # a release of before there was anything for analysts
        public = _public_picture(connection, facts, parts)
    else:
        public = _shown(picture_of(facts.tallies), [seen.public for seen in earlier], protections.public)
        yield from public_rows(facts, public)
    analysts = analysts_picture_of(facts.tallies, public.shown)
    before = [seen.analysts for seen in earlier if seen.analysts.shown]
    analysts = _shown(analysts, before, protections.analysts)
    for row in analyst_rows(facts, read_verdicts(connection, year, parts), analysts):
        yield analyst_status, row


def _undecided(connection: Connection, release_id: int) -> list[int]:
    """The years of a release of which it is not decided what may be told."""
    of = release_part.c
    rows = select(of.table_name, of.slice).where(of.release_id == release_id)
    slices: dict[str, set[str]] = {}
    for name, piece in connection.execute(rows):
        slices.setdefault(name, set()).add(piece)
    return sorted(int(year) for year in slices.get(fact_indicator.name, set()) - slices.get(analyst_status.name, set()))


def _parts(connection: Connection, year: int) -> dict[int, dict[str, int]]:
    """The parts of a year by kept release, from the newest."""
    names = [table.name for table in (*SOURCES, *MADE)]
    of, found = release_part.c, dict[int, dict[str, int]]()
    query = select(of.release_id, of.table_name, of.part_id)
    query = query.where(of.table_name.in_(names), of.slice.in_(["", str(year)]))
    for release_id, name, part_id in connection.execute(query.order_by(of.release_id.desc())):
        found.setdefault(release_id, {})[name] = part_id
    return found


def _earlier(connection: Connection, year: int, kept: Mapping[int, Parts]) -> Iterator[_Seen]:
    """The year as it was seen in the kept releases, from the newest, each once."""
    different = {
        tuple((name, part) for name, part in sorted(parts.items()) if name in _PICTURED): parts
        for parts in kept.values()
    }
    for parts in different.values():
        if _PUBLIC & parts.keys():
            facts = read_facts(connection, year, parts)
            public = _public_picture(connection, facts, parts)
            analysts = analysts_picture_of(facts.tallies, public.shown)
            told = analysts.figures.keys() & shown_to_analysts(connection, parts)
            shown = frozenset(told) | analysts.given if told else frozenset[Key]()
            yield _Seen(public, replace(analysts, shown=shown))


def _public_picture(connection: Connection, facts: YearFacts, parts: Parts) -> Picture:
    """The picture that the public tables of a release showed."""
    picture = picture_of(facts.tallies)
    return replace(picture, shown=frozenset(picture.figures.keys() & shown_to_all(connection, parts)))


def _shown(picture: Picture, earlier: list[Picture], protection: Protection) -> Picture:
    """The picture with what can be shown of it."""
    for before in earlier[:1]:
        is_same = before.counts == picture.counts and before.figures.keys() == picture.figures.keys()
        if is_same and before.given == picture.given and before.shown <= openly_shown(picture, protection):
            return replace(picture, shown=before.shown)
    return replace(picture, shown=safely_shown(picture, earlier, protection))
