"""Findings: what messages may show of a cell, and where a finding of headers stands."""

from datetime import date

import pandas as pd
import pyarrow as pa
import pytest

from expectations.contract import load_contracts
from expectations.findings import findings_of, quoted
from expectations.rule import Rule, rules_of
from expectations.suites import Outcome, judge

CONTRACTS = load_contracts()


def rule(dataset: str, name: str) -> Rule:
    return next(one for one in rules_of(CONTRACTS[dataset]) if one.id == f"{dataset}.{name}")


def message(found: Rule, **cells: str | None) -> str:
    place = {"submission_id": "s", "sheet": "表", "row": 2, "unit_code": "433101"}
    keys = dict.fromkeys(CONTRACTS[found.dataset].key)
    frame = pa.Table.from_pylist([place | keys | cells])
    table = findings_of(
        CONTRACTS[found.dataset], "2020", [Outcome(found, "found", 1, (0,))], frame, lambda *_: "A2"
    )  # fmt: skip
    return str(table["message"][0].as_py())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12345678", "12345678"), ("123456789", "…"), ("43319X", "43319X"), ("433199X", "…"),
        ("2020-13-01", "2020-13-01"),
        ("12345678.90元", "12345678.90元"), ("长" * 30, "长" * 30), ("长" * 31, "长" * 29 + "…"),
    ],
)  # fmt: skip
def test_unread_text_is_cut_and_long_numbers_are_left_out(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_messages_quote_what_could_not_be_read_but_no_day_of_birth() -> None:
    assert "“四十”" in message(rule("class_ledger", "pupils.typed"), pupils__unread="四十")
    assert "应当是 10 位数字" in message(rule("class_ledger", "school_code.typed"), school_code__unread="214390")
    for name, helper in (("typed", "unread"), ("to_the_day", "doubt")):
        told = message(rule("athletes", f"birth_date.{name}"), **{f"birth_date__{helper}": "2008年3月"})
        assert "出生日期" in told
        assert "2008" not in told


def test_headers_that_differ_are_asked_about_at_the_first_column() -> None:
    found = rule("class_ledger", "headers.agree")
    assert (found.severity, found.columns) == ("must_explain", (CONTRACTS["class_ledger"].kept[0].name,))
    (outcome,) = judge(pd.DataFrame({"headers__differ": [None, "学生数"], "at": [0, 1]}), [found], "headers")
    assert outcome.places == (1,)
    assert message(found, headers__differ="学生数").startswith("“学生数”在本文件中有两列")


def test_a_place_is_the_same_row_whatever_its_number_file_and_period() -> None:
    found = rule("class_ledger", "unusual_size")
    key = {"school_code": "2143312601", "stage": "小学", "grade": "P1", "class_no": "1", "unit_code": "433126"}
    rows = [
        key | {"submission_id": "a", "sheet": "表", "row": 3, "school_year": "2019-2020", "pupils": 90},
        key | {"submission_id": "b", "sheet": "", "row": 9, "school_year": "2020-2021", "pupils": 91},
        key | {"submission_id": "b", "sheet": "", "row": 9, "school_year": "2020-2021", "pupils": 91, "class_no": "2"},
    ]
    contract, outcome = CONTRACTS["class_ledger"], Outcome(found, "found", 3, (0, 1, 2))
    table = findings_of(contract, "2020-2021", [outcome], pa.Table.from_pylist(rows), lambda *_: "A2")
    first, same, other = table["place"].to_pylist()
    assert first == same != other
    assert len(set(table["finding_id"].to_pylist())) == 2  # the ids tell submissions apart, and rows within one


def places(found: Rule, *rows: dict[str, object]) -> list[str]:
    """The places of the findings about these rows, all of which fail."""
    contract, outcome = CONTRACTS[found.dataset], Outcome(found, "found", len(rows), tuple(range(len(rows))))
    given = [
        {"submission_id": "s", "sheet": "", "row": at, "unit_code": "433126"} | row
        for at, row in enumerate(rows, start=2)
    ]
    frame = pa.Table.from_pylist([dict.fromkeys([c.name for c in contract.kept]) | row for row in given])
    return list(findings_of(contract, "2020", [outcome], frame, lambda *_: "")["place"].to_pylist())


def test_another_value_that_the_message_does_not_tell_is_another_place() -> None:
    found = rule("athletes", "bone_age_near_age")
    row = {"registration_no": "1", "sport": "田径", "bone_age": 14.0}
    first, same, other = places(
        found, *({**row, "bone_age_on": date(2020, 5, day), "birth_date": date(2008, 1, 1)} for day in (1, 1, 2))
    )  # fmt: skip
    assert first == same != other
    told = rule("class_ledger", "unusual_size")
    assert len(set(places(told, {"class_no": "1", "pupils": 90}, {"class_no": "1", "pupils": 91}))) == 1


def test_what_is_told_once_a_file_is_about_the_persons_of_whom_it_is_true() -> None:
    found = rule("student_roll", "student_id.region_known")
    one, two, three = ({"student_id": name * 8, "student_id__doubt": "region"} for name in "abc")
    (first,), (turned,), (more,), (others,) = (
        places(found, *rows) for rows in ((one, two), (two, one), (one, two, three), (one, three))
    )  # fmt: skip
    assert first == turned != ""
    assert len({first, more, others}) == 3
    listed = rule("student_roll", "school_code.listed_that_year")
    assert places(listed, one, two) == [""]


def test_every_dataset_asks_about_its_headers_once() -> None:
    for dataset in CONTRACTS:
        assert rule(dataset, "headers.agree").reads == "headers__differ"
