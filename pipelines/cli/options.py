"""Options that several verbs share, each defined once, and the settings that they override."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from expectations.regions import PREFECTURE, Regions
from pipelines.settings import Settings

Home = Annotated[Path | None, typer.Option("--home", help="存放一切产出的文件夹（XIANGXI_HOME，默认 var）")]
Landing = Annotated[Path | None, typer.Option("--landing", help="各单位报送文件的文件夹（XIANGXI_LANDING）")]
_FIRST, _LAST = 1990, 2099
Years = Annotated[
    list[int] | None, typer.Option("--year", min=_FIRST, max=_LAST, help="年度，可写多次；不写则依次处理各年度")
]
Year = Annotated[int | None, typer.Option("--year", min=_FIRST, max=_LAST, help="年度；不写则依次处理各年度")]
Unit = Annotated[str | None, typer.Option("--unit", help="填报单位代码，如 433101")]
TableFormat = Annotated[str, typer.Option("--format", help="table、json 或 csv")]

WIDE = 150  # columns of a table that goes to a file or pipe

talk = Console(stderr=True, soft_wrap=True)


def data() -> Console:
    """The console for data on stdout, made when it is asked for; wide where it is no terminal."""
    console = Console()
    return console if console.is_terminal else Console(width=WIDE)


def settings_with(home: Path | None = None, landing: Path | None = None) -> Settings:
    """The settings of the environment, with what the command line says instead; a wrong one is a usage error."""
    said: dict[str, Any] = {"home": home, "landing": landing}
    try:
        return Settings(**{name: value for name, value in said.items() if value is not None})
    except ValidationError as error:
        wrong = "；".join(f"XIANGXI_{'__'.join(map(str, e['loc'])).upper()}：{e['msg']}" for e in error.errors())
        raise typer.BadParameter(f"设置不对。{wrong}") from None


def format_or_stop(given: str, known: tuple[str, ...]) -> str:
    """The format, or a usage error that names the known ones."""
    if given not in known:
        raise typer.BadParameter(f"不认识“{given}”；可以写 {'、'.join(known)}", param_hint="--format")
    return given


def unit_or_stop(given: str, regions: Regions) -> str:
    """The code of a unit given by code or name, or a usage error that names the nearest three."""
    units = {unit.name_zh: unit.code for unit in regions.units}
    known = {PREFECTURE: PREFECTURE, **units, **{code: code for code in regions.unit_codes}}
    if given not in known:
        near = "、".join(difflib.get_close_matches(given, known, n=3, cutoff=0.0))
        raise typer.BadParameter(f"没有填报单位“{given}”；最接近的是 {near}", param_hint="--unit")
    return known[given]
