"""The archive: every delivered file, unchanged, under its content hash, with all persons that it names."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from assets.intake.errors import Refused
from assets.intake.sniff import not_readable, open_regular
from warehouse.lake import ASIDE, sync_all, sync_names

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Archive:
    """Files by SHA-256 below `root`, readable by the owner alone."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the content of that hash lies, whether it is there or not."""
        return self.root / sha256[:2] / sha256

    def store(self, source: Path, seen: tuple[int, int] | None = None) -> str:
        """Copy a file in and return its hash; what is hashed is what is copied.

        `seen` is the size and time of change (ns) with which it was listed. It stays after a crash only when it was
        named to `keep`.

        Raises:
            Refused: `not_regular`, `not_readable`, or `being_written`: it is not any more, or not yet, what was seen.
            OSError: the archive cannot be written.
        """
        aside = self.root / f"{ASIDE}{uuid.uuid4().hex[:8]}"
        try:
            with open_regular(source) as delivered, self._created(aside) as copy:
                before = _facts(delivered)
                sha256 = _copied(delivered, copy)
                if not before == _facts(delivered) == (seen or before):
                    raise being_written()
            target = self.path(sha256)
            if target.exists():
                sync_all([aside])  # what lay here before may be durable already, and stays so
            try:
                aside.rename(target)
            except FileNotFoundError:  # the first of its folder
                target.parent.mkdir(exist_ok=True, mode=0o700)
                aside.rename(target)
        finally:
            aside.unlink(missing_ok=True)
        return sha256

    def _created(self, path: Path) -> BinaryIO:
        """A new file of the archive, which nobody writes to once it is closed; its folder is made where it lacks."""
        try:
            return open(path, "xb", opener=_read_only)  # noqa: PTH123  (pathlib takes no opener)
        except FileNotFoundError:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            return open(path, "xb", opener=_read_only)  # noqa: PTH123

    def keep(self, stored: Iterable[str]) -> None:
        """Make the copies of these hashes durable, and that they lie here."""
        copies = {self.path(sha256) for sha256 in stored}
        sync_all(sorted(copies))
        sync_names([*(copy.parent for copy in copies), self.root] if copies else [])


def being_written() -> Refused:
    """The answer about a file that changed while it was copied; the next look takes it whole."""
    return Refused("being_written", "文件正在写入，内容还不完整。", "写完后会在下一次运行时读取，不必重新报送。")


def _read_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o400)


def _facts(handle: BinaryIO) -> tuple[int, int]:
    facts = os.fstat(handle.fileno())
    return facts.st_size, facts.st_mtime_ns


def _copied(source: BinaryIO, target: BinaryIO) -> str:
    """Copy one open file to another; the hash of what was copied."""
    digest = hashlib.sha256()
    for piece in _pieces(source):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()


def _pieces(source: BinaryIO) -> Iterator[bytes]:
    """The bytes of a file, piece by piece; only its own errors are the file's, not those of the archive."""
    while True:
        try:
            piece = source.read(_PIECE_BYTES)
        except OSError:
            raise not_readable() from None
        if not piece:
            return
        yield piece
