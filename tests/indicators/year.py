"""A year drawn by hand: rows of a dozen, written as staged Parquet, and the figures made of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from assets.indicators.catalogue import REGIONS as REGIONAL
from assets.indicators.catalogue import Indicator, Level, Need, Tables
from assets.indicators.engine import figures
from assets.indicators.formulas import Formula
from assets.indicators.parameters import Choices
from assets.indicators.registry import indicators_of
from assets.indicators.sources import Dataset, YearInputs
from assets.periods import periods_of
from expectations.contract import load_contracts
from expectations.plan import Commitment
from expectations.regions import load_regions

YEAR = 2020
Row = dict[str, Any]
CONTRACTS = load_contracts()
DATASETS = {name: Dataset.of(contract) for name, contract in CONTRACTS.items()}
REGIONS = load_regions()
UNITS, COUNTIES = REGIONS.unit_codes, REGIONS.county_codes
PERIODS = {name: periods_of(contract, YEAR) for name, contract in CONTRACTS.items()}
TOWNSHIPS = [{"township_code": t.code, "name": t.name, "county_code": t.county_code, "kind": t.kind}
             for t in REGIONS.townships]  # fmt: skip


def current() -> dict[tuple[str, str, str], tuple[str, int]]:
    """Everything is here and nothing is asked, by dataset, period and unit."""
    found = {}
    for dataset, periods in PERIODS.items():
        for period in periods:
            for unit in (*UNITS, "433100"):
                if DATASETS[dataset].expects(unit, COUNTIES):
                    found[dataset, period, unit] = ("current", 0)
    return found


def _full(dataset: str, row: Row, unit: str) -> Row:
    """The row with what every row of this year tells."""
    told = {"unit_code": unit, "school_year": "2020-2021", "year": YEAR, "submission_id": f"{unit}-a"}
    names = set(DATASETS[dataset].schema.names)
    full = {name: value for name, value in told.items() if name in names} | row
    assert set(full) <= names, set(full) - names
    return full


@dataclass
class Year:
    """Rows by dataset and how they stand; what a row does not say is empty."""

    folder: Path
    rows: dict[str, list[Row]] = field(default_factory=dict)
    quarantined: dict[str, list[Row]] = field(default_factory=dict)
    standing: dict[tuple[str, str, str], tuple[str, int]] = field(default_factory=current)
    commitments: tuple[Commitment, ...] = ()
    choices: Mapping[str, object] = field(default_factory=dict)

    def put(self, dataset: str, *rows: Row, unit: str = "433101") -> None:
        """More rows of a dataset, of one unit unless they say another."""
        self.rows.setdefault(dataset, []).extend(_full(dataset, row, unit) for row in rows)

    def quarantine(self, dataset: str, *rows: Row, unit: str = "433101") -> None:
        """More rows of a dataset that could not be accepted."""
        self.quarantined.setdefault(dataset, []).extend(_full(dataset, row, unit) for row in rows)

    def stands(self, dataset: str, unit: str, standing: str, questions: int = 0, period: str = "") -> None:
        """How one dataset of a unit stands, in all its periods or one."""
        for each in [period] if period else PERIODS[dataset]:
            self.standing[dataset, each, unit] = (standing, questions)

    def inputs(self, files: int = 1) -> YearInputs:
        """The year as the engine takes it, each dataset in so many files."""
        staged = {name: [self._write(name, part, rows[part::files]) for part in range(files)]
                  for name, rows in self.rows.items()}  # fmt: skip
        standing = [{"dataset": d, "period": p, "unit_code": u, "standing": s, "questions": q}
                    for (d, p, u), (s, q) in self.standing.items()]  # fmt: skip
        schema = pa.schema([("dataset", pa.string()), ("period", pa.string()), ("unit_code", pa.string()),
                            ("standing", pa.string()), ("questions", pa.int64())])  # fmt: skip
        quarantine = {name: pa.Table.from_pylist(rows, DATASETS[name].schema)
                      for name, rows in self.quarantined.items()}  # fmt: skip
        return YearInputs(YEAR, staged, pa.Table.from_pylist(standing, schema), pa.Table.from_pylist(TOWNSHIPS),
                          UNITS, COUNTIES, quarantine)  # fmt: skip

    def _write(self, dataset: str, part: int, rows: list[Row]) -> Path:
        path = self.folder / f"{dataset}-{part}.parquet"
        pq.write_table(pa.Table.from_pylist(rows, DATASETS[dataset].schema), path)
        return path

    def table(self, *ids: str, files: int = 1) -> pa.Table:
        """The figures of these indicators, or of all."""
        wanted = [item for item in indicators_of(self.commitments) if not ids or item.id in ids]
        assert len(wanted) >= len(ids), ids
        return figures(self.inputs(files), DATASETS, wanted, Choices.of(self.choices))

    def figures(self, *ids: str) -> Figures:
        """The same, to be asked by indicator and region."""
        return Figures(self.table(*ids).to_pylist())

    def made(self, define: Callable[[Tables], Formula], *needs: Need, grains: tuple[Level, ...] = REGIONAL) -> Figures:
        """The figures of a formula that no catalogue has, by the name `made`."""
        words = ("made", "样例", "Sample", "%", "个", "measures", "样例", "Sample", "样例")
        item = Indicator(*words, grains=grains, needs=needs, define=define)
        return Figures(figures(self.inputs(), DATASETS, [item], Choices.of(self.choices)).to_pylist())


class Figures:
    """Figures by indicator and region."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.rows = {(row["indicator_id"], row["region_code"]): row for row in rows}

    def row(self, indicator: str, region: str = "433100") -> Row:
        """The whole row."""
        return self.rows[indicator, region]

    def of(self, indicator: str, region: str = "433100") -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator."""
        row = self.row(indicator, region)
        return row["numerator"], row["denominator"]

    def regions(self, indicator: str, level: str) -> set[str]:
        """The regions of that level that have a row."""
        return {region for (name, region), row in self.rows.items() if name == indicator and row["level"] == level}
