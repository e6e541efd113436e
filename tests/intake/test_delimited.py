from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assets.intake import delimited
from assets.intake.errors import Refused
from assets.intake.limits import Limits
from assets.intake.sheets import Sheet, open_sheets

Rows = list[tuple[int, list[str]]]


def opened(path: Path, data: bytes) -> Sheet:
    path.write_bytes(data)
    (sheet,) = open_sheets(path, Limits())
    return sheet


def rows_of(sheet: Sheet, start: int = 0) -> Rows:
    """Row numbers and cells, without the empty cells at a row's end."""
    rows = []
    for batch in sheet.batches(start):
        assert batch.schema.names == ["row", *(f"c{i}" for i in range(batch.num_columns - 1))]
        assert batch.num_columns > sheet.width
        for number, *cells in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            assert "" not in cells
            rows.append((number, _trimmed([cell or "" for cell in cells])))
    return rows


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


GRID = [
    ["附件1："],
    ["学校", "标识码", "人数"],
    [],
    ["甲校", "0043319901", "45", "另行说明", "再说明"],
    ["乙\n校", "0043319902"],
    ["丙,校", '5"寸', "1,234"],
    ["填表人："],
]
TEXT = """附件1：
学校,标识码,人数

甲校,0043319901,45,另行说明,再说明
"乙
校",0043319902
"丙,校",5"寸,"1,234"
填表人：
"""
EXPECTED = list(enumerate(GRID, start=1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_row_stays_in_its_place(tmp_path: Path, encoding: str, ending: str) -> None:
    sheet = opened(tmp_path / "a.csv", TEXT.replace("\n", ending).encode(encoding))
    assert rows_of(sheet) == EXPECTED
    assert sheet.head == GRID
    assert (sheet.name, sheet.visible, sheet.width) == ("", True, 5)


@pytest.mark.parametrize("start", range(len(GRID) + 2))
def test_batches_begin_where_told(tmp_path: Path, start: int) -> None:
    assert rows_of(opened(tmp_path / "a.csv", TEXT.encode()), start) == EXPECTED[start:]


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_told_by_most_rows(tmp_path: Path, delimiter: str) -> None:
    lines = ["标题一,二;三|四", delimiter.join(["学校", "人数", "备注"]), *[delimiter.join(["甲,乙", "1", "；"])] * 3]
    if delimiter == ",":
        lines = [line.replace("甲,乙", '"甲,乙"') for line in lines]
    assert rows_of(opened(tmp_path / "a.txt", "\n".join(lines).encode()))[-1] == (5, ["甲,乙", "1", "；"])


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert rows_of(opened(tmp_path / "a.csv", "学校\n甲校\n\n乙校".encode())) == [
        (1, ["学校"]), (2, ["甲校"]), (3, []), (4, ["乙校"]),
    ]  # fmt: skip


def test_name_outside_gbk_and_leading_zeros_survive(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "a.csv", "姓名,代码\n𬱖,007\n".encode("gb18030"))
    assert rows_of(sheet)[1] == (2, ["𬱖", "007"])


def test_order_holds_over_block_borders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_BLOCK_BYTES", 256)
    lines = [f"{i},甲校,x" if i % 7 else f"注{i}" for i in range(1, 500)]
    sheet = opened(tmp_path / "a.csv", "\n".join(lines).encode())
    assert rows_of(sheet) == [(i, line.split(",")) for i, line in enumerate(lines, start=1)]
    assert rows_of(sheet, 300) == [(i, line.split(",")) for i, line in enumerate(lines, start=1)][300:]


def test_rows_of_another_width_to_the_end_are_not_held_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delimited, "_BLOCK_BYTES", 256)
    lines = ["a,b,c"] * 8000 + ["1,2,3,4"] * 500  # beyond the rows that tell the width
    sheet = opened(tmp_path / "a.csv", "\n".join(lines).encode())
    assert rows_of(sheet) == [(i, line.split(",")) for i, line in enumerate(lines, start=1)]
    assert max(batch.num_rows for batch in sheet.batches(8000)) < 100


def test_rows_wider_than_the_head_knew_are_kept(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "a.csv", b"a,b\n" * 200 + b"1,2,3,4\n")
    assert sheet.width == 2
    assert rows_of(sheet)[-1] == (201, ["1", "2", "3", "4"])


@pytest.mark.parametrize(
    "text",
    [
        'a,b,c\n1,2,3\n3,"4,5\n5,6,7\n7,8,9\n',
        'a,b,c\n1,2,3\n3,4,"5\n5,6,7\n7,8,"9\n7,8,9\n',
        "a,b,c\n1,2,3\n" + '3,4,"' + "4,5,6\n" * 1_000_000,
        "a,b,c\n1,2,3\n" + '3,4,"' + "4,5,6\n" * 10 + '"' + ",5,6\n" * 1_000_000,
    ],
    ids=["to the end", "to the next stray quote", "over the blocks", "near"],
)
def test_quote_that_draws_rows_into_a_cell_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Refused, match="quotes"):
        rows_of(opened(tmp_path / "a.csv", text.encode()))


def test_line_breaks_and_commas_in_a_cell_are_no_rows(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "a.csv", b'a,b,c\n1,"x\ny,z\nw",3\n"p,q",2,3\n')
    assert rows_of(sheet)[1:] == [(2, ["1", "x\ny,z\nw", "3"]), (3, ["p,q", "2", "3"])]


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    sheet = opened(tmp_path / "a.csv", "甲校,2143319901,45\n".encode("gb18030") * 2_000_000)
    tracemalloc.start()
    total = sum(batch.num_rows for batch in sheet.batches(0))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert total == 2_000_000
    assert peak < 20 << 20  # half the file


cell = st.text(st.characters(exclude_characters="\0\r", exclude_categories=["Cs"]), max_size=5)


@settings(max_examples=200, deadline=None)
@example([["", ";\n", ";\n", ";"]], "utf-8")
@given(st.lists(st.lists(cell, min_size=1, max_size=5), min_size=1, max_size=8), st.sampled_from(["utf-8", "gb18030"]))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, grid: list[list[str]], encoding: str
) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([["表头", "二", "三"], *grid, ["尾", "二", "三"]])
    path = tmp_path_factory.mktemp("law") / "a.csv"
    read = rows_of(opened(path, written.getvalue().encode(encoding)))
    assert [cells for _, cells in read] == [["表头", "二", "三"], *map(_trimmed, grid), ["尾", "二", "三"]]
    assert [number for number, _ in read] == list(range(1, len(grid) + 3))
