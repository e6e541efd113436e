"""A view for each fact by theme, at its grain, with the names of unit, school and codes; money is in 元."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_

from warehouse.analyst.shape import (
    Code,
    Columns,
    View,
    labelled,
    of_schools,
    of_units,
    per,
    school_columns,
    unit_columns,
    yuan,
)
from warehouse.schema import STORED, dim_commitment, dim_region, dim_size_band
from warehouse.schema.themes import (
    fact_aid,
    fact_class_size,
    fact_enrolment,
    fact_exam,
    fact_facilities,
    fact_registration,
    fact_staff,
    fact_venue,
    fact_work_item,
)
from warehouse.table_views import in_newest


def measures(fact: Table, *left_out: str) -> dict[str, tuple[str, ColumnElement[Any]]]:
    """The columns of a fact that are no part of its key, named in Chinese as its comment begins; money in 元."""
    told = {}
    for column in fact.columns:
        if not column.primary_key and column.name not in left_out:
            chinese = (
                (column.comment or "").partition(" / ")[0].partition("，")[0].partition("；")[0].partition("（")[0]
            )
            is_money = "（分）" in (column.comment or "")
            told[column.name] = (f"{chinese}（元）" if is_money else chinese, yuan(column) if is_money else column)
    return told


def _of_school(fact: Table, codes: Mapping[str, tuple[str, str]], is_chinese: bool) -> Select[Any]:
    """The view of a fact of schools; `codes`: the rest of its key, with the Chinese name and the code list of each."""
    rows = STORED[fact]
    key = {name: (zh, Code(listed, rows.c[name])) for name, (zh, listed) in codes.items()}
    columns: Columns = {**school_columns(rows, is_chinese=is_chinese), **key, **measures(rows)}
    return labelled(columns, of_schools(rows), is_chinese=is_chinese).where(in_newest(fact))


def _class_size(is_chinese: bool) -> Select[Any]:
    fact = STORED[fact_class_size]
    columns: Columns = {
        **school_columns(fact, is_chinese=is_chinese),
        "stage": ("学段", fact.c.stage),
        "grade": ("年级", Code("class_ledger.grade", fact.c.grade)),
        "class_kind": ("班级类型", fact.c.class_kind),
        "size_band": ("班额段", fact.c.size_band),
        "band_position": ("班额段次序", dim_size_band.c.position),
        **measures(fact),
    }
    joined = of_schools(fact).outerjoin(dim_size_band, dim_size_band.c.size_band == fact.c.size_band)
    return labelled(columns, joined, is_chinese=is_chinese).where(in_newest(fact_class_size))


def _exam(is_chinese: bool) -> Select[Any]:
    fact = STORED[fact_exam]
    columns: Columns = {
        **school_columns(fact, is_chinese=is_chinese),
        "exam": ("考试", fact.c.exam),
        "subject": ("学科", fact.c.subject),
        **measures(fact, "score_sum", "full_mark_sum"),
        "mean": ("平均分", per(fact.c.score_sum, fact.c.scored)),
        "rate": ("得分率", per(fact.c.score_sum, fact.c.full_mark_sum)),
    }
    return labelled(columns, of_schools(fact), is_chinese=is_chinese).where(in_newest(fact_exam))


def _venue(is_chinese: bool) -> Select[Any]:
    fact = STORED[fact_venue]
    columns: Columns = {
        **unit_columns(fact, is_chinese=is_chinese),
        "township_code": ("乡镇代码", fact.c.township_code),
        "township": ("乡镇", dim_region.c.name_zh),
        "kind": ("场地类型", Code("venues.kind", fact.c.kind)),
        **measures(fact),
    }
    joined = of_units(fact).outerjoin(dim_region, dim_region.c.region_code == fact.c.township_code)
    return labelled(columns, joined, is_chinese=is_chinese).where(in_newest(fact_venue))


def _work_item(is_chinese: bool) -> Select[Any]:
    fact, promise = STORED[fact_work_item], dim_commitment.c
    columns: Columns = {
        **school_columns(fact, is_chinese=is_chinese),
        "article": ("条目", fact.c.article),
        "commitment_id": ("任务代码", fact.c.commitment_id),
        "commitment": ("任务", promise.name_zh if is_chinese else promise.name_en),
        "office": ("责任科室", fact.c.office),
        "status": ("状态", fact.c.status),
        **measures(fact, "article"),
    }
    same = and_(promise.commitment_id == fact.c.commitment_id, promise.plan_year == fact.c.year)
    joined = of_schools(fact).outerjoin(dim_commitment, same)
    return labelled(columns, joined, is_chinese=is_chinese).where(in_newest(fact_work_item))


def _view(name_en: str, name_zh: str, fact: Table, query: Callable[[bool], Select[Any]]) -> View:
    chinese, _, english = (fact.comment or "").partition(" / ")
    told = f"{chinese.replace('发布×', '')} / {english.replace('release, ', '')}"
    return View(name_en, name_zh, told, query)


def _school_view(name_en: str, name_zh: str, fact: Table, **codes: tuple[str, str]) -> View:
    return _view(name_en, name_zh, fact, functools.partial(_of_school, fact, codes))


_STAGE = ("学段", "enrolment.stage")

VIEWS = (
    _school_view("v_enrolment", "v_在校生", fact_enrolment, stage=_STAGE, grade=("年级", "enrolment.grade")),
    _view("v_class_size", "v_班额", fact_class_size, _class_size),
    _school_view("v_staff", "v_教职工", fact_staff, stage=_STAGE),
    _school_view("v_facilities", "v_办学条件", fact_facilities),
    _school_view(
        "v_aid", "v_资助发放", fact_aid, term=("学期", "aid_payments.term"),
        project=("资助项目", "aid_payments.project"), category=("困难类型", "aid_payments.category"),
    ),
    _view("v_exam", "v_考试成绩", fact_exam, _exam),
    _school_view(
        "v_registration", "v_运动员注册", fact_registration, sport=("运动项目", "athletes.sport"),
        athlete_grade=("运动员等级", "athletes.athlete_grade"), status=("注册状态", "athletes.status"),
    ),
    _view("v_venue", "v_体育场地", fact_venue, _venue),
    _view("v_work_item", "v_重点工作", fact_work_item, _work_item),
)  # fmt: skip
