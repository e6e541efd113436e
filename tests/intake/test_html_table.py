"""Tables of web pages: cells in their places, merged ones once, and nothing that is too large or no text."""

from time import process_time

import pytest

from assets.intake.errors import Refused
from assets.intake.html_table import read_page
from assets.intake.limits import Limits


def rows(page: str, encoding: str = "utf-8", limits: Limits | None = None) -> list[list[str | None]]:
    (sheet,) = read_page(page.encode(encoding), limits or Limits())
    (batch,) = sheet.batches(0)
    return [list(row) for row in zip(*(column.to_pylist() for column in batch.columns[1:]), strict=True)]


def test_merged_cells_hold_their_text_in_the_first_and_keep_the_others_free() -> None:
    page = """<table><tr><th rowspan=2>甲</th><th colspan=2>乙</th><th>丙</th></tr>
    <tr><td>一</td><td>二</td><td>三</td></tr><tr><td></td><td>4</td></tr></table>"""
    assert rows(page) == [["甲", "乙", None, "丙"], [None, "一", "二", "三"], [None, "4", None, None]]


def test_ends_that_pages_leave_out_and_tables_inside_cells() -> None:
    page = "<TABLE><TR><TD>甲<TD>乙<table><tr><td>内</td></tr></table><TR><TD>丙&nbsp;丁<br>戊</TABLE>"
    assert rows(page) == [["甲", "乙内"], ["丙 丁\n戊", None]]


def test_a_wide_row_takes_no_longer_for_each_cell() -> None:
    start = process_time()
    assert read_page(f"<table><tr>{'<td>x</td>' * 16_000}</tr></table>".encode(), Limits())[0].width == 16_000
    assert process_time() - start < 3


def test_a_span_that_is_no_number_covers_one_cell() -> None:
    assert rows(f'<table><tr><td colspan="{"9" * 5000}">甲</td><td>乙</td></tr></table>') == [["甲", "乙"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    said = {"gb18030": "gb2312"}.get(encoding, "utf-8")
    assert rows(f'<meta charset="{said}"><table><tr><td>𬱖</td></tr></table>', encoding) == [["𬱖"]]


def test_several_tables_are_several_sheets() -> None:
    sheets = read_page(b"<table><tr><td>1</td></tr></table><table><tr><td>2</td></tr></table>", Limits())
    assert [sheet.name for sheet in sheets] == ["表1", "表2"]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ('<table><tr><td colspan="16000" rowspan="16000">甲</td></tr></table>', "too_many_cells"),
        (f"<table><tr>{'<td>x</td>' * 16_385}</tr></table>", "too_many_cells"),
        ("<table><tr><td>甲\0</td></tr></table>", "nul"),
    ],
)
def test_what_is_too_wide_or_no_text_is_refused(page: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read_page(page.encode(), Limits(cells=100_000))
    assert refused.value.reason_code == reason
