"""The facts of the star schema of one plan year, made from the lake and kept there: `star/<year>/<fact>.parquet`.

What each counts stands beside. They are no assets of their own: the step of the figures makes them beside those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection

import pyarrow as pa

from assets.facts.count import counted
from assets.facts.registry import facts_of
from assets.house import House
from assets.indicators.parameters import Choices
from assets.version import code_digest
from assets.year import commitments_for, files_of, open_rows
from warehouse.lake import write_text
from warehouse.schema import THEMES

LAYER = "star"


def count_facts(house: House, year: int) -> dict[str, int]:
    """The year's facts written to the lake, and how many rows each has; they stand while rows, plan and code do."""
    facts = facts_of(commitments_for(house.plans, year))
    needed = {"school", *(name for fact in facts for name in fact.needs)}
    made_of = _made_of(house, year, needed)
    told = house.lake.path(LAYER, str(year), "made_of")
    if not (told.exists() and told.read_text("utf-8") == made_of):
        plan = house.plans.get(year)
        with open_rows(house, year, needed) as rows:
            made = counted(rows, year, facts, Choices.of(plan.parameters if plan else None))
        told.unlink(missing_ok=True)
        for name, table in made.items():
            house.lake.write(table, LAYER, str(year), f"{name}.parquet")
        write_text(told, made_of)
    return {name: rows.num_rows for name, rows in star_facts(house, [year]).items()}


def star_facts(house: House, years: Collection[int]) -> dict[str, pa.Table]:
    """The facts of these years as they lie in the lake, by table; a year that was never counted is counted first."""
    for year in years:
        if not house.lake.exists(LAYER, str(year), "made_of"):
            count_facts(house, year)
    return {table.name: pa.concat_tables(house.lake.read(LAYER, str(year), f"{table.name}.parquet") for year in years)
            for table in THEMES}  # fmt: skip


def _made_of(house: House, year: int, datasets: set[str]) -> str:
    """A digest of all that a year's facts depend on: staged files (named by content), plans, code."""
    parts = [
        [(name, list(map(str, files_of(house, house.contracts[name], year)))) for name in sorted(datasets)],
        [plan.model_dump_json() for plan in house.plans.values()],
        code_digest("assets/facts", "assets/indicators", "expectations/size_bands.py",
                    "expectations/reference/size_bands.csv"),
    ]  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()
