"""References: the school lists and the plan that rows of a period are held against, as the lake holds them now."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from assets.judging.frames import References, SchoolList
from assets.judging.staging import judgement_of, staged_path
from assets.periods import school_years_of, year_of
from expectations.forms import is_form
from expectations.plan import Plan
from expectations.regions import Regions
from warehouse.lake import Lake, whole_files

JUDGED_BY_KIND = frozenset({"staff"})
"""Datasets with a rule that looks at the kind of the row's school."""


@dataclass(frozen=True)
class SchoolLists:
    """The school lists as held: codes by school year and unit; `ever`, those of any version that a unit delivered.

    `kinds` are the kinds of schools by school year and code.
    """

    codes: Mapping[str, Mapping[str, frozenset[str]]]
    ever: Mapping[str, frozenset[str]]
    kinds: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def held(cls, lake: Lake) -> SchoolLists:
        """All lists that the lake holds now. A quarantined row names its school all the same."""
        folder = lake.path("staged", "school")
        years = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
        kinds = {year: _kinds(lake, year) for year in years}
        return cls({year: _by_unit(lake, year) for year in years}, _ever(lake), kinds)

    def of_unit(self, unit_code: str, school_years: tuple[str, ...]) -> SchoolList | None:
        """The unit's list for these school years together, else the one nearest in time, else none."""
        mine = {year: units[unit_code] for year, units in self.codes.items() if unit_code in units}
        ever = self.ever.get(unit_code, frozenset())
        if exact := [mine[year] for year in school_years if year in mine]:
            codes = frozenset().union(*exact)
            return SchoolList(codes, True, ever - codes, self._kinds_of(codes, school_years))
        if not mine:
            return None
        wanted = int(school_years[0][:4])
        nearest = min(mine, key=lambda year: (abs(int(year[:4]) - wanted), year))
        return SchoolList(mine[nearest], False, ever - mine[nearest], self._kinds_of(mine[nearest], (nearest,)))

    def _kinds_of(self, codes: frozenset[str], school_years: tuple[str, ...]) -> dict[str, str]:
        told = [self.kinds.get(year, {}) for year in reversed(school_years)]
        return {code: kind for kinds in told for code, kind in kinds.items() if code in codes}


def _by_unit(lake: Lake, school_year: str) -> dict[str, frozenset[str]]:
    """The schools of each unit that sent a list; census workbooks add to it, but are none by themselves."""
    judgement = judgement_of(lake, "school", school_year)
    if judgement is None:
        return {}
    columns = ["unit_code", "school_code", "submission_id", "sheet"]
    standing = {v.submission_id for v in judgement.versions if v.rows_current}
    rows = lake.read(*staged_path(lake, judgement, "rows"), columns=columns).to_pylist()
    aside = lake.read(*staged_path(lake, judgement, "quarantine"), columns=columns).to_pylist()
    named = [*rows, *(row for row in aside if row["submission_id"] in standing and row["school_code"])]
    listing = {row["unit_code"] for row in named if not is_form(row["sheet"])}
    return _grouped(row for row in named if row["unit_code"] in listing)


def _kinds(lake: Lake, school_year: str) -> dict[str, str]:
    """The kind of each accepted school of that year."""
    judgement = judgement_of(lake, "school", school_year)
    if judgement is None:
        return {}
    rows = lake.read(*staged_path(lake, judgement, "rows"), columns=["school_code", "kind"]).to_pylist()
    return {row["school_code"]: row["kind"] for row in rows}


def _ever(lake: Lake) -> dict[str, frozenset[str]]:
    """Codes of every list that a unit ever delivered, replaced ones included."""
    folder = lake.path("raw", "school")
    files = sorted(whole_files(folder, "*.parquet"))
    return _grouped([
        {"unit_code": file.name.split("-")[0], "school_code": code}
        for file in files
        for code in lake.read("raw", "school", file.name, columns=["school_code"])["school_code"].to_pylist() if code
    ])  # fmt: skip


def _grouped(rows: Iterable[Mapping[str, str]]) -> dict[str, frozenset[str]]:
    units: dict[str, set[str]] = {}
    for row in rows:
        units.setdefault(row["unit_code"], set()).add(row["school_code"])
    return {unit: frozenset(codes) for unit, codes in units.items()}


def references_for(
    dataset: str, period: str, regions: Regions, lists: SchoolLists, plans: Mapping[int, Plan]
) -> References:
    """What rows of a dataset and period are held against; its fingerprint changes when, and only when, that changes."""
    schools: dict[str, SchoolList] = {}
    if dataset != "school":
        for unit_code in regions.unit_codes:
            if held := lists.of_unit(unit_code, school_years_of(period)):
                schools[unit_code] = held if dataset in JUDGED_BY_KIND else replace(held, kinds={})
    plan = plans.get(year_of(period)) if dataset == "work_items" else None
    commitments = {text: (c.id, c.article) for c in plan.commitments for text in c.matches} if plan else {}
    parts = [
        f"{unit}{h.of_that_year}{sorted(h.codes)}{sorted(h.former)}{sorted(h.kinds.items())}"
        for unit, h in sorted(schools.items())
    ]
    digest = hashlib.sha256("".join([*parts, str(sorted(commitments.items()))]).encode()).hexdigest()[:16]
    return References(regions, schools, commitments, digest)
