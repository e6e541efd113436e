"""What schools have for each pupil, by stage: teachers, rooms, equipment, books (articles 9, 12, 20, 22).

How evenly it is spread over schools, and which schools and counties reach a standard, is in `balance.py`; pupils per
teacher in `staff.py`. Here a school that does not count has merged into its parent before anything is divided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Subquery, Table, and_, case, cast, func, literal, not_, or_, select

from assets.indicators.catalogue import REGIONS, SCHOOLS_AND_REGIONS, Indicator, Need, Tables, indicator
from assets.indicators.formulas import Condition, Count, Ratio, in_yuan
from assets.indicators.sql import quotient
from assets.indicators.staff import stage_of
from assets.plans.gap import Work

WEIGHTS: Mapping[str, int] = {"小学": 100, "初中": 110, "普通高中": 132, "中职": 132}
"""What a pupil of each stage weighs when a school's rooms are split among its stages: 1 : 1.1 : 1.32."""

TEACHING_POINT = "218"


@dataclass(frozen=True)
class Stage:
    """A stage: the word in ids, the word stored, and how it is named."""

    id: str
    stored: str
    name_en: str


@dataclass(frozen=True)
class Resource:
    """Something that schools have for their pupils; `id` is also the column of `teachers_of` or `rooms_of` to add up.

    `times`: of how many pupils it is told, 1 or 100; the numerator is multiplied by it, so that the unit is right.
    """

    id: str
    name_zh: str
    name_en: str
    unit: str
    counted: str
    definition_zh: str
    definition_en: str
    dataset: str
    times: int = 1

    def rows(self, c: Tables) -> Subquery:
        """The table, a row per school and stage, that has its column."""
        return c.shared(teachers_of if self.dataset == "staff" else rooms_of)

    @property
    def needs(self) -> tuple[Need, ...]:
        """The datasets that it is made from."""
        return Need("enrolment"), Need(self.dataset), Need("school")

    @property
    def ledgers(self) -> str:
        """The same, in the words of the forms."""
        return f"在校生统计、{'教职工统计' if self.dataset == 'staff' else '办学条件'}、学校名录"


PRIMARY = Stage("primary", "小学", "primary schools")
JUNIOR = Stage("junior", "初中", "junior schools")
SENIOR = Stage("senior", "普通高中", "general senior schools")
VOCATIONAL = Stage("vocational", "中职", "vocational schools")

TEACHING_AREA = Resource(
    "teaching_area_per_pupil", "生均教学及辅助用房面积", "Teaching area per pupil", "平方米/人", "平方米",
    "教学及辅助用房面积（不含室内体育用房）除以学生数。", "Floor space for teaching, indoor sports aside, per pupil.",
    "facilities",
)  # fmt: skip
EQUIPMENT = Resource(
    "equipment_per_pupil", "生均教学仪器设备值", "Teaching equipment per pupil", "元/人", "元",
    "教学仪器设备值除以学生数。", "Value of teaching equipment in yuan per pupil.", "facilities",
)  # fmt: skip
COMPARED: tuple[Resource, ...] = (
    Resource(
        "qualified_teachers_per_100", "每百名学生拥有高于规定学历教师数", "Highly qualified teachers per 100 pupils",
        "名/百人", "名教师", "高于规定学历的专任教师数乘100，除以学生数。",
        "Teachers with a higher degree than the stage asks for, per 100 pupils.", "staff", times=100,
    ),
    Resource(
        "key_teachers_per_100", "每百名学生拥有县级以上骨干教师数", "Key teachers per 100 pupils",
        "名/百人", "名教师", "县级以上骨干教师数乘100，除以学生数。",
        "Key teachers of county level and above, per 100 pupils.", "staff", times=100,
    ),
    Resource(
        "arts_pe_teachers_per_100", "每百名学生拥有体育、艺术教师数", "Teachers of arts and sports per 100 pupils",
        "名/百人", "名教师", "体育、艺术（音乐、美术）专任教师数乘100，除以学生数。",
        "Teachers of physical education and the arts, per 100 pupils.", "staff", times=100,
    ),
    TEACHING_AREA,
    Resource(
        "sports_area_per_pupil", "生均体育运动场馆面积", "Sports area per pupil", "平方米/人", "平方米",
        "运动场地面积与室内体育用房面积之和除以学生数。", "Sports grounds and indoor sports rooms, per pupil.",
        "facilities",
    ),
    EQUIPMENT,
    Resource(
        "multimedia_rooms_per_100", "每百名学生拥有网络多媒体教室数", "Multimedia classrooms per 100 pupils",
        "间/百人", "间教室", "网络多媒体教室数乘100，除以学生数。",
        "Classrooms with network and multimedia equipment, per 100 pupils.", "facilities", times=100,
    ),
)  # fmt: skip
BOOKS = Resource(
    "books_per_pupil", "生均图书册数", "Books per pupil", "册/人", "册图书", "图书册数除以学生数。",
    "Books of the library, per pupil.", "facilities",
)  # fmt: skip
COMPUTERS = Resource(
    "computers_per_100", "每百名学生拥有计算机台数", "Computers per 100 pupils", "台/百人", "台计算机",
    "计算机台数乘100，除以学生数。", "Computers, per 100 pupils.", "facilities", times=100,
)  # fmt: skip

MERGED_ZH = "不计校数的先并入主校；一校多学段的，校舍、设备按各学段学生数以1∶1.1∶1.32加权分摊。"
COMPARED_ZH = "职业学校、特殊教育学校和规模过小的教学点（见参数）不计。"
COMPARED_EN = " Vocational and special schools and very small teaching points are left out."


def stages_of_schools(c: Tables) -> Subquery:
    """Pupils of each counted school and stage, the school's kind, and the part of its rooms that the stage takes.

    `part` of `parts`: pupils by their weight, of the stage and of the whole school. Kindergartens, attached ones
    included, and classes of special education take no part; a stage without pupils has no row.
    """
    e = c.enrolment.c
    key = (e.unit_code, e.counted_school_code, e.stage)
    pupils = cast(func.sum(e.pupils), BigInteger).label("pupils")
    stages = select(*key, pupils).where(e.stage.in_(tuple(WEIGHTS))).group_by(*key).having(func.sum(e.pupils) > 0)
    told = stages.subquery("pupils_of")
    p = told.c
    part = cast(p.pupils * case(WEIGHTS, value=p.stage), BigInteger)
    parts = cast(func.sum(part).over(partition_by=(p.unit_code, p.counted_school_code)), BigInteger)
    kinds = _kinds(c.school)
    same = and_(kinds.c.unit_code == p.unit_code, kinds.c.school_code == p.counted_school_code)
    return (
        select(p.unit_code, p.counted_school_code, p.stage, p.pupils, part.label("part"), parts.label("parts"),
               kinds.c.kind)
        .select_from(told.outerjoin(kinds, same)).subquery("stage_of_school")
    )  # fmt: skip


def _kinds(school: Table) -> Subquery:
    key = (school.c.unit_code, school.c.school_code)
    return select(*key, func.min(school.c.kind).label("kind")).group_by(*key).subquery("kind_of")


def _whole_sum(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """The sum of a group of rows; empty where one of them is."""
    return case((func.count(column) == func.count(), func.sum(column)))


def teachers_of(c: Tables) -> Subquery:
    """Pupils and teachers of each counted school and stage, teachers times 100; empty where they are not known."""
    s, schools = c.staff.c, c.shared(stages_of_schools)
    stage = stage_of(c.staff)
    key = (s.unit_code, s.counted_school_code)
    numbers = {"qualified_teachers_per_100": s.qualified_above, "key_teachers_per_100": s.key_teachers,
               "arts_pe_teachers_per_100": s.arts_pe_teachers}  # fmt: skip
    sums = (cast(_whole_sum(column) * 100, BigInteger).label(name) for name, column in numbers.items())
    staff = select(*key, stage.label("stage"), *sums).group_by(*key, stage).subquery("staff_of")
    same = and_(_same_school(staff, schools), staff.c.stage == schools.c.stage)
    return _beside(schools, staff, same, {name: staff.c[name] for name in numbers}, "teachers_of")


def rooms_of(c: Tables) -> Subquery:
    """Pupils of each counted school and stage with the part of the school's rooms and equipment that the stage takes.

    Areas in square metres, equipment in 元, multimedia rooms and computers times 100; the part has four decimals, half
    up. Empty where one of the numbers that it is made of is.
    """
    f, schools = c.facilities.c, c.shared(stages_of_schools)
    key = (f.unit_code, f.counted_school_code)
    numbers = {
        "teaching_area_per_pupil": _whole_sum(f.teaching_area - f.indoor_sports_area),
        "sports_area_per_pupil": _whole_sum(f.sports_ground_area + f.indoor_sports_area),
        "equipment_per_pupil": _whole_sum(in_yuan(f.equipment_value)),
        "multimedia_rooms_per_100": _whole_sum(f.multimedia_rooms) * 100,
        "books_per_pupil": _whole_sum(f.books),
        "computers_per_100": _whole_sum(f.computers) * 100,
    }
    sums = (number.label(name) for name, number in numbers.items())
    rooms = select(*key, *sums).group_by(*key).subquery("rooms_of_school")
    split = {name: _split(rooms.c[name], schools) for name in numbers}
    return _beside(schools, rooms, _same_school(rooms, schools), split, "rooms_of")


def _split(value: ColumnElement[Any], schools: Subquery) -> ColumnElement[Any]:
    """The stage's part of what the school has, to four decimals, half away from zero; computed in whole numbers."""
    return quotient(func.abs(value) * schools.c.part, schools.c.parts) * func.sign(value)


def _same_school(rows: Subquery, schools: Subquery) -> Condition:
    return and_(rows.c.unit_code == schools.c.unit_code, rows.c.counted_school_code == schools.c.counted_school_code)


def _beside(
    schools: Subquery, rows: Subquery, same: Condition, told: Mapping[str, ColumnElement[Any]], name: str
) -> Subquery:
    """Every school and stage, with what the rows tell of it; empty where they have no row of it."""
    ours = (schools.c[column] for column in ("unit_code", "counted_school_code", "stage", "pupils", "kind"))
    columns = (column.label(label) for label, column in told.items())
    return select(*ours, *columns).select_from(schools.outerjoin(rows, same)).subquery(name)


def is_compared(c: Tables, rows: Subquery, stage: Stage) -> Condition:
    """Whether the row is of the stage and of a school that counts when schools are compared; empty if its kind is."""
    kind = rows.c.kind
    is_too_small = and_(kind == TEACHING_POINT, rows.c.pupils < c.number("small_school_pupils"))
    left_out = or_(kind.startswith("36"), kind.startswith("51"), is_too_small)
    return and_(rows.c.stage == stage.stored, not_(left_out))


def per_pupil(resource: Resource, stage: Stage, basis: str, *, is_balanced: bool = False) -> Indicator:
    """What the schools of a stage have of a resource over their pupils; `basis`: where the plan asks for it.

    `is_balanced`: only of schools that count when schools are compared.
    """

    def define(c: Tables) -> Ratio:
        rows = resource.rows(c)
        among = is_compared(c, rows, stage) if is_balanced else rows.c.stage == stage.stored
        return Ratio(rows, rows.c[resource.id], rows.c.pupils, among)

    zh = f"{stage.stored}：{resource.definition_zh}{MERGED_ZH}{COMPARED_ZH if is_balanced else ''}"
    en = f"{resource.definition_en} In {stage.name_en}.{COMPARED_EN if is_balanced else ''}"
    return Indicator(
        id=f"{resource.id}_{stage.id}", name_zh=f"{stage.stored}{resource.name_zh}",
        name_en=f"{resource.name_en} in {stage.name_en}", unit=resource.unit, counted=resource.counted,
        theme="resources", definition_zh=zh, definition_en=en, source=f"{basis}；{resource.ledgers}",
        grains=SCHOOLS_AND_REGIONS, needs=resource.needs, define=define,
        work=Work("增加", resource.counted, resource.times),
    )  # fmt: skip


@indicator(
    "网络多媒体教室数", "Multimedia classrooms", "各类学校网络多媒体教室间数之和。",
    unit="间", counted="间教室", source="要点第12条；办学条件", needs=("facilities",), grains=REGIONS,
    work=Work("配备", "间网络多媒体教室"),
)  # fmt: skip
def multimedia_rooms(c: Tables) -> Count:
    """Classrooms with network and multimedia equipment in schools of every kind; a blank is unknown."""
    return Count(c.facilities, among=literal(True), of=c.facilities.c.multimedia_rooms)


INDICATORS = (
    *(
        per_pupil(resource, stage, "要点第9条", is_balanced=True)
        for resource in COMPARED
        for stage in (PRIMARY, JUNIOR)
    ),
    *(per_pupil(resource, SENIOR, "要点第22条") for resource in (TEACHING_AREA, EQUIPMENT)),
    *(per_pupil(resource, VOCATIONAL, "要点第20条") for resource in (TEACHING_AREA, EQUIPMENT)),
    *(per_pupil(BOOKS, stage, "要点第3条") for stage in (PRIMARY, JUNIOR, SENIOR)),
    *(per_pupil(COMPUTERS, stage, "要点第12条") for stage in (PRIMARY, JUNIOR, SENIOR)),
    multimedia_rooms,
)
