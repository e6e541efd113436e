"""Facts: figures and verdicts, a full set per release.

They are WITHOUT ROWID on SQLite: every release copies the years that stand, and that halves the time and the file.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Double, ForeignKey, Integer, Table, Text

from warehouse.column_types import Exact
from warehouse.schema.base import metadata, one_of
from warehouse.words import FACT_LEVELS, MATURITIES, TRENDS, VERDICTS


def release_key() -> Column[int]:
    """The first part of a fact's key."""
    return Column(
        "release_id",
        Integer,
        ForeignKey("release.release_id"),
        primary_key=True,
        comment="发布编号 / the release that the row belongs to",
    )


fact_indicator = Table(
    "fact_indicator",
    metadata,
    release_key(),
    Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year"),
    Column("indicator_id", Text, primary_key=True, comment="指标代码 / indicator"),
    Column("region_code", Text, primary_key=True, comment="区划代码或学校标识码 / region, or school code"),
    Column("level", Text, nullable=False, comment="层级；county 为填报单位 / level; county: reporting unit"),
    Column("numerator", Exact, comment="分子，金额以分计 / numerator; money in 1/100 yuan"),
    Column("denominator", Exact, comment="分母；计数类为空 / denominator; empty for counts"),
    Column("value", Double, comment="数值，比例为 0 至 1 / value; a ratio is 0 to 1; empty: no data"),
    Column("maturity", Text, nullable=False, comment="成熟度 / provisional, confirmed or final"),
    Column("unknown_count", Integer, comment="未知项数 / cells unknown, in neither side of the figure"),
    Column("missing_units", Text, comment="缺报单位代码，逗号分隔 / codes of the units missing"),
    Column("parameters", Text, comment="口径参数 / choices that the figure rests on"),
    one_of("level", FACT_LEVELS),
    one_of("maturity", MATURITIES),
    sqlite_with_rowid=False,
    comment="指标数值，发布×年度×指标×区划或学校 / figures by release, year, indicator and region or school",
)

fact_verdict = Table(
    "fact_verdict",
    metadata,
    release_key(),
    Column("year", Integer, primary_key=True, autoincrement=False, comment="年度 / plan year"),
    Column("commitment_id", Text, primary_key=True, comment="任务代码 / commitment"),
    Column("region_code", Text, primary_key=True, comment="区划代码 / region judged"),
    Column("indicator_id", Text, comment="所示数值的指标代码 / indicator of the figure shown"),
    Column("numerator", Exact, comment="分子 / numerator"),
    Column("denominator", Exact, comment="分母 / denominator"),
    Column("value", Double, comment="数值，比例为 0 至 1 / value; a ratio is 0 to 1; empty: no data"),
    Column("comparison", Text, comment="比较方式，如 >= / how figure and target are compared"),
    Column("target", Exact, comment="目标值 / target"),
    Column("verdict", Text, nullable=False, comment="达标情况 / met, missed, no_data or on_track"),
    Column("maturity", Text, nullable=False, comment="成熟度 / provisional, confirmed or final"),
    Column("gap", Exact, comment="差距：还差多少；达标为 0 / what is still lacking; 0 when met"),
    Column("gap_verb", Text, comment="差距所需的做法，如 拆分 / what has to be done, as a Chinese verb"),
    Column("gap_unit", Text, comment="差距的计量单位 / unit of the gap"),
    Column(
        "gap_part",
        BigInteger,
        comment="为全州达标应分担的差距；州为不能分到单位的部分 / part of the prefecture's gap; its own row: the rest",
    ),
    Column("value_before", Double, comment="上年数值 / value of the year before"),
    Column("trend", Text, comment="与上年相比 / better, worse or same than the year before; empty: not known"),
    Column("worst_value", Double, comment="最差下级数值 / the worst figure one level below"),
    Column("worst_region_code", Text, comment="最差下级区划或学校代码 / where that is"),
    Column("as_of", Date, comment="评判基准日 / the day as of which it was judged"),
    Column("explanation_zh", Text, comment="说明，如缺报单位 / one sentence in Chinese"),
    one_of("verdict", VERDICTS),
    one_of("maturity", MATURITIES),
    one_of("trend", TRENDS),
    sqlite_with_rowid=False,
    comment="达标情况，发布×年度×任务×区划 / verdicts by release, year, commitment and region",
)
