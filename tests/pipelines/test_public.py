"""Nothing small can be worked out of what the sample publishes."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from benchmarks.attack import attack_public
from warehouse.connect import open_engine, reading, sqlite_url
from warehouse.schema import PUBLIC

from .homes import Home

pytestmark = pytest.mark.xdist_group("sample")


@pytest.mark.parametrize("year", [2019, 2020])
def test_the_public_tables_of_the_sample_hold_against_an_attack_that_breaks_small_counts_alone(
    sample: Home, year: int
) -> None:
    engine = open_engine(sqlite_url(sample.home / "warehouse.db"))
    with reading(engine) as connection:
        attacker = attack_public(connection, year)
        assert not attacker.pinned(5)
        assert not attacker.pinned(5, attacker.small(10))
        assert attack_public(connection, year, is_naive=True).pinned(5)
        told = [row for table in PUBLIC for row in connection.execute(select(table.c.status)).scalars()]
    engine.dispose()
    assert told.count("ok") > 4 * told.count("c") > 0
