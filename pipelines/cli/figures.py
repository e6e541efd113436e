"""What the verbs that ask about one figure share: its words on the command line, and how a figure is printed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Annotated

import typer

from assets.house import House
from assets.indicators.catalogue import Indicator
from assets.releases.why import indicators_by_id
from expectations.regions import PREFECTURE
from warehouse.releases import Row

IndicatorId = Annotated[str, typer.Argument(metavar="INDICATOR", help="指标代码，如 aid_on_time_spring")]
Region = Annotated[str, typer.Option("--region", help="州、填报单位或学校的代码，或州和单位的名称")]
OfYear = Annotated[int, typer.Option("--year", min=1990, max=2099, help="年度")]
Format = Annotated[str, typer.Option("--format", help="table 或 json")]


def indicator_or_stop(given: str, house: House, year: int) -> Indicator:
    """The indicator of that id, or a usage error that names the nearest three."""
    known = indicators_by_id(house, year)
    if given not in known:
        raise typer.BadParameter(f"没有指标“{given}”；最接近的是 {_nearest(given, known)}", param_hint="INDICATOR")
    return known[given]


def region_or_stop(given: str, house: House) -> str:
    """The code of a region given by code or name, or of a school by its code; else a usage error with the nearest."""
    names = {name: code for code, name in house.regions.name_of.items()}
    if given in names:
        return names[given]
    is_code = given.isdigit() and (given == PREFECTURE or given in house.regions.unit_codes or len(given) == 10)
    if not is_code:
        raise typer.BadParameter(f"没有区划“{given}”；最接近的是 {_nearest(given, names)}", param_hint="--region")
    return given


def _nearest(given: str, known: Iterable[str]) -> str:
    return "、".join(difflib.get_close_matches(given, list(known), n=3, cutoff=0.0))


def figure_text(row: Row) -> str:
    """A figure: its value and, of a ratio, both sides."""
    value, above, below = row["value"], row["numerator"], row["denominator"]
    if value is None:
        return "无数据"
    return f"{value:.6g}" if below is None else f"{value:.6g} = {plain(above)} / {plain(below)}"


def plain(number: object) -> str:
    """An exact number without the zeros behind it."""
    text = f"{number:f}" if hasattr(number, "as_tuple") else str(number)
    return text.rstrip("0").rstrip(".") if "." in text else text
