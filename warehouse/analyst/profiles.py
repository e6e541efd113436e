"""Profiles: what is known of a unit, and of a school, in a year, on one line. Sums are of rows that say a number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Table,
    and_,
    case,
    cast,
    func,
    null,
    select,
    true,
    union_all,
)
from sqlalchemy.types import TypeEngine

from warehouse.analyst.shape import (
    Code,
    Columns,
    View,
    labelled,
    per,
    stands_in_year,
    total,
    unit_name,
    yuan,
)
from warehouse.schema import (
    STORED,
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
from warehouse.table_views import in_newest

STAGES = {
    "preschool": "幼儿园", "primary": "小学", "junior": "初中", "senior": "普通高中", "vocational": "中职",
    "special": "特教",
}  # fmt: skip
"""Stages as the facts store them, by their English word."""

LARGE_CLASS = 56
"""From so many pupils on a class is a large one; where a band of the census begins."""

Key = tuple[str, ...]
Sums = Mapping[str, ColumnElement[Any]]

UNIT: Key = ("year", "unit_code")
SCHOOL: Key = (*UNIT, "school_code")


def _sums(fact: Table, by: Key, sums: Sums) -> Select[Any]:
    """The newest release's sums of a fact by these columns of its key.

    They are grouped by part as well, which holds one year: so rows come in the order of the key and nothing is sorted.
    """
    rows = STORED[fact]
    key = [rows.c[name] for name in by]
    columns = (column.label(name) for name, column in sums.items())
    return select(*key, *columns).where(in_newest(fact)).group_by(rows.c.part_id, *key)


def _totals(fact: Table, by: Key, *names: str) -> Select[Any]:
    return _sums(fact, by, {name: total(STORED[fact].c[name]) for name in names})


def _classes(by: Key) -> Select[Any]:
    rows, band = STORED[fact_class_size].c, dim_size_band.c
    is_large = rows.size_band.in_(select(band.size_band).where(band.least >= LARGE_CLASS))
    is_known = func.count(rows.classes) > 0
    large = case((is_known, func.coalesce(total(rows.classes, is_large), 0)))
    return _sums(fact_class_size, by, {"classes": total(rows.classes), "large_classes": large})


def _pupils_by_stage() -> Select[Any]:
    rows = STORED[fact_enrolment].c
    by_stage = {f"pupils_{name}": total(rows.pupils, rows.stage == stage) for name, stage in STAGES.items()}
    return _sums(fact_enrolment, UNIT, {"pupils": total(rows.pupils), **by_stage})


def _schools() -> Select[Any]:
    """How many schools have pupils; grouped first, because distinct ones are counted by sorting all rows."""
    schools = _sums(fact_enrolment, SCHOOL, {}).subquery().c
    key = [schools[name] for name in UNIT]
    return select(*key, func.count().label("schools")).group_by(*key)


def _venues() -> Select[Any]:
    rows = STORED[fact_venue].c
    return _sums(fact_venue, UNIT, {"venues": total(rows.venues), "venue_area": func.sum(rows.area)})


def _beside(key: Key, *told: Select[Any]) -> Subquery:
    """What the selects tell of the same key on one row; a column that none tells is empty.

    Each tells a key at most once. They are put one below the other: so no engine joins them row by row, and what a
    reader asks of the key is asked of each before it adds up.
    """
    types = {str(c.key): c.type for each in told for c in each.selected_columns if c.key not in key}
    below = union_all(*(_filled(each, key, types) for each in told)).subquery("told")
    own = [below.c[name] for name in key]
    return select(*own, *(func.max(below.c[name]).label(name) for name in types)).group_by(*own).subquery("profile")


def _filled(told: Select[Any], key: Key, types: Mapping[str, TypeEngine[Any]]) -> Select[Any]:
    """The select with a column for each of these types, empty where it has none."""
    own = told.selected_columns
    columns = (own[name] if name in own else cast(null(), kind).label(name) for name, kind in types.items())
    return told.with_only_columns(*(own[name] for name in key), *columns)


def _of_units() -> Subquery:
    """A row per year and reporting unit, with what is known of it."""
    units = select(dim_year.c.year, dim_unit.c.unit_code).select_from(dim_unit.join(dim_year, true()))
    return _beside(
        UNIT, units, _schools(), _pupils_by_stage(), _totals(fact_staff, UNIT, "staff", "teachers"), _classes(UNIT),
        _totals(fact_aid, UNIT, "payments", "amount_paid"), _venues(), _verdicts(), _open_findings(),
    )  # fmt: skip


def _region_profile(is_chinese: bool) -> Select[Any]:
    """A row per year and reporting unit, the bureau's own offices aside."""
    told, record = _of_units(), unit_record.c
    m = told.c
    columns: Columns = {
        "year": ("年度", dim_year.c.year),
        "unit_code": ("单位代码", dim_unit.c.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "schools": ("有学生的学校和教学点数", m.schools),
        "pupils": ("在校生数", m.pupils),
        **{f"pupils_{name}": (f"{stage}在校生数", m[f"pupils_{name}"]) for name, stage in STAGES.items()},
        "staff": ("教职工数", m.staff),
        "teachers": ("专任教师数", m.teachers),
        "classes": ("班数", m.classes),
        "large_classes": ("大班额班数", m.large_classes),
        "payments": ("资助笔数", m.payments),
        "amount_paid": ("资助实发金额（元）", yuan(m.amount_paid)),
        "venues": ("体育场地数", m.venues),
        "venue_area": ("体育场地面积（平方米）", m.venue_area),
        **{name: (f"{zh}任务数", m[name]) for name, zh in VERDICT_COLUMNS.items()},
        "must_fix_count": ("必须修改的问题数", m.must_fix_count),
        "must_explain_count": ("待说明的问题数", m.must_explain_count),
        "on_time_share": ("按时率", record.on_time_share),
        "first_pass_share": ("首版通过率", record.first_pass_share),
    }
    joined = told.join(dim_year, dim_year.c.year == m.year).join(dim_unit, dim_unit.c.unit_code == m.unit_code)
    joined = joined.outerjoin(unit_record, and_(record.unit_code == m.unit_code, record.year == m.year))
    return labelled(columns, joined, is_chinese=is_chinese).where(dim_unit.c.is_bureau.is_(False))


VERDICT_COLUMNS = {"met": "达标", "missed": "未达标", "on_track": "推进中", "no_data": "无数据"}


def _verdicts() -> Select[Any]:
    """How many commitments of each verdict a unit has in a year."""
    rows = STORED[fact_verdict].c
    counts = (func.count().filter(rows.verdict == name).label(name) for name in VERDICT_COLUMNS)
    found = select(rows.year, rows.region_code.label("unit_code"), *counts).where(in_newest(fact_verdict))
    return found.group_by(rows.year, rows.region_code)


def _open_findings() -> Select[Any]:
    """Findings of what stands, by year and unit."""
    m = status_matrix.c
    counts = (total(m[name]).label(name) for name in ("must_fix_count", "must_explain_count"))
    return select(m.year, m.unit_code, *counts).group_by(m.year, m.unit_code)


def _school_profile(is_chinese: bool) -> Select[Any]:
    """A row per year and school or teaching point of a list that stands in it, or that a fact speaks of."""
    told, school = _of_schools(), dim_school.c
    m = told.c
    columns: Columns = {
        "year": ("年度", m.year),
        "unit_code": ("单位代码", m.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "school_code": ("学校代码", m.school_code),
        "school": ("学校", school.name),
        "school_kind": ("办学类型", Code("school.kind", school.kind)),
        "sponsor": ("举办者", Code("school.sponsor", school.sponsor)),
        "urban_rural": ("城乡分类", Code("school.urban_rural", school.urban_rural)),
        "township_code": ("乡镇代码", school.township_code),
        "township": ("乡镇", dim_region.c.name_zh),
        "is_counted": ("是否计校数", school.is_counted),
        "parent_school_code": ("主校代码", school.parent_school_code),
        "pupils": ("在校生数", m.pupils),
        "boarders": ("寄宿生数", m.boarders),
        "classes": ("班数", m.classes),
        "large_classes": ("大班额班数", m.large_classes),
        "staff": ("教职工数", m.staff),
        "teachers": ("专任教师数", m.teachers),
        "pupils_per_teacher": ("生师比", per(m.pupils, m.teachers)),
        "teaching_area": ("教学及辅助用房面积（平方米）", m.teaching_area),
        "sports_ground_area": ("运动场地面积（平方米）", m.sports_ground_area),
        "equipment_value": ("教学仪器设备值（元）", yuan(m.equipment_value)),
        "books": ("图书册数", m.books),
        "computers": ("计算机台数", m.computers),
        "payments": ("资助笔数", m.payments),
        "amount_paid": ("资助实发金额（元）", yuan(m.amount_paid)),
    }
    joined = told.join(dim_year, dim_year.c.year == m.year).outerjoin(dim_unit, dim_unit.c.unit_code == m.unit_code)
    same = and_(school.school_code == m.school_code, school.unit_code == m.unit_code, stands_in_year())
    joined = joined.outerjoin(dim_school, same).outerjoin(dim_region, dim_region.c.region_code == school.township_code)
    return labelled(columns, joined, is_chinese=is_chinese)


def _of_schools() -> Subquery:
    """A row per year and school of a list that stands in it, or that a fact speaks of, with its measures."""
    return _beside(
        SCHOOL, _listed(), _totals(fact_enrolment, SCHOOL, "pupils", "boarders"), _classes(SCHOOL), _rooms(),
        _totals(fact_staff, SCHOOL, "staff", "teachers"), _totals(fact_aid, SCHOOL, "payments", "amount_paid"),
    )  # fmt: skip


def _listed() -> Select[Any]:
    """The schools of lists that stand in a year, once for each span."""
    key = (dim_year.c.year, dim_school.c.unit_code, dim_school.c.school_code)
    return select(*key).select_from(dim_school.join(dim_year, stands_in_year()))


def _rooms() -> Select[Any]:
    """Areas and equipment, of which a school has one row: nothing is added up, and an area stays exact."""
    rows = STORED[fact_facilities].c
    names = ("teaching_area", "sports_ground_area", "equipment_value", "books", "computers")
    return select(*(rows[name] for name in (*SCHOOL, *names))).where(in_newest(fact_facilities))


VIEWS = (
    View(
        "v_region_profile",
        "v_县域画像",
        "县域画像，年度×填报单位 / profile by year and reporting unit",
        _region_profile,
    ),
    View("v_school_profile", "v_学校画像", "学校画像，年度×学校 / profile by year and school", _school_profile),
)
