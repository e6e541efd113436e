"""The figures and verdicts of one plan year, made from the lake: plain functions for assets, commands, notebooks.

`lake/indicators/<year>.parquet` and `lake/verdicts/<year>.parquet` are written here. How an indicator is defined and
computed stands in `indicators/`, how a commitment is judged in `scorecard.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from assets.clock import SHANGHAI
from assets.house import House
from assets.indicators.catalogue import Indicator
from assets.indicators.engine import figures
from assets.indicators.parameters import Choices
from assets.indicators.registry import indicators_of
from assets.indicators.sources import WITH_QUARANTINE, Dataset, YearInputs, YearTables, open_year
from assets.judging.judgement import Judgement
from assets.judging.keys import numbered, standing
from assets.judging.staging import judgement_of, staged_path
from assets.periods import periods_of, year_of
from assets.plans.scorecard import VERDICTS, Words, as_of_default, judge_commitments
from assets.submitted.standing import SCHEMA as STANDING
from assets.submitted.standing import earlier_held, held_of, standing_of_year
from assets.version import code_digest
from expectations.contract import Contract
from expectations.plan import Commitment, Plan
from expectations.plan_suite import PlanOutcome, hold_to_plan
from warehouse.lake import Lake, write_text

FIGURES_LAYER = "indicators"
VERDICTS_LAYER = "verdicts"
FINAL = "final"


def compute_figures(house: House, year: int) -> pa.Table:
    """Every figure of the year, written to the lake; a year without a plan uses the defaults of all parameters.

    When neither rows, standings, plan nor the code of the indicators changed, the figures in the lake stand. Those of a
    closed year stand whatever changed, and are final.
    """
    plan = house.plans.get(year)
    target, told = (FIGURES_LAYER, f"{year}.parquet"), house.lake.path(FIGURES_LAYER, f"{year}.made_of")
    if year in house.closed_years and house.lake.exists(*target):
        return _finalised(house.lake, target)
    inputs = year_inputs(house, year)
    made_of = _made_of(inputs, plan)
    if house.lake.exists(*target) and told.exists() and told.read_text("utf-8") == made_of:
        return house.lake.read(*target)
    datasets = {name: Dataset.of(contract) for name, contract in house.contracts.items()}
    choices = Choices.of(plan.parameters if plan else None)
    made = figures(inputs, datasets, indicators_for(house.plans, year), choices)
    told.unlink(missing_ok=True)
    house.lake.write(made, *target)
    write_text(told, made_of)
    return made


def _finalised(lake: Lake, target: tuple[str, str]) -> pa.Table:
    """The figures or verdicts of a closed year as they stand in the lake, made final there."""
    table = lake.read(*target)
    final = pa.chunked_array([pa.repeat(pa.scalar(FINAL, pa.string()), table.num_rows)])
    if not table["maturity"].equals(final):
        table = table.set_column(table.column_names.index("maturity"), "maturity", final)
        lake.write(table, *target)
    return table


def _made_of(inputs: YearInputs, plan: Plan | None) -> str:
    """A digest of all that a year's figures depend on: staged files (named by content), standings, plan, code."""
    parts = [
        sorted((name, list(map(str, paths))) for name, paths in inputs.staged.items()), inputs.standing.to_pylist(),
        sorted((name, rows.to_pylist()) for name, rows in inputs.quarantine.items()),
        plan.model_dump_json() if plan else "", code_digest("assets/indicators", "assets/year.py"),
    ]  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def indicators_for(plans: Mapping[int, Plan], year: int) -> tuple[Indicator, ...]:
    """The catalogue and the indicators that plans define as data; a year without a plan is measured by the next one's.

    A direction compares with the year before: what the plan of 2020 measures must be measured for 2019, too.
    """
    return indicators_of(commitments_for(plans, year))


def commitments_for(plans: Mapping[int, Plan], year: int) -> tuple[Commitment, ...]:
    """The commitments of the year's plan; of a year without one those of the next plan, or of the last there is."""
    plan = plans.get(year) or plans.get(min((y for y in plans if y > year), default=max(plans, default=year)))
    return tuple(plan.commitments) if plan else ()


def year_inputs(house: House, year: int) -> YearInputs:
    """What the year's figures are made from: staged files, what is held of each unit, and the reference regions."""
    regions = house.regions
    standing = standing_of_year(
        house.lake, house.contracts, house.ledger.delivered(), regions, year, house.explanations
    )
    towns = [{"township_code": t.code, "name": t.name, "county_code": t.county_code, "kind": t.kind}
             for t in regions.townships]  # fmt: skip
    return YearInputs(
        year=year, standing=standing, townships=pa.Table.from_pylist(towns), units=regions.unit_codes,
        counties=regions.county_codes,
        staged={name: files_of(house, contract, year) for name, contract in house.contracts.items()},
        quarantine={name: quarantined(house.lake, house.contracts[name], year) for name in WITH_QUARANTINE},
    )  # fmt: skip


@contextmanager
def open_rows(
    house: House, year: int, names: Collection[str], *, with_quarantine: bool = False
) -> Iterator[YearTables]:
    """Open the tables of these datasets and the school list alone, without what is held of whom."""
    needed = {"school", *names}
    aside = needed if with_quarantine else set()
    inputs = YearInputs(
        year=year, staged={name: files_of(house, house.contracts[name], year) for name in needed},
        standing=STANDING.empty_table(), townships=_NO_TOWNSHIPS, units=house.regions.unit_codes,
        counties=house.regions.county_codes,
        quarantine={name: quarantined(house.lake, house.contracts[name], year) for name in aside},
    )  # fmt: skip
    with open_year(inputs, {name: Dataset.of(house.contracts[name]) for name in needed}, needed) as tables:
        yield tables


_NO_TOWNSHIPS = pa.table({name: pa.array([], pa.string()) for name in ("township_code", "name", "county_code", "kind")})


def files_of(house: House, contract: Contract, year: int) -> list[Path]:
    """Staged rows of the year's periods; where a dataset may be stale, an earlier period stands in unit by unit."""
    files = []
    for period in periods_of(contract, year):
        if judgement := judgement_of(house.lake, contract.dataset, period):
            files.append(house.lake.path(*staged_path(house.lake, judgement, "rows")))
        if contract.missing == "stale":
            files += _stand_ins(house, contract, period, year)
    return files


def quarantined(lake: Lake, contract: Contract, year: int) -> pa.Table:
    """The quarantined rows of the year's periods, typed as accepted ones; none that a later file replaces."""
    schema, found = contract.staged_schema(), []
    for period in periods_of(contract, year):
        if judgement := judgement_of(lake, contract.dataset, period):
            rows = lake.read(*staged_path(lake, judgement, "quarantine"))
            found.append(rows.filter(_still_stand(lake, contract, judgement, rows)).select(schema.names).cast(schema))
    return pa.concat_tables([schema.empty_table(), *found])


def _still_stand(lake: Lake, contract: Contract, judgement: Judgement, bad: pa.Table) -> pa.Array:
    """Which of the quarantined rows stand, judged together with the rows that were accepted."""
    if not bad.num_rows:
        return pa.array([], pa.bool_())
    place = [name for name in ("submission_id", "school_code") if name in bad.column_names]
    accepted = lake.read(*staged_path(lake, judgement, "rows"), columns=place)
    rows = pa.concat_tables([bad.select(place), accepted])
    versions = {version.submission_id: version for version in judgement.versions}
    owner, names = numbered(rows["submission_id"])
    senders = pa.array([versions[name].unit_code for name in names]).take(pa.array(owner))
    in_order = np.argsort(np.array([versions[name].version for name in names])[owner], kind="stable")
    stands = np.empty(rows.num_rows, dtype=bool)
    stands[in_order] = standing(rows.append_column("sender", senders).take(pa.array(in_order)), contract)
    return pa.array(stands[: bad.num_rows])


def _stand_ins(house: House, contract: Contract, period: str, year: int) -> list[Path]:
    """Rows of earlier periods for the units that have none of this one, as one file of the layer `facts`."""
    held = held_of(house.lake, contract.dataset, period)
    have = set(held.row_units) if held else set()
    found = []
    for earlier in earlier_held(house.lake, contract, period):
        if lacking := earlier.row_units - have:
            rows = house.lake.read(*staged_path(house.lake, earlier.judgement, "rows"))
            found.append(rows.filter(pc.is_in(rows["unit_code"], pa.array(sorted(lacking)))))
            have |= lacking
    if not found:
        return []
    stand_ins = pa.concat_tables(found)
    name = f"{contract.dataset}-{hashlib.sha256(repr(stand_ins.to_pylist()).encode()).hexdigest()[:16]}.parquet"
    for other in house.lake.path("facts", str(year)).glob(f"{contract.dataset}-*.parquet"):
        other.unlink()
    return [house.lake.write(stand_ins, "facts", str(year), name)]


def judge_year_of_plan(house: House, year: int) -> pa.Table | None:
    """The verdicts of the year's plan, written to the lake; None for a year without a plan.

    Those of a closed year stand as they were judged last, and are final.
    """
    plan = house.plans.get(year)
    if plan is None:
        return None
    if year in house.closed_years and house.lake.exists(VERDICTS_LAYER, f"{year}.parquet"):
        return _finalised(house.lake, (VERDICTS_LAYER, f"{year}.parquet"))
    as_of = house.as_of or default_as_of(house, year)
    verdicts = judge_commitments(
        plan, house.lake.read(FIGURES_LAYER, f"{year}.parquet"), year, as_of,
        _figures_or_none(house, year - 1), words_of(house, indicators_for(house.plans, year)),
    )  # fmt: skip
    judged = pa.array([as_of] * verdicts.num_rows, pa.date32())
    verdicts = verdicts.append_column("as_of", judged)
    house.lake.write(verdicts, VERDICTS_LAYER, f"{year}.parquet")
    return verdicts


def plan_outcomes(house: House, year: int, verdicts: pa.Table) -> list[PlanOutcome]:
    """What the plan's suite says of the verdicts; kept beside them until plan or verdicts change."""
    told = hashlib.sha256(house.plans[year].model_dump_json().encode())
    told.update(str(verdicts.to_pylist()).encode())
    kept = house.lake.path(VERDICTS_LAYER, f"{year}.plan.json")
    if kept.exists() and (known := json.loads(kept.read_text("utf-8")))["fingerprint"] == told.hexdigest():
        return [PlanOutcome(**outcome) for outcome in known["outcomes"]]
    outcomes = hold_to_plan(house.plans[year], verdicts)
    facts = {"fingerprint": told.hexdigest(), "outcomes": [asdict(outcome) for outcome in outcomes]}
    write_text(kept, json.dumps(facts, ensure_ascii=False, indent=1))
    return outcomes


def default_as_of(house: House, year: int) -> date:
    """The later of the year's end and the day of its last submission."""
    received = [
        r.received_at.astimezone(SHANGHAI).date()
        for r in house.ledger.receptions() if r.dataset and any(year_of(p) == year for p in r.periods)
    ]  # fmt: skip
    return as_of_default(year, max(received, default=None))


def words_of(house: House, indicators: Sequence[Indicator]) -> Words:
    """Works, counted nouns and Chinese names, for gaps and notes."""
    names = {**house.regions.name_of, **{i.id: i.name_zh for i in indicators}}
    works = {i.id: i.work for i in indicators if i.work}
    return Words(nouns={i.id: i.counted for i in indicators}, names=names, works=works)


def _figures_or_none(house: House, year: int) -> pa.Table | None:
    return (
        house.lake.read(FIGURES_LAYER, f"{year}.parquet")
        if house.lake.exists(FIGURES_LAYER, f"{year}.parquet")
        else None
    )


def empty_verdicts() -> pa.Table:
    """A table of verdicts without a row."""
    return VERDICTS.append(pa.field("as_of", pa.date32())).empty_table()
