"""The house: one home folder with everything that is kept there, and the contracts, plans and regions beside it.

A plain class that the command line, notebooks and Dagster's resource hand around; it opens things when they are asked
for and keeps no state of its own. Settings come from `pipelines/settings.py`.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from assets.clock import now_in_shanghai
from assets.intake.archive import Archive
from assets.intake.ledger import Ledger
from assets.intake.limits import Limits
from assets.intake.pseudonym import Pseudonymiser, load_or_make_key
from assets.intake.take_in import Intake, Progress, silent
from assets.periods import years_of
from assets.plans.check import checked_plans
from assets.submitted.explanations import Explanations
from expectations.contract import Contract, load_contracts
from expectations.plan import Plan
from expectations.regions import Regions, load_regions
from warehouse.connect import open_engine
from warehouse.disclosure.suppress import Protections
from warehouse.lake import Lake


@dataclass(frozen=True)
class House:
    """Folders below `home`, the landing folder, and the facts that the project itself holds."""

    home: Path
    landing: Path
    warehouse_url: str
    pseudonym_key: str | None = field(default=None, repr=False)
    processes: int = 2
    keep_releases: int = 10
    plans_folder: Path | None = None
    rules_folder: Path | None = None
    explanation_months: int = 12
    protections: Protections = Protections()
    as_of: date | None = None
    limits: Limits = field(default_factory=Limits)
    progress: Progress = silent

    @property
    def lake(self) -> Lake:
        """Parquet of every layer."""
        return Lake(self.home / "lake")

    @property
    def ledger(self) -> Ledger:
        """Receptions of all submissions."""
        return Ledger(self.home / "lake" / "submissions")

    @property
    def closed_years(self) -> frozenset[int]:
        """The plan years whose figures are final."""
        return frozenset(self.ledger.closings())

    @property
    def reports(self) -> Path:
        """Pages made for readers."""
        return self.home / "reports"

    @property
    def explanations(self) -> Explanations:
        """What units explained, as it stands on the day as of which is judged: today, where none was told."""
        as_of = self.as_of or now_in_shanghai().date()
        return Explanations(self.home / "lake" / "explanations", as_of, self.explanation_months)

    @functools.cached_property
    def contracts(self) -> Mapping[str, Contract]:
        """Contracts by dataset."""
        return load_contracts()

    @functools.cached_property
    def plans(self) -> Mapping[int, Plan]:
        """Plans by year, each of which can be computed."""
        return checked_plans(self.plans_folder)

    @functools.cached_property
    def regions(self) -> Regions:
        """Units, counties and townships."""
        return load_regions()

    def intake(self) -> Intake:
        """Everything that taking in the landing folder needs; makes the pseudonym key on first use."""
        key = load_or_make_key(self.home / "pseudonym.key", self.pseudonym_key)
        return Intake(
            landing=self.landing, archive=Archive(self.home / "archive"), lake=self.lake, ledger=self.ledger,
            contracts=self.contracts, regions=self.regions, pseudonymiser=Pseudonymiser(key), limits=self.limits,
            processes=self.processes,
        )  # fmt: skip

    def engine(self) -> sa.Engine:
        """A new engine of the warehouse; the caller disposes of it."""
        return open_engine(self.warehouse_url)

    def years_with_data(self) -> set[int]:
        """The plan years that submissions speak of."""
        return {
            year
            for reception in self.ledger.receptions() if reception.dataset
            for year in years_of(reception.periods)
        }  # fmt: skip

    def years(self) -> list[int]:
        """All plan years: those with a plan, and those that submissions speak of, ascending."""
        return sorted({*self.plans, *self.years_with_data()})

    def open_among(self, years: Sequence[int]) -> list[int]:
        """Those of the years, ascending, that are not closed; where all are, the last, so that what waits is told."""
        closed = self.closed_years
        return [year for year in years if year not in closed] or list(years[-1:])
