"""`xiangxi close` and `xiangxi reopen`: make a year's figures final, and take that back."""

from __future__ import annotations

from typing import Annotated

import typer

from assets.clock import now_in_shanghai
from assets.releases.decided import close_year, reopen_year, stands_closed
from pipelines.cli.options import Home, settings_with, talk
from pipelines.lock import holding

OfYear = Annotated[int, typer.Argument(metavar="YEAR", min=1990, max=2099, help="年度")]


def close(year: OfYear, home: Home = None) -> None:
    """终定一个年度：以最近一次运行的数值为终定数值并发布；之后报来的该年度文件等待，直到重新打开。

    例：xiangxi close 2019
    """
    house = settings_with(home).house()
    with holding(house.home / "run.lock"):
        if stands_closed(house, year):
            talk.print(f"{year} 年早已终定，没有改动。", highlight=False)
            return
        made = close_year(house, year, now_in_shanghai())
    talk.print(f"{year} 年已终定，第 {made} 次发布。以后报来的该年度文件等待，xiangxi reopen {year} 可重新打开。",
               highlight=False)  # fmt: skip


def reopen(year: OfYear, home: Home = None) -> None:
    """重新打开一个终定的年度：恢复初报或核定；等待的文件由下一次运行核查。

    例：xiangxi reopen 2019
    """
    house = settings_with(home).house()
    with holding(house.home / "run.lock"):
        if year not in house.closed_years:
            raise typer.BadParameter(f"{year} 年没有终定", param_hint="YEAR")
        made = reopen_year(house, year)
    talk.print(f"{year} 年已重新打开，第 {made} 次发布；等待的文件由下一次 xiangxi run --year {year} 核查。",
               highlight=False)  # fmt: skip
