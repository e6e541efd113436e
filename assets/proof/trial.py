"""A trial: faults befall rows of a sample, and clean and spoilt rows together are judged once, as one batch.

Each fault befalls a row of its own. Where the sample has fewer rows than there are faults, it comes several times, each
a world of its own whose helper columns know nothing of the others; the first world is left clean. So one look of Great
Expectations judges all faults of a dataset, instead of one for each.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from assets.judging.frames import frame_of, helpers_of
from assets.proof.faults import Fault
from assets.proof.sample import Sample
from assets.proof.spoilt import Seed, filled_of, spoilt_rows
from expectations.rule import KEY, Rule
from expectations.suites import judge

WORLD = 300
"""Rows of a world beside the first, if groups are not larger: what a spoilt row is seen together with."""
SPREAD = 37
WIDE_WORLDS, HARMLESS_WORLDS = 1_000, 2_000
_OTHER_FILE = "proof-other"


@dataclass(frozen=True)
class Seen:
    """What judging told of one seed: the rules that found something in its row, or in its group for cells of a form."""

    seed: Seed
    rules: frozenset[str]


@dataclass(frozen=True)
class Trial:
    """What was told of every seed, and by each rule of clean rows."""

    seen: Sequence[Seen]
    blamed: Mapping[str, int]


def tried(sample: Sample, faults: Sequence[Fault], rules: Sequence[Rule]) -> Trial:
    """Let the faults befall the sample, and judge.

    Raises:
        SuiteError: a rule crashed.
    """
    worlds = _worlds(sample, faults)
    spoilt = spoilt_rows(sample, [seed for world in worlds for seed in world.seeds])
    frames = [world.frame(spoilt) for world in worlds]
    starts = np.cumsum([0, *map(len, frames)]).tolist()
    for each, start in zip(frames, starts, strict=False):
        each[KEY] += start  # keys are numbered, in each world from 0 on
    frame = pd.concat(frames, ignore_index=True)
    frame["at"] = np.arange(len(frame))
    found = {o.rule.id: o.places for o in judge(frame, rules, f"proof_{sample.contract.dataset}")}
    told: dict[int, set[str]] = defaultdict(set)
    for rule, places in found.items():
        for place in places:
            told[place].add(rule)
    seen = [
        Seen(seed, frozenset().union(*(told[start + at] for at in world.watched(seed))))
        for world, start in zip(worlds, starts, strict=False) for seed in world.seeds
    ]  # fmt: skip
    return Trial(seen, {rule: sum(place < starts[1] for place in places) for rule, places in found.items()})


def _worlds(sample: Sample, faults: Sequence[Fault]) -> list[_World]:
    """The clean world, then those in which faults befall rows."""
    small = _small(sample)
    by_world: dict[int, list[Seed]] = defaultdict(list)
    for seed in _placed(sample, faults, small):
        by_world[seed.world].append(seed)
    worlds = [_World(sample, (), range(len(sample.groups)), 0)]
    for number, seeds in sorted(by_world.items()):
        extra = sorted({seed.row for seed in seeds} - set(small))
        worlds.append(_World(sample, seeds, [*small, *extra], number))
    return worlds


def _small(sample: Sample) -> list[int]:
    """Rows of the first groups until there are enough for a world."""
    kept = dict[str, None]()
    rows: list[int] = []
    for group in sample.groups:
        if len(rows) >= WORLD:
            break
        if group not in kept:
            kept[group] = None
            rows += [at for at, name in enumerate(sample.groups) if name == group]
    return sorted(rows)


def _placed(sample: Sample, faults: Sequence[Fault], small: list[int]) -> Iterator[Seed]:
    """Each fault in the first world that has a row free for it; one of a whole group needs the group free."""
    filled = filled_of(sample)
    taken: set[tuple[int, object]] = set()
    for fault in faults:
        is_wide = _is_wide(sample, fault)
        rows = _fitting(fault, filled, small)
        if not rows:
            continue
        if is_wide:  # not always the first cell of a form
            start = len(taken) * SPREAD % len(rows)
            rows = rows[start:] + rows[:start]
        world, row = _free(sample, rows, taken, fault, is_wide)
        taken.add((world, sample.groups[row] if is_wide else row))
        yield Seed(fault, world, row)


def _is_wide(sample: Sample, fault: Fault) -> bool:
    """Whether a fault shows elsewhere in its group: a cell of a form is told at the total that it breaks."""
    return sample.contract.read_by == "codes" and not fault.rule_id


def _free(
    sample: Sample, rows: Sequence[int], taken: set[tuple[int, object]], fault: Fault, is_wide: bool
) -> tuple[int, int]:
    for world in itertools.count(_first_world(fault, is_wide)):
        for row in rows:
            if (world, sample.groups[row] if is_wide else row) not in taken:
                return world, row
    raise AssertionError


def _first_world(fault: Fault, is_wide: bool) -> int:
    """Faults of a whole group, and what is harmless for all rules, are not seen together with any other fault."""
    return HARMLESS_WORLDS if fault.is_harmless and not fault.rule_id else WIDE_WORLDS if is_wide else 1


def _fitting(fault: Fault, filled: Mapping[str, np.ndarray], small: list[int]) -> list[int]:
    """Rows of a world, else of the sample, in which the fault's column is filled; any row where no cell is changed."""
    if fault.column not in filled:
        return small if not fault.column or fault.values else []
    at = filled[fault.column]
    return [row for row in small if at[row]] or np.flatnonzero(at).tolist()[:1] or (small if fault.values else [])


@dataclass(frozen=True)
class _World:
    """Rows of the sample, some of them spoilt, which are seen together."""

    sample: Sample
    seeds: Sequence[Seed]
    rows: Sequence[int]
    number: int

    def frame(self, spoilt: Mapping[Seed, pa.Table]) -> pd.DataFrame:
        """The rows as staging would judge them; what comes a second time is at the end."""
        at = {row: place for place, row in enumerate(self.rows)}
        typed = self.sample.typed.take(pa.array(self.rows, pa.int64()))
        place = {seed: len(self.rows) + n for n, seed in enumerate(self.seeds)}
        order = list(range(len(self.rows)))
        for seed in self.seeds:
            if seed.fault.copied:
                order.append(place[seed])
            else:
                order[at[seed.row]] = place[seed]
        changed = [self._delivered(seed, spoilt[seed]) for seed in self.seeds]
        rows = self._apart(pa.concat_tables([typed, *changed]).take(pa.array(order)))
        frame = frame_of(rows, helpers_of(rows, self.sample.contract, self.sample.references))
        for seed in self.seeds:
            self._set_helpers(frame, at[seed.row], seed.fault.values)
        return frame

    def watched(self, seed: Seed) -> list[int]:
        """Places of this world in which the seed's fault may be told."""
        if _is_wide(self.sample, seed.fault):
            group = self.sample.groups[seed.row]
            return [place for place, row in enumerate(self.rows) if self.sample.groups[row] == group]
        return [self.rows.index(seed.row)]

    def _delivered(self, seed: Seed, row: pa.Table) -> pa.Table:
        """The row as of another sender's file, where it is copied elsewhere."""
        if seed.fault.copied != "other":
            return row
        for name, told in (("submission_id", _OTHER_FILE), ("sender", _OTHER_FILE)):
            row = row.set_column(row.schema.get_field_index(name), name, pa.array([told], pa.string()))
        return row

    def _apart(self, rows: pa.Table) -> pa.Table:
        """The rows with submissions that no other world has, because keys are held against each other by these."""
        names = pa.array([f"{self.number}|{name}" for name in rows["submission_id"].to_pylist()], pa.string())
        return rows.set_column(rows.schema.get_field_index("submission_id"), "submission_id", names)

    def _set_helpers(self, frame: pd.DataFrame, at: int, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            if name not in self.sample.typed.column_names or frame[name].dtype.kind == "M":
                told = pd.Timestamp(value) if isinstance(value, date | datetime) else value
                if name not in frame:
                    frame[name] = pd.Series([None] * len(frame), index=frame.index, dtype=object)
                frame.loc[at, name] = told
