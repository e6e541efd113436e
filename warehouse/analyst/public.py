"""What everybody may read, with names: the public tables, of which nothing small can be worked out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, Table

from warehouse.analyst.shape import Code, Columns, View, labelled, word
from warehouse.schema import dim_indicator, dim_region, pub_aid, pub_enrolment, pub_indicator
from warehouse.words import PUBLIC_MEASURES, PUBLIC_STATES

Named = dict[str, tuple[str, ColumnElement[Any]]]


def _place(table: Table, *, is_chinese: bool) -> Named:
    return {
        "year": ("年度", table.c.year),
        "region_code": ("区划代码", table.c.region_code),
        "region": ("区划", dim_region.c.name_zh if is_chinese else dim_region.c.name_en),
    }


def _end(table: Table, amount: str, chinese: str, *, is_chinese: bool) -> Named:
    status = word(table.c.status, PUBLIC_STATES, is_chinese=is_chinese)
    return {amount: (chinese, table.c[amount]), "status": ("状态", status)}


def _enrolment(is_chinese: bool) -> Select[Any]:
    """A row per year, region, stage and what is counted."""
    columns: Columns = {
        **_place(pub_enrolment, is_chinese=is_chinese),
        "stage": ("学段", Code("enrolment.stage", pub_enrolment.c.stage)),
        "measure": ("所计", word(pub_enrolment.c.measure, PUBLIC_MEASURES, is_chinese=is_chinese)),
        **_end(pub_enrolment, "persons", "人数", is_chinese=is_chinese),
    }
    return labelled(columns, _with_region(pub_enrolment), is_chinese=is_chinese)


def _aid(is_chinese: bool) -> Select[Any]:
    """A row per year, region, term and project."""
    columns: Columns = {
        **_place(pub_aid, is_chinese=is_chinese),
        "term": ("学期", Code("aid_payments.term", pub_aid.c.term)),
        "project": ("资助项目", Code("aid_payments.project", pub_aid.c.project)),
        **_end(pub_aid, "payments", "发放人次", is_chinese=is_chinese),
    }
    return labelled(columns, _with_region(pub_aid), is_chinese=is_chinese)


def _indicator(is_chinese: bool) -> Select[Any]:
    """A row per year, indicator and region."""
    indicator = dim_indicator.c
    columns: Columns = {
        **_place(pub_indicator, is_chinese=is_chinese),
        "indicator_id": ("指标代码", pub_indicator.c.indicator_id),
        "name": ("指标", indicator.name_zh if is_chinese else indicator.name_en),
        "unit": ("单位", indicator.unit),
        **_end(pub_indicator, "value", "数值", is_chinese=is_chinese),
    }
    joined = _with_region(pub_indicator)
    joined = joined.outerjoin(dim_indicator, indicator.indicator_id == pub_indicator.c.indicator_id)
    return labelled(columns, joined, is_chinese=is_chinese)


def _with_region(table: Table) -> Any:
    return table.outerjoin(dim_region, dim_region.c.region_code == table.c.region_code)


VIEWS = (
    View("v_pub_enrolment", "v_公开_在校生", "公开：在校生 / public: pupils by year, region and stage", _enrolment),
    View("v_pub_aid", "v_公开_资助", "公开：资助发放人次 / public: payments of aid by year, region and project", _aid),
    View("v_pub_indicator", "v_公开_指标", "公开：指标 / public: figures by year and region", _indicator),
)
