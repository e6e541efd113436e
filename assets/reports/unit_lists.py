"""The workbook of named lists that goes to a unit: where its ledgers disagree with another, row by row.

`<home>/outbox/<unit>/名单-<year>.xlsx`, one sheet per list, written only when it changed and removed when nothing is
left. It names file, sheet and row of both sides and never a person, and another unit's file by its number alone; every
cell is text. The lists themselves are `comparisons/lists.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assets.comparisons.lists import LAYER, RULE, SEVERITY, list_path
from assets.house import House
from assets.periods import name_zh
from assets.reports.outbox_look import RISKY
from expectations.catalogue import Compared, compared_rules
from expectations.comparison import PLACE, Comparison, load_comparisons, load_lists, shown
from warehouse.lake import make_private, replacing, write_text
from warehouse.words import SEVERITIES

NAMES = ".lists.json"
PREFIX = "名单-"
HEAD = ("报送件", "工作表", "行号", "学校", "报告期", "对方报送件", "对方工作表", "对方行号")
_SIDE = {"other_submission_id", "other_sheet", "other_row"}
_WIDTH = 18
Sheets = dict[str, list[tuple[str, ...]]]


def fill_lists(house: House) -> dict[str, int]:
    """Write the workbooks that changed; returns how many rows each one in the outbox has."""
    folder = house.home / "outbox"
    before = dict(json.loads((folder / NAMES).read_text("utf-8"))) if (folder / NAMES).exists() else {}
    told, rows = {}, {}
    for year in _years(house):
        for unit, sheets in sheets_of_year(house, year).items():
            path = f"{unit}/{PREFIX}{year}.xlsx"
            told[path] = hashlib.sha256(repr(sheets).encode()).hexdigest()[:16]
            rows[path] = sum(len(lines) - 1 for lines in sheets.values())
            if before.get(path) != told[path] or not (folder / path).exists():
                _write(folder / path, sheets)
    for gone in before.keys() - told.keys():
        (folder / gone).unlink(missing_ok=True)
    if told != before:
        write_text(folder / NAMES, json.dumps(told, ensure_ascii=False, indent=0, sort_keys=True))
        (folder / NAMES).chmod(0o600)
    return rows


def _years(house: House) -> list[int]:
    folder = house.lake.path(LAYER)
    return sorted(int(path.name) for path in folder.iterdir()) if folder.exists() else []


def sheets_of_year(house: House, year: int) -> dict[str, Sheets]:
    """What each unit's workbook says: by the title of the list its lines, the headers first."""
    paths = {reception.submission_id: reception.path for reception in house.ledger.receptions()}
    made: dict[str, Sheets] = defaultdict(dict)
    rules = {rule.id: rule for rule in compared_rules(house.rules_folder) if rule.list}
    of_list = {rule.list: load_comparisons()[rule.asked_of] for rule in rules.values()}
    for name, title in load_lists().items():
        comparison = of_list[name]
        if not house.lake.exists(*list_path(year, name)):
            continue
        for row in house.lake.read(*list_path(year, name)).to_pylist():
            unit = (row["submission_id"] or row["unit_code"]).partition("-")[0]
            lines = made[unit].setdefault(title, [_header(comparison)])
            lines.append(_line(comparison, row, rules[row[RULE]], paths))
    return made


def _figures(comparison: Comparison) -> list[str]:
    return [name for name in comparison.shown if name not in {*PLACE, *_SIDE}]


def _header(comparison: Comparison) -> tuple[str, ...]:
    titles = [comparison.columns[name].title for name in _figures(comparison)]
    return (*HEAD, *titles, "类别", "问题", "修改办法")


def _line(comparison: Comparison, row: Mapping[str, Any], rule: Compared, paths: Mapping[str, str]) -> tuple[str, ...]:
    words = comparison.words({name: row[name] for name in comparison.shown})
    place = [paths.get(row["submission_id"], ""), row["sheet"], row["row"], row["school_code"], _period(row)]
    other = [_other(row, paths), row.get("other_sheet"), row.get("other_row")]
    figures = [None if row[name] is None else words[name] for name in _figures(comparison)]
    said = [SEVERITIES[row[SEVERITY]], rule.rule.message.format_map(words), rule.how_to_fix.format_map(words)]
    return tuple("" if cell is None else shown(cell) for cell in (*place, *other, *figures, *said))


def _period(row: Mapping[str, Any]) -> str:
    return name_zh(row["period"]) if row["period"] else ""


def _other(row: Mapping[str, Any], paths: Mapping[str, str]) -> str:
    """The file of the other side: its path where the unit itself sent it; of another unit's only the number.

    A unit may name its files after persons.
    """
    named = str(row.get("other_submission_id") or "")
    is_own = named.partition("-")[0] == (row["submission_id"] or row["unit_code"]).partition("-")[0]
    return paths.get(named, "") if is_own else named


def _write(target: Path, sheets: Sheets) -> None:
    """Write a workbook of text that its owner alone may read."""
    import xlsxwriter

    make_private(target.parent.parent)
    make_private(target.parent)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(target) as aside:
        with xlsxwriter.Workbook(str(aside), options) as book:
            plain, risky = book.add_format(), book.add_format({"quote_prefix": True})
            for title, lines in sheets.items():
                sheet = book.add_worksheet(title)
                sheet.freeze_panes(1, 0)
                sheet.set_column(0, len(lines[0]) - 1, _WIDTH)
                for at, line in enumerate(lines):
                    for column, text in enumerate(line):
                        sheet.write_string(at, column, text, risky if text[:1] in RISKY else plain)
        aside.chmod(0o600)
