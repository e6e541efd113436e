"""The work ledger: deliverables that no other dataset can answer for.

Tables: staged rows at the grain that each contract names, from the submissions of the ten units and the bureau.
Rules stand in `expectations/contracts`, figures made of these tables in `assets/indicators`.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets.staged_assets import staged_assets
from expectations.contract import Contract

DATASETS = ("work_items",)


def assets(contracts: Mapping[str, Contract]) -> list[dg.AssetsDefinition]:
    """The step that stages this family."""
    return [staged_assets(contracts, DATASETS, group="work")]
