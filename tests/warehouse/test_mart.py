"""Analysts read no small count in `mart`, and work none out of it, read as the role that they are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, make_url, text

from benchmarks.attack import PROTECTIONS, attack_as_analyst, read_as_analyst, truth_of
from benchmarks.attacker import Attacker
from warehouse.connect import open_engine, reading, writing
from warehouse.edition import Edition
from warehouse.mart import withheld_queries
from warehouse.migrate import migrate
from warehouse.publish import publish, roll_back

from .editions import PUBLISHED_AT, edition

UNITS = ("433101", "433122", "433123", "433124")
PREFECTURE = "433100"
Sides = tuple[int, int | None]
LEAST, WIDTH = PROTECTIONS.analysts.least, PROTECTIONS.analysts.width


def _figures(year: int, told: Mapping[str, tuple[Sides, ...]]) -> list[dict[str, Any]]:
    """The figures of the units by indicator, and the prefecture's, which are their sums."""
    rows = []
    for indicator, sides in told.items():
        whole = tuple(None if None in side else sum(side) for side in zip(*sides, strict=True))
        for region, (n, d) in zip((*UNITS, PREFECTURE), (*sides, whole), strict=True):
            level = "prefecture" if region == PREFECTURE else "county"
            rows.append({
                "year": year, "indicator_id": indicator, "region_code": region, "level": level, "numerator": Decimal(n),
                "denominator": d and Decimal(d), "value": n / d if d else float(n), "maturity": "confirmed",
                "unknown_count": 1,
            })  # fmt: skip
    return rows


def _verdicts(year: int, told: Mapping[str, tuple[Sides, ...]], before: tuple[Sides, ...] = ()) -> list[dict[str, Any]]:
    """A verdict on each figure, held against the year before where there is one."""
    past = {region: float(n) for region, (n, _) in zip(UNITS, before, strict=False)}
    return [
        {"year": year, "commitment_id": f"T-{row['indicator_id']}", "region_code": row["region_code"],
         "indicator_id": row["indicator_id"], "numerator": row["numerator"], "denominator": row["denominator"],
         "value": row["value"], "comparison": "rise" if before else "ge", "verdict": "missed", "maturity": "confirmed",
         "gap": Decimal(7), "gap_verb": "聘", "gap_unit": "名", "gap_part": 2, "worst_value": 4.0,
         "worst_region_code": UNITS[0], "value_before": past.get(row["region_code"]),
         "trend": "better" if past else None}
        for row in _figures(year, told)
    ]  # fmt: skip


def _edition(
    told: Mapping[str, tuple[Sides, ...]],
    *,
    year: int = 2020,
    before: tuple[Sides, ...] = (),
    teachers: tuple[int, ...] = (50, 60, 70, 80),
    special: tuple[int, ...] = (20, 30, 40, 50),
) -> Edition:
    given = edition(1, years=(year,), schools=3, findings=1)
    key = {"year": year, "school_code": "4331990001"}
    pupils = [
        {**key, "unit_code": unit, "grade": "P1", "stage": stage, "pupils": n, "girls": n // 2}
        for unit, few in zip(UNITS, special, strict=True) for stage, n in (("小学", 300), ("特教", few))
    ]  # fmt: skip
    staff = [{**key, "unit_code": unit, "stage": "小学", "staff": 90, "teachers": n}
             for unit, n in zip(UNITS, teachers, strict=True)]  # fmt: skip
    aid = [{**key, "unit_code": unit, "term": "spring", "project": "甲", "category": "残疾", "payments": 40 + i,
            "amount_paid": 5000} for i, unit in enumerate(UNITS)]  # fmt: skip
    indicator = given.tables["dim_indicator"].to_pylist()[0]
    promise = given.tables["dim_commitment"].to_pylist()[0] | {"plan_year": year}
    regions = [{"region_code": code, "level": "county", "name_zh": code, "is_county": True} for code in UNITS]
    units = [{"unit_code": code, "name_zh": code, "name_en": code, "is_county": True, "is_bureau": False}
             for code in UNITS]  # fmt: skip
    day = {"year": year, "school_year_starts_on": date(year, 9, 1)}
    rows = {
        "dim_indicator": [indicator, *({**indicator, "indicator_id": name} for name in told)],
        "dim_commitment": [{**promise, "commitment_id": f"T-{name}", "indicator_id": name} for name in told],
        "dim_region": [*given.tables["dim_region"].to_pylist(), *regions], "dim_unit": units,
        "dim_year": [{**given.tables["dim_year"].to_pylist()[0], **day}],
        "fact_indicator": _figures(year, told), "fact_verdict": _verdicts(year, told, before),
        "fact_enrolment": pupils, "fact_staff": staff, "fact_aid": aid,
    }  # fmt: skip
    return replace(given, tables={**given.tables, **{name: pa.Table.from_pylist(each) for name, each in rows.items()}})


@contextmanager
def _as_analyst(engine: Engine) -> Iterator[Connection]:
    with reading(engine) as connection:
        connection.exec_driver_sql("SET LOCAL ROLE analyst; SET LOCAL search_path = mart, pub")
        yield connection


def _rows(engine: Engine, query: str) -> list[dict[str, Any]]:
    with _as_analyst(engine) as connection:
        return [dict(row) for row in connection.execute(text(query)).mappings()]


def _statuses(engine: Engine, indicator: str) -> dict[str, str]:
    rows = _rows(engine, f"SELECT * FROM fact_indicator WHERE indicator_id = '{indicator}'")  # noqa: S608
    assert all((row["value"] is None) is (row["status"] == "c") for row in rows)
    assert all(row["numerator"] is row["unknown_count"] is None for row in rows if row["status"] == "c")
    return {row["region_code"]: row["status"] for row in rows}


def _counts(*counts: int) -> tuple[Sides, ...]:
    return tuple((n, None) for n in counts)


TOLD = {
    "coaches": _counts(4, 3, 5, 70),
    "athletes_sent": _counts(4, 50, 60, 70),
    "new_loans": _counts(2, 30, 1, 90),
    "absence_rate_gaokao": ((96, 100), (150, 200), (150, 300), (150, 400)),
    "violation_rate_academic": ((95, 100), (150, 200), (150, 300), (0, 400)),
    "trainee_graduation": ((97, 100), (120, 150), (90, 180), (3, 200)),
    "dropouts_compulsory": _counts(50, 60, 70, 0),
}


@pytest.fixture(scope="module")
def told(migrated: Callable[[str], str]) -> Iterator[Engine]:
    """A warehouse in which few of this and that are published."""
    address = make_url(migrated("postgresql"))
    admin = create_engine(address.set(database="postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS mart WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE mart TEMPLATE {address.database}"))
    engine = open_engine(address.set(database="mart"))
    publish(engine, _edition(TOLD, special=(4, 3, 40, 50), teachers=(88, 60, 70, 80)), "test", PUBLISHED_AT)
    yield engine
    engine.dispose()


def test_four_persons_are_withheld_and_five_told(told: Engine) -> None:
    assert _statuses(told, "coaches") == dict(zip((PREFECTURE, *UNITS), ("ok", "c", "c", "ok", "ok"), strict=True))
    view = _rows(told, "SELECT 区划或学校代码, 数值, 状态 FROM v_指标 WHERE 指标代码 = 'coaches' ORDER BY 1")
    assert view[1] == {"区划或学校代码": UNITS[0], "数值": None, "状态": "为保护个人不公布"}
    assert view[3] == {"区划或学校代码": UNITS[2], "数值": 5.0, "状态": "如数公布"}


def test_what_subtraction_would_tell_is_withheld_too(told: Engine) -> None:
    assert list(_statuses(told, "athletes_sent").values()).count("c") == 2


def test_a_share_is_withheld_with_the_few_that_it_does_not_count(told: Engine) -> None:
    assert _statuses(told, "absence_rate_gaokao")[UNITS[0]] == "c"
    assert set(_statuses(told, "violation_rate_academic").values()) == {"ok"}


def test_drop_outs_are_told_of_the_prefecture_alone(told: Engine) -> None:
    assert list(_statuses(told, "dropouts_compulsory").values()) == ["ok", "c", "c", "c", "c"]
    query = "SELECT verdict, gap FROM fact_verdict WHERE indicator_id = 'dropouts_compulsory' ORDER BY region_code"
    verdicts = _rows(told, query)
    assert [row["verdict"] for row in verdicts] == ["missed", None, None, None, None]
    assert {row["gap"] for row in verdicts[1:]} == {None}


def test_a_verdict_is_withheld_with_its_figure_and_a_gap_is_not_divided_then(told: Engine) -> None:
    card = _rows(told, "SELECT * FROM v_scorecard WHERE commitment_id = 'T-coaches' ORDER BY region_code")
    assert [row["verdict"] for row in card] == ["missed", None, None, "missed", "missed"]
    assert [row["gap_text"] is None for row in card] == [False, True, True, False, False]
    assert {row["gap_part"] for row in card} == {None}
    of_all = "SELECT worst_value, worst_region_code FROM fact_verdict WHERE indicator_id = 'coaches'"
    assert {value for row in _rows(told, of_all) for value in row.values()} == {None}
    verdicts = _rows(told, "SELECT region_code, count(verdict) AS n FROM fact_verdict GROUP BY 1 ORDER BY 1")[1:]
    profile = _rows(told, "SELECT missed FROM v_region_profile WHERE year = 2020 ORDER BY unit_code")
    assert [row["missed"] for row in profile] == [row["n"] for row in verdicts]
    assert all(row["missed"] < len(TOLD) for row in profile)


def test_the_profile_of_a_unit_withholds_its_few_and_those_who_follow(told: Engine) -> None:
    rows = _rows(told, "SELECT * FROM v_region_profile WHERE year = 2020 ORDER BY unit_code")
    assert [row["pupils_special"] for row in rows] == [None, None, 40, 50]
    assert None in {rows[0]["staff"], rows[0]["teachers"]}  # two of the 90 do not teach
    assert (rows[1]["staff"], rows[1]["teachers"]) == (90, 60)
    assert [row["status"] for row in rows] == ["c", "c", "ok", "ok"]
    chinese = _rows(told, 'SELECT 特教在校生数, 状态 FROM "v_县域画像" WHERE 年度 = 2020 ORDER BY 单位代码')
    assert [row["特教在校生数"] for row in chinese] == [None, None, 40, 50]


def test_an_attack_finds_what_hiding_small_counts_alone_leaves_open(told: Engine) -> None:
    with reading(told) as connection:
        attacker, naive = attack_as_analyst(connection, 2020)
    assert len(attacker.small()) >= 8
    assert not attacker.pinned(WIDTH)
    assert not attacker.pinned(WIDTH, attacker.small())
    assert naive.pinned(WIDTH)


def test_no_row_of_a_ledger_is_counted_and_no_school_named(told: Engine) -> None:
    assert {row["rows_accepted"] for row in _rows(told, "SELECT rows_accepted FROM v_reporting")} == {None}
    for name in withheld_queries():
        columns = _rows(told, f'SELECT * FROM "{name}" LIMIT 1')  # noqa: S608
        assert not {"school_code", "学校代码", "category", "sex"} & set(*columns[:1])


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_verdict_against_a_year_that_is_withheld_is_withheld(engine: Engine) -> None:
    before, now = _counts(4, 3, 50, 70), _counts(40, 30, 50, 70)
    publish(engine, _edition({"coaches": before}, year=2019), "test", PUBLISHED_AT)
    publish(engine, _edition({"coaches": now}, before=before), "test", PUBLISHED_AT)
    rows = _rows(engine, "SELECT region_code, value, value_before, trend, verdict, status FROM fact_verdict "
                         "WHERE year = 2020 ORDER BY region_code")[1:]  # fmt: skip
    assert [row["value_before"] for row in rows] == [None, None, 50.0, 70.0]
    assert [row["verdict"] for row in rows] == [None, None, "missed", "missed"]
    assert [row["status"] for row in rows] == ["c", "c", "ok", "ok"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("first", "then"), [(4, 40), (40, 4), (4, 6)])
def test_an_earlier_release_does_not_tell_what_a_later_one_withholds(engine: Engine, first: int, then: int) -> None:
    attacker, small = Attacker(LEAST), set()
    for release_id, n in ((1, first), (2, then)):
        told = _edition({"coaches": _counts(n, 50, 60, 70), "athletes_sent": _counts(9, 10 + n, 12, 13)})
        assert publish(engine, told, "test", PUBLISHED_AT + timedelta(days=release_id)) == release_id
        with reading(engine) as connection:
            truth = truth_of(connection, release_id, 2020)
        with _as_analyst(engine) as connection:
            attacker.read(truth, *read_as_analyst(connection, 2020, release_id))
        small |= attacker.small()
    assert small
    assert not attacker.pinned(WIDTH)
    assert not attacker.pinned(WIDTH, small)
    changed = _rows(engine, "SELECT region_code FROM release_change WHERE release_id = 2 AND indicator_id = 'coaches'")
    assert UNITS[0] not in {row["region_code"] for row in changed}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_nothing_is_told_of_a_release_for_which_it_is_not_decided(engine: Engine) -> None:
    publish(engine, _edition({"coaches": _counts(40, 50, 60, 70)}), "test", PUBLISHED_AT)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM release_part WHERE table_name = 'analyst_status'"))
    assert set(_statuses(engine, "coaches").values()) == {"c"}
    assert _rows(engine, "SELECT * FROM fact_verdict WHERE verdict IS NOT NULL") == []
    assert _rows(engine, "SELECT * FROM release_change") == []
    roll_back(engine, 1, "test", PUBLISHED_AT)  # a release of before, brought back, is decided anew
    newest = _rows(engine, "SELECT status FROM v_indicator WHERE indicator_id = 'coaches'")
    assert {row["status"] for row in newest} == {"ok"}


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_what_was_decided_of_a_later_release_is_not_told_of_one_brought_back(engine: Engine) -> None:
    publish(engine, _edition({"coaches": _counts(4, 50, 60, 70)}), "test", PUBLISHED_AT)
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM release_part WHERE table_name = 'analyst_status'"))
    publish(engine, _edition({"coaches": _counts(40, 50, 60, 70)}), "test", PUBLISHED_AT)
    newest = "SELECT value FROM v_indicator WHERE indicator_id = 'coaches' AND region_code = '433101'"
    assert _rows(engine, newest) == [{"value": 40}]
    roll_back(engine, 1, "test", PUBLISHED_AT)
    assert _rows(engine, newest) == [{"value": None}]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_views_of_mart_can_be_made_anew(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0010'"))
        connection.execute(text("DROP TABLE stored_analyst_status CASCADE"))
    migrate(engine)
    assert _rows(engine, "SELECT * FROM v_scorecard") == []
