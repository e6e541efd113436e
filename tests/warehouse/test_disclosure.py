"""Nobody works a small count out of what is public: the tables of one release, and of several."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from warehouse.disclosure.attack import Attacker
from warehouse.disclosure.counts import Tallies, analysts_picture_of, picture_of
from warehouse.disclosure.suppress import Protection, Protections, openly_shown, safely_shown
from warehouse.disclosure.system import Key, Picture, system_of
from warehouse.schema.public import ALL

UNITS = [f"4331{i:02d}" for i in range(1, 9)]
PREFECTURE = "433100"
PROTECTION = Protection()
ANALYSTS = Protections().analysts


def _tallies(seed: int, small: float = 0.1) -> Tallies:
    chance = random.Random(seed)
    pupils = {}
    for unit in UNITS:
        for stage in ("小学", "初中", "高中"):
            n = chance.randint(1, 9) if chance.random() < small else chance.randint(30, 3000)
            pupils[unit, stage] = (n, chance.randint(n // 3, n // 2 + 1))
    return Tallies(PREFECTURE, pupils)


def _moved(tallies: Tallies, unit: str, stage: str, pupils: int, girls: int) -> Tallies:
    return replace(tallies, enrolment={**tallies.enrolment, (unit, stage): (pupils, girls)})


def _pinned(*pictures: Picture) -> set[tuple[Key, int]]:
    """The hidden figures that an attacker knows to within less than the width."""
    system = system_of(pictures)
    attacker = Attacker(system, frozenset(system.known(pictures)))
    return {
        (name, picture.counts[name])
        for picture in pictures
        for name in picture.figures.keys() - picture.shown
        if all(attacker.can_narrow(system.number(picture, key), PROTECTION.width) for key in picture.figures[name])
    }


def _shown(tallies: Tallies, *earlier: Picture) -> Picture:
    picture = picture_of(tallies)
    return replace(picture, shown=safely_shown(picture, earlier, PROTECTION))


@pytest.mark.parametrize("seed", range(3))
def test_hiding_small_counts_alone_is_undone_by_subtraction_and_hiding_more_is_not(seed: int) -> None:
    picture = picture_of(_tallies(seed))
    openly = replace(picture, shown=openly_shown(picture, PROTECTION))
    assert _pinned(openly)
    safely = _shown(_tallies(seed))
    assert safely.shown < openly.shown
    assert not _pinned(safely)
    assert len(safely.shown) > len(safely.figures) / 2


def test_a_table_without_small_counts_is_shown_whole() -> None:
    picture = _shown(_tallies(1, small=0))
    assert picture.shown == picture.figures.keys()


def test_what_a_release_told_is_not_used_to_find_what_the_next_one_hides() -> None:
    calm = _tallies(1, small=0)
    before = _shown(calm)
    after = _shown(_moved(calm, UNITS[0], "小学", 9, 4), before)
    name: Key = ("pub_enrolment", "pupils", "小学", UNITS[0])
    assert name not in after.shown
    assert ("pub_enrolment", "pupils", ALL, PREFECTURE) not in after.shown  # all else is known from the release before
    assert not _pinned(before, after)
    alone = _shown(_moved(calm, UNITS[0], "小学", 9, 4))
    assert (name, 9) in _pinned(before, alone)


def test_what_a_release_hid_is_not_found_through_the_next_one() -> None:
    small = _moved(_tallies(1, small=0), UNITS[0], "小学", 9, 4)
    before, grown = _shown(small), _moved(small, UNITS[0], "小学", 90, 44)
    assert _pinned(before, _shown(grown))
    assert not _pinned(before, _shown(grown, before))


def test_a_share_is_hidden_with_the_few_that_it_does_not_count_and_not_found_through_the_roll() -> None:
    pupils = _tallies(1, small=0)
    on_roll = {unit: pupils.enrolment[unit, "小学"][0] for unit in UNITS}
    reached = {unit: n - (3 if unit == UNITS[0] else 40) for unit, n in on_roll.items()}
    figures = {("net_enrolment_primary", unit): (reached[unit], on_roll[unit]) for unit in UNITS}
    figures["net_enrolment_primary", PREFECTURE] = (sum(reached.values()), sum(on_roll.values()))
    picture = _shown(replace(pupils, figures=figures))
    hidden = {name[-1] for name in picture.figures.keys() - picture.shown if name[0] == "pub_indicator"}
    assert UNITS[0] in hidden
    assert len(hidden) > 1
    assert not _pinned(picture)


def test_pupils_are_not_found_as_what_books_per_pupil_are_a_fraction_of() -> None:
    stages = {"小学": ("books_per_pupil_primary", 900), "初中": ("books_per_pupil_junior", 500)}
    pupils = {(unit, stage): (n + 7 * i * i, None) for i, unit in enumerate(UNITS) for stage, (_, n) in stages.items()}
    few = {(unit, "特教"): (4 if unit == UNITS[0] else 3000 + i, None) for i, unit in enumerate(UNITS)}
    books = {(name, unit): (20 * n + 1, n) for stage, (name, _) in stages.items()
             for unit in UNITS for n in [pupils[unit, stage][0]]}  # fmt: skip
    picture = _shown(Tallies(PREFECTURE, {**pupils, **few}, figures=books))
    told = {key for key in picture.shown if key[-1] == UNITS[0]}
    known = [{("pub_enrolment", "pupils", stage, UNITS[0]), ("pub_indicator", name, UNITS[0])} & told
             for stage, (name, _) in stages.items()]  # fmt: skip
    assert ("pub_enrolment", "pupils", ALL, UNITS[0]) not in told or not all(known)
    assert ("pub_indicator", "books_per_pupil_primary", UNITS[1]) in picture.shown


def test_counts_that_add_up_though_nobody_said_so_are_known_to_add_up() -> None:
    pupils = _tallies(1, small=0)
    few = {(unit, "特殊"): (4 if unit == UNITS[0] else 50, 2) for unit in UNITS}
    both = {unit: pupils.enrolment[unit, "初中"][0] + few[unit, "特殊"][0] for unit in UNITS}
    figures = {("nine_year_retention", unit): (both[unit], 5000 + i) for i, unit in enumerate(UNITS)}
    picture = _shown(replace(pupils, enrolment={**pupils.enrolment, **few}, figures=figures))
    is_told = ("pub_enrolment", "pupils", "初中", UNITS[0]) in picture.shown
    assert not (is_told and ("pub_indicator", "nine_year_retention", UNITS[0]) in picture.shown)


def test_analysts_do_not_find_what_is_withheld_from_all_through_a_sum_of_three_that_nobody_said() -> None:
    paid = {"甲": 30, "乙": 200, "丙": 3000, "丁": 40}
    aid = {(unit, "spring", name): n + 7 * i * i for i, unit in enumerate(UNITS) for name, n in paid.items()}
    aid[UNITS[0], "spring", "甲"] = 3
    due = {unit: sum(aid[unit, "spring", name] for name in "甲乙丙") for unit in UNITS}
    due[PREFECTURE] = sum(due.values())
    rate = "aid_returned_rate_spring"
    tallies = Tallies(PREFECTURE, aid=aid, figures={(rate, region): (n // 2, n) for region, n in due.items()})
    picture = analysts_picture_of(tallies, safely_shown(picture_of(tallies), (), PROTECTION))
    told = {key for name in safely_shown(picture, (), ANALYSTS) for key in picture.figures[name]}
    others = {("pub_aid", "spring", project, UNITS[0]) for project in "乙丙"}
    assert not {*others, ("indicator", rate, "denominator", UNITS[0])} <= told


def _for_analysts(told: dict[str, tuple[tuple[int, int | None], ...]], **more: object) -> Picture:
    """What analysts see of figures of the units, and of the prefecture, whose figures are the sums."""
    figures: dict[tuple[str, str], tuple[int, int | None]] = {}
    for name, sides in told.items():
        figures |= {(name, unit): side for unit, side in zip(UNITS, sides, strict=False)}
        figures[name, PREFECTURE] = (sum(n for n, _ in sides), sum(d or 0 for _, d in sides) or None)
    picture = analysts_picture_of(Tallies(PREFECTURE, figures=figures, **more), frozenset())  # type: ignore[arg-type]
    return replace(picture, shown=safely_shown(picture, (), ANALYSTS))


def test_those_who_are_within_others_do_not_hide_behind_none() -> None:
    passed = tuple((n, 100) for n in (60, 50, 40, 30, 20, 10, 5, 0))
    excellent = tuple((n, 100) for n in (3, 20, 20, 15, 10, 5, 5, 0))
    picture = _for_analysts({"gaokao_maths_pass": passed, "gaokao_maths_excellent": excellent})
    hidden = [name for name in picture.figures if name not in picture.shown]
    assert ("indicator", "gaokao_maths_excellent", UNITS[0]) in hidden
    assert ("indicator", "gaokao_maths_excellent", UNITS[7]) not in hidden  # nobody passed, so nobody was excellent
    assert not _pinned(picture)


def test_few_in_many_units_are_not_found_though_each_is_known_to_have_some() -> None:
    absent = tuple((n, 100) for n in (1, 1, 1, 1, 1, 0, 0, 40))
    picture = _for_analysts({"absence_rate_adult": absent})
    hidden = {name[-1] for name in picture.figures if name not in picture.shown}
    assert {*UNITS[:5]} < hidden  # the prefecture's 45 would tell that each has one
    assert len(hidden) == 6


def test_few_who_passed_without_being_excellent_are_protected_though_no_figure_tells_them() -> None:
    passed = tuple((n, 100) for n in (60, 50, 40, 30, 20, 10, 5, 0))
    excellent = ((58, 100), *passed[1:5], *((0, 100),) * 3)
    picture = _for_analysts({"gaokao_maths_pass": passed, "gaokao_maths_excellent": excellent})
    told = {("indicator", f"gaokao_maths_{what}", UNITS[0]) for what in ("pass", "excellent")}
    assert not told <= picture.shown


def test_money_is_withheld_with_the_few_who_got_it() -> None:
    loans = {"new_loans": tuple((n, None) for n in (2, 30, 40, 50)), "new_loan_amount": ((9_000, None),) * 4}
    picture = _for_analysts(loans)
    assert ("indicator", "new_loan_amount", UNITS[0]) not in picture.shown
    assert ("indicator", "new_loan_amount", PREFECTURE) in picture.shown
    assert len([name for name in picture.shown if name[1] == "new_loan_amount"]) == 3  # and with what would tell it


def test_a_count_that_some_units_lack_is_known_to_be_the_same_as_that_of_all_units() -> None:
    pupils = {(unit, "幼儿园"): (n, None) for unit, n in zip(UNITS, (300, 400, 500, 600, 700, 800, 60, 3), strict=True)}
    gross = {("preschool_gross_enrolment", unit): (pupils[unit, "幼儿园"][0], 900) for unit in UNITS[:6]}
    gross["preschool_gross_enrolment", PREFECTURE] = (sum(n for n, _ in pupils.values()), 5_400)
    picture = _shown(Tallies(PREFECTURE, pupils, figures=gross))
    hidden = {name for name in picture.figures if name not in picture.shown}
    assert ("pub_enrolment", "pupils", "幼儿园", UNITS[7]) in hidden
    assert not _pinned(picture)


def test_a_verdict_of_an_attack_holds_whatever_was_asked_before() -> None:
    picture = _shown(_tallies(2))
    system = system_of([picture])
    known = system.known([picture])
    asked = Attacker(system, known)
    numbers = [number for number in range(len(system.values)) if number not in known]
    assert len(numbers) > 20
    for width in (3, 5, 50):
        for number in numbers:
            low, high = Attacker(system, known).span(number)
            assert asked.can_narrow(number, width) is (high - low < width - 1e-6)
