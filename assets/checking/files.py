"""Which files a check is asked about: whose they are, and the path below the unit's folder that they would have.

The path matters: folders and names can say a period. A file that already lies in a unit's folder keeps its path there;
of any other the last folder counts. What the night would not read is told with the reason, here as there.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assets.intake.landing import LOCK_MARKS, UNFINISHED, waits
from expectations.regions import PREFECTURE, Regions


@dataclass(frozen=True)
class Asked:
    """One file to check: where it lies, its unit, and its path below the unit's folder."""

    source: Path
    unit_code: str
    below: Path


@dataclass(frozen=True)
class Skipped:
    """Something that was named or found, and that no night would read."""

    source: Path
    reason: str


class UnitNotToldError(Exception):
    """Neither the words of the command nor a folder say whose file it is."""

    def __init__(self, source: Path) -> None:
        super().__init__(str(source))
        self.source = source


def files_to_check(
    named: Iterable[Path], unit: str | None, regions: Regions, landing: Path
) -> tuple[list[Asked], list[Skipped]]:
    """The files that these paths name or hold, each once, in order; and what of them is passed over.

    `unit` is whose they are; without it, the folder of a unit in which they lie says so.

    Raises:
        UnitNotToldError: neither does.
    """
    asked: dict[Path, Asked] = {}
    skipped: dict[Path, Skipped] = {}
    for source, top in _found(named):
        if source in asked or source in skipped:
            continue
        if reason := _why_not(source, is_named=source == top):
            skipped[source] = Skipped(source, reason)
        elif reason is None:
            file = _asked(source, top, unit, regions, landing)
            if not any(map(waits, file.below.parts[:-1])):
                asked[source] = file
            elif source == top:
                skipped[source] = Skipped(source, "它在隐藏的或没有复制完的文件夹里，不会被读取。")
    return _each_in_its_place(asked.values()), list(skipped.values())


def _found(named: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Every file with the path that named it: itself, or the folder in which it was found."""
    for path in named:
        top = path.parent.resolve() / path.name if path.is_symlink() else path.resolve()
        if path.is_symlink() or not top.is_dir():
            yield top, top
            continue
        for folder, folders, names in os.walk(top, followlinks=False):
            folders[:] = sorted(name for name in folders if not waits(name))
            linked = [name for name in folders if (Path(folder) / name).is_symlink()]
            yield from ((Path(folder) / name, top) for name in sorted([*names, *linked]))


def _why_not(source: Path, *, is_named: bool) -> str | None:
    """Why a file is not read: None where it is, '' where no night says a word (found in a folder, and not named)."""
    if source.is_symlink():
        return "这是链接，不会被读取；请指明文件本身。"
    if source.name.startswith(LOCK_MARKS):
        return "这是隐藏文件或办公软件的临时文件，不会被读取。" if is_named else ""
    if source.name.lower().endswith(UNFINISHED):
        return "这是没有复制完的文件，不会被读取。" if is_named else ""
    if not source.is_file():
        return "这不是普通文件，不会被读取。"
    return None if os.access(source, os.R_OK) else "没有读取这个文件的权限。"


def _asked(source: Path, top: Path, unit: str | None, regions: Regions, landing: Path) -> Asked:
    units, parts = {PREFECTURE, *regions.unit_codes}, source.parts[:-1]
    inside = source.is_relative_to(landing) and source.relative_to(landing).parts[0] in units
    places = [len(landing.parts)] if inside else [at for at, part in enumerate(parts) if part in units][-1:]
    if unit is None and not places:
        raise UnitNotToldError(source)
    if places:
        return Asked(source, unit or parts[places[0]], Path(*source.parts[places[0] + 1 :]))
    last_folder = source.parent if source == top else top
    is_told = not waits(last_folder.name)  # else it does not lie in landing under that name
    return Asked(source, str(unit), source.relative_to(last_folder.parent if is_told else last_folder))


def _each_in_its_place(asked: Iterable[Asked]) -> list[Asked]:
    """The files, those that would lie at the same place as another in a folder of their own."""
    taken: set[Path] = set()
    placed = []
    for file in asked:
        below, number = file.below, 1
        while Path(file.unit_code) / below in taken:
            number += 1
            below = Path(f"另件{number}") / file.below
        taken.add(Path(file.unit_code) / below)
        placed.append(Asked(file.source, file.unit_code, below))
    return placed


def missing(named: Sequence[Path]) -> list[Path]:
    """Those of the paths at which nothing lies."""
    return [path for path in named if not path.is_symlink() and not path.exists()]
