"""`xiangxi why`: from a figure to what it was made from, what is asked about it, and when it moved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import typer
from rich import box
from rich.table import Column, Table

from assets.house import House
from assets.releases.why import Why, why
from pipelines.cli.figures import Format, IndicatorId, OfYear, Region, figure_text, indicator_or_stop, region_or_stop
from pipelines.cli.options import Home, data, format_or_stop, settings_with, talk
from pipelines.cli.releases import kind_of, sides, when
from warehouse.releases import Row
from warehouse.words import FINDING_STATES, MATURITIES, SEVERITIES, SUBMISSION_STATES, VERDICTS


def explain(indicator: IndicatorId, region: Region, year: OfYear, home: Home = None, format_: Format = "table") -> None:
    """为什么：一个数值的分子分母、来自哪些报送件和多少行、更正过几版、有哪些核查问题、最近在哪次发布变动。

    例：xiangxi why aid_on_time_spring --region 433101 --year 2020
    """
    known = format_or_stop(format_, ("table", "json"))
    house = settings_with(home).house()
    asked = indicator_or_stop(indicator, house, year), region_or_stop(region, house)
    told = why(house, *asked, year)
    if told is None:
        talk.print(f"最新发布中没有这个数值：{asked[0].id}，{asked[1]}，{year} 年。")
        raise typer.Exit(2)
    if known == "json":
        typer.echo(json.dumps(_record(told), ensure_ascii=False, default=str))
        return
    for line in _lines(house, told):
        data().print(line, highlight=False)


def _record(told: Why) -> dict[str, Any]:
    indicator = told.indicator
    needs = sorted({need.dataset for need in indicator.needs})
    facts = {"indicator_id": indicator.id, "name_zh": indicator.name_zh, "unit": indicator.unit, "datasets": needs,
             "source": indicator.source, "definition_zh": indicator.definition_zh}  # fmt: skip
    return {"indicator": facts, "figure": told.figure, "release": told.release, "verdicts": told.verdicts,
            "below": told.below, "submissions": told.submissions, "findings": told.findings,
            "changes": told.changes}  # fmt: skip


def _lines(house: House, told: Why) -> list[Any]:
    indicator, figure = told.indicator, told.figure
    name = house.regions.name_of.get(figure["region_code"], figure["region_code"])
    lines: list[Any] = [
        f"[bold]{indicator.name_zh}[/bold]（{indicator.id}，{indicator.unit}）　{name}　{figure['year']} 年",
        f"数值　{figure_text(figure)}　{MATURITIES[figure['maturity']]}　第 {told.release['release_id']} 次发布（"
        f"{when(told.release)}，{kind_of(told.release)}）",
        f"定义　{indicator.definition_zh}　出处：{indicator.source}",
    ]  # fmt: skip
    beside = {"缺报单位": figure["missing_units"], "未知项数": figure["unknown_count"], "口径": figure["parameters"]}
    lines += [f"{head}　{text}" for head, text in beside.items() if text]
    lines += [f"任务　{v['name_zh']}（{v['commitment_id']}）：{VERDICTS[v['verdict']]}" for v in told.verdicts]
    lines.append(_moved(told.changes))
    tables = ((_below, told.below), (_submissions, told.submissions), (_findings, told.findings))
    return lines + [make(house, rows) for make, rows in tables if rows]


def _moved(changes: Sequence[Row]) -> str:
    if not changes:
        return "变动　首次发布后没有变动过"
    last, more = changes[0], f"；此前还变动过 {len(changes) - 1} 次" if len(changes) > 1 else ""
    before = "首次有数" if last["maturity_before"] is None else f"{sides(last, 'before')} → {sides(last, 'after')}"
    return f"变动　最近在第 {last['release_id']} 次发布（{when(last)}）：{before}；{last['reason']}{more}"


def _below(house: House, rows: Sequence[Row]) -> Table:
    table = Table("下级", "数值", "成熟度", "缺报单位", title="下级数值", box=box.SIMPLE_HEAD)
    for row in rows:
        name = house.regions.name_of.get(row["region_code"], row["region_code"])
        table.add_row(name, figure_text(row), MATURITIES[row["maturity"]], row["missing_units"] or "")
    return table


def _submissions(house: House, rows: Sequence[Row]) -> Table:
    right = [Column(head, justify="right") for head in ("采用行", "隔离行", "忽略行")]
    table = Table(
        "报表", "报告期", "单位", "报送件", "第几版", "状态", *right, title="报送件与更正", box=box.SIMPLE_HEAD
    )
    for row in rows:
        unit = house.regions.name_of.get(row["unit_code"], row["unit_code"])
        counts = (str(row[name]) for name in ("rows_accepted", "rows_quarantined", "rows_ignored"))
        table.add_row(house.contracts[row["dataset"]].name_zh, row["period"], unit, row["submission_id"],
                      str(row["version"] or ""), SUBMISSION_STATES[row["state"]], *counts)  # fmt: skip
    return table


def _findings(_house: House, rows: Sequence[Row]) -> Table:
    table = Table(Column("规则", overflow="fold"), "性质", "状态", Column("处数", justify="right"), title="核查问题",
                  box=box.SIMPLE_HEAD)  # fmt: skip
    for row in rows:
        table.add_row(row["rule_id"], SEVERITIES[row["severity"]], FINDING_STATES[row["state"]], str(row["n"]))
    return table
