"""The first version: releases, dimensions, facts, and what was reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, and the token of which the first is still to be taken."""
    _release()
    _publication_token()
    _dim_region()
    _dim_school()
    _dim_indicator()
    _dim_commitment()
    _fact_indicator()
    _fact_verdict()
    _submission()
    _finding()
    _status_matrix()
    op.execute("INSERT INTO publication_token (target, token) VALUES ('release', 0)")


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


def _release() -> None:
    op.create_table(
        "release",
        sa.Column(
            "release_id",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="发布编号 / number of the release, rising",
        ),
        sa.Column(
            "published_at", sa.DateTime(timezone=True), nullable=False, comment="发布时间 / when it was published, UTC"
        ),
        sa.Column(
            "code_version", sa.Text(), nullable=False, comment="程序版本 / version of the code that published it"
        ),
        sa.Column("years", sa.Text(), nullable=False, comment="本次计算的年度，其余沿用 / years computed for it"),
        sa.PrimaryKeyConstraint("release_id", name="pk_release"),
        comment="发布：一次完整、原子的发布 / one complete, atomic publication of the warehouse",
    )


def _publication_token() -> None:
    op.create_table(
        "publication_token",
        sa.Column("target", sa.Text(), nullable=False, comment="所保护的对象（release） / what is guarded: release"),
        sa.Column("token", sa.BigInteger(), nullable=False, comment="最新令牌 / the newest token handed out"),
        sa.PrimaryKeyConstraint("target", name="pk_publication_token"),
        comment="发布令牌：只有持最新令牌者可以发布 / fencing token: only the holder of the newest one may publish",
    )


def _dim_region() -> None:
    op.create_table(
        "dim_region",
        sa.Column("region_code", sa.Text(), nullable=False, comment="区划代码 / code of the region"),
        sa.Column("parent_code", sa.Text(), comment="上级区划代码；州为空 / code of the region above"),
        sa.Column(
            "level", sa.Text(), nullable=False, comment="层级；county 为填报单位 / level; county: reporting unit"
        ),
        sa.Column("name_zh", sa.Text(), nullable=False, comment="中文名称 / Chinese name"),
        sa.Column("name_en", sa.Text(), comment="英文名称 / English name"),
        sa.Column("kind", sa.Text(), comment="类别，如县、镇、街道 / kind of region, in Chinese"),
        sa.Column("is_county", sa.Boolean(), nullable=False, comment="是否八县市之一 / one of the eight counties"),
        sa.CheckConstraint("level IN ('prefecture', 'county', 'township')", name=op.f("ck_dim_region_level")),
        sa.ForeignKeyConstraint(
            ["parent_code"],
            ["dim_region.region_code"],
            name="fk_dim_region_parent_code",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("region_code", name="pk_dim_region"),
        comment="区划维度：州、填报单位、乡镇街道 / regions: prefecture, reporting units, townships",
    )
    op.create_index("ix_dim_region_parent_code", "dim_region", ["parent_code"])


def _dim_school() -> None:
    op.create_table(
        "dim_school",
        sa.Column("school_code", sa.Text(), nullable=False, comment="学校标识码 / school code, ten digits"),
        sa.Column(
            "unit_code", sa.Text(), nullable=False, comment="列出该校的填报单位 / the unit that lists the school"
        ),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="有效期起（含） / first day on which the row holds"),
        sa.Column("valid_to", sa.Date(), comment="有效期止（含）；空为至今 / last day on which it holds; empty: still"),
        sa.Column("name", sa.Text(), nullable=False, comment="学校名称 / name"),
        sa.Column("township_code", sa.Text(), comment="乡镇代码 / township, nine digits"),
        sa.Column("kind", sa.Text(), comment="办学类型码 / kind of school, three digits"),
        sa.Column("sponsor", sa.Text(), comment="举办者类型码 / sponsor, three digits"),
        sa.Column("urban_rural", sa.Text(), comment="城乡分类代码 / urban-rural class, three digits"),
        sa.Column("is_counted", sa.Boolean(), comment="是否计校数 / counted as a school of its own"),
        sa.Column("parent_school_code", sa.Text(), comment="主校标识码 / school into which an uncounted one merges"),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["dim_region.region_code"],
            name="fk_dim_school_unit_code",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("school_code", "unit_code", "valid_from", name="pk_dim_school"),
        comment="学校维度，学校×填报单位×有效期 / schools, a row per school, unit and span of validity",
    )
    op.create_index("ix_dim_school_unit_code", "dim_school", ["unit_code"])


def _dim_indicator() -> None:
    op.create_table(
        "dim_indicator",
        sa.Column("indicator_id", sa.Text(), nullable=False, comment="指标代码 / id of the indicator"),
        sa.Column("name_zh", sa.Text(), nullable=False, comment="中文名称 / Chinese name"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="英文名称 / English name"),
        sa.Column("unit", sa.Text(), nullable=False, comment="计量单位 / unit of measure, as displayed"),
        sa.Column("theme", sa.Text(), nullable=False, comment="主题 / theme"),
        sa.Column("kind", sa.Text(), comment="类型：比例、计数等 / ratio, count, distinct or max"),
        sa.Column("levels", sa.Text(), comment="计算层级，逗号分隔 / levels at which it exists, separated by commas"),
        sa.Column("definition_zh", sa.Text(), nullable=False, comment="中文定义 / definition in Chinese"),
        sa.Column("definition_en", sa.Text(), nullable=False, comment="英文定义 / definition in English"),
        sa.Column("source", sa.Text(), nullable=False, comment="出处 / articles and datasets that it rests on"),
        sa.PrimaryKeyConstraint("indicator_id", name="pk_dim_indicator"),
        comment="指标维度 / indicators",
    )


def _dim_commitment() -> None:
    op.create_table(
        "dim_commitment",
        sa.Column("commitment_id", sa.Text(), nullable=False, comment="任务代码 / id of the commitment"),
        sa.Column(
            "plan_year", sa.Integer(), autoincrement=False, nullable=False, comment="要点年度 / year of the work plan"
        ),
        sa.Column("article", sa.Integer(), nullable=False, comment="要点条目 / article of the plan"),
        sa.Column("name_zh", sa.Text(), nullable=False, comment="中文名称 / Chinese name"),
        sa.Column("name_en", sa.Text(), nullable=False, comment="英文名称 / English name"),
        sa.Column(
            "indicator_id", sa.Text(), comment="指标代码，逗号分隔 / indicators, separated by commas, all to be met"
        ),
        sa.Column("comparison", sa.Text(), comment="比较方式，如 >= / how figure and target are compared"),
        sa.Column("target", sa.Numeric(28, 4), comment="目标值，比例为 0 至 1 / target; a ratio is 0 to 1"),
        sa.Column("unit", sa.Text(), comment="目标的计量单位 / unit of the target, as displayed"),
        sa.Column("scope", sa.Text(), comment="范围 / whom it binds: prefecture, county, school, class"),
        sa.Column("deadline", sa.Date(), comment="完成期限 / day by which it must be reached"),
        sa.Column("office", sa.Text(), comment="责任科室 / responsible office"),
        sa.Column("choice_zh", sa.Text(), comment="口径选择及理由 / choice made where the plan is ambiguous"),
        sa.PrimaryKeyConstraint("commitment_id", "plan_year", name="pk_dim_commitment"),
        comment="指标任务维度，任务×年度 / commitments of the work plans, a row per commitment and year",
    )


def _fact_indicator() -> None:
    op.create_table(
        "fact_indicator",
        sa.Column("release_id", sa.Integer(), nullable=False, comment="发布编号 / the release that the row belongs to"),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False, comment="年度 / plan year"),
        sa.Column("indicator_id", sa.Text(), nullable=False, comment="指标代码 / indicator"),
        sa.Column("region_code", sa.Text(), nullable=False, comment="区划代码或学校标识码 / region, or school code"),
        sa.Column(
            "level", sa.Text(), nullable=False, comment="层级；county 为填报单位 / level; county: reporting unit"
        ),
        sa.Column("numerator", sa.Numeric(28, 4), comment="分子，金额以分计 / numerator; money in 1/100 yuan"),
        sa.Column("denominator", sa.Numeric(28, 4), comment="分母；计数类为空 / denominator; empty for counts"),
        sa.Column("value", sa.Double(), comment="数值，比例为 0 至 1 / value; a ratio is 0 to 1; empty: no data"),
        sa.Column("maturity", sa.Text(), nullable=False, comment="成熟度 / provisional, confirmed or final"),
        sa.Column("unknown_count", sa.Integer(), comment="未知项数 / cells unknown, in neither side of the figure"),
        sa.Column("missing_units", sa.Text(), comment="缺报单位代码，逗号分隔 / codes of the units missing"),
        sa.Column("parameters", sa.Text(), comment="口径参数 / choices that the figure rests on"),
        sa.CheckConstraint("level IN ('prefecture', 'county', 'school')", name=op.f("ck_fact_indicator_level")),
        sa.CheckConstraint(
            "maturity IN ('provisional', 'confirmed', 'final')", name=op.f("ck_fact_indicator_maturity")
        ),
        sa.ForeignKeyConstraint(["release_id"], ["release.release_id"], name="fk_fact_indicator_release_id"),
        sa.PrimaryKeyConstraint("release_id", "year", "indicator_id", "region_code", name="pk_fact_indicator"),
        sqlite_with_rowid=False,
        comment="指标数值，发布×年度×指标×区划或学校 / figures by release, year, indicator and region or school",
    )


def _fact_verdict() -> None:
    op.create_table(
        "fact_verdict",
        sa.Column("release_id", sa.Integer(), nullable=False, comment="发布编号 / the release that the row belongs to"),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False, comment="年度 / plan year"),
        sa.Column("commitment_id", sa.Text(), nullable=False, comment="任务代码 / commitment"),
        sa.Column("region_code", sa.Text(), nullable=False, comment="区划代码 / region judged"),
        sa.Column("indicator_id", sa.Text(), comment="所示数值的指标代码 / indicator of the figure shown"),
        sa.Column("numerator", sa.Numeric(28, 4), comment="分子 / numerator"),
        sa.Column("denominator", sa.Numeric(28, 4), comment="分母 / denominator"),
        sa.Column("value", sa.Double(), comment="数值，比例为 0 至 1 / value; a ratio is 0 to 1; empty: no data"),
        sa.Column("comparison", sa.Text(), comment="比较方式，如 >= / how figure and target are compared"),
        sa.Column("target", sa.Numeric(28, 4), comment="目标值 / target"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="达标情况 / met, missed, no_data or on_track"),
        sa.Column("maturity", sa.Text(), nullable=False, comment="成熟度 / provisional, confirmed or final"),
        sa.Column("gap", sa.Numeric(28, 4), comment="差距：还差多少；达标为 0 / what is still lacking; 0 when met"),
        sa.Column("gap_unit", sa.Text(), comment="差距的计量单位 / unit of the gap"),
        sa.Column("worst_value", sa.Double(), comment="最差下级数值 / the worst figure one level below"),
        sa.Column("worst_region_code", sa.Text(), comment="最差下级区划或学校代码 / where that is"),
        sa.Column("as_of", sa.Date(), comment="评判基准日 / the day as of which it was judged"),
        sa.Column("explanation_zh", sa.Text(), comment="说明，如缺报单位 / one sentence in Chinese"),
        sa.CheckConstraint("maturity IN ('provisional', 'confirmed', 'final')", name=op.f("ck_fact_verdict_maturity")),
        sa.CheckConstraint("verdict IN ('met', 'missed', 'no_data', 'on_track')", name=op.f("ck_fact_verdict_verdict")),
        sa.ForeignKeyConstraint(["release_id"], ["release.release_id"], name="fk_fact_verdict_release_id"),
        sa.PrimaryKeyConstraint("release_id", "year", "commitment_id", "region_code", name="pk_fact_verdict"),
        sqlite_with_rowid=False,
        comment="达标情况，发布×年度×任务×区划 / verdicts by release, year, commitment and region",
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column(
            "submission_id", sa.Text(), nullable=False, comment="报送件编号 / unit and first 16 digits of the hash"
        ),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="报送单位代码 / unit whose folder it came from"),
        sa.Column("dataset", sa.Text(), comment="报表 / dataset; empty when unrecognised"),
        sa.Column("period", sa.Text(), comment="报告期 / period; empty when it could not be told"),
        sa.Column("version", sa.Integer(), comment="第几版 / version for its unit, dataset and period, from 1"),
        sa.Column("state", sa.Text(), nullable=False, comment="状态 / state"),
        sa.Column("sha256", sa.Text(), nullable=False, comment="文件的 SHA-256 / hash of the content"),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), nullable=False, comment="收到时间 / when it was received, UTC"
        ),
        sa.Column("rows_read", sa.Integer(), comment="读取行数 / rows read, of this period"),
        sa.Column("rows_accepted", sa.Integer(), comment="采用行数 / rows accepted"),
        sa.Column("rows_quarantined", sa.Integer(), comment="隔离行数 / rows in quarantine"),
        sa.Column("rows_ignored", sa.Integer(), comment="忽略行数 / rows ignored: titles, totals, blanks"),
        sa.CheckConstraint(
            "state IN ('received', 'accepted', 'accepted_with_findings', 'returned', "
            "'superseded', 'unrecognised', 'waiting', 'failed')",
            name=op.f("ck_submission_state"),
        ),
        sa.UniqueConstraint(
            "submission_id",
            "dataset",
            "period",
            name="uq_submission_submission_id_dataset_period",
            postgresql_nulls_not_distinct=True,
        ),
        comment="报送件，文件×报告期 / submissions, a row per file and period",
    )
    op.create_index("ix_submission_unit_code_dataset_period", "submission", ["unit_code", "dataset", "period"])


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column(
            "finding_id", sa.Text(), nullable=False, comment="问题编号 / id, the same for the same rule and place"
        ),
        sa.Column("submission_id", sa.Text(), nullable=False, comment="报送件编号 / submission"),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="填报单位代码 / unit that must answer"),
        sa.Column("dataset", sa.Text(), comment="报表 / dataset"),
        sa.Column("period", sa.Text(), comment="报告期 / period"),
        sa.Column("rule_id", sa.Text(), nullable=False, comment="规则编号 / rule"),
        sa.Column("severity", sa.Text(), nullable=False, comment="级别：必须修改、需说明 / must_fix or must_explain"),
        sa.Column("sheet", sa.Text(), comment="工作表 / sheet"),
        sa.Column("row", sa.Integer(), comment="行号；空为整件 / row as the sheet shows it; empty: the file"),
        sa.Column("column_name", sa.Text(), comment="列名 / column"),
        sa.Column("cell", sa.Text(), comment="单元格，如 D7 / cell, for example D7"),
        sa.Column("message", sa.Text(), nullable=False, comment="问题 / what is wrong"),
        sa.Column("how_to_fix", sa.Text(), nullable=False, comment="修改办法 / how to mend it"),
        sa.CheckConstraint("severity IN ('must_fix', 'must_explain')", name=op.f("ck_finding_severity")),
        sa.PrimaryKeyConstraint("finding_id", name="pk_finding"),
        comment="核查问题，规则×位置 / findings, a row per rule and place",
    )
    op.create_index("ix_finding_rule_id", "finding", ["rule_id"])
    op.create_index("ix_finding_submission_id", "finding", ["submission_id"])
    op.create_index("ix_finding_unit_code_dataset_period", "finding", ["unit_code", "dataset", "period"])


def _status_matrix() -> None:
    op.create_table(
        "status_matrix",
        sa.Column(
            "unit_code", sa.Text(), nullable=False, comment="填报单位代码 / unit; 433100 is the bureau's own offices"
        ),
        sa.Column("dataset", sa.Text(), nullable=False, comment="报表 / dataset"),
        sa.Column("period", sa.Text(), nullable=False, comment="报告期 / period"),
        sa.Column("year", sa.Integer(), comment="所属年度 / plan year that needs it"),
        sa.Column("state", sa.Text(), nullable=False, comment="状态 / state of a submission, or stale, missing, late"),
        sa.Column("version", sa.Integer(), comment="现行版本 / version that stands"),
        sa.Column("submission_id", sa.Text(), comment="现行报送件 / submission that stands"),
        sa.Column("due_date", sa.Date(), comment="应报日期 / due date"),
        sa.Column("received_at", sa.DateTime(timezone=True), comment="收到时间 / when it was received, UTC"),
        sa.Column("rows_accepted", sa.Integer(), comment="采用行数 / rows accepted"),
        sa.Column("rows_quarantined", sa.Integer(), comment="隔离行数 / rows in quarantine"),
        sa.Column("must_fix_count", sa.Integer(), comment="必须修改的问题数 / findings that must be fixed"),
        sa.Column("must_explain_count", sa.Integer(), comment="待说明的问题数 / open questions that must be explained"),
        sa.ForeignKeyConstraint(
            ["unit_code"],
            ["dim_region.region_code"],
            name="fk_status_matrix_unit_code",
            deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("unit_code", "dataset", "period", name="pk_status_matrix"),
        comment="报送状态，单位×报表×报告期 / what was expected and what stands, by unit, dataset and period",
    )
