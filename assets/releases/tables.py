"""The tables of a release, as the warehouse's schema wants them: dimensions, submissions, findings, matrix, facts.

Dimensions are made in `dimensions.py` and `schools.py`, facts by theme in `facts/star.py`.

Nothing personal can enter: school names and codes, places and counts only. Publishing them is `warehouse/publish.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict

import pyarrow as pa

from assets.facts.star import star_facts
from assets.house import House
from assets.intake.reception import Reception
from assets.judging.judgement import Judgement
from assets.releases.dimensions import dimensions
from assets.releases.schools import school_history
from assets.submitted.answers import accounts_of, all_findings, all_judgements
from assets.submitted.explanations import Explanation
from assets.submitted.matrix_tables import matrix_tables
from assets.submitted.submission_counts import submission_counts
from assets.year import FIGURES_LAYER, VERDICTS_LAYER, empty_verdicts


def release_tables(house: House, years: Collection[int]) -> dict[str, pa.Table]:
    """Every table of a release, with the facts of `years`, by its name in the warehouse."""
    judgements = list(all_judgements(house))
    receptions = house.ledger.receptions()
    return {
        **dimensions(house),
        "dim_school": school_history(house, judgements),
        "submission": _submissions(receptions, judgements),
        "submission_count": submission_counts(receptions, judgements),
        "finding": house.explanations.told(all_findings(house, receptions, judgements)).drop_columns(["place"]),
        "explanation": _explanations(house.explanations.kept),
        **matrix_tables(house),
        "fact_indicator": _figures(house, years),
        "fact_verdict": _verdicts(house, years),
        **star_facts(house, years),
    }


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
