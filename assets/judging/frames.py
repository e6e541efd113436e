"""Helper columns that rules look at: what one row alone cannot tell (its school list, its twins, its group).

Each function takes the typed rows of one dataset and period (all submissions together) and returns columns to append;
none changes a delivered value. The rules that use them stand in the contracts and in `expectations/rule.py`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.intake.distinct import distinct_pairs
from assets.judging.census_sums import CELL, census_sums
from assets.judging.keys import keys, numbers_of, standing
from assets.judging.packed import plain, unpacked
from assets.judging.two_sources import differences
from expectations.contract import Contract
from expectations.grades import first_grades, top_grades
from expectations.regions import PREFECTURE, Regions

STANDING = "row__stands"


@dataclass(frozen=True)
class SchoolList:
    """The schools of one unit as held for a school year: `of_that_year` is false when a neighbouring year stands in.

    `former` are schools that an earlier version or year of the unit's list had and this one no longer has. `kinds` is
    the kind of each school, where rows of the dataset are read by it.
    """

    codes: frozenset[str]
    of_that_year: bool
    former: frozenset[str] = frozenset()
    kinds: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class References:
    """What rows of a dataset are held against beside themselves."""

    regions: Regions
    schools: Mapping[str, SchoolList] = field(default_factory=dict)
    commitments: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    fingerprint: str = ""


@dataclass(frozen=True)
class Rows:
    """The typed rows that helper columns are made of, and which of them stand."""

    table: pa.Table
    stands: np.ndarray

    def frame(self, *names: str) -> pd.DataFrame:
        """These columns, with the dtypes that Great Expectations judges by."""
        told: pd.DataFrame = unpacked(self.table.select(names)).to_pandas(date_as_object=False)
        return told

    def column(self, name: str) -> pa.Array:
        """One column."""
        return plain(self.table[name]).combine_chunks()


Helper = Callable[[Rows], Mapping[str, Any]]


def helpers_of(rows: pa.Table, contract: Contract, references: References, returned: Collection[str] = ()) -> pa.Table:
    """The helper columns of the rows, row by row; one may have the name of a column that it reads for the rules."""
    told = Rows(rows, standing(rows, contract, returned))
    helpers: list[Helper] = list(_BY_DATASET.get(contract.dataset, ()))
    if contract.has("school_code") and contract.dataset != "school":
        helpers.append(_schools(contract, references))
    if contract.has("township_code"):
        helpers.append(_townships(references.regions))
    if contract.has("school_year"):
        helpers.append(_school_year)
    if contract.dataset in _WITH_REFERENCES:
        helpers.append(_WITH_REFERENCES[contract.dataset](references))
    made = dict(keys(rows, contract, told.stands)) | {STANDING: pa.array(told.stands)}
    for helper in helpers:
        made |= helper(told)
    made |= differences(rows, contract, told.stands)
    return pa.table({name: _column(values) for name, values in made.items()})


def _column(values: Any) -> pa.Array:
    return values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, from_pandas=True)


def frame_of(
    rows: pa.Table, helpers: pa.Table, names: Collection[str] | None = None, within: slice = slice(None)
) -> pd.DataFrame:
    """Rows as Great Expectations judges them: default dtypes, helper columns, and the place `at` among all rows.

    Of these columns, if named, and of a part of the rows, if one is given.
    """
    start, end, _ = within.indices(rows.num_rows)
    columns = dict(zip(rows.column_names, rows.columns, strict=True))
    columns |= dict(zip(helpers.column_names, helpers.columns, strict=True))
    wanted = {n: plain(c.slice(start, end - start)) for n, c in columns.items() if names is None or n in names}
    frame: pd.DataFrame = pa.table(wanted).to_pandas(date_as_object=False)
    frame["at"] = np.arange(start, end)
    return frame


def _schools(contract: Contract, references: References) -> Helper:
    """`school_code__listed`: this_year, other_year, dropped or no, by the list of the row's unit; empty without one."""
    lists = references.schools
    everyone = SchoolList(
        frozenset().union(*(held.codes for held in lists.values())), all(held.of_that_year for held in lists.values()),
        frozenset().union(*(held.former for held in lists.values())),
    )  # fmt: skip

    def listed(unit_code: str, code: str) -> str | None:
        held = everyone if unit_code == PREFECTURE and lists else lists.get(unit_code)
        if held is None:
            return None
        if code not in held.codes:
            return "dropped" if code in held.former else "no"
        return "this_year" if held.of_that_year else "other_year"

    def helper(rows: Rows) -> Mapping[str, Any]:
        pairs, places = distinct_pairs(rows.column("school_code"), rows.column("unit_code"))
        known = pa.array([listed(unit or "", code) for code, unit in pairs], pa.string())
        return {"school_code__listed": known.take(places)}

    return helper


def _parents(rows: Rows) -> Mapping[str, Any]:
    """`parent_school_code__listed`: whether the school of which the row's is a part stands in the same list."""
    frame = rows.frame("submission_id", "school_code", "parent_school_code")
    own = {unit: set(group) for unit, group in frame.groupby("submission_id")["school_code"]}
    parents = zip(frame["submission_id"], frame["parent_school_code"], strict=True)
    return {"parent_school_code__listed": [None if pd.isna(p) else _yes(p in own[s]) for s, p in parents]}


def _kinds(references: References) -> Helper:
    """`school_code__kind`: the kind of the row's school in any unit's list; empty where no list tells it."""
    kinds = {code: kind for held in references.schools.values() for code, kind in held.kinds.items()}

    def helper(rows: Rows) -> Mapping[str, Any]:
        return {"school_code__kind": rows.frame("school_code")["school_code"].map(kinds).astype(object)}

    return helper


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _townships(regions: Regions) -> Helper:
    """`township_code__inside`: whether the township lies in the county of the row's unit."""

    def helper(rows: Rows) -> Mapping[str, Any]:
        frame = rows.frame("unit_code", "township_code")
        counties = frame["unit_code"].map(regions.county_of)
        inside = (frame["township_code"].str.slice(0, 6) == counties) | (frame["unit_code"] == PREFECTURE)
        return {"township_code__inside": inside.map(_yes).astype(object).where(frame["township_code"].notna(), None)}

    return helper


def _school_year(rows: Rows) -> Mapping[str, Any]:
    """`school_year__begins` and `__ends`: 1 September and 31 August."""
    told = rows.column("school_year").dictionary_encode()
    first = [int(text[:4]) for text in told.dictionary.to_pylist()]
    begins, ends = ([date(year + later, month, day) for year in first] for later, month, day in ((0, 9, 1), (1, 8, 31)))
    return {
        f"school_year__{name}": pa.array(days, pa.date32()).take(told.indices)
        for name, days in (("begins", begins), ("ends", ends))
    }


def _commitments(references: References) -> Helper:
    """`commitment__known`, its article and the nearest names of the plan; empty in a year without a plan."""

    def helper(rows: Rows) -> Mapping[str, Any]:
        plan, frame = references.commitments, rows.frame("commitment")
        hits = [plan.get(text) for text in frame["commitment"]]
        known = [_yes(hit is not None) if plan and not pd.isna(text) else None
                 for hit, text in zip(hits, frame["commitment"], strict=True)]  # fmt: skip
        near = ["、".join(difflib.get_close_matches(str(text), plan, n=3, cutoff=0.0)) if answer == "no" else None
                for answer, text in zip(known, frame["commitment"], strict=True)]  # fmt: skip
        return {
            "commitment__known": pd.Series(known, index=frame.index, dtype=object),
            "commitment__article": pd.Series([hit and hit[1] for hit in hits], index=frame.index, dtype="float64"),
            "commitment__nearest": pd.Series(near, index=frame.index, dtype=object),
        }

    return helper


def _schools_of_both(references: References) -> Helper:
    """`senior_school_code__listed` and the junior's: this_year, other_year or no, by the lists of all units together.

    Places go across units, so any list may hold a school. Empty where none does and the list of the row's own unit is
    lacking (any list, in a row that speaks for the prefecture).
    """
    lists = references.schools
    this_year, other_year = (
        frozenset().union(*(held.codes for held in lists.values() if held.of_that_year is wanted))
        for wanted in (True, False)
    )

    def listed(unit_code: str, code: str) -> str | None:
        if pd.isna(code):
            return None
        if code in this_year | other_year:
            return "this_year" if code in this_year else "other_year"
        needed = references.regions.unit_codes if unit_code == PREFECTURE else (unit_code,)
        return "no" if all(unit in lists for unit in needed) else None

    def helper(rows: Rows) -> Mapping[str, Any]:
        names = ("senior_school_code", "junior_school_code")
        frame = rows.frame("unit_code", *names)
        return {
            f"{name}__listed": [listed(*pair) for pair in zip(frame["unit_code"], frame[name], strict=True)]
            for name in names
        } | {"graduates__count": _graduates(rows)}

    return helper


def _graduates(rows: Rows) -> pd.Series:
    """How many different numbers of graduates a submission tells of the row's junior school in the year."""
    by = ["submission_id", "junior_school_code", "year"]
    return rows.frame(*by, "graduates").groupby(by)["graduates"].transform("nunique")


def _grants(references: References) -> Helper:
    """`granted_by__grade`: the grade that the authority in the row may grant; empty where its name tells no level.

    Of several levels in a name the lowest is the authority's: 湖南省湘西州教体局 is the prefecture's.
    """
    counties = "|".join(unit.name_zh[:-1] for unit in references.regions.units if unit.is_county)
    levels = {
        f"县|(?<![社治])区|{counties}": "三级", "(?<!贵)州": "二级", "省|自治区": "一级",
        "国家|总局|全国|中国": "国家级",
    }  # fmt: skip

    def grade(authority: str) -> str | None:
        return next((granted for words, granted in levels.items() if re.search(words, authority)), None)

    def helper(rows: Rows) -> Mapping[str, Any]:
        names = rows.column("granted_by").to_pylist()
        return {
            "granted_by__grade": [None if name is None else grade(name) for name in names],
            "student_id__born": _born(rows),
        }

    return helper


def _born(rows: Rows) -> pa.Array:
    """The day of birth that the identity number tells."""
    return rows.column("student_id__born").cast(pa.date32())


def _accounts(rows: Rows) -> Mapping[str, Any]:
    """`account__pupils`: how many pupils rows that stand pay to the row's account; empty in a row that does not."""
    pupil, account = (numbers_of(rows.column(name)) for name in ("student_id", "account"))
    asked = rows.stands & (account >= 0)
    told = asked & (pupil >= 0)
    width = pupil.max(initial=0) + 1
    paid = np.unique(account[told] * width + pupil[told])  # each pupil of each account once
    pupils = np.bincount(paid // width, minlength=account.max(initial=0) + 1)
    return {"account__pupils": pa.array(pupils[np.where(asked, account, 0)].astype("float64"), mask=~asked)}


def _athlete_units(rows: Rows) -> Mapping[str, Any]:
    """`unit_name__count`: how many registration units the athlete has in the year, within one submission."""
    by = ["submission_id", "registration_no", "year"]
    return {"unit_name__count": rows.frame(*by, "unit_name").groupby(by)["unit_name"].transform("nunique")}


def _ends_of_stage(rows: Rows) -> Mapping[str, Any]:
    """`grade__is_first` and `grade__is_top`: whether a school's stage may begin, or end, with the row's grade.

    It may with the first or top grade of the stage, and with the lowest or highest that the school has in this file: a
    kindergarten may take children into any group, a teaching point may end before the stage does.
    """
    frame = rows.frame("submission_id", "school_code", "stage", "grade")
    groups = frame.groupby(["submission_id", "school_code", "stage"])["grade"]
    first = frame["grade"].isin(first_grades()) | (frame["grade"] == groups.transform("min"))
    top = frame["grade"].isin(top_grades()) | (frame["grade"] == groups.transform("max"))
    known = frame[["school_code", "stage", "grade"]].notna().all(axis=1)
    return {
        "grade__is_first": first.map(_yes).astype(object).where(known, None),
        "grade__is_top": top.map(_yes).astype(object).where(known, None),
    }


def _school_rows(rows: Rows) -> Mapping[str, Any]:
    """`school_code__rows`: how many rows the school has in the submission."""
    by = ["submission_id", "school_code"]
    return {"school_code__rows": rows.frame(*by, "row").groupby(by)["row"].transform("count")}


def _birth(rows: Rows) -> Mapping[str, Any]:
    """`student_id__born` as a day."""
    return {"student_id__born": _born(rows)}


def _score_groups(rows: Rows) -> Mapping[str, Any]:
    """What a score table must add up to, row by row, in falling order of scores within province, group and batch.

    `cumulative_count__expected` is the cumulative count above plus the row's own segment; empty in the first row of a
    group, which may say "that score and above", unless the group continues another batch below its lowest score: then
    the sum goes on from there.
    """
    by = ["submission_id", "province", "subject_group", "year"]
    frame = rows.frame(*by, "batch", "score", "segment_count", "cumulative_count")
    order = frame.sort_values([*by, "batch", "score"], ascending=[True] * 5 + [False], kind="stable")
    groups = order.groupby([*by, "batch"], dropna=False, sort=False)
    above = groups["cumulative_count"].shift(1)
    first = groups.cumcount() == 0
    spans = groups.agg(low=("score", "min"), high=("score", "max"), last=("cumulative_count", "last")).reset_index()
    continued = order[first].apply(lambda row: _sum_above(row, spans, by), axis=1, result_type="reduce")
    above = above.where(~first, continued)
    return {"cumulative_count__expected": (above + order["segment_count"]).reindex(frame.index)}


def _sum_above(row: pd.Series, spans: pd.DataFrame, by: list[str]) -> float:
    """The cumulative count that a continuing batch starts from: that of the batch which ends just above it."""
    same = spans[(spans[by] == row[by]).all(axis=1) & (spans["low"] > row["score"])]
    return float("nan") if same.empty else float(same.loc[same["low"].idxmin(), "last"])


def _census_sums(rows: Rows) -> Mapping[str, Any]:
    return census_sums(rows.frame(*CELL, "value"))


_BY_DATASET: Mapping[str, tuple[Helper, ...]] = {
    "aid_payments": (_accounts,),
    "athletes": (_athlete_units, _birth),
    "census_cell": (_census_sums,),
    "enrolment": (_ends_of_stage,),
    "school": (_parents,),
    "score_distribution": (_score_groups,),
    "staff": (_school_rows,),
    "student_roll": (_birth,),
}
_WITH_REFERENCES: Mapping[str, Callable[[References], Helper]] = {
    "admissions": _schools_of_both,
    "sports_instructors": _grants,
    "staff": _kinds,
    "work_items": _commitments,
}
