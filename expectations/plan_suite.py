"""The plan as a suite: one expectation per commitment, held against the verdicts' exact parts.

A failing row is a missed target: true data that falls short of the plan. It is neither must_fix nor must_explain and
never becomes a finding; it is shown beside them so that the three are not mixed up.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from expectations.plan import Plan
from expectations.rule import Rule
from expectations.suites import judge

WORDS = "未达到要点第{article}条的目标。"
SIDES = ("achieved", "required")


@dataclass(frozen=True)
class PlanOutcome:
    """One commitment over all its regions: its verdict for the prefecture, regions asked, regions that miss it."""

    commitment_id: str
    name_zh: str
    verdict: str
    asked: int
    missed: int


def hold_to_plan(plan: Plan, verdicts: pa.Table) -> list[PlanOutcome]:
    """The outcome of each commitment's expectation, judged by Great Expectations over the table of verdicts.

    A commitment of which no region is known asks nothing, and no expectation is made of it: of 300 there are many.
    """
    rows = verdicts.to_pylist()
    frame = pd.DataFrame([_sides(row) for row in rows], columns=["at", "commitment_id", *SIDES])
    frame["at"] = range(len(frame))
    known = set(frame["commitment_id"][frame["achieved"].notna()])
    asking = [c for c in plan.commitments if c.id in known]
    rules = [_rule(plan.meta.year, c.id, c.article, c.name_zh, c.comparison) for c in asking]
    judged = judge(frame, rules, f"plan_{plan.meta.year}") if rules else []
    outcomes = {c.id: (outcome.asked, len(outcome.places)) for c, outcome in zip(asking, judged, strict=True)}
    verdict = {row["commitment_id"]: row["verdict"] for row in rows if row["level"] == "prefecture"}
    return [
        PlanOutcome(c.id, c.name_zh, verdict.get(c.id, "no_data"), *outcomes.get(c.id, (0, 0)))
        for c in plan.commitments
    ]


def _rule(year: int, commitment_id: str, article: int, name_zh: str, comparison: str) -> Rule:
    signs = {"ge": ">=", "le": "<=", "eq": "==", "rise": ">", "fall": "<"}
    return Rule(
        f"plan_{year}.{commitment_id}", f"plan_{year}", "must_explain", "holds", SIDES,
        f"{name_zh}：{WORDS.format(article=article)}", "见记分卡的差距一栏。", f"plan {year}, article {article}",
        holds=f"achieved {signs[comparison]} required", where=f"commitment_id == '{commitment_id}'",
    )  # fmt: skip


def _sides(row: dict[str, Any]) -> dict[str, Any]:
    """What was achieved and what was required, as exact numbers: numerator against target x denominator."""
    numerator, target = row["numerator"], row["target"]
    scale = row["denominator"] if row["denominator"] is not None else Decimal(1)
    known = numerator is not None and target is not None and scale != 0
    return {
        "commitment_id": row["commitment_id"],
        "achieved": Decimal(numerator) if known else None, "required": target * scale if known else None,
    }  # fmt: skip
