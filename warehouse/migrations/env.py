"""What Alembic runs: the migrations, on the connection and in the transaction that `warehouse.migrate` handed over."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from warehouse.column_types import PRECISION, SCALE, Exact, UtcDateTime
from warehouse.schema import storage


def _render(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Our own types are written into a version as what they are in the database: a version depends on no code."""
    if kind == "type" and isinstance(item, Exact):
        return f"sa.Numeric({PRECISION}, {SCALE})"
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=storage,
    render_as_batch=True,
    render_item=_render,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
