"""The archive: every delivered file, unchanged, under its content hash; the only place where persons' names remain."""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path

from warehouse.lake import ASIDE


@dataclass(frozen=True)
class Archive:
    """Files by SHA-256 below `root`, readable by the owner alone."""

    root: Path

    def path(self, sha256: str) -> Path:
        """Where the content of that hash lies, whether it is there or not."""
        return self.root / sha256[:2] / sha256

    def store(self, source: Path) -> str:
        """Copy a file in and return its hash; what is hashed is the copy, so both agree even if the source changes.

        Raises:
            OSError: the source is a link or vanished.
        """
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = self.root / f"{ASIDE}{uuid.uuid4().hex[:8]}"
        try:
            handle = os.open(source, os.O_RDONLY | os.O_NOFOLLOW)
            with os.fdopen(handle, "rb") as delivered, aside.open("xb") as copy:
                shutil.copyfileobj(delivered, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            with aside.open("rb") as copy:
                sha256 = hashlib.file_digest(copy, "sha256").hexdigest()
            target = self.path(sha256)
            target.parent.mkdir(exist_ok=True, mode=0o700)
            aside.chmod(0o400)
            aside.rename(target)
        finally:
            aside.unlink(missing_ok=True)
        return sha256
