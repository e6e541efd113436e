"""Releases are made of parts: published tables become views over stored rows, which releases share.

Every table that is published by now is found in the database itself and rebuilt as `stored_<table>` with the number of
the part in front of its key. Of facts each kept release keeps its rows, years in which it agrees with the release
before are shared; of other tables only the newest release is known.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}
_PLAIN = {"alembic_version", "publication_token", "release"}
_KINDS = "kind IN ('run', 'rollback', 'close', 'reopen')"


def upgrade() -> None:
    """Move every published table into parts and drop it under its own name."""
    connection = op.get_bind()
    found = sa.MetaData()
    found.reflect(connection)
    olds = [table for table in reversed(found.sorted_tables) if table.name not in _PLAIN]  # children first
    _create_parts()
    held = []
    for old in olds:
        new = _stored(connection, old)
        new.create(connection)
        held += [_move(connection, old, new, release_id, year) for release_id, year in _pieces(connection, old)]
    for old in olds:
        op.drop_table(old.name)
    _widen_release()  # SQLite makes it anew, so nothing may refer to it yet
    row = sa.text("INSERT INTO release_part VALUES (:release_id, :table_name, :slice, :part_id)")
    for each in held:
        connection.execute(row, each)


def _create_parts() -> None:
    op.create_table(
        "part",
        sa.Column(
            "part_id", sa.Integer(), autoincrement=False, nullable=False, comment="分片编号 / number of the part"
        ),
        sa.Column("table_name", sa.Text(), nullable=False, comment="所属的表 / table that it is a piece of"),
        sa.Column(
            "slice",
            sa.Text(),
            nullable=False,
            comment="所属的切片：年度、报告期，整表为空串 / year or period; '': all of it",
        ),
        sa.Column("digest", sa.Text(), comment="内容摘要 / SHA-256 of the content; empty: moved here by a migration"),
        sa.Column("row_count", sa.Integer(), nullable=False, comment="行数 / rows"),
        sa.PrimaryKeyConstraint("part_id", name=op.f("pk_part")),
        comment="分片：一张表中内容不变的一块 / parts: pieces of tables whose rows never change",
    )
    op.create_table(
        "release_part",
        sa.Column("release_id", sa.Integer(), nullable=False, comment="发布编号 / the release"),
        sa.Column("table_name", sa.Text(), nullable=False, comment="表 / table"),
        sa.Column("slice", sa.Text(), nullable=False, comment="切片 / slice of the table"),
        sa.Column("part_id", sa.Integer(), nullable=False, comment="分片编号 / part"),
        sa.ForeignKeyConstraint(["part_id"], ["part.part_id"], name=op.f("fk_release_part_part_id")),
        sa.ForeignKeyConstraint(["release_id"], ["release.release_id"], name=op.f("fk_release_part_release_id")),
        sa.PrimaryKeyConstraint("release_id", "table_name", "slice", name=op.f("pk_release_part")),
        comment="发布由哪些分片组成 / which parts make up a release; releases share those that did not change",
    )
    op.create_index(op.f("ix_release_part_part_id"), "release_part", ["part_id"])
    _create_changes()


def _create_changes() -> None:
    exact = sa.Numeric(28, 4)
    op.create_table(
        "release_change",
        sa.Column("release_id", sa.Integer(), autoincrement=False, nullable=False, comment="发布编号 / the release"),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False, comment="年度 / plan year"),
        sa.Column("indicator_id", sa.Text(), nullable=False, comment="指标代码 / indicator"),
        sa.Column("region_code", sa.Text(), nullable=False, comment="区划代码或学校标识码 / region, or school code"),
        sa.Column(
            "level", sa.Text(), nullable=False, comment="层级；county 为填报单位 / level; county: reporting unit"
        ),
        sa.Column(
            "published_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="发布时间 / when the release was published, UTC",
        ),
        sa.Column("value_before", sa.Double(), comment="原数值 / value in the release before; empty: none"),
        sa.Column("value_after", sa.Double(), comment="现数值 / value in this release; empty: none"),
        sa.Column("numerator_before", exact, comment="原分子 / numerator before"),
        sa.Column("numerator_after", exact, comment="现分子 / numerator in this release"),
        sa.Column("denominator_before", exact, comment="原分母 / denominator before"),
        sa.Column("denominator_after", exact, comment="现分母 / denominator in this release"),
        sa.Column(
            "maturity_before", sa.Text(), comment="原成熟度；空为原无此数 / maturity before; empty: no such figure"
        ),
        sa.Column(
            "maturity_after",
            sa.Text(),
            comment="现成熟度；空为不再有此数 / maturity now; empty: no such figure any more",
        ),
        sa.Column("reason", sa.Text(), nullable=False, comment="变动原因 / why it moved, in Chinese"),
        sa.CheckConstraint("level IN ('prefecture', 'county', 'school')", name=op.f("ck_release_change_level")),
        sa.PrimaryKeyConstraint("release_id", "year", "indicator_id", "region_code", name=op.f("pk_release_change")),
        sqlite_with_rowid=False,
        comment="发布变动：与前次发布不同的数值，长期保留 / figures that moved in a release, kept for good",
    )
    op.create_index(
        op.f("ix_release_change_indicator_id_region_code_year"),
        "release_change",
        ["indicator_id", "region_code", "year"],
    )


def _stored(connection: sa.Connection, old: sa.Table) -> sa.Table:
    """The table in which the rows of a published one lie from now on."""
    inspector, key = sa.inspect(connection), list(old.primary_key.columns.keys())
    is_fact = "release_id" in old.c
    part = sa.Column(
        "part_id", sa.Integer(), autoincrement=False, nullable=False, primary_key=bool(key),
        comment="分片编号 / part that the row belongs to",
    )  # fmt: skip
    items: list[Any] = [part]
    items += [
        sa.Column(
            c.name, c.type, nullable=c.nullable, primary_key=c.name in key, autoincrement=False, comment=c.comment
        )
        for c in old.columns
        if c.name != "release_id"
    ]
    for check in inspector.get_check_constraints(old.name):
        items.append(sa.CheckConstraint(check["sqltext"], name=str(check["name"]).removeprefix(f"ck_{old.name}_")))
    for unique in inspector.get_unique_constraints(old.name):
        items.append(sa.UniqueConstraint("part_id", *unique["column_names"], postgresql_nulls_not_distinct=True))
    indexes = [index for index in inspector.get_indexes(old.name) if not index.get("duplicates_constraint")]
    items += [sa.Index(None, "part_id", *(str(name) for name in index["column_names"])) for index in indexes]
    return sa.Table(
        f"stored_{old.name}",
        sa.MetaData(naming_convention=_NAMES),
        *items,
        comment=old.comment,
        sqlite_with_rowid=not is_fact,
    )


def _pieces(connection: sa.Connection, old: sa.Table) -> list[tuple[int, int | None]]:
    """Releases and years of a fact's rows, ascending; of any other table the newest release, if it has rows."""
    if "release_id" in old.c:
        rows = connection.execute(sa.select(old.c.release_id, old.c.year).distinct().order_by(old.c.release_id))
        return [(release_id, year) for release_id, year in rows]
    newest = connection.execute(sa.text("SELECT max(release_id) FROM release")).scalar()
    is_filled = connection.execute(sa.select(sa.literal(1)).select_from(old).limit(1)).first() is not None
    return [(newest, None)] if newest is not None and is_filled else []


def _move(connection: sa.Connection, old: sa.Table, new: sa.Table, release_id: int, year: int | None) -> dict[str, Any]:
    """Make a part of one piece, or share that of the release before where both hold the same rows."""
    names = [c.name for c in old.columns if c.name != "release_id"]
    rows = sa.select(*(old.c[name] for name in names))
    if year is not None:
        rows = rows.where(old.c.release_id == release_id, old.c.year == year)
    told = {"release_id": release_id, "table_name": old.name, "slice": "" if year is None else str(year)}
    part_id = None if year is None else _shared(connection, told, rows, new, names)
    if part_id is None:
        part_id = connection.execute(sa.text("SELECT coalesce(max(part_id), 0) + 1 FROM part")).scalar_one()
        count = connection.execute(sa.select(sa.func.count()).select_from(rows.subquery())).scalar_one()
        connection.execute(
            sa.text(
                "INSERT INTO part (part_id, table_name, slice, row_count) VALUES (:part_id, :table_name, :slice, :n)"
            ),
            {"part_id": part_id, "table_name": old.name, "slice": told["slice"], "n": count},
        )
        numbered = rows.add_columns(sa.literal(part_id))
        connection.execute(sa.insert(new).from_select([*names, "part_id"], numbered))
    return {**told, "part_id": part_id}


def _shared(
    connection: sa.Connection, told: dict[str, Any], rows: sa.Select[Any], new: sa.Table, names: list[str]
) -> int | None:
    """The newest part of the same slice, if its rows are the same."""
    newest = sa.text("SELECT max(part_id) FROM part WHERE table_name = :table_name AND slice = :slice")
    part_id = connection.execute(newest, {key: told[key] for key in ("table_name", "slice")}).scalar()
    if part_id is None:
        return None
    held = sa.select(*(new.c[name] for name in names)).where(new.c.part_id == part_id)
    for one, other in ((held, rows), (rows, held)):
        if connection.execute(one.except_(other).limit(1)).first() is not None:
            return None
    return int(part_id)


def _widen_release() -> None:
    """Tell what kind each release is of, whose token published it, and what a rollback brought back."""
    kind = "来由：运行、回退、年度终定、重新打开 / run, rollback, close or reopen"
    held_by = "发布令牌 / fencing token of the writer; empty: published before it was kept"
    source = "回退所依据的发布 / the release that a rollback brought back"
    op.add_column("release", sa.Column("kind", sa.Text(), comment=kind))
    op.add_column("release", sa.Column("token", sa.BigInteger(), comment=held_by))
    op.add_column("release", sa.Column("source_release_id", sa.Integer(), comment=source))
    op.execute("UPDATE release SET kind = 'run'")
    with op.batch_alter_table("release") as batch:
        batch.alter_column("kind", existing_type=sa.Text(), nullable=False, existing_comment=kind)
        batch.create_check_constraint(op.f("ck_release_kind"), _KINDS)


def downgrade() -> None:
    """Refuse: releases that share parts have no place in an earlier version."""
    raise MigrationError.refused(revision)
