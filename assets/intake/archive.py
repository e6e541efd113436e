"""The archive: every delivered file, unchanged, under its content hash; the only place where persons' names remain."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from warehouse.lake import ASIDE, sync_names

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True)
class Archive:
    """Files by SHA-256 below `root`, readable by the owner alone."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the content of that hash lies, whether it is there or not."""
        return self.root / sha256[:2] / sha256

    def store(self, source: Path) -> str:
        """Copy a file in and return its hash; what is hashed is what is copied, so both agree if the source changes.

        It stays after a crash only when it was named to `keep`.

        Raises:
            OSError: the source is a link or vanished.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = self.root / f"{ASIDE}{uuid.uuid4().hex[:8]}"
        try:
            handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as delivered, aside.open("xb") as copy:
                sha256 = _copied(delivered, copy)
                copy.flush()
                os.fsync(copy.fileno())
            target = self.path(sha256)
            target.parent.mkdir(exist_ok=True, mode=0o700)
            aside.chmod(0o400)
            aside.rename(target)
        finally:
            aside.unlink(missing_ok=True)
        return sha256

    def keep(self, stored: Iterable[str]) -> None:
        """Make durable that the copies of these hashes lie here."""
        folders = {self.path(sha256).parent for sha256 in stored}
        sync_names([*folders, self.root] if folders else [])


def _copied(source: BinaryIO, target: BinaryIO) -> str:
    """Copy one open file to another; the hash of what was copied."""
    digest = hashlib.sha256()
    while piece := source.read(_PIECE_BYTES):
        digest.update(piece)
        target.write(piece)
    return digest.hexdigest()
