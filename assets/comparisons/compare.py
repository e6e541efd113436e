"""Comparing a plan year: the tables of a family are made, judged by the rules on them, and kept with their findings.

Great Expectations judges them as it judges delivered rows. These rules put nothing into quarantine: the rows are
accepted already, and which of two figures is wrong is not known. The result depends on the staged files, the rules and
this code alone; when none of these changed, nothing is done. What a comparison is made of is in the family modules.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from assets.comparisons.first_reports import FirstReports
from assets.comparisons.kept import FINDINGS, Kept, keep, kept_of
from assets.comparisons.lists import lists_of, write_lists
from assets.comparisons.registry import MADE_BY
from assets.comparisons.tables import Years, are_held, files_needed, needs_of, open_years
from assets.comparisons.wholes import whole_rows
from assets.house import House
from assets.judging.judgement import RuleOutcome
from assets.judging.staging import FIRST_PLACES
from assets.periods import periods_of
from assets.version import code_digest
from expectations.catalogue import Compared, rules_on
from expectations.comparison import PLACE, Comparison, findings_of_comparison, load_comparisons
from expectations.findings import SCHEMA
from expectations.suites import PLACE as AT
from expectations.suites import Outcome, judge

CODE = (
    "assets/comparisons", "assets/indicators/sources.py", "assets/indicators/views.py", "assets/indicators/sql.py",
    "expectations/rules", "expectations/comparison.py", "expectations/catalogue.py", "expectations/suites.py",
    "expectations/rows_hold.py", "expectations/visible.py", "expectations/findings.py", "expectations/grades.py",
    "expectations/reference", "assets/intake/clean.py", "assets/intake/cells.py",
    "expectations/aid_standards.py",
)  # fmt: skip


def family_of(family: str) -> list[Comparison]:
    """The comparisons of a family, in their order."""
    return [one for one in load_comparisons().values() if one.family == family]


def compare_family(house: House, year: int, family: str) -> Kept:
    """What comparing a family of a plan year gives; what stands, when nothing it is made of changed.

    Raises:
        SuiteError: a rule crashed; what stood stands.
    """
    comparisons = family_of(family)
    known = {one.name: rules_on(one.name, house.rules_folder) for one in comparisons}
    rules = {name: [rule for rule in each if rule.since <= year] for name, each in known.items()}
    fingerprint = _fingerprint(house, year, comparisons, rules)
    standing = kept_of(house.lake, year, family)
    if standing and standing.fingerprint == fingerprint:
        return standing
    tables = _made_tables(house, year, comparisons)
    outcomes, findings = [], [SCHEMA.empty_table()]
    lists: dict[str, pa.Table] = {}
    cells = _Cells(house)
    for one in comparisons:
        judged = judge_comparison(one, tables[one.name], rules[one.name], FirstReports(house, one))
        silent = {rule.id for rule in known[one.name] if rule.told_by}
        told = [outcome for outcome in judged if outcome.rule.id not in silent]
        findings.append(findings_of_comparison(one, told, tables[one.name], cells.cell))
        outcomes += [_told(outcome, tables[one.name]) for outcome in judged]
        lists |= lists_of(one, known[one.name], judged, tables[one.name])
    kept = Kept(
        family=family, year=year, fingerprint=fingerprint, rules=tuple(outcomes),
        rows={name: table.num_rows for name, table in tables.items()},
    )  # fmt: skip
    write_lists(house.lake, year, lists)
    keep(house.lake, kept, {**tables, FINDINGS: pa.concat_tables(findings)})
    return kept


def _made_tables(house: House, year: int, comparisons: Sequence[Comparison]) -> dict[str, pa.Table]:
    """The rows of each comparison; nothing is opened for those of which no dataset is held."""
    made = {one.name: one.schema.empty_table() for one in comparisons}
    if asked := [one for one in comparisons if are_held(house, year, one.needs)]:
        with open_years(house, year, needs_of(asked)) as years:
            made |= {one.name: made_table(house, years, one) for one in asked}
    return made


def _fingerprint(
    house: House, year: int, comparisons: Sequence[Comparison], rules: Mapping[str, Sequence[Compared]]
) -> str:
    parts = [code_digest(*CODE), *files_needed(house, year, needs_of(comparisons))]
    parts += [rule.model_dump_json() for each in rules.values() for rule in each]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def made_table(house: House, years: Years, comparison: Comparison) -> pa.Table:
    """The rows of a comparison, in the order of their keys; the period is that of the dataset, where none is told."""
    statement = MADE_BY[comparison.name](years)
    rows = years.fetch(statement) if not isinstance(statement, pa.Table) else statement
    if "period" not in rows.column_names:
        period = periods_of(house.contracts[comparison.answers_for], years.year)[-1]
        rows = rows.append_column("period", pa.array([period] * rows.num_rows, pa.string()))
    for name, kind in PLACE.items():
        if name not in rows.column_names:
            rows = rows.append_column(name, pa.nulls(rows.num_rows, kind))
    rows = whole_rows(years, comparison, rows)
    order = [(name, "ascending") for name in dict.fromkeys(("unit_code", *comparison.key, "submission_id"))]
    return rows.select(comparison.schema.names).cast(comparison.schema).sort_by(order).combine_chunks()


def judge_comparison(
    comparison: Comparison, rows: pa.Table, rules: Sequence[Compared], reports: FirstReports | None = None
) -> list[Outcome]:
    """Each rule's outcome over the rows, those with a severity for first reports told apart by it."""
    if not rules:
        return []
    frame = rows.to_pandas()
    frame[AT] = np.arange(len(frame))
    judged = judge(frame, [rule.rule for rule in rules], f"compared_{comparison.name}")
    return [part for rule, outcome in zip(rules, judged, strict=True) for part in _parted(rule, outcome, rows, reports)]


def _parted(rule: Compared, outcome: Outcome, rows: pa.Table, reports: FirstReports | None) -> list[Outcome]:
    """The outcome as it is, or in two: what first reports are told, and what those are that were sent again."""
    if outcome.status != "found" or rule.first_report in {None, rule.severity} or reports is None:
        return [outcome]
    is_first = reports.are_first(rows.take(pa.array(outcome.places, pa.int64())))
    first = tuple(place for place, one in zip(outcome.places, is_first, strict=True) if one)
    again = tuple(place for place, one in zip(outcome.places, is_first, strict=True) if not one)
    strict = replace(outcome.rule, severity=rule.first_report)
    parts = (
        replace(outcome, rule=strict, places=first, asked=outcome.asked - len(again)),
        replace(outcome, places=again, asked=len(again) if first else outcome.asked),
    )
    return [part for part in parts if part.places]


def _told(outcome: Outcome, rows: pa.Table) -> RuleOutcome:
    first = rows.take(pa.array(outcome.places[:FIRST_PLACES], pa.int64())).select(list(PLACE)).to_pylist()
    return RuleOutcome(
        rule_id=outcome.rule.id, severity=outcome.rule.severity, status=outcome.status, asked=outcome.asked,
        found=len(outcome.places),
        first_places=tuple(
            f"{p['submission_id'][:6]} {p['sheet']}!{p['row']}" if p["row"] else p["submission_id"][:6] for p in first
        ),
    )  # fmt: skip


class _Cells:
    """Addresses of cells in delivered files."""

    def __init__(self, house: House) -> None:
        self._receptions = {r.submission_id: r for r in house.ledger.receptions()}

    def cell(self, submission_id: str, sheet: str, row: int, column: str) -> str:
        """Such as D7; '' where the file has no such column."""
        reception = self._receptions.get(submission_id)
        letter = reception.cells.get(sheet, {}).get(column) if reception else None
        return f"{letter}{row}" if letter else ""
