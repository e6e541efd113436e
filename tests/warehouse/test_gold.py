"""The Parquet copies hold the newest release, whole and typed."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from warehouse.gold import write_gold
from warehouse.publish import publish
from warehouse.schema import DIMENSIONS, FACTS, THEMES

from .editions import PUBLISHED_AT, content, edition
from .made_up import ROWS


def test_the_copies_are_the_newest_release(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    publish(engine, edition(2), "v1", PUBLISHED_AT)
    counts = write_gold(engine, tmp_path / "gold")
    assert counts == {
        "dim_region": 2, "dim_unit": 4, "dim_year": 1, "dim_school": 30, "dim_indicator": 1, "dim_commitment": 1,
        "dim_rule": 1, "dim_code": 4, "dim_size_band": 4, "fact_indicator": 60, "fact_verdict": 2,
        **{table.name: 2 * ROWS for table in THEMES},
    }  # fmt: skip
    assert {path.name for path in (tmp_path / "gold").iterdir()} == {f"{name}.parquet" for name in counts}
    for table in (*DIMENSIONS, *FACTS):
        copy = pq.read_table(tmp_path / "gold" / f"{table.name}.parquet")
        assert copy.schema.metadata[b"release_id"] == b"2"
        assert copy.num_rows == counts[table.name]
    figures = pq.read_table(tmp_path / "gold" / "fact_indicator.parquet")
    assert set(figures["release_id"].to_pylist()) == {2}
    assert figures.schema.field("numerator").type == pa.decimal128(28, 4)
    assert figures.schema.field("year").metadata[b"comment"] == "年度 / plan year".encode()


def test_a_dimension_comes_back_as_it_was(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    write_gold(engine, tmp_path)
    for table in DIMENSIONS:
        copy = pq.read_table(tmp_path / f"{table.name}.parquet")
        assert copy.sort_by([(name, "ascending") for name in copy.column_names]).equals(content(engine, table))


def test_without_a_release_nothing_is_written(engine: Engine, tmp_path: Path) -> None:
    assert write_gold(engine, tmp_path / "gold") == {}
    assert not (tmp_path / "gold").exists()


def test_copies_that_cannot_be_written_leave_the_older_ones(engine: Engine, tmp_path: Path) -> None:
    publish(engine, edition(1, schools=3), "v1", PUBLISHED_AT)
    write_gold(engine, tmp_path / "gold")
    publish(engine, edition(2, schools=5), "v1", PUBLISHED_AT)
    with engine.begin() as connection:
        others = "CASCADE" if engine.dialect.name == "postgresql" else ""
        connection.exec_driver_sql(f"DROP VIEW fact_verdict {others}")
    with pytest.raises(DBAPIError):
        write_gold(engine, tmp_path / "gold")
    assert pq.read_table(tmp_path / "gold" / "dim_school.parquet").num_rows == 3
    assert len(list((tmp_path / "gold").iterdir())) == len(DIMENSIONS) + len(FACTS)
