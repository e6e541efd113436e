"""School census: schools, national forms, classes, pupils, staff, buildings, roll, population, dropouts, leavers.

Tables: staged rows at the grain that each contract names, from the submissions of the ten units and the bureau.
Rules stand in `expectations/contracts`, figures made of these tables in `assets/indicators`.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets.staged_assets import staged_assets
from expectations.contract import Contract

DATASETS = (
    "school",
    "census_cell",
    "class_ledger",
    "enrolment",
    "staff",
    "facilities",
    "student_roll",
    "population",
    "pupils_by_age",
    "entrants_base",
    "technical_pupils",
    "disabled_children",
    "dropouts",
    "graduate_destinations",
)


def assets(contracts: Mapping[str, Contract]) -> list[dg.AssetsDefinition]:
    """The step that stages this family."""
    return [staged_assets(contracts, DATASETS, group="census")]
