"""Sports for all: a sports project in every township (article 27). Competitions are data of the plan: `measures.py`."""

from __future__ import annotations

from sqlalchemy import Subquery, and_, case, func, select

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.formulas import Ratio, share


def equipped_townships(c: Tables) -> Subquery:
    """Townships, each with `is_equipped`: a farmers' sports project that is not closed; empty where only blanks say so.

    A venue counts where it lies, whoever reports it; an empty inspection is not 停用.
    """
    v = c.venues.c
    is_open = v.inspection.is_distinct_from("停用")
    has_one = func.bool_or(and_(v.farmers_project, is_open).is_(True))
    may_have = func.bool_or(and_(v.farmers_project.is_(None), is_open))
    found = select(v.township_code, has_one.label("has_one"), may_have.label("may_have")).group_by(v.township_code)
    venues, t = found.subquery("venues_of"), c.township.c
    is_equipped = case((venues.c.has_one, True), (venues.c.may_have, None), else_=False)
    places = c.township.outerjoin(venues, venues.c.township_code == t.township_code)
    return (
        select(t.unit_code, t.kind, is_equipped.label("is_equipped")).select_from(places).subquery("equipped_township")
    )


@indicator(
    "乡镇农民体育健身工程覆盖率", "Townships with a farmers' sports project",
    "有一处以上农民体育健身工程（检查结果不为停用）的乡镇占全部乡镇的比例，街道、林场不计。"
    "只有场地未填是否农民体育健身工程的乡镇，两边都不计。",
    unit="%", counted="个乡镇", source="要点第27条；体育场地", needs=("venues",), grains=REGIONS,
)  # fmt: skip
def township_fitness_coverage(c: Tables) -> Ratio:
    """Townships with at least one venue of the farmers' sports project that is not closed, among all townships.

    Towns and townships only. One without such a venue, but with venues that leave it blank, is unknown.
    """
    townships = equipped_townships(c)
    among = townships.c.kind.in_(c.words("township_scope"))
    return share(townships, that=townships.c.is_equipped, among=among)


INDICATORS = (township_fitness_coverage,)
