"""The star is finished: units, years, codes, facts by theme, effective dates, and a dictionary in the database."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

Columns = tuple[tuple[str, Any, str], ...]

_EXACT = sa.Numeric(28, 4)
_CHANGES = "ended_by IN ('merged', 'transferred', 'renamed', 'moved', 'closed', 'changed')"
_PART = ("part_id", sa.Integer(), "分片编号 / part that the row belongs to")
_YEAR = ("year", sa.Integer(), "年度 / plan year")
_UNIT = ("unit_code", sa.Text(), "填报单位代码，即列出该校的单位 / reporting unit: the one that lists the school")
_SCHOOL = ("school_code", sa.Text(), "学校标识码 / school, ten digits")


def upgrade() -> None:
    """Create the tables and add the columns; the next release fills them."""
    for name, comment, key, others, filled in _DIMENSIONS:
        _create(name, comment, key, others, filled)
    for name, comment, key, others in _FACTS:
        _create(name, comment, key, others, is_fact=True)
    _create_dictionary()
    _add("dim_region", _REGION)
    _add(
        "dim_indicator",
        (("datasets", sa.Text(), "所用报表，逗号分隔 / datasets that it is made of, separated by commas"),),
    )
    _add("dim_school", _SCHOOL_ENDS)
    with op.batch_alter_table("stored_dim_school") as batch_op:
        batch_op.create_check_constraint(op.f("ck_stored_dim_school_ended_by"), _CHANGES)


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


def _create(
    name: str, comment: str, key: Columns, others: Columns, filled: tuple[str, ...] = (), *, is_fact: bool = False
) -> None:
    """Make the stored table of a published one, its rows keyed by the part that they belong to."""
    key = (_PART, *key)
    op.create_table(
        f"stored_{name}",
        *(_column(each, is_filled=True) for each in key),
        *(_column(each, is_filled=each[0] in filled) for each in others),
        sa.PrimaryKeyConstraint(*(column[0] for column in key), name=op.f(f"pk_stored_{name}")),
        comment=comment,
        **({"sqlite_with_rowid": False} if is_fact else {}),
    )


def _create_dictionary() -> None:
    key, others = _DICTIONARY[:2], _DICTIONARY[2:]
    op.create_table(
        "data_dictionary",
        *(_column(each, is_filled=True) for each in key),
        *(_column(each, is_filled=each[0] != "data_type") for each in others),
        sa.PrimaryKeyConstraint(*(column[0] for column in key), name=op.f("pk_data_dictionary")),
        comment="数据字典：各表、视图和列的含义 / what each table, view and column means",
    )


def _column(told: tuple[str, Any, str], *, is_filled: bool) -> sa.Column[Any]:
    name, kind, comment = told
    return sa.Column(name, kind, nullable=not is_filled, autoincrement=False, comment=comment)


def _add(table: str, columns: Columns) -> None:
    with op.batch_alter_table(f"stored_{table}") as batch_op:
        for each in columns:
            batch_op.add_column(_column(each, is_filled=False))


_REGION: Columns = (
    ("county_code", sa.Text(), "所属填报单位或县市代码 / reporting unit or county that it is or lies in"),
    ("prefecture_code", sa.Text(), "所属州代码 / prefecture that it is or lies in"),
    ("valid_from", sa.Date(), "启用日期；空为早于数据 / first day; empty: before all data"),
    ("valid_to", sa.Date(), "停用日期（含）；空为至今 / last day; empty: still in use"),
    ("successor_code", sa.Text(), "并入或改设的区划代码 / region that took its place"),
)
_SCHOOL_ENDS: Columns = (
    ("ended_by", sa.Text(), "本段终止的原因 / why the span ended; empty: it holds still"),
    ("successor_code", sa.Text(), "并入的学校；划转的为本校 / school that it went into; transferred: itself"),
)
_DICTIONARY: Columns = (
    ("object_name", sa.Text(), "表或视图 / table or view"),
    ("column_name", sa.Text(), "列；空为整个表或视图 / column; empty: the whole of it"),
    ("kind", sa.Text(), "类别：table 表、view 视图 / table or view"),
    ("data_type", sa.Text(), "类型 / type of the column"),
    ("comment_zh", sa.Text(), "中文说明 / meaning in Chinese"),
    ("comment_en", sa.Text(), "英文说明 / meaning in English"),
)
_DIMENSIONS: tuple[tuple[str, str, Columns, Columns, tuple[str, ...]], ...] = (
    (
        "dim_unit",
        "填报单位维度：十个单位和州教体局 / who reports: the ten units, and the bureau itself",
        (("unit_code", sa.Text(), "填报单位代码 / reporting unit"),),
        (
            ("name_zh", sa.Text(), "中文名称 / Chinese name"),
            ("name_en", sa.Text(), "英文名称 / English name"),
            ("is_county", sa.Boolean(), "是否八县市之一 / one of the eight counties"),
            ("is_bureau", sa.Boolean(), "是否州教体局本身 / the bureau's own offices"),
            ("county_code", sa.Text(), "所在县市代码 / county in which its places lie"),
        ),
        (
            "name_zh",
            "name_en",
            "is_county",
            "is_bureau",
        ),
    ),
    (
        "dim_year",
        "年度维度 / plan years: calendar year, its two terms, and the school year that begins in it",
        (_YEAR,),
        (
            ("school_year", sa.Text(), "学年，如 2020-2021 / school year that begins in it"),
            ("spring_term", sa.Text(), "春季学期 / spring term, of the school year before"),
            ("autumn_term", sa.Text(), "秋季学期 / autumn term"),
            ("starts_on", sa.Date(), "年度首日 / first day"),
            ("ends_on", sa.Date(), "年度末日 / last day"),
            ("school_year_starts_on", sa.Date(), "学年首日 / first day of the school year"),
            ("school_year_ends_on", sa.Date(), "学年末日 / last day of the school year"),
            ("has_plan", sa.Boolean(), "是否有工作要点 / whether there is a work plan of it"),
        ),
        (
            "school_year",
            "spring_term",
            "autumn_term",
            "starts_on",
            "ends_on",
            "school_year_starts_on",
            "school_year_ends_on",
            "has_plan",
        ),
    ),
    (
        "dim_code",
        "代码维度，代码表×代码 / what codes mean, a row per list and code",
        (
            ("list_name", sa.Text(), "代码表，报表.列 / code list: dataset and column"),
            ("code", sa.Text(), "代码 / code as tables store it"),
        ),
        (
            ("position", sa.Integer(), "次序 / place in the list"),
            ("name_zh", sa.Text(), "中文名称 / Chinese name"),
        ),
        (
            "position",
            "name_zh",
        ),
    ),
    (
        "dim_size_band",
        "班额段维度，取自教育事业统计报表 / bands of class size, as the school census cuts them",
        (("size_band", sa.Text(), "班额段 / band of class size"),),
        (
            ("position", sa.Integer(), "次序 / place in the list, smallest first"),
            ("least", sa.Integer(), "最少人数（含） / least pupils, included"),
            ("most", sa.Integer(), "最多人数（含）；空为不限 / most pupils, included; empty: no end"),
        ),
        (
            "position",
            "least",
        ),
    ),
)
_FACTS: tuple[tuple[str, str, Columns, Columns], ...] = (
    (
        "fact_enrolment",
        "在校生，发布×年度×学校×学段×年级 / pupils by release, year, school, stage and grade",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
            ("stage", sa.Text(), "学段 / stage of education"),
            ("grade", sa.Text(), "年级代码 / grade"),
        ),
        (
            ("pupils", sa.BigInteger(), "在校生数 / pupils"),
            ("girls", sa.BigInteger(), "女生数 / girls"),
            ("boarders", sa.BigInteger(), "寄宿生数 / boarders"),
            ("minority", sa.BigInteger(), "少数民族学生数 / pupils of minorities"),
            ("left_behind", sa.BigInteger(), "留守儿童数 / children left behind by parents who work elsewhere"),
            ("migrant", sa.BigInteger(), "随迁子女数 / children who came with migrant workers"),
            ("disabled_visual", sa.BigInteger(), "视力残疾学生数 / pupils with impaired sight"),
            ("disabled_hearing", sa.BigInteger(), "听力残疾学生数 / pupils with impaired hearing"),
            ("disabled_intellectual", sa.BigInteger(), "智力残疾学生数 / pupils with an intellectual disability"),
            ("entrants", sa.BigInteger(), "招生数 / entrants of the year"),
            ("leavers", sa.BigInteger(), "毕业生数 / pupils who finished the stage"),
            ("transferred_in", sa.BigInteger(), "转入人数 / transferred in"),
            ("transferred_out", sa.BigInteger(), "转出人数 / transferred out"),
            ("other_in", sa.BigInteger(), "其他增加人数 / came otherwise"),
            ("other_out", sa.BigInteger(), "其他减少人数 / left otherwise"),
        ),
    ),
    (
        "fact_class_size",
        "班额，发布×年度×学校×年级×班级类型×班额段 / classes by release, year, school, grade, kind and size",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
            ("stage", sa.Text(), "学段 / stage of education"),
            ("grade", sa.Text(), "年级代码 / grade"),
            ("class_kind", sa.Text(), "班级类型 / kind of class; empty in the form: 普通, an ordinary one"),
            ("size_band", sa.Text(), "班额段 / band of class size"),
        ),
        (
            ("classes", sa.BigInteger(), "班数 / classes"),
            ("pupils", sa.BigInteger(), "学生数 / pupils in them"),
            ("boys", sa.BigInteger(), "男生数 / boys"),
            ("girls", sa.BigInteger(), "女生数 / girls"),
        ),
    ),
    (
        "fact_staff",
        "教职工，发布×年度×学校×学段 / staff by release, year, school and stage",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
            (
                "stage",
                sa.Text(),
                "学段；表中未填的按学校类别 / stage; where the form has none, that of the school's kind",
            ),
        ),
        (
            ("staff", sa.BigInteger(), "教职工数 / staff"),
            ("teachers", sa.BigInteger(), "专任教师数 / full-time teachers"),
            ("qualified_above", sa.BigInteger(), "高于规定学历教师数 / teachers with a higher degree than asked for"),
            ("key_teachers", sa.BigInteger(), "县级以上骨干教师数 / key teachers of county level and above"),
            ("arts_pe_teachers", sa.BigInteger(), "体育、艺术教师数 / teachers of physical education and the arts"),
            ("specialist_teachers", sa.BigInteger(), "专业课教师数 / teachers of vocational subjects"),
            ("dual_qualified", sa.BigInteger(), "双师型教师数 / of them, dual qualified"),
            ("off_post", sa.BigInteger(), "在编不在岗人数 / on the establishment but not at work"),
            ("ghost_pay", sa.BigInteger(), "吃空饷人数 / paid without working"),
            ("misused_posts", sa.BigInteger(), "违规占编人数 / posts held against the rules"),
            ("unapproved_hires", sa.BigInteger(), "擅自聘请编外人员数 / hired without leave"),
            ("seconded", sa.BigInteger(), "被借用教师数 / teachers lent to other offices"),
        ),
    ),
    (
        "fact_facilities",
        "办学条件，发布×年度×学校 / rooms and equipment by release, year and school",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
        ),
        (
            ("teaching_area", _EXACT, "教学及辅助用房面积（平方米） / floor space for teaching, square metres"),
            ("indoor_sports_area", _EXACT, "其中室内体育用房（平方米） / of it, indoor sports rooms"),
            ("sports_ground_area", _EXACT, "运动场地面积（平方米） / sports grounds, square metres"),
            ("equipment_value", sa.BigInteger(), "教学仪器设备值（分） / value of teaching equipment, 1/100 yuan"),
            (
                "multimedia_rooms",
                sa.BigInteger(),
                "网络多媒体教室间数 / classrooms with network and multimedia equipment",
            ),
            ("books", sa.BigInteger(), "图书册数 / books"),
            ("computers", sa.BigInteger(), "计算机台数 / computers"),
        ),
    ),
    (
        "fact_aid",
        "资助发放，发布×年度×学校×学期×项目×困难类型 / aid by release, year, school, term, project and category",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
            ("term", sa.Text(), "学期：spring 春季、autumn 秋季 / term: spring or autumn"),
            ("project", sa.Text(), "资助项目 / project of aid"),
            ("category", sa.Text(), "困难类型 / category of the pupil"),
        ),
        (
            ("payments", sa.BigInteger(), "资助笔数 / payments"),
            ("pupils", sa.BigInteger(), "受助学生数，本行内一人计一次 / pupils, each once within the row"),
            ("succeeded", sa.BigInteger(), "发放成功笔数 / payments that arrived"),
            ("returned", sa.BigInteger(), "退汇笔数 / payments returned by the bank"),
            ("unpaid", sa.BigInteger(), "未发笔数 / payments not made"),
            ("amount_due", sa.BigInteger(), "应发金额（分） / money due, 1/100 yuan"),
            ("amount_paid", sa.BigInteger(), "实发金额（分） / money paid, 1/100 yuan"),
            (
                "on_time",
                sa.BigInteger(),
                "按时发放笔数；没有校历为空 / payments that arrived in time; empty without a calendar",
            ),
            (
                "amount_on_time",
                sa.BigInteger(),
                "按时发放金额（分）；没有校历为空 / their money, 1/100 yuan; empty without a calendar",
            ),
        ),
    ),
    (
        "fact_exam",
        "考试成绩，发布×年度×学校×考试×学科 / examinations by release, year, school, examination and subject",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
            ("exam", sa.Text(), "考试 / examination"),
            ("subject", sa.Text(), "学科 / subject"),
        ),
        (
            ("candidates", sa.BigInteger(), "报考人次 / candidates"),
            ("sat", sa.BigInteger(), "正常应考人次 / candidates who sat normally"),
            ("absent", sa.BigInteger(), "缺考人次 / absent"),
            ("violations", sa.BigInteger(), "违纪人次 / broke the rules"),
            ("deferred", sa.BigInteger(), "缓考人次 / deferred"),
            ("scored", sa.BigInteger(), "有分数人次 / sat normally and have a mark"),
            ("score_sum", _EXACT, "分数之和，除以有分数人次为平均分 / sum of their marks; over `scored` the mean"),
            ("full_mark_sum", _EXACT, "满分之和，用于得分率 / sum of the full marks, for a rate"),
            ("grade_a", sa.BigInteger(), "A等人次 / graded A"),
            ("grade_b", sa.BigInteger(), "B等人次 / graded B"),
            ("grade_c", sa.BigInteger(), "C等人次 / graded C"),
            ("grade_d", sa.BigInteger(), "D等人次 / graded D"),
            ("grade_e", sa.BigInteger(), "E等人次 / graded E"),
        ),
    ),
    (
        "fact_registration",
        "运动员注册，发布×年度×学校×项目×等级×状态 / athletes by release, year, school, sport, grade and state",
        (
            _YEAR,
            _UNIT,
            _SCHOOL,
            ("sport", sa.Text(), "运动项目 / sport"),
            ("athlete_grade", sa.Text(), "运动员等级 / grade of athlete"),
            ("status", sa.Text(), "注册状态：有效、暂停、注销 / state of the registration"),
        ),
        (
            ("athletes", sa.BigInteger(), "注册运动员人次 / registered athletes"),
            ("male", sa.BigInteger(), "男运动员人次 / men and boys"),
            ("female", sa.BigInteger(), "女运动员人次 / women and girls"),
            ("sent_on", sa.BigInteger(), "本年度输送人次 / sent on to a higher team in the year"),
        ),
    ),
    (
        "fact_venue",
        "体育场地，发布×年度×乡镇×场地类型 / sports venues by release, year, township and kind",
        (
            _YEAR,
            ("unit_code", sa.Text(), "填报单位代码 / reporting unit"),
            ("township_code", sa.Text(), "乡镇代码 / township, nine digits"),
            ("kind", sa.Text(), "场地类型码 / kind of venue"),
        ),
        (
            ("venues", sa.BigInteger(), "场地数 / venues"),
            ("area", _EXACT, "场地面积（平方米） / area, square metres"),
            ("farmers_projects", sa.BigInteger(), "农民体育健身工程场地数 / venues of the farmers' sports project"),
            ("inspected", sa.BigInteger(), "本年度检查的场地数 / inspected in the year"),
            ("open_all_day", sa.BigInteger(), "全天开放 / open all day"),
            ("open_part_of_day", sa.BigInteger(), "部分时段开放 / open part of the day"),
            ("not_open", sa.BigInteger(), "不开放 / not open"),
            ("passed", sa.BigInteger(), "检查合格 / found in order by the last inspection"),
            ("to_mend", sa.BigInteger(), "检查要求整改 / to be mended"),
            ("out_of_use", sa.BigInteger(), "检查停用 / taken out of use"),
        ),
    ),
    (
        "fact_work_item",
        "重点工作事项，发布×年度×单位×任务×科室×状态 / work items by release, year, unit, commitment and state",
        (
            _YEAR,
            ("unit_code", sa.Text(), "填报单位代码；433100 为全州事项 / reporting unit; 433100: the prefecture's own"),
            ("school_code", sa.Text(), "学校标识码 / school, where the thing is a school's"),
            ("commitment_id", sa.Text(), "任务代码 / commitment of the plan"),
            ("office", sa.Text(), "责任科室 / responsible office"),
            ("status", sa.Text(), "状态：未启动、推进中、已完成、已取消 / state of the deliverables"),
        ),
        (
            ("article", sa.Integer(), "要点条目 / article of the plan"),
            ("items", sa.BigInteger(), "事项数 / deliverables"),
            ("quantity", _EXACT, "数量，未填按 1 计 / quantity; empty in the form: 1"),
            ("due", _EXACT, "应完成数；有一项未填则为空 / quantity due; empty where one item has none"),
            ("in_time", sa.BigInteger(), "按计划日期完成的事项数 / done by the planned day"),
            ("first_done_on", sa.Date(), "最早完成日期 / first day on which one was done"),
            ("last_done_on", sa.Date(), "最近完成日期 / last day on which one was done"),
        ),
    ),
)
