"""What a file is, told by its bytes and never by its name: its form, and the encoding of a text file.

Opening regular files only lives here too, because every reader begins with it. Whether a zip may be unpacked is asked
in `guard.py`.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal

from assets.intake.errors import Refused
from assets.intake.limits import MIB, Limits

Form = Literal["xlsx", "xls", "html", "text"]
Encoding = Literal["utf-8", "utf-8-sig", "utf-16", "gb18030"]

_HEAD_BYTES = 4096
_ZIP, _OLE = b"PK\x03\x04", bytes.fromhex("D0CF11E0A1B11AE1")
_OLE_ENTRY_BYTES = 128
_BOMS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_TABLE, _CELL = re.compile(rb"<table\b", re.IGNORECASE), re.compile(rb"<t[dh]\b", re.IGNORECASE)
_OTHER_MARKUP = re.compile(rb"\s*(<\?xml(?!.{0,200}<(?:!doctype )?html)|mime-version:)", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(rb"\s*(<!doctype|<html|<head|<meta|<table|<\?xml|<!--|mime-version:)", re.IGNORECASE)
_OTHER_KINDS = (
    (b"%PDF", " PDF 文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
    (b"\x1f\x8b", "压缩包"),
)
_SAVE_AS_XLSX = "请用 Excel 或 WPS 打开该文件，另存为“Excel 工作簿（*.xlsx）”后重新报送。"


def open_regular(path: Path) -> BinaryIO:
    """The file opened for reading bytes; links, pipes, devices and folders are refused, and nothing can make it wait.

    Raises: Refused `not_regular`, `not_readable`.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise _not_regular() if error.errno in {errno.ELOOP, errno.ENXIO} else not_readable() from None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _not_regular()
    return os.fdopen(descriptor, "rb")


def read_regular(handle: BinaryIO, most: int) -> bytes:
    """All bytes of an open workbook.

    Raises: Refused `too_large` above `most` bytes.
    """
    data = handle.read(most + 1)
    if len(data) > most:
        raise Refused(
            "too_large",
            f"文件超过 {most // MIB} MB，工作簿不能这样大。",
            "请删去图片和空白区域，或另存为 CSV 后重新报送。",
        )
    return data


def form_of(handle: BinaryIO, limits: Limits) -> Form:
    """The form of an open file, which is left at its beginning.

    Raises: Refused `empty`, `html`, `encrypted`, `not_a_table`, `too_large`.
    """
    head = handle.read(_HEAD_BYTES)
    handle.seek(0)
    if not head.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("empty", "文件是空的，没有任何内容。", "请核对是否选错了文件，重新导出后报送。")
    if head.startswith((_ZIP, _OLE)):
        data = read_regular(handle, limits.workbook_bytes)
        handle.seek(0)
        return _zip_form(data) if head.startswith(_ZIP) else _ole_form(data)
    if _MARKUP.match(_bare(head)):
        return _page_form(handle, limits)
    for magic, kind in _OTHER_KINDS:
        if head.startswith(magic):
            raise _not_a_table(kind)
    return "text"


def encoding_of(handle: BinaryIO, limits: Limits) -> Encoding:
    """The encoding in which the whole of an open text file can be read without loss; the file is left at its beginning.

    The mark at the beginning decides; without one UTF-8 is tried strictly, then GB18030. Never GBK, which lacks
    characters that stand in names. Source: domain M12.

    Raises: Refused `too_large`, `encoding`, `nul`.
    """
    if os.fstat(handle.fileno()).st_size > limits.text_bytes:
        raise Refused("too_large", f"文本文件超过 {limits.text_bytes // MIB} MB。", "请按学校或学期分成几个文件报送。")
    head = handle.read(4)
    marked = [encoding for mark, encoding in _BOMS if head.startswith(mark)]
    for encoding in marked or ("utf-8", "gb18030"):
        if _decodes(handle, encoding):
            return encoding
    raise Refused(
        "encoding",
        "文件的文字编码无法识别，部分文字不能还原。",
        "请用 Excel 或 WPS 打开，另存为“CSV UTF-8”或 .xlsx 后重新报送。",
    )


def _decodes(handle: BinaryIO, encoding: Encoding) -> bool:
    try:
        for text in _decoded(handle, encoding):
            if "\0" in text:
                raise nul()
    except UnicodeDecodeError:
        return False
    finally:
        handle.seek(0)
    return True


def _decoded(handle: BinaryIO, encoding: Encoding) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    handle.seek(0)
    while chunk := handle.read(MIB):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _zip_form(data: bytes) -> Form:
    try:
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Refused("damaged", "工作簿已损坏、不完整或格式不规范，打不开。", _SAVE_AS_XLSX) from None
    if "xl/workbook.bin" in names:
        raise _not_a_table("二进制工作簿（.xlsb）")
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    raise _not_a_table("压缩包或其他软件的文档")


def _ole_form(data: bytes) -> Form:
    if _has_stream(data, "EncryptedPackage"):
        raise Refused(
            "encrypted", "文件设有打开密码，无法读取。", "请取消打开密码后重新保存并报送；不要把密码写在文件名里。"
        )
    if _has_stream(data, "Workbook") or _has_stream(data, "Book"):
        return "xls"
    raise _not_a_table("其他软件的文档（不含 Excel 工作表）")


def _has_stream(data: bytes, name: str) -> bool:
    """Whether a directory entry of that name stands in the OLE file; entries begin at multiples of their size."""
    sought = (name + "\0").encode("utf-16-le")
    at = data.find(sought)
    while at >= 0 and at % _OLE_ENTRY_BYTES:
        at = data.find(sought, at + 1)
    return at >= 0


def encrypted() -> Refused:
    """The refusal of a workbook that opens only with a password; it is never guessed."""
    return Refused("encrypted", "文件设有打开密码，无法读取。", "请取消打开密码，重新保存后报送。")


def nul() -> Refused:
    """The refusal of a file with NUL characters in its text, which no database takes."""
    return Refused("nul", "文件里有空字符（NUL），不是正常的表格文字，可能已损坏。", "请从原系统重新导出后报送。")


def _bare(head: bytes) -> bytes:
    """The bytes without a mark of the encoding, and without the zeros of UTF-16."""
    for mark, _ in _BOMS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"")


def _page_form(handle: BinaryIO, limits: Limits) -> Form:
    """A page that holds a table can be read; other markup only looks like a workbook by its name."""
    data = _bare(read_regular(handle, limits.workbook_bytes))
    handle.seek(0)
    table = _TABLE.search(data)
    if _OTHER_MARKUP.match(data) or table is None or not _CELL.search(data, table.end()):
        raise Refused("html", "文件内容是网页或 XML，只是名字像 Excel 文件，其中没有可读取的表格。", _SAVE_AS_XLSX)
    return "html"


def _not_a_table(kind: str) -> Refused:
    cure = "请报送表格文件本身：在 Excel 或 WPS 里另存为 .xlsx 或 CSV，不要报送扫描件、图片或压缩包。"
    return Refused("not_a_table", f"文件是{kind}，应为 Excel 工作簿（.xlsx、.xls）或 CSV。", cure)


def not_readable() -> Refused:
    """The refusal of a file that vanished, that nobody lets us read, or whose disk fails."""
    return Refused("not_readable", "文件打不开：已被移走、没有读取权限或磁盘出错。", "请核对文件及其权限后重新报送。")


def _not_regular() -> Refused:
    return Refused("not_regular", "这不是一个普通文件（可能是快捷方式、文件夹或管道），没有打开。", "请报送文件本身。")
