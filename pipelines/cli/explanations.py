"""What `xiangxi status --explanations` shows: what units explained, and until when it stands."""

from __future__ import annotations

import csv
import json
import sys

import typer
from rich.markup import escape
from rich.table import Table

from assets.house import House
from assets.submitted.explanations import Explanation
from pipelines.cli.options import data

_FIELDS = ("explanation_id", "unit_code", "dataset", "period", "rule_id", "message", "text", "explained_on",
           "expires_on", "stands", "submission_id")  # fmt: skip


def show_explanations(house: House, format_: str) -> None:
    """Print every explanation, the oldest first, with whether its time is over."""
    kept = house.explanations
    records = [_record(each, is_over=each.expires_on < kept.as_of) for each in kept.kept]
    if format_ == "json":
        typer.echo(json.dumps(records, ensure_ascii=False))
    elif format_ == "csv":
        writer = csv.DictWriter(sys.stdout, _FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    else:
        data().print(_table(house, records))


def _record(each: Explanation, *, is_over: bool) -> dict[str, object]:
    facts = each.model_dump(mode="json") | {"stands": not is_over}
    return {name: facts[name] for name in _FIELDS}


def _table(house: House, records: list[dict[str, object]]) -> Table:
    table = Table("单位", "报表", "报告期", "问题", "说明", "说明日期", "有效期至", title="各单位的说明")
    for record in records:
        contract = house.contracts.get(str(record["dataset"]))
        until = f"{record['expires_on']}{'' if record['stands'] else '（已过期）'}"
        shown = (house.regions.name_of.get(str(record["unit_code"]), record["unit_code"]),
                 contract.name_zh if contract else record["dataset"], record["period"], record["message"],
                 record["text"], record["explained_on"], until)  # fmt: skip
        table.add_row(*(escape(str(each)) for each in shown))
    return table
