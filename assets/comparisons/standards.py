"""Payments of aid against the standards of their project, stage, boarding and term.

Standards stand in `expectations/reference/aid_standards.csv`, rules in `expectations/rules/between_sources.yaml`. What
is due is held against all amounts ever by the contract, row by row.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from sqlalchemy import ColumnElement, Select, Table, and_, case, exists, literal, select

from assets.comparisons.tables import Years
from expectations.aid_standards import amounts_ever, highest_standards

TERM = ("school_year", "term")
SHOWN = ("unit_code", "school_code", "submission_id", "sheet", "row", "student_id", "project", *TERM, "stage",
         "amount_paid")  # fmt: skip
_KIND = [("project", pa.string()), ("stage", pa.string()), ("boarder", pa.bool_())]
_STANDARDS = pa.schema([*_KIND, ("school_year", pa.string()), ("term", pa.string()), ("standard", pa.int64())])
_AMOUNTS = pa.schema([*_KIND, ("fen", pa.int64())])


def payments_above(years: Years) -> Select[Any]:
    """Each payment that is not the highest standard of its project, stage, boarding and term, beside that standard.

    Whoever is not said to board or not may have the higher of both. Where no standard is known, there is no row: what
    it may be is not known. `at_due`: whether the amount due is no standard of any time, which is asked of the row.
    """
    rows, known, amounts = years.this["aid_payments"], _standards(years), _amounts(years)
    same = and_(_same_kind(known, rows), *(known.c[name] == rows.c[name] for name in TERM))
    period = (rows.c.school_year + "-" + rows.c.term).label("period")
    boards = case((rows.c.boarder.is_(True), "是"), (rows.c.boarder.is_(False), "否"), else_="未填")
    of_kind = _same_kind(amounts, rows)
    at_due = and_(exists().where(of_kind), ~exists().where(of_kind, amounts.c.fen == rows.c.amount_due))
    asked = and_(rows.c.amount_paid > 0, rows.c.amount_paid != known.c.standard)
    return select(
        *(rows.c[name] for name in SHOWN), period, literal("amount_paid").label("cell_column"),
        boards.label("boarder"), known.c.standard, case((at_due, 1), else_=0).label("at_due"),
    ).select_from(rows.join(known, same)).where(asked)  # fmt: skip


def _same_kind(amounts: Table, rows: Table) -> ColumnElement[bool]:
    return and_(
        amounts.c.project == rows.c.project, amounts.c.stage == rows.c.stage,
        amounts.c.boarder.is_not_distinct_from(rows.c.boarder),
    )  # fmt: skip


def _standards(years: Years) -> Table:
    """The highest standards of both terms of the year, in 分; without a row where none is known."""
    terms = (f"{years.school_year_before}-spring", f"{years.school_year}-autumn")
    found = [
        {"project": project, "stage": stage, "boarder": boarder, "school_year": period.rpartition("-")[0],
         "term": period.rpartition("-")[2], "standard": fen}
        for period in terms for (project, stage, boarder), fen in highest_standards(period).items()
    ]  # fmt: skip
    return years.hold("aid_standard", pa.Table.from_pylist(found, _STANDARDS))


def _amounts(years: Years) -> Table:
    """All amounts that were ever a standard, by project, stage and boarding, in 分."""
    found = [
        {"project": project, "stage": stage, "boarder": boarder, "fen": fen}
        for (project, stage, boarder), every in amounts_ever().items() for fen in sorted(every)
    ]  # fmt: skip
    return years.hold("aid_amount", pa.Table.from_pylist(found, _AMOUNTS))
