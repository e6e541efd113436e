"""The next plan as a draft: the frame copied from an earlier one, and this year's data judged by a draft's targets.

Nothing is written to the lake or the warehouse here; a draft becomes a plan by its place among the plan files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from assets.house import House
from assets.indicators.engine import figures
from assets.indicators.parameters import Choices
from assets.indicators.registry import indicators_of
from assets.indicators.sources import Dataset
from assets.plans.check import check_plan
from assets.plans.scorecard import judge_commitments
from assets.year import words_of, year_inputs
from expectations.errors import PlanError
from expectations.plan import Plan

_YEAR_OF_META = re.compile(r"(?m)^(  year: )\d{4}$")
_ISSUED = re.compile(r"(?m)^(  issued: )\d{4}-\d{2}-\d{2}.*$")
_TITLE = re.compile(r"(?m)^(  title(?:_en)?: .*)$")
_DEADLINE = re.compile(r"(?m)^(  deadline: )(\d{4})(-\d{2}-\d{2})$")


def frame_of_plan(text: str, before: int, year: int) -> str:
    """The text of a plan file made into the frame of another year's: comments, ids and targets stay to be edited.

    Year and title are the new ones, deadlines move with the year, and the day of issue waits to be filled in.
    """
    head, mark, rest = text.partition("\ncommitments:\n")
    head = _YEAR_OF_META.sub(rf"\g<1>{year}", head, count=1)
    head = _ISSUED.sub(rf"\g<1>{year}-01-01  # 待填：印发日期", head, count=1)
    head = _TITLE.sub(lambda found: found[1].replace(str(before), str(year)), head)
    head = re.sub(rf"(?m)^(#.*?)\b{before}\b", rf"\g<1>{year}", head)
    return head + mark + _DEADLINE.sub(lambda found: f"{found[1]}{int(found[2]) + year - before}{found[3]}", rest)


@dataclass(frozen=True)
class Trial:
    """A draft judged by the data of a year: its verdicts, as the lake would hold them."""

    plan: Plan
    year: int
    verdicts: pa.Table


def try_plan(house: House, path: Path, year: int | None = None) -> Trial:
    """The draft's verdicts on the data of a year (default: the latest with data that is not after the draft's own).

    Judged as of the end of that year.

    Raises:
        PlanError: the draft has faults, or there is no data to judge by it.
    """
    checked = check_plan(path)
    if checked.plan is None or checked.faults:
        raise PlanError(checked.faults)
    plan, held = checked.plan, house.years_with_data()
    chosen = year or max((y for y in held if y <= plan.year), default=None)
    if chosen not in held:
        wanted = f"{chosen} 年" if chosen else f"{plan.year} 年及以前"
        raise PlanError((f"{path.name}: 还没有收到 {wanted}的报表，无从试算。请先运行 xiangxi run。",))
    current, before = (_figures(house, plan, each) for each in (chosen, chosen - 1))
    words = words_of(house, indicators_of(plan.commitments))
    return Trial(plan, chosen, judge_commitments(plan, current, chosen, date.max, before, words))


def _figures(house: House, plan: Plan, year: int) -> pa.Table:
    """The figures that the draft asks for, by its own parameters, of one year's data."""
    named = {name for c in plan.commitments for name in (*c.indicator, *([c.worst] if c.worst else ()))}
    wanted = [item for item in indicators_of(plan.commitments) if item.id in named]
    datasets = {name: Dataset.of(contract) for name, contract in house.contracts.items()}
    return figures(year_inputs(house, year), datasets, wanted, Choices.of(plan.parameters))
