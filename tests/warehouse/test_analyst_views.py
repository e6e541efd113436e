"""Views for analysts: names beside codes, money in 元, one line for a unit and for a school."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select, text

from warehouse.analyst import VIEWS
from warehouse.connect import reading
from warehouse.edition import Edition
from warehouse.publish import publish
from warehouse.schema import data_dictionary, metadata
from warehouse.table_views import AS_OF
from warehouse.views import view_queries

from .editions import PUBLISHED_AT, edition

SCHOOL, OTHER = "4331990000", "4331990001"
WHERE = {"year": 2020, "unit_code": "433199", "school_code": SCHOOL}
DRAWN: dict[str, list[dict[str, Any]]] = {
    "dim_unit": [{"unit_code": "433199", "name_zh": "测试县", "name_en": "Test", "is_county": True, "is_bureau": False,
                  "county_code": "433199"}],
    "dim_year": [{"year": 2020, "school_year": "2020-2021", "spring_term": "2019-2020-spring",
                  "autumn_term": "2020-2021-autumn", "starts_on": date(2020, 1, 1), "ends_on": date(2020, 12, 31),
                  "school_year_starts_on": date(2020, 9, 1), "school_year_ends_on": date(2021, 8, 31),
                  "has_plan": True}],
    "dim_school": [
        {"school_code": SCHOOL, "unit_code": "433199", "valid_from": date(2018, 9, 1), "valid_to": date(2020, 8, 31),
         "name": "旧名小学", "kind": "211", "ended_by": "renamed"},
        {"school_code": SCHOOL, "unit_code": "433199", "valid_from": date(2020, 9, 1), "name": "新名小学",
         "kind": "211"},
        {"school_code": OTHER, "unit_code": "433199", "valid_from": date(2018, 9, 1), "name": "别的学校",
         "kind": "218"},
    ],
    "dim_code": [
        {"list_name": "enrolment.grade", "code": "P1", "position": 1, "name_zh": "一年级"},
        {"list_name": "school.kind", "code": "211", "position": 1, "name_zh": "小学"},
        {"list_name": "aid_payments.term", "code": "spring", "position": 1, "name_zh": "春季"},
        {"list_name": "dataset", "code": "class_ledger", "position": 1, "name_zh": "班级台账"},
    ],
    "dim_size_band": [{"size_band": "51-55人", "position": 7, "least": 51, "most": 55},
                      {"size_band": "56-60人", "position": 8, "least": 56, "most": 60}],
    "fact_enrolment": [{**WHERE, "stage": "小学", "grade": "P1", "pupils": 50, "boarders": 5},
                       {**WHERE, "stage": "小学", "grade": "P2", "pupils": None},
                       {**WHERE, "school_code": OTHER, "stage": "初中", "grade": "J1", "pupils": 20}],
    "fact_class_size": [
        {**WHERE, "stage": "小学", "grade": "P1", "class_kind": "普通", "size_band": "51-55人", "classes": 2},
        {**WHERE, "stage": "小学", "grade": "P1", "class_kind": "普通", "size_band": "56-60人", "classes": 1},
        {**WHERE, "stage": "小学", "grade": "P1", "class_kind": "普通", "size_band": "未填", "classes": 1},
        {**WHERE, "school_code": OTHER, "stage": "初中", "grade": "J1", "class_kind": "普通", "size_band": "未填",
         "classes": None}],
    "fact_staff": [{**WHERE, "stage": "小学", "staff": 12, "teachers": 10}],
    "fact_facilities": [{**WHERE, "teaching_area": Decimal("993.78"), "equipment_value": 4193301}],
    "fact_aid": [{**WHERE, "term": "spring", "project": "生活补助", "category": "低保", "payments": 3, "pupils": 3,
                  "amount_due": 187501, "amount_paid": 7}],
    "fact_exam": [{**WHERE, "exam": "普通高考", "subject": "语文", "candidates": 4, "scored": 4,
                   "score_sum": Decimal("301.0"), "full_mark_sum": Decimal("600.0")},
                  {**WHERE, "exam": "普通高考", "subject": "数学", "candidates": 1, "scored": 0}],
    "status_matrix": [{"unit_code": "433199", "dataset": "class_ledger", "period": "2020-2021", "year": 2020,
                       "state": "stale", "must_fix_count": 0, "must_explain_count": 2}],
    "fact_work_item": [{"year": 2020, "unit_code": "433199", "school_code": "未填", "commitment_id": "T09a",
                        "office": "基础教育科", "status": "已完成", "items": 1, "quantity": Decimal("1.5")}],
}  # fmt: skip


@pytest.fixture
def published(engine: Engine) -> Engine:
    made = edition(1)
    tables = {**made.tables, **{name: pa.Table.from_pylist(rows) for name, rows in DRAWN.items()}}
    publish(engine, Edition(tables, made.years), "v1", PUBLISHED_AT)
    return engine


def shown(engine: Engine, name: str) -> list[dict[str, Any]]:
    """The rows of a view, as its select gives them."""
    with reading(engine) as connection:
        return [dict(row) for row in connection.execute(view_queries()[name]).mappings()]


def test_a_fact_has_the_names_of_its_codes_and_its_school_as_it_was_in_the_year(published: Engine) -> None:
    first = next(row for row in shown(published, "v_在校生") if row["年级"] == "一年级")
    assert (first["单位"], first["学校"], first["办学类型"], first["在校生数"], first["寄宿生数"]) == (
        "测试县", "新名小学", "小学", 50, 5,
    )  # fmt: skip
    assert {row["grade"] for row in shown(published, "v_enrolment")} == {"P1", "P2", "J1"}


def test_money_is_shown_in_yuan_to_the_fen(published: Engine) -> None:
    (aid,), (rooms,) = shown(published, "v_资助发放"), shown(published, "v_facilities")
    assert (aid["学期"], aid["应发金额（元）"], aid["实发金额（元）"]) == ("春季", Decimal("1875.01"), Decimal("0.07"))
    assert (rooms["equipment_value"], rooms["teaching_area"]) == (Decimal("41933.01"), Decimal("993.78"))


def test_means_are_of_those_with_a_mark(published: Engine) -> None:
    rows = {row["subject"]: (row["mean"], row["rate"]) for row in shown(published, "v_exam")}
    assert rows == {"语文": (75.25, pytest.approx(0.501666, abs=1e-6)), "数学": (None, None)}


def test_work_tells_its_commitment_and_that_it_is_no_schools(published: Engine) -> None:
    (row,) = shown(published, "v_重点工作")
    assert (row["任务"], row["学校"], row["数量"]) == ("起始年级", "未填", Decimal("1.5"))


def test_the_profile_of_a_unit_adds_up_what_is_known(published: Engine) -> None:
    (row,) = shown(published, "v_region_profile")
    assert (row["schools"], row["pupils"], row["pupils_primary"], row["pupils_junior"], row["pupils_senior"]) == (
        2, 70, 50, 20, None,
    )  # fmt: skip
    assert (row["classes"], row["large_classes"], row["teachers"], row["amount_paid"]) == (4, 1, 10, Decimal("0.07"))
    assert (row["met"], row["missed"], row["must_explain_count"], row["on_time_share"]) == (0, 1, 2, 0.5)


def test_a_school_has_one_line_a_year_with_or_without_numbers(published: Engine) -> None:
    rows = {row["学校代码"]: row for row in shown(published, "v_学校画像")}
    assert set(rows) == {SCHOOL, OTHER}
    mine, other = rows[SCHOOL], rows[OTHER]
    assert (mine["学校"], mine["在校生数"], mine["班数"], mine["大班额班数"], mine["生师比"]) == (
        "新名小学",
        50,
        4,
        1,
        5.0,
    )
    assert (mine["教学及辅助用房面积（平方米）"], mine["教学仪器设备值（元）"]) == (
        Decimal("993.78"),
        Decimal("41933.01"),
    )
    assert (other["学校"], other["在校生数"], other["教职工数"], other["大班额班数"]) == ("别的学校", 20, None, None)


def test_findings_and_reporting_name_the_dataset_and_speak_chinese(published: Engine) -> None:
    assert {row["级别"] for row in shown(published, "v_核查问题")} == {"必须修改"}
    (row,) = shown(published, "v_报送情况")
    assert (row["单位"], row["报表"], row["状态"], row["待说明的问题数"]) == ("测试县", "班级台账", "沿用旧件", 2)


def test_both_languages_show_the_same_columns_and_no_name_twice() -> None:
    assert len(VIEWS) >= 15
    for view in VIEWS:
        english, chinese = ([c.key for c in view.query(is_chinese).selected_columns] for is_chinese in (False, True))
        assert len(english) == len(chinese) == len(set(english)) == len(set(chinese)), view.name_en
        assert all(name.isascii() for name in english)
        assert not any(name.isascii() for name in chinese), view.name_zh


def test_the_database_tells_what_every_table_view_and_column_means(engine: Engine) -> None:
    d = data_dictionary.c
    of_mart = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'mart'"
    with reading(engine) as connection:
        rows = connection.execute(select(d.object_name, d.column_name, d.comment_zh, d.comment_en)).all()
        mart = connection.execute(text(of_mart)).all() if engine.dialect.name == "postgresql" else []
    told = {(name, column) for name, column, _, _ in rows}
    expected = {(table.name, column) for table in metadata.tables.values() for column in ("", *table.columns.keys())}
    expected |= {(name, str(column)) for name, query in view_queries().items()
                 for column in ("", *(c.key for c in query.selected_columns))}  # fmt: skip
    assert told == expected | {(name, column) for name, column in mart if not name.startswith(AS_OF)}
    assert [row for row in rows if not (row[2] and row[3])] == []


def test_postgresql_tells_it_as_comments_too(engine: Engine) -> None:
    if engine.dialect.name == "postgresql":
        of_view = text(
            "SELECT obj_description('\"v_资助发放\"'::regclass), col_description('\"v_资助发放\"'::regclass, 1)"
        )
        with reading(engine) as connection:
            view, column = connection.execute(of_view).one()
        assert view.startswith("资助发放，年度×学校") and column == "年度 / plan year"
