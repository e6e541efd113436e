"""Dimensions: regions, schools, indicators and commitments, as of the newest release."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from warehouse.column_types import Exact
from warehouse.schema.base import metadata, one_of
from warehouse.words import REGION_LEVELS, SCHOOL_CHANGES, SEVERITIES

dim_region = Table(
    "dim_region",
    metadata,
    Column("region_code", Text, primary_key=True, comment="区划代码 / code of the region"),
    Column(
        "parent_code",
        Text,
        ForeignKey("dim_region.region_code", deferrable=True, initially="DEFERRED"),
        comment="上级区划代码；州为空 / code of the region above",
    ),
    Column("level", Text, nullable=False, comment="层级；county 为填报单位 / level; county: reporting unit"),
    Column("name_zh", Text, nullable=False, comment="中文名称 / Chinese name"),
    Column("name_en", Text, comment="英文名称 / English name"),
    Column("kind", Text, comment="类别，如县、镇、街道 / kind of region, in Chinese"),
    Column("is_county", Boolean, nullable=False, comment="是否八县市之一 / one of the eight counties"),
    Column("county_code", Text, comment="所属填报单位或县市代码 / reporting unit or county that it is or lies in"),
    Column("prefecture_code", Text, comment="所属州代码 / prefecture that it is or lies in"),
    Column("valid_from", Date, comment="启用日期；空为早于数据 / first day; empty: before all data"),
    Column("valid_to", Date, comment="停用日期（含）；空为至今 / last day; empty: still in use"),
    Column("successor_code", Text, comment="并入或改设的区划代码 / region that took its place"),
    one_of("level", REGION_LEVELS),
    Index(None, "parent_code"),
    comment="区划维度：州、填报单位、乡镇街道 / regions: prefecture, reporting units, townships",
)

dim_unit = Table(
    "dim_unit",
    metadata,
    Column("unit_code", Text, primary_key=True, comment="填报单位代码 / reporting unit"),
    Column("name_zh", Text, nullable=False, comment="中文名称 / Chinese name"),
    Column("name_en", Text, nullable=False, comment="英文名称 / English name"),
    Column("is_county", Boolean, nullable=False, comment="是否八县市之一 / one of the eight counties"),
    Column("is_bureau", Boolean, nullable=False, comment="是否州教体局本身 / the bureau's own offices"),
    Column("county_code", Text, comment="所在县市代码 / county in which its places lie"),
    comment="填报单位维度：十个单位和州教体局 / who reports: the ten units, and the bureau itself",
)

dim_year = Table(
    "dim_year",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year"),
    Column("school_year", Text, nullable=False, comment="学年，如 2020-2021 / school year that begins in it"),
    Column("spring_term", Text, nullable=False, comment="春季学期 / spring term, of the school year before"),
    Column("autumn_term", Text, nullable=False, comment="秋季学期 / autumn term"),
    Column("starts_on", Date, nullable=False, comment="年度首日 / first day"),
    Column("ends_on", Date, nullable=False, comment="年度末日 / last day"),
    Column("school_year_starts_on", Date, nullable=False, comment="学年首日 / first day of the school year"),
    Column("school_year_ends_on", Date, nullable=False, comment="学年末日 / last day of the school year"),
    Column("has_plan", Boolean, nullable=False, comment="是否有工作要点 / whether there is a work plan of it"),
    comment="年度维度 / plan years: calendar year, its two terms, and the school year that begins in it",
)

dim_school = Table(
    "dim_school",
    metadata,
    Column("school_code", Text, primary_key=True, comment="学校标识码 / school code, ten digits"),
    Column(
        "unit_code",
        Text,
        ForeignKey("dim_region.region_code", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        comment="列出该校的填报单位 / the unit that lists the school",
    ),
    Column("valid_from", Date, primary_key=True, comment="有效期起（含） / first day on which the row holds"),
    Column("valid_to", Date, comment="有效期止（含）；空为至今 / last day on which it holds; empty: still"),
    Column("name", Text, nullable=False, comment="学校名称 / name"),
    Column("township_code", Text, comment="乡镇代码 / township, nine digits"),
    Column("kind", Text, comment="办学类型码 / kind of school, three digits"),
    Column("sponsor", Text, comment="举办者类型码 / sponsor, three digits"),
    Column("urban_rural", Text, comment="城乡分类代码 / urban-rural class, three digits"),
    Column("is_counted", Boolean, comment="是否计校数 / counted as a school of its own"),
    Column("parent_school_code", Text, comment="主校标识码 / school into which an uncounted one merges"),
    Column("ended_by", Text, comment="本段终止的原因 / why the span ended; empty: it holds still"),
    Column("successor_code", Text, comment="并入的学校；划转的为本校 / school that it went into; transferred: itself"),
    one_of("ended_by", SCHOOL_CHANGES),
    Index(None, "unit_code"),
    comment="学校维度，学校×填报单位×有效期 / schools, a row per school, unit and span of validity",
)

dim_indicator = Table(
    "dim_indicator",
    metadata,
    Column("indicator_id", Text, primary_key=True, comment="指标代码 / id of the indicator"),
    Column("name_zh", Text, nullable=False, comment="中文名称 / Chinese name"),
    Column("name_en", Text, nullable=False, comment="英文名称 / English name"),
    Column("unit", Text, nullable=False, comment="计量单位 / unit of measure, as displayed"),
    Column("theme", Text, nullable=False, comment="主题 / theme"),
    Column("levels", Text, comment="计算层级，逗号分隔 / levels at which it exists, separated by commas"),
    Column("definition_zh", Text, nullable=False, comment="中文定义 / definition in Chinese"),
    Column("definition_en", Text, nullable=False, comment="英文定义 / definition in English"),
    Column("source", Text, nullable=False, comment="出处 / articles and datasets that it rests on"),
    Column("datasets", Text, comment="所用报表，逗号分隔 / datasets that it is made of, separated by commas"),
    comment="指标维度 / indicators",
)

dim_commitment = Table(
    "dim_commitment",
    metadata,
    Column("commitment_id", Text, primary_key=True, comment="任务代码 / id of the commitment"),
    Column("plan_year", Integer, primary_key=True, autoincrement=False, comment="要点年度 / year of the work plan"),
    Column("article", Integer, nullable=False, comment="要点条目 / article of the plan"),
    Column("name_zh", Text, nullable=False, comment="中文名称 / Chinese name"),
    Column("name_en", Text, nullable=False, comment="英文名称 / English name"),
    Column("indicator_id", Text, comment="指标代码，逗号分隔 / indicators, separated by commas, all to be met"),
    Column("comparison", Text, comment="比较方式，如 >= / how figure and target are compared"),
    Column("target", Exact, comment="目标值，比例为 0 至 1 / target; a ratio is 0 to 1"),
    Column("unit", Text, comment="目标的计量单位 / unit of the target, as displayed"),
    Column("scope", Text, comment="范围 / whom it binds: prefecture, county, school, class"),
    Column("deadline", Date, comment="完成期限 / day by which it must be reached"),
    Column("office", Text, comment="责任科室 / responsible office"),
    Column("choice_zh", Text, comment="口径选择及理由 / choice made where the plan is ambiguous"),
    comment="指标任务维度，任务×年度 / commitments of the work plans, a row per commitment and year",
)

dim_rule = Table(
    "dim_rule",
    metadata,
    Column("rule_id", Text, primary_key=True, comment="规则代码 / id of the rule"),
    Column("dataset", Text, nullable=False, comment="报表或比对 / dataset, or comparison, whose rows it is asked of"),
    Column("severity", Text, nullable=False, comment="性质：必须修改、需说明 / must_fix or must_explain"),
    Column("message", Text, nullable=False, comment="问题的写法 / how a finding of it is worded; braces hold values"),
    Column("how_to_fix", Text, nullable=False, comment="改正办法 / how it is mended"),
    Column("source", Text, nullable=False, comment="依据 / source"),
    Column("owner", Text, comment="责任科室 / office that answers for it; empty: that of the dataset"),
    Column("since", Integer, comment="起用年度 / year from which it is asked; empty: from the first"),
    one_of("severity", SEVERITIES),
    comment="校验规则维度 / rules that rows are judged by",
)

dim_code = Table(
    "dim_code",
    metadata,
    Column("list_name", Text, primary_key=True, comment="代码表，报表.列 / code list: dataset and column"),
    Column("code", Text, primary_key=True, comment="代码 / code as tables store it"),
    Column("position", Integer, nullable=False, comment="次序 / place in the list"),
    Column("name_zh", Text, nullable=False, comment="中文名称 / Chinese name"),
    comment="代码维度，代码表×代码 / what codes mean, a row per list and code",
)

dim_size_band = Table(
    "dim_size_band",
    metadata,
    Column("size_band", Text, primary_key=True, comment="班额段 / band of class size"),
    Column("position", Integer, nullable=False, comment="次序 / place in the list, smallest first"),
    Column("least", Integer, nullable=False, comment="最少人数（含） / least pupils, included"),
    Column("most", Integer, comment="最多人数（含）；空为不限 / most pupils, included; empty: no end"),
    comment="班额段维度，取自教育事业统计报表 / bands of class size, as the school census cuts them",
)
