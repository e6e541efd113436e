"""The rules that rows are judged by become a dimension."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_DATASET = "报表或比对 / dataset, or comparison, whose rows it is asked of"
_MESSAGE = "问题的写法 / how a finding of it is worded; braces hold values"
_OWNER = "责任科室 / office that answers for it; empty: that of the dataset"


def upgrade() -> None:
    """Create the table; the next release fills it."""
    op.create_table(
        "dim_rule",
        sa.Column("rule_id", sa.Text(), nullable=False, comment="规则代码 / id of the rule"),
        sa.Column("dataset", sa.Text(), nullable=False, comment=_DATASET),
        sa.Column("severity", sa.Text(), nullable=False, comment="性质：必须修改、需说明 / must_fix or must_explain"),
        sa.Column("message", sa.Text(), nullable=False, comment=_MESSAGE),
        sa.Column("how_to_fix", sa.Text(), nullable=False, comment="改正办法 / how it is mended"),
        sa.Column("source", sa.Text(), nullable=False, comment="依据 / source"),
        sa.Column("owner", sa.Text(), comment=_OWNER),
        sa.Column("since", sa.Integer(), comment="起用年度 / year from which it is asked; empty: from the first"),
        sa.PrimaryKeyConstraint("rule_id", name=op.f("pk_dim_rule")),
        sa.CheckConstraint("severity IN ('must_fix', 'must_explain')", name=op.f("ck_dim_rule_severity")),
        comment="校验规则维度 / rules that rows are judged by",
    )


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)
