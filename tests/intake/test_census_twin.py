"""Workbooks that the sample draws by a layout of its own, read back: every cell, and no person."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.intake.together import Columns, Received
from expectations.contract import load_contracts
from expectations.regions import load_regions
from samples.census_workbook import Workbook, write_workbook
from tests.samples.twins import KINDS, reported

WITHHELD = {"基础基332"}
GRADES = [
    ("111", 2020),
    *((kind, year) for kind in ("211", "311", "312", "341", "342", "345") for year in (2020, 2021)),
]


@dataclass(frozen=True)
class Read:
    """A workbook as it was written, and what reading it gave."""

    written: Workbook
    reception: Reception
    tables: Mapping[str, Columns]


@cache
def read(kind: str, year: int) -> Read:
    folder = Path(mkdtemp())
    told = reported(kind, year)
    workbook = write_workbook(folder, told)
    landed = f"{told.school.unit}/{year}-{year + 1}/{workbook.path.name}"
    delivery = Delivery(
        archived=workbook.path, unit_code=told.school.unit, path=landed,
        sha256=hashlib.sha256(workbook.path.read_bytes()).hexdigest(), received_at=datetime(2021, 9, 12, tzinfo=UTC),
        sequence=1,
    )  # fmt: skip
    received = receive(delivery, load_contracts(), load_regions(), Pseudonymiser(b"k" * 32), folder / "raw", Limits())
    assert isinstance(received, Received)
    return Read(workbook, received.reception, received.tables)


@pytest.mark.parametrize("year", [2020, 2021])
@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_is_read_at_its_codes_and_place(kind: str, year: int) -> None:
    twin = read(kind, year)
    names = ("form", "row_code", "column_code", "cell", "value")
    found = set(zip(*(twin.tables["census_cell"][name] for name in names), strict=True))
    wanted = {
        (c.form, c.row_code.zfill(2), c.column_code, c.cell, c.value)
        for c in twin.written.cells
        if c.value not in {"是", "否"} and c.form not in WITHHELD
    }
    assert found == wanted
    assert len(found) == len(twin.tables["census_cell"]["value"])
    assert twin.reception.state == "received" and twin.reception.problems == ()


@pytest.mark.parametrize(("kind", "year"), GRADES)
def test_pupils_of_every_grade_are_those_of_the_school(kind: str, year: int) -> None:
    rows = read(kind, year).tables["enrolment"]
    found = dict(zip(rows["grade"], map(int, rows["pupils"]), strict=True))
    told = reported(kind, year)
    own = [one for one in told.grades if one.stage != "幼儿园" or kind == "111"]  # attached groups have no form there
    assert found == {one.grade: one.pupils for one in own}


@pytest.mark.parametrize("year", [2020, 2021])
@pytest.mark.parametrize("kind", ["211", "311"])
def test_what_a_school_has_is_read_in_the_units_of_its_forms(kind: str, year: int) -> None:
    rows, told = read(kind, year).tables["facilities"], reported(kind, year).facilities
    assert told is not None
    yuan = told.numbers["equipment_value"] / 100
    assert float(rows["equipment_value"][0]) == pytest.approx(yuan, abs=50 if year == 2021 else 0)
    assert str(told.numbers["teaching_area"].normalize()) == rows["teaching_area"][0]
    assert int(rows["multimedia_rooms"][0]) == told.numbers["multimedia_rooms"]


@pytest.mark.parametrize("year", [2020, 2021])
@pytest.mark.parametrize("kind", ["111", "341", "365"])
def test_no_person_of_a_workbook_is_read(kind: str, year: int) -> None:
    twin = read(kind, year)
    everything = json.dumps(twin.reception.model_dump(mode="json"), ensure_ascii=False)
    everything += "".join(str(value) for table in twin.tables.values() for column in table.values() for value in column)
    assert len(twin.written.personal) == 5
    assert [person for person in twin.written.personal if person in everything] == []


def test_what_the_school_answered_is_kept_without_its_telephone() -> None:
    answers = [str(answer) for answer in read("111", 2020).reception.explanations]
    assert answers and all("增设了一个班" in answer for answer in answers)
