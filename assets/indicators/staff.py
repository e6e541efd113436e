"""Teachers and posts: misused posts (articles 4, 16), dual qualification (article 20), pupils per teacher.

Not here: teachers as a resource of compulsory schools and how evenly they are spread (`resources.py`, `balance.py`).
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Table, case, func, literal

from assets.indicators.catalogue import REGIONS, SCHOOLS_AND_REGIONS, Indicator, Need, Tables, indicator
from assets.indicators.formulas import Across, Count, Ratio, Total
from assets.plans.gap import Work

SINGLE_STAGE: Mapping[str, tuple[str, ...]] = {
    "幼儿园": ("111", "112", "119"),
    "小学": ("211", "218", "219"),
    "初中": ("311", "319"),
    "普通高中": ("342", "349"),
    "中职": ("361", "362", "363", "364", "365", "366", "368", "369"),
    "特教": ("511", "512", "513", "514", "519"),
}
"""The kinds of school that have one stage, by that stage."""


def stage_of(staff: Table) -> ColumnElement[str]:
    """The stage of a row of staff; where it says none, the one stage of its school's kind, empty if it has several."""
    by_kind = {kind: stage for stage, kinds in SINGLE_STAGE.items() for kind in kinds}
    return func.coalesce(staff.c.stage, case(by_kind, value=staff.c.school_kind))


def posts(
    id_: str, name_zh: str, name_en: str, definition_zh: str, definition_en: str, *, article: int, column: str,
    verb: str = "清理",
) -> Indicator:  # fmt: skip
    """A number of persons that the staff table tells school by school; a blank is unknown, not 0.

    `verb`: what has to be done with each of them until there is none.
    """

    def define(c: Tables) -> Count:
        return Count(c.staff, among=literal(True), of=c.staff.c[column])

    return Indicator(
        id=id_, name_zh=name_zh, name_en=name_en, unit="人", counted="人", theme="staff",
        definition_zh=definition_zh, definition_en=definition_en, source=f"要点第{article}条；教职工统计",
        grains=SCHOOLS_AND_REGIONS, needs=(Need("staff"),), define=define, work=Work(verb, "人", -1),
    )  # fmt: skip


POSTS = (
    posts("off_post_staff", "在编不在岗人数", "Staff on the establishment but not at work",
          "各校在编不在岗人数之和。", "Staff on the establishment who are not at work.", article=4, column="off_post"),
    posts("ghost_pay_staff", "吃空饷人数", "Staff paid without working",
          "各校吃空饷人数之和。", "Staff who are paid and do not work.", article=4, column="ghost_pay"),
    posts("misused_posts", "违规占编人数", "Posts held against the rules",
          "各校违规占用编制人数之和。", "Posts of the establishment that are held against the rules.",
          article=4, column="misused_posts"),
    posts("unapproved_hires", "擅自聘请编外人员数", "Persons hired without leave",
          "各校擅自聘请的编外人员数之和。", "Persons hired outside the establishment without leave.",
          article=4, column="unapproved_hires"),
    posts("seconded_teachers", "被借用中小学教师人数", "Teachers lent to other offices",
          "各校被借用的教师人数之和。", "Teachers who are lent to other offices.", article=16, column="seconded",
          verb="清退"),
)  # fmt: skip


@indicator(
    "中职“双师型”教师比例", "Dual qualified teachers of vocational schools",
    "中职专业课（含实习指导）教师中，“双师型”教师所占比例。",
    unit="%", counted="名教师", source="要点第20条；教职工统计、学校名录", needs=("staff", "school"),
    work=Work("培养", "名“双师型”教师"),
)  # fmt: skip
def dual_qualified_share(c: Tables) -> Ratio:
    """Teachers with a practical qualification beside the teacher's, among specialist teachers of vocational schools."""
    r = c.staff.c
    return Ratio(c.staff, r.dual_qualified, r.specialist_teachers, stage_of(c.staff) == "中职")


def pupils_per_teacher(id_: str, stage: str, words_zh: str, words_en: str) -> Indicator:
    """Pupils of a stage to one full-time teacher of it."""

    def define(c: Tables) -> Across:
        e, s = c.enrolment.c, c.staff.c
        return Across(
            Total(c.enrolment, e.pupils, among=e.stage == stage),
            Total(c.staff, s.teachers, among=stage_of(c.staff) == stage),
        )

    return Indicator(
        id=id_, name_zh=f"{words_zh}生师比", name_en=f"Pupils per teacher in {words_en}", unit=":1", counted="名学生",
        theme="staff", definition_zh=f"{words_zh}在校（园）学生数与{words_zh}专任教师数之比，越低越好。",
        definition_en=f"Pupils of {words_en} to one full-time teacher of that stage; lower is better.",
        source="教育事业统计指标；在校生统计、教职工统计、学校名录", grains=REGIONS,
        needs=(Need("enrolment"), Need("staff"), Need("school")), define=define, work=Work("增配", "名教师", 0, 1),
    )  # fmt: skip


RATIOS = (
    pupils_per_teacher("pupil_teacher_ratio_preschool", "幼儿园", "学前教育", "kindergartens"),
    pupils_per_teacher("pupil_teacher_ratio_primary", "小学", "小学", "primary schools"),
    pupils_per_teacher("pupil_teacher_ratio_junior", "初中", "初中", "junior schools"),
    pupils_per_teacher("pupil_teacher_ratio_senior", "普通高中", "普通高中", "general senior schools"),
    pupils_per_teacher("pupil_teacher_ratio_vocational", "中职", "中职", "vocational schools"),
    pupils_per_teacher("pupil_teacher_ratio_special", "特教", "特殊教育", "special schools"),
)

INDICATORS = (*POSTS, dual_qualified_share, *RATIOS)
