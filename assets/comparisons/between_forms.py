"""Between forms of one year: pupils in classes and in grades, teachers, leavers, kinds of school, and census forms.

Two forms that tell the same may come from one file (a census workbook) or from two. Rules stand in
`expectations/rules/between_forms.yaml`.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import yaml
from sqlalchemy import FromClause, Integer, Select, and_, case, cast, func, literal, select

import expectations
from assets.comparisons.selects import PLACE, answering, first_by, place_of
from assets.comparisons.tables import Years
from assets.indicators.staff import stage_of
from expectations.grades import top_grades

STAGES_OF_SCHOOLS = Path(expectations.__file__).parent / "reference" / "stages_of_schools.yaml"
BANDS = {
    "03": (1, 25), "04": (26, 30), "05": (31, 35), "06": (36, 40), "07": (41, 45), "08": (46, 50), "09": (51, 55),
    "10": (56, 60), "11": (61, 65), "12": (66, None),
}  # fmt: skip
"""Class sizes by row of forms 212 and 213; the last has no upper end."""
BAND_COLUMNS = {("基础基212", "1"): "小学", ("基础基213", "2"): "初中", ("基础基213", "7"): "普通高中"}
STOCK_ROWS = {"01": "幼儿园", "04": "小学", "07": "初中", "10": "普通高中", "13": "特教"}
"""Rows of form 331 that tell all pupils of a stage."""
CHILDREN_IN_CLASS = {"K1": 25, "K2": 30, "K3": 35}


def pupils_by_class(years: Years) -> Select[Any]:
    """Pupils of each school and grade as enrolled and as its classes hold them; `most`: children that a group may have.

    A grade that stands in one of both alone has no pupils in the other, if that dataset has rows of the school at all;
    of one that enrolment lacks, its file answers without a row.
    """
    rows, classes = years.this["enrolment"], years.this["class_ledger"]
    key = ("unit_code", "school_code", "stage", "grade")
    held = select(classes.c.school_code).distinct().subquery("held")
    files = select(rows.c.school_code, func.min(rows.c.submission_id).label("submission_id")).group_by(
        rows.c.school_code
    ).subquery("files")  # fmt: skip
    enrolled = (
        select(*(rows.c[name] for name in key), *answering(rows), func.sum(rows.c.pupils).label("pupils"))
        .group_by(*(rows.c[name] for name in key)).subquery("enrolled")
    )  # fmt: skip
    in_classes = _classes_of_grades(classes, key).subquery("in_classes")
    same = and_(*(in_classes.c[name] == enrolled.c[name] for name in key))
    told = {name: func.coalesce(enrolled.c[name], in_classes.c[name]) for name in key}
    size = func.coalesce(in_classes.c.in_ordinary, 0) / func.nullif(cast(in_classes.c.ordinary_classes, Integer), 0)
    both = (
        enrolled.join(in_classes, same, full=True).join(files, files.c.school_code == told["school_code"])
        .join(held, held.c.school_code == told["school_code"])
    )  # fmt: skip
    return select(
        *(column.label(name) for name, column in told.items()), enrolled.c.sheet, enrolled.c.row,
        func.coalesce(enrolled.c.submission_id, files.c.submission_id).label("submission_id"),
        literal("pupils").label("cell_column"), func.coalesce(enrolled.c.pupils, 0).label("pupils"),
        func.coalesce(in_classes.c.in_classes, 0).label("in_classes"),
        func.coalesce(in_classes.c.classes, 0).label("classes"), size.label("mean_size"),
        case(CHILDREN_IN_CLASS, value=told["grade"]).label("most"),
    ).select_from(both)  # fmt: skip


def _classes_of_grades(classes: FromClause, key: Sequence[str]) -> Select[Any]:
    """Pupils and number of the classes of each grade, and of the ordinary ones among them."""
    ordinary = func.coalesce(classes.c.class_kind, "普通").in_(("普通", "附设"))
    return select(
        *(classes.c[name] for name in key), func.sum(classes.c.pupils).label("in_classes"),
        func.count().label("classes"), func.count().filter(ordinary).label("ordinary_classes"),
        func.sum(classes.c.pupils).filter(ordinary).label("in_ordinary"),
    ).group_by(*(classes.c[name] for name in key))  # fmt: skip


def class_sizes(years: Years) -> Select[Any]:
    """Classes of each school and stage, those of its teaching points among them, with their mean size."""
    classes = years.this["class_ledger"]
    mean = func.sum(classes.c.pupils) * 1.0 / func.count()
    return select(
        classes.c.unit_code, classes.c.counted_school_code.label("school_code"), classes.c.stage, *answering(classes),
        literal("pupils").label("cell_column"), func.count().label("classes"), mean.label("mean_size"),
    ).group_by(classes.c.unit_code, classes.c.counted_school_code, classes.c.stage)  # fmt: skip


def staffing(years: Years) -> Select[Any]:
    """Pupils and teachers of each school and stage, where both are told; rows of staff answer.

    A row of staff that names no stage is of the one that its kind of school has. Where that is several, its school is
    not asked, because teachers of any stage may be in it.
    """
    rows, staff = years.this["enrolment"], years.this["staff"]
    pupils = (
        select(rows.c.counted_school_code.label("school_code"), rows.c.stage, func.sum(rows.c.pupils).label("pupils"))
        .group_by(rows.c.counted_school_code, rows.c.stage).subquery("pupils")
    )  # fmt: skip
    stage, school = stage_of(staff), staff.c.counted_school_code
    teachers = (
        select(
            staff.c.unit_code, school.label("school_code"), stage.label("stage"), *answering(staff),
            func.sum(staff.c.teachers).label("teachers"),
        )
        .where(school.not_in(select(school).where(stage.is_(None))))
        .group_by(staff.c.unit_code, school, stage).subquery("teachers")
    )  # fmt: skip
    same = and_(pupils.c.school_code == teachers.c.school_code, pupils.c.stage == teachers.c.stage)
    each = pupils.c.pupils * 1.0 / func.nullif(teachers.c.teachers, 0)
    return select(
        *teachers.c, literal("teachers").label("cell_column"), pupils.c.pupils, each.label("pupils_each")
    ).select_from(teachers.join(pupils, same))


def graduates(years: Years) -> Select[Any]:
    """Leavers of junior and vocational grades as enrolment and as the destinations of leavers tell them."""
    rows, went = years.this["enrolment"], years.this["graduate_destinations"]
    left = (
        select(rows.c.school_code, func.sum(rows.c.leavers).label("leavers"))
        .where(rows.c.grade.in_(top_grades("初中", "中职")), rows.c.leavers.is_not(None))
        .group_by(rows.c.school_code).subquery("left_school")
    )  # fmt: skip
    return select(
        went.c.unit_code, went.c.school_code, went.c.submission_id, went.c.sheet, went.c.row,
        literal("graduates").label("cell_column"), went.c.graduates, left.c.leavers,
    ).select_from(went.join(left, left.c.school_code == went.c.school_code))  # fmt: skip


def stages_of_kind(years: Years) -> Select[Any]:
    """Each stage in which a school has pupils beside its kind; `is_held`: whether schools of the kind may hold it."""
    rows, school = years.this["enrolment"], years.this["school"]
    allowed = years.hold("allowed", _allowed())
    kinds = (
        select(school.c.school_code, func.min(school.c.kind).label("kind"), func.count().label("lists"))
        .group_by(school.c.school_code).subquery("kinds")
    )  # fmt: skip
    told = (
        select(
            rows.c.unit_code, rows.c.school_code, rows.c.stage, *answering(rows),
            func.sum(rows.c.pupils).label("pupils"),
        )
        .group_by(rows.c.unit_code, rows.c.school_code, rows.c.stage).subquery("told")
    )  # fmt: skip
    held = and_(allowed.c.kind == kinds.c.kind, allowed.c.stage == told.c.stage)
    return (
        select(
            *told.c, literal("stage").label("cell_column"), kinds.c.kind,
            case((allowed.c.kind.is_not(None), 1), else_=0).label("is_held"),
        )
        .select_from(told.join(kinds, kinds.c.school_code == told.c.school_code).outerjoin(allowed, held))
        .where(told.c.pupils > 0, kinds.c.lists == 1)
    )  # fmt: skip


@functools.cache
def _allowed() -> pa.Table:
    told: dict[str, list[str]] = yaml.safe_load(STAGES_OF_SCHOOLS.read_text("utf-8"))
    rows = [{"stage": stage, "kind": kind} for stage, kinds in told.items() for kind in kinds]
    return pa.Table.from_pylist(rows, pa.schema([("stage", pa.string()), ("kind", pa.string())]))


def class_bands(years: Years) -> Select[Any]:
    """The fewest and the most pupils that the bands of class sizes of a workbook hold, beside its pupils, by stage."""
    cells = years.this["census_cell"]
    stage = case(*((and_(cells.c.form == form, cells.c.column_code == code), stage)
                   for (form, code), stage in BAND_COLUMNS.items()))  # fmt: skip
    lower, upper = (case({row: ends[at] for row, ends in BANDS.items() if ends[at]}, value=cells.c.row_code)
                    for at in (0, 1))  # fmt: skip
    open_end = func.bool_or(and_(cells.c.row_code == "12", cells.c.value > 0))
    most = case((open_end.is_(False), func.sum(cells.c.value * upper)))
    bands = (
        select(
            cells.c.unit_code, cells.c.school_code, stage.label("stage"), *answering(cells, "cell"),
            func.sum(cells.c.value).label("classes"),
            func.sum(cells.c.value * lower).label("fewest"), most.label("most"),
        )
        .where(stage.is_not(None), cells.c.row_code.in_(BANDS), cells.c.school_year == years.school_year)
        .group_by(cells.c.unit_code, cells.c.school_code, stage).subquery("bands")
    )  # fmt: skip
    pupils = _pupils_of_stages(years)
    same = and_(pupils.c.school_code == bands.c.school_code, pupils.c.stage == bands.c.stage)
    return select(*bands.c, literal("value").label("cell_column"), pupils.c.pupils).select_from(
        bands.join(pupils, same)
    )


def _pupils_of_stages(years: Years) -> Any:
    """Pupils, entrants and leavers by school and stage; sums are empty where nothing is told."""
    rows = years.this["enrolment"]
    return (
        select(
            rows.c.school_code, rows.c.stage, func.sum(rows.c.pupils).label("pupils"),
            func.sum(rows.c.entrants).label("entrants"), func.sum(rows.c.leavers).label("leavers"),
        )
        .group_by(rows.c.school_code, rows.c.stage).subquery("of_stages")
    )  # fmt: skip


def census_stocks(years: Years) -> Select[Any]:
    """Pupils, entrants and leavers of a stage as form 331 of a workbook tells them, beside those of its grades."""
    cells, pupils = years.this["census_cell"], _pupils_of_stages(years)

    def told(column: str) -> Any:
        return func.max(cells.c.value).filter(cells.c.column_code == column)

    stage = case(STOCK_ROWS, value=cells.c.row_code)
    pupils_first = case((cells.c.column_code == "15", "0"), else_="1") + place_of(cells)
    form = (
        select(
            cells.c.unit_code, cells.c.school_code, stage.label("stage"),
            *first_by(cells, pupils_first, (*PLACE, "cell")), told("15").label("told_pupils"),
            told("3").label("told_entrants"), told("8").label("told_leavers"),
        )
        .where(cells.c.form == "基础基331", stage.is_not(None), cells.c.school_year == years.school_year)
        .group_by(cells.c.unit_code, cells.c.school_code, stage).subquery("form")
    )  # fmt: skip
    same = and_(pupils.c.school_code == form.c.school_code, pupils.c.stage == form.c.stage)
    return select(
        *form.c, literal("value").label("cell_column"), pupils.c.pupils, pupils.c.entrants, pupils.c.leavers
    ).select_from(form.join(pupils, same))


def trained(years: Years) -> Select[Any]:
    """The base of those trained (form 442) beside last year's full-time teachers (form 431), by workbook and row."""
    base, stock = years.this["census_cell"].alias("base"), years.this["census_cell"].alias("stock")
    same = and_(
        stock.c.submission_id == base.c.submission_id, stock.c.form == "基础基431", stock.c.row_code == base.c.row_code,
        stock.c.column_code == "1",
    )  # fmt: skip
    return (
        select(
            base.c.unit_code, base.c.school_code, base.c.submission_id, base.c.sheet, base.c.row, base.c.cell,
            literal("value").label("cell_column"), base.c.row_code, base.c.value.label("base"),
            stock.c.value.label("teachers"),
        )
        .select_from(base.join(stock, same))
        .where(base.c.form == "基础基442", base.c.column_code == "1", base.c.school_year == years.school_year)
    )  # fmt: skip
