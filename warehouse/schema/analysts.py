"""What analysts are told of units and prefecture: a status for each figure that could tell of few persons.

Publication makes these rows itself (`warehouse/disclosure`). The views of schema `mart` blank what is not told; where
there is no row, nothing is.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text

from warehouse.schema.base import metadata, one_of
from warehouse.words import PUBLIC_STATES, TOLD_IN

analyst_status = Table(
    "analyst_status",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year"),
    Column(
        "told_in",
        Text,
        primary_key=True,
        comment="所在：indicator 指标数值，verdict 达标情况，profile 县域画像 / figures, verdicts or profiles of units",
    ),
    Column(
        "figure",
        Text,
        primary_key=True,
        comment="指标或任务代码，或画像的列名 / indicator, commitment, or column of the profile",
    ),
    Column("region_code", Text, primary_key=True, comment="区划代码：州或填报单位 / prefecture or reporting unit"),
    Column(
        "status",
        Text,
        nullable=False,
        comment="对分析人员的状态：ok 如数提供，p 初步数，c 为保护个人不提供，x 缺报，z 不适用 / for analysts: ok, "
        "provisional, confidential, missing or not applicable",
    ),
    one_of("told_in", TOLD_IN),
    one_of("status", PUBLIC_STATES),
    info={"cut_by": "year"},
    sqlite_with_rowid=False,
    comment="分析人员可见状态，年度×所在×数×区划 / what analysts are told, by year, place, figure and region",
)
