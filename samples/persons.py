"""Invented persons: identity numbers, names, telephones and accounts that cannot belong to anyone.

A person is a cohort (the year in which the first of September falls at age 0) and a place in it. Pupils of a school and
stage have a run of places of their own, so that the same pupil is met in every term and examination. Not here: which
pupils a file lists.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from samples.classes import Class
from samples.facts import read_yaml

Ints = NDArray[np.int64]
REGION = "433199"
DAYS, PER_DAY = 365, 990
WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)


class Registry:
    """Which places of a cohort belong to which school and stage; who is no pupil comes behind them."""

    def __init__(self, censuses: Iterable[list[Class]]) -> None:
        largest: dict[tuple[str, str], int] = defaultdict(int)
        for classes in censuses:
            sizes: dict[tuple[str, str, str], int] = defaultdict(int)
            for one in classes:
                sizes[one.school.code, one.stage, one.grade] += one.pupils
            for (school, stage, _), pupils in sizes.items():
                largest[school, stage] = max(largest[school, stage], pupils)
        self._starts, self.behind = {}, 0
        for place, pupils in largest.items():
            self._starts[place] = self.behind
            self.behind += pupils
        if self.behind > DAYS * PER_DAY * 9 // 10:
            raise ValueError(
                f"{self.behind} pupils of one age: region {REGION} has no more identity numbers; scale down"
            )

    def first_place(self, school: str, stage: str) -> int:
        """First place of a school's pupils of one stage, in every cohort."""
        return self._starts[school, stage]


def born(cohorts: Ints, places: Ints) -> NDArray[np.datetime64]:
    """Days of birth, from 2 September of the year before the cohort's."""
    first_days: NDArray[np.datetime64] = (cohorts - 1971).astype("datetime64[Y]").astype("datetime64[D]")
    found: NDArray[np.datetime64] = first_days + (244 + places % DAYS).astype("timedelta64[D]")
    return found


def identity_numbers(cohorts: Ints, places: Ints) -> list[str]:
    """Valid numbers by GB 11643 in a region that is not assigned; no two persons share one."""
    days = born(cohorts, places)
    years = days.astype("datetime64[Y]")
    months = days.astype("datetime64[M]")
    year = years.astype(np.int64) + 1970
    month = months.astype(np.int64) % 12 + 1
    day = (days - months.astype("datetime64[D]")).astype(np.int64) + 1
    order = (places // DAYS * 7 + places % DAYS * 13) % PER_DAY
    order += order // 99 + 1  # never a multiple of 100: a number that ends in 000 looks cut off by a spreadsheet
    digits = np.empty((len(places), 17), dtype=np.int64)
    digits[:, :6] = [int(digit) for digit in REGION]
    for column, (value, width) in zip((6, 10, 12, 14), ((year, 4), (month, 2), (day, 2), (order, 3)), strict=True):
        for i in range(width):
            digits[:, column + i] = value // 10 ** (width - 1 - i) % 10
    text = np.empty((len(places), 18), dtype=np.uint8)
    text[:, :17] = digits + ord("0")
    text[:, 17] = CHECKS[digits @ WEIGHTS % 11]
    return [number.decode() for number in np.ascontiguousarray(text).view("S18")[:, 0].tolist()]


def sexes(numbers: Iterable[str]) -> list[str]:
    """The sex that an identity number tells."""
    return ["男" if int(number[16]) % 2 else "女" for number in numbers]


def names(places: Ints) -> list[str]:
    """Names that are plainly samples: a surname of the region, 样, and a pair of the sexagenary cycle."""
    words = read_yaml("names")
    every = [f"{s}样{a}{b}" for s in words["surnames"] for a in words["stems"] for b in words["branches"]]
    return [every[i] for i in (places * 31 % len(every)).tolist()]


def phones(places: Ints) -> list[str]:
    """Telephone numbers that no one can have: they begin with 100."""
    return [f"100433{place:05d}" for place in (places % 100000).tolist()]


def accounts(cohorts: Ints, places: Ints) -> list[str]:
    """Bank accounts of 19 digits that begin with 9, as no card does; each twentieth pupil shares a sibling's."""
    holders = np.where(places % 20 == 1, places - 1, places)
    return [account_of(cohort, holder) for cohort, holder in zip(cohorts.tolist(), holders.tolist(), strict=True)]


def account_of(cohort: int, holder: int) -> str:
    """The account of one holder."""
    body = f"9433199{cohort}{holder:07d}"
    return body + _luhn(body)


def _luhn(body: str) -> str:
    doubled = [int(digit) * 2 for digit in body[::-2]]
    total = sum(d - 9 if d > 9 else d for d in doubled) + sum(map(int, body[-2::-2]))
    return str(-total % 10)
