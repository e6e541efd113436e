"""How evenly compulsory schools are provided for: variation, schools up to standard, balanced counties (article 9).

What is compared, and of which schools, is defined in `resources.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, literal, select

from assets.indicators.catalogue import PREFECTURE_ONLY, REGIONS, Indicator, Need, Tables
from assets.indicators.formulas import Condition, Ratio, Variation, share
from assets.indicators.resources import (
    COMPARED,
    COMPARED_EN,
    COMPARED_ZH,
    JUNIOR,
    MERGED_ZH,
    PRIMARY,
    Resource,
    Stage,
    is_compared,
    rooms_of,
    teachers_of,
)
from assets.indicators.sql import variation
from assets.plans.gap import NO_WORK, Work

ALL_NEEDS = (Need("enrolment"), Need("staff"), Need("facilities"), Need("school"))
ALL_LEDGERS = "在校生统计、教职工统计、办学条件、学校名录"
NOISE = 1e-9
"""Far above what the last digits of a double say and far below what anyone measures: at the limit is within it."""


@dataclass(frozen=True)
class Norm:
    """What a school of the stage should have of each resource, and how unequal schools of a county may be at most."""

    stage: Stage
    standards: Mapping[str, Decimal]
    most_variation: Decimal


NORMS = tuple(
    Norm(stage, dict(zip((resource.id for resource in COMPARED), map(Decimal, told), strict=True)), Decimal(most))
    for stage, told, most in (
        (PRIMARY, ("4.2", "1", "0.9", "4.5", "7.5", "2000", "2.3"), "0.50"),
        (JUNIOR, ("5.3", "1", "0.9", "5.8", "10.2", "2500", "2.4"), "0.45"),
    )
)
"""Per 100 pupils: teachers above the degree, key teachers, teachers of arts and sports; per pupil: teaching and sports
area in square metres, equipment in 元; multimedia classrooms per 100 pupils. 教督〔2017〕6号."""


def spread(resource: Resource, stage: Stage) -> Indicator:
    """How unequal the compared schools of a stage are in a resource per pupil."""

    def define(c: Tables) -> Variation:
        rows = resource.rows(c)
        return Variation(rows, of=rows.c[resource.id], pupils=rows.c.pupils, among=is_compared(c, rows, stage))

    return Indicator(
        id=f"{resource.id}_{stage.id}_cv", name_zh=f"{stage.stored}{resource.name_zh}的校际差异系数",
        name_en=f"Variation between {stage.name_en}: {resource.name_en.lower()}", unit="差异系数", counted="差异系数",
        theme="resources",
        definition_zh=f"{stage.stored}各校“{resource.name_zh}”以学生数加权的标准差，除以全体学校的总水平；"
        f"越小越均衡。{MERGED_ZH}{COMPARED_ZH}",
        definition_en=f"{resource.definition_en} Standard deviation between {stage.name_en}, weighted by pupils, over "
        f"the level of all of them together.{COMPARED_EN}",
        source=f"要点第9条；{resource.ledgers}", grains=REGIONS, needs=resource.needs, define=define, work=NO_WORK,
    )  # fmt: skip


def compared_schools(c: Tables) -> Subquery:
    """Each counted school and stage with its pupils and all that schools are compared in; empty where not known."""
    teachers, rooms = c.shared(teachers_of), c.shared(rooms_of)
    key = ("unit_code", "counted_school_code", "stage")
    same = and_(*(teachers.c[name] == rooms.c[name] for name in key))
    sides = {"staff": teachers, "facilities": rooms}
    told = (sides[resource.dataset].c[resource.id] for resource in COMPARED)
    ours = (teachers.c[name] for name in (*key, "pupils", "kind"))
    return select(*ours, *told).select_from(teachers.join(rooms, same)).subquery("compared_school")


def is_up_to(c: Tables, schools: Subquery, norm: Norm) -> Condition:
    """Whether the school reaches enough standards and comes close enough in the others; empty if one is unknown."""
    least = c.number("quality_least_share_percent")
    sides = [(schools.c[name], value * schools.c.pupils) for name, value in norm.standards.items()]
    reached = sum((case((has >= asked, 1), else_=0) for has, asked in sides), literal(0))
    are_close = and_(*(has * 100 >= asked * least for has, asked in sides))
    all_known = and_(*(has.is_not(None) for has, _ in sides))
    return case((all_known, and_(reached >= c.number("quality_needed"), are_close)))


def quality_schools(norm: Norm) -> Indicator:
    """The share of the compared schools of a stage that are up to the standards of high quality and balance."""

    def define(c: Tables) -> Ratio:
        schools = c.shared(compared_schools)
        return share(schools, that=is_up_to(c, schools, norm), among=is_compared(c, schools, norm.stage))

    stage = norm.stage
    return Indicator(
        id=f"quality_schools_{stage.id}", name_zh=f"{stage.stored}资源配置达到优质均衡标准的学校比例",
        name_en=f"Share of {stage.name_en} up to the standards of resources", unit="%", counted="所学校",
        theme="resources",
        definition_zh=f"七项资源指标都有数的{stage.stored}（含多学段学校的{stage.stored}部）中，至少六项达标、"
        f"其余项不低于标准85%的学校所占比例（项数、比例见参数）；有一项未填的为未知。{MERGED_ZH}{COMPARED_ZH}",
        definition_en="Schools that reach six of the seven standards and come within 85 % of the other, among "
        f"{stage.name_en} of which all seven are known.{COMPARED_EN}",
        source=f"要点第9条；{ALL_LEDGERS}", grains=REGIONS, needs=ALL_NEEDS, define=define,
    )  # fmt: skip


def balance_of_counties(c: Tables, norm: Norm) -> Subquery:
    """The eight counties with `is_balanced`: whether no variation exceeds the most; empty where one cannot be told."""
    schools = c.shared(compared_schools)
    among = is_compared(c, schools, norm.stage)
    variations = [_variation(schools, name, among).label(name) for name in norm.standards]
    told = select(schools.c.unit_code, *variations).group_by(schools.c.unit_code).subquery("variation_of")
    limit = float(norm.most_variation) + NOISE
    all_known = and_(*(told.c[name].is_not(None) for name in norm.standards))
    is_balanced = case((all_known, and_(*(told.c[name] <= limit for name in norm.standards))))
    counties = c.county.outerjoin(told, told.c.unit_code == c.county.c.unit_code)
    columns = (c.county.c.unit_code, is_balanced.label("is_balanced"))
    return select(*columns).select_from(counties).subquery("balance_of_county")


def _variation(schools: Subquery, name: str, among: Condition) -> ColumnElement[Any]:
    return variation(case((among, schools.c[name])), schools.c.pupils)


def balanced_counties(norm: Norm) -> Indicator:
    """The share of the eight counties whose schools of a stage are even enough in all that is compared."""

    def define(c: Tables) -> Ratio:
        counties = balance_of_counties(c, norm)
        return share(counties, that=counties.c.is_balanced, among=literal(True))

    stage, most = norm.stage, norm.most_variation
    return Indicator(
        id=f"balanced_counties_{stage.id}", name_zh=f"{stage.stored}七项校际差异系数都达标的县市比例",
        name_en=f"Counties whose {stage.name_en} are evenly provided for", unit="%", counted="个县市",
        theme="resources",
        definition_zh=f"八县市中，{stage.stored}七项校际差异系数都不大于{most}的县市，占七项都有数的县市的比例；"
        "按未经四舍五入的差异系数判断。",
        definition_en=f"Counties of which none of the seven variations between {stage.name_en} is above {most}, among "
        "the counties of which all seven are known.",
        source=f"要点第9条；{ALL_LEDGERS}", grains=PREFECTURE_ONLY, needs=ALL_NEEDS, define=define,
        work=Work("增加", "个均衡县市"),
    )  # fmt: skip


INDICATORS = (
    *(spread(resource, norm.stage) for resource in COMPARED for norm in NORMS),
    *map(quality_schools, NORMS),
    *map(balanced_counties, NORMS),
)
