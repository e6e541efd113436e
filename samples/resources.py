"""Truths of what schools have for their pupils: per pupil, how unequally, and who reaches the standards.

A row per counted school and stage, after teaching points and attached classes have merged into their parents and the
facilities of schools of several stages are split by weighted pupils. All of it is in fractions and decimals; each part
of a school's facilities is rounded half up to four decimals once. Source of the formulas: 教督〔2017〕6号.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any

from samples.facilities import Facilities
from samples.facts import PREFECTURE, county_codes, read_yaml, unit_codes
from samples.pupils import Grade
from samples.schools import TEACHING_POINT, School
from samples.staff import Staff
from samples.truths import SMALLEST, Level, Truths, exactly

JUDGED = {"小学": "primary", "初中": "junior"}
LATER = {"普通高中": "senior", "中职": "vocational"}
IDS = JUDGED | LATER
SMALL = 50
HUNDREDS = {
    "qualified_teachers": "qualified_above",
    "key_teachers": "key_teachers",
    "arts_pe_teachers": "arts_pe_teachers",
}
NAMES = {
    "qualified_teachers": "qualified_teachers_per_100",
    "key_teachers": "key_teachers_per_100",
    "arts_pe_teachers": "arts_pe_teachers_per_100",
    "teaching_area": "teaching_area_per_pupil",
    "sports_area": "sports_area_per_pupil",
    "equipment": "equipment_per_pupil",
    "multimedia_rooms": "multimedia_rooms_per_100",
    "books": "books_per_pupil",
    "computers": "computers_per_100",
}
HELD: Mapping[str, Callable[[dict[str, Any]], Any]] = {
    "teaching_area": lambda has: has["teaching_area"] - has["indoor_sports_area"],
    "sports_area": lambda has: has["sports_ground_area"] + has["indoor_sports_area"],
    "equipment": lambda has: None if has["equipment_value"] is None else Decimal(has["equipment_value"]) / 100,
    "multimedia_rooms": lambda has: None if has["multimedia_rooms"] is None else has["multimedia_rooms"] * 100,
    "books": lambda has: has["books"],
    "computers": lambda has: has["computers"] * 100,
}
OF_STAGES = {
    "books": ("小学", "初中", "普通高中"),
    "computers": ("小学", "初中", "普通高中"),
    "teaching_area": ("普通高中", "中职"),
    "equipment": ("普通高中", "中职"),
}


@dataclass
class Row:
    """One counted school and stage: its pupils and what it has for them, by the names of `NAMES`; None is unknown."""

    school: School
    stage: str
    pupils: int = 0
    has: dict[str, Decimal | None] = field(default_factory=dict)

    @property
    def compared(self) -> bool:
        """Whether it stands beside others: no vocational or special school, no teaching point below 50 pupils."""
        small = self.school.kind == TEACHING_POINT and self.pupils < SMALL
        return self.stage in JUDGED and self.school.kind[:2] not in {"36", "51"} and not small


Rows = dict[tuple[str, str], Row]


def merge(grades: Iterable[Grade], every: Iterable[Staff], facilities: Iterable[Facilities]) -> list[Row]:
    """The rows of all counted schools and stages."""
    rows: Rows = {}
    for grade in (grade for grade in grades if grade.stage in IDS):
        school = grade.school.figures_of
        rows.setdefault((school.code, grade.stage), Row(school, grade.stage)).pupils += grade.pupils
    for one in every:
        if (row := rows.get((one.school.figures_of.code, one.stage))) is not None:
            for name, column in HUNDREDS.items():
                _add(row.has, name, _hundredfold(one.numbers.get(column)))
    held: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for facility in facilities:
        for name, of in HELD.items():
            _add(held[facility.school.figures_of.code], name, of(facility.numbers))
    _split(rows, held)
    return list(rows.values())


def _hundredfold(number: int | None) -> int | None:
    return None if number is None else number * 100


def _add(sums: dict[str, Decimal | None], name: str, value: Decimal | int | None) -> None:
    """Adds to a sum; what is unknown of one part is unknown of the whole."""
    so_far = sums.get(name, Decimal(0))
    sums[name] = None if value is None or so_far is None else so_far + Decimal(value)


def _split(rows: Rows, held: Mapping[str, Mapping[str, Decimal | None]]) -> None:
    """Gives each stage of a school its part of the school's facilities."""
    weights = {stage: Fraction(weight) for stage, weight in read_yaml("resources")["split"].items()}
    parts: dict[str, Fraction] = defaultdict(Fraction)
    for (code, stage), row in rows.items():
        parts[code] += row.pupils * weights[stage]
    for (code, stage), row in rows.items():
        part = row.pupils * weights[stage] / parts[code]
        for name, whole in held.get(code, {}).items():
            row.has[name] = None if whole is None else exactly(Fraction(whole) * part)


def tell_resources(truths: Truths, rows: Iterable[Row], facilities: Iterable[Facilities], year: int) -> None:
    """Adds to the truths what schools have for their pupils, and how that compares."""
    listed = list(rows)
    for row in listed:
        for name in _told_of(row):
            if (has := row.has.get(name)) is not None:
                truths.at_school(f"{NAMES[name]}_{IDS[row.stage]}", year, row.school, has, row.pupils)
    for facility in facilities:
        if facility.numbers["multimedia_rooms"] is not None:
            truths.at_unit("multimedia_rooms", year, facility.school.unit, facility.numbers["multimedia_rooms"])
    for stage in JUDGED:
        compared = [row for row in listed if row.stage == stage and row.compared]
        _tell_variation(truths, compared, stage, year)
        _tell_quality(truths, compared, stage, year)
        _tell_balance(truths, compared, stage, year)


def _told_of(row: Row) -> list[str]:
    """The resources that are told of a row's stage: the seven where it is compared, others of any school."""
    seven = list(read_yaml("resources")["seven"][row.stage]) if row.compared else []
    return seven + [name for name, stages in OF_STAGES.items() if row.stage in stages]


def _tell_variation(truths: Truths, compared: list[Row], stage: str, year: int) -> None:
    for name in read_yaml("resources")["seven"][stage]:
        indicator = f"{NAMES[name]}_{JUDGED[stage]}_cv"
        places: list[tuple[Level, str]] = [*(("county", unit) for unit in unit_codes()), ("prefecture", PREFECTURE)]
        for level, code in places:
            own = [row for row in compared if code in {PREFECTURE, row.school.unit}]
            if (squared := squared_variation(own, name)) is not None:
                truths.at_level(indicator, year, level, code, root(squared))


def squared_variation(rows: Iterable[Row], name: str) -> Fraction | None:
    """The square of the coefficient of variation among schools, weighted by pupils; nothing where nobody has any."""
    pairs = [(row.pupils, Fraction(has)) for row in rows if (has := row.has.get(name)) is not None]
    pupils, whole = sum(p for p, _ in pairs), sum((x for _, x in pairs), Fraction(0))
    if not pupils or not whole:
        return None
    return pupils * sum((x * x / p for p, x in pairs), Fraction(0)) / (whole * whole) - 1


def root(squared: Fraction) -> Decimal:
    """The square root with four decimals, half up."""
    wide = Context(prec=40)
    found = wide.sqrt(wide.divide(Decimal(squared.numerator), Decimal(squared.denominator)))
    return found.quantize(SMALLEST, ROUND_HALF_UP, wide)


def _tell_quality(truths: Truths, compared: list[Row], stage: str, year: int) -> None:
    """Schools that reach six of seven standards and come close to the last, among those of which all are known."""
    facts = read_yaml("resources")
    standards = {name: Fraction(str(value)) for name, value in facts["seven"][stage].items()}
    for row in compared:
        shares = [Fraction(has) / (row.pupils * standards[name]) for name, has in _known(row, standards).items()]
        if len(shares) == len(standards):
            reached = sum(share >= 1 for share in shares) >= facts["needed"]
            close = min(shares) >= Fraction(facts["least_percent"], 100)
            truths.at_unit(f"quality_schools_{JUDGED[stage]}", year, row.school.unit, int(reached and close), 1)


def _known(row: Row, names: Iterable[str]) -> dict[str, Decimal]:
    return {name: has for name in names if (has := row.has.get(name)) is not None}


def _tell_balance(truths: Truths, compared: list[Row], stage: str, year: int) -> None:
    """Counties in which no coefficient of variation is above the highest, among those of which all seven are known."""
    facts = read_yaml("resources")
    highest = Fraction(facts["highest_variation"][stage]) ** 2
    balanced = known = 0
    for county in county_codes():
        own = [row for row in compared if row.school.unit == county]
        squares = [squared_variation(own, name) for name in facts["seven"][stage]]
        found = [square for square in squares if square is not None]
        if len(found) == len(squares):
            known += 1
            balanced += max(found) <= highest
    if known:
        truths.at_level(f"balanced_counties_{JUDGED[stage]}", year, "prefecture", PREFECTURE, balanced, known)
