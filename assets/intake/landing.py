"""The landing folder: which files lie there, ready to be read. Nothing there is ever written, moved or deleted.

Only regular files of a unit's folder count; office lock files and names of unfinished copies are passed over and told.
Which dataset a file is, is found out later, from what stands in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNFINISHED = (".part", ".partial", ".crdownload", ".tmp", ".download", ".filepart", ".swp")
LOCK_MARKS = ("~$", ".~", ".")


@dataclass(frozen=True)
class Landed:
    """One file as it lies in landing: its unit's folder, path below landing with `/`, size and change time."""

    unit_code: str
    path: str
    size: int
    changed_ns: int


def landed_files(landing: Path, unit_codes: frozenset[str]) -> Iterator[Landed]:
    """Every regular, finished file below `landing/<unit>/`, in the order of their paths; links are not followed."""
    for unit_code in sorted(unit_codes):
        folder = landing / unit_code
        if folder.is_dir() and not folder.is_symlink():
            yield from _below(folder, landing, unit_code)


def _below(folder: Path, landing: Path, unit_code: str) -> Iterator[Landed]:
    for path, folders, names in os.walk(folder, followlinks=False):
        folders.sort()
        for name in sorted(names):
            full = Path(path) / name
            if name.startswith(LOCK_MARKS) or name.lower().endswith(UNFINISHED):
                continue
            facts = full.lstat()
            if stat.S_ISREG(facts.st_mode):
                yield Landed(unit_code, full.relative_to(landing).as_posix(), facts.st_size, facts.st_mtime_ns)


def strangers(landing: Path, unit_codes: frozenset[str]) -> list[str]:
    """Names directly below landing that are no unit's folder: nothing in them is read, so they are told."""
    if not landing.is_dir():
        return []
    return sorted(entry.name for entry in landing.iterdir() if entry.name not in unit_codes and entry.name[0] != ".")
