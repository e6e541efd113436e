"""Compulsory schools: entry classes, large classes, children with one of three disabilities (article 9)."""

from __future__ import annotations

from sqlalchemy import and_, func

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.formulas import Condition, Count, Largest, Ratio, share


def is_entry_class(c: Tables, grade: str) -> Condition:
    """Whether the class is one of that first grade and of a kind that is judged; an empty kind is 普通."""
    r = c.class_ledger.c
    return and_(r.grade == grade, func.coalesce(r.class_kind, "普通").in_(c.words("entry_class_kinds")))


def _within(c: Tables, grade: str, limit: int) -> Ratio:
    return share(c.class_ledger, that=c.class_ledger.c.pupils <= limit, among=is_entry_class(c, grade))


def _largest(c: Tables, grade: str) -> Largest:
    return Largest(c.class_ledger, c.class_ledger.c.pupils, among=is_entry_class(c, grade))


@indicator(
    "小学起始年级班额达标率", "Entry classes of primary schools within the limit",
    "小学一年级普通班中，人数不超过上限（含上限）的班所占比例。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",),
)  # fmt: skip
def primary_entry_classes_within_limit(c: Tables) -> Ratio:
    """Ordinary classes of grade P1 with at most as many pupils as the limit, among all ordinary classes of grade P1."""
    return _within(c, "P1", c.number("primary_entry_class_limit"))


@indicator(
    "初中起始年级班额达标率", "Entry classes of junior schools within the limit",
    "初中一年级（七年级）普通班中，人数不超过上限（含上限）的班所占比例。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",),
)  # fmt: skip
def junior_entry_classes_within_limit(c: Tables) -> Ratio:
    """Ordinary classes of grade J1 with at most as many pupils as the limit, among all ordinary classes of grade J1."""
    return _within(c, "J1", c.number("junior_entry_class_limit"))


@indicator(
    "小学起始年级最大班额", "Largest entry class of primary schools", "小学一年级普通班中人数最多的班的人数。",
    unit="人", counted="人", source="要点第9条；班级台账", needs=("class_ledger",),
)  # fmt: skip
def primary_entry_largest_class(c: Tables) -> Largest:
    """Pupils in the largest ordinary class of grade P1."""
    return _largest(c, "P1")


@indicator(
    "初中起始年级最大班额", "Largest entry class of junior schools", "初中一年级（七年级）普通班中人数最多的班的人数。",
    unit="人", counted="人", source="要点第9条；班级台账", needs=("class_ledger",),
)  # fmt: skip
def junior_entry_largest_class(c: Tables) -> Largest:
    """Pupils in the largest ordinary class of grade J1."""
    return _largest(c, "J1")


@indicator(
    "义务教育大班额班数", "Large classes in compulsory education",
    "小学和初中达到大班额人数（含超大班额）的班数，各类班级都计。",
    unit="班", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",),
)  # fmt: skip
def compulsory_large_classes(c: Tables) -> Count:
    """Classes of primary and junior stage, of any kind, with as many pupils as a large class or more."""
    r = c.class_ledger.c
    return Count(c.class_ledger, that=r.pupils >= c.number("large_class_size"), among=r.stage.in_(["小学", "初中"]))


@indicator(
    "三类残疾儿童少年入学率", "Enrolment of children with one of three disabilities",
    "视力、听力、智力三类适龄残疾儿童少年中，在特教学校、随班就读、附设特教班就读和送教上门的人数之和所占比例；"
    "其他类别两边都不计。",
    unit="%", counted="名残疾儿童少年", source="要点第9条；适龄残疾儿童少年",
    needs=("disabled_children",), grains=REGIONS,
)  # fmt: skip
def three_disabilities_enrolment(c: Tables) -> Ratio:
    """Children taught in special schools, regular classes, attached classes or at home, among those registered.

    Three categories on both sides. A row of which one number is missing is unknown.
    """
    r = c.disabled_children.c
    taught = r.in_special_school + r.in_regular_class + r.in_attached_class + r.home_taught
    among = r.category.in_(c.words("three_disability_categories"))
    return Ratio(c.disabled_children, taught, r.registered, among)


INDICATORS = (
    primary_entry_classes_within_limit,
    junior_entry_classes_within_limit,
    primary_entry_largest_class,
    junior_entry_largest_class,
    compulsory_large_classes,
    three_disabilities_enrolment,
)
