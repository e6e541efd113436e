"""The workbook of a release, `<home>/reports/release-<number>.xlsx`: what leaders and clerks read without a database.

Scorecard, profiles of units, figures of prefecture and units, findings counted, and what each column means. Here are
no figures of single schools: those stand in the views and copies. Nothing in it is a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, select

from assets.clock import SHANGHAI
from warehouse.analyst import VIEWS, View
from warehouse.connect import reading
from warehouse.described import comment_parts, view_columns
from warehouse.lake import replacing
from warehouse.schema import release
from warehouse.words import FACT_LEVELS, RELEASE_KINDS

PREFIX = "release-"
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_CELL = 32_767
"""More characters than this a cell cannot hold; the writer would drop it in silence."""
_WIDEST = 40
_COUNTED = ("单位代码", "单位", "报表", "报告期", "级别", "说明状态")


@dataclass(frozen=True)
class Page:
    """A sheet: its title, headers, lines, and what each column means in Chinese and English."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Any]]
    meanings: Sequence[tuple[str, str]]


def write_release_book(engine: Engine, folder: Path) -> str:
    """Write the workbook of the newest release, remove those of releases that are no longer kept; returns its name.

    Without a release there is none, and the name is ''.
    """
    with reading(engine) as connection:
        kept = connection.execute(select(release).order_by(release.c.release_id.desc())).all()
        if not kept:
            return ""
        pages = [_told(kept[0]), *_pages(connection)]
    name = _name(kept[0].release_id)
    with replacing(folder / name) as aside:
        _write(aside, [*pages, _meanings(pages)], kept[0].published_at)
    names = {_name(each.release_id) for each in kept}
    for path in folder.glob(f"{PREFIX}*.xlsx"):
        if path.name not in names:
            path.unlink()
    return name


def _name(release_id: int) -> str:
    return f"{PREFIX}{release_id}.xlsx"


def _told(newest: Any) -> Page:
    """Which release this is."""
    lines = [
        ("发布编号", newest.release_id),
        ("发布时间", f"{newest.published_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"),
        ("类别", RELEASE_KINDS[newest.kind]),
        ("本次计算的年度", newest.years),
        ("程序版本", newest.code_version),
    ]
    return Page("发布", ("项目", "内容"), lines, (("项目名称", "what is told"), ("内容", "what it is")))


def _pages(connection: Connection) -> Iterator[Page]:
    views = {view.name_zh: view for view in VIEWS}
    yield _shown(connection, "记分卡", views["v_记分卡"], "年度", "条目", "任务代码", "区划代码")
    yield _shown(connection, "县域画像", views["v_县域画像"], "年度", "单位代码")
    rows = views["v_指标"].query(True).subquery()
    query = select(rows).where(rows.c["层级"] != FACT_LEVELS["school"])
    yield _page(connection, "指标", views["v_指标"], query.order_by(*_by(rows, "年度", "指标代码", "区划或学校代码")))
    rows = views["v_核查问题"].query(True).subquery()
    counted = [rows.c[name] for name in _COUNTED]
    query = select(*counted, func.count().label("问题数")).group_by(*counted).order_by(*counted)
    yield _page(connection, "核查问题", views["v_核查问题"], query)


def _shown(connection: Connection, title: str, view: View, *order: str) -> Page:
    rows = view.query(True).subquery()
    return _page(connection, title, view, select(rows).order_by(*_by(rows, *order)))


def _by(rows: Any, *names: str) -> list[Any]:
    return [rows.c[name] for name in names]


def _page(connection: Connection, title: str, view: View, query: Select[Any]) -> Page:
    """The rows of a query over a view, whose columns mean what they mean there."""
    told = {column.name_zh: comment_parts(column.comment) for column in view_columns(view)}
    found = connection.execute(query)
    heads = list(found.keys())
    meanings = [told.get(head, ("符合左列条件的问题数", "findings of which the columns before hold")) for head in heads]
    return Page(title, heads, [tuple(row) for row in found], meanings)


def _meanings(pages: Iterable[Page]) -> Page:
    lines = [
        (page.title, head, *meaning) for page in pages for head, meaning in zip(page.heads, page.meanings, strict=True)
    ]
    heads = ("工作表", "列", "说明", "Meaning")
    return Page("说明", heads, lines, [("", "")] * len(heads))


def _write(target: Path, pages: Iterable[Page], created: datetime) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(target), OPTIONS) as book:
        book.set_properties({"title": "湘西州教体局工作要点监测", "created": created})
        head = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for page in pages:
            _write_page(book.add_worksheet(page.title), page, head, day)


def _write_page(sheet: Any, page: Page, head: Any, day: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(page.lines), 1), len(page.heads) - 1)
    for column, title in enumerate(page.heads):
        sheet.write_string(0, column, title, head)
        longest = max((len(str(line[column])) for line in page.lines[:100] if line[column] is not None), default=0)
        sheet.set_column(column, column, min(max(2 * len(title), longest) + 3, _WIDEST))
    for at, line in enumerate(page.lines, 1):
        for column, value in enumerate(line):
            _write_cell(sheet, at, column, value, day)


def _write_cell(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    """Write a value as what it is: a number, a day, 是 or 否, else text; an empty one not at all."""
    if isinstance(value, bool):
        sheet.write_string(row, column, "是" if value else "否")
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(row, column, value)
    elif isinstance(value, date) and not isinstance(value, datetime):
        sheet.write_datetime(row, column, value, day)
    elif value is not None:
        sheet.write_string(row, column, str(value)[:_CELL])
