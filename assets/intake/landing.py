"""The landing folder: which files lie there, ready to be read. Nothing there is ever written, moved or deleted.

Only regular files of a unit's folder count; office lock files and names of unfinished copies are passed over in
silence, everything else that is not read is told. Which dataset a file is, is found out later, from what stands in it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from expectations.visible import visible

UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".download", ".filepart", ".swp")
LOCK_MARKS = ("~$", ".~", ".")
NO_UNIT = "不在任何填报单位的文件夹里。请移入以本单位代码命名的文件夹"
NO_FILE = "不是普通文件（链接、管道或设备）。请放入文件本身"
NOT_OPENED = "打不开：没有权限，或路径过长。请开放读取权限，或缩短文件夹和文件的名称"
FOLDER = "这是文件夹，只是名字像表格文件。请把文件夹改名，其中的文件照常读取"

_LIKE_A_TABLE = (".xlsx", ".xls", ".csv")
_LETTERS_FOR_DIGITS = str.maketrans("0123456789", "ghijklmnop")


@dataclass(frozen=True)
class Landed:
    """One file as it lies in landing: what is opened, its unit's folder, path as told, size and change time.

    `path` names one file: where two are told alike, a mark is added to those whose name is not plain. `raw_path` holds
    the bytes of the path as hexadecimal digits where `path` is not just these bytes as UTF-8.
    """

    source: Path
    unit_code: str
    path: str
    size: int
    changed_ns: int
    raw_path: str = ""


@dataclass(frozen=True)
class Look:
    """What lies in landing: files in the order of their paths, and why what else lies there is not read, by path."""

    files: tuple[Landed, ...]
    passed_over: Mapping[str, str]


def look(landing: Path, unit_codes: frozenset[str]) -> Look:
    """Every regular, finished file below `landing/<unit>/`, and what else is there; links are not followed."""
    if not landing.is_dir():
        return Look((), {})
    files: list[Landed] = []
    over: dict[str, str] = {}
    for path, facts in _entries(landing, unit_codes):
        below = path.relative_to(landing)
        name = told(below)
        if isinstance(facts, str):
            over[name or "."] = facts
        else:
            files.append(Landed(path, below.parts[0], name, facts.st_size, facts.st_mtime_ns, _raw(below, name)))
    return Look(_apart(files), dict(sorted(over.items())))


def landed_files(landing: Path, unit_codes: frozenset[str]) -> tuple[Landed, ...]:
    """The files of `look`."""
    return look(landing, unit_codes).files


def waits(name: str) -> bool:
    """Whether a file or folder of that name is passed over in silence, with all that is in it."""
    return name.startswith(LOCK_MARKS) or name.lower().endswith(UNFINISHED)


def told(path: Path) -> str:
    """A path as text with `/` between its parts; names that Windows wrote in GB18030 are read as such.

    Composed (NFC), and visible throughout.
    """
    return "/".join(visible(unicodedata.normalize("NFC", _text(os.fsencode(part)))) for part in path.parts)


def _text(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "backslashreplace")


def _raw(path: Path, told_as: str) -> str:
    raw = os.fsencode(path)
    return "" if raw == told_as.encode() else raw.hex()


def _apart(files: list[Landed]) -> tuple[Landed, ...]:
    """The files by path, each under a path of its own; marks are letters, because digits could be read as a year."""
    alike = Counter(file.path for file in files)
    apart = [replace(f, path=f"{f.path}〔{_mark(f)}〕") if alike[f.path] > 1 and f.raw_path else f for f in files]
    return tuple(sorted(apart, key=lambda file: file.path))


def _mark(file: Landed) -> str:
    return hashlib.sha256(bytes.fromhex(file.raw_path)).hexdigest()[:8].translate(_LETTERS_FOR_DIGITS)


def _entries(landing: Path, unit_codes: frozenset[str]) -> Iterator[tuple[Path, os.stat_result | str]]:
    """Every file with its facts, and everything else that has to be told with the reason why it is not read."""
    folders = []
    for path, facts in _listed(landing):
        if isinstance(facts, str):
            yield path, facts
        elif path.name in unit_codes and stat.S_ISDIR(facts.st_mode):
            folders.append(path)
        else:
            yield path, NO_UNIT
    while folders:
        for path, facts in _listed(folders.pop()):
            if isinstance(facts, str) or stat.S_ISREG(facts.st_mode):
                yield path, facts
            elif not stat.S_ISDIR(facts.st_mode):
                yield path, NO_FILE
            else:
                folders.append(path)
                if path.name.lower().endswith(_LIKE_A_TABLE):
                    yield path, FOLDER


def _listed(folder: Path) -> Iterator[tuple[Path, os.stat_result | str]]:
    """What a folder holds, without what waits or was taken away meanwhile; the folder itself if it cannot be read."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208  (bytes that are no text come as names here too)
    except OSError:
        yield folder, NOT_OPENED
        return
    for name in names:
        if waits(name):
            continue
        try:
            facts: os.stat_result | str = (folder / name).lstat()
        except FileNotFoundError:
            continue
        except OSError:
            facts = NOT_OPENED
        yield folder / name, facts
