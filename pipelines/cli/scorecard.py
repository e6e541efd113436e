"""`xiangxi scorecard`: commitments and verdicts of a year, as last published."""

from __future__ import annotations

import typer
from rich import box
from rich.table import Column, Table

from assets.house import House
from assets.reports.scorecard_lines import Scorecard, scorecard_csv, scorecard_json, scorecard_lines
from assets.year import VERDICTS_LAYER
from pipelines.cli.options import Home, TableFormat, Year, data, format_or_stop, settings_with, talk

STYLES = {"missed": "red", "no_data": "yellow", "on_track": "cyan", "met": "green"}


def scorecard(home: Home = None, year: Year = None, format_: TableFormat = "table") -> None:
    """记分卡：每项任务一行，未达标的在前，最后一行计数。

    例：xiangxi scorecard --year 2020 --format csv
    """
    house = settings_with(home).house()
    known = format_or_stop(format_, ("table", "json", "csv"))
    judged = [y for y in house.plans if house.lake.exists(VERDICTS_LAYER, f"{y}.parquet") and year in (None, y)]
    if not judged:
        talk.print(
            "还没有判定过：请先运行 xiangxi run。" if year in (None, *house.plans) else f"没有 {year} 年的要点。"
        )
        raise typer.Exit(2)
    for each in judged:
        show(house, each, known)


def show(house: House, year: int, format_: str) -> None:
    """Print the scorecard of a year; a year without a plan says so."""
    plan = house.plans.get(year)
    if plan is None:
        talk.print(f"{year} 年没有要点：指标已计算并发布，不作判定。")
        return
    verdicts = house.lake.read(VERDICTS_LAYER, f"{year}.parquet")
    card = scorecard_lines(plan, verdicts, house.regions.name_of)
    if format_ == "table":
        console = data()
        console.print(card_table(card, f"{plan.meta.title}　记分卡"))
        console.print(card.summary, highlight=False)
    else:
        typer.echo(scorecard_json(card) if format_ == "json" else scorecard_csv(card), nl=format_ == "json")


def card_table(card: Scorecard, title: str) -> Table:
    """The lines as a table for a terminal: what is lacking in units of work, and the way since the year before."""
    names, gap = Column("任务", overflow="fold"), Column("差距", overflow="fold")  # Chinese has no blanks to break at
    heads = ("条", names, "目标", "数值", "结果", "成熟度", "上年", "趋势", gap, "最差")
    table = Table(*heads, title=title, box=box.SIMPLE_HEAD)
    for line in card.lines:
        style = STYLES[line.verdict]
        table.add_row(
            str(line.article), f"{line.name_zh} [dim]{line.commitment_id}[/dim]", line.target, line.figure,
            f"[{style}]{line.verdict_zh}[/{style}]", line.maturity_zh, line.before,
            f"{line.arrow} {line.trend_zh}".strip(), line.gap, line.worst,
        )  # fmt: skip
    return table
