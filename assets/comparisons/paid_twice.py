"""Payments of aid that are entered twice, and pupils whom two units pay in one term.

A payment that its ledger repeats is told at its rows by the contract, and so is one that another ledger holds: here
they make the lists. Accounts are in `payments.py`; rules stand in `expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CTE, Select, Subquery, and_, case, func, literal, select

from assets.comparisons.selects import OTHER, answering, first_by, other_side, place_of
from assets.comparisons.tables import Years
from assets.indicators.sources import QUARANTINE

PAYMENTS = "aid_payments"
TERM = ("school_year", "term")
ENTERED = ("unit_code", "school_code", "submission_id", "sheet", "row", "student_id", "project", *TERM, "stage",
           "amount_paid")  # fmt: skip


def repeated_payments(years: Years) -> Select[Any]:
    """Each payment of a pupil, project and term that is entered more than once, beside the first other one.

    Those that their file repeats stand in quarantine, and are asked all the same; other quarantined rows are not.
    """
    rows = _entered(years)
    pupil = [rows.c[name] for name in ("student_id", "project", *TERM)]
    file = [*pupil, rows.c.submission_id]
    counted = select(
        *rows.c, place_of(rows).label("place"), func.count().over(partition_by=pupil).label("entries"),
        func.count().over(partition_by=file).label("in_file"),
        func.sum(rows.c.amount_paid).over(partition_by=pupil).label("paid_in_all"),
    ).cte("counted")  # fmt: skip
    mine = select(*counted.c).where(counted.c.entries > 1).cte("mine")
    theirs = mine.alias("theirs")
    same = and_(theirs.c.place != mine.c.place, *(theirs.c[one.name] == mine.c[one.name] for one in pupil))
    shown = [column for column in mine.c if column.name != "place"]
    return select(
        *shown, _period(mine), literal("student_id").label("cell_column"),
        *first_by(theirs, theirs.c.place, OTHER, "other_"),
        func.arg_min_null(theirs.c.amount_paid, theirs.c.place).label("other_paid"),
    ).select_from(mine.join(theirs, same)).group_by(*shown)  # fmt: skip


def _entered(years: Years) -> Subquery:
    """The accepted payments, and those in quarantine whose pupil and project their file repeats in the term."""
    good, bad = years.this[PAYMENTS], years.this[f"{PAYMENTS}{QUARANTINE}"]
    known = and_(bad.c.student_id.is_not(None), bad.c.project.is_not(None))
    key = [bad.c[name] for name in ("submission_id", "student_id", "project", *TERM)]
    alike = func.count().over(partition_by=key).label("alike")
    kept = select(*(bad.c[name] for name in ENTERED), alike).where(known).subquery("kept_out")
    accepted = select(*(good.c[name] for name in ENTERED))
    return accepted.union_all(
        select(*(kept.c[name] for name in ENTERED)).where(kept.c.alike > 1)
    ).subquery("entered")  # fmt: skip


def _period(rows: Any) -> Any:
    return (rows.c.school_year + "-" + rows.c.term).label("period")


def paid_by_two_units(years: Years) -> Select[Any]:
    """Each pupil, unit and term with a payment that arrived, of pupils whom another unit paid in the term, too.

    `shared`: how many projects both paid; who is paid one and the same by both is asked about at these rows.
    """
    rows = years.this[PAYMENTS]
    paid = select(*(rows.c[name] for name in ENTERED), rows.c.counted_school_code).where(
        rows.c.pay_status == "成功", rows.c.student_id.is_not(None)
    ).cte("paid")  # fmt: skip
    key = [paid.c[name] for name in ("student_id", *TERM)]
    several = (
        select(*key).group_by(*key).having(func.count(func.distinct(paid.c.unit_code)) > 1).cte("several")
    )  # fmt: skip
    of_several = and_(*(several.c[one.name] == one for one in key))
    mine = _of_units(select(*paid.c).select_from(paid.join(several, of_several)).cte("of_several"))
    theirs = select(*paid.c).select_from(paid.join(several, of_several)).cte("theirs")
    elsewhere = and_(theirs.c.unit_code != mine.c.unit_code, *(theirs.c[one.name] == mine.c[one.name] for one in key))
    shared = func.count(func.distinct(case((func.list_contains(mine.c.projects, theirs.c.project), theirs.c.project))))
    shown = [column for column in mine.c if column.name != "projects"]
    return select(
        *shown, _period(mine), literal("student_id").label("cell_column"), shared.label("shared"),
        (1 + func.count(func.distinct(theirs.c.unit_code))).label("units"),
        *other_side(theirs, place_of(theirs)),
    ).select_from(mine.join(theirs, elsewhere)).group_by(*shown, mine.c.projects)  # fmt: skip


def _of_units(rows: CTE) -> CTE:
    """A row per pupil, unit and term, at the first row that says so, with the projects and what they paid."""
    key = [rows.c[name] for name in ("student_id", "unit_code", *TERM)]
    return select(
        *key, *answering(rows, "school_code"),
        func.min(rows.c.stage).label("stage"), func.sum(rows.c.amount_paid).label("paid"),
        func.list(func.distinct(rows.c.project)).label("projects"),
    ).group_by(*key).cte("of_units")  # fmt: skip
