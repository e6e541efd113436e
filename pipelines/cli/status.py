"""`xiangxi status`: the matrix unit x dataset x period."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.table import Table

from assets.matrix import Place, matrix_of_year
from pipelines.cli.explanations import show_explanations
from pipelines.cli.options import Home, TableFormat, Year, data, format_or_stop, settings_with
from pipelines.cli.rows import show_rows
from warehouse.words import STATUS_STATES

MARKS = {
    "accepted": "✓",
    "accepted_with_findings": "✓!",
    "returned": "退",
    "stale": "旧",
    "missing": "—",
    "received": "…",
    "unrecognised": "?",
    "failed": "错",
}

Notes = Annotated[bool, typer.Option("--notes", help="列出没有读取的栏目和工作表")]
Rows = Annotated[bool, typer.Option("--rows", help="列出各文件每一行、每一个非空单元格的去向")]
Explanations = Annotated[bool, typer.Option("--explanations", help="列出各单位的说明和有效期")]
RECORD = ("unit", "dataset", "period", "state", "due", "must_fix", "must_explain")


def status(
    home: Home = None, year: Year = None, format_: TableFormat = "table", notes: Notes = False, rows: Rows = False,
    explanations: Explanations = False,
) -> None:  # fmt: skip
    """各单位、各报表、各报告期的报送状态；改列没有读取的栏目（--notes）、行与单元格的去向（--rows）、各单位的说明（--explanations）。

    例：xiangxi status --year 2020
    """
    house = settings_with(home).house()
    if notes:
        for reception in house.ledger.receptions():
            for note in reception.notes:
                typer.echo(f"{reception.path}：{note}")
        for path, first in house.ledger.sent_again().items():
            typer.echo(f"{path}：内容与 {first.submission_id}（{first.path}）相同，没有再次读取。")
        return
    known = format_or_stop(format_, ("table", "json", "csv"))
    if rows or explanations:
        (show_rows if rows else show_explanations)(house, known)
        return
    places = [place for y in ([year] if year else house.years()) for place in matrix_of_year(house, y)]
    if known != "table":
        records = [_record(place) for place in places]
        text = json.dumps(records, ensure_ascii=False) if known == "json" else _csv(records)
        typer.echo(text, nl=known == "json")
        return
    console = data()
    console.print(_table(places, {**house.regions.name_of, **{d: c.name_zh for d, c in house.contracts.items()}}))
    console.print("  ".join(f"{mark} {STATUS_STATES[state]}" for state, mark in MARKS.items()))


def _record(place: Place) -> dict[str, object]:
    return {"unit": place.unit_code, "dataset": place.dataset, "period": place.period, "state": place.state,
            "due": place.due and place.due.isoformat(), "must_fix": place.must_fix,
            "must_explain": place.must_explain}  # fmt: skip


def _csv(records: Sequence[Mapping[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, RECORD, lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue()


def _table(places: list[Place], names: dict[str, str]) -> Table:
    units = sorted({place.unit_code for place in places})
    table = Table("报表", "报告期", *(names[unit] for unit in units), title="报送状态")
    cells = {(place.dataset, place.period, place.unit_code): MARKS.get(place.state, place.state) for place in places}
    for dataset, period in dict.fromkeys((place.dataset, place.period) for place in places):
        table.add_row(
            f"{names[dataset]} [dim]{dataset}[/dim]",
            period,
            *(cells.get((dataset, period, unit), "") for unit in units),
        )
    return table
