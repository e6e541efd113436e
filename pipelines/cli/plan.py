"""`xiangxi plan`: the plan as data: what it covers, the next one's frame, its check, and a draft tried on this year."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table

from assets.plans.check import check_plan
from assets.plans.coverage import STATES_ZH, Coverage, coverage_of
from assets.plans.drafts import frame_of_plan, try_plan
from assets.reports.scorecard_lines import scorecard_csv, scorecard_json, scorecard_lines
from expectations.errors import PlanError
from expectations.plan import FOLDER
from pipelines.cli.options import Home, TableFormat, Year, data, format_or_stop, settings_with, talk
from pipelines.cli.scorecard import card_table

plan = typer.Typer(no_args_is_help=False, help="要点即数据：覆盖情况、下一年的框架、检查和试算。")
File = Annotated[Path, typer.Argument(help="要点文件（YAML）", exists=True, dir_okay=False, readable=True)]
FORMATS = ("table", "json", "csv")
HEADINGS = {"article": "条", "commitment_id": "编号", "name_zh": "任务", "indicators": "指标", "datasets": "报表",
            "state": "状态"}  # fmt: skip


@plan.callback(invoke_without_command=True)
def show(
    context: typer.Context,
    coverage: Annotated[bool, typer.Option("--coverage", help="逐条列出任务、指标、报表和状态")] = False,
    home: Home = None,
    year: Year = None,
    format_: TableFormat = "table",
) -> None:
    """要点的任务、指标、报表和状态；不写年度则是最近一年。

    例：xiangxi plan --coverage --year 2020
    """
    if context.invoked_subcommand:
        return
    known = format_or_stop(format_, FORMATS)
    house = settings_with(home).house()
    if not house.plans or (year and year not in house.plans):
        raise typer.BadParameter(f"没有 {year or ''} 年的要点；有 {'、'.join(map(str, house.plans))}。")
    told = coverage_of(house, house.plans[year or max(house.plans)])
    if known != "table":
        typer.echo(_records(told, known), nl=known == "json")
        return
    if coverage:
        data().print(_table(told))
    data().print(f"{told.plan.meta.title}\n{told.summary}", highlight=False)
    for each in told.plan.unmeasured:
        data().print(f"第 {each.article} 条没有任务：{each.reason}", highlight=False)
    for left in told.plan.left_out if coverage else ():
        data().print(f"[dim]第 {left.article} 条未计量：{left.promise}。{left.reason}[/dim]", highlight=False)


def _table(told: Coverage) -> Table:
    table = Table(*HEADINGS.values(), box=box.SIMPLE_HEAD)
    for line in told.lines:
        table.add_row(str(line.article), line.commitment_id, line.name_zh, "\n".join(line.indicators),
                      "\n".join(line.datasets), STATES_ZH[line.state])  # fmt: skip
    return table


def _records(told: Coverage, form: str) -> str:
    rows = [{**{name: getattr(line, name) for name in HEADINGS}, "work_items_alone": line.is_work_items_alone}
            for line in told.lines]  # fmt: skip
    if form == "json":
        left = {"unmeasured": [each.model_dump() for each in told.plan.unmeasured],
                "left_out": [each.model_dump() for each in told.plan.left_out]}  # fmt: skip
        return json.dumps({"year": told.plan.year, "commitments": rows, **left}, ensure_ascii=False)
    text = io.StringIO()
    writer = csv.DictWriter(text, [*HEADINGS, "work_items_alone"], lineterminator="\n")
    writer.writeheader()
    writer.writerows({**row, "indicators": " ".join(row["indicators"]), "datasets": " ".join(row["datasets"])}
                     for row in rows)  # fmt: skip
    return text.getvalue()


@plan.command()
def new(
    year: Annotated[int, typer.Argument(min=2000, max=2100, help="新要点的年度")],
    from_: Annotated[int, typer.Option("--from", help="照哪一年的要点")],
    out: Annotated[Path | None, typer.Option("--out", help="写到哪个文件；默认放在要点文件夹")] = None,
) -> None:
    """照已有要点写出新一年的框架，供逐条修改；已有的文件不会被覆盖。

    例：xiangxi plan new 2021 --from 2020
    """
    folder = settings_with().plans or FOLDER
    source, target = folder / f"{from_}.yaml", out or folder / f"{year}.yaml"
    if not source.exists():
        have = "、".join(sorted(path.stem for path in folder.glob("*.yaml")))
        raise typer.BadParameter(f"没有 {from_} 年的要点；有 {have}。", param_hint="--from")
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(frame_of_plan(source.read_text("utf-8"), from_, year))
    except FileExistsError:
        raise typer.BadParameter(f"{target} 已经有了，没有改动。", param_hint="--out") from None
    talk.print(f"已写出 {target}。请填印发日期，逐条核对任务和数值，再运行 xiangxi plan check。", highlight=False)


@plan.command()
def check(file: File, home: Home = None) -> None:
    """检查要点文件：错误逐条写明文件和行；有错误时退出码为 1。

    例：xiangxi plan check expectations/plans/2021.yaml
    """
    checked = check_plan(file, settings_with(home).house().years_with_data())
    for fault in checked.faults:
        typer.echo(fault)
    for words in checked.advice:
        typer.echo(f"{words}（提示）")
    talk.print(f"错误 {len(checked.faults)} 处，提示 {len(checked.advice)} 处。", highlight=False)
    raise typer.Exit(1 if checked.faults else 0)


@plan.command("try")
def try_(file: File, home: Home = None, year: Year = None, format_: TableFormat = "table") -> None:
    """按草案的任务和数值试算已有年度的数据；只显示结果，不写入任何地方。

    例：xiangxi plan try 2021-draft.yaml --year 2020
    """
    known = format_or_stop(format_, FORMATS)
    house = settings_with(home).house()
    try:
        trial = try_plan(house, file, year)
    except PlanError as error:
        talk.print(str(error), highlight=False)
        raise typer.Exit(1) from None
    card = scorecard_lines(trial.plan, trial.verdicts, house.regions.name_of)
    if known == "table":
        data().print(card_table(card, f"{trial.plan.meta.title}　按 {trial.year} 年数据试算"))
        data().print(card.summary, highlight=False)
    else:
        typer.echo(scorecard_json(card) if known == "json" else scorecard_csv(card), nl=known == "json")
