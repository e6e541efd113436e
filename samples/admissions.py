"""Places that senior schools keep for the graduates of junior schools, and whether rural ones get their share."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from samples.classes import Class
from samples.facts import OWN_SCHOOLS, PREFECTURE, quotas, unit_codes
from samples.schools import School
from samples.tables import Table, calendar_year, from_rows
from samples.truths import Truths

TOP_GRADE = "J3"
SENIOR_KINDS = ("342", "341", "345")
RURAL = ("12", "2")
OF_OWN_UNIT, OF_ALL, OF_OTHERS = 0.3, 0.05, 0.08


@dataclass(frozen=True)
class Places:
    """Places of one senior school for the graduates of one junior school."""

    senior: School
    junior: School
    is_key: bool
    graduates: int
    quota: int
    admitted: int


def decide_admissions(schools: list[School], before: list[Class], year: int) -> list[Places]:
    """What all senior schools keep: the first of each unit is a key school, that of 州直 keeps places for every junior.

    The second senior school of a unit is no key school. A few key places stay empty.
    """
    graduates: dict[str, int] = defaultdict(int)
    juniors: dict[str, School] = {}
    for one in (one for one in before if one.grade == TOP_GRADE):
        graduates[one.school.code] += one.pupils
        juniors[one.school.code] = one.school
    found: list[Places] = []
    for unit in unit_codes():
        seniors = sorted((s for s in schools if s.unit == unit and s.kind in SENIOR_KINDS), key=_order)
        there = {code: many for code, many in graduates.items() if juniors[code].unit == unit}
        for i, senior in enumerate(seniors[:2]):
            kept = [_kept(there, juniors, OF_OTHERS if i else OF_OWN_UNIT, year)]
            if unit == OWN_SCHOOLS and i == 0:
                rest = {code: many for code, many in graduates.items() if code not in there}
                kept.append(_kept(rest, juniors, OF_ALL, year))
            found += [
                Places(senior, juniors[code], i == 0, graduates[code], quota, _admitted(quota, code))
                for code, quota in (pair for part in kept for pair in part.items())
            ]
    return found


def _order(school: School) -> tuple[int, str]:
    return SENIOR_KINDS.index(school.kind), school.code


def is_rural(school: School) -> bool:
    """Whether it lies in a town or in the country."""
    return school.urban_rural.startswith(RURAL)


def _kept(graduates: dict[str, int], juniors: dict[str, School], share: float, year: int) -> dict[str, int]:
    """Places by junior school: of rural ones a little more than their share, until 2019 a little less."""
    more = 1.05 if year >= 2020 else 0.95
    return quotas(graduates, {code: share * (more if is_rural(juniors[code]) else 2 - more) for code in graduates})


def _admitted(quota: int, code: str) -> int:
    return max(0, quota - int(code[-1]) % 2)


def admissions(decided: list[Places], year: int) -> Table:
    """The file of the bureau, each row for the unit of the junior school."""
    rows = (
        {
            "county_code": one.junior.unit,
            "year": year,
            "senior_school_code": one.senior.code,
            "junior_school_code": one.junior.code,
            "key_senior": one.is_key,
            "graduates": one.graduates,
            "quota": one.quota,
            "admitted": one.admitted,
        }
        for one in decided
    )
    return from_rows("admissions", calendar_year(year, 7, 28), rows)


def tell_admissions(truths: Truths, decided: list[Places], year: int) -> None:
    """Tells key places of rural juniors times all graduates, over all key places times rural graduates."""
    key = [one for one in decided if one.is_key]
    once = {one.junior.code: one for one in decided}.values()
    quota, rural_quota = sum(one.quota for one in key), sum(one.quota for one in key if is_rural(one.junior))
    graduates = sum(one.graduates for one in once)
    rural_graduates = sum(one.graduates for one in once if is_rural(one.junior))
    if quota and rural_graduates:
        told = (rural_quota * graduates, quota * rural_graduates)
        truths.at_level("rural_quota_parity", year, "prefecture", PREFECTURE, *told)
