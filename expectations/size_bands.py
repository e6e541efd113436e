"""Bands of class size as the census forms cut them; the facts stand in `reference/size_bands.csv`."""

from __future__ import annotations

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "reference"


@dataclass(frozen=True)
class SizeBand:
    """A band by its name, from `least` to `most` pupils, both within it; the last one has no end."""

    band: str
    least: int
    most: int | None


@functools.cache
def load_size_bands(folder: Path = FOLDER) -> tuple[SizeBand, ...]:
    """The bands, smallest first, without a gap between them. Source: forms 基础基212 and 213 of the school census."""
    with (folder / "size_bands.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(SizeBand(r["band"], int(r["least"]), int(r["most"]) if r["most"] else None) for r in rows)
