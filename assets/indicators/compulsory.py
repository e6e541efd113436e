"""Compulsory schools: entry classes, large classes, children with one of three disabilities (article 9).

Not here: who is at school (`enrolment.py`), and what schools have for their pupils (`resources.py`, `balance.py`).
"""

from __future__ import annotations

from sqlalchemy import and_, func

from assets.indicators.catalogue import REGIONS, Tables, indicator
from assets.indicators.formulas import Condition, Count, Largest, Ratio, share
from assets.plans.gap import Work


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
    work=Work("拆分", "个超限的班", 2, 1),
)  # fmt: skip
def primary_entry_classes_within_limit(c: Tables) -> Ratio:
    """Ordinary classes of grade P1 with at most as many pupils as the limit, among all ordinary classes of grade P1."""
    return _within(c, "P1", c.number("primary_entry_class_limit"))


@indicator(
    "初中起始年级班额达标率", "Entry classes of junior schools within the limit",
    "初中一年级（七年级）普通班中，人数不超过上限（含上限）的班所占比例。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",),
    work=Work("拆分", "个超限的班", 2, 1),
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
    unit="班", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",), work=Work("拆分", "个大班", -1),
)  # fmt: skip
def compulsory_large_classes(c: Tables) -> Count:
    """Classes of primary and junior stage, of any kind, with as many pupils as a large class or more."""
    r = c.class_ledger.c
    return Count(c.class_ledger, that=r.pupils >= c.number("large_class_size"), among=r.stage.in_(["小学", "初中"]))


@indicator(
    "义务教育超大班额班数", "Oversized classes in compulsory education",
    "小学和初中达到超大班额人数的班数，各类班级都计。",
    unit="班", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",), work=Work("拆分", "个超大班", -1),
)  # fmt: skip
def compulsory_oversized_classes(c: Tables) -> Count:
    """Classes of primary and junior stage, of any kind, with as many pupils as an oversized class or more."""
    r = c.class_ledger.c
    return Count(c.class_ledger, that=r.pupils >= c.number("oversized_class_size"), among=r.stage.in_(["小学", "初中"]))


def _large(c: Tables, stage: str, size: str) -> Ratio:
    r = c.class_ledger.c
    return share(c.class_ledger, that=r.pupils >= c.number(size), among=r.stage == stage)


@indicator(
    "小学大班额比例", "Share of large classes in primary schools",
    "小学达到大班额人数的班（包括超大班额）占全部班级的比例，各类班级都计。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",), work=Work("拆分", "个大班", -1, 1),
)  # fmt: skip
def primary_large_class_share(c: Tables) -> Ratio:
    """Classes of primary stage with as many pupils as a large class or more, oversized included, among all."""
    return _large(c, "小学", "large_class_size")


@indicator(
    "初中大班额比例", "Share of large classes in junior schools",
    "初中达到大班额人数的班（包括超大班额）占全部班级的比例，各类班级都计。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",), work=Work("拆分", "个大班", -1, 1),
)  # fmt: skip
def junior_large_class_share(c: Tables) -> Ratio:
    """Classes of junior stage with as many pupils as a large class or more, oversized included, among all."""
    return _large(c, "初中", "large_class_size")


@indicator(
    "小学超大班额比例", "Share of oversized classes in primary schools",
    "小学达到超大班额人数的班占全部班级的比例，各类班级都计。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",),
    work=Work("拆分", "个超大班", -1, 1),
)  # fmt: skip
def primary_oversized_class_share(c: Tables) -> Ratio:
    """Classes of primary stage with as many pupils as an oversized class or more, among all."""
    return _large(c, "小学", "oversized_class_size")


@indicator(
    "初中超大班额比例", "Share of oversized classes in junior schools",
    "初中达到超大班额人数的班占全部班级的比例，各类班级都计。",
    unit="%", counted="个班", source="要点第9条；班级台账", needs=("class_ledger",),
    work=Work("拆分", "个超大班", -1, 1),
)  # fmt: skip
def junior_oversized_class_share(c: Tables) -> Ratio:
    """Classes of junior stage with as many pupils as an oversized class or more, among all."""
    return _large(c, "初中", "oversized_class_size")


@indicator(
    "三类残疾儿童少年入学率", "Enrolment of children with one of three disabilities",
    "视力、听力、智力三类适龄残疾儿童少年中，在特教学校、随班就读、附设特教班就读和送教上门的人数之和所占比例；"
    "其他类别两边都不计。",
    unit="%", counted="名残疾儿童少年", source="要点第9条；适龄残疾儿童少年",
    needs=("disabled_children",), grains=REGIONS,
    work=Work("安排", "名残疾儿童少年入学"),
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
    compulsory_oversized_classes,
    primary_large_class_share,
    junior_large_class_share,
    primary_oversized_class_share,
    junior_oversized_class_share,
    three_disabilities_enrolment,
)
