"""Profiles: what is known of a unit, and of a school, in a year, on one line. Sums are of rows that say a number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
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
from warehouse.column_types import Exact
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


def _sums(fact: Table, sums: Sums, source: FromClause | None = None) -> Subquery:
    """The newest release's sums of a fact by year and unit."""
    key = (fact.c.year, fact.c.unit_code)
    rows = select(*key, *(column.label(name) for name, column in sums.items())).select_from(
        fact if source is None else source
    )
    return rows.where(fact.c.release_id == NEWEST).group_by(*key).subquery(f"of_{fact.name}")


def _classes() -> Subquery:
    fact, band = fact_class_size, dim_size_band
    is_large = band.c.least >= LARGE_CLASS
    sums: Sums = {"classes": total(fact.c.classes), "large_classes": func.coalesce(total(fact.c.classes, is_large), 0)}
    return _sums(fact, sums, fact.outerjoin(band, band.c.size_band == fact.c.size_band))


def _pupils() -> Subquery:
    fact = fact_enrolment.c
    by_stage = {f"pupils_{name}": total(fact.pupils, fact.stage == stage) for name, stage in STAGES.items()}
    schools: Sums = {"schools": func.count(fact.school_code.distinct())}
    return _sums(fact_enrolment, {"pupils": total(fact.pupils), "boarders": total(fact.boarders), **by_stage,
                                         **schools})  # fmt: skip


def _staff() -> Subquery:
    fact = fact_staff.c
    return _sums(fact_staff, {"staff": total(fact.staff), "teachers": total(fact.teachers)})


def _aid() -> Subquery:
    fact = fact_aid.c
    return _sums(fact_aid, {"payments": total(fact.payments), "amount_paid": total(fact.amount_paid)})


def _beside(base: FromClause, *tables: Subquery) -> FromClause:
    """The units and years with the sums of the same unit and year; those that are not there are empty."""
    for table in tables:
        same = and_(table.c.year == dim_year.c.year, table.c.unit_code == dim_unit.c.unit_code)
        base = base.outerjoin(table, same)
    return base


def _region_profile(is_chinese: bool) -> Select[Any]:
    """A row per year and reporting unit, the bureau's own offices aside."""
    pupils, staff, classes, aid = _pupils(), _staff(), _classes(), _aid()
    venues = _sums(fact_venue, {"venues": total(fact_venue.c.venues), "area": func.sum(fact_venue.c.area)})
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
    joined = _beside(base, pupils, staff, classes, aid, venues, verdicts, open_ones)
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
    """A row per year and school or teaching point of a list that stands in it, or that a fact speaks of."""
    told, school = _of_each_school(), dim_school.c
    m = told.c
    columns: Columns = {
        "year": ("年度", m.year),
        "unit_code": ("单位代码", m.unit_code),
        "unit": ("单位", unit_name(is_chinese=is_chinese)),
        "school_code": ("学校代码", m.school_code),
        "school": ("学校", school.name),
        "school_kind": ("办学类型", code_name("school.kind", school.kind, is_chinese=is_chinese)),
        "sponsor": ("举办者", code_name("school.sponsor", school.sponsor, is_chinese=is_chinese)),
        "urban_rural": ("城乡分类", code_name("school.urban_rural", school.urban_rural, is_chinese=is_chinese)),
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


MEASURES: Mapping[Table, tuple[str, ...]] = {
    fact_enrolment: ("pupils", "boarders"),
    fact_class_size: ("classes", "large_classes"),
    fact_staff: ("staff", "teachers"),
    fact_facilities: ("teaching_area", "sports_ground_area", "equipment_value", "books", "computers"),
    fact_aid: ("payments", "amount_paid"),
}
"""What the profile of a school takes from each fact."""


def _of_each_school() -> Subquery:
    """The measures of each year and school, one row each: empty where no row says a number.

    The facts are put one below the other and added up, so that no engine joins one of them with another row by row.
    """
    rows = union_all(_listed(), *map(_measured, MEASURES)).subquery("told")
    key = (rows.c.year, rows.c.unit_code, rows.c.school_code)
    added = (_added(rows.c[name], name) for names in MEASURES.values() for name in names)
    return select(*key, *added).group_by(*key).subquery("of_school")


def _added(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """The sum of whole numbers; an area stands in one row alone, and stays exact."""
    return (func.max(column) if isinstance(column.type, Exact) else total(column)).label(name)


def _listed() -> Select[Any]:
    """The schools of lists that stand in a year, without a number."""
    nothing = _measures(lambda name, kind: cast(null(), kind))
    key = (dim_year.c.year, dim_school.c.unit_code, dim_school.c.school_code)
    return select(*key, *nothing).select_from(dim_school.join(dim_year, stands_in_year()))


def _measured(fact: Table) -> Select[Any]:
    """The rows of a fact with its measures, those of other facts empty."""
    is_large = dim_size_band.c.least >= LARGE_CLASS
    own: Sums = {name: fact.c[name] for name in MEASURES[fact] if name in fact.c}
    source: FromClause = fact
    if fact is fact_class_size:
        own["large_classes"] = case((is_large, fact.c.classes), else_=0)
        source = fact.outerjoin(dim_size_band, dim_size_band.c.size_band == fact.c.size_band)
    told = _measures(lambda name, kind: own.get(name, cast(null(), kind)))
    rows = select(fact.c.year, fact.c.unit_code, fact.c.school_code, *told).select_from(source)
    return rows.where(fact.c.release_id == NEWEST)


def _measures(column: Callable[[str, TypeEngine[Any]], ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """A column for each measure, of its type."""
    kinds = {name: fact.c[name].type if name in fact.c else BigInteger()
             for fact, names in MEASURES.items() for name in names}  # fmt: skip
    return [column(name, kind).label(name) for name, kind in kinds.items()]


VIEWS = (
    View(
        "v_region_profile",
        "v_县域画像",
        "县域画像，年度×填报单位 / profile by year and reporting unit",
        _region_profile,
    ),
    View("v_school_profile", "v_学校画像", "学校画像，年度×学校 / profile by year and school", _school_profile),
)
