"""The Markdown pages that people write, their links and their fenced blocks, for tests about documentation."""

import re
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.house.code import ROOT

_FENCE = re.compile(r"^```(\w*)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, the file that its info string names ('' for none), and its text."""

    language: str
    file: str
    text: str


@cache
def pages() -> list[Path]:
    """Every Markdown page that people write; those of the dictionary are held to their sources (`make check`)."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md", ":!docs/dictionary"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return sorted(path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file())


def text_of(path: Path | str) -> str:
    """The text of a page, given as a path or by its name below the root."""
    return (ROOT / path).read_text("utf-8")


def blocks(path: Path) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(*found) for found in _FENCE.findall(text_of(path))]


def prose(path: Path | str) -> str:
    """The page without its fenced blocks."""
    return _FENCE.sub("", text_of(path))


def links(path: Path) -> list[str]:
    """Where the links of a page lead."""
    return _LINK.findall(prose(path))
