"""Rows and cells of each submission are counted by what became of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; the next release fills it."""
    op.create_table(
        "submission_count",
        *_columns(),
        sa.UniqueConstraint(
            "submission_id",
            "dataset",
            "period",
            "kind",
            "outcome",
            "reason",
            name=op.f("uq_submission_count_submission_id_dataset_period_kind_outcome_reason"),
            postgresql_nulls_not_distinct=True,
        ),
        sa.CheckConstraint("kind IN ('rows', 'cells')", name=op.f("ck_submission_count_kind")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'quarantined', 'unjudged', 'placed', 'ignored')",
            name=op.f("ck_submission_count_outcome"),
        ),
        comment="行与单元格的去向，文件×报告期×去向 / rows and cells of each submission by what became of them",
    )


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


def _columns() -> tuple[sa.Column[object], ...]:
    period = "报告期；单元格计入整件的报告期 / period; cells are booked to that of the file"
    outcome = "去向：采用、隔离、尚未核查、取用、忽略 / what became of them"
    return (
        sa.Column("submission_id", sa.Text(), nullable=False, comment="报送件编号 / submission"),
        sa.Column("dataset", sa.Text(), comment="报表 / dataset"),
        sa.Column("period", sa.Text(), comment=period),
        sa.Column("kind", sa.Text(), nullable=False, comment="计数对象：行、单元格 / rows or cells"),
        sa.Column("outcome", sa.Text(), nullable=False, comment=outcome),
        sa.Column("reason", sa.Text(), comment="忽略的原因 / why they were ignored; empty for other outcomes"),
        sa.Column("n", sa.Integer(), nullable=False, comment="个数 / how many"),
    )
