"""The sample that proof works on: rows that nobody had a question about, as delivered and as read.

Groups of rows that are read together (those of a school, or of a first part of the key) come whole and in an order that
depends on their names alone, up to some 5,000 rows. Befalling them is `trial.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from assets.intake.clean import clean
from assets.intake.reception import Reception
from assets.judging.frames import References
from assets.judging.judgement import Judgement
from assets.judging.staging import findings_in, staged_path
from expectations.contract import Contract
from warehouse.lake import Lake

MOST = 5_000
FEWEST = 8
"""Fewer clean rows show nothing: such a dataset is not proved."""
_PLACE = ["submission_id", "sheet", "row"]
GROUP, PARENT = "group", "parent_school_code"


@dataclass(frozen=True)
class Sample:
    """Clean rows of one dataset and period, the same rows in the same order three times.

    `raw` are the cells as delivered, `typed` what reading made of them, `groups` the group of each.
    """

    contract: Contract
    receptions: dict[str, Reception]
    references: References
    raw: pa.Table
    typed: pa.Table
    groups: Sequence[str]

    def read(self, raw: pa.Table, submission_id: str) -> pa.Table:
        """Raw rows of a submission, read as staging reads them."""
        return clean(raw, self.contract, self.receptions[submission_id], self.references.regions)


def sample_of(
    lake: Lake, contract: Contract, judgement: Judgement, receptions: Sequence[Reception], references: References
) -> Sample | None:
    """The sample of a judgement's rows; None where fewer than a handful are clean."""
    chosen = _chosen(lake, contract, judgement)
    if len(chosen) < FEWEST:
        return None
    by_name = {reception.submission_id: reception for reception in receptions}
    raw, typed, groups = [], [], []
    for name, mine in chosen.groupby("submission_id", sort=True):
        cells = _cells(lake, contract, judgement.period, by_name[str(name)], mine)
        raw.append(cells.drop_columns([GROUP]))
        typed.append(clean(raw[-1], contract, by_name[str(name)], references.regions))
        groups += cells[GROUP].to_pylist()
    return Sample(
        contract, by_name, references, pa.concat_tables(raw, promote_options="default"),
        pa.concat_tables(typed).combine_chunks(), groups,
    )  # fmt: skip


def _chosen(lake: Lake, contract: Contract, judgement: Judgement) -> pd.DataFrame:
    """Places of the chosen rows with their group: groups without any finding or quarantined row, whole."""
    part = next((name for name in ("school_code", *contract.key[:1]) if contract.has(name)), "row")
    columns = list(dict.fromkeys([*_PLACE, part, *(name for name in (PARENT,) if contract.has(name))]))
    rows, aside = (
        lake.read(*staged_path(lake, judgement, table), columns=columns).to_pandas() for table in ("rows", "quarantine")
    )
    findings = findings_in(lake, judgement).select(_PLACE).to_pandas()
    for frame in (rows, aside):
        frame[GROUP] = frame["submission_id"] + "|" + frame[part].astype("string").fillna("")
    asked = rows.merge(findings.drop_duplicates(), on=_PLACE)[GROUP]
    clean_rows = rows[~rows[GROUP].isin({*asked, *aside[GROUP]})]
    if PARENT in columns:  # a parent that a workbook tells in the list's stead is in another file
        listed = set(clean_rows[GROUP])
        parents = clean_rows["submission_id"] + "|" + clean_rows[PARENT].astype("string")
        clean_rows = clean_rows[parents.isna() | parents.isin(listed)]
    sizes = clean_rows.groupby(GROUP).size()
    order = sorted(sizes.index, key=lambda name: hashlib.blake2b(name.encode(), digest_size=8).digest())
    kept, taken = set[str](), 0
    for name in order:
        if not kept or taken + sizes[name] <= MOST:
            kept.add(name)
            taken += sizes[name]
    chosen: pd.DataFrame = clean_rows[clean_rows[GROUP].isin(kept)]
    return chosen


def _cells(lake: Lake, contract: Contract, period: str, reception: Reception, chosen: pd.DataFrame) -> pa.Table:
    """The raw rows of one submission at these places, in the order of the file, with their group."""
    raw = lake.read("raw", contract.dataset, reception.raw_name)
    raw = raw.filter(pc.equal(raw["period"], period))
    if "submission_id" in raw.column_names:  # small census workbooks share a file
        raw = raw.filter(pc.equal(raw["submission_id"], reception.submission_id))
    places = raw.select(_PLACE[1:]).to_pandas().reset_index(names="at")
    found = places.merge(chosen[[*_PLACE[1:], GROUP]], on=_PLACE[1:]).sort_values("at")
    taken = raw.take(pa.array(found["at"].to_numpy()))
    return taken.append_column(GROUP, pa.array(found[GROUP].tolist(), pa.string()))
