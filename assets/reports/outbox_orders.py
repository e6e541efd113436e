"""Orders of returned workbooks: what each says, in the words of a clerk, made of the answer to its submission."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assets.house import House
from assets.intake.answer_sheet import ANSWER_SHEET, PERIOD_LINE, place_text
from assets.intake.archive import Archive
from assets.periods import name_zh
from assets.reports.outbox_lines import Line, Order
from assets.submitted.answers import Account, Answer
from assets.submitted.explanations import EXPLAINED, Explanations
from expectations.contract import Contract
from warehouse.lake import ASIDE
from warehouse.words import SUBMISSION_STATES

HOW_TO = (
    "红色的单元格必须修改，黄色的单元格须说明。请直接在本文件的原表中更正；确实无误的，在本表“说明”栏写明原因（不写姓名、证件号、电话）。"
    "存盘后放回报送文件夹即可，本表、批注和颜色都不用删。必须修改的问题不能用说明代替。"
)


def order_of(house: House, answer: Answer, explanations: Explanations, target: Path) -> Order:
    """The order of the workbook that answers a submission."""
    return Order(
        source=Archive(house.home / "archive").path(answer.reception.sha256), target=target,
        scratch=house.home / "outbox" / f"{ASIDE}scratch", head=_head(answer, house.contracts),
        lines=tuple(_line(finding, house.contracts, explanations) for finding in answer.findings),
        numbers=_numbers(answer, house.contracts), limits=house.limits,
    )  # fmt: skip


def _line(finding: Mapping[str, Any], contracts: Mapping[str, Contract], explanations: Explanations) -> Line:
    contract = contracts.get(finding["dataset"] or "")
    column = (finding["column_name"] or "").split("__", maxsplit=1)[0]
    last = explanations.said_before(finding)
    said = last.text if last else ""
    is_explained = finding["state"] == EXPLAINED
    return Line(
        finding_id=finding["finding_id"], severity=finding["severity"], sheet=finding["sheet"] or "",
        row=finding["row"], cell=finding["cell"] or "",
        column=contract.column(column).title if contract and contract.has(column) else column,
        message=finding["message"], how_to_fix=finding["how_to_fix"], said_before="" if is_explained else said,
        said=said if is_explained else "",
        placed=place_text(finding["dataset"], finding["period"], finding["rule_id"], finding["place"] or ""),
    )  # fmt: skip


def _head(answer: Answer, contracts: Mapping[str, Contract]) -> tuple[str, ...]:
    """The lines above the table: which file of what period this is, what became of it, and what is to be done.

    The line of the period is read again at intake, so that a mended file keeps its period wherever it is put.
    """
    reception = answer.reception
    names = [contracts[name].name_zh for name in reception.datasets if name in contracts]
    told = [ANSWER_SHEET, f"报送文件：{reception.path}", f"报表：{'、'.join(names) or '未能识别'}"]
    told += [f"{PERIOD_LINE}{name_zh(reception.file_period)}"] if reception.file_period else []
    return (*told, "　".join(_account(account, contracts) for account in answer.accounts), HOW_TO)


def _account(account: Account, contracts: Mapping[str, Contract]) -> str:
    contract = contracts.get(account.dataset or "")
    named = contract.name_zh if contract else ""
    period = name_zh(account.period) if account.period else ""
    version = f"，第 {account.version} 版" if account.version else ""
    return (
        f"{named}{period}：{SUBMISSION_STATES[account.state]}{version}；读取 {account.rows_read} 行 = "
        f"采用 {account.rows_accepted} + 隔离 {account.rows_quarantined} + 忽略 {account.rows_ignored}。"
    )


def _numbers(answer: Answer, contracts: Mapping[str, Contract]) -> frozenset[tuple[str, str]]:
    """The columns of quantities by sheet and letter; all other cells are text, whatever they look like."""
    contract = contracts.get(answer.reception.dataset or "")
    cells = answer.reception.cells.items() if contract else ()
    return frozenset(
        (sheet, letter)
        for sheet, letters in cells for name, letter in letters.items()
        if contract and contract.has(name) and contract.column(name).is_number
    )  # fmt: skip
