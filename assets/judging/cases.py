"""Judging a plan year: its cases, a dataset and period each, and the order in which several datasets are judged.

What judging one case does is said in `staging.py`, who judges many of them at once in `judges.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assets.guard import guarded
from assets.intake.reception import Reception
from assets.judging.frames import References
from assets.judging.judgement import Judgement
from assets.judging.judges import Judges
from assets.judging.references import SchoolLists, references_for
from assets.judging.staging import is_news, stage
from assets.periods import periods_of
from expectations.contract import Contract
from warehouse.lake import Lake

if TYPE_CHECKING:
    from assets.house import House  # a worker has no use for all that a house opens

SCHOOL_LIST = "school"
"""The dataset that the rows of all others are held against."""


@dataclass(frozen=True)
class Case:
    """One dataset and period with everything that it is judged by; a worker is sent it as it is."""

    lake: Lake
    contract: Contract
    period: str
    receptions: tuple[Reception, ...]
    references: References

    @property
    def name_zh(self) -> str:
        """What a clerk calls it."""
        return self.contract.name_zh

    @property
    def rows(self) -> int:
        """Rows that were delivered for it, by which its cost is guessed."""
        return sum(reception.periods_in(self.contract.dataset).get(self.period, 0) for reception in self.receptions)

    @property
    def is_news(self) -> bool:
        """Whether judging it has work to do, or only tells what stands."""
        return is_news(self.lake, self.contract, self.period, self.receptions, self.references)

    def judge(self) -> Judgement | None:
        """Its judgement, None where nothing was delivered for it.

        Raises:
            ExpectationsError, StepFailedError: the fault is ours, and told without a value; what stood stands.
        """
        with guarded(f"核查{self.name_zh}"):
            return stage(self.lake, self.contract, self.period, self.receptions, self.references)


def cases_of(house: House, contracts: Sequence[Contract], year: int) -> list[Case]:
    """The periods of these datasets that a plan year is judged on, held against what the lake says now."""
    receptions = house.ledger.receptions()
    lists = SchoolLists.held(house.lake)
    cases = []
    for contract in contracts:
        mine = tuple(reception for reception in receptions if contract.dataset in reception.datasets)
        held = lists if contract.dataset != SCHOOL_LIST else SchoolLists({}, {})
        for period in periods_of(contract, year):
            references = references_for(contract.dataset, period, house.regions, held, house.plans)
            cases.append(Case(house.lake, contract, period, mine, references))
    return cases


def judge_datasets(
    house: House, contracts: Sequence[Contract], year: int, judges: Judges
) -> Mapping[str, list[Judgement] | Exception]:
    """The judgements of each dataset for a plan year, or the error that kept one of its periods from being judged.

    School lists come first, that of the year before too, against which a spring term is held; an error in them is
    raised, because nothing else can be judged then.
    """
    cases = cases_of(house, contracts, year)
    judges.expect(sum(case.is_news for case in cases))
    if lists := [contract for contract in contracts if contract.dataset == SCHOOL_LIST]:
        for case in (*cases_of(house, lists, year - 1), *cases_of(house, lists, year)):
            case.judge()
        cases = cases_of(house, contracts, year)
    faults: dict[str, Exception] = {}
    for case, fault in judges.judge([case for case in cases if case.is_news]):
        house.progress(f"核查{case.name_zh}", 1, 1)
        if fault:
            faults.setdefault(case.contract.dataset, fault)
    return {c.dataset: faults.get(c.dataset) or _standing(cases, c) for c in contracts}


def _standing(cases: Sequence[Case], contract: Contract) -> list[Judgement]:
    """What was just judged, read back; periods without a submission have none."""
    judged = [case.judge() for case in cases if case.contract.dataset == contract.dataset]
    return [judgement for judgement in judged if judgement]
