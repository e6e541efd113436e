"""The asset of one dataset: its staged rows of a plan year, judged by its suite, with one asset check.

The five family modules (`census`, `aid`, `sports`, `exams`, `work`) call `staged_asset` for their datasets; what
staging does is said in `staging.py`.
"""

import hashlib
from typing import Any

import dagster as dg

from assets.guard import guarded
from assets.house import House
from assets.judgement import Judgement, RuleOutcome
from assets.periods import periods_of
from assets.references import SchoolLists, references_for
from assets.specs import YEARS, Results, contract_columns, records, spec_for
from assets.staging import stage
from expectations.contract import Contract

CHECK = "suite"
SUBMISSIONS = dg.AssetKey(["raw", "submissions"])
SCHOOL = dg.AssetKey(["staged", "school"])


def staged_asset(contract: Contract, group: str) -> dg.AssetsDefinition:
    """The asset `["staged", <dataset>]` with its check; school lists come before what is held against them."""
    deps = [SUBMISSIONS] if contract.dataset == "school" else [SUBMISSIONS, SCHOOL]
    spec = spec_for(
        "staged", contract.dataset, group=group, deps=deps, columns=contract_columns(contract),
        description=f"{contract.name_zh} · {contract.name_en}. {contract.purpose} Grain: {contract.grain}.",
    ).replace_attributes(code_version=hashlib.sha256(contract.fingerprint_text.encode()).hexdigest()[:12])  # fmt: skip
    check = dg.AssetCheckSpec(
        CHECK, asset=spec.key, partitions_def=YEARS, blocking=False,
        description=f"Great Expectations suite of {contract.dataset}: 必须修改 and 需说明 rules of its contract.",
    )  # fmt: skip

    @dg.multi_asset(name=f"staged_{contract.dataset}", specs=[spec], check_specs=[check])
    def staged(context: dg.AssetExecutionContext, house: dg.ResourceParam[House]) -> Results:
        with guarded(f"核查{contract.name_zh}"):
            house.progress(f"核查{contract.name_zh}", 1, 1)
            if contract.dataset == "school":
                # The spring term is held against the list of the school year before, which therefore stands first.
                judge_year(house, contract, int(context.partition_key) - 1)
            judgements = judge_year(house, contract, int(context.partition_key))
            result: dg.MaterializeResult[None] = dg.MaterializeResult(
                asset_key=spec.key, metadata=_metadata(judgements), check_results=[_check_result(judgements)]
            )
        yield result

    return staged


def judge_year(house: House, contract: Contract, year: int) -> list[Judgement]:
    """The judgements of a dataset's periods that a plan year is judged on; periods without a submission have none."""
    receptions = house.ledger.receptions()
    lists = SchoolLists.held(house.lake) if contract.dataset != "school" else SchoolLists({}, {})
    made = []
    for period in periods_of(contract, year):
        references = references_for(contract.dataset, period, house.regions, lists, house.plans)
        if judgement := stage(house.lake, contract, period, receptions, references):
            made.append(judgement)
    return made


def _metadata(judgements: list[Judgement]) -> dict[str, Any]:
    versions = [(j, v) for j in judgements for v in j.versions]
    rows = [
        {"unit": v.unit_code, "period": j.period, "version": v.version, "state": v.state, "read": v.rows_read,
         "accepted": v.rows_accepted, "quarantined": v.rows_quarantined, "ignored": v.rows_ignored,
         "current": v.rows_current}
        for j, v in versions
    ]  # fmt: skip
    current = sum(j.rows_current for j in judgements)
    return {
        "dagster/row_count": current, "dagster/partition_row_count": current,
        "rows_quarantined": sum(v.rows_quarantined for _, v in versions),
        "submissions": len(versions),
        "versions": records(rows, ("unit", "period", "version", "state", "read", "accepted", "quarantined", "ignored",
                                   "current")),
    }  # fmt: skip


def _check_result(judgements: list[Judgement]) -> dg.AssetCheckResult:
    outcomes = [(j.period, rule) for j in judgements for rule in j.rules]
    found = [rule for _, rule in outcomes if rule.status == "found"]
    must_fix = any(rule.severity == "must_fix" for rule in found)
    asked = sum(rule.asked for _, rule in outcomes)
    failing = sum(rule.found for rule in found)
    return dg.AssetCheckResult(
        check_name=CHECK, passed=bool(outcomes) and not found,  # nothing delivered: nothing was asked, which is no pass
        severity=dg.AssetCheckSeverity.ERROR if must_fix else dg.AssetCheckSeverity.WARN,
        metadata={
            "rules": records([_rule_row(period, rule) for period, rule in outcomes],
                             ("rule", "period", "severity", "status", "asked", "found", "first_places")),
            "rules_run": len(outcomes), "rules_found": len(found),
            "failing_share": failing / asked if asked else 0.0,
        },
    )  # fmt: skip


def _rule_row(period: str, rule: RuleOutcome) -> dict[str, str | int]:
    shown = ", ".join(rule.first_places)
    places = f"{shown} ({len(rule.first_places)} of {rule.found})" if rule.found > len(rule.first_places) else shown
    return {"rule": rule.rule_id, "period": period, "severity": rule.severity, "status": rule.status,
            "asked": rule.asked, "found": rule.found, "first_places": places}  # fmt: skip
