"""The tables of `xiangxi status`: the matrix with its marks, a record per unit, and files that fit no contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from assets.house import House
from assets.submitted.matrix import OpenProblem, Place, waiting_for
from assets.submitted.unit_record import unit_records
from warehouse.words import STATUS_STATES, TIMELINESS

MARKS = {
    "accepted": "✓",
    "accepted_with_findings": "✓!",
    "returned": "退",
    "stale": "旧",
    "missing": "—",
    "received": "…",
    "unrecognised": "?",
    "failed": "错",
    "waiting": "待",
}
EXCUSED = "/"
MARKS_OF_TIME = {"late": "迟", "overdue": "逾", "not_due": "·"}


def print_status(console: Console, places: Sequence[Place], unknown: Sequence[OpenProblem], house: House) -> None:
    """Print the matrix with the legend of its marks, the record of each unit, and the files that nobody could place."""
    names = {**house.regions.name_of, **{name: contract.name_zh for name, contract in house.contracts.items()}}
    console.print(_matrix(places, names))
    legend = [f"{mark} {STATUS_STATES[state]}" for state, mark in MARKS.items()]
    legend += [f"{EXCUSED} 不须报", *(f"{mark} {TIMELINESS[word]}" for word, mark in MARKS_OF_TIME.items())]
    console.print("  ".join(legend))
    console.print("是否迟报按首版收到的日期算，即系统第一次读到的那一天。", highlight=False)
    console.print(_records(places, names))
    for late in waiting_for(house):
        console.print(f"[yellow]等待[/yellow] {escape(f'{late.path}：{waiting_text(late.waiting)}')}", highlight=False)
    for one in unknown:
        told = "".join(problem.message for problem in one.problems)
        console.print(f"[yellow]无法识别[/yellow] {escape(f'{one.reception.path}：{told}')}", highlight=False)


def waiting_text(years: Sequence[int]) -> str:
    """What is told of a file that came after its years were closed."""
    closed = "、".join(map(str, years))
    commands = "、".join(f"xiangxi reopen {year}" for year in years)
    return f"迟报，{closed} 年已终定，文件等待处理；要采用，先 {commands}，再运行一次。"


def mark_of(place: Place) -> str:
    """The mark of a cell: how it stands and, where the due day was not kept, that; nothing came: only the latter."""
    mark = MARKS.get(place.state, place.state)
    time = MARKS_OF_TIME.get(place.timeliness.word, "") if place.timeliness else ""
    if place.state == "missing":
        return time or (mark if place.is_expected else EXCUSED)
    return mark + time


def _matrix(places: Sequence[Place], names: Mapping[str, str]) -> Table:
    units = sorted({place.unit_code for place in places})
    first = (Column("报表", overflow="fold"), Column("报告期", no_wrap=True))
    table = Table(*first, *(names[unit] for unit in units), title="报送状态", box=box.SIMPLE_HEAD)
    cells = {(place.dataset, place.period, place.unit_code): mark_of(place) for place in places}
    for dataset, period in dict.fromkeys((place.dataset, place.period) for place in places):
        marks = (cells.get((dataset, period, unit), "") for unit in units)
        table.add_row(f"{names[dataset]} [dim]{dataset}[/dim]", period, *marks)
    return table


def _records(places: Sequence[Place], names: Mapping[str, str]) -> Table:
    heads = (
        "年度",
        "单位",
        "应报",
        "已报",
        "按时",
        "迟报",
        "逾期未报",
        "按时率",
        "首版",
        "首版通过",
        "首版通过率",
        "重复差错",
    )
    table = Table(*heads, title="各单位报送质量", box=box.SIMPLE_HEAD)
    for one in unit_records(places):
        table.add_row(
            str(one.year), names[one.unit_code], *map(str, (one.expected_count, one.received_count, one.on_time_count,
            one.late_count, one.overdue_count)), _percent(one.on_time_share), str(one.first_version_count),
            str(one.first_pass_count), _percent(one.first_pass_share), str(one.repeated_error_count),
        )  # fmt: skip
    return table


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
