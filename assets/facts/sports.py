"""Facts of sports: registered athletes by sport, and venues by township and kind. Competitions are not here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func

from assets.facts.grain import Fact, exact, grouped, number
from assets.indicators.catalogue import Tables
from assets.indicators.days import in_year

OPENINGS = {"open_all_day": "全天", "open_part_of_day": "部分时段", "not_open": "不开放"}
INSPECTIONS = {"passed": "合格", "to_mend": "整改", "out_of_use": "停用"}


def registration(c: Tables) -> Select[Any]:
    """Registrations of athletes of each unit, school, sport, grade of athlete and status, by sex.

    An athlete registered for two sports counts in both; one without a school stands at 未填.
    """
    r = c.athletes.c
    key = {"unit_code": r.unit_code, "school_code": r.school_code, "sport": r.sport, "athlete_grade": r.athlete_grade,
           "status": r.status}  # fmt: skip
    return grouped(
        c, c.athletes, key,
        {"athletes": number(), "male": number(r.sex == "男"), "female": number(r.sex == "女"),
         "sent_on": number(in_year(c, r.sent_on))},
    )  # fmt: skip


def venue(c: Tables) -> Select[Any]:
    """Venues of each unit, township and kind: number, area in square metres, how they are open and how they were found.

    `inspected` were checked in the year; results are those of the last check, of whatever year.
    """
    v = c.venues.c
    key = {"unit_code": v.unit_code, "township_code": v.township_code, "kind": v.kind}
    told = {**{name: number(v.opening == word) for name, word in OPENINGS.items()},
            **{name: number(v.inspection == word) for name, word in INSPECTIONS.items()}}  # fmt: skip
    return grouped(
        c, c.venues, key,
        {"venues": number(), "area": exact(v.area), "farmers_projects": number(func.coalesce(v.farmers_project, False)),
         "inspected": number(in_year(c, v.inspected_on)), **told},
    )  # fmt: skip


FACTS = (
    Fact("fact_registration", ("athletes",), registration),
    Fact("fact_venue", ("venues",), venue),
)
