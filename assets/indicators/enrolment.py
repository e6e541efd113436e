"""Who of an age is at school, who stays, and who goes on (articles 9, 11, 20, 33).

Not here: kindergartens (`preschool.py`), and where leavers go (`vocational.py`).
"""

from __future__ import annotations

from sqlalchemy import Subquery, and_, case, func, literal, select

from assets.indicators.catalogue import REGIONS, Need, Tables, indicator
from assets.indicators.formulas import Across, Condition, Count, Ratio, Total
from assets.plans.gap import Work

PRIMARY_AGES = ("6", "7", "8", "9", "10", "11")
JUNIOR_AGES = ("12", "13", "14")
SENIOR_AGES = ("15", "16", "17")
COMPULSORY_STAGES = ("小学", "初中")
SENIOR_STAGES = ("普通高中", "中职")
COMPULSORY_GRADES = ("P1", "P2", "P3", "P4", "P5", "P6", "J1", "J2", "J3", "J4")
OUT_OF_SCHOOL = ("疑似辍学", "劝返中", "失联核实")
COMPULSORY_YEARS = 9


def grades_at_the_ends(c: Tables) -> Subquery:
    """Rows of enrolment with `lowest` and `highest`, the first and the top grade that the school has in the stage.

    Entrants stand in the row of the one, leavers in that of the other; in every other row a blank means nothing.
    """
    e = c.enrolment.c
    of_stage = (e.unit_code, e.school_code, e.stage)
    lowest = func.min(e.grade).over(partition_by=of_stage).label("lowest")
    highest = func.max(e.grade).over(partition_by=of_stage).label("highest")
    return select(*of_stage, e.grade, e.entrants, e.leavers, lowest, highest).subquery("grade_of")


@indicator(
    "九年义务教育巩固率", "Nine-year retention in compulsory education",
    "当年初中毕业生数，与九年前小学一年级招生数之比。没有九年前招生数的单位无数据。人口流动会使县的数偏离。",
    unit="%", counted="名毕业生", source="要点第11条；在校生统计、历年招生",
    needs=("enrolment", "entrants_base"), grains=REGIONS,
    work=Work("巩固", "名学生至毕业"),
)  # fmt: skip
def nine_year_retention(c: Tables) -> Across:
    """Leavers of the junior stage over the children who entered primary school nine years before.

    Leavers stand in the row of the school's top grade. A unit without the base has no figure; migration distorts it.
    """
    rows, base = grades_at_the_ends(c), c.entrants_base.c
    top = and_(rows.c.stage == "初中", rows.c.grade == rows.c.highest)
    entered = and_(base.stage == "小学", base.entry_year == c.year - COMPULSORY_YEARS)
    return Across(
        Total(rows, rows.c.leavers, among=top),
        Total(c.entrants_base, base.entrants, among=entered, rows_needed=1),
    )


def _residents(c: Tables, ages: tuple[str, ...]) -> Total:
    """The population of these ages; a county of which an age is missing has no figure."""
    people = c.population.c
    return Total(
        c.population, people[str(c.choice("population_series"))], among=people.age.in_(ages), rows_needed=len(ages)
    )


def _net_enrolment(c: Tables, stage: str, ages: tuple[str, ...]) -> Across:
    r = c.pupils_by_age.c
    return Across(Total(c.pupils_by_age, r.pupils, among=and_(r.stage == stage, r.age.in_(ages))), _residents(c, ages))


@indicator(
    "小学净入学率", "Net enrolment in primary schools",
    "小学在校生中6至11周岁的人数，与6至11周岁人口数之比。州直和经开区没有人口数，本身无数据，其学生计入全州分子；"
    "两地学生不在吉首市的数内。",
    unit="%", counted="名学生", source="要点第11条；分年龄在校生、学龄人口",
    needs=("pupils_by_age", "population"), grains=REGIONS,
    work=Work("安排", "名适龄儿童入学"),
)  # fmt: skip
def net_enrolment_primary(c: Tables) -> Across:
    """Primary pupils aged 6 to 11 over the population of these ages; units without population as in pre-school."""
    return _net_enrolment(c, "小学", PRIMARY_AGES)


@indicator(
    "初中净入学率", "Net enrolment in junior schools",
    "初中在校生中12至14周岁的人数，与12至14周岁人口数之比。州直和经开区没有人口数，本身无数据，其学生计入全州分子；"
    "两地学生不在吉首市的数内。",
    unit="%", counted="名学生", source="要点第11条；分年龄在校生、学龄人口",
    needs=("pupils_by_age", "population"), grains=REGIONS,
    work=Work("安排", "名适龄少年入学"),
)  # fmt: skip
def net_enrolment_junior(c: Tables) -> Across:
    """Junior pupils aged 12 to 14 over the population of these ages; units without population as in pre-school."""
    return _net_enrolment(c, "初中", JUNIOR_AGES)


@indicator(
    "高中阶段毛入学率", "Gross enrolment in senior secondary education",
    "普通高中、中职和技工学校在校生数（不分年龄），与15至17周岁人口数之比。缺技工学校学生数时不含技工，数字为暂定。"
    "州直和经开区没有人口数，本身无数据，其学生计入全州分子；两地学生不在吉首市的数内。",
    unit="%", counted="名学生", source="要点第33条；在校生统计、技工学校在校生、学龄人口",
    needs=("enrolment", Need("technical_pupils", optional=True), "population"), grains=REGIONS,
    work=Work("招收", "名学生"),
)  # fmt: skip
def senior_gross_enrolment(c: Tables) -> Across:
    """Pupils of general senior, vocational and technical schools, of any age, over the population aged 15 to 17.

    Technical schools are told by another bureau; without its table the figure leaves them out and says so.
    """
    e, t = c.enrolment.c, c.technical_pupils
    pupils = Total(c.enrolment, e.pupils, among=e.stage.in_(SENIOR_STAGES))
    return Across((pupils, Total(t, t.c.pupils, among=literal(True))), _residents(c, SENIOR_AGES))


@indicator(
    "普职招生比", "Entrants of general senior schools to those of vocational schools",
    "普通高中招生数与中职招生数之比，即每1名中职新生对应的普通高中新生数。",
    unit=":1", counted="名普通高中新生", source="要点第20条；在校生统计", needs=("enrolment",), grains=REGIONS,
    work=Work("转招", "名新生到中职", -1, 1),
)  # fmt: skip
def general_vocational_ratio(c: Tables) -> Ratio:
    """Entrants of general senior schools to one of vocational schools, told in the row of the school's first grade."""
    rows = grades_at_the_ends(c)
    r = rows.c
    general = case((r.stage == "普通高中", r.entrants), else_=0)
    vocational = case((r.stage == "中职", r.entrants), else_=0)
    return Ratio(rows, general, vocational, and_(r.stage.in_(SENIOR_STAGES), r.grade == r.lowest))


def _is_out(c: Tables) -> Condition:
    """Whether the row is a child of compulsory education who is out of school."""
    r = c.dropouts.c
    return and_(r.grade.in_(COMPULSORY_GRADES), r.status.in_(OUT_OF_SCHOOL))


@indicator(
    "义务教育辍学人数", "Children out of compulsory school",
    "控辍保学台账中，一至九年级现状为疑似辍学、劝返中、失联核实的人数；已返校、转学、延缓入学、免学、死亡的不计。",
    unit="人", counted="名学生", source="要点第11条；控辍保学台账", needs=("dropouts",), grains=REGIONS,
    work=Work("劝返", "名学生", -1),
)  # fmt: skip
def dropouts_compulsory(c: Tables) -> Count:
    """Children of grades P1 to J4 who are suspected, being won back or lost, as the year's ledger leaves them."""
    return Count(c.dropouts, among=_is_out(c))


@indicator(
    "建档立卡学生辍学人数", "Registered poor children out of compulsory school",
    "义务教育辍学人数中的建档立卡学生数。是否建档立卡未填的另计，不算在内。",
    unit="人", counted="名学生", source="要点第11条；控辍保学台账", needs=("dropouts",), grains=REGIONS,
    work=Work("劝返", "名学生", -1),
)  # fmt: skip
def dropouts_registered_poor(c: Tables) -> Count:
    """Of these, children registered as poor; a blank is unknown."""
    return Count(c.dropouts, among=_is_out(c), that=c.dropouts.c.registered_poor)


@indicator(
    "义务教育辍学率", "Dropout rate of compulsory education",
    "义务教育辍学人数，与小学和初中在校生数之比。",
    unit="%", counted="名学生", source="要点第11条；控辍保学台账、在校生统计",
    needs=("dropouts", "enrolment"), grains=REGIONS,
    work=Work("劝返", "名学生", -1),
)  # fmt: skip
def dropout_rate(c: Tables) -> Across:
    """Children out of compulsory school over the pupils of primary and junior stage."""
    e = c.enrolment.c
    return Across(
        Total(c.dropouts, literal(1), among=_is_out(c)),
        Total(c.enrolment, e.pupils, among=e.stage.in_(COMPULSORY_STAGES)),
    )


INDICATORS = (
    nine_year_retention,
    net_enrolment_primary,
    net_enrolment_junior,
    senior_gross_enrolment,
    general_vocational_ratio,
    dropouts_compulsory,
    dropouts_registered_poor,
    dropout_rate,
)
