"""Class sizes: every limit on both sides, kinds of classes, the school that a class counts for, disabled children."""

import pandas as pd

from tests.indicators.year import Row, Year

P1, J1 = "primary_entry_classes_within_limit", "junior_entry_classes_within_limit"
LARGEST = "primary_entry_largest_class"
SENIOR_LARGE, OVERSIZED, LARGE = "senior_large_class_share", "senior_oversized_classes", "compulsory_large_classes"
DISABLED = "three_disabilities_enrolment"


def a_class(code: str, pupils: int, stage: str = "小学", grade: str = "P1", kind: str | None = None) -> Row:
    return {"school_code": code, "stage": stage, "grade": grade, "class_no": "1", "class_kind": kind, "pupils": pupils}


def test_entry_classes_at_their_limit(year: Year) -> None:
    sizes = (44, 45, 46, 49, 50, 51, 120, 121)
    for size in sizes:
        year.put("class_ledger", a_class(str(size), size), a_class(str(size), size, "初中", "J1"))
    found = year.figures(P1, J1, LARGEST)
    assert [found.of(P1, str(size)) for size in sizes] == [(1, 1)] * 2 + [(0, 1)] * 6
    assert [found.of(J1, str(size)) for size in sizes] == [(1, 1)] * 5 + [(0, 1)] * 3
    assert [found.of(LARGEST, str(size)) for size in sizes] == [(size, None) for size in sizes]
    assert (found.of(P1), found.of(J1), found.of(LARGEST)) == ((2, 8), (5, 8), (121, None))


def test_entry_classes_are_ordinary_ones_of_the_first_grade(year: Year) -> None:
    year.put(
        "class_ledger", a_class("a", 45), a_class("a", 46, kind="普通"), a_class("a", 90, kind="复式"),
        a_class("a", 91, kind="特教"), a_class("a", 92, kind="附设"), a_class("a", 93, grade="P2"), a_class("b", 30),
        a_class("c", 94, grade="P6"),
    )  # fmt: skip
    found = year.figures(P1, LARGEST)
    assert found.of(P1) == found.of(P1, "433101") == (2, 3)
    assert (found.of(P1, "a"), found.of(P1, "b")) == ((1, 2), (1, 1))
    assert found.regions(P1, "school") == found.regions(LARGEST, "school") == {"a", "b"}
    assert (found.of(LARGEST), found.of(LARGEST, "b")) == ((46, None), (30, None))
    assert found.row(LARGEST)["value"] == 46.0
    assert found.of(P1, "433122") == (None, 0)
    assert found.of(LARGEST, "433122") == (None, None)
    year.choices = {"entry_class_kinds": ["普通", "复式"]}
    assert year.figures(P1).of(P1) == (2, 4)


def test_large_and_oversized_on_both_sides(year: Year) -> None:
    sizes = (55, 56, 65, 66, 120, 121)
    for size in sizes:
        year.put("class_ledger", a_class(str(size), size, "普通高中", "S1"), a_class(str(size), 40, "普通高中", "S2"),
                 a_class(str(size), size, kind="复式"), a_class(str(size), size, "初中", "J3"))  # fmt: skip
    found = year.figures(SENIOR_LARGE, OVERSIZED, LARGE)
    assert [found.of(SENIOR_LARGE, str(size)) for size in sizes] == [(0, 2)] + [(1, 2)] * 5
    assert [found.of(OVERSIZED, str(size))[0] for size in sizes] == [0, 0, 0, 1, 1, 1]
    assert [found.of(LARGE, str(size)) for size in sizes] == [(0, None)] + [(2, None)] * 5
    assert (found.of(SENIOR_LARGE), found.of(OVERSIZED), found.of(LARGE)) == ((5, 12), (3, None), (10, None))


def test_a_count_is_0_where_there_is_nothing_and_its_schools_are_those_it_could_hold_for(year: Year) -> None:
    year.put("class_ledger", a_class("a", 30), a_class("b", 30, "普通高中", "S1"))
    found = year.figures(LARGE)
    assert found.of(LARGE, "433122") == (0, None)
    assert found.regions(LARGE, "school") == {"a"}
    assert found.row(LARGE)["maturity"] == "confirmed"


def test_merging_before_any_figure_of_a_school(year: Year) -> None:
    year.put(
        "school",
        {"school_code": "central", "kind": "211", "sponsor": "831"},
        {"school_code": "point", "kind": "218", "sponsor": "831", "parent_school_code": "central"},
        {"school_code": "attached", "kind": "219", "sponsor": "831", "parent_school_code": "point"},
        {"school_code": "own", "kind": "218", "sponsor": "831", "counted": True, "parent_school_code": "central"},
        {"school_code": "merged", "kind": "211", "sponsor": "831", "counted": False, "parent_school_code": "central"},
        {"school_code": "orphan", "kind": "218", "sponsor": "831"},
    )  # fmt: skip
    codes = ("central", "point", "attached", "own", "merged", "orphan")
    year.put("class_ledger", *(a_class(code, 40 + n) for n, code in enumerate(codes)))
    found = year.figures(P1, LARGEST)
    assert found.of(P1, "central") == (4, 4)
    assert found.of(LARGEST, "central") == (44, None)
    assert found.regions(P1, "school") == {"central", "own", "orphan"}
    assert found.of(P1) == (6, 6)


def test_a_school_counts_for_the_unit_that_lists_it_and_once_in_the_prefecture(year: Year) -> None:
    year.put("school", {"school_code": "z", "kind": "211", "sponsor": "821"}, unit="433170")
    year.put("school", {"school_code": "twice", "kind": "211", "sponsor": "831"}, unit="433101")
    year.put("school", {"school_code": "twice", "kind": "211", "sponsor": "831"}, unit="433122")
    year.put("class_ledger", a_class("z", 40), a_class("twice", 40), unit="433101")
    found = year.figures(P1)
    assert found.of(P1, "433170") == (1, 1)
    assert found.of(P1, "433101") == (1, 1)
    assert found.of(P1) == (2, 2)


def test_the_bureau_speaks_for_a_county(year: Year) -> None:
    row = {"category": "听力", "registered": 4, "in_special_school": 4, "in_regular_class": 0, "in_attached_class": 0,
           "home_taught": 0}  # fmt: skip
    year.put("disabled_children", row | {"county_code": "433122"}, unit="433100")
    assert year.figures(DISABLED).of(DISABLED, "433122") == (4, 4)


def test_class_sizes_as_pandas_counts_them(year: Year) -> None:
    rows = [a_class(f"s{n % 7}", 30 + n * 5 % 40, *("小学", "P1") if n % 2 else ("初中", "J1")) for n in range(60)]
    for n, row in enumerate(rows):
        year.put("class_ledger", row, unit=("433101", "433122", "433170")[n % 7 % 3])
    frame = pd.DataFrame(rows)
    frame["unit_code"] = [("433101", "433122", "433170")[n % 7 % 3] for n in range(60)]
    entry = frame[frame["grade"] == "P1"].assign(within=lambda f: f["pupils"] <= 45)
    found = year.figures(P1)
    for key in ("school_code", "unit_code"):
        for region, group in entry.groupby(key):
            assert found.of(P1, str(region)) == (int(group["within"].sum()), len(group))
    assert found.of(P1) == (int(entry["within"].sum()), len(entry))


def test_three_disabilities_on_both_sides(year: Year) -> None:
    def row(category: str, registered: int, *taught: int | None) -> Row:
        places = ("in_special_school", "in_regular_class", "in_attached_class", "home_taught")
        return {"category": category, "registered": registered, **dict(zip(places, taught, strict=True))}

    year.put(
        "disabled_children", row("视力", 10, 4, 4, 1, 1), row("听力", 20, 10, 5, 2, 2), row("其他", 50, 0, 0, 0, 0)
    )
    year.put("disabled_children", row("智力", 70, 30, 30, 0, 6), row("视力", 9, 1, 1, None, 1), unit="433170")
    found = year.figures(DISABLED)
    row_ = found.row(DISABLED)
    assert found.of(DISABLED, "433101") == (29, 30)
    assert (row_["numerator"], row_["denominator"], row_["value"]) == (95, 100, 0.95)
    assert (row_["unknown_count"], row_["maturity"]) == (1, "provisional")
    assert found.row(DISABLED, "433101")["maturity"] == "confirmed"


SHARES = {"primary_large_class_share": ("小学", 56), "junior_large_class_share": ("初中", 56),
          "primary_oversized_class_share": ("小学", 66), "junior_oversized_class_share": ("初中", 66)}  # fmt: skip


def test_shares_of_large_and_oversized_classes_by_stage(year: Year) -> None:
    for code, size in (("55", 55), ("56", 56), ("65", 65), ("66", 66)):
        for stage, grade, kind in (
            ("小学", "P1", "普通"),
            ("小学", "P3", "复式"),
            ("初中", "J3", None),
            ("普通高中", "S1", None),
        ):
            year.put("class_ledger", a_class(code, size, stage, grade, kind))
    found = year.figures(*SHARES, "compulsory_oversized_classes")
    for name, (stage, limit) in SHARES.items():
        classes = 2 if stage == "小学" else 1
        reached = [classes if size >= limit else 0 for size in (55, 56, 65, 66)]
        assert [found.of(name, str(size)) for size in (55, 56, 65, 66)] == [(n, classes) for n in reached], name
        assert found.of(name) == (sum(reached), 4 * classes)
        assert found.of(name, "433122") == (None, 0)
    assert [found.of("compulsory_oversized_classes", str(size))[0] for size in (55, 65, 66)] == [0, 0, 3]
    year.choices = {"large_class_size": 55, "oversized_class_size": 57}
    assert year.figures(*SHARES).of("primary_large_class_share") == (8, 8)
    assert year.figures(*SHARES).of("junior_oversized_class_share") == (2, 4)
