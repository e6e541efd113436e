"""Views read the newest release by its parts, so they are made anew; a column of indicators that nobody filled goes."""

from __future__ import annotations

from alembic import op

from warehouse.errors import MigrationError

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the kind of an indicator: whether a figure is a ratio is told by its denominator."""
    with op.batch_alter_table("stored_dim_indicator") as batch_op:
        batch_op.drop_column("kind")


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)
