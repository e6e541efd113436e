from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineError, CalamineWorkbook

from assets.intake.empty_cells import without_empty_cells
from assets.intake.stored import stored
from tests.intake.books import MAIN, PARTS, SHEET, cell

EMPTY, FILLED = '<c r="{}" s="1"/>', cell("{}")
OTHERS = (
    '<c r="{}"></c>', '<c r="{}" s="1"/>\n', '<c s="1"/>', "<c/>", "<c><v>7</v></c>", '<c r="{}" t="str"><v>/></v></c>',
    '<c r="{}">/><v>8</v></c>', '<c r="{}"><c r="B2"/></c>', "</row><row>", '</row><row r="9">', "<col/>",
    '<c r="{}" t="inlineStr"><is><t><![CDATA[<c r="B2"/></r>]]></t></is></c>', '<!-- <c r="C3"/></row> -->',
)  # fmt: skip
TAGS = st.tuples(st.sampled_from((EMPTY, EMPTY, FILLED, *OTHERS)), st.sampled_from(["A1", "B1", "AA2", "C9"]))


def sheet(tags: Sequence[tuple[str, str]]) -> bytes:
    rows = "".join(tag.format(place) for tag, place in tags)
    return f'<worksheet xmlns="{MAIN}"><sheetData><row>{rows}</row></sheetData></worksheet>'.encode()


def read(xml: bytes) -> object:
    parts = {**{name: text.encode() for name, text in PARTS.items()}, SHEET: xml}
    try:
        found = CalamineWorkbook.from_filelike(io.BytesIO(stored(parts.items()))).get_sheet_by_index(0)
    except CalamineError:
        return "damaged"
    return found.start, found.end, found.to_python(skip_empty_area=False)


@given(st.lists(TAGS, max_size=12), st.lists(TAGS, max_size=3))
@settings(max_examples=150, deadline=None)
def test_a_sheet_says_the_same_without_its_empty_cells(
    tags: list[tuple[str, str]], beside: list[tuple[str, str]]
) -> None:
    one, other = sheet(tags), sheet(beside)
    left = without_empty_cells([one, other])
    assert list(map(read, left)) == [read(one), read(other)]


def test_runs_of_empty_cells_are_left_out() -> None:
    framed = sheet([("<col/>", ""), (EMPTY, "A1"), (EMPTY, "B1"), (FILLED, "C1"), (EMPTY, "D1")])
    bare = sheet([("<col/>", ""), (FILLED, "C1")])
    assert without_empty_cells([framed, b"", framed]) == [bare, b"", bare]
    unclosed = sheet([('<c r="A1">', "")])
    assert without_empty_cells([unclosed]) == [unclosed]


@pytest.mark.parametrize("odd", ["<c/>", '<c s="1" r="B1"/>', "<!-- -->", "\0"])
def test_nothing_is_left_out_where_a_cell_could_move_or_only_look_like_one(odd: str) -> None:
    framed, other = sheet([(EMPTY, "A1"), (EMPTY, "B1")]), sheet([(odd, "")])
    assert without_empty_cells([framed, other]) == [framed, other]


@pytest.mark.parametrize(
    "sheets", [[], [b""], [b"<"], [b'<c r="A1"/>', b'<c r="B1"/></row>'], [b'<c r="A1"', b"/><c "]]
)
def test_broken_sheets_stay_as_many_as_they_were(sheets: list[bytes]) -> None:
    assert len(without_empty_cells(sheets)) == len(sheets)
