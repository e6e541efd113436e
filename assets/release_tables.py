"""The tables of a release, as the warehouse's schema wants them: dimensions, submissions, findings, matrix, facts.

Nothing personal can enter: school names and codes, places and counts only. Publishing them is `warehouse/publish.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

import pyarrow as pa

from assets.house import House
from assets.intake.reception import Reception
from assets.judging.judgement import Judgement
from assets.judging.staging import staged_path
from assets.submitted.answers import accounts_of, all_findings, all_judgements
from assets.submitted.explanations import Explanation
from assets.submitted.matrix_tables import matrix_tables
from assets.submitted.submission_counts import submission_counts
from assets.year import FIGURES_LAYER, VERDICTS_LAYER, empty_verdicts, indicators_for
from expectations.catalogue import compared_rules
from expectations.plan import Commitment, Plan
from expectations.regions import PREFECTURE, Regions, Unit
from expectations.rule import rules_of

SCHOOL_FACTS = {
    "name": "school_name", "township_code": "township_code", "kind": "kind", "sponsor": "sponsor",
    "urban_rural": "urban_rural", "is_counted": "counted", "parent_school_code": "parent_school_code",
}  # fmt: skip
"""Columns of dim_school by the columns of the school list that fill them."""


def release_tables(house: House, years: Iterable[int]) -> dict[str, pa.Table]:
    """Every table of a release, with the facts of `years`, by its name in the warehouse."""
    judgements = list(all_judgements(house))
    receptions = house.ledger.receptions()
    return {
        "dim_region": _regions(house.regions),
        "dim_school": _schools(house, judgements),
        "dim_indicator": _indicators(house.plans),
        "dim_commitment": _commitments(house.plans),
        "dim_rule": _rules(house),
        "submission": _submissions(receptions, judgements),
        "submission_count": submission_counts(receptions, judgements),
        "finding": house.explanations.told(all_findings(house, receptions, judgements)).drop_columns(["place"]),
        "explanation": _explanations(house.explanations.kept),
        **matrix_tables(house),
        "fact_indicator": _figures(house, years),
        "fact_verdict": _verdicts(house, years),
    }


def _regions(regions: Regions) -> pa.Table:
    def row(
        code: str, parent: str | None, level: str, zh: str, en: str | None, kind: str, is_county: bool
    ) -> dict[str, Any]:
        return {"region_code": code, "parent_code": parent, "level": level, "name_zh": zh, "name_en": en, "kind": kind,
                "is_county": is_county}  # fmt: skip

    rows = [row(PREFECTURE, None, "prefecture", regions.name_zh, regions.name_en, "自治州", False)]
    rows += [
        row(u.code, PREFECTURE, "county", u.name_zh, u.name_en, _kind(u), u.is_county)
        for u in regions.units
    ]  # fmt: skip
    rows += [row(t.code, t.county_code, "township", t.name, None, t.kind, False) for t in regions.townships]
    return pa.Table.from_pylist(rows)


def _kind(unit: Unit) -> str:
    return unit.name_zh[-1] if unit.is_county else unit.name_zh


def _schools(house: House, judgements: Iterable[Judgement]) -> pa.Table:
    """Schools with their history: a row per span of school years in which a unit listed a school in the same way."""
    spans: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for judgement in judgements:  # their periods ascend
        if judgement.dataset == "school":
            rows = house.lake.read(*staged_path(house.lake, judgement, "rows"))
            for row in rows.to_pylist():
                _extend(spans.setdefault((row["unit_code"], row["school_code"]), []), row, int(judgement.period[:4]))
    return pa.Table.from_pylist([span for each in spans.values() for span in each], schema=_SCHOOL_SCHEMA)


_SCHOOL_SCHEMA = pa.schema(
    [("school_code", pa.string()), ("unit_code", pa.string()), ("valid_from", pa.date32()), ("valid_to", pa.date32()),
     *((name, pa.bool_() if name == "is_counted" else pa.string()) for name in SCHOOL_FACTS)]
)  # fmt: skip


def _extend(spans: list[dict[str, Any]], row: Mapping[str, Any], first_year: int) -> None:
    """Add a school year's facts of a school: the same facts go on, others close the span before and open one."""
    facts = {name: row[listed] for name, listed in SCHOOL_FACTS.items()}
    if spans and spans[-1]["valid_from"] == date(first_year, 9, 1):
        return  # listed twice that year, by the bureau beside the unit: the first one names it
    if spans and all(spans[-1][name] == value for name, value in facts.items()):
        return
    if spans:
        spans[-1]["valid_to"] = date(first_year, 8, 31)
    spans.append({"school_code": row["school_code"], "unit_code": row["unit_code"],
                  "valid_from": date(first_year, 9, 1), "valid_to": None, **facts})  # fmt: skip


def _indicators(plans: Mapping[int, Plan]) -> pa.Table:
    every = {i.id: i for year in plans for i in indicators_for(plans, year)}
    rows = [
        {"indicator_id": i.id, "name_zh": i.name_zh, "name_en": i.name_en, "unit": i.unit, "theme": i.theme,
         "levels": ",".join(i.grains), "definition_zh": i.definition_zh, "definition_en": i.definition_en,
         "source": i.source}
        for i in every.values()
    ]  # fmt: skip
    return pa.Table.from_pylist(rows)


def _commitments(plans: Mapping[int, Plan]) -> pa.Table:
    rows = [_commitment(year, c) for year, plan in plans.items() for c in plan.commitments]
    return pa.Table.from_pylist(rows, schema=_COMMITMENT_SCHEMA)


_COMMITMENT_SCHEMA = pa.schema(
    [("commitment_id", pa.string()), ("plan_year", pa.int32()), ("article", pa.int32()), ("name_zh", pa.string()),
     ("name_en", pa.string()), ("indicator_id", pa.string()), ("comparison", pa.string()),
     ("target", pa.decimal128(28, 4)), ("unit", pa.string()), ("scope", pa.string()), ("deadline", pa.date32()),
     ("office", pa.string()), ("choice_zh", pa.string())]
)  # fmt: skip


def _commitment(year: int, c: Commitment) -> dict[str, Any]:
    return {"commitment_id": c.id, "plan_year": year, "article": c.article, "name_zh": c.name_zh, "name_en": c.name_en,
            "indicator_id": ",".join(c.indicator), "comparison": c.comparison, "target": c.target, "unit": c.unit,
            "scope": ",".join(c.scope), "deadline": c.deadline, "office": c.office,
            "choice_zh": c.choice or None}  # fmt: skip


def _rules(house: House) -> pa.Table:
    """Every rule that rows are judged by; those of a contract are asked since its first year, by its own office.

    Those of comparisons stand with the dataset that answers.
    """
    rows: list[dict[str, Any]] = [
        {"rule_id": r.id, "dataset": r.dataset, "severity": r.severity, "message": r.message,
         "how_to_fix": r.how_to_fix, "source": r.because}
        for contract in house.contracts.values() for r in rules_of(contract)
    ]  # fmt: skip
    rows += [
        {"rule_id": one.id, "dataset": one.rule.dataset, "severity": one.severity, "message": one.rule.message,
         "how_to_fix": one.how_to_fix, "source": one.because, "owner": one.owner, "since": one.since}
        for one in compared_rules(house.rules_folder)
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_RULE_SCHEMA)


_RULE_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("rule_id", "dataset", "severity", "message", "how_to_fix", "source", "owner")]
    + [("since", pa.int32())]
)


def _submissions(receptions: Sequence[Reception], judgements: Sequence[Judgement]) -> pa.Table:
    """A row per file, dataset and period: its account, and where it came from."""
    by_name = {r.submission_id: r for r in receptions}
    rows = [
        {**asdict(account), "unit_code": r.unit_code, "sha256": r.sha256, "received_at": r.received_at}
        for account in accounts_of(receptions, judgements) for r in [by_name[account.submission_id]]
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=_SUBMISSION_SCHEMA)


_SUBMISSION_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("submission_id", "unit_code", "dataset", "period", "state", "sha256")]
    + [("received_at", pa.timestamp("us", tz="UTC"))]
    + [(name, pa.int32()) for name in ("version", "rows_read", "rows_accepted", "rows_quarantined", "rows_ignored")]
)


def _explanations(kept: Iterable[Explanation]) -> pa.Table:
    """Every explanation without what a clerk wrote, which can name persons, and without its place."""
    return pa.Table.from_pylist([e.model_dump() for e in kept], schema=_EXPLANATION_SCHEMA)


_EXPLANATION_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("explanation_id", "unit_code", "dataset", "period", "rule_id")]
    + [("explained_on", pa.date32()), ("expires_on", pa.date32()), ("submission_id", pa.string())]
)


def _figures(house: House, years: Iterable[int]) -> pa.Table:
    return pa.concat_tables(house.lake.read(FIGURES_LAYER, f"{year}.parquet") for year in years)


def _verdicts(house: House, years: Iterable[int]) -> pa.Table:
    """Verdicts as the warehouse names them; years without a plan have none."""
    tables = [house.lake.read(VERDICTS_LAYER, f"{y}.parquet") for y in years if y in house.plans]
    table = pa.concat_tables([empty_verdicts(), *tables]).drop_columns(["level"])
    return table.rename_columns(["explanation_zh" if name == "note_zh" else name for name in table.column_names])
