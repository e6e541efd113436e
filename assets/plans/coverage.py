"""What a plan covers: article by article, each commitment with its indicators, their datasets and how it stands.

Whether a plan can be computed at all is `check.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from assets.house import House
from assets.indicators.registry import indicators_of
from assets.reports.scorecard_lines import VERDICTS_ZH
from assets.year import VERDICTS_LAYER
from expectations.plan import Plan
from expectations.regions import PREFECTURE

UNJUDGED = "unjudged"
STATES_ZH: Mapping[str, str] = {**VERDICTS_ZH, UNJUDGED: "未判定"}


@dataclass(frozen=True)
class CoverageLine:
    """One commitment: where the plan says it, what answers it, and its verdict for the prefecture."""

    article: int
    commitment_id: str
    name_zh: str
    indicators: tuple[str, ...]
    datasets: tuple[str, ...]
    state: str

    @property
    def is_work_items_alone(self) -> bool:
        """Whether nothing but the ledger of work items can answer it."""
        return self.datasets == ("work_items",)


@dataclass(frozen=True)
class Coverage:
    """All commitments of a plan in its order, and its articles without one with the reason."""

    plan: Plan
    lines: tuple[CoverageLine, ...]

    @property
    def summary(self) -> str:
        """Chinese lines that count articles, commitments and states."""
        measured = {line.article for line in self.lines}
        alone = sum(line.is_work_items_alone for line in self.lines)
        states = Counter(line.state for line in self.lines)
        told = "，".join(f"{words} {states[state]}" for state, words in STATES_ZH.items() if states[state])
        articles = len(measured | {item.article for item in self.plan.unmeasured})
        return (
            f"要点 {self.plan.meta.articles or articles} 条，有任务的 {len(measured)} 条，写明没有任务的 "
            f"{len(self.plan.unmeasured)} 条。任务 {len(self.lines)} 项：{told}。\n"
            f"只靠重点工作台账回答的 {alone} 项，由其他报表回答的 {len(self.lines) - alone} 项；"
            f"没有数据的 {states['no_data'] + states[UNJUDGED]} 项。"
        )


def coverage_of(house: House, plan: Plan) -> Coverage:
    """The coverage of a plan with the verdicts that the lake holds of its year."""
    needs = {i.id: tuple(need.dataset for need in i.needs) for i in indicators_of(plan.commitments)}
    states = _states(house, plan.year)
    lines = (
        CoverageLine(
            c.article, c.id, c.name_zh, c.indicator,
            tuple(dict.fromkeys(dataset for name in c.indicator for dataset in needs[name])),
            states.get(c.id, UNJUDGED),
        )
        for c in plan.commitments
    )  # fmt: skip
    return Coverage(plan, tuple(lines))


def _states(house: House, year: int) -> dict[str, str]:
    if not house.lake.exists(VERDICTS_LAYER, f"{year}.parquet"):
        return {}
    rows = house.lake.read(VERDICTS_LAYER, f"{year}.parquet").to_pylist()
    return {row["commitment_id"]: row["verdict"] for row in rows if row["region_code"] == PREFECTURE}
