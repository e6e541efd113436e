"""Releases, the parts that each is made of, what each changed, and the token that guards their publication.

A part is a piece of one table whose rows never change; releases share the parts in which they agree. The rows of parts
lie in the tables of `storage.py`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, Integer, Table, Text

from warehouse.column_types import Exact, UtcDateTime
from warehouse.schema.base import metadata, one_of
from warehouse.words import FACT_LEVELS, RELEASE_KINDS

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
    Column(
        "kind", Text, nullable=False, comment="来由：运行、回退、年度终定、重新打开 / run, rollback, close or reopen"
    ),
    Column("token", BigInteger, comment="发布令牌 / fencing token of the writer; empty: published before it was kept"),
    Column("source_release_id", Integer, comment="回退所依据的发布 / the release that a rollback brought back"),
    one_of("kind", RELEASE_KINDS),
    comment="发布：一次完整、原子的发布 / one complete, atomic publication of the warehouse",
)

part = Table(
    "part",
    metadata,
    Column("part_id", Integer, primary_key=True, autoincrement=False, comment="分片编号 / number of the part"),
    Column("table_name", Text, nullable=False, comment="所属的表 / table that it is a piece of"),
    Column(
        "slice", Text, nullable=False, comment="所属的切片：年度、报告期，整表为空串 / year or period; '': all of it"
    ),
    Column("digest", Text, comment="内容摘要 / SHA-256 of the content; empty: moved here by a migration"),
    Column("row_count", Integer, nullable=False, comment="行数 / rows"),
    comment="分片：一张表中内容不变的一块 / parts: pieces of tables whose rows never change",
)

release_part = Table(
    "release_part",
    metadata,
    Column(
        "release_id",
        Integer,
        ForeignKey("release.release_id"),
        primary_key=True,
        comment="发布编号 / the release",
    ),
    Column("table_name", Text, primary_key=True, comment="表 / table"),
    Column("slice", Text, primary_key=True, comment="切片 / slice of the table"),
    Column("part_id", Integer, ForeignKey("part.part_id"), nullable=False, comment="分片编号 / part"),
    Index(None, "part_id"),
    comment="发布由哪些分片组成 / which parts make up a release; releases share those that did not change",
)

release_change = Table(
    "release_change",
    metadata,
    Column("release_id", Integer, primary_key=True, autoincrement=False, comment="发布编号 / the release"),
    Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year"),
    Column("indicator_id", Text, primary_key=True, comment="指标代码 / indicator"),
    Column("region_code", Text, primary_key=True, comment="区划代码或学校标识码 / region, or school code"),
    Column("level", Text, nullable=False, comment="层级；county 为填报单位 / level; county: reporting unit"),
    Column("published_at", UtcDateTime, nullable=False, comment="发布时间 / when the release was published, UTC"),
    Column("value_before", Double, comment="原数值 / value in the release before; empty: none"),
    Column("value_after", Double, comment="现数值 / value in this release; empty: none"),
    Column("numerator_before", Exact, comment="原分子 / numerator before"),
    Column("numerator_after", Exact, comment="现分子 / numerator in this release"),
    Column("denominator_before", Exact, comment="原分母 / denominator before"),
    Column("denominator_after", Exact, comment="现分母 / denominator in this release"),
    Column("maturity_before", Text, comment="原成熟度；空为原无此数 / maturity before; empty: no such figure"),
    Column("maturity_after", Text, comment="现成熟度；空为不再有此数 / maturity now; empty: no such figure any more"),
    Column("reason", Text, nullable=False, comment="变动原因 / why it moved, in Chinese"),
    one_of("level", FACT_LEVELS),
    Index(None, "indicator_id", "region_code", "year"),
    sqlite_with_rowid=False,
    comment="发布变动：与前次发布不同的数值，长期保留 / figures that moved in a release, kept for good",
)

publication_token = Table(
    "publication_token",
    metadata,
    Column("target", Text, primary_key=True, comment="所保护的对象（release） / what is guarded: release"),
    Column("token", BigInteger, nullable=False, comment="最新令牌 / the newest token handed out"),
    comment="发布令牌：只有持最新令牌者可以发布 / fencing token: only the holder of the newest one may publish",
)
