"""Schools drawn by hand with pupils, teachers and rooms, at the standards or so many times above them."""

from collections.abc import Mapping
from decimal import Decimal

from tests.indicators.year import Row, Year

GRADES = {"幼儿园": "K1", "小学": "P1", "初中": "J1", "普通高中": "S1", "中职": "V1", "特教": "SE"}
STANDARDS: Mapping[str, Mapping[str, str]] = {
    "小学": {"qualified_above": "0.042", "key_teachers": "0.01", "arts_pe_teachers": "0.009", "teaching_area": "4.5",
             "sports_ground_area": "7.5", "equipment_value": "2000", "multimedia_rooms": "0.023"},
    "初中": {"qualified_above": "0.053", "key_teachers": "0.01", "arts_pe_teachers": "0.009", "teaching_area": "5.8",
             "sports_ground_area": "10.2", "equipment_value": "2500", "multimedia_rooms": "0.024"},
}  # fmt: skip
"""What one pupil asks for, as domain tables print it (those for 100 pupils divided by 100; equipment in 元)."""

STAFF = ("qualified_above", "key_teachers", "arts_pe_teachers")
WHOLE = (*STAFF, "multimedia_rooms")
NOTHING = {"teaching_area": Decimal(0), "indoor_sports_area": Decimal(0), "sports_ground_area": Decimal(0),
           "equipment_value": 0, "multimedia_rooms": 0, "books": 0, "computers": 0}  # fmt: skip


def found(year: Year, code: str, kind: str = "211", unit: str = "433101", **facts: object) -> None:
    """A school in the list of a unit."""
    year.put("school", {"school_code": code, "kind": kind, "sponsor": "831", **facts}, unit=unit)


def enrol(year: Year, code: str, unit: str = "433101", **pupils: int) -> None:
    """Pupils of a school by stage."""
    year.put("enrolment", *({"school_code": code, "stage": stage, "grade": GRADES[stage], "pupils": number}
                            for stage, number in pupils.items()), unit=unit)  # fmt: skip


def teach(year: Year, code: str, stage: str | None, unit: str = "433101", **numbers: int | None) -> None:
    """Teachers of a school and stage."""
    year.put("staff", {"school_code": code, "stage": stage, "staff": 99, "teachers": 99, **numbers}, unit=unit)


def equip(year: Year, code: str, unit: str = "433101", **numbers: object) -> None:
    """Rooms and equipment of a school, nothing where nothing is said; areas may be written as text."""
    told: Row = {name: Decimal(value) if isinstance(value, str) else value for name, value in numbers.items()}
    year.put("facilities", {"school_code": code, **NOTHING, **told}, unit=unit)


def standard(
    year: Year, code: str, pupils: int, stage: str = "小学", unit: str = "433101", level: str = "1",
    **levels: str | None,
) -> None:  # fmt: skip
    """A school of one stage that has `level` times what the standards ask; of some things another level, or blank."""
    found(year, code, {"小学": "211", "初中": "311"}[stage], unit)
    enrol(year, code, unit, **{stage: pupils})
    told: dict[str, object] = {}
    for name, each in STANDARDS[stage].items():
        times = levels.get(name, level)
        told[name] = None if times is None else _exactly(name, Decimal(each) * Decimal(times) * pupils)
    teach(year, code, stage, unit, **{name: told.pop(name) for name in STAFF})  # type: ignore[arg-type]
    equip(year, code, unit, **told)


def _exactly(name: str, number: Decimal) -> int | Decimal:
    """A number as its column has it: whole, in 分, or in square metres with two decimals."""
    exact = number * 100 if name == "equipment_value" else number
    if name in WHOLE or name == "equipment_value":
        assert exact == int(exact), (name, number)
        return int(exact)
    assert exact == exact.quantize(Decimal("0.01")), (name, number)
    return exact
