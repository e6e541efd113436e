"""Profiles: what is known of a unit, and of a school, in a year, on one line. Sums are of rows that say a number."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Subquery, Table, and_, func, select, true

from warehouse.analyst.shape import (
    Columns,
    View,
    code_name,
    labelled,
    per,
    stands_in_year,
    total,
    unit_name,
    yuan,
)
from warehouse.schema import (
    dim_region,
    dim_school,
    dim_size_band,
    dim_unit,
    dim_year,
    fact_verdict,
    status_matrix,
    unit_record,
)
from warehouse.schema.themes import (
    fact_aid,
    fact_class_size,
    fact_enrolment,
    fact_facilities,
    fact_staff,
    fact_venue,
)
from warehouse.table_views import NEWEST

STAGES = {
    "preschool": "幼儿园", "primary": "小学", "junior": "初中", "senior": "普通高中", "vocational": "中职",
    "special": "特教",
}  # fmt: skip
"""Stages as the facts store them, by their English word."""

LARGE_CLASS = 56
"""From so many pupils on a class is a large one; where a band of the census begins."""

Sums = dict[str, ColumnElement[Any]]


def _sums(fact: Table, grain: tuple[str, ...], sums: Sums, source: FromClause | None = None) -> Subquery:
    """The newest release's sums of a fact by year and grain."""
    key = [fact.c[name] for name in ("year", *grain)]
    rows = select(*key, *(column.label(name) for name, column in sums.items())).select_from(
        fact if source is None else source
    )
    return rows.where(fact.c.release_id == NEWEST).group_by(*key).subquery(f"of_{fact.name}")


def _classes(grain: tuple[str, ...]) -> Subquery:
    fact, band = fact_class_size, dim_size_band
    is_large = band.c.least >= LARGE_CLASS
    sums: Sums = {"classes": total(fact.c.classes), "large_classes": func.coalesce(total(fact.c.classes, is_large), 0)}
    return _sums(fact, grain, sums, fact.outerjoin(band, band.c.size_band == fact.c.size_band))


def _pupils(grain: tuple[str, ...]) -> Subquery:
    fact = fact_enrolment.c
    by_stage = {f"pupils_{name}": total(fact.pupils, fact.stage == stage) for name, stage in STAGES.items()}
    schools: Sums = {"schools": func.count(fact.school_code.distinct())}
    return _sums(fact_enrolment, grain, {"pupils": total(fact.pupils), "boarders": total(fact.boarders), **by_stage,
                                         **schools})  # fmt: skip


def _staff(grain: tuple[str, ...]) -> Subquery:
    fact = fact_staff.c
    return _sums(fact_staff, grain, {"staff": total(fact.staff), "teachers": total(fact.teachers)})


def _aid(grain: tuple[str, ...]) -> Subquery:
    fact = fact_aid.c
    return _sums(fact_aid, grain, {"payments": total(fact.payments), "amount_paid": total(fact.amount_paid)})


def _beside(base: FromClause, year: ColumnElement[Any], place: Columns, *tables: Subquery) -> FromClause:
    """The base with the sums of the same year and place; those that are not there are empty."""
    for table in tables:
        same = (table.c[name] == column for name, (_, column) in place.items())
        base = base.outerjoin(table, and_(table.c.year == year, *same))
    return base


def _region_profile(is_chinese: bool) -> Select[Any]:
    """A row per year and reporting unit, the bureau's own offices aside."""
    grain = ("unit_code",)
    pupils, staff, classes, aid = _pupils(grain), _staff(grain), _classes(grain), _aid(grain)
    venues = _sums(fact_venue, grain, {"venues": total(fact_venue.c.venues), "area": func.sum(fact_venue.c.area)})
    verdicts, open_ones, record = _verdicts(), _open_findings(), unit_record.c
    columns: Columns = {
        "year": ("年度", dim_year.c.year),
        "unit_code": ("单位代码", dim_unit.c.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "schools": ("有学生的学校和教学点数", pupils.c.schools),
        "pupils": ("在校生数", pupils.c.pupils),
        **{f"pupils_{name}": (f"{stage}在校生数", pupils.c[f"pupils_{name}"]) for name, stage in STAGES.items()},
        "staff": ("教职工数", staff.c.staff),
        "teachers": ("专任教师数", staff.c.teachers),
        "classes": ("班数", classes.c.classes),
        "large_classes": ("大班额班数", classes.c.large_classes),
        "payments": ("资助笔数", aid.c.payments),
        "amount_paid": ("资助实发金额（元）", yuan(aid.c.amount_paid)),
        "venues": ("体育场地数", venues.c.venues),
        "venue_area": ("体育场地面积（平方米）", venues.c.area),
        **{name: (f"{zh}任务数", verdicts.c[name]) for name, zh in VERDICT_COLUMNS.items()},
        "must_fix_count": ("必须修改的问题数", open_ones.c.must_fix_count),
        "must_explain_count": ("待说明的问题数", open_ones.c.must_explain_count),
        "on_time_share": ("按时率", record.on_time_share),
        "first_pass_share": ("首版通过率", record.first_pass_share),
    }
    base = dim_unit.join(dim_year, true())
    place: Columns = {"unit_code": ("", dim_unit.c.unit_code)}
    joined = _beside(base, dim_year.c.year, place, pupils, staff, classes, aid, venues, verdicts, open_ones)
    same = and_(record.unit_code == dim_unit.c.unit_code, record.year == dim_year.c.year)
    joined = joined.outerjoin(unit_record, same)
    return labelled(columns, joined, is_chinese=is_chinese).where(dim_unit.c.is_bureau.is_(False))


VERDICT_COLUMNS = {"met": "达标", "missed": "未达标", "on_track": "推进中", "no_data": "无数据"}


def _verdicts() -> Subquery:
    """How many commitments of each verdict a unit has in a year."""
    fact = fact_verdict.c
    counts = (func.count().filter(fact.verdict == name).label(name) for name in VERDICT_COLUMNS)
    rows = select(fact.year, fact.region_code.label("unit_code"), *counts).where(fact.release_id == NEWEST)
    return rows.group_by(fact.year, fact.region_code).subquery("of_verdicts")


def _open_findings() -> Subquery:
    """Findings of what stands, by year and unit."""
    m = status_matrix.c
    rows = select(m.year, m.unit_code, total(m.must_fix_count).label("must_fix_count"),
                  total(m.must_explain_count).label("must_explain_count"))  # fmt: skip
    return rows.group_by(m.year, m.unit_code).subquery("of_matrix")


def _school_profile(is_chinese: bool) -> Select[Any]:
    """A row per year and school or teaching point of a list that stands in it."""
    grain, school, rooms = ("unit_code", "school_code"), dim_school.c, fact_facilities.c
    pupils, staff, classes, aid = _pupils(grain), _staff(grain), _classes(grain), _aid(grain)
    columns: Columns = {
        "year": ("年度", dim_year.c.year),
        "unit_code": ("单位代码", school.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "school_code": ("学校代码", school.school_code),
        "school": ("学校", school.name),
        "school_kind": ("办学类型", code_name("school.kind", school.kind, is_chinese=is_chinese)),
        "sponsor": ("举办者", code_name("school.sponsor", school.sponsor, is_chinese=is_chinese)),
        "urban_rural": ("城乡分类", code_name("school.urban_rural", school.urban_rural, is_chinese=is_chinese)),
        "township_code": ("乡镇代码", school.township_code),
        "township": ("乡镇", dim_region.c.name_zh),
        "is_counted": ("是否计校数", school.is_counted),
        "parent_school_code": ("主校代码", school.parent_school_code),
        "pupils": ("在校生数", pupils.c.pupils),
        "boarders": ("寄宿生数", pupils.c.boarders),
        "classes": ("班数", classes.c.classes),
        "large_classes": ("大班额班数", classes.c.large_classes),
        "staff": ("教职工数", staff.c.staff),
        "teachers": ("专任教师数", staff.c.teachers),
        "pupils_per_teacher": ("生师比", per(pupils.c.pupils, staff.c.teachers)),
        "teaching_area": ("教学及辅助用房面积（平方米）", rooms.teaching_area),
        "sports_ground_area": ("运动场地面积（平方米）", rooms.sports_ground_area),
        "equipment_value": ("教学仪器设备值（元）", yuan(rooms.equipment_value)),
        "books": ("图书册数", rooms.books),
        "computers": ("计算机台数", rooms.computers),
        "payments": ("资助笔数", aid.c.payments),
        "amount_paid": ("资助实发金额（元）", yuan(aid.c.amount_paid)),
    }
    base = dim_school.join(dim_year, stands_in_year()).outerjoin(dim_unit, dim_unit.c.unit_code == school.unit_code)
    base = base.outerjoin(dim_region, dim_region.c.region_code == school.township_code)
    place: Columns = {name: ("", school[name]) for name in grain}
    joined = _beside(base, dim_year.c.year, place, pupils, staff, classes, aid)
    same = (rooms[name] == school[name] for name in grain)
    joined = joined.outerjoin(fact_facilities, and_(rooms.release_id == NEWEST, rooms.year == dim_year.c.year, *same))
    return labelled(columns, joined, is_chinese=is_chinese)


VIEWS = (
    View(
        "v_region_profile",
        "v_县域画像",
        "县域画像，年度×填报单位 / profile by year and reporting unit",
        _region_profile,
    ),
    View("v_school_profile", "v_学校画像", "学校画像，年度×学校 / profile by year and school", _school_profile),
)
