"""Accounts into which aid is paid, over schools, units and both terms of a year.

What one ledger tells of an account is asked of its own rows. Rules stand in
`expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, func, literal, select

from assets.comparisons.selects import answering, other_side, place_of
from assets.comparisons.tables import Years


def accounts(years: Years) -> Select[Any]:
    """Each account of a unit and term with several pupils: how many it has over all units and terms of the year.

    `in_a_term`: the most that it has in one term, over all units; what is too many there the ledger's own rows tell.
    """
    rows = years.this["aid_payments"]
    known = rows.c.account.is_not(None)
    of_terms = (
        select(rows.c.account, func.count(func.distinct(rows.c.student_id)).label("pupils"))
        .where(known).group_by(rows.c.account, rows.c.school_year, rows.c.term).subquery("of_terms")
    )  # fmt: skip
    most = (
        select(of_terms.c.account, func.max(of_terms.c.pupils).label("in_a_term"))
        .group_by(of_terms.c.account)
        .cte("most")
    )
    everyone = (
        select(
            rows.c.account, func.count(func.distinct(rows.c.student_id)).label("pupils"),
            func.count(func.distinct(rows.c.counted_school_code)).label("schools"),
            func.count(func.distinct(rows.c.unit_code)).label("units"),
        )
        .where(known).group_by(rows.c.account).having(func.count(func.distinct(rows.c.student_id)) > 1)
        .cte("everyone")
    )  # fmt: skip
    key = (rows.c.account, rows.c.unit_code, rows.c.school_year, rows.c.term)
    mine = select(
        *key, *answering(rows, "school_code"),
        func.count(func.distinct(rows.c.student_id)).label("here"),
    ).where(known).group_by(*key).cte("mine")  # fmt: skip
    elsewhere = and_(rows.c.account == mine.c.account, rows.c.unit_code != mine.c.unit_code)
    told = (
        select(mine.c.account, mine.c.unit_code, *other_side(rows, place_of(rows)))
        .select_from(mine.join(everyone, everyone.c.account == mine.c.account).join(rows, elsewhere))
        .where(everyone.c.units > 1).group_by(mine.c.account, mine.c.unit_code).subquery("told")
    )  # fmt: skip
    joined = (
        mine.join(everyone, everyone.c.account == mine.c.account).join(most, most.c.account == mine.c.account)
        .outerjoin(told, and_(told.c.account == mine.c.account, told.c.unit_code == mine.c.unit_code))
    )  # fmt: skip
    return select(
        *mine.c, (mine.c.school_year + "-" + mine.c.term).label("period"), literal("account").label("cell_column"),
        everyone.c.pupils, everyone.c.schools, everyone.c.units, most.c.in_a_term,
        *(column for column in told.c if column.name.startswith("other_")),
    ).select_from(joined)  # fmt: skip
