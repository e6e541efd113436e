"""Workbooks of a moment share their raw files, and each school's newest workbook counts."""

from pathlib import Path

from assets.intake.reception import Reception
from assets.intake.together import Received, forget_together, write_together
from assets.judging.frames import References
from assets.judging.staging import stage, staged_path
from expectations.forms import CELLS, TABLES
from tests.intake.forms import BOXES, CODE, CONTRACTS, REGIONS, children, placed, read, school
from tests.intake.forms import workbook as written
from warehouse.lake import Lake

OTHER = "2143990002"


def sent(folder: Path, sequence: int, code: str, entrants: str, kind: str = "111") -> Received:
    """A kindergarten's workbook, the `sequence`-th file that arrives."""
    boxes = {**BOXES, "B7": code, "D15": kind}
    line = ["总计", "1", entrants, *[""] * 7, "20"]
    one = read(written(folder / "a.xlsx", {**school(), "基础基111": placed(boxes), "基础基311": children(line)}))
    named = {"submission_id": f"433126-{sequence:016d}", "sequence": sequence}
    return Received(one.reception.model_copy(update=named), one.tables)


def test_one_file_for_each_unit_and_dataset_holds_the_rows_of_all(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    receptions = write_together(lake.path("raw"), [sent(tmp_path, 1, CODE, "30"), sent(tmp_path, 2, OTHER, "40")])
    assert len({r.raw_name for r in receptions}) == 1
    assert sorted(p.parent.name for p in lake.root.rglob("*.parquet")) == ["census_cell", "enrolment", "school"]
    raw = lake.read("raw", "enrolment", receptions[0].raw_name)
    assert raw["submission_id"].to_pylist() == [r.submission_id for r in receptions]


def current(lake: Lake, dataset: str, receptions: list[Reception]) -> dict[str, str]:
    judgement = stage(lake, CONTRACTS[dataset], "2020-2021", receptions, References(REGIONS))
    assert judgement
    rows = lake.read(*staged_path(lake, judgement, "rows")).to_pylist()
    told = {"enrolment": "entrants", "school": "submission_id"}[dataset]
    return {row["school_code"]: str(row[told]) for row in rows}


def test_a_newer_workbook_replaces_its_school_and_no_other_in_any_dataset(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    receptions = write_together(lake.path("raw"), [sent(tmp_path, 1, CODE, "30"), sent(tmp_path, 2, OTHER, "40")])
    receptions += write_together(lake.path("raw"), [sent(tmp_path, 3, CODE, "31")])
    assert current(lake, "enrolment", receptions) == {CODE: "31", OTHER: "40"}
    assert current(lake, "school", receptions) == {CODE: "433126-0000000000000003", OTHER: "433126-0000000000000002"}


def test_files_that_nobody_names_any_more_go(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    first = write_together(raw, [sent(tmp_path, 1, CODE, "30"), sent(tmp_path, 2, OTHER, "40")])
    anew = write_together(raw, [sent(tmp_path, 1, CODE, "30")])
    forget_together(raw, (CELLS, *TABLES), [*anew, first[1]])
    assert {p.name for p in raw.rglob("*.parquet")} == {anew[0].raw_name, first[1].raw_name}
    forget_together(raw, (CELLS, *TABLES), anew)
    assert {p.name for p in raw.rglob("*.parquet")} == {anew[0].raw_name}


def test_a_teaching_point_is_no_row_of_the_school_list(tmp_path: Path) -> None:
    assert "school" not in sent(tmp_path, 1, CODE, "30", kind="218").tables
