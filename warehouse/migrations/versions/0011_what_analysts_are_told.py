"""What analysts are told of each figure, which publication decides; the next release fills it for every year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "stored_analyst_status",
        sa.Column(
            "part_id",
            sa.Integer(),
            nullable=False,
            autoincrement=False,
            comment="分片编号 / part that the row belongs to",
        ),
        sa.Column("year", sa.Integer(), nullable=False, autoincrement=False, comment="年度 / plan year"),
        sa.Column(
            "told_in",
            sa.Text(),
            nullable=False,
            autoincrement=False,
            comment="所在：indicator 指标数值，verdict 达标情况，profile 县域画像 / figures, verdicts or profiles of "
            "units",
        ),
        sa.Column(
            "figure",
            sa.Text(),
            nullable=False,
            autoincrement=False,
            comment="指标或任务代码，或画像的列名 / indicator, commitment, or column of the profile",
        ),
        sa.Column(
            "region_code",
            sa.Text(),
            nullable=False,
            autoincrement=False,
            comment="区划代码：州或填报单位 / prefecture or reporting unit",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="对分析人员的状态：ok 如数提供，p 初步数，c 为保护个人不提供，x 缺报，z 不适用 / for analysts: ok, "
            "provisional, confidential, missing or not applicable",
        ),
        sa.CheckConstraint(
            "told_in IN ('indicator', 'verdict', 'profile')", name=op.f("ck_stored_analyst_status_told_in")
        ),
        sa.CheckConstraint("status IN ('ok', 'p', 'c', 'x', 'z')", name=op.f("ck_stored_analyst_status_status")),
        sa.PrimaryKeyConstraint(
            "part_id", "year", "told_in", "figure", "region_code", name=op.f("pk_stored_analyst_status")
        ),
        comment="分析人员可见状态，年度×所在×数×区划 / what analysts are told, by year, place, figure and region",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)
