"""`xiangxi releases`: the kept releases, and what one of them changed and why."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Column, Table

from assets.clock import SHANGHAI
from assets.house import House
from pipelines.cli.options import Home, TableFormat, data, format_or_stop, settings_with
from warehouse.errors import UnknownReleaseError
from warehouse.releases import Row, changes_of, published, releases
from warehouse.schema import dim_indicator, release, release_change
from warehouse.words import MATURITIES, RELEASE_KINDS

FIELDS = (*release.columns.keys(), "changed", "changed_regions")
Number = Annotated[int | None, typer.Argument(metavar="RELEASE", help="发布编号；写了就列出该次发布变动的数值")]


def list_releases(release_id: Number = None, home: Home = None, format_: TableFormat = "table") -> None:
    """发布：保留的各次发布；给出编号则列出与前一次发布不同的数值（州和填报单位）、变动多少、为什么。

    例：xiangxi releases 12
    """
    known = format_or_stop(format_, ("table", "json", "csv"))
    house = settings_with(home).house()
    engine = house.engine()
    try:
        with published(engine) as connection:
            kept = releases(connection)
            numbers = [row["release_id"] for row in kept]
            if release_id is not None and release_id not in numbers:
                raise UnknownReleaseError(release_id, numbers)
            moved = [] if release_id is None else changes_of(connection, release_id)
            names = dict(connection.execute(dim_indicator.select().with_only_columns(
                dim_indicator.c.indicator_id, dim_indicator.c.name_zh)).all())  # fmt: skip
    finally:
        engine.dispose()
    if known != "table":
        _echo(known, kept if release_id is None else moved, FIELDS if release_id is None else release_change.c.keys())
    elif release_id is None:
        data().print(_releases(kept))
    else:
        (row,) = [each for each in kept if each["release_id"] == release_id]
        data().print(_changes(house, row, moved, names))
        data().print(_summary(row), highlight=False)


def _echo(known: str, rows: Sequence[Row], fields: Sequence[str]) -> None:
    told = [{name: _plain(row[name]) for name in fields} for row in rows]
    if known == "json":
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    writer = csv.DictWriter(sys.stdout, fields, lineterminator="\n")
    writer.writeheader()
    writer.writerows(told)


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float | str) else str(value)


def _releases(kept: Sequence[Row]) -> Table:
    table = Table("编号", "发布时间", "来由", "年度", "程序", Column("变动数值", justify="right"), "其中州和单位",
                  title="保留的发布（新的在前）", box=box.SIMPLE_HEAD)  # fmt: skip
    for row in kept:
        table.add_row(str(row["release_id"]), when(row), kind_of(row), row["years"], row["code_version"],
                      str(row["changed"]), str(row["changed_regions"]))  # fmt: skip
    return table


def when(row: Row) -> str:
    """When a release was published, in the prefecture's time."""
    return str(row["published_at"].astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"))


def kind_of(row: Row) -> str:
    """Where a release came from, in Chinese; a rollback names the release that it brought back."""
    source = f"（第 {row['source_release_id']} 次）" if row["source_release_id"] else ""
    return RELEASE_KINDS[row["kind"]] + source


def _changes(house: House, row: Row, moved: Sequence[Row], names: dict[str, str]) -> Table:
    heads = ("年度", Column("指标", overflow="fold"), "区划", "原数值", "现数值", "成熟度",
             Column("原因", overflow="fold"))  # fmt: skip
    title = f"第 {row['release_id']} 次发布（{when(row)}，{kind_of(row)}）的变动"
    table = Table(*heads, title=title, box=box.SIMPLE_HEAD)
    for each in moved:
        table.add_row(
            str(each["year"]), f"{names.get(each['indicator_id'], '')} [dim]{each['indicator_id']}[/dim]",
            house.regions.name_of.get(each["region_code"], each["region_code"]),
            sides(each, "before"), sides(each, "after"), _ripening(each), each["reason"],
        )  # fmt: skip
    return table


def sides(row: Row, side: str) -> str:
    """A figure as it stood on one side of a change: value, numerator and denominator."""
    value, above, below = (row[f"{name}_{side}"] for name in ("value", "numerator", "denominator"))
    if value is None:
        return "无数据"
    return f"{value:.4g}" if below is None else f"{value:.4g}（{above.normalize():f}/{below.normalize():f}）"


def _ripening(row: Row) -> str:
    before, after = (MATURITIES.get(row[f"maturity_{side}"], "无") for side in ("before", "after"))
    return after if before == after else f"{before}→{after}"


def _summary(row: Row) -> str:
    schools = row["changed"] - row["changed_regions"]
    regions = row["changed_regions"]
    return f"变动 {row['changed']} 个数值：州和填报单位 {regions} 个，学校 {schools} 个（见表 release_change）"
