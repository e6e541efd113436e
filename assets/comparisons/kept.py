"""What comparing a plan year gave, as the lake keeps it: tables, findings, and the outcome of each rule.

Everything of one family lies below `lake/compared/<year>/<family>/<fingerprint>/`; `judgement.json` beside it is
written last. Making it is `compare.py`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel, ConfigDict

from assets.judging.judgement import RuleOutcome
from assets.submitted.explanations import OPEN, Explanations
from expectations.comparison import load_families
from expectations.findings import SCHEMA
from warehouse.lake import Lake, write_text

LAYER = "compared"
FINDINGS = "findings"


class Kept(BaseModel):
    """What comparing one family of one year gave; `rows`: how many rows each of its comparisons has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    family: str
    year: int
    fingerprint: str
    rows: Mapping[str, int]
    rules: tuple[RuleOutcome, ...]


def kept_of(lake: Lake, year: int, family: str) -> Kept | None:
    """What stands of a family and year, or None when it was never compared."""
    path = lake.path(LAYER, str(year), family, "judgement.json")
    return Kept.model_validate_json(path.read_bytes()) if path.exists() else None


def compared_path(kept: Kept, table: str) -> tuple[str, ...]:
    """Parts of the lake path of a comparison, or of `findings`."""
    return (LAYER, str(kept.year), kept.family, kept.fingerprint, f"{table}.parquet")


def keep(lake: Lake, kept: Kept, tables: Mapping[str, pa.Table]) -> None:
    """Write the tables and then the judgement, which takes the place of the one before."""
    for name, table in tables.items():
        lake.write(table, *compared_path(kept, name))
    folder = lake.path(LAYER, str(kept.year), kept.family)
    write_text(folder / "judgement.json", kept.model_dump_json(indent=1))
    for other in folder.iterdir():
        if other.is_dir() and other.name != kept.fingerprint:
            shutil.rmtree(other)


def all_kept(lake: Lake) -> list[Kept]:
    """What stands of every year and family, by year."""
    folder = lake.path(LAYER)
    years = sorted(int(path.name) for path in folder.iterdir()) if folder.exists() else []
    return [one for year in years for family in load_families() if (one := kept_of(lake, year, family))]


def compared_findings(lake: Lake, years: Iterable[int] | None = None) -> pa.Table:
    """The findings of every comparison of these years, or of all that were compared."""
    kept = [one for one in all_kept(lake) if years is None or one.year in set(years)]
    return pa.concat_tables([SCHEMA.empty_table(), *(lake.read(*compared_path(one, FINDINGS)) for one in kept)])


def open_ones(findings: pa.Table, explanations: Explanations | None) -> pa.Table:
    """Those of the findings that no explanation answers."""
    if explanations is None or not findings.num_rows:
        return findings
    told = explanations.told(findings)
    return told.filter(pc.equal(told["state"], OPEN)).select(findings.column_names)
