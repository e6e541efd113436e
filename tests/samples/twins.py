"""Schools of a small prefecture as they report in their census workbooks, for all tests that read one back."""

from functools import cache

from samples.census_senders import reports
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
    told = (decided.before, decided.grades, decided.staff, decided.facilities)
    return reports([school], year, made.censuses[2020], *told)[0]
