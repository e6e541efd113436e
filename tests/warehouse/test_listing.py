"""Each indicator is listed once with what it counts and who may be told it."""

from __future__ import annotations

import re

from assets.indicators.registry import CATALOGUE
from warehouse.analyst.profiles import STAGES
from warehouse.disclosure.counts import Tallies, analysts_picture_of
from warehouse.disclosure.listing import lines, listed, money_of, outside
from warehouse.mart import PROFILE

IDS = [indicator.id for indicator in CATALOGUE]
PERSONS = {
    "人",
    "名学生",
    "名毕业生",
    "名幼儿",
    "名教师",
    "名考生",
    "名运动员",
    "名教练员",
    "名社会体育指导员",
    "名学员",
}
"""What a numerator may count so that it is of persons."""


def _fitting(line: str) -> list[str]:
    return [one for one in IDS if re.fullmatch(line.replace("*", ".+"), one)]


def test_every_indicator_is_listed_and_every_line_is_needed() -> None:
    named = [line for _, _, line in lines()]
    assert len(IDS) > 150
    assert [one for one in IDS if not any(one in _fitting(line) for line in named)] == []
    assert [line for line in named if not _fitting(line)] == []
    assert len(set(named)) == len(named)


def test_what_counts_persons_is_not_listed_as_things() -> None:
    wrong = [
        indicator.id for indicator in CATALOGUE
        if indicator.counted in PERSONS and listed(indicator.id).kind == "things"
        and indicator.id not in {"primary_entry_largest_class", "junior_entry_largest_class"}
    ]  # fmt: skip
    assert wrong == []


def test_a_line_stands_for_what_its_asterisk_stands_for() -> None:
    assert (listed("aid_coverage_spring").readers, listed("aid_coverage_poor_spring").readers) == ("public", "analysts")
    assert listed("key_teachers_per_100_junior").times == 100
    assert listed("dropout_rate").readers == "prefecture"
    assert money_of("aid_on_time_amount_autumn") == "aid_on_time_autumn"
    assert outside(("gaokao_arts_low", "numerator")) == (("gaokao_arts_pass", "rest"),)
    assert {name for one in IDS for name, _ in outside((one, "numerator"))} <= set(IDS)


def test_an_indicator_that_nobody_listed_is_guarded_as_persons() -> None:
    told = listed("something_new")
    assert (told.readers, told.kind) == ("analysts", "part")


def test_what_a_profile_blanks_is_what_is_decided_of_it() -> None:
    stages = {("433101", stage): (20, 10) for stage in STAGES.values()}
    tallies = Tallies(
        "433100", stages, aid={("433101", "spring", "生活补助"): 20}, paid={"433101": 5000}, staff={"433101": (20, 10)}
    )
    decided = analysts_picture_of(tallies, frozenset()).figures
    assert {figure for told_in, figure, _ in decided if told_in == "profile"} == set(PROFILE)
