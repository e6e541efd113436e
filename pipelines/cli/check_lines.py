"""What a check shows: per file its state, rows and findings, as a table for a terminal or as a record for JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from assets.checking.check import Checked
from assets.checking.files import Skipped
from assets.house import House
from assets.intake.landing import told
from assets.intake.reception import Reception
from assets.submitted.answers import Account
from expectations.contract import Contract
from warehouse.words import COUNT_REASONS, SEVERITIES, SUBMISSION_STATES

SHOWN = 20
_STYLES = {"must_fix": "red", "must_explain": "yellow"}
_WORST_FIRST = ("failed", "unrecognised", "returned", "accepted_with_findings", "accepted", "superseded", "received")
_FINDING = (
    "finding_id", "dataset", "period", "rule_id", "severity", "sheet", "row", "column_name", "cell", "message",
    "how_to_fix", "state", "explanation_id",
)  # fmt: skip


def record_of(checked: Checked, contracts: Mapping[str, Contract]) -> dict[str, Any]:
    """Everything that was found of one file, nothing cut."""
    known: dict[str, Any] = {
        "file": shown(checked.file.source), "path": checked.path, "unit": checked.file.unit_code,
        "needs_a_person": checked.needs_a_person, "remarks": list(checked.remarks), "state": None, "dataset": None,
        "workbook": checked.workbook and shown(checked.workbook),
    }  # fmt: skip
    if checked.answer is None:
        return known
    reception = checked.answer.reception
    return known | {
        "submission_id": reception.submission_id, "state": _state(checked.answer.accounts),
        "dataset": reception.dataset,
        "dataset_zh": _name_of(reception.dataset, contracts), "notes": list(reception.notes),
        "rows_ignored": dict(reception.rows_ignored),
        "periods": [{k: v for k, v in asdict(one).items() if k != "submission_id"} for one in checked.answer.accounts],
        "findings": [{name: finding[name] for name in _FINDING} for finding in checked.answer.findings],
    }  # fmt: skip


def print_checked(
    console: Console, found: Sequence[Checked], skipped: Sequence[Skipped], house: House, most: int | None
) -> None:
    """Print every file with its findings, `most` of them at most, and a line that counts."""
    for checked in found:
        console.rule(escape(shown(checked.file.source)), style="dim", align="left")
        for line in _lines(checked, house):
            console.print(line, highlight=False)
        if checked.answer and checked.answer.findings:
            console.print(findings_table(checked.answer.findings, most))
    for one in skipped:
        console.print(f"[yellow]没有核查[/yellow] {escape(shown(one.source))}：{one.reason}", highlight=False)
    bad = sum(checked.needs_a_person for checked in found)
    counted = f"共核查 {len(found)} 份文件：{bad} 份须修改后再报送，{len(found) - bad} 份可以报送"
    console.print(f"{counted}。" if not skipped else f"{counted}；{len(skipped)} 份没有核查。", highlight=False)


def shown(path: Path) -> str:
    """A path as text that can be shown, a name that is no UTF-8 as landing tells it."""
    return path.anchor + told(path.relative_to(path.anchor))


def findings_table(findings: Sequence[Mapping[str, Any]], most: int | None) -> Table:
    """Findings, those that must be fixed first; the caption tells how many of how many are shown."""
    ordered = sorted(findings, key=lambda finding: finding["severity"] != "must_fix")
    listed = ordered[:most]
    sheet, message, cure = (Column(name, overflow="fold") for name in ("工作表", "问题", "修改办法"))
    table = Table("级别", sheet, "单元格/行", message, cure, box=box.SIMPLE_HEAD, caption_justify="left")
    for finding in listed:
        style = _STYLES[finding["severity"]]
        table.add_row(
            f"[{style}]{SEVERITIES[finding['severity']]}[/{style}]", escape(finding["sheet"] or ""), _place(finding),
            escape(finding["message"]), escape(finding["how_to_fix"]),
        )  # fmt: skip
    if len(listed) < len(ordered):
        table.caption = f"列出 {len(listed):,} 条，共 {len(ordered):,} 条；--all 列出全部"
    return table


def _place(finding: Mapping[str, Any]) -> str:
    if finding["cell"]:
        return str(finding["cell"])
    return f"第 {finding['row']} 行" if finding["row"] else "整份"


def _lines(checked: Checked, house: House) -> list[str]:
    """Whose the file is and what it is; how each period stands; notes and remarks."""
    lines = [f"{house.regions.name_of[checked.file.unit_code]}，按 {escape(checked.path)} 核查"]
    if checked.answer:
        reception = checked.answer.reception
        lines += [_account_line(account, reception, house.contracts) for account in checked.answer.accounts]
        lines += [f"[dim]{escape(note)}[/dim]" for note in reception.notes]
    if checked.workbook:
        lines.append(f"核查件：{escape(shown(checked.workbook))}")
    return lines + [f"[yellow]{escape(remark)}[/yellow]" for remark in checked.remarks]


def _account_line(account: Account, reception: Reception, contracts: Mapping[str, Contract]) -> str:
    name = _name_of(account.dataset, contracts) or "不知是哪一种报表"
    state = SUBMISSION_STATES[account.state]
    rows = (
        f"读取 {account.rows_read:,} 行 = 采用 {account.rows_accepted:,} + 隔离 {account.rows_quarantined:,}"
        f" + 忽略 {account.rows_ignored:,}"
    )
    line = "　".join(filter(None, (name, account.period, f"预计[bold]{state}[/bold]", rows)))
    ignored = "、".join(
        f"{COUNT_REASONS.get(reason, reason)} {count:,}"
        for reason, count in reception.rows_ignored.items()
        if account.rows_ignored
    )
    return f"{line}（{ignored}）" if ignored else line


def _name_of(dataset: str | None, contracts: Mapping[str, Contract]) -> str | None:
    return contracts[dataset].name_zh if dataset and dataset in contracts else dataset


def _state(accounts: Sequence[Account]) -> str:
    """The state of the file as a whole: the worst of its periods."""
    states = {account.state for account in accounts}
    return next(state for state in _WORST_FIRST if state in states)
