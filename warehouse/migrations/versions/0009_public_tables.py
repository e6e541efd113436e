"""The public tables, which publication makes itself; the next release of each year fills them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from warehouse.errors import MigrationError

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

Columns = tuple[tuple[str, Any, str], ...]

_YEAR = ("year", sa.Integer(), "年度 / plan year")
_REGION = ("region_code", sa.Text(), "区划代码：州或填报单位 / prefecture or reporting unit")
_STATES = "status IN ('ok', 'p', 'c', 'x', 'z')"


def upgrade() -> None:
    """Create the tables."""
    for name, comment, key, amount, checks in _TABLES:
        part = ("part_id", sa.Integer(), "分片编号 / part that the row belongs to")
        op.create_table(
            f"stored_{name}",
            *(sa.Column(each, kind, nullable=False, autoincrement=False, comment=told)
              for each, kind, told in (part, *key)),
            sa.Column(amount[0], amount[1], comment=amount[2]),
            sa.Column(
                "status",
                sa.Text(),
                nullable=False,
                comment="状态：ok 如数公布，p 初步数，c 为保护个人不公布，x 缺报，z 不适用 / ok, provisional, "
                "confidential, missing or not applicable",
            ),
            *(sa.CheckConstraint(check, name=op.f(f"ck_stored_{name}_{check.split()[0]}"))
              for check in (*checks, _STATES)),
            sa.PrimaryKeyConstraint("part_id", *(each for each, _, _ in key), name=op.f(f"pk_stored_{name}")),
            comment=comment,
            sqlite_with_rowid=False,
        )  # fmt: skip


def downgrade() -> None:
    """Refuse: what a later version recorded has no place in an earlier one."""
    raise MigrationError.refused(revision)


_TABLES: tuple[tuple[str, str, Columns, tuple[str, Any, str], tuple[str, ...]], ...] = (
    (
        "pub_enrolment",
        "公开：在校生，年度×区划×学段×所计 / public: pupils by year, region, stage and what is counted",
        (
            _YEAR,
            _REGION,
            ("stage", sa.Text(), "学段；全部 为合计 / stage of education; 全部: all of them"),
            ("measure", sa.Text(), "所计：在校生、女生 / pupils or girls"),
        ),
        ("persons", sa.BigInteger(), "人数；不公布的为空 / persons; empty where it is not told"),
        ("measure IN ('pupils', 'girls')",),
    ),
    (
        "pub_aid",
        "公开：资助发放，年度×区划×学期×项目 / public: aid by year, region, term and project",
        (
            _YEAR,
            _REGION,
            ("term", sa.Text(), "学期：spring 春季，autumn 秋季 / spring or autumn"),
            ("project", sa.Text(), "资助项目；全部 为合计 / project of aid; 全部: all of them"),
        ),
        ("payments", sa.BigInteger(), "发放人次；不公布的为空 / payments to pupils; empty where it is not told"),
        (),
    ),
    (
        "pub_indicator",
        "公开：指标，年度×指标×区划 / public: figures by year, indicator and region",
        (_YEAR, ("indicator_id", sa.Text(), "指标代码 / indicator"), _REGION),
        ("value", sa.Double(), "数值，比例为 0 至 1；不公布的为空 / value, a ratio is 0 to 1; empty: not told"),
        (),
    ),
)
