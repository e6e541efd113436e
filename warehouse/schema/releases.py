"""Releases and the token that guards their publication."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from warehouse.column_types import UtcDateTime
from warehouse.schema.base import metadata

release = Table(
    "release",
    metadata,
    Column(
        "release_id",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="发布编号 / number of the release, rising",
    ),
    Column("published_at", UtcDateTime, nullable=False, comment="发布时间 / when it was published, UTC"),
    Column("code_version", Text, nullable=False, comment="程序版本 / version of the code that published it"),
    Column("years", Text, nullable=False, comment="本次计算的年度，其余沿用 / years computed for it"),
    comment="发布：一次完整、原子的发布 / one complete, atomic publication of the warehouse",
)

publication_token = Table(
    "publication_token",
    metadata,
    Column("target", Text, primary_key=True, comment="所保护的对象（release） / what is guarded: release"),
    Column("token", BigInteger, nullable=False, comment="最新令牌 / the newest token handed out"),
    comment="发布令牌：只有持最新令牌者可以发布 / fencing token: only the holder of the newest one may publish",
)
