"""Schools of a small prefecture as they report in their census workbooks, for all tests that read one back."""

from collections import defaultdict
from functools import cache

from samples.census_twin import Reported
from samples.prefecture import Prefecture

KINDS = ("111", "211", "218", "311", "312", "341", "342", "345", "365", "514")
SCALE, SEED = 0.02, 1


@cache
def prefecture() -> Prefecture:
    """The prefecture whose schools report."""
    return Prefecture(SCALE, SEED, (2020,))


@cache
def reported(kind: str, year: int = 2020) -> Reported:
    """What the first school of a kind reports; in the forms of 2021 it tells the figures of 2020."""
    made = prefecture()
    decided = made.decided[2020]
    school = next(one for one in made.schools if one.kind == kind and one.opened <= 2020)
    before: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for one in (one for one in made.censuses[2019] if one.school is school):
        pupils, girls = before[one.stage]
        before[one.stage] = (pupils + one.pupils, girls + one.girls)
    return Reported(
        school,
        year,
        [one for one in decided.grades if one.school is school],
        [one for one in made.censuses[2020] if one.school is school],
        before,
        [one for one in decided.staff if one.school is school],
        next((one for one in decided.facilities if one.school is school), None),
    )
