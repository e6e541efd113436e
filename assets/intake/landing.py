"""The landing folder: which files lie there, ready to be read. Nothing there is ever written, moved or deleted.

Only regular files of a unit's folder count; office lock files and names of unfinished copies are passed over and told.
Which dataset a file is, is found out later, from what stands in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".download", ".filepart", ".swp")
LOCK_MARKS = ("~$", ".~", ".")


@dataclass(frozen=True)
class Landed:
    """One file as it lies in landing: what is opened, its unit's folder, path as told, size and change time."""

    source: Path
    unit_code: str
    path: str
    size: int
    changed_ns: int


def landed_files(landing: Path, unit_codes: frozenset[str]) -> Iterator[Landed]:
    """Every regular, finished file below `landing/<unit>/`, in the order of their paths; links are not followed."""
    for unit_code in sorted(unit_codes):
        folder = landing / unit_code
        if _is_folder(folder):
            yield from _below(folder, landing, unit_code)


def _below(folder: Path, landing: Path, unit_code: str) -> Iterator[Landed]:
    for path, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            full = Path(path) / name
            if name.startswith(LOCK_MARKS) or name.lower().endswith(UNFINISHED):
                continue
            with suppress(FileNotFoundError):  # it may be taken away while we look
                facts = full.lstat()
                if stat.S_ISREG(facts.st_mode):
                    yield Landed(full, unit_code, told(full.relative_to(landing)), facts.st_size, facts.st_mtime_ns)


def told(path: Path) -> str:
    """A path as text with `/` between its parts; names that Windows wrote in GB18030 are read as such."""
    return "/".join(_text(os.fsencode(part)) for part in path.parts)


def _text(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    return raw.decode("utf-8", "backslashreplace")


def passed_over(landing: Path, unit_codes: frozenset[str]) -> list[str]:
    """What lies in landing and is never read, so that it is told: names that are no unit's folder, and links."""
    if not landing.is_dir():
        return []
    beside = [entry for entry in landing.iterdir() if entry.name not in unit_codes or not _is_folder(entry)]
    links = [path for code in unit_codes for path in (landing / code).rglob("*") if path.is_symlink()]
    return sorted(told(path.relative_to(landing)) for path in (*beside, *links) if not path.name.startswith(LOCK_MARKS))


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()
