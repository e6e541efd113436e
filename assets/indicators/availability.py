"""Who has what an indicator needs: the units without a figure, and those whose figure is provisional.

`gap`: without the dataset a unit has no figure, and the prefecture's is made of the others and names it. `stale`: the
last accepted version stands. `nothing`: no file means nothing to report. What the rows themselves lack (a calendar, a
county's population) is found in `passes.py` and added there.
"""

from __future__ import annotations

import functools
import operator
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa

from assets.indicators.catalogue import Indicator, Need
from assets.indicators.sources import Dataset, YearInputs
from assets.indicators.views import PREFECTURE


@dataclass(frozen=True)
class Availability:
    """Of one indicator: units that lack a dataset, and places whose rows are stale or have open questions.

    `is_silent`: the bureau has not sent what only it can send, so there is no figure anywhere; `is_doubtful`: what it
    sent is stale or unexplained, so every figure is provisional. `without`: optional datasets and who lacks them (the
    bureau for all); their figures are provisional. `outside`: units that are not expected to send and did not: they
    have no figure, and nobody misses it.
    """

    gaps: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    is_silent: bool = False
    is_doubtful: bool = False
    without: frozenset[tuple[str, str]] = frozenset()
    outside: frozenset[str] = frozenset()

    def lacking(self, units: frozenset[str]) -> Availability:
        """The same with more units that have no figure."""
        return replace(self, gaps=self.gaps | units)

    def __or__(self, other: Availability) -> Availability:
        return Availability(
            self.gaps | other.gaps, self.doubtful | other.doubtful,
            self.is_silent or other.is_silent, self.is_doubtful or other.is_doubtful, self.without | other.without,
            self.outside | other.outside,
        )  # fmt: skip

    def without_of(self, units: tuple[str, ...]) -> str:
        """The optional datasets that these units, or some of them, do without."""
        return "、".join(sorted({dataset for dataset, unit in self.without if unit in (*units, PREFECTURE)}))

    def has_figure(self, unit: str) -> bool:
        """Whether the unit can have a figure."""
        return not self.is_silent and unit not in self.gaps and unit not in self.outside

    def is_provisional(self, unit: str) -> bool:
        """Whether the unit's figure is provisional."""
        return self.is_silent or self.is_doubtful or unit in self.doubtful or unit in self.gaps

    @property
    def is_prefecture_provisional(self) -> bool:
        """Whether the prefecture's figure is: any unit's doubt is its own."""
        return bool(self.is_silent or self.is_doubtful or self.gaps or self.doubtful)

    def missing_units(self, units: tuple[str, ...]) -> str:
        """The codes of the units, among these, that have no figure; the bureau's own when it is silent."""
        return PREFECTURE if self.is_silent else ",".join(unit for unit in units if unit in self.gaps)


@dataclass(frozen=True)
class Standing:
    """How a dataset of a unit and period stands, and how many of its findings wait for an explanation."""

    dataset: str
    period: str
    unit_code: str
    standing: str
    questions: int

    def is_of(self, term: str) -> bool:
        """Whether the period is that term."""
        return self.period.endswith(f"-{term}")


class Availabilities:
    """What the datasets of a year leave of each indicator; each need is looked up once.

    That nothing came from a unit that is not expected to send is no gap.
    """

    def __init__(self, inputs: YearInputs, datasets: Mapping[str, Dataset]) -> None:
        self._datasets = datasets
        self._inputs = inputs
        self._rows: dict[str, list[Standing]] = defaultdict(list)
        for row in standings_of(inputs.standing):
            is_expected = row.dataset in datasets and datasets[row.dataset].expects(row.unit_code, inputs.counties)
            if is_expected or row.standing != "missing":
                self._rows[row.dataset].append(row)
        self._of_needs: dict[Need, Availability] = {}

    def of(self, indicator: Indicator) -> Availability:
        """What the indicator's datasets leave of it."""
        return functools.reduce(operator.or_, map(self._of, indicator.needs), Availability())

    def _of(self, need: Need) -> Availability:
        if need not in self._of_needs:
            rows = [row for row in self._rows[need.dataset] if need.term is None or row.is_of(need.term)]
            dataset = self._datasets[need.dataset]
            left = replace(_of_dataset(rows, dataset), outside=self._outside(rows, dataset))
            self._of_needs[need] = _spared(need.dataset, left) if need.optional else left
        return self._of_needs[need]

    def _outside(self, rows: Sequence[Standing], dataset: Dataset) -> frozenset[str]:
        """The units that only others are asked for; a file that one of them sends all the same counts."""
        if dataset.from_bureau or dataset.missing == "nothing":
            return frozenset()
        sent = {row.unit_code for row in rows}
        return frozenset(
            unit for unit in self._inputs.units
            if unit not in sent and not dataset.expects(unit, self._inputs.counties)
        )  # fmt: skip


def standings_of(table: pa.Table) -> list[Standing]:
    """The rows of the standing table."""
    return [Standing(**row) for row in table.to_pylist()]


def _of_dataset(rows: Sequence[Standing], dataset: Dataset) -> Availability:
    """What one dataset leaves: units that it names as missing; a unit that it does not name is not expected to send.

    Where the bureau sends for all, only its own file can be missing. Its file beside those of the units (a venue of
    the prefecture) only makes the prefecture's figure provisional.
    """
    missing = frozenset(row.unit_code for row in rows if row.standing == "missing")
    doubtful = frozenset(row.unit_code for row in rows if row.standing == "stale" or row.questions > 0)
    if dataset.missing == "nothing":
        return Availability(doubtful=doubtful)
    if dataset.from_bureau:
        has_sent = any(row.unit_code == PREFECTURE for row in rows) and PREFECTURE not in missing
        return Availability(doubtful=doubtful, is_silent=not has_sent, is_doubtful=PREFECTURE in doubtful)
    return Availability(missing, doubtful, is_silent=not rows)


def _spared(dataset: str, left: Availability) -> Availability:
    """The same of a dataset that figures can do without: who lacks it keeps them, in doubt."""
    lacking = left.gaps | ({PREFECTURE} if left.is_silent else frozenset())
    without = frozenset((dataset, unit) for unit in lacking)
    return Availability(doubtful=left.doubtful | left.gaps, is_doubtful=left.is_doubtful or left.is_silent,
                        without=without)  # fmt: skip
