"""What schools answer with yes or no in the school list, and which ledgers units keep (articles 2-6, 8, 11, 14, 34).

Only schools that count are asked, and of them only the kinds that a column applies to; what stands in a column that
does not apply is not read. A blank is unknown. Not here: how many pupils, teachers and rooms a school has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Subquery, Table, and_, case, func, literal, not_, select

from assets.indicators.catalogue import PREFECTURE_ONLY, REGIONS, Indicator, Need, Tables, indicator
from assets.indicators.formulas import Condition, Count, Ratio, share
from assets.indicators.preschool import is_public
from assets.plans.gap import Work

KINDERGARTENS = ("111",)
COMPULSORY = ("211", "218", "311", "312", "341", "345", "371")
PRIMARY_AND_SECONDARY = (*COMPULSORY, "342")
ALL_BUT_KINDERGARTENS = (
    *PRIMARY_AND_SECONDARY, "361", "362", "363", "364", "365", "366", "369", "511", "512", "513", "514",
)  # fmt: skip

Asked = Callable[[Table], Condition]


@dataclass(frozen=True)
class Coverage:
    """The share of counted schools for which `that` holds: a yes-or-no column, or a condition on the school list.

    `kinds`: the kinds that are asked, all if none is named; `among`: what else must hold for a school to be asked.
    """

    id: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    article: int
    that: str | Asked
    kinds: tuple[str, ...] = ()
    among: Asked | None = None
    work: Work | None = None

    def define(self, c: Tables) -> Ratio:
        """Its formula."""
        that = c.school.c[self.that] if isinstance(self.that, str) else self.that(c.school)
        return share(c.school, that=that, among=_asked(c.school, self.kinds, self.among))

    @property
    def indicator(self) -> Indicator:
        """Its record."""
        return Indicator(
            id=self.id, name_zh=self.name_zh, name_en=self.name_en, unit="%", counted="所学校", theme="schools",
            definition_zh=self.definition_zh, definition_en=self.definition_en,
            source=f"要点第{self.article}条；学校名录", grains=REGIONS, needs=(Need("school"),), define=self.define,
            work=self.work,
        )  # fmt: skip


def _asked(school: Table, kinds: tuple[str, ...], among: Asked | None) -> Condition:
    """Whether a row of the school list is one that is asked; empty where the condition of asking is unknown."""
    of_kind = school.c.kind.in_(kinds) if kinds else literal(True)
    return and_(school.c.is_counted, of_kind, literal(True) if among is None else among(school))


def _is_secure(school: Table) -> Condition:
    """All three measures of security: one no is no, else one unknown is unknown."""
    return and_(school.c.closed_campus, school.c.alarm_button, school.c.video_covered)


def _keeps_half(school: Table) -> Condition:
    return 2 * school.c.labour_hours >= school.c.practice_hours


def _has_practice(school: Table) -> Condition:
    return func.coalesce(school.c.practice_hours, 0) > 0


COVERAGES = (
    Coverage(
        "party_organisation_coverage", "学校党组织覆盖率", "Schools with a party organisation",
        "中小学、中职和特殊教育学校中，建立党组织的学校所占比例；幼儿园不计。",
        "Schools with a party organisation, among all kinds but kindergartens.",
        article=2, kinds=ALL_BUT_KINDERGARTENS, that="party_organisation",
        work=Work("建立", "所学校的党组织"),
    ),
    Coverage(
        "party_work_coverage", "学校党的工作覆盖率", "Schools covered by party work",
        "中小学、中职和特殊教育学校中，党的工作覆盖（包括选派党建指导员）的学校所占比例；幼儿园不计。",
        "Schools covered by party work, by an instructor if need be, among all kinds but kindergartens.",
        article=2, kinds=ALL_BUT_KINDERGARTENS, that="party_work",
        work=Work("覆盖", "所学校的党建工作"),
    ),
    Coverage(
        "party_standard_coverage", "党支部“五化”建设达标率", "Party branches that meet the standard",
        "建立党组织的中小学、中职和特殊教育学校中，党支部“五化”建设达标的学校所占比例；有无党组织未填的为未知。",
        "Schools whose party branch meets the standard, among all kinds but kindergartens that have an organisation.",
        article=2, kinds=ALL_BUT_KINDERGARTENS, that="party_standard_met",
        among=lambda school: school.c.party_organisation,
        work=Work("指导", "所学校“五化”建设达标"),
    ),
    Coverage(
        "politics_courses_coverage", "思政课开齐开足比例", "Schools that teach political education in full",
        "中小学、中职和特殊教育学校中，思政课开齐开足的学校所占比例；幼儿园不计。",
        "Schools that teach all courses of political education in full, among all kinds but kindergartens.",
        article=3, kinds=ALL_BUT_KINDERGARTENS, that="politics_courses_full",
        work=Work("督促", "所学校开齐思政课"),
    ),
    Coverage(
        "library_review_coverage", "图书馆图书审查清理完成率", "Schools whose library has been reviewed",
        "中小学（包括单独计校的教学点）中，完成图书审查清理的学校所占比例。",
        "Schools that are done with the review of their library, among primary and secondary schools.",
        article=3, kinds=PRIMARY_AND_SECONDARY, that="library_reviewed",
        work=Work("清理", "所学校的图书"),
    ),
    Coverage(
        "discipline_organisation_coverage", "基层纪检组织覆盖率", "Schools with a discipline organisation",
        "中小学、中职和特殊教育学校中，建立纪检组织的学校所占比例；幼儿园不计。",
        "Schools with a discipline organisation, among all kinds but kindergartens.",
        article=4, kinds=ALL_BUT_KINDERGARTENS, that="discipline_organisation",
        work=Work("建立", "所学校的纪检组织"),
    ),
    Coverage(
        "discipline_officer_coverage", "基层纪检干部到位率", "Schools with a discipline officer in post",
        "中小学、中职和特殊教育学校中，纪检干部到位的学校所占比例；幼儿园不计。",
        "Schools whose discipline officer is in post, among all kinds but kindergartens.",
        article=4, kinds=ALL_BUT_KINDERGARTENS, that="discipline_officer",
        work=Work("配备", "所学校的纪检干部"),
    ),
    Coverage(
        "days_made_up_coverage", "延误教学时间补足比例", "Schools that made up for lost teaching days",
        "上一春季学期有延误教学天数的学校中，已补天数不少于延误天数的学校所占比例；延误天数未填的为未知。",
        "Schools that made up at least as many days as they lost in the spring term, among those that lost any.",
        article=5, that=lambda school: school.c.days_made_up >= school.c.days_lost,
        among=lambda school: school.c.days_lost > 0,
        work=Work("督促", "所学校补足教学时间"),
    ),
    Coverage(
        "security_three_coverage", "学校安防“三项”建设完成率", "Schools with all three measures of security",
        "各类学校中，封闭式管理、一键式报警、视频监控三项都有的学校所占比例。一项为否即为否，否则一项未填即为未知。",
        "Schools with a closed campus, an alarm button and video surveillance; one no is no, else a blank is unknown.",
        article=6, that=_is_secure,
        work=Work("完成", "所学校的安防建设"),
    ),
    Coverage(
        "happy_gymnastics_coverage", "幼儿园“快乐体操”开展率", "Kindergartens that offer happy gymnastics",
        "独立设置的幼儿园中，开展“快乐体操”的幼儿园所占比例；附设班不计。",
        "Kindergartens that offer happy gymnastics, attached classes aside.",
        article=8, kinds=KINDERGARTENS, that="happy_gymnastics",
        work=Work("推广到", "所幼儿园"),
    ),
    Coverage(
        "labour_hours_coverage", "劳动教育课时达标学校比例", "Schools that give labour education its half",
        "有综合实践活动课时的中小学中，劳动教育课时不少于综合实践活动课时一半（含一半）的学校所占比例；"
        "劳动教育课时未填的为未知。",
        "Primary and secondary schools whose lessons of labour are at least half of those of practical activities.",
        article=8, kinds=PRIMARY_AND_SECONDARY, that=_keeps_half, among=_has_practice,
        work=Work("督促", "所学校开足劳动课"),
    ),
    Coverage(
        "catchment_coverage", "义务教育学校划定服务片区比例", "Compulsory schools with a catchment area",
        "义务教育学校中，划定招生服务片区的学校所占比例。",
        "Schools with a catchment area, among those of compulsory education.",
        article=14, kinds=COMPULSORY, that="catchment_defined",
        work=Work("划定", "所学校的服务片区"),
    ),
    Coverage(
        "nearby_admission_coverage", "免试就近入学政策覆盖率", "Compulsory schools that admit nearby without test",
        "义务教育学校中，落实免试就近入学政策的学校所占比例。",
        "Schools that admit children nearby and without test, among those of compulsory education.",
        article=14, kinds=COMPULSORY, that="nearby_admission",
        work=Work("督促", "所学校落实就近入学"),
    ),
    Coverage(
        "canteen_platform_coverage", "食堂信息化管理平台使用率", "Canteens on the management platform",
        "有食堂的学校（各类）中，使用食堂信息化管理服务平台的学校所占比例；有无食堂未填的为未知。",
        "Schools whose canteen is on the management platform, among schools of any kind with a canteen.",
        article=34, that="canteen_platform", among=lambda school: school.c.canteen,
        work=Work("接入", "所学校的食堂"),
    ),
)  # fmt: skip


@indicator(
    "民办学校党的工作覆盖率", "Private schools covered by party work",
    "举办者不是公办的中小学、中职和特殊教育学校中，党的工作覆盖（包括选派党建指导员）的学校所占比例；幼儿园不计。",
    unit="%", counted="所学校", source="要点第2条；学校名录", needs=("school",), grains=REGIONS,
    work=Work("覆盖", "所民办学校的党建工作"),
)  # fmt: skip
def private_party_work_coverage(c: Tables) -> Ratio:
    """Schools covered by party work, among schools of all kinds but kindergartens whose sponsor is not public."""
    r = c.school.c
    private = not_(is_public(c, r.sponsor, r.school_code))
    return share(c.school, that=r.party_work, among=and_(_asked(c.school, ALL_BUT_KINDERGARTENS, None), private))


@indicator(
    "课间营养餐试点学校数", "Pilot schools of the break meal",
    "义务教育学校中，开展课间营养餐试点的学校所数。未填的另计，不算在内。",
    unit="所", counted="所学校", source="要点第34条；学校名录", needs=("school",), grains=REGIONS,
    work=Work("增设", "所试点学校"),
)  # fmt: skip
def nutrition_pilot_schools(c: Tables) -> Count:
    """Schools of compulsory education that are pilots of the break meal."""
    return Count(c.school, that=c.school.c.nutrition_pilot, among=_asked(c.school, COMPULSORY, None))


@indicator(
    "师生健康监测覆盖率", "Staff and pupils under health monitoring",
    "春季开学前已监测的师生人数占师生总数的比例，按人计，包括各类学校。",
    unit="%", counted="名师生", source="要点第5条；学校名录", needs=("school",), grains=REGIONS,
    work=Work("监测", "名师生"),
)  # fmt: skip
def health_monitored_share(c: Tables) -> Ratio:
    """Staff and pupils whose health was watched before the reopening, among all; a blank number is unknown."""
    r = c.school.c
    return Ratio(c.school, r.health_monitored, r.staff_and_pupils, _asked(c.school, (), None))


def kept(c: Tables, dataset: str) -> Ratio:
    """Units whose file of the year is there, in each of its periods and not an older version, among those expected."""
    h = c.held.c
    is_current = func.bool_and(h.standing == "current").label("is_current")
    units = select(h.unit_code, is_current).where(h.dataset == dataset).group_by(h.unit_code).subquery("ledger_of")
    return share(units, that=units.c.is_current, among=literal(True))


@indicator(
    "控辍保学台账完善率", "Units that keep the ledger of dropouts",
    "应报控辍保学台账的单位中，本年度台账已入库的单位所占比例；退回后沿用旧表的不算。",
    unit="%", counted="个单位", source="要点第11条；控辍保学台账的报送情况",
    needs=(Need("dropouts", optional=True),), grains=PREFECTURE_ONLY,
    work=Work("督促", "个单位报送台账"),
)  # fmt: skip
def dropout_ledger_kept(c: Tables) -> Ratio:
    """Units whose ledger of dropouts for the year is there, among those expected to send it."""
    return kept(c, "dropouts")


@indicator(
    "资助台账完善率", "Units that keep the ledger of aid",
    "应报资助发放台账的单位中，春秋两学期台账都已入库的单位所占比例；退回后沿用旧表的不算。",
    unit="%", counted="个单位", source="要点第11条；资助发放台账的报送情况",
    needs=(Need("aid_payments", optional=True),), grains=PREFECTURE_ONLY,
    work=Work("督促", "个单位报送台账"),
)  # fmt: skip
def aid_ledger_kept(c: Tables) -> Ratio:
    """Units whose ledger of payments is there for both terms of the year, among those expected to send it."""
    return kept(c, "aid_payments")


@indicator(
    "教育事业发展水平台账完善率", "Units that keep the ledger of enrolment",
    "应报在校生统计的单位中，本学年报表已入库的单位所占比例；退回后沿用旧表的不算。",
    unit="%", counted="个单位", source="要点第11条；在校生统计的报送情况",
    needs=(Need("enrolment", optional=True),), grains=PREFECTURE_ONLY,
    work=Work("督促", "个单位报送报表"),
)  # fmt: skip
def census_ledger_kept(c: Tables) -> Ratio:
    """Units whose enrolment of the school year is there, among those expected to send it."""
    return kept(c, "enrolment")


def _spring_starts(c: Tables) -> Subquery:
    """Units with a calendar of the spring term, and whether it has two different days on which stages begin."""
    r = c.term_calendar.c
    is_staggered = case(
        (func.count(r.starts_on.distinct()) >= 2, True), (func.count(r.starts_on) < func.count(), None), else_=False
    )
    starts = select(r.unit_code, is_staggered.label("is_staggered")).where(r.term == "spring")
    return starts.group_by(r.unit_code).subquery("spring_of")


@indicator(
    "错峰开学单位比例", "Units that reopened in steps",
    "报送春季校历的单位中，各学段开学日期不全相同（至少有两个不同日期）的单位所占比例。",
    unit="%", counted="个单位", source="要点第5条；校历", needs=(Need("term_calendar", "spring"),),
    grains=PREFECTURE_ONLY,
    work=Work("督促", "个单位错峰开学"),
)  # fmt: skip
def staggered_opening(c: Tables) -> Ratio:
    """Units whose stages began the spring term on two days or more, among the units with a spring calendar."""
    units = _spring_starts(c)
    return share(units, that=units.c.is_staggered, among=literal(True))


INDICATORS = (
    *(coverage.indicator for coverage in COVERAGES),
    private_party_work_coverage,
    nutrition_pilot_schools,
    health_monitored_share,
    dropout_ledger_kept,
    aid_ledger_kept,
    census_ledger_kept,
    staggered_opening,
)
