"""The dictionary's words for the closed lists of contracts, plans and definitions, read from `words.yaml`."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path

import yaml

FILE = Path(__file__).with_name("words.yaml")


@functools.cache
def load_words() -> Mapping[str, Mapping[str, str]]:
    """Every word list by name: what pages say, by the word that it stands for."""
    lists: Mapping[str, Mapping[str, str]] = yaml.safe_load(FILE.read_text("utf-8"))
    return lists


def word(listed: str, name: str) -> str:
    """What pages say for a word of a list; KeyError where the list has none for it."""
    return load_words()[listed][name]
