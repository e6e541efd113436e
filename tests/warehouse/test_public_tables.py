"""Public tables are made with every release, hold no small count, and tell none together with those before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select, text

from benchmarks.attack import attack_public
from warehouse.connect import reading
from warehouse.edition import Edition
from warehouse.errors import EditionError
from warehouse.publish import publish, roll_back
from warehouse.schema import PUBLIC, pub_aid, pub_enrolment

from .editions import PUBLISHED_AT, edition

UNITS = ("433101", "433122", "433123", "433124")
STAGES = ("小学", "初中", "特教")


def _pupils(small: int) -> pa.Table:
    """Four units of three stages; in one of them the special school has so few pupils."""
    rows: list[dict[str, Any]] = []
    for i, unit in enumerate(UNITS):
        for j, stage in enumerate(STAGES):
            pupils = small if (unit, stage) == (UNITS[0], "特教") else 40 + 30 * i + 100 * j
            rows.append({"unit_code": unit, "stage": stage, "pupils": pupils, "girls": pupils // 2})
    key = {"year": 2020, "school_code": "4331990001", "grade": "P1"}
    return pa.Table.from_pylist([{**key, **row} for row in rows])


def _payments() -> pa.Table:
    key = {"year": 2020, "school_code": "4331990001", "term": "spring", "category": "残疾"}
    rows = [{**key, "unit_code": unit, "project": project, "payments": payments}
            for unit, counts in zip(UNITS, ((3, 50), (60, 70), (80, 90), (100, 110)), strict=True)
            for project, payments in zip(("甲", "乙"), counts, strict=True)]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _edition(small: int) -> Edition:
    given = edition(1, schools=3, findings=1)
    prefecture = {
        "year": 2020, "indicator_id": "share", "region_code": "433100", "level": "prefecture", "maturity": "confirmed",
    }  # fmt: skip
    facts = pa.concat_tables(
        [given.tables["fact_indicator"], pa.Table.from_pylist([prefecture])], promote_options="default"
    )
    tables = {**given.tables, "fact_indicator": facts, "fact_enrolment": _pupils(small), "fact_aid": _payments()}
    return replace(given, tables=tables)


def _statuses(engine: Engine, table: Any) -> dict[tuple[Any, ...], str]:
    keys = list(table.primary_key.columns)
    with reading(engine) as connection:
        return {tuple(row[:-1]): row[-1] for row in connection.execute(select(*keys, table.c.status))}


def test_small_counts_are_hidden_with_what_would_tell_them(engine: Engine) -> None:
    publish(engine, _edition(4), "test", PUBLISHED_AT)
    enrolment = _statuses(engine, pub_enrolment)
    hidden = {key for key, status in enrolment.items() if status == "c"}
    assert (2020, UNITS[0], "特教", "pupils") in hidden
    assert len(hidden) < len(enrolment) / 2
    assert (2020, "433100", "全部", "pupils") not in hidden
    assert "c" in _statuses(engine, pub_aid).values()
    with reading(engine) as connection:
        assert not attack_public(connection, 2020).pinned(5)
        assert attack_public(connection, 2020, is_naive=True).pinned(5)


@pytest.mark.parametrize(("before", "after"), [(4, 44), (44, 4), (4, 6)])
def test_two_releases_together_tell_no_small_count(engine: Engine, before: int, after: int) -> None:
    publish(engine, _edition(before), "test", PUBLISHED_AT)
    publish(engine, _edition(after), "test", PUBLISHED_AT + timedelta(days=1))
    with reading(engine) as connection:
        attacker = attack_public(connection, 2020)
        assert not attacker.pinned(5)
        assert not attacker.pinned(5, attacker.small())


def test_a_night_without_news_shares_the_public_tables_and_a_way_back_brings_them(engine: Engine) -> None:
    first, second = _edition(4), _edition(44)
    publish(engine, first, "test", PUBLISHED_AT)
    was = _statuses(engine, pub_enrolment)
    publish(engine, first, "test", PUBLISHED_AT)
    assert _statuses(engine, pub_enrolment) == was
    with reading(engine) as connection:
        parts = "SELECT count(DISTINCT part_id) FROM release_part WHERE table_name = 'pub_enrolment'"
        assert connection.execute(text(parts)).scalar_one() == 1
    publish(engine, second, "test", PUBLISHED_AT)
    roll_back(engine, 1, "test", PUBLISHED_AT)
    assert _statuses(engine, pub_enrolment) == was


def test_no_column_of_a_public_table_crosses_what_is_sensitive() -> None:
    columns = {column.name for table in PUBLIC for column in table.columns}
    assert not columns & {"school_code", "township_code", "category", "grade", "subject", "score_sum", "amount_due"}
    assert not {name for name in columns if name.startswith("disabled")}


def test_no_edition_brings_public_rows_of_its_own(engine: Engine) -> None:
    given = _edition(4)
    rows = pa.table({"year": [2020], "region_code": ["433101"]})
    with pytest.raises(EditionError):
        publish(engine, replace(given, tables={**given.tables, "pub_aid": rows}), "test", PUBLISHED_AT)
