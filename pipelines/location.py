"""Everything that Dagster is told, built from settings in one function; tests and commands call it with their own."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import dagster as dg

from assets import aid, census, compared_assets, exams, figures, proved, publication, sports, submissions, work
from assets.house import House
from assets.intake.take_in import Progress, silent
from assets.judging.judges import Judges
from assets.verdicts import assets as verdict_assets
from pipelines.arrivals import arrivals
from pipelines.lock import holding
from pipelines.nightly import nightly_job, nightly_schedule
from pipelines.settings import Settings

AS_OF = "Day (YYYY-MM-DD) as of which is judged; empty: the year's end or its last submission; for explanations today"


def build_defs(settings: Settings, progress: Progress = silent) -> dg.Definitions:
    """The code location for these settings; opens no file of the house. `progress` is told how far a run is."""
    house = replace(settings.house(), progress=progress)
    with warnings.catch_warnings():
        # Partition-aware checks are a preview in Dagster 1.13; pyproject.toml pins the minor version for that reason.
        warnings.simplefilter("ignore", dg.PreviewWarning)
        made = _assets(house)
    job = nightly_job()
    return dg.Definitions(
        assets=made, jobs=[job], schedules=[nightly_schedule(job, house)], sensors=[arrivals(job, house)],
        resources={"house": _house_resource(house), "judges": Judges(house.processes)}, executor=dg.in_process_executor,
    )  # fmt: skip


def _assets(house: House) -> list[dg.AssetsDefinition]:
    families = [family.assets(house.contracts) for family in (census, aid, sports, exams, work)]
    return [
        *submissions.assets(), *(asset for family in families for asset in family),
        *compared_assets.assets(), *figures.assets(house.contracts),
        *verdict_assets(), *publication.assets(), *proved.assets(),
    ]  # fmt: skip


def _house_resource(house: House) -> dg.ResourceDefinition:
    """The house, for the length of one run, under its lock: runs that write one lake go one at a time."""

    @dg.resource(
        description="The home folder: lake, ledger, archive, warehouse; held by one run at a time.",
        config_schema={"as_of": dg.Field(str, default_value="", description=AS_OF)},
    )
    def open_house(context: dg.InitResourceContext) -> Iterator[House]:
        told = context.resource_config["as_of"]
        with holding(house.home / "run.lock"):
            yield replace(house, as_of=date.fromisoformat(told)) if told else house

    return open_house
