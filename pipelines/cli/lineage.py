"""`xiangxi lineage`: from a figure to the files, sheets, rows and cells that it was made from."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich import box
from rich.markup import escape
from rich.table import Column, Table

from assets.house import House
from assets.releases.lineage import Origin, lineage
from pipelines.cli.figures import IndicatorId, OfYear, Region, indicator_or_stop, plain, region_or_stop
from pipelines.cli.options import Home, TableFormat, data, format_or_stop, settings_with, talk

FIELDS = ("dataset", "submission_id", "path", "sheet", "row", "numerator", "denominator", "cells")
Limit = Annotated[int, typer.Option("--limit", min=0, help="表格最多列出的行数；0 为全部。json 和 csv 总是全部")]
SHOWN = 200


def trace(
    indicator: IndicatorId, region: Region, year: OfYear, home: Home = None, format_: TableFormat = "table",
    limit: Limit = SHOWN,
) -> None:  # fmt: skip
    """溯源：一个数值由哪些文件、工作表、行和单元格得来，每行对分子、分母各贡献多少。

    例：xiangxi lineage primary_entry_classes_within_limit --region 433101 --year 2020
    """
    known = format_or_stop(format_, ("table", "json", "csv"))
    house = settings_with(home).house()
    code = region_or_stop(region, house)
    found = lineage(house, indicator_or_stop(indicator, house, year), code, year)
    if known != "table":
        _echo(known, found)
        return
    shown = found[: limit or None]
    data().print(_table(house, shown))
    talk.print(f"列出 {len(shown)} 行，共 {len(found)} 行，来自 {len({o.submission_id for o in found})} 份报送件。",
               highlight=False)  # fmt: skip


def _echo(known: str, found: Sequence[Origin]) -> None:
    records = [_record(origin) for origin in found]
    if known == "json":
        typer.echo(json.dumps(records, ensure_ascii=False))
        return
    writer = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    writer.writeheader()
    writer.writerows({**record, "cells": " ".join(record["cells"].values())} for record in records)


def _record(origin: Origin) -> dict[str, Any]:
    sides = {name: None if side is None else plain(side) for name, side in (
        ("numerator", origin.numerator), ("denominator", origin.denominator))}  # fmt: skip
    return {**asdict(origin), **sides, "cells": dict(origin.cells)}


def _table(house: House, found: Sequence[Origin]) -> Table:
    numbers = (Column(head, justify="right") for head in ("行", "分子", "分母"))
    table = Table("报表", Column("文件", overflow="fold"), "工作表", *numbers, "单元格", title="数值的来源",
                  box=box.SIMPLE_HEAD)  # fmt: skip
    for origin in found:
        record = _record(origin)
        contract = house.contracts.get(origin.dataset)
        table.add_row(
            contract.name_zh if contract else origin.dataset, escape(origin.path), escape(origin.sheet),
            str(origin.row), record["numerator"] or "", record["denominator"] or "", " ".join(record["cells"].values()),
        )  # fmt: skip
    return table
