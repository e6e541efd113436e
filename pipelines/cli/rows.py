"""What `xiangxi status --rows` shows: of every file, what became of its rows and filled cells."""

from __future__ import annotations

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import typer
from rich.markup import escape
from rich.table import Table

from assets.house import House
from assets.submitted.answers import all_judgements
from assets.submitted.submission_counts import submission_counts
from pipelines.cli.options import data
from warehouse.words import COUNT_REASONS

_FIELDS = ("path", "submission_id", "dataset", "period", "kind", "outcome", "reason", "n")
_HEADS = ("读取行", "采用", "隔离", "尚未核查", "忽略", "非空单元格", "取用", "忽略")


def show_rows(house: House, format_: str) -> None:
    """Print the counts of every submission: a line per file, or with json and csv a record per outcome and reason."""
    receptions = house.ledger.receptions()
    paths = {r.submission_id: r.path for r in receptions}
    counts = submission_counts(receptions, all_judgements(house)).to_pylist()
    records = [{"path": paths[row["submission_id"]], **row} for row in counts]
    if format_ == "json":
        typer.echo(json.dumps(records, ensure_ascii=False))
    elif format_ == "csv":
        writer = csv.DictWriter(sys.stdout, _FIELDS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)
    else:
        data().print(_table(records))


def _table(records: Iterable[Mapping[str, Any]]) -> Table:
    files: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for record in records:
        files[record["path"]].append(record)
    table = Table("文件", *_HEADS, title="行与单元格的去向（读取 = 各去向之和）")
    for path, counts in sorted(files.items()):
        table.add_row(escape(path), *_cells(counts, "rows"), *_cells(counts, "cells"))
    return table


def _cells(counts: Iterable[Mapping[str, Any]], kind: str) -> list[str]:
    """The sum of one kind, then what became of it, the ignored with their reasons."""
    mine = [record for record in counts if record["kind"] == kind]
    of: dict[str, int] = defaultdict(int)
    reasons: dict[str, int] = defaultdict(int)
    for record in mine:
        of[record["outcome"]] += record["n"]
        if record["outcome"] == "ignored":
            reasons[COUNT_REASONS.get(record["reason"], record["reason"])] += record["n"]
    asked = ("accepted", "quarantined", "unjudged") if kind == "rows" else ("placed",)
    ignored = "、".join(f"{reason} {n:,}" for reason, n in reasons.items())
    return [f"{sum(of.values()):,}", *(f"{of[outcome]:,}" for outcome in asked), ignored or "0"]
