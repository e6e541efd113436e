"""Kindergartens: public and inclusive places, and how many children of the age attend (article 9)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, not_, or_

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.formulas import Across, Condition, Count, Ratio, Total, share
from assets.plans.gap import Work

PUBLIC_SPONSORS = ("811", "812", "821", "822", "831", "832", "892", "893", "894", "公办")
LOCAL_ENTERPRISE = "891"
KINDERGARTEN = "111"
PRESCHOOL_AGES = ("3", "4", "5")


def is_public(c: Tables, sponsor: ColumnElement[Any], school_code: ColumnElement[Any]) -> Condition:
    """Whether the sponsor is public; a local enterprise only for the schools that the parameter names.

    Empty where the sponsor is not known.
    """
    named = school_code.in_(c.words("local_enterprise_public"))
    return case((sponsor == LOCAL_ENTERPRISE, named), else_=sponsor.in_(PUBLIC_SPONSORS))


def is_recognised(flag: ColumnElement[Any], since: Condition) -> Condition:
    """Whether a private kindergarten is recognised as inclusive at the time; empty where the flag is blank."""
    return case((flag, since), (not_(flag), False))


@indicator(
    "公办园在园幼儿占比", "Share of children in public kindergartens",
    "在公办学校（园）幼儿班就读的幼儿，占全部在园（班）幼儿的比例。按班级所在学校的举办者判断，附设幼儿班两边都计。",
    unit="%", counted="名幼儿", source="要点第9条；班级台账、学校名录", needs=("class_ledger", "school"),
    work=Work("安排", "名幼儿入公办园"),
)  # fmt: skip
def public_kindergarten_share(c: Tables) -> Ratio:
    """Children in kindergarten classes of schools with a public sponsor, among all children in kindergarten classes.

    By the sponsor of the school that holds the class; classes attached to other schools count on both sides.
    """
    r = c.class_ledger.c
    public = is_public(c, r.school_sponsor, r.school_code)
    return share(c.class_ledger, that=public, of=r.pupils, among=r.stage == "幼儿园")


@indicator(
    "普惠性幼儿园覆盖率", "Coverage of inclusive kindergartens",
    "公办园和普惠性民办园在园幼儿占全部在园（班）幼儿的比例，按幼儿数计。民办园须认定为普惠性，认定日期为空或不晚于当年9月1日；"
    "是否普惠未填的民办园，幼儿两边都不计。民办学校附设班不算普惠。",
    unit="%", counted="名幼儿", source="要点第9条；班级台账、学校名录", needs=("class_ledger", "school"),
    work=Work("安排", "名幼儿入普惠性幼儿园"),
)  # fmt: skip
def inclusive_kindergarten_coverage(c: Tables) -> Ratio:
    """Children of public schools and of private kindergartens recognised as inclusive, among all children.

    Children are counted, not kindergartens. Recognised by 1 September of the census, that day included, or without a
    date; a date that is no day proves none. A private kindergarten whose flag is blank is unknown. Classes attached to
    private schools are never inclusive.
    """
    r = c.class_ledger.c
    since, doubt = r.school_inclusive_since, r.school_inclusive_since__doubt
    in_time = case((since.is_not(None), since <= date(c.year, 9, 1)), else_=doubt.is_(None))
    private = and_(r.school_kind == KINDERGARTEN, is_recognised(r.school_inclusive_private, in_time))
    inclusive = or_(is_public(c, r.school_sponsor, r.school_code), private)
    return share(c.class_ledger, that=inclusive, of=r.pupils, among=r.stage == "幼儿园")


@indicator(
    "学前三年毛入园率", "Gross enrolment in pre-school education",
    "在园（班）幼儿数（不分年龄）与3至5周岁人口数之比。州直和经开区没有人口数，本身无数据，其幼儿计入全州分子；"
    "两地幼儿不在吉首市的数内。",
    unit="%", counted="名幼儿", source="要点第9条；班级台账、学龄人口",
    needs=("class_ledger", "population"), grains=REGIONS,
    work=Work("招收", "名幼儿入园"),
)  # fmt: skip
def preschool_gross_enrolment(c: Tables) -> Across:
    """All children in kindergarten classes, whatever their age, over the population aged 3, 4 and 5 of the year.

    The prefecture's own schools and the zone have no population: no data there, their children count in the
    prefecture and are not in the figure of Jishou. A county of which an age is missing leaves both sides.
    """
    classes, people = c.class_ledger.c, c.population.c
    children = classes.stage == "幼儿园"
    if not c.choice("include_tuoban"):
        children = and_(children, classes.grade != "K0")
    return Across(
        Total(c.class_ledger, classes.pupils, among=children),
        Total(c.population, people[str(c.choice("population_series"))], among=people.age.in_(PRESCHOOL_AGES),
              rows_needed=len(PRESCHOOL_AGES)),
    )  # fmt: skip


@indicator(
    "公办幼儿园数", "Public kindergartens", "举办者为公办的独立幼儿园所数，不含附设班和教学点。",
    unit="所", counted="所幼儿园", source="要点第9条；学校名录", needs=("school",),
    work=Work("新建", "所公办幼儿园"),
)  # fmt: skip
def public_kindergartens(c: Tables) -> Count:
    """Kindergartens with a public sponsor, counted schools only."""
    return Count(c.school, among=_public_kindergarten(c))


@indicator(
    "公办幼儿园学位数", "Places in public kindergartens", "公办幼儿园（不含附设班和教学点）的核定学位数之和。",
    unit="个", counted="个学位", source="要点第9条；学校名录", needs=("school",),
    work=Work("新增", "个公办学位"),
)  # fmt: skip
def public_kindergarten_places(c: Tables) -> Count:
    """Places that kindergartens with a public sponsor can offer, counted schools only."""
    return Count(c.school, of=c.school.c.places, among=_public_kindergarten(c))


def _public_kindergarten(c: Tables) -> Condition:
    r = c.school.c
    return and_(r.kind == KINDERGARTEN, r.is_counted, is_public(c, r.sponsor, r.school_code))


@indicator(
    "当年认定的普惠性民办园", "Private kindergartens recognised as inclusive in the year",
    "认定日期在本年度内的普惠性民办幼儿园所数。是否普惠未填的另计，不算在内。",
    unit="所", counted="所幼儿园", source="要点第9条；学校名录", needs=("school",), grains=REGIONS,
    work=Work("认定", "所普惠性民办园"),
)  # fmt: skip
def inclusive_private_recognised(c: Tables) -> Count:
    """Private kindergartens, counted schools, recognised as inclusive with a date in the calendar year."""
    r = c.school.c
    in_year = and_(r.inclusive_since.is_not(None), r.inclusive_since.between(date(c.year, 1, 1), date(c.year, 12, 31)))
    private = and_(r.kind == KINDERGARTEN, r.is_counted, not_(is_public(c, r.sponsor, r.school_code)))
    return Count(c.school, that=is_recognised(r.inclusive_private, in_year), among=private)


@indicator(
    "幼儿园班额达标率", "Kindergarten classes within the limit",
    "小班、中班、大班、混龄班中，人数不超过本类班上限（含上限，见参数）的班所占比例；托班不计，附设班计入。",
    unit="%", counted="个班", source="教育事业统计指标；班级台账", needs=("class_ledger",),
    work=Work("拆分", "个超限的班", 2, 1),
)  # fmt: skip
def kindergarten_classes_within_limit(c: Tables) -> Ratio:
    """Kindergarten classes with at most as many children as the limit of their grade, among all but those of K0."""
    r = c.class_ledger.c
    limits = {grade: c.number(f"kindergarten_{grade.lower()}_class_limit") for grade in ("K1", "K2", "K3", "KM")}
    limited = and_(r.stage == "幼儿园", r.grade.in_(tuple(limits)))
    return share(c.class_ledger, that=r.pupils <= case(limits, value=r.grade), among=limited)


INDICATORS = (
    public_kindergarten_share,
    inclusive_kindergarten_coverage,
    preschool_gross_enrolment,
    public_kindergartens,
    public_kindergarten_places,
    inclusive_private_recognised,
    kindergarten_classes_within_limit,
)
