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

from assets.judging.census_sums import census_sums
from assets.judging.two_sources import differences
from expectations.contract import Column, Contract
from expectations.regions import PREFECTURE, Regions
from expectations.rule import FORM_CELLS, KEY

STANDING = "row__stands"
FIRST_GRADES = ("K0", "K1", "KM", "P1", "J1", "S1", "V1", "SE")
TOP_GRADES = ("K3", "KM", "P6", "J3", "J4", "S3", "V3", "SE")
Helper = Callable[[pd.DataFrame], Mapping[str, Any]]


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


def frame_of(
    rows: pa.Table, contract: Contract, references: References, returned: Collection[str] = ()
) -> pd.DataFrame:
    """The rows as Great Expectations judges them: default dtypes, helper columns, and the place `at`."""
    frame: pd.DataFrame = rows.to_pandas(date_as_object=False)
    frame["at"] = np.arange(len(frame))
    frame[STANDING] = standing(frame, contract, returned)
    helpers: list[Helper] = [_keys(contract), *_BY_DATASET.get(contract.dataset, ())]
    if contract.has("school_code"):
        helpers.append(_schools(contract, references))
    if contract.has("township_code"):
        helpers.append(_townships(references.regions))
    if contract.has("school_year"):
        helpers.append(_school_year)
    if contract.dataset in _WITH_REFERENCES:
        helpers.append(_WITH_REFERENCES[contract.dataset](references))
    helpers.append(lambda told: differences(told, contract, told[STANDING].to_numpy(dtype=bool)))
    for helper in helpers:
        for name, values in helper(frame).items():
            frame[name] = values
    return frame


def standing(frame: pd.DataFrame, contract: Contract, returned: Collection[str]) -> pd.Series[bool]:
    """Which rows no later submission of their sender speaks for, returned ones aside; they stand as they arrived.

    What rows are held against beyond their own submission is only what stands: a correction is no repetition of the
    version that it replaces.
    """
    scope = scope_of(frame, contract)
    told = frame["submission_id"].where(~frame["submission_id"].isin(list(returned)))
    return frame["submission_id"] == told.groupby(scope).transform("last")


def scope_of(frame: pd.DataFrame, contract: Contract) -> pd.Series[str]:
    """What a newer submission speaks for, row by row: the sender, or one school of it as the contract's delivery says.

    Rows made of census forms speak for their school, in any dataset, beside the rows of tables.
    """
    scope = frame["sender"].astype(object)
    if "school_code" not in frame.columns:
        return scope
    school = scope + "/" + frame["school_code"].fillna("")
    if contract.delivery == "by_school":
        scope = school
    return (school + "/forms").where(frame[FORM_CELLS].notna(), scope) if FORM_CELLS in frame.columns else scope


def key_text(frame: pd.DataFrame, contract: Contract) -> pd.Series:
    """The key of each row in one text, an optional part that is empty as such; missing where a required part is.

    A dataset without a key is told apart by all its columns. A part that another column may stand for is required.
    """
    names = contract.key or tuple(column.name for column in contract.kept)
    parts = pd.DataFrame({name: _key_part(frame, contract.column(name)) for name in names})
    damaged = [name for name in contract.key if contract.column(name).is_personal]
    joined = parts[names[0]].str.cat(parts[list(names[1:])], sep="\x1f") if len(names) > 1 else parts[names[0]]
    required = [name for name in contract.key if contract.column(name).required or contract.column(name).key_else]
    told = (parts[required] != "").all(axis=1) if required else joined.str.strip("\x1f") != ""
    for name in damaged:  # a number that cannot be right is told once, and not compared
        told &= frame[f"{name}__unread"].isna()
    return joined.where(told)


def _key_part(frame: pd.DataFrame, column: Column) -> pd.Series:
    """One part of the key as text, of the column that stands for it where it is empty; '' where neither is filled."""
    part = frame[column.name].astype("string")
    return (part.fillna(frame[column.key_else].astype("string")) if column.key_else else part).fillna("")


def _keys(contract: Contract) -> Helper:
    """`key__text`, told apart by submission, and `key__elsewhere`: whether another one that stands holds the same key.

    A row that does not stand is not asked for keys elsewhere; nor are forms and tables, which tell of the same schools.
    """

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        text = key_text(frame, contract)
        stands = frame[STANDING] & text.notna()
        source = text + frame[FORM_CELLS].notna().map({True: "\x1fforms", False: ""})
        holders = frame["submission_id"].where(stands).groupby(source).transform("nunique")
        elsewhere = pd.Series(np.where(holders > 1, "yes", "no"), index=frame.index).where(stands, None)
        return {KEY: (frame["submission_id"] + "\x1f" + text).astype(object), "key__elsewhere": elsewhere}

    return helper


def _schools(contract: Contract, references: References) -> Helper:
    """`school_code__listed`: this_year, other_year, dropped or no, by the list of the row's unit; empty without one."""
    lists = references.schools
    everyone = SchoolList(
        frozenset().union(*(held.codes for held in lists.values())), all(held.of_that_year for held in lists.values()),
        frozenset().union(*(held.former for held in lists.values())),
    )  # fmt: skip

    def listed(unit_code: str, code: str | None) -> str | None:
        held = everyone if unit_code == PREFECTURE and lists else lists.get(unit_code)
        if code is None or held is None:
            return None
        if code not in held.codes:
            return "dropped" if code in held.former else "no"
        return "this_year" if held.of_that_year else "other_year"

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        if contract.dataset == "school":
            own = {unit: set(group) for unit, group in frame.groupby("submission_id")["school_code"]}
            parents = zip(frame["submission_id"], frame["parent_school_code"], strict=True)
            return {"parent_school_code__listed": [None if pd.isna(p) else _yes(p in own[s]) for s, p in parents]}
        pairs = frame[["unit_code", "school_code"]].astype(object).where(frame["school_code"].notna(), None)
        known = {pair: listed(*pair) for pair in set(pairs.itertuples(index=False, name=None))}
        return {"school_code__listed": [known[pair] for pair in pairs.itertuples(index=False, name=None)]}

    return helper


def _kinds(references: References) -> Helper:
    """`school_code__kind`: the kind of the row's school in any unit's list; empty where no list tells it."""
    kinds = {code: kind for held in references.schools.values() for code, kind in held.kinds.items()}

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        return {"school_code__kind": frame["school_code"].map(kinds).astype(object)}

    return helper


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _townships(regions: Regions) -> Helper:
    """`township_code__inside`: whether the township lies in the county of the row's unit."""

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        counties = frame["unit_code"].map(regions.county_of)
        inside = (frame["township_code"].str.slice(0, 6) == counties) | (frame["unit_code"] == PREFECTURE)
        return {"township_code__inside": inside.map(_yes).astype(object).where(frame["township_code"].notna(), None)}

    return helper


def _school_year(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`school_year__begins` and `__ends`: 1 September and 31 August."""
    first = pd.to_numeric(frame["school_year"].str.slice(0, 4))
    begins = {year: pd.Timestamp(date(int(year), 9, 1)) for year in first.dropna().unique()}
    ends = {year: pd.Timestamp(date(int(year) + 1, 8, 31)) for year in begins}
    days = {"school_year__begins": first.map(begins), "school_year__ends": first.map(ends)}
    return {name: pd.to_datetime(each) for name, each in days.items()}


def _commitments(references: References) -> Helper:
    """`commitment__known`, its article and the nearest names of the plan; empty in a year without a plan."""

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        plan = references.commitments
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

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        return {
            f"{name}__listed": [listed(*pair) for pair in zip(frame["unit_code"], frame[name], strict=True)]
            for name in ("senior_school_code", "junior_school_code")
        } | {"graduates__count": _graduates(frame)}

    return helper


def _graduates(frame: pd.DataFrame) -> pd.Series:
    """How many different numbers of graduates a submission tells of the row's junior school in the year."""
    groups = frame.groupby(["submission_id", "junior_school_code", "year"])["graduates"]
    return groups.transform("nunique")


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

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        return {
            "granted_by__grade": [None if pd.isna(name) else grade(name) for name in frame["granted_by"]],
            "student_id__born": _born(frame),
        }

    return helper


def _born(frame: pd.DataFrame) -> pd.Series:
    """The day of birth that the identity number tells."""
    return pd.to_datetime(frame["student_id__born"], format="%Y-%m-%d")


def _accounts(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`account__pupils`: how many pupils are paid to the row's account."""
    return {"account__pupils": _different(frame, "student_id", ["account"])}


def _athlete_units(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`unit_name__count`: how many registration units the athlete has in the year, within one submission."""
    groups = frame.groupby(["submission_id", "registration_no", "year"])["unit_name"]
    return {"unit_name__count": groups.transform("nunique")}


def _ends_of_stage(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`grade__is_first` and `grade__is_top`: whether a school's stage may begin, or end, with the row's grade.

    It may with the first or top grade of the stage, and with the lowest or highest that the school has in this file: a
    kindergarten may take children into any group, a teaching point may end before the stage does.
    """
    groups = frame.groupby(["submission_id", "school_code", "stage"])["grade"]
    first = frame["grade"].isin(FIRST_GRADES) | (frame["grade"] == groups.transform("min"))
    top = frame["grade"].isin(TOP_GRADES) | (frame["grade"] == groups.transform("max"))
    known = frame[["school_code", "stage", "grade"]].notna().all(axis=1)
    return {
        "grade__is_first": first.map(_yes).astype(object).where(known, None),
        "grade__is_top": top.map(_yes).astype(object).where(known, None),
    }


def _school_rows(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`school_code__rows`: how many rows the school has in the submission."""
    return {"school_code__rows": frame.groupby(["submission_id", "school_code"])["at"].transform("count")}


def _different(frame: pd.DataFrame, column: str, by: list[str]) -> pd.Series:
    """How many different values the standing rows of each group have; empty in rows that do not stand."""
    groups = frame[column].where(frame[STANDING]).groupby([frame[name] for name in by])
    return groups.transform("nunique").where(frame[STANDING])


def _birth(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`student_id__born` as a day, and how many days the birth date is away from it."""
    born = _born(frame)
    return {"student_id__born": born, "birth_date__days_off": (frame["birth_date"] - born).abs().dt.days}


def score_groups(frame: pd.DataFrame) -> Mapping[str, Any]:
    """What a score table must add up to, row by row, in falling order of scores within province, group and batch.

    `cumulative_count__expected` is the cumulative count above plus the row's own segment; empty in the first row of a
    group, which may say "that score and above", unless the group continues another batch below its lowest score: then
    the sum goes on from there.
    """
    keys = ["submission_id", "province", "subject_group", "year"]
    order = frame.sort_values([*keys, "batch", "score"], ascending=[True] * 5 + [False], kind="stable")
    groups = order.groupby([*keys, "batch"], dropna=False, sort=False)
    above = groups["cumulative_count"].shift(1)
    first = groups.cumcount() == 0
    spans = groups.agg(low=("score", "min"), high=("score", "max"), last=("cumulative_count", "last")).reset_index()
    continued = order[first].apply(lambda row: _sum_above(row, spans, keys), axis=1, result_type="reduce")
    above = above.where(~first, continued)
    return {"cumulative_count__expected": (above + order["segment_count"]).reindex(frame.index)}


def _sum_above(row: pd.Series, spans: pd.DataFrame, keys: list[str]) -> float:
    """The cumulative count that a continuing batch starts from: that of the batch which ends just above it."""
    same = spans[(spans[keys] == row[keys]).all(axis=1) & (spans["low"] > row["score"])]
    return float("nan") if same.empty else float(same.loc[same["low"].idxmin(), "last"])


_BY_DATASET: Mapping[str, tuple[Helper, ...]] = {
    "aid_payments": (_accounts,),
    "athletes": (_athlete_units, _birth),
    "census_cell": (census_sums,),
    "enrolment": (_ends_of_stage,),
    "score_distribution": (score_groups,),
    "staff": (_school_rows,),
    "student_roll": (_birth,),
}
_WITH_REFERENCES: Mapping[str, Callable[[References], Helper]] = {
    "admissions": _schools_of_both,
    "sports_instructors": _grants,
    "staff": _kinds,
    "work_items": _commitments,
}
