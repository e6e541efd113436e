"""A look at a workbook's zip before anything opens it: every member is really unpacked and counted.

Nothing that a header says about sizes is trusted. A small workbook in which nothing is suspicious is handed on as it
was unpacked: so it is not unpacked twice, and nothing is read but what was looked at. Of all others every member is
scanned. What gets past this look and still kills the reader costs one worker (`workers.py`). The old .xls form has no
zip: only its size and its worker bound it.
"""

from __future__ import annotations

import functools
import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.empty_cells import without_empty_cells
from assets.intake.errors import Refused
from assets.intake.limits import GIB, KIB, MIB, Limits
from assets.intake.sniff import encrypted
from assets.intake.stored import stored

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""

_PIECE_BYTES = 256 * KIB
_SMALL_BYTES = 16 * MIB
_LONGEST_CELL = 1 * MIB
_OVERLAP = 64
_REFERENCE = b" r="
_LOCAL_HEADER = 30
_ENCRYPTED = 1
_SHEETS = "xl/worksheets/"
_COLUMN_LETTERS, _ROW_DIGITS = 3, 7
_FEW_BYTES = 32 * KIB
_NEAR_CELLS, _CLOSEST_CELLS = 26 * 999, 8
_SUSPICIOUS = """ (?:r=["'](?:[A-Za-z]{2}|[A-Za-z][0-9]{4})|t="e")"""
"""A cell far from A1, beyond column Z or row 999, or with an error."""
_CAPITAL = 0xDF
"""Bits that small and capital letters share; calamine takes both."""
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_FILLED = re.compile(rb' r=["\']([A-Za-z]{1,3})(\d{1,7})[^>]*(?<!/)>(?!</)')
_ERROR_CELL = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"[^>]* t="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')


class Looked(NamedTuple):
    """A workbook that may be opened, and the cells of each sheet that hold an error of a formula (#REF!).

    calamine gives such cells as empty.
    """

    data: bytes
    errors: dict[str, dict[Place, str]]


def check_zip(data: bytes, limits: Limits) -> Looked:
    """The workbook as it may be opened: as it was unpacked where it is small and plain, else as it came.

    Raises: Refused `damaged`, `encrypted`, `unpacks_too_large`, `too_many_cells`, `entities`.
    """
    errors: dict[str, dict[Place, str]] = {}
    unpacked = cells = 0
    with _opened(data) as archive:
        members = archive.infolist()
        if len(members) > limits.zip_members:
            raise _bomb(f"文件里有 {len(members)} 个部件，超过 {limits.zip_members} 个")
        if plain := _small_and_plain(data, members, limits):
            return Looked(plain, {})
        for member in members:
            scan = _Scan()
            for piece in _counted(data, member, unpacked, limits):
                unpacked += len(piece)
                scan.feed(piece, entities=member.filename.endswith((".xml", ".rels")))
            scan.end()
            cells += scan.cells
            if cells > limits.cells:
                raise too_many_cells(limits)
            if scan.errors:
                errors[member.filename] = scan.errors
        return Looked(data, _by_sheet(archive, errors) if errors else {})


def _small_and_plain(data: bytes, members: Sequence[zipfile.ZipInfo], limits: Limits) -> bytes | None:
    """The workbook unpacked, where it is small, no part holds anything suspicious, and cells must be few.

    Its sheets are without their empty cells.
    """
    if sum(member.file_size for member in members) > _SMALL_BYTES:  # none that says it is large is tried
        return None
    parts: list[bytes] = []
    unpacked = 0
    for member in members:
        pieces = []
        for piece in _counted(data, member, unpacked, limits):
            unpacked += len(piece)
            if unpacked > _SMALL_BYTES:
                return None
            pieces.append(piece)
        parts.append(b"".join(pieces))
    if len(members) * _NEAR_CELLS + unpacked // _CLOSEST_CELLS > limits.cells:
        return None
    names = [member.orig_filename for member in members]
    sheets = [number for number, name in enumerate(names) if name.startswith(_SHEETS)]
    for number, sheet in zip(sheets, without_empty_cells([parts[number] for number in sheets]), strict=True):
        parts[number] = sheet
    whole = stored(zip(names, parts, strict=True))
    declares = b"!" in whole and _ENTITY.search(whole)  # most have no such sign at all, which is free to see
    return None if declares or _is_suspicious(whole) else whole


def _is_suspicious(xml: bytes) -> bool:
    """Whether a cell lies far from A1 or holds an error; Arrow tells so in half the time of `re`."""
    ends = struct.pack("<ii", 0, len(xml))
    whole = pa.Array.from_buffers(pa.binary(), 1, [None, pa.py_buffer(ends), pa.py_buffer(xml)])
    return bool(pc.match_substring_regex(whole, _SUSPICIOUS)[0].as_py())


def too_many_cells(limits: Limits) -> Refused:
    """The refusal of a workbook whose used area is larger than the limit of cells."""
    return Refused(
        "too_many_cells",
        f"工作簿的使用区域超过 {limits.cells // 10_000} 万个单元格（行数×列数，含最后一个有内容的单元格之前的空白）。",
        "请删去远处多余的内容（按 Ctrl+End 可找到最后一个单元格）；数据确有这么多的，请另存为 CSV 后重新报送。",
    )


class _Scan:
    """The box of filled cells of one member, found in its `r="…"` references as the bytes go by."""

    def __init__(self) -> None:
        self.errors: dict[Place, str] = {}
        self._rest = b""
        self._rows = self._columns = self._filled = 0

    @property
    def cells(self) -> int:
        """Cells of the box from A1 to the last filled one, or the filled cells where they are more (repeated)."""
        return max(self._rows * self._columns, self._filled)

    def feed(self, piece: bytes, *, entities: bool) -> None:
        """Take the next bytes; a cell that may be cut off at their end is kept for the next call."""
        buffer = self._rest + piece
        if entities and _ENTITY.search(buffer):
            raise Refused("entities", "工作簿里有不允许的实体声明（DTD），没有打开。", _SAVE_ANEW)
        cut = buffer.rfind(_REFERENCE)
        if cut <= 0 and len(buffer) > _LONGEST_CELL:
            cut = len(buffer) - _OVERLAP
        cut = max(cut, 0)
        self._look(buffer[:cut])
        self._rest = buffer[cut:]

    def end(self) -> None:
        """Take what was kept."""
        self._look(self._rest)

    def _look(self, xml: bytes) -> None:
        if _REFERENCE not in xml:
            return
        rows, columns, filled = (_few_filled if len(xml) < _FEW_BYTES else _many_filled)(xml)
        self._rows, self._columns = max(self._rows, rows), max(self._columns, columns)
        self._filled += filled
        if b' t="e"' in xml:
            for letters, digits, text in _ERROR_CELL.findall(xml):
                self.errors[int(digits) - 1, _column(letters) - 1] = text.decode(errors="replace")


def _few_filled(xml: bytes) -> tuple[int, int, int]:
    """The last row and column (from 1) with content, and how many cells have any, of a few cells."""
    found = _FILLED.findall(xml)
    columns, rows = {letters for letters, _ in found}, {digits for _, digits in found}
    return max(map(int, rows), default=0), max(map(_column, columns), default=0), len(found)


def _many_filled(xml: bytes) -> tuple[int, int, int]:
    """The same of many cells, for which an array is worth its while."""
    rows, columns = _filled_places(np.frombuffer(xml + bytes(_OVERLAP), np.uint8))
    return int(rows.max(initial=0)), int(columns.max(initial=0)), len(rows)


def _filled_places(xml: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows and columns (from 1) of the cells with content; calamine leaves out styled empty ones."""
    at = np.flatnonzero(xml[2:] == ord("=")) + 2
    at = at[(xml[at - 1] == ord("r")) & (xml[at - 2] == ord(" "))] + 1
    at = at[(xml[at] == ord('"')) | (xml[at] == ord("'"))] + 1
    columns = np.zeros(len(at), np.int64)
    for _ in range(_COLUMN_LETTERS):
        letter = (xml[at] & _CAPITAL).astype(np.int64) - (ord("A") - 1)
        is_letter = (letter >= 1) & (letter <= 26)
        columns = np.where(is_letter, columns * 26 + letter, columns)
        at = at + is_letter
    rows = np.zeros(len(at), np.int64)
    for _ in range(_ROW_DIGITS):
        digit = xml[at].astype(np.int64) - ord("0")
        is_digit = (digit >= 0) & (digit <= 9)
        rows = np.where(is_digit, rows * 10 + digit, rows)
        at = at + is_digit
    filled = (columns > 0) & (rows > 0) & ~_empty_tags(xml, at)
    return rows[filled], columns[filled]


def _empty_tags(xml: npt.NDArray[np.uint8], at: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether the tag that goes on at each place ends at once: `<c …/>` or `<c …></c>`."""
    ends = np.append(np.flatnonzero(xml[:-2] == ord(">")), len(xml) - 3)
    end = ends[np.minimum(np.searchsorted(ends, at), len(ends) - 1)]
    empty: npt.NDArray[np.bool_] = (xml[end - 1] == ord("/")) | (
        (xml[end + 1] == ord("<")) & (xml[end + 2] == ord("/"))
    )
    return empty


@functools.lru_cache(maxsize=1024)
def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - (ord("A") - 1)
    return column


def _opened(data: bytes) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise damaged() from None


def _counted(data: bytes, member: zipfile.ZipInfo, before: int, limits: Limits) -> Iterator[bytes]:
    """The pieces of one member, stopped as soon as they are too many together with the `before` bytes of others."""
    size = 0
    for piece in _unpacked(data, member):
        size += len(piece)
        if before + size > limits.unpacked_bytes:
            raise _bomb(f"文件解压后超过 {limits.unpacked_bytes / GIB:g} GB")
        if size > limits.ratio_from_bytes and size > limits.unpacked_ratio * member.compress_size:
            raise _bomb(f"文件里有部件解压后膨胀到 {limits.unpacked_ratio} 倍以上")
        yield piece


def _unpacked(data: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """What really stands in a member. `ZipFile.read` would stop where the header says that it ends.

    Raises: Refused `damaged`, `encrypted`.
    """
    if member.flag_bits & _ENCRYPTED:
        raise encrypted()
    at = member.header_offset
    name, extra = (int.from_bytes(data[at + i : at + i + 2], "little") for i in (26, 28))
    begin = at + _LOCAL_HEADER + name + extra
    packed = memoryview(data)[begin : begin + member.compress_size]
    pieces: Iterator[bytes] = (bytes(packed[i : i + _PIECE_BYTES]) for i in range(0, len(packed), _PIECE_BYTES))
    if member.compress_type == zipfile.ZIP_DEFLATED:
        pieces = _inflated(pieces)
    elif member.compress_type != zipfile.ZIP_STORED:
        raise damaged()
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        yield piece
    if checksum != member.CRC:
        raise damaged()


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in pieces:
            left = piece
            while left and not inflater.eof:
                yield inflater.decompress(left, _PIECE_BYTES)
                left = inflater.unconsumed_tail
        if rest := inflater.flush():
            yield rest
    except zlib.error:
        raise damaged() from None
    if not inflater.eof:
        raise damaged()


def _by_sheet(archive: zipfile.ZipFile, errors: dict[str, dict[Place, str]]) -> dict[str, dict[Place, str]]:
    """The same by the sheet's name instead of its member's; unread where the workbook does not list the member."""
    try:
        links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314  (DTDs were refused)
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314  (DTDs were refused)
    except (LookupError, ValueError, ElementTree.ParseError, zipfile.BadZipFile, zlib.error):
        raise damaged() from None
    member = {link.get("Id"): posixpath.join("/xl", link.get("Target", "")).lstrip("/") for link in links}
    named: dict[str, dict[Place, str]] = {}
    for sheet in book.iterfind(".//{*}sheet"):
        link_id = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        named[sheet.get("name", "")] = errors.get(member.get(link_id, ""), {})
    return named


_SAVE_ANEW = "请用 Excel 或 WPS 打开，另存为新的 .xlsx 后重新报送。"


def damaged() -> Refused:
    """The refusal of a workbook that is cut off, garbled or not built as workbooks are."""
    return Refused("damaged", "工作簿已损坏、不完整或格式不规范，打不开。", _SAVE_ANEW)


def _bomb(found: str) -> Refused:
    return Refused(
        "unpacks_too_large", f"{found}，为安全起见没有打开。", f"{_SAVE_ANEW}数据确有这么多的，请另存为 CSV。"
    )
