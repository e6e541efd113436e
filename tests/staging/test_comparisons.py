"""Comparisons of two handmade years: what merges, closes or moves is no fault, what does not add up is told once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets.comparisons.compare import compare_family, made_table
from assets.comparisons.kept import Kept, compared_findings, compared_path
from assets.comparisons.tables import are_held, needs_of, open_years
from assets.house import House
from assets.intake.reception import Reception, Said
from assets.submitted.standing import standing_of_year
from expectations.comparison import load_comparisons
from expectations.contract import load_contracts
from expectations.regions import load_regions
from tests.staging.laid import keep

UNIT = "433126"
ONE, OTHER, POINT = "2143990001", "2143990002", "2143990003"
Row = dict[str, Any]


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(home=tmp_path, landing=tmp_path / "landing", warehouse_url="sqlite://")


def put(house: House, dataset: str, year: int, rows: Sequence[Row], bad: Sequence[Row] = ()) -> None:
    """Lay down rows as staging leaves them: accepted and current, and in quarantine."""
    period = f"{year}-{year + 1}"
    place = {"submission_id": f"{UNIT}-{year:016d}", "sheet": "表", "unit_code": UNIT, "school_year": period}
    listed = [{**place, "row": at, **row} for at, row in enumerate([*rows, *bad], 2)]
    keep(house, dataset, period, listed[: len(rows)], listed[len(rows) :])


def schools(house: House, year: int, *codes: str, **more: Row) -> None:
    names = {ONE: "样例第1小学", OTHER: "样例第2小学", POINT: "样例教学点"}
    put(house, "school", year, [
        {"school_code": code, "school_name": names.get(code, "样例"), "kind": "211", "sponsor": "831",
         **more.get(f"of_{code}", {})}
        for code in codes
    ])  # fmt: skip


def grades(code: str, pupils: Sequence[int], **flows: Sequence[int | None]) -> list[Row]:
    """The primary grades of a school; entrants and leavers stand in the first and the last of them."""
    rows: list[Row] = [{"school_code": code, "stage": "小学", "grade": f"P{n}", "pupils": many,
                        **{name: values[n - 1] for name, values in flows.items()}}
                       for n, many in enumerate(pupils, 1)]  # fmt: skip
    return rows


def told(house: House, family: str, year: int = 2020) -> list[tuple[str, str, int | None]]:
    """What comparing finds: rule, severity and row of the file."""
    house.lake.path("compared", str(year), family, "judgement.json").unlink(missing_ok=True)
    compare_family(house, year, family)
    found = compared_findings(house.lake, [year]).to_pylist()
    return sorted(((f["rule_id"], f["severity"], f["row"]) for f in found), key=lambda one: (one[0], one[2] or 0))


NOBODY = [0, 0, 0, 0, 0, 0]
BEFORE = [40, 41, 42, 43, 44, 45]
NOW = [50, 40, 41, 42, 43, 44]


@pytest.mark.parametrize("years", [(2020,), (2019, 2020)])
def test_schools_alone_are_compared_with_each_other_only(house: House, years: tuple[int, ...]) -> None:
    kinds = {ONE: "211", OTHER: "311", POINT: "218", "2143990004": "111", "2143990005": "411", "2143990006": None}
    for year in years:
        schools(house, year, *kinds, **{f"of_{code}": {"kind": kind} for code, kind in kinds.items()})
    comparisons = load_comparisons().values()
    unheld = [one for one in comparisons if not are_held(house, 2020, one.needs)]
    assert {one.name for one in comparisons} - {one.name for one in unheld} == {"school_names", "school_codes"}
    with open_years(house, 2020, needs_of(comparisons)) as opened:
        for one in unheld:  # which is why no table is opened for them
            assert made_table(house, opened, one).equals(one.schema.empty_table()), one.name


def test_grades_that_moved_on_are_no_finding(house: House) -> None:
    for year, pupils in ((2019, BEFORE), (2020, NOW)):
        schools(house, year, ONE)
        put(house, "enrolment", year, grades(
            ONE, pupils, transferred_in=NOBODY, transferred_out=NOBODY, entrants=[50, *NOBODY[1:]],
            leavers=[*NOBODY[1:], 45],
        ))  # fmt: skip
    assert told(house, "over_years") == []


def test_one_pupil_too_many_is_told_in_the_grade_and_in_the_stock(house: House) -> None:
    for year, pupils in ((2019, BEFORE), (2020, [50, 40, 42, 42, 43, 44])):
        schools(house, year, ONE)
        put(house, "enrolment", year, grades(
            ONE, pupils, transferred_in=NOBODY, transferred_out=NOBODY, entrants=[50, *NOBODY[1:]],
            leavers=[*NOBODY[1:], 45],
        ))  # fmt: skip
    assert told(house, "over_years") == [
        ("cohorts.balance", "must_explain", 4), ("stocks.balance", "must_fix", 2)
    ]  # fmt: skip
    (finding,) = [f for f in compared_findings(house.lake).to_pylist() if f["rule_id"] == "cohorts.balance"]
    assert finding["message"] == "小学P3现有 42 人。去年P2 41 人，加增加 0 人，减减少 0 人，相差 1 人。"
    assert (finding["dataset"], finding["period"], finding["unit_code"]) == ("enrolment", "2020-2021", UNIT)
    assert finding["column_name"] == "pupils"


def test_who_came_and_went_is_counted(house: House) -> None:
    for year, pupils in ((2019, BEFORE), (2020, [50, 43, 38, 42, 43, 44])):
        schools(house, year, ONE)
        put(house, "enrolment", year, grades(
            ONE, pupils, transferred_in=[0, 4, 0, 0, 0, 0], transferred_out=[0, 1, 3, 0, 0, 0],
            entrants=[50, *NOBODY[1:]], leavers=[*NOBODY[1:], 45],
        ))  # fmt: skip
    assert told(house, "over_years") == []


def test_teachers_of_no_stage_are_of_the_one_that_their_kind_of_school_has(house: House) -> None:
    point = {"kind": "218", "counted": False, "parent_school_code": ONE}
    schools(house, 2020, ONE, OTHER, POINT, **{f"of_{POINT}": point, f"of_{OTHER}": {"kind": "312"}})
    put(house, "enrolment", 2020, [row for code in (ONE, OTHER, POINT) for row in grades(code, NOW)])
    staff: list[Row] = [
        {"school_code": ONE, "teachers": 14},
        {"school_code": POINT, "stage": "小学", "teachers": 1},
        {"school_code": OTHER, "teachers": 13},
        {"school_code": OTHER, "stage": "小学", "teachers": 1},
    ]
    put(house, "staff", 2020, staff)
    assert told(house, "between_forms") == []
    put(house, "staff", 2020, [{**staff[0], "teachers": 13}, *staff[1:]])
    assert told(house, "between_forms") == [("staffing.ratio", "must_explain", 2)]


def test_a_school_that_became_a_teaching_point_is_counted_with_its_parent(house: House) -> None:
    schools(house, 2019, ONE, POINT)
    put(house, "enrolment", 2019, [*grades(ONE, BEFORE), *grades(POINT, [20, 21])])
    schools(house, 2020, ONE, POINT, **{f"of_{POINT}": {"counted": False, "parent_school_code": ONE}})
    put(house, "enrolment", 2020, [*grades(ONE, [50, 40, 62, 42, 43, 44]), *grades(POINT, [22, 20])])
    assert told(house, "over_years") == []


def test_pupils_of_a_closed_school_excuse_as_many_elsewhere_and_no_more(house: House) -> None:
    schools(house, 2019, ONE, OTHER)
    put(house, "enrolment", 2019, [*grades(ONE, BEFORE), *grades(OTHER, [20, 20, 20, 20, 20, 20])])
    schools(house, 2020, ONE)
    put(house, "enrolment", 2020, grades(ONE, [50, 60, 61, 62, 63, 64]))
    assert told(house, "over_years") == []
    put(house, "enrolment", 2020, grades(ONE, [50, 71, 61, 62, 63, 64]))
    assert ("cohorts.promotion", "must_explain", 3) in told(house, "over_years")


def asked(house: House, name: str) -> list[str]:
    """The schools, or units, of the rows that a comparison of 2020 has."""
    comparison = load_comparisons()[name]
    with open_years(house, 2020, comparison.needs) as years:
        rows = made_table(house, years, comparison).to_pylist()
    return sorted({row["school_code"] or row["unit_code"] for row in rows})


@pytest.mark.parametrize(
    ("bad", "schools_asked"),
    [({}, [ONE, OTHER]), ({2020: OTHER}, [ONE]), ({2019: OTHER}, [ONE]), ({2020: "2143990098"}, []),
     ({2019: "2143990098"}, [ONE, OTHER])],
)  # fmt: skip
def test_nothing_is_asked_of_a_school_of_which_a_row_is_in_quarantine(
    house: House, bad: dict[int, str], schools_asked: list[str]
) -> None:
    """A row whose code no list has may be of any school of its unit."""
    for year in (2019, 2020):
        schools(house, year, ONE, OTHER)
        put(house, "enrolment", year, [*grades(ONE, BEFORE), *grades(OTHER, BEFORE)],
            grades(bad[year], [7]) if year in bad else ())  # fmt: skip
    assert asked(house, "stocks") == schools_asked
    assert asked(house, "unit_cohorts") == ([] if bad else [UNIT])


def test_what_merges_into_a_school_by_a_row_in_quarantine_leaves_it_unasked(house: House) -> None:
    merged = {"counted": False, "parent_school_code": ONE}
    schools(house, 2019, ONE, POINT, **{f"of_{POINT}": merged})
    put(house, "enrolment", 2019, [*grades(ONE, BEFORE), *grades(POINT, [20, 21])])
    put(house, "enrolment", 2020, [*grades(ONE, [50, 40, 62, 42, 43, 44]), *grades(POINT, [22, 20])])
    for bad, found in (([], [ONE]), ([{"school_code": POINT, "kind": "999", **merged}], [])):
        put(house, "school", 2020, [{"school_code": ONE, "school_name": "样例", "kind": "211"}], bad)
        assert asked(house, "cohorts") == found


def test_units_without_schools_or_with_rows_in_quarantine_are_no_sum(house: House) -> None:
    schools(house, 2020, ONE)
    put(house, "pupils_by_age", 2020, [{"stage": "小学", "age": "6", "pupils": 41}])
    assert asked(house, "stages_by_age") == []
    put(house, "enrolment", 2020, [{"school_code": ONE, "stage": "幼儿园", "grade": "K1", "pupils": 5}])
    assert asked(house, "stages_by_age") == [UNIT]
    put(house, "enrolment", 2020, grades(ONE, [40]), grades(ONE, [1]))
    assert asked(house, "stages_by_age") == []


def test_a_grade_has_classes_where_it_has_pupils_in_whichever_form_it_stands(house: House) -> None:
    schools(house, 2020, ONE, OTHER)
    put(house, "enrolment", 2020, [*grades(ONE, [40, 41, 0]), *grades(OTHER, [40])])
    put(house, "class_ledger", 2020, [
        {"school_code": ONE, "stage": "小学", "grade": grade, "pupils": many, "class_no": "1"}
        for grade, many in (("P1", 39), ("P4", 20), ("P5", 0))
    ])  # fmt: skip
    assert [one for one in told(house, "between_forms") if one[0].startswith("pupils_by_class")] == [
        ("pupils_by_class.has_classes", "must_explain", None), ("pupils_by_class.has_classes", "must_explain", None),
        ("pupils_by_class.has_classes", "must_explain", 3), ("pupils_by_class.pupils", "must_explain", 2),
    ]  # fmt: skip


def test_a_code_that_changed_and_a_name_that_stands_twice_are_asked_about(house: House) -> None:
    schools(house, 2019, ONE)
    schools(house, 2020, "2143990009", OTHER, POINT, **{
        "of_2143990009": {"school_name": "样例第1小学"}, f"of_{POINT}": {"school_name": "样例第2小学"},
    })  # fmt: skip
    assert told(house, "identifiers") == [
        ("school_codes.kept", "must_explain", 2), ("school_names.one_code", "must_explain", 3),
        ("school_names.one_code", "must_explain", 4),
    ]  # fmt: skip


def test_a_junior_school_with_a_fourth_grade_ends_with_it(house: House) -> None:
    """One that never had it ends with the third; one that begins to have it lets nobody go that year."""

    def junior(code: str, pupils: Sequence[int], leavers: int) -> list[Row]:
        rows: list[Row] = [{"school_code": code, "stage": "初中", "grade": f"J{n}", "pupils": many}
                           for n, many in enumerate(pupils, 1)]  # fmt: skip
        return [*rows[:-1], {**rows[-1], "leavers": leavers}]

    schools(house, 2019, ONE, OTHER, POINT)
    put(house, "enrolment", 2019, [*junior(ONE, [40, 40, 40, 30], 0), *junior(OTHER, [40, 40, 40], 0),
                                   *junior(POINT, [40, 40, 40], 0)])  # fmt: skip
    schools(house, 2020, ONE, OTHER, POINT)
    put(house, "enrolment", 2020, [*junior(ONE, [40, 40, 40, 40], 30), *junior(OTHER, [10, 40, 40, 40], 0),
                                   *junior(POINT, [40, 40, 40], 30)])  # fmt: skip
    assert told(house, "over_years") == [("leavers.as_expected", "must_explain", 12)]


def test_from_three_earlier_years_on_what_is_usual_is_learnt(house: House) -> None:
    codes = [f"21439900{n:02d}" for n in range(10, 20)]
    for year, growth in ((2017, 0), (2018, 30), (2019, 60), (2020, 90)):
        schools(house, year, *codes)
        sizes = {code: 100 + growth + n for n, code in enumerate(codes)}
        sizes[codes[0]] = {2019: 160, 2020: 330}.get(year, sizes[codes[0]])
        put(house, "enrolment", year, [
            {"school_code": code, "stage": "小学", "grade": "P1", "pupils": many} for code, many in sizes.items()
        ])  # fmt: skip
    assert [rule for rule, *_ in told(house, "over_years")] == ["changes.learnt_range"]
    kept = compare_family(house, 2020, "over_years")
    rows = house.lake.read(*compared_path(kept, "changes")).to_pylist()
    assert all(0.15 < row["level"] < 0.3 for row in rows), "all schools grow by a quarter each year, and that is usual"


def test_without_news_what_stands_is_told_and_nothing_is_written(house: House) -> None:
    schools(house, 2020, ONE)
    first = compare_family(house, 2020, "identifiers")
    written = house.lake.path(*compared_path(first, "findings")).stat().st_mtime_ns
    assert compare_family(house, 2020, "identifiers") == first
    assert house.lake.path(*compared_path(first, "findings")).stat().st_mtime_ns == written
    schools(house, 2020, ONE, OTHER)
    house.lake.path("compared", "2020", "identifiers", "judgement.json").unlink()
    assert compare_family(house, 2020, "identifiers").rows["school_codes"] == 2


def test_a_changed_tolerance_judges_anew(house: House, tmp_path: Path) -> None:
    for year, pupils in ((2019, BEFORE), (2020, [50, 49, 41, 42, 43, 44])):
        schools(house, year, ONE)
        put(house, "enrolment", year, grades(ONE, pupils))
    assert told(house, "over_years") == []
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "ours.yaml").write_text("cohorts.promotion: {tolerance: {least: 5}}\n", "utf-8")
    strict = House(home=house.home, landing=house.landing, warehouse_url="sqlite://", rules_folder=folder)
    kept: Kept = compare_family(strict, 2020, "over_years")
    assert {rule.rule_id for rule in kept.rules if rule.found} == {"cohorts.promotion"}


def received(house: House, name: str, sequence: int, *codes: str, periods: Sequence[str] = ("2020-2021",)) -> None:
    """Lay down that a file was received, with the schools of which it has rows, and of which period each is."""
    submission = f"{UNIT}-{name:0>16}"
    house.ledger.record([Reception(
        submission_id=submission, unit_code=UNIT, sha256=name, path=f"{UNIT}/{name}.csv", dataset="enrolment",
        received_at=datetime(2020, 9, sequence, tzinfo=UTC), sequence=sequence, state="received", read_with="r",
        rows_read=len(codes), periods=dict.fromkeys(periods, len(codes)),
    )])  # fmt: skip
    raw = pa.table({"school_code": list(codes), "period": [*periods, *periods[:1] * len(codes)][: len(codes)]})
    house.lake.write(raw, "raw", "enrolment", f"{submission}.parquet")


def test_what_is_sent_again_is_asked_about_where_a_first_report_must_be_mended(house: House) -> None:
    flows = {"transferred_in": NOBODY, "transferred_out": NOBODY, "entrants": [50, *NOBODY[1:]],
             "leavers": [*NOBODY[1:], 45]}  # fmt: skip
    for year, pupils in ((2019, BEFORE), (2020, [51, 40, 41, 42, 43, 44])):
        schools(house, year, ONE, OTHER)
        put(house, "enrolment", year, [*grades(ONE, pupils, **flows), *grades(OTHER, pupils, **flows)])
    received(house, "1", 1, f" {ONE}.0", OTHER, periods=["2020-2021", "2019-2020"])
    received(house, "2020", 2, ONE, OTHER)
    assert told(house, "over_years") == [
        ("stocks.balance", "must_explain", 2), ("stocks.balance", "must_fix", 8)
    ]  # fmt: skip
    kept = compare_family(house, 2020, "over_years")
    assert sum(rule.asked for rule in kept.rules if rule.rule_id == "stocks.balance") == kept.rows["stocks"] == 2


def test_no_rule_is_asked_before_its_year(house: House) -> None:
    schools(house, 2018, ONE)
    rules = {rule.rule_id for rule in compare_family(house, 2018, "identifiers").rules}
    assert rules == {"school_names.one_code"}, "codes are held against those of the year before from 2019 on"


def explained(house: House, day: date) -> None:
    """Lay down that the unit answers, on that day, what comparing found."""
    (f,) = compared_findings(house.lake).to_pylist()
    names = ("dataset", "period", "rule_id", "place", "message")
    said = Said(text="合班", **{name: f[name] for name in names})
    house.explanations.record([Reception(
        submission_id=f"{UNIT}-{9:016d}", unit_code=UNIT, sha256="9", path=f"{UNIT}/9.xlsx", sequence=9, read_with="r",
        dataset="enrolment", received_at=datetime(day.year, day.month, day.day, tzinfo=UTC), state="received",
        explanations=(said,),
    )])  # fmt: skip


def test_what_comparing_finds_is_open_until_explained_and_again_when_the_explanation_expires(house: House) -> None:
    for year, pupils in ((2019, BEFORE), (2020, [50, 40, 42, 42, 43, 44])):
        schools(house, year, ONE)
        put(house, "enrolment", year, grades(ONE, pupils, transferred_in=NOBODY, transferred_out=NOBODY))

    def questions(as_of: date = date(2020, 12, 31)) -> set[tuple[str, int]]:
        given = replace(house.explanations, as_of=as_of)
        delivered, regions = house.ledger.delivered(), load_regions()
        rows = standing_of_year(house.lake, load_contracts(), delivered, regions, 2020, given).to_pylist()
        return {(row["dataset"], row["questions"]) for row in rows if row["questions"]}

    assert questions() == set()
    assert told(house, "over_years") == [("cohorts.balance", "must_explain", 4)]
    assert questions() == {("enrolment", 1)}
    explained(house, date(2020, 12, 1))
    assert questions(date(2021, 12, 1)) == set()
    assert questions(date(2021, 12, 2)) == {("enrolment", 1)}
