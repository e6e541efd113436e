"""Helper columns that rules look at: what one row alone cannot tell (its school list, its twins, its group).

Each function takes the typed rows of one dataset and period (all submissions together) and returns columns to append;
none changes a delivered value. The rules that use them stand in the contracts and in `expectations/rule.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from expectations.contract import Contract
from expectations.regions import PREFECTURE, Regions
from expectations.rule import KEY

STANDING = "row__stands"
Helper = Callable[[pd.DataFrame], Mapping[str, Any]]


@dataclass(frozen=True)
class SchoolList:
    """The schools of one unit as held for a school year: `of_that_year` is false when a neighbouring year stands in.

    `former` are schools that an earlier version or year of the unit's list had and this one no longer has.
    """

    codes: frozenset[str]
    of_that_year: bool
    former: frozenset[str] = frozenset()


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
    if contract.dataset == "work_items":
        helpers.append(_commitments(references))
    for helper in helpers:
        for name, values in helper(frame).items():
            frame[name] = values
    return frame


def standing(frame: pd.DataFrame, contract: Contract, returned: Collection[str]) -> pd.Series[bool]:
    """Which rows no later submission of their sender speaks for, returned ones aside; they stand as they arrived.

    What rows are held against beyond their own submission is only what stands: a correction is no repetition of the
    version that it replaces.
    """
    scope = frame["sender"]
    if contract.delivery == "by_school":
        scope = scope + "/" + frame["school_code"].fillna("")
    told = frame["submission_id"].where(~frame["submission_id"].isin(list(returned)))
    return frame["submission_id"] == told.groupby(scope).transform("last")


def key_text(frame: pd.DataFrame, contract: Contract) -> pd.Series:
    """The key of each row in one text, an optional part that is empty as such; missing where a required part is.

    A dataset without a key is told apart by all its columns.
    """
    names = contract.key or tuple(column.name for column in contract.kept)
    parts = pd.DataFrame({name: frame[name].astype("string").fillna("") for name in names})
    damaged = [name for name in contract.key if contract.column(name).is_personal]
    joined = parts[names[0]].str.cat(parts[list(names[1:])], sep="\x1f") if len(names) > 1 else parts[names[0]]
    required = [name for name in contract.key if contract.column(name).required]
    told = frame[required].notna().all(axis=1) if required else joined.str.strip("\x1f") != ""
    for name in damaged:  # a number that cannot be right is told once, and not compared
        told &= frame[f"{name}__unread"].isna()
    return joined.where(told)


def _keys(contract: Contract) -> Helper:
    """`key__text`, told apart by submission, and `key__elsewhere`: whether another one that stands holds the same key.

    A row that does not stand is not asked for keys elsewhere.
    """

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        text = key_text(frame, contract)
        stands = frame[STANDING] & text.notna()
        holders = frame["submission_id"].where(stands).groupby(text).transform("nunique")
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
    return {"school_year__begins": first.map(begins), "school_year__ends": first.map(ends)}


def _commitments(references: References) -> Helper:
    """`commitment__known`, its article and the nearest names of the plan; empty in a year without a plan."""

    def helper(frame: pd.DataFrame) -> Mapping[str, Any]:
        plan = references.commitments
        hits = [plan.get(text) for text in frame["commitment"]]
        known = [_yes(hit is not None) if plan and not pd.isna(text) else None
                 for hit, text in zip(hits, frame["commitment"], strict=True)]  # fmt: skip
        near = ["、".join(difflib.get_close_matches(str(text), plan, n=3, cutoff=0.0)) for text in frame["commitment"]]
        return {
            "commitment__known": pd.Series(known, index=frame.index, dtype=object),
            "commitment__article": pd.Series([hit and hit[1] for hit in hits], index=frame.index, dtype="float64"),
            "commitment__nearest": pd.Series(near, index=frame.index, dtype=object),
        }

    return helper


def _accounts(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`account__pupils`: how many pupils are paid to the row's account."""
    return {"account__pupils": _different(frame, "student_id", ["account"])}


def _athlete_units(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`unit_name__count`: how many registration units the athlete has in the year, within one submission."""
    groups = frame.groupby(["submission_id", "registration_no", "year"])["unit_name"]
    return {"unit_name__count": groups.transform("nunique")}


def _different(frame: pd.DataFrame, column: str, by: list[str]) -> pd.Series:
    """How many different values the standing rows of each group have; empty in rows that do not stand."""
    groups = frame[column].where(frame[STANDING]).groupby([frame[name] for name in by])
    return groups.transform("nunique").where(frame[STANDING])


def _birth(frame: pd.DataFrame) -> Mapping[str, Any]:
    """`student_id__born` as a day, and how many days the birth date is away from it."""
    born = pd.to_datetime(frame["student_id__born"], format="%Y-%m-%d")
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
    "score_distribution": (score_groups,),
}
