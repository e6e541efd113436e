from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from assets.intake.errors import Refused
from assets.intake.limits import MIB, Limits
from assets.intake.sniff import encoding_of, form_of, open_regular, read_regular

OLE = bytes.fromhex("D0CF11E0A1B11AE1")


def ole_with(stream: str) -> bytes:
    return (OLE + bytes(504) + (stream + "\0").encode("utf-16-le")).ljust(1024, b"\0")


def form(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with open_regular(path) as handle:
        try:
            found = form_of(handle, Limits())
        except Refused as refused:
            return refused.reason_code
        assert handle.tell() == 0
        return found


def encoding(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    with open_regular(path) as handle:
        try:
            return encoding_of(handle, Limits())
        except Refused as refused:
            return refused.reason_code


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (ole_with("Workbook"), "xls"),
        (ole_with("Book"), "xls"),
        (ole_with("EncryptedPackage"), "encrypted"),
        (ole_with("WordDocument"), "not_a_table"),
        (OLE + bytes(505) + "Workbook\0".encode("utf-16-le"), "not_a_table"),
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        ("\ufeff\r\n".encode(), "empty"),
        (b"\n <HTML><table>", "html"),
        ("<!DOCTYPE html>".encode("utf-16"), "html"),
        (b'<?xml version="1.0"?><Workbook/>', "html"),
        (b"MIME-Version: 1.0\n", "html"),
        (b"%PDF-1.7", "not_a_table"),
        (b"\xff\xd8\xff\xe0JFIF", "not_a_table"),
        (b"PK\x03\x04 and nothing of a zip", "damaged"),
        ("学校,人数\n".encode("gb18030"), "text"),
        (b"<45,1\n", "text"),
    ],
)
def test_form_is_told_by_bytes(tmp_path: Path, data: bytes, expected: str) -> None:
    assert form(tmp_path / "名单.xlsx", data) == expected


@pytest.mark.parametrize(
    ("member", "expected"),
    [("xl/workbook.xml", "xlsx"), ("xl/workbook.bin", "not_a_table"), ("word/document.xml", "not_a_table")],
)
def test_zip_is_a_workbook_only_with_its_parts(tmp_path: Path, member: str, expected: str) -> None:
    with zipfile.ZipFile(tmp_path / "made.zip", "w") as archive:
        archive.writestr(member, "x")
    assert form(tmp_path / "a.csv", (tmp_path / "made.zip").read_bytes()) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("学校,人数".encode(), "utf-8"),
        (b"a,b", "utf-8"),
        ("学校".encode("utf-8-sig"), "utf-8-sig"),
        ("学校".encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + "学校".encode("utf-16-be"), "utf-16"),
        ("人数".encode("gb18030"), "gb18030"),
        (bytes.fromhex("9933c336"), "gb18030"),  # 𬱖, which GBK lacks
        (b"\xef\xbb\xbf" + "人数".encode("gb18030"), "encoding"),
        ("人数".encode("gb18030") + b"\xff\xff", "encoding"),
        ("人数".encode("gb18030")[:3], "encoding"),
        (b"a,\0b", "nul"),
        ("a,\0b".encode("utf-16"), "nul"),
        ("a,b".encode("utf-16-le"), "nul"),
    ],
)
def test_encoding_is_strict(tmp_path: Path, data: bytes, expected: str) -> None:
    assert encoding(tmp_path / "a.csv", data) == expected


def test_encoding_is_told_by_the_whole_file(tmp_path: Path) -> None:
    beginning = b"x" * (MIB - 1)  # the character lies across the border of two pieces
    assert encoding(tmp_path / "a.csv", beginning + "校".encode()) == "utf-8"
    assert encoding(tmp_path / "b.csv", beginning + "人数".encode("gb18030")) == "gb18030"


def test_text_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n1,2\n")
    with open_regular(path) as handle, pytest.raises(Refused) as refused:
        encoding_of(handle, Limits(text_bytes=7))
    assert refused.value.reason_code == "too_large"


def test_workbook_above_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_bytes(ole_with("Workbook"))
    with open_regular(path) as handle:
        assert len(read_regular(handle, 1024)) == 1024
        handle.seek(0)
        with pytest.raises(Refused, match="too_large"):
            form_of(handle, Limits(workbook_bytes=1023))


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nothing"])
def test_only_regular_files_are_opened(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.xlsx"
    if kind == "link":
        (tmp_path / "b").write_text("a,b\n")
        path.symlink_to(tmp_path / "b")
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    with pytest.raises(Refused, match="not_readable" if kind == "nothing" else "not_regular"):
        open_regular(path)
