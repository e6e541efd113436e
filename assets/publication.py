"""The release: one atomic publication of the warehouse, its Parquet copies, and the scorecard page.

The release is not partitioned: it is complete. A run brings the facts of its year, everything else is carried over
unchanged. Schema, transaction and lock are in `warehouse/`.
"""

from collections import Counter
from dataclasses import replace
from typing import Any

import dagster as dg
from sqlalchemy import Engine, select

from assets.clock import now_in_shanghai
from assets.figures import fact_keys
from assets.guard import guarded
from assets.house import House
from assets.releases.copies import write_copies
from assets.releases.reasons import moved_text, reasons_of, told_of
from assets.releases.tables import release_tables
from assets.reports.outbox import fill_outbox
from assets.reports.scorecard_page import ReleaseInfo, scorecard_page
from assets.reports.unit_lists import fill_lists
from assets.specs import Results, records, spec_for
from assets.submitted.matrix import matrix_of_year
from assets.submitted.matrix_tables import record_row
from assets.submitted.unit_record import unit_records
from assets.verdicts import KEY as SCORECARD
from assets.version import code_version
from assets.year import FIGURES_LAYER, FINAL, VERDICTS_LAYER, indicators_for, words_of
from warehouse.connect import reading
from warehouse.edition import Edition
from warehouse.lake import write_text
from warehouse.migrate import migrate
from warehouse.publish import publish, take_token
from warehouse.releases import newest
from warehouse.schema import FACTS, fact_indicator, unit_record

RELEASE = dg.AssetKey(["release", "warehouse"])
OUTBOX = dg.AssetKey(["reports", "outbox"])
PAGE = dg.AssetKey(["reports", "scorecard_page"])


def assets() -> list[dg.AssetsDefinition]:
    """The assets `["release", "warehouse"]`, `["reports", "scorecard_page"]` and `["reports", "outbox"]`."""
    release = spec_for(
        "release",
        "warehouse",
        group="warehouse",
        yearly=False,
        kinds=("sqlalchemy", "sqlite"),
        deps=[SCORECARD, *fact_keys()],
        description="发布 · One atomic, complete release of the warehouse, with copies of its gold "
        "tables as Parquet and CSV, and a workbook.",
    )
    page = spec_for(
        "reports",
        "scorecard_page",
        group="reports",
        yearly=False,
        kinds=("html",),
        deps=[release.key],
        description="记分卡网页 · A self-contained page per plan year in <home>/reports.",
    )

    @dg.multi_asset(name="release", specs=[release, page])
    def published(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        year = int(context.run.tags["dagster/partition"])
        with guarded("发布"):
            house.progress("发布", 1, 1)
            release_id, rows = publish_year(house, year)
            written = write_page(house, year, release_id)
        told: dict[str, Any] = {"release_id": release_id, "year": year, **rows, "units": _unit_table(house, year)}
        yield dg.MaterializeResult(asset_key=RELEASE, metadata=told)
        yield dg.MaterializeResult(asset_key=PAGE, metadata={"written": written})

    return [published, _outbox()]


def _outbox() -> dg.AssetsDefinition:
    """The step behind the release: what goes back to the units."""
    spec = spec_for(
        "reports",
        "outbox",
        group="reports",
        yearly=False,
        kinds=("excel", "html"),
        deps=[RELEASE],
        description="核查回件 · For every file that needs an answer its own workbook in <home>/outbox, faulty cells "
        "marked and commented; the lists of a unit's ledgers that disagree; and a page per unit.",
    )

    @dg.multi_asset(name="outbox", specs=[spec])
    def outbox(house: dg.ResourceParam[House]) -> Results:
        with guarded("写核查结果"):
            lists = fill_lists(house)
            filled = fill_outbox(house, now_in_shanghai().date())
        units = Counter(answer.reception.unit_code for answer in filled.answers.values())
        yield dg.MaterializeResult(asset_key=OUTBOX, metadata={
            "workbooks": len(filled.answers), "written": sum(filled.written.values()), **filled.written,
            "removed": filled.removed, "failed": len(filled.failed), "lists": len(lists),
            "listed_rows": sum(lists.values()), "waiting": filled.waiting, "pages": filled.pages,
            "units": records([{"unit": unit, "workbooks": n} for unit, n in sorted(units.items())],
                             ("unit", "workbooks")),
            "failures": records([{"kind": kind, "workbooks": n} for kind, n in Counter(filled.failed.values()).items()],
                                ("kind", "workbooks")),
        })  # fmt: skip

    return outbox


def publish_year(house: House, year: int, kind: str = "run") -> tuple[int, dict[str, int]]:
    """Publish the year's facts with everything else as it stands; returns the release and the rows of each table.

    `kind` says whether a run, the closing of the year or its opening asks for it. Of a closed year that stands as final
    in the release before, a run brings no facts: all of them are carried over.
    """
    engine = house.engine()
    try:
        migrate(engine)
        token = take_token(engine)
        tables = release_tables(house, [year])
        reasons = reasons_of(house, engine, tables, [year])
        stands = kind == "run" and year in house.closed_years and is_final(engine, year)
        brought = tables | {fact.name: tables[fact.name].slice(0, 0) for fact in FACTS} if stands else tables
        edition = Edition(brought, () if stands else (year,), told_of(replace(reasons, kind=kind)))
        release_id = publish(
            engine, edition, code_version(), now_in_shanghai(), token=token, keep_releases=house.keep_releases,
            kind=kind, protections=house.protections,
        )  # fmt: skip
        write_copies(house, engine)
    finally:
        engine.dispose()
    return release_id, {f"rows_{name}": table.num_rows for name, table in tables.items()}


def is_final(engine: Engine, year: int) -> bool:
    """Whether the newest release holds the year's figures, all of them final."""
    fact = fact_indicator.c
    with reading(engine) as connection:
        of_year = (
            select(fact.maturity).where(fact.release_id == (newest(connection) or 0), fact.year == year).distinct()
        )
        return list(connection.execute(of_year).scalars()) == [FINAL]


def _unit_table(house: House, year: int) -> dg.TableMetadataValue:
    """How each unit reported in the year."""
    rows = [record_row(record) for record in unit_records(matrix_of_year(house, year))]
    return records(rows, [column.name for column in unit_record.columns])


def write_page(house: House, year: int, release_id: int) -> str:
    """Write the scorecard page of a year with a plan; returns its file name, '' for a year without one."""
    plan = house.plans.get(year)
    if plan is None:
        return ""
    verdicts = house.lake.read(VERDICTS_LAYER, f"{year}.parquet")
    figures = house.lake.read(FIGURES_LAYER, f"{year}.parquet")
    names = words_of(house, indicators_for(house.plans, year)).names
    as_of = verdicts["as_of"][0].as_py()
    info = ReleaseInfo(
        release_id=str(release_id), published_at=now_in_shanghai(), as_of=as_of, code_version=code_version(),
        moved=moved_text(house, year, release_id),
    )  # fmt: skip
    name = f"scorecard-{year}.html"
    write_text(house.reports / name, scorecard_page(plan, verdicts, figures, names, info))
    return name
