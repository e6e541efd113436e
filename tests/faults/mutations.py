"""Small delivered files, and what chance makes of them: cut, flipped, spliced, packed anew, said in another encoding.

`mutated(seed, number)` is always the same file, so that a fault is found again by its two numbers.
"""

from __future__ import annotations

import functools
import io
import random
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from samples.census_workbook import write_workbook
from tests.faults.hostile import HEADER, XLS, ledger_xml
from tests.intake.books import book
from tests.samples.twins import reported

_ROWS = [
    ["2020-2021学年班级台账"], HEADER,
    *(["2143900001", "2020-2021", "小学", f"{'一二三四五六'[n]}年级", f"{n}班", "普通", 40 + n] for n in range(6)),
    ["合计", "", "", "", "", "", 255], ["注：截至九月一日"],
]  # fmt: skip
_ENCODINGS = ("utf-8", "gb18030", "utf-16", "utf-8-sig", "big5", "shift_jis", "utf-7")
_PACKINGS = (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED)
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"1048576", b"1048577", b"4294967295", b"18446744073709551616", b"1e308", b"")
_PLACES = (b"A1", b"XFD1048576", b"AAAA1", b"A0", b"", b"1A", b"ZZ99999999", b"B2:A1")


@functools.cache
def seeds() -> Mapping[str, bytes]:
    """The files that mutations begin with, by name."""
    text = "\n".join(",".join(map(str, row)) for row in _ROWS) + "\n"
    with TemporaryDirectory() as folder:
        inline = zipfile.ZipFile(io.BytesIO(book(Path(folder) / "a.xlsx", ledger_xml())))
        census = {
            f"census{year}.xlsx": write_workbook(Path(folder), reported("211", year)).path.read_bytes()
            for year in (2020, 2021)
        }
    inline = _packed([(name, inline.read(name)) for name in inline.namelist()], zipfile.ZIP_DEFLATED)
    return {
        **census, "shared.xlsx": _workbook(), "inline.xlsx": inline, "old.xls": XLS.read_bytes(),
        "utf.csv": text.encode(),
        "gb.csv": text.encode("gb18030"), "wide.csv": text.encode("utf-16"),
        "quoted.csv": text.replace("普通", '"普,通\n"').encode(),
    }  # fmt: skip


def _workbook() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as made:
        made.set_properties({"created": datetime(2020, 9, 1)})  # noqa: DTZ001  (a workbook knows no zone)
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for name in ("台账", "底稿"):
            sheet = made.add_worksheet(name)
            for number, row in enumerate(_ROWS):
                sheet.write_row(number, 0, row)
        sheet.write_number(20, 3, 44_000, day)
        sheet.write_formula(21, 0, "=1/0", value="#DIV/0!")
        sheet.merge_range("A30:C31", "合并")
        sheet.hide()
    return target.getvalue()


def mutated(seed: int, number: int) -> tuple[str, bytes]:
    """The name of the seed file and what became of it."""
    chance = random.Random(f"{seed}/{number}")
    name = chance.choice(list(seeds()))
    data = seeds()[name]
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        ways = _OF_TEXT if name.endswith(".csv") else _OF_BYTES
        is_zip = data.startswith(b"PK") and chance.random() < 0.75
        data = _packed_anew(data, chance) if is_zip else chance.choice(ways)(data, chance)
    return name, data


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(chance.randint(1, 12) if made else 0):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def _spliced(data: bytes, chance: random.Random) -> bytes:
    other = chance.choice(list(seeds().values()))
    here, there = chance.randrange(len(data) + 1), chance.randrange(len(other) + 1)
    return data[:here] + other[there : there + chance.choice([1, 16, 512, len(other)])] + data[here:]


def _repeated(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    part = data[start : start + chance.choice([1, 8, 64, 600])]
    return data[:start] + part * chance.choice([2, 3, 500]) + data[start:]


def _removed(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    return data[:start] + data[start + chance.choice([1, 4, 60, 512]) :]


def _scribbled(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data) + 1)
    scribble = chance.choice([b"\0", b"\xff" * 4, b'"', b"\r", b"\n", b",", b"\x1b[2J", chance.randbytes(16)])
    return data[:start] + scribble + data[start + len(scribble) :]


def _said_otherwise(data: bytes, chance: random.Random) -> bytes:
    text = data.decode(chance.choice(["utf-8", "gb18030", "utf-16"]), "replace")
    return text.encode(chance.choice(_ENCODINGS), "replace")


_OF_BYTES: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut, _flipped, _flipped, _spliced, _repeated, _removed, _scribbled,
)  # fmt: skip
_OF_TEXT = (*_OF_BYTES, _said_otherwise)


def _packed_anew(data: bytes, chance: random.Random) -> bytes:
    """The same zip with members changed inside, swapped, repeated, renamed or left out; its checksums are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except Exception:  # a zip that an earlier change broke stays as it is
        return _flipped(data, chance)
    chance.choice([_change, _change, _change, _swap, _repeat, _rename, _leave_out])(members, chance)
    return _packed(members, chance.choice(_PACKINGS))


Members = list[tuple[str, bytes]]


def _packed(members: Members, packing: int) -> bytes:
    """A zip of the members; it holds no time, so that the same members make the same bytes."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w") as archive:
        warnings.simplefilter("ignore", UserWarning)  # of members that are there twice
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content, packing)
    return target.getvalue()


def _change(members: Members, chance: random.Random) -> None:
    at = chance.randrange(len(members))
    name, content = members[at]
    members[at] = name, chance.choice([_numbers_changed, _places_changed, *_OF_BYTES])(content, chance)


def _numbers_changed(xml: bytes, chance: random.Random) -> bytes:
    return _one_changed(rb'(?<==")\d+(?=")|(?<=>)\d+(?=<)', _NUMBERS, xml, chance)


def _places_changed(xml: bytes, chance: random.Random) -> bytes:
    return _one_changed(rb'(?<= r=")[A-Z]+\d+(?=")|(?<=ref=")[A-Z0-9:]+(?=")', _PLACES, xml, chance)


def _one_changed(pattern: bytes, words: tuple[bytes, ...], xml: bytes, chance: random.Random) -> bytes:
    found = list(re.finditer(pattern, xml))
    if not found:
        return xml
    one = chance.choice(found)
    return xml[: one.start()] + chance.choice(words) + xml[one.end() :]


def _swap(members: Members, chance: random.Random) -> None:
    one, other = chance.randrange(len(members)), chance.randrange(len(members))
    (name, content), (other_name, other_content) = members[one], members[other]
    members[one], members[other] = (name, other_content), (other_name, content)


def _repeat(members: Members, chance: random.Random) -> None:
    name, content = chance.choice(members)
    members.insert(chance.randrange(len(members)), (name, _flipped(content, chance)))


def _rename(members: Members, chance: random.Random) -> None:
    at = chance.randrange(len(members))
    name = chance.choice(["xl/worksheets/sheet1.xml", "XL/WORKBOOK.XML", "../../up.xml", "a\\b", " ", "\u202e.xml"])
    members[at] = name, members[at][1]


def _leave_out(members: Members, chance: random.Random) -> None:
    members.pop(chance.randrange(len(members)))
