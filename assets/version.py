"""The version of the code that made a figure: the installed package's."""

from __future__ import annotations

from importlib.metadata import version


def code_version() -> str:
    """Version of the installed package, as a release records it."""
    return version("xiangxi")
