"""A school that sends its workbook and stands in its unit's ledger too: the workbook counts, differences are told."""

import csv
import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assets.intake.limits import Limits
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from assets.intake.together import Received, write_together
from assets.judging.frames import References
from assets.judging.staging import stage, staged_path
from samples.census_workbook import write_workbook
from tests.samples.twins import reported
from tests.staging.desk import CONTRACTS, MAKER, REGIONS, listing
from warehouse.lake import Lake

YEAR = "2020-2021"
CHILDREN = reported("111")
CODE, UNIT = CHILDREN.school.code, CHILDREN.school.unit
OTHER = "1143912999"
ENROLMENT = ["学校标识码", "学段", "年级", "学生数", "女生数", "留守儿童", "招生数", "毕业生数"]
Changed = Mapping[tuple[str, str, int], Any]


class Desk:
    """Files that arrive at one unit, ledgers and workbooks, read and judged."""

    def __init__(self, root: Path) -> None:
        self.root, self.lake = root, Lake(root / "lake")
        self.receptions: list[Reception] = []

    def ledger(self, name: str, *lines: Sequence[object]) -> None:
        """A ledger arrives."""
        path = self.root / f"{len(self.receptions)}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
        self._arrives(path, f"{UNIT}/{YEAR}/{name}.csv")

    def workbook(self, changed: Changed | None = None) -> None:
        """A workbook arrives."""
        told = write_workbook(self.root / str(len(self.receptions)), CHILDREN, changed)
        self._arrives(told.path, f"{UNIT}/{YEAR}/{told.path.name}")

    def _arrives(self, path: Path, landed: str) -> None:
        sequence = len(self.receptions) + 1
        sha = hashlib.sha256(path.read_bytes()).hexdigest()
        delivery = Delivery(archived=path, unit_code=UNIT, sha256=sha, path=landed,
                            received_at=datetime(2021, 1, 10, tzinfo=UTC), sequence=sequence)  # fmt: skip
        raw = self.lake.path("raw")
        received = receive(delivery, CONTRACTS, REGIONS, MAKER, raw, Limits())
        reception = write_together(raw, [received])[0] if isinstance(received, Received) else received
        assert reception.state == "received", reception.problems
        self.receptions.append(reception)

    def judged(self, dataset: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The current rows of a dataset, and what was found about two sources."""
        lists = {UNIT: listing(CODE, OTHER)}
        judgement = stage(self.lake, CONTRACTS[dataset], YEAR, self.receptions, References(REGIONS, lists))
        assert judgement
        rows = self.lake.read(*staged_path(self.lake, judgement, "rows")).to_pylist()
        found = self.lake.read(*staged_path(self.lake, judgement, "findings")).to_pylist()
        return rows, [f for f in found if f["rule_id"].endswith((".sources_agree", ".in_workbook"))]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def grades(**changed: dict[int, object]) -> list[list[object]]:
    """The ledger's rows of the kindergarten, equal to its workbook but for changed columns of a grade, and one more."""
    rows: list[list[object]] = []
    for one in CHILDREN.grades:
        told = {"K1": "小班", "K2": "中班", "K3": "大班"}[one.grade]
        flows = (one.groups["left_behind"], one.entrants or 0, one.leavers or 0)
        row: list[object] = [CODE, "幼儿园", told, one.pupils, one.girls, *flows]
        for place, value in changed.get(one.grade, {}).items():
            row[place] = value
        rows.append(row)
    return [*rows, [OTHER, "幼儿园", "小班", 20, 9, 3, 20, 0]]


def by_grade(rows: list[dict[str, Any]], name: str) -> dict[tuple[str, str], Any]:
    return {(row["school_code"], row["grade"]): row[name] for row in rows}


@pytest.mark.parametrize("is_workbook_first", [True, False])
def test_the_workbook_counts_once_and_is_filled_from_the_ledger(desk: Desk, *, is_workbook_first: bool) -> None:
    if is_workbook_first:
        desk.workbook()
    desk.ledger("在校生统计", ENROLMENT, *grades())
    if not is_workbook_first:
        desk.workbook()
    rows, found = desk.judged("enrolment")
    assert found == []
    pupils = {(CODE, one.grade): one.pupils for one in CHILDREN.grades}
    assert by_grade(rows, "pupils") == pupils | {(OTHER, "K1"): 20}
    workbook = next(r.submission_id for r in desk.receptions if r.parts)
    assert {row["submission_id"] for row in rows if row["school_code"] == CODE} == {workbook}
    left_behind = {(CODE, one.grade): one.groups["left_behind"] for one in CHILDREN.grades}
    assert by_grade(rows, "left_behind") == left_behind | {(OTHER, "K1"): 3}


def test_each_value_that_differs_is_asked_about_at_the_workbook_with_both_places(desk: Desk) -> None:
    desk.workbook()
    desk.ledger("在校生统计", ENROLMENT, *grades(K1={3: 99}, K3={4: 1, 7: 77}))
    rows, found = desk.judged("enrolment")
    first, last = CHILDREN.grades[0], CHILDREN.grades[-1]
    assert (first.grade, last.grade) == ("K1", "K3")
    assert {(f["rule_id"], f["sheet"], f["cell"], f["severity"]) for f in found} == {
        ("enrolment.pupils.sources_agree", "基础基311", "L7", "must_explain"),
        ("enrolment.girls.sources_agree", "基础基311", "N8", "must_explain"),
        ("enrolment.leavers.sources_agree", "基础基311", "O7", "must_explain"),
    }
    told = next(f["message"] for f in found if f["rule_id"].startswith("enrolment.pupils"))
    assert f"是 {first.pupils}，在台账中是 99（第 2 行）。" in told
    assert by_grade(rows, "pupils")[CODE, "K1"] == first.pupils


def test_a_row_that_only_the_ledger_has_is_asked_about_and_does_not_count(desk: Desk) -> None:
    desk.workbook()
    desk.ledger("在校生统计", ENROLMENT, *grades(), [CODE, "幼儿园", "混龄班", 5, 2, 0, 0, 0])
    rows, found = desk.judged("enrolment")
    assert [f["rule_id"] for f in found] == ["enrolment.school_code.in_workbook"]
    assert (CODE, "KM") not in by_grade(rows, "pupils")


def test_a_ledger_that_leaves_out_the_stage_is_still_the_same_school(desk: Desk) -> None:
    desk.workbook()
    staff = CHILDREN.staff[0]
    desk.ledger(
        "教职工统计", ["学校标识码", "教职工数", "专任教师", "吃空饷人数"], [CODE, staff.staff + 1, staff.teachers, 2]
    )
    (row,), found = desk.judged("staff")
    assert (row["staff"], row["teachers"], row["ghost_pay"], row["stage"]) == (staff.staff, staff.teachers, 2, "幼儿园")
    assert [(f["rule_id"], f["cell"]) for f in found] == [("staff.staff.sources_agree", "D6")]


def test_money_and_areas_are_told_as_the_form_has_them(desk: Desk) -> None:
    desk.workbook()
    has = CHILDREN.facilities.numbers
    desk.ledger("办学条件", ["学校标识码", "教学及辅助用房面积", "运动场地面积", "教学仪器设备值", "图书"],
                [CODE, f"{has['teaching_area'] + 1}", has["sports_ground_area"], 5000, has["books"]])  # fmt: skip
    (row,), found = desk.judged("facilities")
    assert [(f["rule_id"], f["sheet"]) for f in found] == [("facilities.teaching_area.sources_agree", "基础基511")]
    assert (row["teaching_area"], row["equipment_value"]) == (has["teaching_area"], 500_000)


def test_a_row_of_the_workbook_in_quarantine_is_not_replaced_by_the_ledger(desk: Desk) -> None:
    desk.ledger("在校生统计", ENROLMENT, *grades())
    desk.workbook({("基础基311", "2", 9): 9999})
    rows, _ = desk.judged("enrolment")
    assert sorted(by_grade(rows, "pupils")) == sorted([(CODE, "K2"), (CODE, "K3"), (OTHER, "K1")])


def test_a_ledger_stands_where_the_workbook_has_nothing_acceptable(desk: Desk) -> None:
    desk.ledger("办学条件", ["学校标识码", "教学及辅助用房面积"], [CODE, 500])
    desk.workbook({("基础基511", "4", 1): "约五百"})
    (row,), found = desk.judged("facilities")
    assert (row["submission_id"], row["teaching_area"]) == (desk.receptions[0].submission_id, 500)
    assert found == []


def test_a_newer_workbook_replaces_the_older_and_not_the_ledger_of_others(desk: Desk) -> None:
    desk.workbook()
    desk.ledger("在校生统计", ENROLMENT, *grades())
    desk.workbook({("基础基311", "1", 12): 3})
    rows, found = desk.judged("enrolment")
    assert {row["submission_id"] for row in rows if row["school_code"] == CODE} == {desk.receptions[2].submission_id}
    assert by_grade(rows, "pupils")[OTHER, "K1"] == 20
    assert [f["rule_id"] for f in found] == ["enrolment.leavers.sources_agree"]
