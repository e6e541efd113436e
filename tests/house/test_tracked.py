"""What a clone brings is only what belongs there: nothing that `.gitignore` names, above all no link to `.venv`."""

import subprocess

import pytest

from tests.house.code import ROOT


def listed(*words: str) -> list[str]:
    """The files that git lists, told apart by NUL."""
    done = subprocess.run(["git", "ls-files", "-z", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split("\0") if name]


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="unpacked without its history")
def test_nothing_that_is_ignored_is_tracked() -> None:
    assert len(listed()) > 300
    assert listed("-ci", "--exclude-per-directory=.gitignore") == []
