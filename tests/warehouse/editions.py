"""Editions to publish, whose every row says in its text which edition it is of."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from sqlalchemy import Engine, Table, func, select

from warehouse.bulk import select_rows
from warehouse.column_types import arrow_schema
from warehouse.connect import reading
from warehouse.edition import Edition
from warehouse.schema import (
    FACTS,
    THEMES,
    dim_code,
    dim_school,
    dim_size_band,
    dim_unit,
    dim_year,
    explanation,
    fact_indicator,
    fact_verdict,
    finding,
    release,
    submission,
)

from .made_up import made_up

PUBLISHED_AT = datetime(2021, 1, 25, 18, 0, 0, 250_000, tzinfo=UTC)
MARKED = {
    dim_school: "name", finding: "message", submission: "dataset", explanation: "dataset",
    fact_indicator: "parameters",
    fact_verdict: "explanation_zh",
}  # fmt: skip
_REGIONS = [
    {"region_code": "433199", "parent_code": "433100", "level": "county", "name_zh": "测试县", "is_county": True},
    {"region_code": "433100", "level": "prefecture", "name_zh": "湘西州", "name_en": "Xiangxi", "is_county": False},
]
_NAMES = {"name_zh": "起始年级", "name_en": "Entry classes"}
_INDICATOR = {
    **_NAMES, "indicator_id": "share", "unit": "%", "theme": "班额", "source": "class_ledger", "definition_zh": "定义",
    "definition_en": "A definition.",
}  # fmt: skip
_RULE = {
    "rule_id": "class_ledger.sum_of_sexes", "dataset": "class_ledger", "severity": "must_fix", "message": "不等",
    "how_to_fix": "更正其中一项。", "source": "表312",
}  # fmt: skip
_COUNT = {
    "submission_id": f"433199-{1:016x}", "dataset": "class_ledger", "period": "2020-2021", "kind": "rows",
    "outcome": "accepted", "n": 10,
}  # fmt: skip
_RECORD = {
    "unit_code": "433199", "year": 2020, "expected_count": 4, "received_count": 3, "on_time_count": 2, "late_count": 1,
    "overdue_count": 1, "on_time_share": 0.5, "first_version_count": 3, "first_pass_count": 3, "first_pass_share": 1.0,
    "repeated_error_count": 0,
}  # fmt: skip
_COMMITMENT = {
    **_NAMES, "commitment_id": "T09a", "plan_year": 2020, "article": 9, "indicator_id": "share", "comparison": ">=",
    "target": Decimal("0.57"), "deadline": date(2020, 12, 31), "office": "基础教育科",
}  # fmt: skip


def edition(mark: int, *, years: tuple[int, ...] = (2020,), schools: int = 30, findings: int = 60) -> Edition:
    """Edition number `mark`: two regions and as many schools, figures, verdicts, submissions and findings as asked."""
    rows = {
        "dim_region": _REGIONS,
        "dim_school": [_school(mark, i) for i in range(schools)],
        "dim_indicator": [_INDICATOR],
        "dim_commitment": [_COMMITMENT],
        "dim_rule": [_RULE],
        "fact_indicator": [_figure(mark, year, i) for year in years for i in range(schools)],
        "fact_verdict": [_verdict(mark, year) for year in years],
        "submission": [_submission(mark, i) for i in range(3)],
        "submission_count": [_COUNT],
        "finding": [_finding(mark, i) for i in range(findings)],
        "explanation": [_explanation(mark)],
        "status_matrix": [_status(mark)],
        "unit_record": [_RECORD],
    }
    others = {table.name: made_up(table, years) for table in (*THEMES, dim_unit, dim_code, dim_size_band)}
    years_told = {"dim_year": made_up(dim_year, years).slice(0, 1)}
    told = {name: pa.Table.from_pylist(given) for name, given in rows.items()}
    return Edition({**told, **others, **years_told}, years)


def marks(engine: Engine) -> set[str]:
    """Which editions the newest release is of, over all tables; more than one would be a mix."""
    newest = select(func.max(release.c.release_id)).scalar_subquery()
    found: set[str] = set()
    with reading(engine) as connection:
        for table, column in MARKED.items():
            query = select(table.c[column])
            query = query.where(table.c.release_id == newest) if table in FACTS else query
            found |= {re.findall(r"第(\d+)版", text)[0] for text in connection.execute(query).scalars()}
    return found


def content(engine: Engine, table: Table) -> pa.Table:
    """All rows of the table, in order, without the number and time of their release."""
    kept = [column for column in table.columns if column.name not in {"release_id", "published_at"}]
    schema = arrow_schema(kept)
    with reading(engine) as connection:
        rows = pa.Table.from_batches(select_rows(connection, select(*kept), schema), schema)
    return rows.sort_by([(name, "ascending") for name in rows.column_names])


def _school(mark: int, i: int) -> dict[str, Any]:
    return {
        "school_code": f"{4331990000 + i}", "unit_code": "433199", "valid_from": date(2020, 9, 1),
        "name": f"第{mark}版学校", "is_counted": [True, False, None][i % 3],
    }  # fmt: skip


def _figure(mark: int, year: int, i: int) -> dict[str, Any]:
    return {
        "year": year, "indicator_id": "share", "region_code": f"{4331990000 + i}", "level": "school",
        "numerator": Decimal(i) / 4, "denominator": Decimal(i + 1), "value": i / 4 / (i + 1) if i else None,
        "maturity": "confirmed", "parameters": f"第{mark}版",
    }  # fmt: skip


def _verdict(mark: int, year: int) -> dict[str, Any]:
    return {
        "year": year, "commitment_id": "T09a", "region_code": "433199", "verdict": "missed", "maturity": "provisional",
        "target": Decimal("0.57"), "explanation_zh": f"第{mark}版，缺报", "gap": 5, "gap_verb": "拆分",
        "gap_unit": "个大班", "gap_part": 3, "value_before": 0.48, "trend": "better",
    }  # fmt: skip


def _submission(mark: int, i: int) -> dict[str, Any]:
    return {
        "submission_id": f"433199-{i:016x}", "unit_code": "433199", "state": "accepted", "sha256": f"{i:064x}",
        "dataset": f"第{mark}版", "period": "2020-2021" if i else None,
        "received_at": datetime(2020, 9, 19, 8, i, 59, tzinfo=UTC), "rows_read": 10 * i,
    }  # fmt: skip


def _finding(mark: int, i: int) -> dict[str, Any]:
    return {
        "finding_id": f"{mark:04x}{i:012x}", "submission_id": f"433199-{i % 3:016x}", "unit_code": "433199",
        "rule_id": "class_ledger.sum_of_sexes", "severity": "must_fix", "row": i + 4 if i else None,
        "message": f'第{mark}版 "引号", \\反斜杠\n换行', "how_to_fix": "", "cell": f"D{i}" if i % 2 else "",
    }  # fmt: skip


def _explanation(mark: int) -> dict[str, Any]:
    return {
        "explanation_id": f"{mark:016x}", "unit_code": "433199", "dataset": f"第{mark}版", "period": "2019-2020",
        "rule_id": "class_ledger.unusual_size", "explained_on": date(2020, 9, 20), "expires_on": date(2021, 9, 20),
        "submission_id": f"433199-{0:016x}",
    }  # fmt: skip


def _status(mark: int) -> dict[str, Any]:
    return {
        "unit_code": "433199", "dataset": "class_ledger", "period": "2020-2021", "state": "stale", "version": mark,
        "due_date": date(2020, 9, 20), "must_explain_count": 2,
    }  # fmt: skip
