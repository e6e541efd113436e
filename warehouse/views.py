"""Views over the newest release for people who write SQL, each in Chinese and in English.

Made anew after migrations (`migrate.py`). What a unit may see, suppression and the public's views are not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    inspect,
    literal,
    select,
    text,
)
from sqlalchemy.schema import CreateView

from warehouse.schema import (
    dim_commitment,
    dim_indicator,
    dim_region,
    dim_school,
    fact_indicator,
    fact_verdict,
    metadata,
)
from warehouse.table_views import AS_OF, NEWEST, table_queries, tell_comments
from warehouse.words import FACT_LEVELS, MATURITIES, TRENDS, VERDICTS


def view_queries() -> dict[str, Select[Any]]:
    """The views by name: `v_scorecard`, `v_indicator` and their Chinese twins."""
    return {
        "v_scorecard": _scorecard(is_chinese=False),
        "v_记分卡": _scorecard(is_chinese=True),
        "v_indicator": _indicator(is_chinese=False),
        "v_指标": _indicator(is_chinese=True),
    }


def create_views(connection: Connection) -> None:
    """Make all views: those under which the published tables are read, then those for people."""
    for name, query in {**dict(table_queries()), **view_queries()}.items():
        connection.execute(CreateView(query, name))
    tell_comments(connection)


def drop_views(connection: Connection) -> None:
    """Remove every view of ours that is there, also those of earlier versions, the newest first."""
    quote = connection.dialect.identifier_preparer.quote
    for name in _views_newest_first(connection):
        if name.startswith(("v_", AS_OF)) or name in metadata.tables:
            connection.execute(text(f"DROP VIEW {quote(name)}"))


def _views_newest_first(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return inspect(connection).get_view_names()
    made = "SELECT relname FROM pg_class WHERE relkind = 'v' AND relnamespace = current_schema()::regnamespace"
    return list(connection.execute(text(f"{made} ORDER BY oid DESC")).scalars())


def _scorecard(*, is_chinese: bool) -> Select[Any]:
    """A row per year, commitment and region."""
    fact, promise = fact_verdict.c, dim_commitment.c
    columns: dict[str, tuple[str, ColumnElement[Any]]] = {
        "year": ("年度", fact.year),
        "article": ("条目", promise.article),
        "commitment_id": ("任务代码", fact.commitment_id),
        "name": ("任务", promise.name_zh if is_chinese else promise.name_en),
        "region_code": ("区划代码", fact.region_code),
        "region": ("区划", dim_region.c.name_zh if is_chinese else dim_region.c.name_en),
        "comparison": ("比较", fact.comparison),
        "target": ("目标", fact.target),
        "value": ("数值", fact.value),
        "verdict": ("达标情况", _word(fact.verdict, VERDICTS) if is_chinese else fact.verdict),
        "value_before": ("上年数值", fact.value_before),
        "trend": ("趋势", _word(fact.trend, TRENDS) if is_chinese else fact.trend),
        "gap": ("差距", fact.gap),
        "gap_unit": ("差距单位", fact.gap_unit),
        "gap_text": ("差距说明", _to_do(fact.gap)),
        "gap_part": ("分担差距", fact.gap_part),
        "gap_part_text": ("分担差距说明", _to_do(fact.gap_part)),
        "maturity": ("成熟度", _word(fact.maturity, MATURITIES) if is_chinese else fact.maturity),
        "office": ("责任科室", promise.office),
        "explanation": ("说明", fact.explanation_zh),
    }
    same = and_(promise.commitment_id == fact.commitment_id, promise.plan_year == fact.year)
    joined = fact_verdict.join(dim_commitment, same).outerjoin(dim_region, dim_region.c.region_code == fact.region_code)
    return _labelled(columns, is_chinese=is_chinese).select_from(joined).where(fact.release_id == NEWEST)


def _to_do(units: ColumnElement[Any]) -> ColumnElement[Any]:
    """So many units of the verdict's work in Chinese words, 需拆分 3 个大班; empty where there is nothing to do."""
    number, fact = cast(cast(units, BigInteger), Text), fact_verdict.c
    told = literal("需").concat(fact.gap_verb).concat(" ").concat(number).concat(" ").concat(fact.gap_unit)
    return case((units > 0, told))


def _indicator(*, is_chinese: bool) -> Select[Any]:
    """A row per year, indicator and region or school."""
    fact, indicator = fact_indicator.c, dim_indicator.c
    school = select(func.max(dim_school.c.name)).where(dim_school.c.school_code == fact.region_code).scalar_subquery()
    columns: dict[str, tuple[str, ColumnElement[Any]]] = {
        "year": ("年度", fact.year),
        "theme": ("主题", indicator.theme),
        "indicator_id": ("指标代码", fact.indicator_id),
        "name": ("指标", indicator.name_zh if is_chinese else indicator.name_en),
        "unit": ("单位", indicator.unit),
        "level": ("层级", _word(fact.level, FACT_LEVELS) if is_chinese else fact.level),
        "region_code": ("区划或学校代码", fact.region_code),
        "region": ("区划或学校", func.coalesce(dim_region.c.name_zh if is_chinese else dim_region.c.name_en, school)),
        "value": ("数值", fact.value),
        "maturity": ("成熟度", _word(fact.maturity, MATURITIES) if is_chinese else fact.maturity),
        "unknown_count": ("未知项数", fact.unknown_count),
        "missing_units": ("缺报单位", fact.missing_units),
    }
    joined = fact_indicator.join(dim_indicator, indicator.indicator_id == fact.indicator_id)
    joined = joined.outerjoin(dim_region, dim_region.c.region_code == fact.region_code)
    return _labelled(columns, is_chinese=is_chinese).select_from(joined).where(fact.release_id == NEWEST)


def _labelled(columns: Mapping[str, tuple[str, ColumnElement[Any]]], *, is_chinese: bool) -> Select[Any]:
    return select(*(column.label(zh if is_chinese else en) for en, (zh, column) in columns.items()))


def _word(column: ColumnElement[Any], words: Mapping[str, str]) -> ColumnElement[Any]:
    return case(dict(words), value=column)
