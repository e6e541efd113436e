"""The views show the newest release, in the words of their language."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Engine, text

from warehouse.connect import reading
from warehouse.edition import Edition
from warehouse.publish import publish

from .editions import PUBLISHED_AT, edition


def _first(engine: Engine, view: str) -> dict[str, Any]:
    with reading(engine) as connection:
        rows = connection.execute(text(f'SELECT * FROM "{view}"')).mappings().all()  # noqa: S608
        return {"rows": len(rows), **rows[-1]}


@pytest.fixture
def published(engine: Engine) -> Engine:
    publish(engine, edition(1, years=(2019, 2020)), "v1", PUBLISHED_AT)
    publish(engine, edition(2), "v1", PUBLISHED_AT)
    return engine


def test_the_scorecard_in_both_languages(published: Engine) -> None:
    english, chinese = _first(published, "v_scorecard"), _first(published, "v_记分卡")
    assert english["rows"] == chinese["rows"] == 1  # the plan of 2019 is not held
    assert (english["article"], english["name"], english["verdict"], english["maturity"], english["region_code"]) == (
        9, "Entry classes", "missed", "provisional", "433199",
    )  # fmt: skip
    assert (chinese["条目"], chinese["任务"], chinese["达标情况"], chinese["成熟度"], chinese["区划"]) == (
        9, "起始年级", "未达标", "初报", "测试县",
    )  # fmt: skip
    assert float(english["target"]) == float(chinese["目标"]) == 0.57


def test_what_is_lacking_is_told_in_units_of_work_and_the_trend_in_words(published: Engine) -> None:
    english, chinese = _first(published, "v_scorecard"), _first(published, "v_记分卡")
    assert (english["gap"], english["gap_unit"], english["gap_text"]) == (5, "个大班", "需拆分 5 个大班")
    assert (english["gap_part"], english["gap_part_text"], english["trend"]) == (3, "需拆分 3 个大班", "better")
    assert (chinese["差距说明"], chinese["分担差距说明"]) == ("需拆分 5 个大班", "需拆分 3 个大班")
    assert (chinese["上年数值"], chinese["趋势"]) == (0.48, "向好")


def test_where_nothing_is_lacking_nothing_is_to_be_done(engine: Engine) -> None:
    tables = {**edition(1).tables}
    rows = [row | {"gap": 0, "gap_part": None, "trend": None} for row in tables["fact_verdict"].to_pylist()]
    publish(engine, Edition(tables | {"fact_verdict": pa.Table.from_pylist(rows)}, (2020,)), "v1", PUBLISHED_AT)
    told = _first(engine, "v_记分卡")
    assert (told["差距"], told["差距说明"], told["分担差距说明"], told["趋势"]) == (0, None, None, None)


def test_the_figures_in_both_languages(published: Engine) -> None:
    english, chinese = _first(published, "v_indicator"), _first(published, "v_指标")
    assert english["rows"] == chinese["rows"] == 60
    assert (english["level"], english["region"], english["unit"]) == ("school", "第2版学校", "%")
    assert (chinese["层级"], chinese["区划或学校"], chinese["成熟度"]) == ("学校", "第2版学校", "核定")
