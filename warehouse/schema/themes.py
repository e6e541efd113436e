"""Facts by theme: what the accepted rows of a plan year come to at a declared grain, without a person.

A part of a key that the form left empty says 未填. Counts of persons are marked so by `info`; money is in 分.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Text

from warehouse.column_types import Exact
from warehouse.schema.base import metadata
from warehouse.schema.facts import release_key

PERSONS = {"counts": "persons"}
"""Beside a column: a count of persons, which must not be shown where it is small."""


def _year() -> Column[int]:
    return Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year")


def _key(name: str, comment: str) -> Column[str]:
    return Column(name, Text, primary_key=True, comment=comment)


def _unit() -> Column[str]:
    return _key("unit_code", "填报单位代码，即列出该校的单位 / reporting unit: the one that lists the school")


def _place() -> tuple[Column[str], Column[str]]:
    return _unit(), _key("school_code", "学校标识码 / school, ten digits")


def _persons(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, comment=comment, info=PERSONS)


def _number(name: str, comment: str) -> Column[int]:
    return Column(name, BigInteger, comment=comment)


fact_enrolment = Table(
    "fact_enrolment",
    metadata,
    release_key(),
    _year(),
    *_place(),
    _key("stage", "学段 / stage of education"),
    _key("grade", "年级代码 / grade"),
    _persons("pupils", "在校生数 / pupils"),
    _persons("girls", "女生数 / girls"),
    _persons("boarders", "寄宿生数 / boarders"),
    _persons("minority", "少数民族学生数 / pupils of minorities"),
    _persons("left_behind", "留守儿童数 / children left behind by parents who work elsewhere"),
    _persons("migrant", "随迁子女数 / children who came with migrant workers"),
    _persons("disabled_visual", "视力残疾学生数 / pupils with impaired sight"),
    _persons("disabled_hearing", "听力残疾学生数 / pupils with impaired hearing"),
    _persons("disabled_intellectual", "智力残疾学生数 / pupils with an intellectual disability"),
    _persons("entrants", "招生数 / entrants of the year"),
    _persons("leavers", "毕业生数 / pupils who finished the stage"),
    _persons("transferred_in", "转入人数 / transferred in"),
    _persons("transferred_out", "转出人数 / transferred out"),
    _persons("other_in", "其他增加人数 / came otherwise"),
    _persons("other_out", "其他减少人数 / left otherwise"),
    sqlite_with_rowid=False,
    comment="在校生，发布×年度×学校×学段×年级 / pupils by release, year, school, stage and grade",
)

fact_class_size = Table(
    "fact_class_size",
    metadata,
    release_key(),
    _year(),
    *_place(),
    _key("stage", "学段 / stage of education"),
    _key("grade", "年级代码 / grade"),
    _key("class_kind", "班级类型 / kind of class; empty in the form: 普通, an ordinary one"),
    _key("size_band", "班额段 / band of class size"),
    _number("classes", "班数 / classes"),
    _persons("pupils", "学生数 / pupils in them"),
    _persons("boys", "男生数 / boys"),
    _persons("girls", "女生数 / girls"),
    sqlite_with_rowid=False,
    comment="班额，发布×年度×学校×年级×班级类型×班额段 / classes by release, year, school, grade, kind and size",
)

fact_staff = Table(
    "fact_staff",
    metadata,
    release_key(),
    _year(),
    *_place(),
    _key("stage", "学段；表中未填的按学校类别 / stage; where the form has none, that of the school's kind"),
    _persons("staff", "教职工数 / staff"),
    _persons("teachers", "专任教师数 / full-time teachers"),
    _persons("qualified_above", "高于规定学历教师数 / teachers with a higher degree than asked for"),
    _persons("key_teachers", "县级以上骨干教师数 / key teachers of county level and above"),
    _persons("arts_pe_teachers", "体育、艺术教师数 / teachers of physical education and the arts"),
    _persons("specialist_teachers", "专业课教师数 / teachers of vocational subjects"),
    _persons("dual_qualified", "双师型教师数 / of them, dual qualified"),
    _persons("off_post", "在编不在岗人数 / on the establishment but not at work"),
    _persons("ghost_pay", "吃空饷人数 / paid without working"),
    _persons("misused_posts", "违规占编人数 / posts held against the rules"),
    _persons("unapproved_hires", "擅自聘请编外人员数 / hired without leave"),
    _persons("seconded", "被借用教师数 / teachers lent to other offices"),
    sqlite_with_rowid=False,
    comment="教职工，发布×年度×学校×学段 / staff by release, year, school and stage",
)

fact_facilities = Table(
    "fact_facilities",
    metadata,
    release_key(),
    _year(),
    *_place(),
    Column("teaching_area", Exact, comment="教学及辅助用房面积（平方米） / floor space for teaching, square metres"),
    Column("indoor_sports_area", Exact, comment="其中室内体育用房（平方米） / of it, indoor sports rooms"),
    Column("sports_ground_area", Exact, comment="运动场地面积（平方米） / sports grounds, square metres"),
    _number("equipment_value", "教学仪器设备值（分） / value of teaching equipment, 1/100 yuan"),
    _number("multimedia_rooms", "网络多媒体教室间数 / classrooms with network and multimedia equipment"),
    _number("books", "图书册数 / books"),
    _number("computers", "计算机台数 / computers"),
    sqlite_with_rowid=False,
    comment="办学条件，发布×年度×学校 / rooms and equipment by release, year and school",
)

fact_aid = Table(
    "fact_aid",
    metadata,
    release_key(),
    _year(),
    *_place(),
    _key("term", "学期：spring 春季、autumn 秋季 / term: spring or autumn"),
    _key("project", "资助项目 / project of aid"),
    _key("category", "困难类型 / category of the pupil"),
    _persons("payments", "资助笔数 / payments"),
    _persons("pupils", "受助学生数，本行内一人计一次 / pupils, each once within the row"),
    _persons("succeeded", "发放成功笔数 / payments that arrived"),
    _persons("returned", "退汇笔数 / payments returned by the bank"),
    _persons("unpaid", "未发笔数 / payments not made"),
    _number("amount_due", "应发金额（分） / money due, 1/100 yuan"),
    _number("amount_paid", "实发金额（分） / money paid, 1/100 yuan"),
    _persons("on_time", "按时发放笔数；没有校历为空 / payments that arrived in time; empty without a calendar"),
    _number("amount_on_time", "按时发放金额（分）；没有校历为空 / their money, 1/100 yuan; empty without a calendar"),
    sqlite_with_rowid=False,
    comment="资助发放，发布×年度×学校×学期×项目×困难类型 / aid by release, year, school, term, project and category",
)

fact_exam = Table(
    "fact_exam",
    metadata,
    release_key(),
    _year(),
    *_place(),
    _key("exam", "考试 / examination"),
    _key("subject", "学科 / subject"),
    _persons("candidates", "报考人次 / candidates"),
    _persons("sat", "正常应考人次 / candidates who sat normally"),
    _persons("absent", "缺考人次 / absent"),
    _persons("violations", "违纪人次 / broke the rules"),
    _persons("deferred", "缓考人次 / deferred"),
    _persons("scored", "有分数人次 / sat normally and have a mark"),
    Column("score_sum", Exact, comment="分数之和，除以有分数人次为平均分 / sum of their marks; over `scored` the mean"),
    Column("full_mark_sum", Exact, comment="满分之和，用于得分率 / sum of the full marks, for a rate"),
    *(_persons(f"grade_{letter.lower()}", f"{letter}等人次 / graded {letter}") for letter in "ABCDE"),
    sqlite_with_rowid=False,
    comment="考试成绩，发布×年度×学校×考试×学科 / examinations by release, year, school, examination and subject",
)

fact_registration = Table(
    "fact_registration",
    metadata,
    release_key(),
    _year(),
    *_place(),
    _key("sport", "运动项目 / sport"),
    _key("athlete_grade", "运动员等级 / grade of athlete"),
    _key("status", "注册状态：有效、暂停、注销 / state of the registration"),
    _persons("athletes", "注册运动员人次 / registered athletes"),
    _persons("male", "男运动员人次 / men and boys"),
    _persons("female", "女运动员人次 / women and girls"),
    _persons("sent_on", "本年度输送人次 / sent on to a higher team in the year"),
    sqlite_with_rowid=False,
    comment="运动员注册，发布×年度×学校×项目×等级×状态 / athletes by release, year, school, sport, grade and state",
)

fact_venue = Table(
    "fact_venue",
    metadata,
    release_key(),
    _year(),
    _key("unit_code", "填报单位代码 / reporting unit"),
    _key("township_code", "乡镇代码 / township, nine digits"),
    _key("kind", "场地类型码 / kind of venue"),
    _number("venues", "场地数 / venues"),
    Column("area", Exact, comment="场地面积（平方米） / area, square metres"),
    _number("farmers_projects", "农民体育健身工程场地数 / venues of the farmers' sports project"),
    _number("inspected", "本年度检查的场地数 / inspected in the year"),
    _number("open_all_day", "全天开放 / open all day"),
    _number("open_part_of_day", "部分时段开放 / open part of the day"),
    _number("not_open", "不开放 / not open"),
    _number("passed", "检查合格 / found in order by the last inspection"),
    _number("to_mend", "检查要求整改 / to be mended"),
    _number("out_of_use", "检查停用 / taken out of use"),
    sqlite_with_rowid=False,
    comment="体育场地，发布×年度×乡镇×场地类型 / sports venues by release, year, township and kind",
)

fact_work_item = Table(
    "fact_work_item",
    metadata,
    release_key(),
    _year(),
    _key("unit_code", "填报单位代码；433100 为全州事项 / reporting unit; 433100: the prefecture's own"),
    _key("school_code", "学校标识码 / school, where the thing is a school's"),
    _key("commitment_id", "任务代码 / commitment of the plan"),
    _key("office", "责任科室 / responsible office"),
    _key("status", "状态：未启动、推进中、已完成、已取消 / state of the deliverables"),
    Column("article", Integer, comment="要点条目 / article of the plan"),
    _number("items", "事项数 / deliverables"),
    Column("quantity", Exact, comment="数量，未填按 1 计 / quantity; empty in the form: 1"),
    Column("due", Exact, comment="应完成数；有一项未填则为空 / quantity due; empty where one item has none"),
    _number("in_time", "按计划日期完成的事项数 / done by the planned day"),
    Column("first_done_on", Date, comment="最早完成日期 / first day on which one was done"),
    Column("last_done_on", Date, comment="最近完成日期 / last day on which one was done"),
    sqlite_with_rowid=False,
    comment="重点工作事项，发布×年度×单位×任务×科室×状态 / work items by release, year, unit, commitment and state",
)

THEMES = (
    fact_enrolment,
    fact_class_size,
    fact_staff,
    fact_facilities,
    fact_aid,
    fact_exam,
    fact_registration,
    fact_venue,
    fact_work_item,
)
"""The facts by theme."""
