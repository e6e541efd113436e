"""Files that hold no table, or none that can be read: written beside those of the sample, with what is told of each."""

from __future__ import annotations

import io
from pathlib import Path

import xlsxwriter

from samples.files import CREATED, PLAIN
from samples.messy_sheet import Blame

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
ENTRY, SECTOR = 128, 512


def stray_files(landing: Path, folder: str) -> list[Blame]:
    """Writes them into several units' folders; what must be said of each."""
    blames = []
    for name, (mess, data, state, reason) in _files().items():
        path = landing / name.replace("…", folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        blames.append(Blame(path.relative_to(landing).as_posix(), mess, state, f"intake.{reason}"))
    return blames


def _files() -> dict[str, tuple[str, bytes, str, str]]:
    """Path (… is the folder of the year), mess, bytes, state and reason."""
    book = _hidden_book()
    return {
        "433101/…/通知.xls": ("M1", "<html><body><p>通知</p></body></html>".encode(), "returned", "html"),
        "433122/…/加密.xlsx": ("M2", _ole("EncryptedPackage"), "returned", "encrypted"),
        "433123/…/附件.et": ("M3", _ole("WpsDocument"), "returned", "not_a_table"),
        "433124/…/底稿.xlsx": ("M4", book, "unrecognised", "no_table"),
        "433125/…/残缺.xlsx": ("damaged", book[: len(book) // 2], "returned", "damaged"),
        "433126/…/空.csv": ("empty", b"", "unrecognised", "empty"),
        "433127/…/会议.csv": (
            "notice",
            "关于召开会议的通知\n各县市：\n".encode("gb18030"),
            "unrecognised",
            "unrecognised",
        ),
    }


def _ole(stream: str) -> bytes:
    """The least that tells a compound file with one stream of that name."""
    entry = f"{stream}\0".encode("utf-16-le").ljust(ENTRY, b"\0")
    return OLE.ljust(SECTOR, b"\0") + entry


def _hidden_book() -> bytes:
    """A workbook whose only sheet with anything in it is hidden."""
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {**PLAIN, "in_memory": True}) as book:
        book.set_properties({"created": CREATED})
        book.add_worksheet("空")
        hidden = book.add_worksheet("底稿")
        hidden.write_string(0, 0, "学校标识码")
        hidden.hide()
    return data.getvalue()
