"""Verdicts tell their gap in units of work, each unit's part of it, and the trend from the year before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; verdicts of earlier releases have none of it."""
    with op.batch_alter_table("fact_verdict", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        for column in _columns():
            batch_op.add_column(column)
        batch_op.create_check_constraint(op.f("ck_fact_verdict_trend"), "trend IN ('better', 'worse', 'same')")


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


def _columns() -> tuple[sa.Column[object], ...]:
    part = "为全州达标应分担的差距；州为不能分到单位的部分 / part of the prefecture's gap; its own row: the rest"
    trend = "与上年相比 / better, worse or same than the year before; empty: not known"
    return (
        sa.Column("gap_verb", sa.Text(), comment="差距所需的做法，如 拆分 / what has to be done, as a Chinese verb"),
        sa.Column("gap_part", sa.BigInteger(), comment=part),
        sa.Column("value_before", sa.Double(), comment="上年数值 / value of the year before"),
        sa.Column("trend", sa.Text(), comment=trend),
    )
