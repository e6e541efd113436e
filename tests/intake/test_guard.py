from __future__ import annotations

import io
import struct
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.intake import guard
from assets.intake.errors import Refused
from assets.intake.guard import _few_filled, _many_filled, check_zip
from assets.intake.limits import Limits
from tests.intake.books import PARTS, book, cell

SMALL = replace(Limits(), ratio_from_bytes=100_000, unpacked_bytes=1_000_000, cells=1000)


def refusal(data: bytes, limits: Limits = SMALL) -> str | None:
    try:
        check_zip(data, limits)
    except Refused as refused:
        return refused.reason_code
    return None


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (cell("A1") + cell("J100"), None),
        (cell("A1") + cell("K100"), "too_many_cells"),
        (cell("A1") + cell("J101"), "too_many_cells"),
        (cell("A1") + cell("XFD1048576"), "too_many_cells"),
        (cell("A1") + "<c r='XFD1048576'><v>1</v></c>", "too_many_cells"),
        (cell("A1") + cell("xfd1048576"), "too_many_cells"),
        (cell("A1") + '<c s="1" r="XFD1048576"><v>1</v></c>', "too_many_cells"),
        (cell("A1") + '<c r="XFD1048576" s="1"/>', None),
        (cell("A1") + '<c r="XFD1048576" s="1"></c>', None),
        ('<c r="A1"><v>1</v></c>' * 1000, None),
        ('<c r="A1"><v>1</v></c>' * 1001, "too_many_cells"),
    ],
)
def test_box_of_filled_cells_is_limited(tmp_path: Path, rows: str, expected: str | None) -> None:
    data = book(tmp_path / "a.xlsx", f'<dimension ref="A1"/><row r="1048576">{rows}</row>')
    assert refusal(data) == expected


@pytest.mark.parametrize("before", [0, 1, 100, 255])
def test_a_place_across_two_pieces_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: int) -> None:
    monkeypatch.setattr(guard, "_PIECE_BYTES", 16)
    data = book(tmp_path / "a.xlsx", " " * before + f'<row r="1">{cell("A1")}{cell("ZZ900")}{cell("B2")}</row>')
    assert refusal(data) == "too_many_cells"


def test_boxes_of_all_sheets_count_together(tmp_path: Path) -> None:
    rows = f'<row r="100">{cell("F100")}</row>'
    assert refusal(book(tmp_path / "a.xlsx", rows)) is None
    assert refusal(book(tmp_path / "b.xlsx", rows, **{"xl/worksheets/elsewhere.xml": rows})) == "too_many_cells"


def test_what_unpacks_too_large_is_refused(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xlsx", " " * 90_000)) is None
    assert refusal(book(tmp_path / "b.xlsx", " " * 110_000)) == "unpacks_too_large"
    lenient = replace(SMALL, unpacked_ratio=1_000_000)
    assert refusal(book(tmp_path / "c.xlsx", " " * 900_000), lenient) is None
    assert refusal(book(tmp_path / "d.xlsx", " " * 500_000, extra=" " * 500_000), lenient) == "unpacks_too_large"


def test_sizes_in_headers_are_not_believed(tmp_path: Path) -> None:
    data = bytearray(book(tmp_path / "a.xlsx", " " * 2_000_000))
    struct.pack_into("<I", data, data.rfind(b"PK\x01\x02") + 24, 1000)
    assert refusal(bytes(data)) == "unpacks_too_large"


def test_members_are_counted(tmp_path: Path) -> None:
    data = book(tmp_path / "a.xlsx", cell("A1"), one="", two="")
    assert refusal(data, replace(SMALL, zip_members=7)) is None
    assert refusal(data, replace(SMALL, zip_members=6)) == "unpacks_too_large"


@pytest.mark.parametrize("prolog", ['<!DOCTYPE x [<!ENTITY a "b">]>', "<!DOCTYPE x SYSTEM 'x'>"])
def test_entities_are_refused(tmp_path: Path, prolog: str) -> None:
    assert refusal(book(tmp_path / "a.xlsx", cell("A1"), prolog)) == "entities"


def test_a_picture_may_declare_its_type(tmp_path: Path) -> None:
    assert refusal(book(tmp_path / "a.xlsx", cell("A1"), **{"xl/media/a.svg": "<!DOCTYPE svg>"})) is None


def test_garbled_bytes_are_damaged(tmp_path: Path) -> None:
    data = book(tmp_path / "a.xlsx", "".join(cell(f"A{i}", str(i * i)) for i in range(1, 99)))
    middle = data.find(b"sheet1.xml") + 40
    flipped = data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]
    assert refusal(flipped) == "damaged"
    assert refusal(data[: len(data) // 2]) == "damaged"
    assert refusal(data) is None


def test_locked_member_is_encrypted(tmp_path: Path) -> None:
    data = bytearray(book(tmp_path / "a.xlsx", cell("A1")))
    data[data.rfind(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(data)) == "encrypted"


def test_errors_of_formulas_are_found(tmp_path: Path) -> None:
    rows = '<row r="3"><c r="AB3" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="AC3" t="e"><v>#N/A</v></c></row>'
    found = check_zip(book(tmp_path / "a.xlsx", rows), SMALL).errors
    assert found == {"表": {(2, 27): "#DIV/0!", (2, 28): "#N/A"}}


def test_errors_that_are_no_text_are_no_failure_of_ours(tmp_path: Path) -> None:
    data = book(tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="e"><v>QQQQ</v></c></row>', extra="")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).replace(b"QQQQ", b"\xff\xfe") for name in archive.namelist()}
    with zipfile.ZipFile(tmp_path / "b.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert check_zip((tmp_path / "b.xlsx").read_bytes(), SMALL).errors == {"表": {(0, 0): "\ufffd\ufffd"}}


def test_a_small_plain_workbook_is_handed_on_as_it_was_unpacked(tmp_path: Path) -> None:
    data = book(tmp_path / "a.xlsx", cell("A1"), **{"xl/图片.bin": "x" * 1000, "empty/": ""})
    with zipfile.ZipFile(io.BytesIO(data)) as came, zipfile.ZipFile(io.BytesIO(check_zip(data, Limits()).data)) as left:
        assert left.testzip() is None
        assert {member.compress_type for member in left.infolist()} == {zipfile.ZIP_STORED}
        assert [(m.filename, left.read(m)) for m in left.infolist()] == [
            (m.filename, came.read(m)) for m in came.infolist()
        ]


def test_a_workbook_that_unpacks_large_is_handed_on_as_it_came(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_SMALL_BYTES", 1000)
    data = book(tmp_path / "a.xlsx", cell("A1") + " " * 2000)
    assert check_zip(data, SMALL).data is data


TAGS = ("<c r='{}'/>", '<c r="{}"></c>', '<c r="{}" s="1"><v>1</v></c>', '<c r="{}" s="1" />', '<row r="7">')


@given(st.lists(st.tuples(st.sampled_from(TAGS), st.sampled_from(["A1", "xfd9", "XFD9", "B1048576"])), max_size=8))
@settings(max_examples=40, deadline=None)
def test_few_cells_and_many_are_counted_alike(tags: list[tuple[str, str]]) -> None:
    xml = "".join(tag.format(place) for tag, place in tags).encode()
    assert _few_filled(xml) == _many_filled(xml)


@pytest.mark.parametrize("place", ["A1", "Z999", "AA1", "aa1", "A1000"])
def test_a_workbook_is_plain_where_no_cell_lies_far(tmp_path: Path, place: str) -> None:
    data = book(tmp_path / "a.xlsx", f'<row r="1000">{cell(place)}</row>')
    assert (check_zip(data, Limits()).data is data) == (place not in {"A1", "Z999"})


def test_a_part_in_an_encoding_that_nobody_knows_is_damaged(tmp_path: Path) -> None:
    error = '<row r="1"><c r="A1" t="e"><v>#N/A</v></c></row>'
    links = '<?xml version="1.0" encoding="nowhere"?>' + PARTS["xl/_rels/workbook.xml.rels"]
    assert refusal(book(tmp_path / "a.xlsx", error, **{"xl/_rels/workbook.xml.rels": links})) == "damaged"
