"""What a real run publishes is the same on SQLite and on PostgreSQL: every table and every view, row for row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Select

from assets.releases.tables import release_tables
from tests.pipelines.homes import Home
from tests.warehouse.editions import PUBLISHED_AT, content
from warehouse.connect import open_engine, reading, sqlite_url
from warehouse.edition import Edition
from warehouse.migrate import migrate
from warehouse.publish import publish
from warehouse.schema import FACTS, PUBLISHED
from warehouse.views import view_queries

pytestmark = pytest.mark.xdist_group("sample")

Engines = tuple[Engine, Engine]


@pytest.fixture(scope="module")
def engines(sample: Home, postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Two warehouses to which the sample's two years were handed over, one after the other."""
    folder: Path = tmp_path_factory.mktemp("both")
    both = open_engine(sqlite_url(folder / "warehouse.db")), open_engine(postgresql_url)
    house = sample.settings.house()
    editions = [Edition(release_tables(house, [year]), (year,)) for year in (2019, 2020)]
    for engine in both:
        migrate(engine)
        for edition in editions:
            publish(engine, edition, "test", PUBLISHED_AT)
    yield both
    for engine in both:
        engine.dispose()


def test_every_table_is_equal_and_every_fact_has_rows(engines: Engines) -> None:
    for table in PUBLISHED:
        left, right = (content(engine, table) for engine in engines)
        assert left.equals(right), table.name
        assert left.num_rows > 0 or table not in FACTS, table.name


def test_every_view_is_equal_and_shows_something(engines: Engines) -> None:
    for name, query in view_queries().items():
        left, right = (shown(engine, query) for engine in engines)
        assert left == right != [], name


def shown(engine: Engine, query: Select[Any]) -> list[str]:
    """The rows of a view in an order of their own, decimals without the zeros at their end."""
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return sorted(repr([v.normalize() if isinstance(v, Decimal) else v for v in row]) for row in rows)
