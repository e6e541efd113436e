"""Releases share what did not change, any of them can be read as it was published, and none is rewritten."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, select, text

from warehouse.connect import reading
from warehouse.edition import Edition
from warehouse.errors import EditionError, PublicationLostError, UnknownReleaseError
from warehouse.parts import Piece
from warehouse.publish import publish, roll_back, take_token
from warehouse.releases import release_as_of, releases
from warehouse.schema import (
    FACTS,
    PUBLISHED,
    STORED,
    dim_school,
    fact_indicator,
    finding,
    part,
    release_change,
    release_part,
)

from .editions import PUBLISHED_AT, edition, marks

NIGHT = timedelta(days=1)


def _rows(engine: Engine, query: Any) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(query)]


def _read(engine: Engine, view: str, where: str = "") -> set[tuple[Any, ...]]:
    return {tuple(row) for row in _rows(engine, text(f'SELECT * FROM "{view}" {where}'))}  # noqa: S608


def test_a_night_without_news_writes_no_part(engine: Engine) -> None:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    before = _rows(engine, select(part).order_by(part.c.part_id))
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT + NIGHT)
    assert _rows(engine, select(part).order_by(part.c.part_id)) == before
    held = [_rows(engine, select(release_part.c.part_id).where(release_part.c.release_id == n)) for n in (1, 2)]
    assert sorted(held[0]) == sorted(held[1]) != []
    assert _rows(engine, select(func.count()).where(release_change.c.release_id == 2)) == [(0,)]


def test_only_the_year_that_moved_is_written(engine: Engine) -> None:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    last = _rows(engine, select(func.max(part.c.part_id)))[0][0]
    publish(engine, edition(2), "v1", PUBLISHED_AT + NIGHT)
    new = _rows(engine, select(part.c.table_name, part.c.slice).where(part.c.part_id > last))
    assert ("fact_indicator", "2020") in new
    assert ("fact_indicator", "2019") not in new
    assert ("dim_region", "") not in new


def test_every_table_can_be_read_as_it_was_published(engine: Engine) -> None:
    read, brought = [], [table for table in PUBLISHED if table.name in edition(1).tables]
    for mark in (1, 2, 3):
        publish(engine, edition(mark, schools=mark + 5), "v1", PUBLISHED_AT + mark * NIGHT)
        read.append({table: _read(engine, table.name) for table in brought if table not in FACTS})
        read[-1] |= {fact: _read(engine, fact.name, f"WHERE release_id = {mark}") for fact in FACTS if fact in brought}
    for number, tables in enumerate(read, 1):
        for table, then in tables.items():
            now = _read(engine, f"published_as_of_{table.name}", f"WHERE release_id = {number}")
            kept = 1 if table in FACTS else 2
            assert {(row[0], *row[2:]) if kept == 1 else row[2:] for row in now} == then != set(), table.name


def test_the_release_of_a_time_is_found(engine: Engine) -> None:
    for mark in (1, 2):
        publish(engine, edition(mark), "v1", PUBLISHED_AT + mark * NIGHT)
    with reading(engine) as connection:
        moments = (NIGHT / 2, NIGHT, 3 * NIGHT / 2, 9 * NIGHT)
        assert [release_as_of(connection, PUBLISHED_AT + each) for each in moments] == [None, 1, 1, 2]


def test_a_rollback_is_a_new_release_of_the_old_parts(engine: Engine) -> None:
    for mark in (1, 2, 3):
        publish(engine, edition(mark), "v1", PUBLISHED_AT)
    before = {table: _read(engine, f"published_as_of_{table.name}") for table in PUBLISHED}
    assert roll_back(engine, 1, "v1", PUBLISHED_AT + NIGHT) == 4
    assert marks(engine) == {"1"}
    for table, rows in before.items():
        assert rows <= _read(engine, f"published_as_of_{table.name}")  # no history is rewritten
    with reading(engine) as connection:
        newest = releases(connection)[0]
    assert (newest["kind"], newest["source_release_id"]) == ("rollback", 1)
    roll_back(engine, None, "v1", PUBLISHED_AT + NIGHT)
    assert marks(engine) == {"3"}


def test_a_rollback_holds_lock_and_token_too(engine: Engine) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    with pytest.raises(UnknownReleaseError, match="没有更早的发布可回退"):
        roll_back(engine, None, "v1", PUBLISHED_AT)
    with pytest.raises(UnknownReleaseError, match="没有第 7 次发布；保留的发布：1"):
        roll_back(engine, 7, "v1", PUBLISHED_AT)
    publish(engine, edition(2), "v1", PUBLISHED_AT)
    orphan = take_token(engine)
    take_token(engine)
    with pytest.raises(PublicationLostError):
        roll_back(engine, 1, "v1", PUBLISHED_AT, token=orphan)
    assert marks(engine) == {"2"}


def test_retention_removes_what_no_release_holds_and_nothing_else(engine: Engine) -> None:
    first = edition(1)
    units = pa.Table.from_pylist([{**first.tables["fact_indicator"].to_pylist()[0], "level": "county"}])
    publish(engine, replace(first, tables={**first.tables, "fact_indicator": units}), "v1", PUBLISHED_AT)
    for mark in (2, 3, 3):
        publish(engine, edition(mark), "v1", PUBLISHED_AT, keep_releases=2)
    told = {row[0] for row in _rows(engine, select(release_change.c.release_id))}
    assert 1 in told  # what moved is kept longer than the releases
    held = {row[0] for row in _rows(engine, select(release_part.c.part_id))}
    assert {row[0] for row in _rows(engine, select(part.c.part_id))} == held
    for stored in STORED.values():
        assert {row[0] for row in _rows(engine, select(stored.c.part_id).distinct())} <= held
    assert marks(engine) == {"3"}


def test_what_moved_is_told_with_both_sides(engine: Engine) -> None:
    def reason(year: int, indicator: str, region: str) -> str:
        return f"{year} {indicator} {region[-2:]}"

    given = edition(1, schools=4)
    publish(engine, given, "v1", PUBLISHED_AT)
    rows = given.tables["fact_indicator"].to_pylist()
    rows[1]["value"] = 0.75
    moved = [rows[0], rows[1], rows[3], {**rows[2], "region_code": "4331999999"}]
    tables = {**given.tables, "fact_indicator": pa.Table.from_pylist(moved, given.tables["fact_indicator"].schema)}
    publish(engine, Edition(tables, (2020,), reason), "v1", PUBLISHED_AT)
    told = release_change.c
    names = (
        told.region_code,
        told.value_before,
        told.value_after,
        told.maturity_before,
        told.maturity_after,
        told.reason,
    )
    assert _rows(engine, select(*names).where(told.release_id == 2).order_by(told.region_code)) == [
        ("4331990001", 0.125, 0.75, "confirmed", "confirmed", "2020 share 01"),
        ("4331990002", pytest.approx(1 / 6), None, "confirmed", None, "2020 share 02"),
        ("4331999999", None, pytest.approx(1 / 6), None, "confirmed", "2020 share 99"),
    ]


def test_a_key_that_stands_in_two_parts_is_refused() -> None:
    given = edition(1)
    rows = given.tables["finding"].to_pylist()
    twice = [{**row, "period": period} for row in rows for period in ("2019-2020", "2020-2021")]
    with pytest.raises(EditionError, match="finding.*有重复"):
        replace(given, tables={**given.tables, "finding": pa.Table.from_pylist(twice)}).fitted()


def test_a_parent_that_is_not_brought_is_missed() -> None:
    given = edition(1)
    tables = {name: rows for name, rows in given.tables.items() if name != "dim_region"}
    with pytest.raises(EditionError, match="dim_school.*缺少所指的表 dim_region"):
        replace(given, tables=tables).fitted()


def test_the_digest_tells_values_names_and_nothing_else() -> None:
    rows = pa.table({"a": ["", None], "b": [1, 2]})
    digest = Piece(dim_school, "", rows).digest
    assert Piece(finding, "x", pa.concat_tables([rows.slice(0, 1), rows.slice(1)])).digest == digest
    assert Piece(fact_indicator, "", rows.rename_columns(["a", "c"])).digest != digest
    assert Piece(fact_indicator, "", pa.table({"a": [None, ""], "b": [1, 2]})).digest != digest
