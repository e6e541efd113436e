"""Facts of schools: pupils by stage and grade, classes by size, staff by stage, rooms and equipment.

The school is the row's own, a teaching point beside its central school; `dim_school` tells where it merges.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, case, func

from assets.facts.grain import Fact, exact, grouped, number, school, wholes
from assets.indicators.catalogue import Tables
from assets.indicators.staff import stage_of
from expectations.size_bands import load_size_bands

ORDINARY = "普通"
"""What an empty kind of class means."""


def enrolment(c: Tables) -> Select[Any]:
    """Pupils of each school, stage and grade, and those among them of each group."""
    r = c.enrolment
    return grouped(
        c, r, {**school(r), "stage": r.c.stage, "grade": r.c.grade},
        wholes(r, "pupils", "girls", "boarders", "minority", "left_behind", "migrant", "disabled_visual",
               "disabled_hearing", "disabled_intellectual", "entrants", "leavers", "transferred_in", "transferred_out",
               "other_in", "other_out"),
    )  # fmt: skip


def class_size(c: Tables) -> Select[Any]:
    """Classes of each school, stage, grade, kind of class and band of size; a class without a number is in no band."""
    r = c.class_ledger
    key = {"stage": r.c.stage, "grade": r.c.grade, "class_kind": func.coalesce(r.c.class_kind, ORDINARY),
           "size_band": band_of(r.c.pupils)}  # fmt: skip
    return grouped(c, r, {**school(r), **key}, {"classes": number(), **wholes(r, "pupils", "boys", "girls")})


def band_of(pupils: ColumnElement[int]) -> ColumnElement[Any]:
    """The band in which a class of that many pupils is; both ends of a band belong to it."""
    return case(*((pupils.between(b.least, b.most) if b.most else pupils >= b.least, b.band)
                  for b in load_size_bands()))  # fmt: skip


def staff(c: Tables) -> Select[Any]:
    """Staff of each school and stage; a row that names no stage has that of its school's kind, if there is one."""
    r = c.staff
    return grouped(
        c, r, {**school(r), "stage": stage_of(r)},
        wholes(r, "staff", "teachers", "qualified_above", "key_teachers", "arts_pe_teachers", "specialist_teachers",
               "dual_qualified", "off_post", "ghost_pay", "misused_posts", "unapproved_hires", "seconded"),
    )  # fmt: skip


def facilities(c: Tables) -> Select[Any]:
    """Rooms, grounds and equipment of each school: areas in square metres, the value of equipment in 分."""
    r = c.facilities
    areas = {name: exact(r.c[name]) for name in ("teaching_area", "indoor_sports_area", "sports_ground_area")}
    return grouped(c, r, school(r), {**areas, **wholes(r, "equipment_value", "multimedia_rooms", "books", "computers")})


FACTS = (
    Fact("fact_enrolment", ("enrolment",), enrolment),
    Fact("fact_class_size", ("class_ledger",), class_size),
    Fact("fact_staff", ("staff",), staff),
    Fact("fact_facilities", ("facilities",), facilities),
)
