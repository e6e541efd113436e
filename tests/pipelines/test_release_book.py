"""The workbook of a release says what the views say, of prefecture and units, and explains every column."""

from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import Engine, text

from assets.reports.release_book import write_release_book
from tests.pipelines.homes import Home
from warehouse.connect import open_engine, sqlite_url

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture
def warehouse(sample: Home) -> Engine:
    return open_engine(sqlite_url(sample.home / "warehouse.db"))


def rows_of(engine: Engine, query: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def sheets_of(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def as_cell(value: Any) -> Any:
    """A value of the database or the workbook to twelve digits, which is less than a workbook keeps."""
    return "" if value is None else float(f"{value:.12g}") if isinstance(value, int | float) else value


def test_it_says_what_the_views_say(sample: Home, warehouse: Engine) -> None:
    ((newest,),) = rows_of(warehouse, "SELECT max(release_id) FROM release")
    sheets = sheets_of(sample.home / "reports" / f"release-{newest}.xlsx")
    assert list(sheets) == ["发布", "记分卡", "县域画像", "指标", "核查问题", "说明"]
    assert sheets["发布"][1] == ["发布编号", newest]
    wanted = {
        "记分卡": "SELECT 年度, 任务代码, 区划代码, 达标情况, 数值 FROM v_记分卡",
        "县域画像": "SELECT 年度, 单位代码, 单位, 在校生数, 按时率 FROM v_县域画像",
        "指标": "SELECT 年度, 指标代码, 区划或学校代码, 数值, 成熟度 FROM v_指标 WHERE 层级 <> '学校'",
    }
    for title, query in wanted.items():
        columns = query.removeprefix("SELECT ").partition(" FROM")[0].split(", ")
        places = [sheets[title][0].index(column) for column in columns]
        shown = [tuple(as_cell(line[place]) for place in places) for line in sheets[title][1:]]
        read = [tuple(map(as_cell, row)) for row in rows_of(warehouse, query)]
        assert len(read) > 10, title
        assert sorted(shown, key=repr) == sorted(read, key=repr), title
    ((findings,),) = rows_of(warehouse, "SELECT count(*) FROM finding")
    assert sum(line[-1] for line in sheets["核查问题"][1:]) == findings > 0
    explained = {tuple(line[:2]) for line in sheets["说明"][1:] if line[2] and line[3]}
    assert explained == {(title, head) for title, lines in sheets.items() if title != "说明" for head in lines[0]}


def test_workbooks_of_releases_that_are_not_kept_go(warehouse: Engine, tmp_path: Path) -> None:
    gone, other = tmp_path / "release-0.xlsx", tmp_path / "scorecard-2020.html"
    gone.touch()
    other.touch()
    name = write_release_book(warehouse, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {name, other.name}
