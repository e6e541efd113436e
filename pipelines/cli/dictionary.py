"""`xiangxi dictionary`: the pages of the data dictionary written anew, or only held against their sources."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assets.reports.dictionary import stale_pages, write_dictionary
from assets.reports.dictionary.facts import Facts
from pipelines.cli.options import settings_with, talk


def dictionary(
    check: Annotated[bool, typer.Option("--check", help="只核对，不改动；有过期的页时列出，退出码为 1")] = False,
    out: Annotated[Path, typer.Option("--out", help="词典的文件夹", file_okay=False)] = Path("docs/dictionary"),
) -> None:
    """数据词典：由数据合同、指标目录、要点和库表定义写出各页，已经没有来源的页删去。

    例：xiangxi dictionary --check
    """
    told = Facts.of_project(settings_with().plans)
    pages = stale_pages(out, told) if check else write_dictionary(out, told)
    for place in pages:
        typer.echo(out / place)
    if not check:
        talk.print(f"写出或删去 {len(pages)} 页。", highlight=False)
    elif pages:
        cure = f"请运行 xiangxi dictionary --out {out}，看过改动后提交。"
        talk.print(f"以上 {len(pages)} 页已过期；{cure}", highlight=False)
        raise typer.Exit(1)
