"""What was reported, as of the newest release: submissions, findings, explanations, the matrix of what was expected."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Double, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from warehouse.column_types import UtcDateTime
from warehouse.schema.base import metadata, one_of
from warehouse.words import COUNT_KINDS, COUNT_OUTCOMES, FINDING_STATES, SEVERITIES, SUBMISSION_STATES, TIMELINESS

submission = Table(
    "submission",
    metadata,
    Column("submission_id", Text, nullable=False, comment="报送件编号 / unit and first 16 digits of the hash"),
    Column("unit_code", Text, nullable=False, comment="报送单位代码 / unit whose folder it came from"),
    Column("dataset", Text, comment="报表 / dataset; empty when unrecognised"),
    Column("period", Text, comment="报告期 / period; empty when it could not be told"),
    Column("version", Integer, comment="第几版 / version for its unit, dataset and period, from 1"),
    Column("state", Text, nullable=False, comment="状态 / state"),
    Column("sha256", Text, nullable=False, comment="文件的 SHA-256 / hash of the content"),
    Column("received_at", UtcDateTime, nullable=False, comment="收到时间 / when it was received, UTC"),
    Column("rows_read", Integer, comment="读取行数 / rows read, of this period"),
    Column("rows_accepted", Integer, comment="采用行数 / rows accepted"),
    Column("rows_quarantined", Integer, comment="隔离行数 / rows in quarantine"),
    Column("rows_ignored", Integer, comment="忽略行数 / rows ignored: titles, totals, blanks"),
    UniqueConstraint("submission_id", "dataset", "period", postgresql_nulls_not_distinct=True),
    one_of("state", SUBMISSION_STATES),
    Index(None, "unit_code", "dataset", "period"),
    info={"cut_by": "period"},
    comment="报送件，文件×报告期 / submissions, a row per file and period",
)

submission_count = Table(
    "submission_count",
    metadata,
    Column("submission_id", Text, nullable=False, comment="报送件编号 / submission"),
    Column("dataset", Text, comment="报表 / dataset"),
    Column("period", Text, comment="报告期；单元格计入整件的报告期 / period; cells are booked to that of the file"),
    Column("kind", Text, nullable=False, comment="计数对象：行、单元格 / rows or cells"),
    Column("outcome", Text, nullable=False, comment="去向：采用、隔离、尚未核查、取用、忽略 / what became of them"),
    Column("reason", Text, comment="忽略的原因 / why they were ignored; empty for other outcomes"),
    Column("n", Integer, nullable=False, comment="个数 / how many"),
    UniqueConstraint(
        "submission_id", "dataset", "period", "kind", "outcome", "reason", postgresql_nulls_not_distinct=True
    ),
    one_of("kind", COUNT_KINDS),
    one_of("outcome", COUNT_OUTCOMES),
    info={"cut_by": "period"},
    comment="行与单元格的去向，文件×报告期×去向 / rows and cells of each submission by what became of them",
)

finding = Table(
    "finding",
    metadata,
    Column("finding_id", Text, primary_key=True, comment="问题编号 / id, the same for the same rule and place"),
    Column("submission_id", Text, nullable=False, comment="报送件编号 / submission"),
    Column("unit_code", Text, nullable=False, comment="填报单位代码 / unit that must answer"),
    Column("dataset", Text, comment="报表 / dataset"),
    Column("period", Text, comment="报告期 / period"),
    Column("rule_id", Text, nullable=False, comment="规则编号 / rule"),
    Column("severity", Text, nullable=False, comment="级别：必须修改、需说明 / must_fix or must_explain"),
    Column("sheet", Text, comment="工作表 / sheet"),
    Column("row", Integer, comment="行号；空为整件 / row as the sheet shows it; empty: the file"),
    Column("column_name", Text, comment="列名 / column"),
    Column("cell", Text, comment="单元格，如 D7 / cell, for example D7"),
    Column("message", Text, nullable=False, comment="问题 / what is wrong"),
    Column("how_to_fix", Text, nullable=False, comment="修改办法 / how to mend it"),
    Column("state", Text, comment="是否已说明 / open, or explained by an explanation that stands"),
    Column("explanation_id", Text, comment="说明编号；空为没有有效的说明 / explanation; empty: none stands"),
    one_of("severity", SEVERITIES),
    one_of("state", FINDING_STATES),
    Index(None, "submission_id"),
    Index(None, "unit_code", "dataset", "period"),
    Index(None, "rule_id"),
    info={"cut_by": "period"},
    comment="核查问题，规则×位置 / findings, a row per rule and place",
)

explanation = Table(
    "explanation",
    metadata,
    Column("explanation_id", Text, primary_key=True, comment="说明编号 / explanation"),
    Column("unit_code", Text, nullable=False, comment="作出说明的填报单位代码 / unit that explains"),
    Column("dataset", Text, comment="报表 / dataset"),
    Column("period", Text, comment="报告期 / period"),
    Column("rule_id", Text, comment="规则编号；空为统计报表自带的核查 / rule; empty: a check of the census software"),
    Column("explained_on", Date, nullable=False, comment="说明日期 / day of the explanation"),
    Column("expires_on", Date, nullable=False, comment="有效期至，含当日 / last day on which it stands"),
    Column("submission_id", Text, nullable=False, comment="写有说明的报送件编号 / submission that holds it"),
    Index(None, "unit_code", "dataset", "period"),
    comment="各单位的说明，不含文字 / explanations of units; what they say stays in the lake",
)

status_matrix = Table(
    "status_matrix",
    metadata,
    Column(
        "unit_code",
        Text,
        ForeignKey("dim_region.region_code", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        comment="填报单位代码 / unit; 433100 is the bureau's own offices",
    ),
    Column("dataset", Text, primary_key=True, comment="报表 / dataset"),
    Column("period", Text, primary_key=True, comment="报告期 / period"),
    Column("year", Integer, comment="所属年度 / plan year that needs it"),
    Column("state", Text, nullable=False, comment="状态 / state of a submission, or stale, missing"),
    Column("version", Integer, comment="现行版本 / version that stands"),
    Column("submission_id", Text, comment="现行报送件 / submission that stands"),
    Column("due_date", Date, comment="应报日期 / due date"),
    Column("received_at", UtcDateTime, comment="收到时间 / when it was received, UTC"),
    Column("rows_accepted", Integer, comment="采用行数 / rows accepted"),
    Column("rows_quarantined", Integer, comment="隔离行数 / rows in quarantine"),
    Column("must_fix_count", Integer, comment="必须修改的问题数 / findings that must be fixed"),
    Column("must_explain_count", Integer, comment="待说明的问题数 / open questions that must be explained"),
    Column("is_expected", Boolean, comment="是否应报 / whether the unit has to send it"),
    Column("first_received_at", UtcDateTime, comment="首版收到时间 / when its first version was received, UTC"),
    Column("timeliness", Text, comment="及时性：按时、迟报、逾期未报、未到期 / on_time, late, overdue or not_due"),
    Column("is_late", Boolean, comment="是否迟报 / whether the first version came after the due date"),
    Column("days_late", Integer, comment="迟报天数 / days by which the first version was late; empty: not late"),
    Column(
        "is_first_pass", Boolean, comment="首版通过 / whether the first version was accepted without a must_fix finding"
    ),
    Column(
        "repeated_rules", Text, comment="重复出现的差错规则 / must_fix rules broken again, in the next version or year"
    ),
    one_of("timeliness", TIMELINESS),
    comment="报送状态，单位×报表×报告期 / what was expected and what stands, by unit, dataset and period",
)

unit_record = Table(
    "unit_record",
    metadata,
    Column(
        "unit_code",
        Text,
        ForeignKey("dim_region.region_code", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        comment="填报单位代码 / unit; 433100 is the bureau's own offices",
    ),
    Column("year", Integer, primary_key=True, comment="年度 / plan year"),
    Column("expected_count", Integer, nullable=False, comment="应报数 / datasets and periods that it has to send"),
    Column("received_count", Integer, nullable=False, comment="已报数 / of them, those of which anything was received"),
    Column("on_time_count", Integer, nullable=False, comment="按时数 / first version received by the due date"),
    Column("late_count", Integer, nullable=False, comment="迟报数 / first version received later"),
    Column("overdue_count", Integer, nullable=False, comment="逾期未报数 / nothing received, due date passed"),
    Column("on_time_share", Double, comment="按时率 / on time, among on time, late and overdue"),
    Column(
        "first_version_count", Integer, nullable=False, comment="首版数 / first versions that were judged or returned"
    ),
    Column(
        "first_pass_count", Integer, nullable=False, comment="首版通过数 / of them, accepted without a must_fix finding"
    ),
    Column("first_pass_share", Double, comment="首版通过率 / passed first versions, among first versions"),
    Column("repeated_error_count", Integer, nullable=False, comment="重复差错数 / must_fix rules broken again"),
    comment="单位报送质量，单位×年度 / how each unit reported, a row per unit and plan year",
)
