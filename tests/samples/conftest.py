"""One small prefecture of plan year 2020, written once for all tests of the generator."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from samples.prefecture import Summary, write_prefecture

Figure = tuple[Decimal, Decimal | None]


@dataclass(frozen=True)
class Written:
    """A written prefecture: its landing folder, its summary, and its truth as (indicator, level, region) -> figure."""

    landing: Path
    summary: Summary
    truth: dict[tuple[str, str, str], Figure]

    def regions(self, indicator: str, level: str) -> dict[str, Figure]:
        """The figures of an indicator at one level, by region."""
        return {key[2]: figure for key, figure in self.truth.items() if key[:2] == (indicator, level)}


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    out = tmp_path_factory.mktemp("prefecture")
    summary = write_prefecture(out, scale=0.01, seed=1, years=(2020,))
    truth: dict[tuple[str, str, str], Figure] = defaultdict()
    with (out / "truth.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            denominator = Decimal(row["denominator"]) if row["denominator"] else None
            key = (row["indicator_id"], row["level"], row["region_code"])
            assert key not in truth
            truth[key] = (Decimal(row["numerator"]), denominator)
    return Written(out / "landing", summary, dict(truth))
