"""Plans of one commitment, figures drawn by hand, and the verdicts on them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from assets.plans.scorecard import VERDICTS, Words, judge_commitments
from expectations.plan import Plan

AFTER = date(2021, 1, 15)
FIGURES = pa.schema([
    ("indicator_id", pa.string()), ("year", pa.int32()), ("level", pa.string()), ("region_code", pa.string()),
    ("numerator", pa.decimal128(28, 4)), ("denominator", pa.decimal128(28, 4)), ("value", pa.float64()),
    ("unknown_count", pa.int64()), ("missing_units", pa.string()), ("maturity", pa.string()),
    ("parameters", pa.string()),
])  # fmt: skip


def figure(numerator: int | None, denominator: int | None = None, **other: Any) -> dict[str, Any]:
    row = {"indicator_id": "a", "year": 2020, "level": "prefecture", "region_code": "433100", "value": None,
           "unknown_count": 0, "missing_units": "", "maturity": "confirmed", "parameters": ""}  # fmt: skip
    exact = {"numerator": numerator, "denominator": denominator}
    return row | {name: None if n is None else Decimal(n) for name, n in exact.items()} | other


def county(code: str, numerator: int | None, denominator: int | None = None, **other: Any) -> dict[str, Any]:
    return figure(numerator, denominator, level="county", region_code=code, **other)


def plan_of(comparison: str, value: str | None, **other: Any) -> Plan:
    commitment = {
        "id": "T01", "article": 1, "name_zh": "样例", "name_en": "Sample", "indicator": "a", "comparison": comparison,
        "unit": "%", "judged_on": "census", "office": "样例科", "deadline": date(2020, 12, 31),
    }  # fmt: skip
    commitment |= ({} if value is None else {"value": Decimal(value)}) | other
    meta = {"title": "样例要点", "issuer": "样例局", "issued": date(2020, 3, 1), "year": 2020}
    return Plan.model_validate({"meta": meta, "commitments": [commitment]})


def judged(
    plan: Plan, *rows: dict[str, Any], before: list[dict[str, Any]] | None = None, as_of: date = AFTER,
    words: Words | None = None,
) -> list[dict[str, Any]]:  # fmt: skip
    earlier = None if before is None else table(before)
    verdicts = judge_commitments(plan, table(list(rows)), 2020, as_of, earlier, words)
    assert verdicts.schema == VERDICTS
    return list(verdicts.to_pylist())


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=FIGURES)
