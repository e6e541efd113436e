"""Ledgers of persons counted against the roll, by school and period: recipients of aid, candidates, athletes.

Who of them is on no roll or on another is told person by person for aid (`recipients.py`); of examinations and
registrations, which take people from outside, only how many. Rules stand in
`expectations/rules/between_sources.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    FromClause,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from assets.comparisons.matching import NUMBERS, by_number, rolls
from assets.comparisons.selects import OTHER, PLACE, first_by, place_of
from assets.comparisons.tables import Years
from expectations.grades import top_grades

AID: Mapping[str, str] = {"aid_payments": "受助学生", "aid_entitled": "困难学生"}
EXAMS = {
    "初中学业水平考试": ("初中", True),
    "普通高中学业水平考试": ("普通高中", False),
    "普通高考": ("普通高中", True),
}
"""The stage whose pupils sit an examination, and whether only those of its top grade do."""
OF_TOP_GRADE = {"初中学业水平考试": "语文"}
"""The subject by which candidates of the top grade are known: second grades sit geography and biology alone."""
ATHLETES, WHOLE = "运动员", "全校"
GROUP = ("dataset", "ledger", "unit_code", "school_code", "school_year", "period", "stage", "tops_only")


def ledger_counts(years: Years) -> Select[Any]:
    """Persons of each ledger, school, stage and period beside the pupils on the school's roll of that school year.

    Examinations of a summer are those of the roll of the school year that ends with it. `unfound`: how many of those
    with a number are not on the roll, less its pupils without an identity number.
    """
    register = rolls(years)
    told = union_all(*_ledgers(years)).cte("told")
    person = [told.c[name] for name in (*GROUP, "who")]
    people = (
        select(*person, *first_by(told, place_of(told), (*NUMBERS, *PLACE))).group_by(*person).cte("people")
    )  # fmt: skip
    counts = _counts(people, _here(people, register))
    sizes = _sizes(register).subquery("sizes")
    of_school = and_(sizes.c.home == counts.c.school_code, sizes.c.school_year == counts.c.school_year)
    of_stage = and_(of_school, counts.c.stage.in_((sizes.c.stage, WHOLE)))
    own = [column for column in counts.c if column.name != "tops_only"]
    on_roll, bare = (func.sum(case((counts.c.tops_only, sizes.c[f"top_{name}"]), else_=sizes.c[name])) for name in
                     ("pupils", "unnumbered"))  # fmt: skip
    return select(
        *own, literal("school_code").label("cell_column"), on_roll.label("on_roll"),
        case((counts.c.tops_only, counts.c.stage + "毕业年级"), else_=counts.c.stage).label("part"),
        func.greatest(counts.c.identified - counts.c.found - bare, 0).label("unfound"),
    ).select_from(counts.join(sizes, of_stage)).group_by(*own, counts.c.tops_only)  # fmt: skip


def _ledgers(years: Years) -> Iterator[Select[Any]]:
    """Each ledger's rows with what they are counted by; `who` tells persons apart."""
    for dataset, title in AID.items():
        rows = years.this[dataset]
        period = rows.c.school_year + "-" + rows.c.term
        yield _told(rows, dataset, literal(title), rows.c.counted_school_code, rows.c.school_year, period,
                    rows.c.stage, false(), rows.c.student_id)  # fmt: skip
    exams, athletes = years.this["exam_results"], years.this["athletes"]
    stage, tops_only = (case({exam: of[at] for exam, of in EXAMS.items()}, value=exams.c.exam) for at in (0, 1))
    yield _told(exams, "exam_results", exams.c.exam, exams.c.counted_school_code, literal(years.school_year_before),
                cast(exams.c.exam_year, String), stage, tops_only, exams.c.candidate_no).where(
        exams.c.subject == func.coalesce(case(OF_TOP_GRADE, value=exams.c.exam), exams.c.subject)
    )  # fmt: skip
    school = years.this["school"]
    homes = select(school.c.school_code, func.min(school.c.counted_school_code).label("home")).group_by(
        school.c.school_code
    ).subquery("home_of_athletes")  # fmt: skip
    yield _told(athletes, "athletes", literal(ATHLETES), func.coalesce(homes.c.home, athletes.c.school_code),
                literal(years.school_year), cast(athletes.c.year, String), literal(WHOLE), false(),
                athletes.c.student_id).select_from(
        athletes.outerjoin(homes, homes.c.school_code == athletes.c.school_code)
    ).where(athletes.c.school_code.is_not(None))  # fmt: skip


def _told(rows: FromClause, dataset: str, *of: ColumnElement[Any]) -> Select[Any]:
    names = ("ledger", "school_code", "school_year", "period", "stage", "tops_only", "who")
    named = {name: column.label(name) for name, column in zip(names, of, strict=True)}
    number = rows.c.national_student_no if "national_student_no" in rows.c else null()
    return select(
        literal(dataset).label("dataset"), named["ledger"], rows.c.unit_code,
        *(named[name] for name in names[1:]), rows.c.student_id, number.label("national_student_no"),
        *(rows.c[name] for name in PLACE),
    )  # fmt: skip


def _here(people: CTE, register: CTE) -> CTE:
    """The persons who are on the roll of their school."""
    key = [*GROUP, "who"]
    mine = by_number(people, key, "numbered_people")
    theirs = by_number(register, ("home", "school_year", *OTHER), "numbered_pupils_on_rolls")
    same = and_(theirs.c.person == mine.c.person, theirs.c.school_year == mine.c.school_year,
                mine.c.school_code.in_((theirs.c.home, theirs.c.school_code)))  # fmt: skip
    return select(*(mine.c[name] for name in key)).distinct().select_from(mine.join(theirs, same)).cte("here")


def _counts(people: CTE, here: CTE) -> CTE:
    """Of each group its persons, those with a number, and those who are on the roll."""
    same = and_(*(here.c[name] == people.c[name] for name in (*GROUP, "who")))
    is_known = or_(*(people.c[name].is_not(None) for name in NUMBERS))
    key = [people.c[name] for name in GROUP]
    return select(
        *key, *first_by(people, place_of(people), PLACE), func.count().label("people"),
        func.count().filter(is_known).label("identified"), func.count(here.c.who).label("found"),
    ).select_from(people.outerjoin(here, same)).group_by(*key).cte("counts")  # fmt: skip


def _sizes(register: CTE) -> Select[Any]:
    """Pupils of each school, school year and stage by its roll: all, in the top grade, and without a number."""
    is_top, is_bare = register.c.grade.in_(top_grades()), register.c.student_id.is_(None)
    key = [register.c.home, register.c.school_year, register.c.stage]
    return select(
        *key, func.count().label("pupils"), func.count().filter(is_bare).label("unnumbered"),
        func.count().filter(is_top).label("top_pupils"), func.count().filter(is_top, is_bare).label("top_unnumbered"),
    ).group_by(*key)  # fmt: skip
