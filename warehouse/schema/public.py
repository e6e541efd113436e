"""What everybody may read: counts of persons and figures of which nothing small can be worked out.

Publication makes these rows itself (`warehouse/disclosure`); an edition brings none. Each says by a word why a number
stands or does not. Below a reporting unit nothing is public.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Integer, Table, Text

from warehouse.schema.base import metadata, one_of
from warehouse.words import PUBLIC_MEASURES, PUBLIC_STATES

ALL = "全部"
"""Where a stage or project stands: the sum of all."""


def _key(name: str, comment: str) -> Column[str]:
    return Column(name, Text, primary_key=True, comment=comment)


def _year() -> Column[int]:
    return Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year")


def _region() -> Column[str]:
    return _key("region_code", "区划代码：州或填报单位 / prefecture or reporting unit")


def _state() -> Column[str]:
    return Column(
        "status",
        Text,
        nullable=False,
        comment="状态：ok 如数公布，p 初步数，c 为保护个人不公布，x 缺报，z 不适用 / ok, provisional, confidential, "
        "missing or not applicable",
    )


_BY_YEAR = {"cut_by": "year"}

pub_enrolment = Table(
    "pub_enrolment",
    metadata,
    _year(),
    _region(),
    _key("stage", f"学段；{ALL} 为合计 / stage of education; {ALL}: all of them"),
    _key("measure", "所计：在校生、女生 / pupils or girls"),
    Column("persons", BigInteger, comment="人数；不公布的为空 / persons; empty where it is not told"),
    _state(),
    one_of("measure", PUBLIC_MEASURES),
    one_of("status", PUBLIC_STATES),
    info=_BY_YEAR,
    sqlite_with_rowid=False,
    comment="公开：在校生，年度×区划×学段×所计 / public: pupils by year, region, stage and what is counted",
)

pub_aid = Table(
    "pub_aid",
    metadata,
    _year(),
    _region(),
    _key("term", "学期：spring 春季，autumn 秋季 / spring or autumn"),
    _key("project", f"资助项目；{ALL} 为合计 / project of aid; {ALL}: all of them"),
    Column("payments", BigInteger, comment="发放人次；不公布的为空 / payments to pupils; empty where it is not told"),
    _state(),
    one_of("status", PUBLIC_STATES),
    info=_BY_YEAR,
    sqlite_with_rowid=False,
    comment="公开：资助发放，年度×区划×学期×项目 / public: aid by year, region, term and project",
)

pub_indicator = Table(
    "pub_indicator",
    metadata,
    _year(),
    _key("indicator_id", "指标代码 / indicator"),
    _region(),
    Column("value", Double, comment="数值，比例为 0 至 1；不公布的为空 / value, a ratio is 0 to 1; empty: not told"),
    _state(),
    one_of("status", PUBLIC_STATES),
    info=_BY_YEAR,
    sqlite_with_rowid=False,
    comment="公开：指标，年度×指标×区划 / public: figures by year, indicator and region",
)

PUBLIC = (pub_enrolment, pub_aid, pub_indicator)
"""The public tables, of which readers see the newest release."""
