"""The scorecard and the figures: a row per year, commitment or indicator, and region or school."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Subquery, Text, and_, case, cast, func, literal, select

from warehouse.analyst.shape import Columns, View, labelled, word
from warehouse.schema import STORED, dim_commitment, dim_indicator, dim_region, dim_school, fact_indicator, fact_verdict
from warehouse.table_views import in_newest
from warehouse.words import FACT_LEVELS, MATURITIES, TRENDS, VERDICTS

_FIGURES, _VERDICTS = STORED[fact_indicator], STORED[fact_verdict]


def _scorecard(is_chinese: bool) -> Select[Any]:
    """A row per year, commitment and region."""
    fact, promise = _VERDICTS.c, dim_commitment.c
    columns: Columns = {
        "year": ("年度", fact.year),
        "article": ("条目", promise.article),
        "commitment_id": ("任务代码", fact.commitment_id),
        "name": ("任务", promise.name_zh if is_chinese else promise.name_en),
        "region_code": ("区划代码", fact.region_code),
        "region": ("区划", dim_region.c.name_zh if is_chinese else dim_region.c.name_en),
        "comparison": ("比较", fact.comparison),
        "target": ("目标", fact.target),
        "value": ("数值", fact.value),
        "verdict": ("达标情况", word(fact.verdict, VERDICTS, is_chinese=is_chinese)),
        "value_before": ("上年数值", fact.value_before),
        "trend": ("趋势", word(fact.trend, TRENDS, is_chinese=is_chinese)),
        "gap": ("差距", fact.gap),
        "gap_unit": ("差距单位", fact.gap_unit),
        "gap_text": ("差距说明", _to_do(fact.gap)),
        "gap_part": ("分担差距", fact.gap_part),
        "gap_part_text": ("分担差距说明", _to_do(fact.gap_part)),
        "maturity": ("成熟度", word(fact.maturity, MATURITIES, is_chinese=is_chinese)),
        "office": ("责任科室", promise.office),
        "explanation": ("说明", fact.explanation_zh),
    }
    same = and_(promise.commitment_id == fact.commitment_id, promise.plan_year == fact.year)
    joined = _VERDICTS.join(dim_commitment, same).outerjoin(dim_region, dim_region.c.region_code == fact.region_code)
    return labelled(columns, joined, is_chinese=is_chinese).where(in_newest(fact_verdict))


def _to_do(units: ColumnElement[Any]) -> ColumnElement[Any]:
    """So many units of the verdict's work in Chinese words, 需拆分 3 个大班; empty where there is nothing to do."""
    number, fact = cast(cast(units, BigInteger), Text), _VERDICTS.c
    told = literal("需").concat(fact.gap_verb).concat(" ").concat(number).concat(" ").concat(fact.gap_unit)
    return case((units > 0, told))


def _indicator(is_chinese: bool) -> Select[Any]:
    """A row per year, indicator and region or school."""
    fact, indicator, school = _FIGURES.c, dim_indicator.c, _school_names()
    columns: Columns = {
        "year": ("年度", fact.year),
        "theme": ("主题", indicator.theme),
        "indicator_id": ("指标代码", fact.indicator_id),
        "name": ("指标", indicator.name_zh if is_chinese else indicator.name_en),
        "unit": ("单位", indicator.unit),
        "level": ("层级", word(fact.level, FACT_LEVELS, is_chinese=is_chinese)),
        "region_code": ("区划或学校代码", fact.region_code),
        "region": (
            "区划或学校",
            func.coalesce(dim_region.c.name_zh if is_chinese else dim_region.c.name_en, school.c.name),
        ),
        "value": ("数值", fact.value),
        "maturity": ("成熟度", word(fact.maturity, MATURITIES, is_chinese=is_chinese)),
        "unknown_count": ("未知项数", fact.unknown_count),
        "missing_units": ("缺报单位", fact.missing_units),
    }
    joined = _FIGURES.join(dim_indicator, indicator.indicator_id == fact.indicator_id)
    joined = joined.outerjoin(dim_region, dim_region.c.region_code == fact.region_code)
    joined = joined.outerjoin(school, school.c.school_code == fact.region_code)
    return labelled(columns, joined, is_chinese=is_chinese).where(in_newest(fact_indicator))


def _school_names() -> Subquery:
    """A name for each school, whichever unit lists it, made once for all figures."""
    school = dim_school.c
    named = select(school.school_code, func.max(school.name).label("name")).group_by(school.school_code)
    return named.subquery("named_school")


VIEWS = (
    View("v_scorecard", "v_记分卡", "记分卡，年度×任务×区划 / scorecard by year, commitment and region", _scorecard),
    View("v_indicator", "v_指标", "指标数值，年度×指标×区划或学校 / figures by year, indicator and place", _indicator),
)
