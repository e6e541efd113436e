"""`xiangxi rules`: every rule with what it found and whether proof shows that it bites."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Column, Table

from assets.rule_coverage import Coverage, coverage
from assets.rule_lines import RuleLine, rule_lines
from pipelines.cli.options import Home, TableFormat, data, format_or_stop, settings_with
from warehouse.words import SEVERITIES

FAULTS_ZH = {"proof.survived": "漏过差错", "proof.blamed_clean": "误报", "proof.not_run": "未验证"}
RECORD = ("rule_id", "dataset", "severity", "asked", "hits", "last_catch", "seeded", "caught", "blamed", "score",
          "faults", "message", "how_to_fix", "source")  # fmt: skip
Covered = Annotated[bool, typer.Option("--coverage", help="改列国家和州的规则目录各由什么执行")]
Dataset = Annotated[str | None, typer.Option("--dataset", help="只列一种报表，如 class_ledger")]


def rules(
    home: Home = None, dataset: Dataset = None, format_: TableFormat = "table", coverage_: Covered = False
) -> None:
    """校验规则：每条规则查出的问题、最近一次查出，以及用人为差错验证的结果；漏过差错或误报的规则在前。

    例：xiangxi rules --dataset class_ledger
    """
    known = format_or_stop(format_, ("table", "json", "csv"))
    house = settings_with(home).house()
    if coverage_:
        _show_coverage(known, coverage(house.rules_folder))
        return
    every = rule_lines(house)
    if dataset not in {None, *(line.rule.dataset for line in every)}:
        raise typer.BadParameter(f"没有报表“{dataset}”", param_hint="--dataset")
    lines = [line for line in every if dataset in (None, line.rule.dataset)]
    lines.sort(key=lambda line: not line.faults)
    if known == "table":
        data().print(_table(lines))
        data().print(_summary(lines), highlight=False)
    else:
        _echo(known, [_record(line) for line in lines])


def _show_coverage(known: str, lines: Sequence[Coverage]) -> None:
    """What carries each rule of the authority; a part that no dataset carries stands with its reason."""
    if known != "table":
        _echo(known, [asdict(line) for line in lines])
        return
    carried = Column("由什么执行", overflow="fold")
    table = Table("编号", "类别", Column("内容", overflow="fold"), carried, title="规则目录", box=box.SIMPLE_HEAD)
    for line in lines:
        told = ["、".join(line.rules), f"指标任务 {'、'.join(line.targets)}" if line.targets else ""]
        table.add_row(line.authority_id, line.kind, line.asks, "\n".join(filter(None, (*told, *line.not_run))))
    data().print(table)
    covered = sum(line.is_covered for line in lines)
    data().print(f"共 {len(lines)} 条，有规则、任务或原因的 {covered} 条", highlight=False)


def _echo(known: str, records: Sequence[dict[str, Any]]) -> None:
    typer.echo(json.dumps(records, ensure_ascii=False) if known == "json" else _csv(records), nl=known == "json")


def _table(lines: Sequence[RuleLine]) -> Table:
    heads = (Column("规则", overflow="fold"), "性质", Column("核查行数", justify="right"),
             Column("问题", justify="right"), "最近查出", Column("验证", justify="right"), "规则状况")  # fmt: skip
    table = Table(*heads, title="校验规则", box=box.SIMPLE_HEAD)
    for line in lines:
        table.add_row(
            line.rule.id, SEVERITIES[line.rule.severity], str(line.asked), str(line.hits), line.last_catch,
            "" if line.score is None else f"{line.score:.0%}", "、".join(FAULTS_ZH[name] for name in line.faults),
        )  # fmt: skip
    return table


def _summary(lines: Sequence[RuleLine]) -> str:
    proved = [line.proof for line in lines if line.proof]
    seeded, caught = sum(one.seeded for one in proved), sum(one.caught for one in proved)
    return (
        f"共 {len(lines)} 条规则，查出过问题的 {sum(bool(line.hits) for line in lines)} 条；"
        f"已验证 {len(proved)} 条：人为差错 {seeded} 处，查出 {caught} 处；"
        f"漏过或误报的规则 {sum(bool(line.faults) for line in lines)} 条"
    )


def _record(line: RuleLine) -> dict[str, Any]:
    proof = line.proof
    return {
        "rule_id": line.rule.id, "dataset": line.rule.dataset, "severity": line.rule.severity, "asked": line.asked,
        "hits": line.hits, "last_catch": line.last_catch or None, "seeded": proof and proof.seeded,
        "caught": proof and proof.caught, "blamed": proof and proof.blamed, "score": line.score,
        "faults": ",".join(line.faults), "message": line.rule.message, "how_to_fix": line.rule.how_to_fix,
        "source": line.rule.because,
    }  # fmt: skip


def _csv(records: Sequence[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]) if records else RECORD, lineterminator="\n")
    writer.writeheader()
    for record in records:
        writer.writerow({name: ",".join(v) if isinstance(v, tuple) else v for name, v in record.items()})
    return text.getvalue()
