"""What becomes of a school over its lists: the same, renamed, moved, merged, given to another unit, dropped."""

from __future__ import annotations

from datetime import date
from typing import Any

from assets.releases.schools import COLUMNS, SCHEMA, YearList, spans_of

Row = dict[str, Any]
TOLD = ("school_code", "unit_code", "valid_from", "valid_to", "ended_by", "successor_code")
FIRST, LAST, SECOND = date(2019, 9, 1), date(2020, 8, 31), date(2020, 9, 1)


def row(code: str = "S", unit: str = "433101", **others: object) -> Row:
    empty = dict.fromkeys(COLUMNS.values())
    return {**empty, "school_name": "样例小学", "kind": "211", "school_code": code, "unit_code": unit, **others}


def listed(year: int, *rows: Row, named: tuple[str, ...] = (), silent: bool = False) -> YearList:
    units: dict[str, set[str]] = {}
    for each in rows:
        units.setdefault(each["unit_code"], set(named)).add(each["school_code"])
    return YearList(year, rows, {} if silent else {"433101": set(named), **units})


def told(*lists: YearList) -> list[tuple[Any, ...]]:
    spans = spans_of(lists)
    assert all(set(span) == set(SCHEMA.names) for span in spans)
    return [tuple(span[name] for name in TOLD) for span in spans]


def test_the_same_facts_go_on() -> None:
    assert told(listed(2019, row()), listed(2020, row())) == [("S", "433101", FIRST, None, None, None)]


def test_a_new_name_ends_a_span_on_the_last_day_of_the_school_year() -> None:
    before, now = told(listed(2019, row()), listed(2020, row(school_name="新名小学", township_code="433101104")))
    assert before == ("S", "433101", FIRST, LAST, "renamed", None)
    assert now == ("S", "433101", SECOND, None, None, None)


def test_another_township_is_a_move_and_anything_else_a_change() -> None:
    moved = told(listed(2019, row()), listed(2020, row(township_code="433101104")))
    changed = told(listed(2019, row()), listed(2020, row(sponsor="999")))
    assert (moved[0][4], changed[0][4]) == ("moved", "changed")


def test_a_school_that_no_longer_counts_is_merged_into_its_main_school() -> None:
    before, now = told(
        listed(2019, row()), listed(2020, row(counted=False, parent_school_code="M", school_name="M分校"))
    )
    assert before[4:] == ("merged", "M")
    assert now[3:] == (None, None, None)


def test_a_teaching_point_with_another_main_school_is_merged_again_but_not_one_with_the_same() -> None:
    point = row(kind="218", parent_school_code="M")
    again = told(listed(2019, point), listed(2020, {**point, "parent_school_code": "N"}))
    same = told(listed(2019, point), listed(2020, {**point, "school_name": "新名"}))
    assert (again[0][4:], same[0][4:]) == (("merged", "N"), ("renamed", None))


def test_a_school_that_its_units_list_no_longer_names_is_closed() -> None:
    assert told(listed(2019, row(), row("T")), listed(2020, row("T")))[0] == (
        "S", "433101", FIRST, LAST, "closed", None,
    )  # fmt: skip


def test_a_unit_without_a_list_ends_nothing_nor_does_a_row_in_quarantine() -> None:
    other = row("T", "433122")
    assert told(listed(2019, row(), other), listed(2020, other, silent=True))[0][3] is None
    assert told(listed(2019, row(), other), listed(2020, other, named=("S",)))[0][3] is None


def test_a_school_that_another_unit_lists_from_the_next_day_on_is_transferred() -> None:
    assert told(listed(2019, row(), row("T")), listed(2020, row("T"), row("S", "433122"))) == [
        ("S", "433101", FIRST, LAST, "transferred", "S"),
        ("T", "433101", FIRST, None, None, None),
        ("S", "433122", SECOND, None, None, None),
    ]  # fmt: skip


def test_a_school_that_comes_back_has_a_span_of_its_own() -> None:
    spans = told(listed(2018, row()), listed(2019, row("T")), listed(2020, row(), row("T")))
    assert [span[2:5] for span in spans if span[0] == "S"] == [
        (date(2018, 9, 1), date(2019, 8, 31), "closed"), (SECOND, None, None),
    ]  # fmt: skip


def test_of_two_rows_in_a_year_the_first_holds() -> None:
    assert len(told(listed(2020, row(), row(school_name="另一名")))) == 1
