"""The lake: Parquet files under one folder, written aside and renamed, so that a reader sees a whole file or none.

It is handed Arrow tables and knows no dataset. Layers and file names are chosen by those who write.
"""

from __future__ import annotations

import os
import shutil
import stat
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

ASIDE = ".aside-"
_AT_ONCE = 32
_PRIVATE = 0o700


@dataclass(frozen=True)
class Lake:
    """Parquet files below `root`; parts of a name are folders and the file."""

    root: Path

    def path(self, *parts: str) -> Path:
        """Where a file or folder of that name lies, whether it exists or not."""
        return self.root.joinpath(*parts)

    def exists(self, *parts: str) -> bool:
        """Whether that file or folder is there."""
        return self.path(*parts).exists()

    def write(self, table: pa.Table, *parts: str) -> Path:
        """Write the table as one zstd Parquet file that replaces an earlier one as a whole."""
        target = self.path(*parts)
        with replacing(target) as aside:
            pq.write_table(table, aside, compression="zstd")
        return target

    def write_parts(self, schema: pa.Schema, tables: Iterable[pa.Table], *parts: str) -> Path:
        """Write the tables, one below the other, as one such file; each is let go when it is written."""
        target = self.path(*parts)
        with replacing(target) as aside, pq.ParquetWriter(aside, schema, compression="zstd") as file:
            for table in tables:
                file.write_table(table)
        return target

    def read(self, *parts: str, columns: list[str] | None = None) -> pa.Table:
        """The table of that name; FileNotFoundError when it was never written."""
        return pq.read_table(self.path(*parts), columns=columns, partitioning=None)


@contextmanager
def replacing(target: Path, *, is_name_synced: bool = True) -> Iterator[Path]:
    """Hand out a path beside `target`; what is written there takes the target's place at the end, durably, or never.

    Whoever replaces many files may leave their names to one `sync_names` behind them, before anything refers to them.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    aside = target.with_name(f"{ASIDE}{uuid.uuid4().hex[:8]}-{target.name}")
    try:
        yield aside
        _sync([aside])
        aside.replace(target)
        if is_name_synced:
            _sync([target.parent])
    finally:
        aside.unlink(missing_ok=True)


def whole_files(folder: Path, pattern: str) -> Iterator[Path]:
    """The files of a folder with such a name, in no order; none that is still written, or that a killed writer left."""
    return (path for path in folder.glob(pattern) if not path.name.startswith(ASIDE))


def sync_names(folders: Iterable[Path]) -> None:
    """Make durable which files these folders hold."""
    sync_all(sorted(set(folders)))


def sync_all(paths: Collection[Path]) -> None:
    """Make durable what these files and folders hold, many at a time: the disk then writes its journal once for all."""
    every = list(paths)
    if len(every) <= 1:
        return _sync(every)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        list(pool.map(_sync, (every[start::_AT_ONCE] for start in range(min(len(every), _AT_ONCE)))))
    return None


def make_private(folder: Path) -> None:
    """Let a folder be there that only its owner may enter, whoever could enter it before."""
    folder.mkdir(parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) != _PRIVATE:
        folder.chmod(_PRIVATE)


def write_text(target: Path, text: str) -> None:
    """Write a text file that replaces an earlier one as a whole."""
    write_texts({target: text})


def write_texts(texts: Mapping[Path, str]) -> None:
    """Write text files that replace earlier ones, each as a whole; all are durable at the end."""
    aside = {target: target.with_name(f"{ASIDE}{uuid.uuid4().hex[:8]}-{target.name}") for target in texts}
    for folder in {target.parent for target in texts}:
        folder.mkdir(parents=True, exist_ok=True)
    try:
        for target, path in aside.items():
            path.write_text(texts[target], encoding="utf-8")
        sync_all(list(aside.values()))
        for target, path in aside.items():
            path.replace(target)
    finally:
        for path in aside.values():
            path.unlink(missing_ok=True)
    sync_names(target.parent for target in texts)


def sweep(root: Path) -> int:
    """Remove what killed writers left aside below `root`; returns how many files went. Only while no one writes."""
    left = list(root.rglob(f"{ASIDE}*")) if root.exists() else []
    for path in left:
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return len(left)


def _sync(paths: Iterable[Path]) -> None:
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
