"""The version of the code that made a figure, and digests of the code that a kept result depends on."""

from __future__ import annotations

import functools
import hashlib
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]


def code_version() -> str:
    """Version of the installed package, as a release records it."""
    return version("xiangxi")


@functools.cache
def code_digest(*places: str) -> str:
    """A digest of the named files and of the files directly in the named folders, below the project's root.

    What was made by other code is made again: nobody has to remember to raise a number.
    """
    digest = hashlib.sha256()
    for place in places:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.iterdir()):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
