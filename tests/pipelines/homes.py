"""A home that is run as its users run it, through the command line, and what its newest release says afterwards."""

import shutil
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from click.testing import Result
from typer.testing import CliRunner

from pipelines.cli.app import app
from pipelines.settings import Settings
from warehouse.connect import reading
from warehouse.schema import fact_indicator, fact_verdict, finding, release, status_matrix, submission

Figure = tuple[Decimal | None, Decimal | None]
Row = dict[str, Any]


def xiangxi(*words: str | Path) -> Result:
    """What the command line answers; an error that it does not expect is raised, as `main` would end with 3."""
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@dataclass(frozen=True)
class Home:
    """A landing folder and the home that is made from it."""

    root: Path

    @property
    def landing(self) -> Path:
        """Where units drop files."""
        return self.root / "landing"

    @property
    def home(self) -> Path:
        """Where everything is kept."""
        return self.root / "home"

    @property
    def settings(self) -> Settings:
        """The settings of its commands."""
        return Settings(home=self.home, landing=self.landing)

    def copy(self, root: Path) -> "Home":
        """The same as it stands now, elsewhere; times of change are kept."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Home(root)

    def run(self, *years: int) -> Result:
        """`xiangxi run` for these years, or every open one."""
        told = [word for year in years for word in ("--year", str(year))]
        return xiangxi("run", "--home", self.home, "--landing", self.landing, *told)

    def command(self, verb: str, *words: str) -> Result:
        """Another verb on this home."""
        return xiangxi(verb, "--home", self.home, *words)

    def rows(self, table: sa.Table) -> list[Row]:
        """The rows of a warehouse table; of facts, those of the newest release."""
        newest = sa.select(sa.func.max(release.c.release_id)).scalar_subquery()
        query = sa.select(table)
        if table in {fact_indicator, fact_verdict}:
            query = query.where(table.c.release_id == newest)
        engine = self.settings.house().engine()
        try:
            with reading(engine) as connection:
                return [dict(row) for row in connection.execute(query).mappings()]
        finally:
            engine.dispose()

    def facts(self) -> list[Row]:
        """The figures of the newest release without its number."""
        return [{k: v for k, v in row.items() if k != "release_id"} for row in self.rows(fact_indicator)]

    def verdicts(self) -> list[Row]:
        """The verdicts of the newest release without its number."""
        return [{k: v for k, v in row.items() if k != "release_id"} for row in self.rows(fact_verdict)]

    def figure(self, indicator: str, region: str = "433100", year: int = 2020) -> Row:
        """One figure of the newest release."""
        wanted = (indicator, region, year)
        return next(r for r in self.facts() if (r["indicator_id"], r["region_code"], r["year"]) == wanted)

    def submissions(self, unit: str, dataset: str) -> list[Row]:
        """The submissions of a unit and dataset as the warehouse lists them, by version, then state."""
        mine = [r for r in self.rows(submission) if (r["unit_code"], r["dataset"]) == (unit, dataset)]
        return sorted(mine, key=lambda r: (r["version"] or 0, r["state"]))

    def place(self, unit: str, dataset: str, year: int = 2020) -> Row:
        """The cell of the status matrix for a dataset with one period in the year."""
        wanted = (unit, dataset, year)
        (found,) = [r for r in self.rows(status_matrix) if (r["unit_code"], r["dataset"], r["year"]) == wanted]
        return found

    def findings(self, rule: str | None = None) -> list[Row]:
        """The findings of the warehouse, of one rule or all."""
        return [row for row in self.rows(finding) if rule in {None, row["rule_id"]}]
