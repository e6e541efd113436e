"""Student aid: who is entitled, what was paid and when, when terms began; loans, trainees, meals.

Tables: staged rows at the grain that each contract names, from the submissions of the ten units and the bureau.
Rules stand in `expectations/contracts`, figures made of these tables in `assets/indicators`.
"""

from __future__ import annotations

from collections.abc import Mapping

import dagster as dg

from assets.staged_assets import staged_assets
from expectations.contract import Contract

DATASETS = (
    "term_calendar",
    "aid_entitled",
    "aid_payments",
    "student_loans",
    "loan_officers",
    "trainees",
    "nutrition_meals",
)


def assets(contracts: Mapping[str, Contract]) -> list[dg.AssetsDefinition]:
    """The step that stages this family."""
    return [staged_assets(contracts, DATASETS, group="aid")]
