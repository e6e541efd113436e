"""Explanations of units, and which findings they answer.

Earlier findings were all open: nothing closed a question before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    _explanation()
    with op.batch_alter_table("finding") as batch_op:
        state = "是否已说明 / open, or explained by an explanation that stands"
        batch_op.add_column(sa.Column("state", sa.Text(), comment=state))
        said = "说明编号；空为没有有效的说明 / explanation; empty: none stands"
        batch_op.add_column(sa.Column("explanation_id", sa.Text(), comment=said))
        batch_op.create_check_constraint(op.f("ck_finding_state"), "state IN ('open', 'explained')")
    op.execute("UPDATE finding SET state = 'open'")


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


def _explanation() -> None:
    op.create_table(
        "explanation",
        sa.Column("explanation_id", sa.Text(), nullable=False, comment="说明编号 / explanation"),
        sa.Column("unit_code", sa.Text(), nullable=False, comment="作出说明的填报单位代码 / unit that explains"),
        sa.Column("dataset", sa.Text(), comment="报表 / dataset"),
        sa.Column("period", sa.Text(), comment="报告期 / period"),
        sa.Column(
            "rule_id",
            sa.Text(),
            comment="规则编号；空为统计报表自带的核查 / rule; empty: a check of the census software",
        ),
        sa.Column("explained_on", sa.Date(), nullable=False, comment="说明日期 / day of the explanation"),
        sa.Column("expires_on", sa.Date(), nullable=False, comment="有效期至，含当日 / last day on which it stands"),
        sa.Column(
            "submission_id", sa.Text(), nullable=False, comment="写有说明的报送件编号 / submission that holds it"
        ),
        sa.PrimaryKeyConstraint("explanation_id", name="pk_explanation"),
        comment="各单位的说明，不含文字 / explanations of units; what they say stays in the lake",
    )
    op.create_index("ix_explanation_unit_code_dataset_period", "explanation", ["unit_code", "dataset", "period"])
