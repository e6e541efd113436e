"""The matrix tells timeliness, first passes and repeated errors; a table counts them by unit and year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_UNIT = "填报单位代码 / unit; 433100 is the bureau's own offices"
_STATE = "状态 / state of a submission, or stale, missing"
_WORDS = "timeliness IN ('on_time', 'late', 'overdue', 'not_due')"


def upgrade() -> None:
    """Add the columns and the table; both are filled by the next release."""
    with op.batch_alter_table("status_matrix") as batch_op:
        for column in _columns():
            batch_op.add_column(column)
        batch_op.alter_column("state", existing_type=sa.Text(), existing_nullable=False, comment=_STATE)
        batch_op.create_check_constraint(op.f("ck_status_matrix_timeliness"), _WORDS)
    _unit_record()


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


def _columns() -> tuple[sa.Column[object], ...]:
    kept = "及时性：按时、迟报、逾期未报、未到期 / on_time, late, overdue or not_due"
    again = "重复出现的差错规则 / must_fix rules broken again, in the next version or year"
    passed = "首版通过 / whether the first version was accepted without a must_fix finding"
    late = "是否迟报 / whether the first version came after the due date"
    days = "迟报天数 / days by which the first version was late; empty: not late"
    first = "首版收到时间 / when its first version was received, UTC"
    return (
        sa.Column("is_expected", sa.Boolean(), comment="是否应报 / whether the unit has to send it"),
        sa.Column("first_received_at", sa.DateTime(timezone=True), comment=first),
        sa.Column("timeliness", sa.Text(), comment=kept),
        sa.Column("is_late", sa.Boolean(), comment=late),
        sa.Column("days_late", sa.Integer(), comment=days),
        sa.Column("is_first_pass", sa.Boolean(), comment=passed),
        sa.Column("repeated_rules", sa.Text(), comment=again),
    )


def _unit_record() -> None:
    op.create_table(
        "unit_record",
        sa.Column("unit_code", sa.Text(), nullable=False, comment=_UNIT),
        sa.Column("year", sa.Integer(), nullable=False, comment="年度 / plan year"),
        *(sa.Column(name, sa.Integer(), nullable=False, comment=comment) for name, comment in _COUNTS[:5]),
        sa.Column("on_time_share", sa.Double(), comment="按时率 / on time, among on time, late and overdue"),
        *(sa.Column(name, sa.Integer(), nullable=False, comment=comment) for name, comment in _COUNTS[5:7]),
        sa.Column("first_pass_share", sa.Double(), comment="首版通过率 / passed first versions, among first versions"),
        *(sa.Column(name, sa.Integer(), nullable=False, comment=comment) for name, comment in _COUNTS[7:]),
        sa.ForeignKeyConstraint(
            ["unit_code"], ["dim_region.region_code"], name="fk_unit_record_unit_code", deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("unit_code", "year", name="pk_unit_record"),
        comment="单位报送质量，单位×年度 / how each unit reported, a row per unit and plan year",
    )  # fmt: skip


_COUNTS = (
    ("expected_count", "应报数 / datasets and periods that it has to send"),
    ("received_count", "已报数 / of them, those of which anything was received"),
    ("on_time_count", "按时数 / first version received by the due date"),
    ("late_count", "迟报数 / first version received later"),
    ("overdue_count", "逾期未报数 / nothing received, due date passed"),
    ("first_version_count", "首版数 / first versions that were judged or returned"),
    ("first_pass_count", "首版通过数 / of them, accepted without a must_fix finding"),
    ("repeated_error_count", "重复差错数 / must_fix rules broken again"),
)
