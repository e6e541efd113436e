"""A release is complete and all of one piece, whatever happens while it is made."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, Select, Table, func, select, text

from warehouse.bulk import insert_rows
from warehouse.connect import open_engine, reading, sqlite_url, writing
from warehouse.edition import Edition, fit
from warehouse.errors import EditionError, PublicationFailedError, PublicationLostError
from warehouse.migrate import migrate
from warehouse.publish import publish, take_token
from warehouse.schema import FACTS, REPLACED, STORED, fact_indicator, fact_verdict, finding, part, release, submission
from warehouse.views import view_queries

from .conftest import ENGINES
from .editions import PUBLISHED_AT, content, edition, marks


def _all(engine: Engine, *columns: Any) -> list[tuple[Any, ...]]:
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(*columns))]


def _shown(engine: Engine, query: Select[Any]) -> list[str]:
    """The rows of a view's select in an order of their own, decimals without the zeros at their end."""
    with reading(engine) as connection:
        rows = connection.execute(query).all()
    return sorted(repr([v.normalize() if isinstance(v, Decimal) else v for v in row]) for row in rows)


def _with(given: Edition, name: str, **columns: Any) -> Edition:
    table = given.tables[name]
    for column, values in columns.items():
        array = values if isinstance(values, pa.Array) else pa.array([values] * table.num_rows)
        at = table.column_names.index(column) if column in table.column_names else table.num_columns
        table = (table.remove_column(at) if at < table.num_columns else table).append_column(column, array)
    return replace(given, tables={**given.tables, name: table})


def _part(table: Table) -> Any:
    return select(part.c.part_id).where(part.c.table_name == table.name).limit(1)


def test_what_is_published_is_what_was_handed_over(engine: Engine) -> None:
    given = edition(1)
    assert publish(engine, given, "v1", PUBLISHED_AT.astimezone(timezone(timedelta(hours=8)))) == 1
    assert _all(engine, *release.c) == [(1, PUBLISHED_AT, "v1", "2020", "run", 1, None)]
    for table in (*REPLACED, *FACTS):
        expected = fit(table, given.tables[table.name])
        assert content(engine, table).equals(expected.sort_by([(name, "ascending") for name in expected.column_names]))


def test_both_engines_hold_equal_tables(new_url: Callable[[str], str]) -> None:
    engines = [open_engine(new_url(kind)) for kind in ENGINES]
    for one in engines:
        migrate(one)
        publish(one, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
        publish(one, edition(2), "v1", PUBLISHED_AT)
    for table in (release, *REPLACED, *FACTS):
        left, right = (content(one, table) for one in engines)
        assert left.num_rows > 0
        assert left.equals(right), table.name
    for name, query in view_queries().items():
        left_rows, right_rows = (_shown(one, query) for one in engines)
        assert left_rows == right_rows, name
        assert left_rows or name in {"v_pub_indicator", "v_公开_指标"}, name  # the edition has no public indicator
    for one in engines:
        one.dispose()


def test_the_same_content_again_gives_the_same_tables(engine: Engine) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    before = {table: content(engine, table) for table in REPLACED}
    publish(engine, edition(1), "v1", PUBLISHED_AT + timedelta(days=1))
    assert {table: content(engine, table) for table in REPLACED} == before
    for fact in FACTS:
        first, second = (
            [row[1:] for row in _all(engine, *fact.c) if row[0] == release_id] for release_id in (1, 2)
        )  # fmt: skip
        assert first == second != []


def test_years_not_computed_are_carried_over_unchanged(engine: Engine) -> None:
    publish(engine, edition(1, years=(2018, 2019, 2020)), "v1", PUBLISHED_AT)
    publish(engine, edition(2, years=(2020,)), "v1", PUBLISHED_AT)
    for fact, mark in ((fact_indicator, "parameters"), (fact_verdict, "explanation_zh")):
        rows = _all(engine, fact.c.release_id, fact.c.year, func.substr(fact.c[mark], 1, 3))
        assert {row[1:] for row in rows if row[0] == 2} == {(2018, "第1版"), (2019, "第1版"), (2020, "第2版")}
    older = [row[2:] for row in _all(engine, *fact_indicator.c) if row[:2] == (1, 2019)]
    newer = [row[2:] for row in _all(engine, *fact_indicator.c) if row[:2] == (2, 2019)]
    assert older == newer != []


def test_an_edition_before_any_list_of_schools_is_published(engine: Engine) -> None:
    told = edition(1)
    unlisted = replace(told, tables={**told.tables, "dim_school": told.tables["dim_school"].slice(0, 0)})
    assert publish(engine, unlisted, "v1", PUBLISHED_AT) == 1


def test_an_edition_without_years_keeps_all_figures(engine: Engine) -> None:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    nothing = {fact.name: edition(2).tables[fact.name].slice(0, 0) for fact in FACTS}
    publish(engine, Edition(nothing, ()), "v1", PUBLISHED_AT)
    assert [row[1] for row in _all(engine, fact_verdict.c.release_id, fact_verdict.c.year)] == [2019, 2020] * 2
    assert marks(engine) == {"1"}


def test_a_computed_year_without_rows_is_empty_afterwards(engine: Engine) -> None:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    empty = {fact.name: edition(2).tables[fact.name].slice(0, 0) for fact in FACTS}
    publish(engine, Edition(empty, (2020,)), "v1", PUBLISHED_AT)
    assert _all(engine, fact_verdict.c.release_id, fact_verdict.c.year) == [(1, 2019), (1, 2020), (2, 2019)]


def test_only_the_newest_releases_are_kept(engine: Engine) -> None:
    for mark in range(1, 6):
        publish(engine, edition(mark), "v1", PUBLISHED_AT, keep_releases=3)
    assert _all(engine, release.c.release_id) == [(3,), (4,), (5,)]
    assert set(_all(engine, fact_indicator.c.release_id)) == {(3,), (4,), (5,)}
    publish(engine, edition(6), "v1", PUBLISHED_AT, keep_releases=0)
    assert _all(engine, release.c.release_id) == [(6,)]


def test_an_orphan_loses_whoever_comes_last(engine: Engine) -> None:
    orphan = take_token(engine)
    later = take_token(engine)
    with pytest.raises(PublicationLostError, match=f"令牌 {orphan} 已被 {later} 取代"):
        publish(engine, edition(1), "v1", PUBLISHED_AT, token=orphan)
    assert publish(engine, edition(2), "v1", PUBLISHED_AT, token=later) == 1
    with pytest.raises(PublicationLostError):
        publish(engine, edition(1), "v1", PUBLISHED_AT, token=orphan)
    assert marks(engine) == {"2"}
    assert publish(engine, edition(3), "v1", PUBLISHED_AT, token=later) == 2


def test_a_token_taken_while_another_publishes_waits_for_it(engine: Engine, url: str) -> None:
    second, taken = open_engine(url), []
    with writing(engine) as connection:
        connection.execute(text("UPDATE publication_token SET token = 41"))
        thread = threading.Thread(target=lambda: taken.append(take_token(second)))
        thread.start()
        thread.join(0.2)
        assert taken == []
    thread.join()
    assert taken == [42]
    second.dispose()


def test_readers_see_the_release_before_until_the_commit(engine: Engine, url: str) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    reader = open_engine(url)
    given = edition(2)
    with writing(engine) as connection:
        for table in (finding, submission):
            stored = STORED[table]
            connection.execute(stored.delete())
            rows, number = fit(table, given.tables[table.name]), connection.execute(_part(table)).scalar_one()
            insert_rows(
                connection, stored, rows.append_column("part_id", pa.array([number] * rows.num_rows, pa.int32()))
            )
        assert marks(reader) == {"1"}
    assert marks(reader) == {"1", "2"}  # the control: a half publication would be seen
    reader.dispose()


def test_a_publication_that_fails_late_leaves_the_release_before(engine: Engine) -> None:
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    with pytest.raises(PublicationFailedError, match="已全部撤回") as caught:
        publish(engine, _with(edition(2), "fact_verdict", verdict="reached"), "v1", PUBLISHED_AT)
    assert marks(engine) == {"1"}
    assert _all(engine, release.c.release_id) == [(1,)]
    assert not caught.value.retry
    assert publish(engine, edition(3), "v1", PUBLISHED_AT) == 2


def test_a_full_disk_leaves_the_release_before(tmp_path: Path) -> None:
    engine = open_engine(sqlite_url(tmp_path / "warehouse.db"))
    migrate(engine)
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    with engine.connect() as connection:  # the one pooled connection, which keeps its limit
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 20}")
    with pytest.raises(PublicationFailedError, match="disk is full.*已全部撤回"):
        publish(engine, edition(2, findings=5_000), "v1", PUBLISHED_AT)
    assert marks(engine) == {"1"}
    engine.dispose()
    assert publish(engine, edition(3), "v1", PUBLISHED_AT) == 2
    assert marks(engine) == {"3"}
    engine.dispose()


def test_a_refusal_quotes_no_value_of_the_row(engine: Engine) -> None:
    for name, value in (("fact_indicator", "4331990000"), ("finding", "0001000000000000")):
        double = edition(1)
        twice = pa.concat_tables([double.tables[name]] * 2)
        with pytest.raises((PublicationFailedError, EditionError)) as caught:
            publish(engine, replace(double, tables={**double.tables, name: twice}), "v1", PUBLISHED_AT)
        assert name in str(caught.value)
        assert value not in "".join(traceback.format_exception(caught.value))


def test_a_dimension_that_does_not_hold_is_refused(engine: Engine) -> None:
    with pytest.raises(EditionError, match="dim_school.*unit_code.*dim_region"):
        publish(engine, _with(edition(1), "dim_school", unit_code="433188"), "v1", PUBLISHED_AT)
    assert _all(engine, release.c.release_id) == []


def test_a_word_outside_the_lists_is_refused(engine: Engine) -> None:
    with pytest.raises(PublicationFailedError, match="verdict"):
        publish(engine, _with(edition(1), "fact_verdict", verdict="reached"), "v1", PUBLISHED_AT)


@pytest.mark.parametrize(
    "exact", ["0.0001", "0.57", "12345678901.2345", "9007199254740993", "-3", "9223372036854775807"]
)
def test_no_digit_of_an_exact_number_is_lost(engine: Engine, exact: str) -> None:
    given = _with(edition(1), "fact_verdict", numerator=pa.array([Decimal(exact)]))
    publish(engine, given, "v1", PUBLISHED_AT)
    assert _all(engine, fact_verdict.c.numerator) == [(Decimal(exact),)]
    with reading(engine) as connection:
        found = select(fact_verdict.c.verdict).where(fact_verdict.c.numerator == Decimal(exact))
        assert connection.execute(found).scalars().all() == ["missed"]


@pytest.mark.parametrize("exact", ["123456789012.3456", "9223372036854775808"])
def test_more_digits_than_sqlite_keeps_are_refused_there(engine: Engine, exact: str) -> None:
    given = _with(edition(1), "fact_verdict", numerator=pa.array([Decimal(exact)]))
    if engine.dialect.name == "sqlite":
        with pytest.raises(EditionError, match="numerator.*PostgreSQL"):
            publish(engine, given, "v1", PUBLISHED_AT)
    else:
        publish(engine, given, "v1", PUBLISHED_AT)
        assert _all(engine, fact_verdict.c.numerator) == [(Decimal(exact),)]


@pytest.mark.parametrize(
    ("name", "columns", "fault"),
    [
        ("fact_indicator", {"numerator": 0.1}, "列 numerator 应为 decimal128"),
        ("fact_indicator", {"numerator": pa.array([Decimal("0.00001")] * 30)}, "列 numerator 有数值超出"),
        ("fact_indicator", {"year": 2019}, r"未申报的年度 \['2019'\]"),
        ("fact_indicator", {"release_id": 1}, r"多出列 \['release_id'\]"),
        ("finding", {"rule": "x"}, r"多出列 \['rule'\]"),
        ("finding", {"message": None}, "列 message 有 60 个空值"),
        ("finding", {"row": 2**40}, "列 row 有数值超出"),
        ("submission", {"received_at": datetime(2020, 9, 1)}, "列 received_at 应为 timestamp"),  # noqa: DTZ001
        ("dim_school", {"school_code": 4331990000}, "列 school_code 应为 string"),
        ("dim_school", {"valid_from": "2020-09-01"}, "列 valid_from 应为 date32"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(name: str, columns: dict[str, Any], fault: str) -> None:
    with pytest.raises(EditionError, match=f"{name}.*{fault}"):
        _with(edition(1), name, **columns).fitted()


def test_what_does_not_fit_is_refused_before_anything_is_written(engine: Engine) -> None:
    with pytest.raises(EditionError):
        publish(engine, _with(edition(1), "finding", rule="x"), "v1", PUBLISHED_AT)
    assert take_token(engine) == 1


def test_an_unknown_table_and_a_missing_fact_are_refused() -> None:
    with pytest.raises(EditionError, match="dim_nothing.*没有此表"):
        Edition({"dim_nothing": pa.table({"a": [1]})}, ()).fitted()
    with pytest.raises(EditionError, match="fact_indicator.*缺少此表"):
        Edition({}, ()).fitted()
    with pytest.raises(EditionError, match="fact_indicator.*year 列"):
        Edition({"fact_indicator": pa.table({"level": ["school"]})}, ()).fitted()


def test_a_nul_in_a_message_does_not_stop_a_publication(engine: Engine) -> None:
    publish(engine, _with(edition(1), "finding", message="第1版 a\x00b"), "v1", PUBLISHED_AT)
    assert set(_all(engine, finding.c.message)) == {("第1版 a\ufffdb",)}


def test_the_time_of_publication_needs_a_zone(engine: Engine) -> None:
    with pytest.raises(Exception, match="时区"):
        publish(engine, edition(1), "v1", PUBLISHED_AT.replace(tzinfo=None))
    assert _all(engine, release.c.release_id) == []
    publish(engine, edition(1), "v1", PUBLISHED_AT)
    assert _all(engine, release.c.published_at)[0][0].tzinfo is UTC
