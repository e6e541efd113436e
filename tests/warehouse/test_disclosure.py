"""Nobody works a small count out of what is public: the tables of one release, and of several."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from warehouse.disclosure.attack import Attacker
from warehouse.disclosure.counts import Tallies, picture_of
from warehouse.disclosure.suppress import Protection, openly_shown, safely_shown
from warehouse.disclosure.system import Key, Picture, system_of
from warehouse.schema.public import ALL

UNITS = [f"4331{i:02d}" for i in range(1, 9)]
PREFECTURE = "433100"
PROTECTION = Protection()


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


def test_counts_that_add_up_though_nobody_said_so_are_known_to_add_up() -> None:
    pupils = _tallies(1, small=0)
    few = {(unit, "特殊"): (4 if unit == UNITS[0] else 50, 2) for unit in UNITS}
    both = {unit: pupils.enrolment[unit, "初中"][0] + few[unit, "特殊"][0] for unit in UNITS}
    figures = {("nine_year_retention", unit): (both[unit], 5000 + i) for i, unit in enumerate(UNITS)}
    picture = _shown(replace(pupils, enrolment={**pupils.enrolment, **few}, figures=figures))
    is_told = ("pub_enrolment", "pupils", "初中", UNITS[0]) in picture.shown
    assert not (is_told and ("pub_indicator", "nine_year_retention", UNITS[0]) in picture.shown)
