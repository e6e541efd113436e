"""`xiangxi check`: files are read and judged as the night would, before they are sent; nothing of it is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from assets.checking.check import check as checked
from assets.checking.files import Asked, Skipped, UnitNotToldError, files_to_check, missing
from expectations.regions import PREFECTURE, Regions
from pipelines.cli.check_lines import SHOWN, print_checked, record_of, shown
from pipelines.cli.options import Home, Unit, data, format_or_stop, settings_with, talk, unit_or_stop

NEEDS_A_PERSON = 1
Files = Annotated[list[Path], typer.Argument(help="要核查的文件或文件夹", show_default=False)]
Format = Annotated[str, typer.Option("--format", help="table 或 json")]
Out = Annotated[Path | None, typer.Option("--out", help="把标出问题的工作簿写到这个文件夹，每个单位一个子文件夹")]
All = Annotated[bool, typer.Option("--all", help=f"列出全部问题；不写则每份文件最多列 {SHOWN} 条")]


def check(
    files: Files, unit: Unit = None, home: Home = None, format_: Format = "table", all_: All = False, out: Out = None
) -> None:
    """报送之前先核查文件：与夜间作业对这些文件说的完全一样，不在存放文件夹里留下任何东西。

    也与已收到的报表、以前年度对照，只列所查文件的问题。
    有须修改的问题、会被退回或无法识别时以 1 结束。

    例：xiangxi check 班级台账.xlsx --unit 433101
    """
    house = settings_with(home).house()
    known = format_or_stop(format_, ("table", "json"))
    asked, skipped = _asked(files, unit, house.regions, house.landing)
    if not house.ledger.folder.is_dir():
        talk.print(f"{house.home} 里还没有报送过的数据：须与名录或以前报送件对照的规则不核查。", highlight=False)
    found = checked(house, asked, out) if asked else []
    if known == "json":
        passed_over = [{"file": shown(one.source), "reason": one.reason} for one in skipped]
        records = [record_of(one, house.contracts) for one in found]
        typer.echo(json.dumps({"files": records, "passed_over": passed_over}, ensure_ascii=False))
    else:
        print_checked(data(), found, skipped, house, most=None if all_ else SHOWN)
    if skipped or any(one.needs_a_person for one in found):
        raise typer.Exit(NEEDS_A_PERSON)


def _asked(
    named: Sequence[Path], unit: str | None, regions: Regions, landing: Path
) -> tuple[list[Asked], list[Skipped]]:
    """What is to be checked; whatever is wrong with the words is a usage error."""
    for path in missing(named):
        raise typer.BadParameter(f"没有这个文件或文件夹：{escape(shown(path))}", param_hint="FILES")
    try:
        asked, skipped = files_to_check(named, unit and unit_or_stop(unit, regions), regions, landing)
    except UnitNotToldError as error:
        names = "、".join(f"{code} {regions.name_of[code]}" for code in regions.unit_codes)
        asking = (
            f"{shown(Path(error.source.name))} 是哪个单位的？请加上 --unit 代码：{names}；{PREFECTURE} 是州局本级。"
        )
        raise typer.BadParameter(asking, param_hint="--unit") from None
    if not asked and not skipped:
        raise typer.BadParameter("文件夹里没有可以核查的文件", param_hint="FILES")
    return asked, skipped
