"""Examinations: marks by subject, how examinations were held, places for rural juniors (articles 12, 18, 19, 21 to 23).

Three short tables say which subjects, which lines and which examinations there are; every indicator of marks and of
sittings is made of them. The subjects of an examination and the number of kinds held are also data of the plan:
`measures.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Subquery, and_, func, literal, not_, or_, select

from assets.indicators.catalogue import (
    PREFECTURE_ONLY,
    REGIONS,
    SCHOOLS_AND_REGIONS,
    Indicator,
    Need,
    Tables,
    indicator,
)
from assets.indicators.formulas import ONE, Condition, Formula, Parity, Ratio, share
from assets.plans.gap import NO_WORK, Work

THEME = "exams"
PERCENT = 100

PAPERS = {
    ("junior_exam", "初中学业水平考试", "junior graduation examination"): {
        "chinese": "语文", "maths": "数学", "english": "英语", "physics": "物理", "chemistry": "化学",
        "biology": "生物", "history": "历史", "geography": "地理", "ethics": "道德与法治",
    },
    ("gaokao", "普通高考", "college entrance examination"): {
        "chinese": "语文", "maths": "数学", "english": "英语", "arts": "文综", "science": "理综",
    },
}  # fmt: skip
"""Subjects by their part of the id, of each examination: its part of the id, its name in the files, in English."""

SITTINGS = {
    "gaokao": ("普通高考", "college entrance examination"),
    "academic": ("学业水平考试", "senior academic proficiency test"),
    "adult": ("成人高考", "adult college entrance examination"),
    "self_study": ("自学考试", "self-study examination"),
    "postgraduate": ("研究生招生考试", "postgraduate entrance examination"),
    "teacher_written": ("教师资格笔试", "written examination of teachers"),
    "teacher_interview": ("教师资格面试", "interviews of teachers"),
    "junior_practical": ("初中实践能力考试", "practical examination of juniors"),
    "vocational_skills": ("职业能力考试", "vocational skills examination"),
    "vocational_common": ("中职公共课普测", "vocational test of common subjects"),
}
"""Examinations by their part of the id: the name in the files, and in English."""


@dataclass(frozen=True)
class Paper:
    """One subject of one examination; `take` is its part of an indicator's id."""

    take: str
    exam: str
    exam_en: str
    subject: str

    def sat(self, c: Tables) -> Condition:
        """Whether the row is of a candidate who sat it: absent, cheating and postponed ones are not."""
        r = c.exam_results.c
        return and_(r.exam == self.exam, r.subject == self.subject, r.status == "正常")


def papers() -> Iterator[Paper]:
    """Every subject that has figures."""
    for (exam_take, exam, exam_en), subjects in PAPERS.items():
        for take, subject in subjects.items():
            yield Paper(f"{exam_take}_{take}", exam, f"{take.capitalize()}, {exam_en}", subject)


def mean_mark(paper: Paper, c: Tables) -> Ratio:
    """Marks of those who sat it over their number; who has only a letter is unknown."""
    return Ratio(c.exam_results, c.exam_results.c.score, ONE, among=paper.sat(c))


def _at_or_above(c: Tables, line: str) -> Condition:
    r = c.exam_results.c
    return r.score * PERCENT >= r.full_mark * c.number(line)


def reaching(line: str, paper: Paper, c: Tables) -> Ratio:
    """The part of those who sat it whose mark is at the line, a percentage of the full mark, or above."""
    return share(c.exam_results, that=_at_or_above(c, line), among=paper.sat(c))


def below(line: str, paper: Paper, c: Tables) -> Ratio:
    """The part of those who sat it whose mark is below the line."""
    return share(c.exam_results, that=not_(_at_or_above(c, line)), among=paper.sat(c))


@dataclass(frozen=True)
class Reading:
    """One figure that every subject has: part of the id, names, unit, noun, definitions, formula."""

    take: str
    name_zh: str
    name_en: str
    unit: str
    counted: str
    definition_zh: str
    definition_en: str
    define: Callable[[Paper, Tables], Formula]
    work: Work | None = None

    def of(self, paper: Paper) -> Indicator:
        """The indicator of a subject."""
        return Indicator(
            id=f"{paper.take}_{self.take}", name_zh=f"{paper.exam}{paper.subject}{self.name_zh}",
            name_en=f"{self.name_en}: {paper.exam_en}", unit=self.unit, counted=self.counted, theme=THEME,
            definition_zh=f"{paper.exam}{paper.subject}考试状态为正常且有分数的考生中，{self.definition_zh}",
            definition_en=f"{self.definition_en} Absent candidates are no zeros; a letter without a mark is unknown.",
            source="要点第17、22条；考试成绩", grains=SCHOOLS_AND_REGIONS, needs=(Need("exam_results"),),
            define=functools.partial(self.define, paper), work=self.work,
        )  # fmt: skip


READINGS = (
    Reading("mean", "平均分", "Mean mark", "分", "分", "分数之和除以人数。",
            "Sum of marks of the candidates who sat it, over their number.", mean_mark, NO_WORK),
    Reading("pass", "及格率", "Pass rate", "%", "名考生", "达到满分的及格线（含）的比例。",
            "Candidates at or above the pass line, among those who sat it.",
            functools.partial(reaching, "pass_percent"), Work("提高", "名考生到及格线")),
    Reading("excellent", "优秀率", "Rate of excellent marks", "%", "名考生", "达到满分的优秀线（含）的比例。",
            "Candidates at or above the line of excellence, among those who sat it.",
            functools.partial(reaching, "excellent_percent"), Work("提高", "名考生到优秀线")),
    Reading("low", "低分率", "Rate of low marks", "%", "名考生", "低于满分的低分线（不含）的比例。",
            "Candidates below the line of low marks, among those who sat it.",
            functools.partial(below, "low_percent"), Work("提高", "名考生到低分线以上", -1)),
)  # fmt: skip


def absent_of_registered(exam: str, c: Tables) -> Ratio:
    """Candidates absent from any session of the examination over those registered."""
    r = c.exam_sittings.c
    return Ratio(c.exam_sittings, r.absent, r.registered, among=r.exam == exam)


def violations_of_sat(exam: str, c: Tables) -> Ratio:
    """Candidates who broke the rules in any session of the examination over those who sat it."""
    r = c.exam_sittings.c
    return Ratio(c.exam_sittings, r.violations, r.sat, among=r.exam == exam)


@dataclass(frozen=True)
class Conduct:
    """One figure that every examination held has: part of the id, names, definitions, formula."""

    take: str
    name_zh: str
    name_en: str
    definition_zh: str
    definition_en: str
    define: Callable[[str, Tables], Formula]
    work: Work

    def of(self, take: str, exam: str, exam_en: str) -> Indicator:
        """The indicator of an examination."""
        return Indicator(
            id=f"{self.take}_{take}", name_zh=f"{exam}{self.name_zh}", name_en=f"{self.name_en}: {exam_en}", unit="%",
            counted="名考生", theme=THEME, definition_zh=f"{exam}{self.definition_zh}",
            definition_en=self.definition_en, source="要点第18条；国家教育考试组考情况", grains=REGIONS,
            needs=(Need("exam_sittings"),), define=functools.partial(self.define, exam), work=self.work,
        )  # fmt: skip


CONDUCTS = (
    Conduct("absence_rate", "缺考率", "Absence", "本年度各次考试缺考人数之和占报名人数之和的比例。",
            "Candidates absent over those registered, all sessions of the year.", absent_of_registered,
            Work("减少", "名缺考考生", -1)),
    Conduct("violation_rate", "违纪率", "Violations", "本年度各次考试违纪人数之和占实考人数之和的比例。",
            "Candidates who broke the rules over those who sat it, all sessions of the year.", violations_of_sat,
            Work("减少", "名违纪考生", -1)),
)  # fmt: skip


@indicator(
    "标准化考点占比", "Standard examination sites",
    "各项考试标准化考点数之和占考点数之和的比例；标准化考点数未填的两边都不计。",
    unit="%", counted="个考点", source="要点第18条；国家教育考试组考情况", needs=("exam_sittings",), grains=REGIONS,
    work=Work("建成", "个标准化考点"),
)  # fmt: skip
def standard_site_share(c: Tables) -> Ratio:
    """Sites built to the national standard among all sites, a site of several examinations once for each."""
    r = c.exam_sittings.c
    return Ratio(c.exam_sittings, r.standard_sites, r.sites, among=literal(True))


AREAS = {"城区": "11", "镇区": "12", "乡村": "2"}
"""How codes of urban and rural places begin, by area."""


def junior_places(c: Tables) -> Subquery:
    """Schools, each once, with `is_rural`: whether it lies in the areas of the scope; empty where that is not told."""
    place = func.min(c.school.c.urban_rural)
    is_rural = or_(*(place.startswith(AREAS[area]) for area in c.words("rural_scope")))
    code = c.school.c.school_code
    return select(code, is_rural.label("is_rural")).group_by(code).subquery("place")


def quotas(c: Tables) -> Subquery:
    """Places kept for a junior school by a senior school, with `is_rural` of the junior school."""
    r, place = c.admissions.c, junior_places(c)
    joined = c.admissions.outerjoin(place, place.c.school_code == r.junior_school_code)
    return select(r.unit_code, r.key_senior, r.quota, place.c.is_rural).select_from(joined).subquery("quota")


def junior_graduates(c: Tables) -> Subquery:
    """Junior schools that the year's admissions name, each once, with its graduates and `is_rural`."""
    r, place = c.admissions.c, junior_places(c)
    code, graduates = r.junior_school_code, func.max(r.graduates).label("graduates")
    one = select(func.min(r.unit_code).label("unit_code"), code, graduates).group_by(code).subquery("junior")
    joined = one.outerjoin(place, place.c.school_code == one.c.junior_school_code)
    return select(one.c.unit_code, one.c.graduates, place.c.is_rural).select_from(joined).subquery("junior_school")


@indicator(
    "优质高中指标分配到乡村初中的均衡度", "Fair share of rural junior schools in places of key senior schools",
    "优质普通高中的指标中分配到乡村初中（范围见参数）的比例，除以乡村初中毕业生占全部初中毕业生的比例；"
    "每所初中的毕业生只计一次，城乡类型未填的初中两边都不计。达到1即不低于按比例应得的指标。",
    unit="倍", counted="个指标", source="要点第22条；普通高中指标到校、学校名录",
    needs=("admissions", "school"), grains=PREFECTURE_ONLY, work=NO_WORK,
)  # fmt: skip
def rural_quota_parity(c: Tables) -> Parity:
    """Share of rural junior schools in the places that key senior schools keep, over their share of all graduates.

    1 is a share in proportion. Each junior school's graduates count once, however many senior schools keep places.
    """
    kept, juniors = c.shared(quotas), c.shared(junior_graduates)
    return Parity(
        part=share(kept, that=kept.c.is_rural, among=kept.c.key_senior, of=kept.c.quota),
        whole=share(juniors, that=juniors.c.is_rural, among=literal(True), of=juniors.c.graduates),
    )


INDICATORS = (
    *(reading.of(paper) for paper in papers() for reading in READINGS),
    *(conduct.of(take, *names) for take, names in SITTINGS.items() for conduct in CONDUCTS),
    standard_site_share,
    rural_quota_parity,
)
