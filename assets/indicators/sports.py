"""Sports: places and people for everybody's exercise, athletes, results, the lottery (articles 27 to 32).

Competitions are data of the plan: `measures.py`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, exists, func, literal, or_, select

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.days import in_year
from assets.indicators.formulas import Across, Condition, Count, Distinct, Ratio, Total, in_yuan, share
from assets.plans.gap import Work

ALL: Condition = literal(True)
FITNESS_TRAIL = "82"
LAST_WITH_MEDAL = 3
MONTHS = 12


def equipped_townships(c: Tables) -> Subquery:
    """Townships, each with `is_equipped`: a farmers' sports project that is not closed; empty where only blanks say so.

    A venue counts where it lies, whoever reports it; an empty inspection is not 停用.
    """
    v = c.venues.c
    is_open = v.inspection.is_distinct_from("停用")
    has_one = func.bool_or(and_(v.farmers_project, is_open).is_(True))
    may_have = func.bool_or(and_(v.farmers_project.is_(None), is_open))
    found = select(v.township_code, has_one.label("has_one"), may_have.label("may_have")).group_by(v.township_code)
    venues, t = found.subquery("venues_of"), c.township.c
    is_equipped = case((venues.c.has_one, True), (venues.c.may_have, None), else_=False)
    places = c.township.outerjoin(venues, venues.c.township_code == t.township_code)
    return (
        select(t.unit_code, t.kind, is_equipped.label("is_equipped")).select_from(places).subquery("equipped_township")
    )


@indicator(
    "乡镇农民体育健身工程覆盖率", "Townships with a farmers' sports project",
    "有一处以上农民体育健身工程（检查结果不为停用）的乡镇占全部乡镇的比例，街道、林场不计。"
    "只有场地未填是否农民体育健身工程的乡镇，两边都不计。",
    unit="%", counted="个乡镇", source="要点第27条；体育场地", needs=("venues",), grains=REGIONS,
    work=Work("配置", "个乡镇的农民体育健身工程"),
)  # fmt: skip
def township_fitness_coverage(c: Tables) -> Ratio:
    """Townships with at least one venue of the farmers' sports project that is not closed, among all townships.

    Towns and townships only. One without such a venue, but with venues that leave it blank, is unknown.
    """
    townships = equipped_townships(c)
    among = townships.c.kind.in_(c.words("township_scope"))
    return share(townships, that=townships.c.is_equipped, among=among)


def _residents(c: Tables) -> Total:
    """Residents of every age; a county of which the row is missing has no figure."""
    people = c.population.c
    return Total(c.population, people.residents, among=people.age == "合计", rows_needed=1)


@indicator(
    "人均体育场地面积", "Area of sports venues per resident",
    "体育场地面积之和除以年末常住人口。州直、经开区没有人口数，其场地只计入全州。",
    unit="平方米/人", counted="平方米", source="要点第27条；体育场地、年度人口",
    needs=("venues", "population"), grains=REGIONS,
    work=Work("新增", "平方米体育场地"),
)  # fmt: skip
def sports_area_per_capita(c: Tables) -> Across:
    """Square metres of all venues over residents of all ages; venues of units without population count above only."""
    return Across(Total(c.venues, c.venues.c.area, among=ALL), _residents(c))


@indicator(
    "每千人社会体育指导员数", "Sports instructors per thousand residents",
    "社会体育指导员人数乘以1000，除以年末常住人口。州直、经开区没有人口数，其指导员只计入全州。",
    unit="名/千人", counted="名社会体育指导员", source="要点第28条；社会体育指导员、年度人口",
    needs=("sports_instructors", "population"), grains=REGIONS, work=Work("新增", "名社会体育指导员", 1000),
)  # fmt: skip
def instructors_per_thousand(c: Tables) -> Across:
    """Registered instructors, times 1000, over residents of all ages."""
    return Across(Total(c.sports_instructors, literal(1000), among=ALL), _residents(c))


@indicator(
    "本年度授予的社会体育指导员", "Sports instructors certified in the year",
    "批准日期在本年度内的社会体育指导员人数。",
    unit="人", counted="名社会体育指导员", source="要点第28条；社会体育指导员",
    needs=("sports_instructors",), grains=REGIONS,
    work=Work("培养", "名社会体育指导员"),
)  # fmt: skip
def instructors_granted(c: Tables) -> Count:
    """Instructors whose grade was granted on a day of the year."""
    return Count(c.sports_instructors, among=ALL, that=in_year(c, c.sports_instructors.c.granted_on))


@indicator(
    "健身场地安全检查率", "Fitness venues whose safety was checked",
    "全民健身路径和农民体育健身工程场地中，最近安全检查日期在本年度内的比例。"
    "不是健身路径、又未填是否农民体育健身工程的场地，两边都不计。",
    unit="%", counted="处场地", source="要点第27条；体育场地", needs=("venues",), grains=REGIONS,
    work=Work("检查", "处场地"),
)  # fmt: skip
def venue_safety_checked(c: Tables) -> Ratio:
    """Fitness trails and venues of the farmers' sports project that were inspected in the year, among all of them."""
    r = c.venues.c
    return share(c.venues, that=in_year(c, r.inspected_on), among=or_(r.kind == FITNESS_TRAIL, r.farmers_project))


@indicator(
    "全民健身路径数", "Fitness trails", "场地类型为全民健身路径的体育场地数。",
    unit="条", counted="条健身路径", source="要点第27条；体育场地", needs=("venues",), grains=REGIONS,
    work=Work("新建", "条健身路径"),
)  # fmt: skip
def fitness_trails(c: Tables) -> Count:
    """Venues of that kind."""
    return Count(c.venues, among=c.venues.c.kind == FITNESS_TRAIL)


def counties_where(c: Tables, *told: Condition) -> Subquery:
    """The eight counties, each with `has_one`: whether one of the rows that are told lies in it."""
    county = c.county.c.unit_code
    return select(county, exists().where(*told).correlate(c.county).label("has_one")).subquery("county_with")


@indicator(
    "“一县一品”覆盖率", "Counties with a signature sport", "有“一县一品”项目的县市占八县市的比例。",
    unit="%", counted="个县市", source="要点第27条；一县一品", needs=("signature_sports",), grains=REGIONS,
    work=Work("推动", "个县市打造“一县一品”"),
)  # fmt: skip
def signature_sports_coverage(c: Tables) -> Ratio:
    """Counties that name at least one signature sport, among the eight."""
    counties = counties_where(c, c.signature_sports.c.unit_code == c.county.c.unit_code)
    return share(counties, that=counties.c.has_one, among=ALL)


@indicator(
    "体育彩票销售总额", "Sales of the sports lottery",
    "本年度十二个月体育彩票销售额之和；月份不全的县市无数据。",
    unit="元", counted="元", source="要点第27条；体育彩票销售", needs=("lottery_sales",), grains=REGIONS,
    work=Work("增加", "元销售额"),
)  # fmt: skip
def lottery_sales(c: Tables) -> Count:
    """Sales of the twelve months, in yuan; a county that lacks one of them has no figure."""
    return Count(c.lottery_sales, among=ALL, of=in_yuan(c.lottery_sales.c.sales), rows_needed=MONTHS)


@indicator(
    "注册运动员数", "Registered athletes", "注册状态为有效的运动员人数，一人注册多个项目只计一次。",
    unit="人", counted="名运动员", source="要点第31条；运动员注册", needs=("athletes",), grains=REGIONS,
    work=Work("注册", "名运动员"),
)  # fmt: skip
def registered_athletes(c: Tables) -> Distinct:
    """Athletes with a valid registration, one of several sports once."""
    r = c.athletes.c
    return Distinct(c.athletes, r.registration_no, among=r.status == "有效")


@indicator(
    "本年度输送运动员数", "Athletes sent to higher teams", "输送日期在本年度内的运动员人数，一人只计一次。",
    unit="人", counted="名运动员", source="要点第31条；运动员注册", needs=("athletes",), grains=REGIONS,
    work=Work("输送", "名运动员"),
)  # fmt: skip
def athletes_sent(c: Tables) -> Distinct:
    """Athletes sent on a day of the year, each once, whatever their registration has become since."""
    r = c.athletes.c
    return Distinct(c.athletes, r.registration_no, among=in_year(c, r.sent_on))


@indicator(
    "教练员数", "Coaches", "教练员人数，一人只计一次。",
    unit="人", counted="名教练员", source="要点第31条；教练员", needs=("coaches",), grains=REGIONS,
    work=Work("增配", "名教练员"),
)  # fmt: skip
def coaches(c: Tables) -> Distinct:
    """Coaches by the number of their certificate, each once."""
    return Distinct(c.coaches, c.coaches.c.coach_no, among=ALL)


def results_once(c: Tables, wanted: str) -> Subquery:
    """Each result once, whoever sent it: the row that tells what is wanted, and the unit's own before the bureau's."""
    r = c.competition_results.c
    key = (r.event_name, r.edition, r.year, r.sport, r.event, r.age_group, r.registration_no, r.rank, r.unit_code)
    order = (r[wanted].is_(None), r.submission_id.desc(), r.sheet, r.row)
    nth = func.row_number().over(partition_by=key, order_by=order).label("nth")
    told = select(*r, nth).subquery("told_result")
    return select(*(column for column in told.c if column.name != "nth")).where(told.c.nth == 1).subquery("result")


def _medals(c: Tables, medal: str) -> Count:
    """Results with that medal; an empty one is none below the third place, and unknown above."""
    results = c.shared(results_once, "medal")
    r = results.c
    won: ColumnElement[Any] = case((r.medal.is_not(None), r.medal == medal), (r.rank > LAST_WITH_MEDAL, False))
    return Count(results, among=ALL, that=won)


@indicator(
    "金牌数", "Gold medals", "竞赛成绩中奖牌为金的成绩数；县市和州都报送的同一成绩只计一次。",
    unit="枚", counted="枚金牌", source="要点第30条；竞赛成绩", needs=("competition_results",), grains=REGIONS,
)  # fmt: skip
def medals_gold(c: Tables) -> Count:
    """Gold medals, a result that county and bureau both send once; a blank among the first three is unknown."""
    return _medals(c, "金")


@indicator(
    "银牌数", "Silver medals", "竞赛成绩中奖牌为银的成绩数；县市和州都报送的同一成绩只计一次。",
    unit="枚", counted="枚银牌", source="要点第30条；竞赛成绩", needs=("competition_results",), grains=REGIONS,
)  # fmt: skip
def medals_silver(c: Tables) -> Count:
    """Silver medals, counted in the same way."""
    return _medals(c, "银")


@indicator(
    "铜牌数", "Bronze medals", "竞赛成绩中奖牌为铜的成绩数；县市和州都报送的同一成绩只计一次。",
    unit="枚", counted="枚铜牌", source="要点第30条；竞赛成绩", needs=("competition_results",), grains=REGIONS,
)  # fmt: skip
def medals_bronze(c: Tables) -> Count:
    """Bronze medals, counted in the same way."""
    return _medals(c, "铜")


@indicator(
    "竞赛总分", "Points in competitions", "竞赛成绩的积分之和；县市和州都报送的同一成绩只计一次。",
    unit="分", counted="分", source="要点第30条；竞赛成绩", needs=("competition_results",), grains=REGIONS,
)  # fmt: skip
def competition_points(c: Tables) -> Count:
    """Points of all results, each once; a result without points is unknown."""
    results = c.shared(results_once, "points")
    return Count(results, among=ALL, of=results.c.points)


INDICATORS = (
    township_fitness_coverage,
    sports_area_per_capita,
    instructors_per_thousand,
    instructors_granted,
    venue_safety_checked,
    fitness_trails,
    signature_sports_coverage,
    lottery_sales,
    registered_athletes,
    athletes_sent,
    coaches,
    medals_gold,
    medals_silver,
    medals_bronze,
    competition_points,
)
