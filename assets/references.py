"""References: the school lists and the plan that rows of a period are held against, as the lake holds them now."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

from assets.frames import References, SchoolList
from assets.periods import school_years_of, year_of
from assets.staging import judgement_of, staged_path
from expectations.plan import Plan
from expectations.regions import Regions
from warehouse.lake import Lake


@dataclass(frozen=True)
class SchoolLists:
    """The staged school lists: codes by school year and unit."""

    codes: Mapping[str, Mapping[str, frozenset[str]]]

    @classmethod
    def held(cls, lake: Lake) -> SchoolLists:
        """All lists that the lake holds now."""
        folder = lake.path("staged", "school")
        years = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
        return cls({year: _by_unit(lake, year) for year in years})

    def of_unit(self, unit_code: str, school_years: tuple[str, ...]) -> SchoolList | None:
        """The unit's list for these school years together, else the one nearest in time, else none."""
        mine = {year: units[unit_code] for year, units in self.codes.items() if unit_code in units}
        if exact := [mine[year] for year in school_years if year in mine]:
            return SchoolList(frozenset().union(*exact), of_that_year=True)
        if not mine:
            return None
        wanted = int(school_years[0][:4])
        nearest = min(mine, key=lambda year: (abs(int(year[:4]) - wanted), year))
        return SchoolList(mine[nearest], of_that_year=False)


def _by_unit(lake: Lake, school_year: str) -> dict[str, frozenset[str]]:
    judgement = judgement_of(lake, "school", school_year)
    if judgement is None:
        return {}
    rows = lake.read(*staged_path(lake, judgement, "rows"), columns=["unit_code", "school_code"])
    groups: pa.Table = rows.group_by("unit_code").aggregate([("school_code", "list")])
    return {g["unit_code"]: frozenset(g["school_code_list"]) for g in groups.to_pylist()}


def references_for(
    dataset: str, period: str, regions: Regions, lists: SchoolLists, plans: Mapping[int, Plan]
) -> References:
    """What rows of a dataset and period are held against; its fingerprint changes when, and only when, that changes."""
    schools: dict[str, SchoolList] = {}
    if dataset != "school":
        for unit_code in regions.unit_codes:
            if held := lists.of_unit(unit_code, school_years_of(period)):
                schools[unit_code] = held
    plan = plans.get(year_of(period)) if dataset == "work_items" else None
    commitments = {text: (c.id, c.article) for c in plan.commitments for text in c.matches} if plan else {}
    parts = [f"{unit}{held.of_that_year}{sorted(held.codes)}" for unit, held in sorted(schools.items())]
    digest = hashlib.sha256("".join([*parts, str(sorted(commitments.items()))]).encode()).hexdigest()[:16]
    return References(regions, schools, commitments, digest)
