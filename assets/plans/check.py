"""A plan held against what the house can compute: indicators, parameters, grains, units and years with data.

What a plan file may say at all is checked where it is loaded (`expectations/plan.py`). Judging by a draft is
`drafts.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assets.indicators.catalogue import Indicator
from assets.indicators.errors import IndicatorError, ParameterError
from assets.indicators.parameters import load_parameters
from assets.indicators.registry import CATALOGUE, indicators_of
from expectations.errors import PlanError
from expectations.plan import Commitment, Plan, load_plan, load_plans
from expectations.plan_faults import nearest_words, read_source

Place = tuple[int | str, ...]


@dataclass(frozen=True)
class Checked:
    """A plan file with what is wrong with it and what its writer should know, each as `file:line: sentence`."""

    plan: Plan | None
    faults: tuple[str, ...]
    advice: tuple[str, ...] = ()


def check_plan(path: Path, years: Collection[int] | None = None) -> Checked:
    """The plan file with all its faults and advice.

    `years` are the years of which submissions are held; None leaves out the advice on years without data.
    """
    try:
        plan = load_plan(path)
    except PlanError as error:
        return Checked(None, error.faults)
    source = read_source(path)
    faults = [source.fault(place, words) for place, words in _faults(plan)]
    if faults:
        return Checked(plan, tuple(faults))
    advice = [source.fault(place, words) for place, words in _advice(plan, years)]
    return Checked(plan, (), tuple(advice))


def checked_plans(folder: Path | None = None) -> dict[int, Plan]:
    """The plans of a folder (default: the project's own) by year, each of which can be computed.

    Raises:
        PlanError: a plan cannot be read, or names an indicator or parameter that there is not.
    """
    plans = load_plans(folder)
    faults = [f"{year}.yaml: {words}" for year, plan in plans.items() for _, words in _faults(plan)]
    if faults:
        raise PlanError(tuple(faults))
    return plans


def _faults(plan: Plan) -> Iterator[tuple[Place, str]]:
    yield from _parameter_faults(plan)
    try:
        known = {item.id: item for item in indicators_of(plan.commitments)}
    except IndicatorError:
        ours = {item.id for item in CATALOGUE}
        for place, item in _placed(plan):
            if item.measure and item.indicator[0] in ours:
                yield (*place, "measure"), f"指标 {item.indicator[0]} 已在目录中，不能再由 measure 定义"
        return
    told: dict[object, int] = {}
    for place, item in _placed(plan):
        yield from _commitment_faults(place, item, known)
        key = (item.indicator, item.comparison, item.value, item.scope)
        first = told.setdefault(key, int(place[1]))
        if first != place[1]:
            yield place, f"{item.id} 与 {plan.items[first].id} 重复：指标、比较和数值都相同"  # type: ignore[union-attr]


def _placed(plan: Plan) -> Iterator[tuple[Place, Commitment]]:
    for position, item in enumerate(plan.items):
        if isinstance(item, Commitment):
            yield ("commitments", position), item


def _parameter_faults(plan: Plan) -> Iterator[tuple[Place, str]]:
    parameters = load_parameters()
    for name, value in plan.parameters.items():
        place = ("parameters", name)
        if name not in parameters:
            yield place, f"没有参数 {name}；相近的有 {nearest_words(name, list(parameters))}"
            continue
        try:
            parameters[name].read(value)
        except ParameterError as error:
            yield place, str(error)


def _commitment_faults(place: Place, item: Commitment, known: Mapping[str, Indicator]) -> Iterator[tuple[Place, str]]:
    for name in (*item.indicator, *([item.worst] if item.worst else ())):
        if name not in known:
            near = nearest_words(name, list(known))
            key = "worst" if name == item.worst else "indicator"
            yield (*place, key), f"没有指标 {name}；相近的有 {near}；重点工作台账里的事项用 measure 定义"
            continue
        indicator = known[name]
        if "county" in item.scope and "county" not in indicator.grains:
            yield (*place, "scope"), f"指标 {name} 只有全州的数，scope 不能写 county"
        if name != item.worst and (item.unit == "%") != (indicator.unit == "%"):
            yield (
                (*place, "unit"),
                f"单位写的是 {item.unit}，指标 {name}（{indicator.name_zh}）的单位是 {indicator.unit}",
            )


def _advice(plan: Plan, years: Collection[int] | None) -> Iterator[tuple[Place, str]]:
    told = {item.article for item in plan.items}
    if plan.meta.articles and (silent := sorted(set(range(1, plan.meta.articles + 1)) - told)):
        yield (
            ("meta", "articles"),
            f"第 {'、'.join(map(str, silent))} 条既没有任务，也没有写明原因（article 和 reason）",
        )
    if years is None:
        return
    if plan.year not in years:
        yield ("meta", "year"), f"还没有收到 {plan.year} 年的报表，各项任务暂时都会是无数据"
    if plan.year - 1 not in years:
        for place, item in _placed(plan):
            if item.target is None:
                yield (*place, "comparison"), f"{item.id} 与上年比较，但没有 {plan.year - 1} 年的报表"
