"""Nothing small can be worked out of what the sample publishes, neither by everybody nor by analysts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, NullPool, create_engine, make_url, select, text

from assets.clock import now_in_shanghai
from benchmarks.attack import PROTECTIONS, attack_as_analyst, attack_public
from benchmarks.warehouse import release_of
from warehouse.connect import open_engine, reading, sqlite_url
from warehouse.edition import Edition
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.schema import PUBLIC

from .homes import Home

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def published(sample: Home) -> Iterator[Engine]:
    """The warehouse of the sample."""
    engine = open_engine(sqlite_url(sample.home / "warehouse.db"))
    yield engine
    engine.dispose()


def test_the_public_tables_of_the_sample_hold_against_an_attack_that_breaks_small_counts_alone(
    published: Engine,
) -> None:
    with reading(published) as connection:
        attacker = attack_public(connection, 2020)
        assert not attacker.pinned(5)
        assert not attacker.pinned(5, attacker.small())
        assert attack_public(connection, 2020, is_naive=True).pinned(5)
        told = [row for table in PUBLIC for row in connection.execute(select(table.c.status)).scalars()]
    assert told.count("ok") > 4 * told.count("c") > 0


def test_what_analysts_read_of_the_sample_holds_too(published: Engine, postgresql_url: str) -> None:
    width = PROTECTIONS.analysts.width
    url = make_url(postgresql_url)
    admin = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS sample WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE sample"))
    engine = open_engine(url.set(database="sample"))
    migrate(engine)
    publish(engine, Edition(release_of(published), (2020,)), "test", now_in_shanghai())
    with reading(engine) as connection:
        attacker, naive = attack_as_analyst(connection, 2020)
    engine.dispose()
    assert not attacker.pinned(width)
    assert not attacker.pinned(width, attacker.small())
    assert naive.pinned(width)
    assert len(attacker.hidden) < len(attacker.truth) / 8
