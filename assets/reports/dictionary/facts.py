"""All that the dictionary tells, gathered from the one source of each, and who refers to whom.

Sources: contracts, the catalogue with what plans define beside it, parameters, plans. The tables of the warehouse are
read where their page is made. Nothing is decided here.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from assets.indicators.catalogue import Indicator, Tables
from assets.indicators.parameters import Choices, Parameter, load_parameters
from assets.indicators.registry import indicators_of
from assets.indicators.sources import Dataset, YearInputs, YearTables, open_year
from assets.plans.check import checked_plans
from expectations.contract import Column, Contract, load_contracts
from expectations.plan import Commitment, Plan
from expectations.regions import load_regions

_STANDING = pa.schema([(name, pa.string()) for name in ("dataset", "period", "unit_code", "standing")])
_TOWNSHIPS = pa.schema([(name, pa.string()) for name in ("township_code", "name", "county_code", "kind")])


@dataclass(frozen=True)
class Definition:
    """An indicator with the name of its formula's class, the parameters that it asks for, and who else defined it.

    `earlier`: years of older plans that measured something else under the same id, with that indicator.
    """

    indicator: Indicator
    formula: str
    parameters: tuple[str, ...]
    earlier: tuple[tuple[int, Indicator], ...] = ()

    @property
    def datasets(self) -> tuple[str, ...]:
        """The datasets that it needs, each once."""
        return tuple(dict.fromkeys(need.dataset for need in self.indicator.needs))


@dataclass(frozen=True)
class Promise:
    """A commitment and the year of its plan."""

    year: int
    commitment: Commitment


@dataclass(frozen=True)
class Facts:
    """Contracts by dataset, plans by year, and all that is defined by them."""

    contracts: Mapping[str, Contract]
    plans: Mapping[int, Plan]
    parameters: Mapping[str, Parameter] = field(default_factory=load_parameters)

    @classmethod
    def of_project(cls, plans_folder: Path | None = None) -> Facts:
        """What the project says of itself; plans from a folder (default: its own).

        Raises:
            ContractError, PlanError: a source is faulty.
        """
        return cls(load_contracts(), checked_plans(plans_folder))

    @functools.cached_property
    def choices(self) -> Mapping[int, Choices]:
        """The choices of each plan year, ascending."""
        return {year: Choices.of(plan.parameters) for year, plan in sorted(self.plans.items())}

    @functools.cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The commitments of all plans, the newest plan first, each in the plan's order."""
        years = sorted(self.plans.items(), reverse=True)
        return tuple(Promise(year, commitment) for year, plan in years for commitment in plan.commitments)

    @functools.cached_property
    def definitions(self) -> Mapping[str, Definition]:
        """Every indicator by id, as the newest plan has it: the catalogue first, in its order."""
        by_year = {year: indicators_of(plan.commitments) for year, plan in sorted(self.plans.items(), reverse=True)}
        newest: dict[str, Indicator] = {item.id: item for item in indicators_of()}
        earlier: dict[str, list[tuple[int, Indicator]]] = {}
        for year, items in by_year.items():
            for item in items:
                kept = newest.setdefault(item.id, item)
                if _told(kept) != _told(item):
                    earlier.setdefault(item.id, []).append((year, item))
        year = max(self.plans, default=2000)
        asked = _asked(self.contracts, newest.values(), year, self.choices.get(year, Choices.of()))
        return {
            item.id: Definition(item, formula, parameters, tuple(earlier.get(item.id, ())))
            for item, formula, parameters in asked
        }

    def using_dataset(self, dataset: str) -> list[Definition]:
        """The indicators that need a dataset."""
        return [each for each in self.definitions.values() if dataset in each.datasets]

    def using_parameter(self, name: str) -> list[Definition]:
        """The indicators that ask for a parameter."""
        return [each for each in self.definitions.values() if name in each.parameters]

    def using_indicator(self, indicator_id: str) -> list[Promise]:
        """The commitments that are judged by an indicator, or tell its extreme beside theirs."""
        return [p for p in self.promises if indicator_id in (*p.commitment.indicator, p.commitment.worst)]

    def header_rows(self) -> Iterator[tuple[str, Column, Contract]]:
        """Every spelling of every header with its column, contract by contract."""
        for contract in self.contracts.values():
            for column in contract.columns:
                for header in column.headers:
                    yield header, column, contract


def _told(item: Indicator) -> tuple[str, ...]:
    """What readers are told of an indicator."""
    return item.name_zh, item.unit, item.definition_zh


def _asked(
    contracts: Mapping[str, Contract], items: Iterable[Indicator], year: int, choices: Choices
) -> list[tuple[Indicator, str, tuple[str, ...]]]:
    """Each indicator with its formula's name and its parameters, told by defining it on tables without a row."""
    regions = load_regions()
    inputs = YearInputs(
        year=year, staged={}, standing=_STANDING.empty_table(), townships=_TOWNSHIPS.empty_table(),
        units=regions.unit_codes, counties=regions.county_codes,
    )  # fmt: skip
    with open_year(inputs, {name: Dataset.of(contract) for name, contract in contracts.items()}) as tables:
        return [_defined(tables, item, year, choices) for item in items]


def _defined(
    tables: YearTables, item: Indicator, year: int, choices: Choices
) -> tuple[Indicator, str, tuple[str, ...]]:
    asking = Tables(tables.tables, year, choices)
    formula = item.define(asking)
    return item, type(formula).__name__, tuple(sorted(asking.used))
