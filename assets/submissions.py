"""The first step of the night: landing is taken in, every new file becomes a submission with its raw rows.

Table: raw rows as text, one Parquet file per submission, of whatever dataset. Not partitioned: a file may speak of any
year, and the years that it speaks of become partitions. Rows are judged later, in the staged assets.
"""

from collections import Counter
from typing import Any

import dagster as dg

from assets.clock import now_in_shanghai
from assets.guard import guarded
from assets.house import House
from assets.intake.reception import Reception
from assets.intake.take_in import TakenIn, take_in
from assets.specs import YEARS, Results, records, spec_for
from assets.staged_assets import SUBMISSIONS
from assets.submitted.matrix import open_problems

CHECK = "recognised"


def assets() -> list[dg.AssetsDefinition]:
    """The asset `["raw", "submissions"]` with its check."""
    spec = spec_for(
        "raw",
        "submissions",
        group="intake",
        yearly=False,
        kinds=("excel", "csv", "parquet"),
        description="报送件 · Every delivered file, recognised and read once: registered by content hash, archived "
        "unchanged, its rows kept as text without persons.",
    )
    check = dg.AssetCheckSpec(CHECK, asset=spec.key, description="Every file could be read and fits a contract.")

    @dg.multi_asset(name="submissions", specs=[spec], check_specs=[check])
    def submissions(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        _refuse_without_year(context)
        with guarded("读取报送文件"):
            taken = take_in(house.intake(), now_in_shanghai(), house.progress)
            house.explanations.record(house.ledger.receptions())
            context.instance.add_dynamic_partitions(YEARS.name or "", [str(year) for year in house.years()])
            result: dg.MaterializeResult[None] = dg.MaterializeResult(
                asset_key=SUBMISSIONS, metadata=_metadata(house, taken), check_results=[_check_result(house)]
            )
        yield result

    return [submissions]


def _refuse_without_year(context: dg.AssetExecutionContext) -> None:
    """Fail before a file is read when the run names no known year, as later steps would fail halfway."""
    if context.run.tags.get("dagster/partition") not in context.instance.get_dynamic_partitions(YEARS.name or ""):
        raise dg.Failure(
            "运行没有指定已有的年度：请选择一个年度分区（partition）再启动。 A run needs a known year partition."
        )


def _metadata(house: House, taken: TakenIn) -> dict[str, Any]:
    states = Counter(r.state for r in house.ledger.receptions())
    return {
        "files": taken.files, "read_now": len(taken.read), "submissions": sum(states.values()),
        "dagster/row_count": sum(sum(r.periods.values()) for r in house.ledger.receptions()),
        "returned": states["returned"], "unrecognised": states["unrecognised"], "failed": states["failed"],
        "passed_over": len(taken.passed_over),
        "notes": records([{"unit": r.unit_code, "dataset": r.dataset or "", "note": note}
                          for r in taken.read for note in r.notes], ("unit", "dataset", "note")),
        "new": records([_row(r) for r in taken.read], ("submission", "unit", "dataset", "periods", "state", "rows",
                                                       "ignored")),
    }  # fmt: skip


def _row(reception: Reception) -> dict[str, str | int]:
    return {
        "submission": reception.submission_id, "unit": reception.unit_code, "dataset": reception.dataset or "",
        "periods": ", ".join(sorted(reception.periods)), "state": reception.state, "rows": reception.rows_read,
        "ignored": sum(reception.rows_ignored.values()),
    }  # fmt: skip


def _check_result(house: House) -> dg.AssetCheckResult:
    """What was delivered and could not be used, until something newer of its kind is accepted."""
    rows = [
        {"submission": item.reception.submission_id, "unit": item.reception.unit_code,
         "dataset": item.reception.dataset or "", "state": item.reception.state, "rule": problem.rule_id,
         "message": problem.message}
        for item in open_problems(house) for problem in item.problems
    ]  # fmt: skip
    return dg.AssetCheckResult(
        check_name=CHECK,
        passed=not rows,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"problems": records(rows, ("submission", "unit", "dataset", "state", "rule", "message"))},
    )
