"""Where the leavers of a summer went: junior and vocational schools, decided per school and added up.

Not here: the pupils who left (`classes.py`, top grades of the census before).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from samples.classes import Class
from samples.facts import quotas, rates, rng, unit_codes
from samples.schools import School
from samples.tables import Table, census
from samples.truths import Truths

JUNIOR = ("to_general_high", "to_vocational", "to_technical", "to_five_year")
VOCATIONAL = ("to_higher", "employed_directly", "self_employed", "enlisted", "other_employed", "waiting")
MATCHED = "employed_matched"


@dataclass(frozen=True)
class Leavers:
    """The leavers of one school: how many, and how many took each way."""

    school: School
    graduates: int
    ways: dict[str, int]

    @property
    def to_vocational(self) -> int:
        """Those who went on to a vocational school of any sort."""
        return sum(self.ways[way] for way in JUNIOR[1:])


def decide_leavers(before: list[Class], year: int, seed: int) -> list[Leavers]:
    """Leavers reported in a census, from the top grades of the census before."""
    chance = rng(seed, "leavers", year)
    found = []
    for grade, share in (("J3", "vocational_share"), ("V3", "employment")):
        for unit, sizes in _top_grade(before, grade).items():
            aims = rates(unit, year)
            wanted = quotas({code: n for code, (_, n) in sizes.items()}, dict.fromkeys(sizes, aims[share]))
            for code, (school, graduates) in sizes.items():
                die = float(chance.random())
                if grade == "J3":
                    ways = _split_juniors(graduates, wanted[code], die)
                else:
                    ways = _split_vocational(graduates, wanted[code], die, aims["matched"])
                found.append(Leavers(school, graduates, ways))
    return found


def _top_grade(before: list[Class], grade: str) -> dict[str, dict[str, tuple[School, int]]]:
    found: dict[str, dict[str, tuple[School, int]]] = {unit: {} for unit in unit_codes()}
    sizes: dict[str, int] = defaultdict(int)
    for one in (one for one in before if one.grade == grade):
        sizes[one.school.code] += one.pupils
        found[one.school.unit][one.school.code] = (one.school, sizes[one.school.code])
    return found


def _split_juniors(graduates: int, vocational: int, die: float) -> dict[str, int]:
    technical, five_year = round(vocational * 0.06), round(vocational * 0.14)
    general = min(graduates - vocational, round(graduates * (0.49 + 0.04 * die)))
    return dict(zip(JUNIOR, (general, vocational - technical - five_year, technical, five_year), strict=True))


def _split_vocational(graduates: int, employed: int, die: float, matched: float) -> dict[str, int]:
    higher, own = round(employed * (0.35 + 0.1 * die)), round(employed * 0.05)
    enlisted, other = round(employed * 0.02), round(employed * 0.03)
    directly = employed - higher - own - enlisted - other
    ways = dict(zip(VOCATIONAL, (higher, directly, own, enlisted, other, graduates - employed), strict=True))
    return ways | {MATCHED: round(directly * matched)}


def graduate_destinations(there: list[Leavers], year: int) -> Table:
    """The file of one unit; a way that a school does not report on is empty."""
    columns: dict[str, list[Any]] = {
        "school_code": [one.school.code for one in there],
        "school_name": [one.school.name for one in there],
        "school_year": [year] * len(there),
        "graduates": [one.graduates for one in there],
    }
    ways = {way: [one.ways.get(way) for one in there] for way in (*JUNIOR, *VOCATIONAL, MATCHED)}
    return Table("graduate_destinations", census(year), columns | ways)


def tell_leavers(truths: Truths, leavers: list[Leavers], year: int) -> None:
    """Adds to the truths the vocational shares of juniors, and the employment of vocational leavers."""
    for one in leavers:
        if MATCHED in one.ways:
            employed = one.graduates - one.ways["waiting"]
            truths.at_school("vocational_employment", year, one.school, employed, one.graduates)
            matched, directly = one.ways[MATCHED], one.ways["employed_directly"]
            truths.at_school("vocational_matched_employment", year, one.school, matched, directly)
        else:
            continued = one.to_vocational + one.ways["to_general_high"]
            truths.at_school("vocational_share_of_leavers", year, one.school, one.to_vocational, one.graduates)
            truths.at_school("vocational_share_of_continuing", year, one.school, one.to_vocational, continued)
