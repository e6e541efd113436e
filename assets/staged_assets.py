"""The step of a family of datasets: their staged rows of a plan year, an asset with one asset check per dataset.

The five family modules (`census`, `aid`, `sports`, `exams`, `work`) call `staged_assets` for their datasets; in which
order these are judged is said in `judging/cases.py`, what judging does in `judging/staging.py`.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import dagster as dg

from assets.guard import guarded
from assets.house import House
from assets.judging.cases import SCHOOL_LIST, cases_of, judge_datasets
from assets.judging.judgement import Judgement, RuleOutcome, Version
from assets.judging.judges import Judges
from assets.specs import YEARS, contract_columns, no_version, records, spec_for
from expectations.contract import Contract
from expectations.rule import rules_of
from warehouse.words import SEVERITIES

CHECK = "suite"
RULE_COLUMNS = ("rule", "message", "period", "severity", "status", "asked", "found", "first_places")
SUBMISSIONS = dg.AssetKey(["raw", "submissions"])
SCHOOL = dg.AssetKey(["staged", SCHOOL_LIST])
Staged = Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult | dg.Output[None]]


def staged_assets(contracts: Mapping[str, Contract], datasets: Sequence[str], group: str) -> dg.AssetsDefinition:
    """The assets `["staged", <dataset>]` of a family with their checks: one step, which also makes some of them."""
    family = [contracts[name] for name in datasets]

    @dg.multi_asset(
        name=f"staged_{group}", specs=[_spec(contract, group) for contract in family],
        check_specs=[_check(contract) for contract in family], can_subset=True,
    )  # fmt: skip
    def staged(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House], judges: dg.ResourceParam[Judges]
    ) -> Staged:
        made, checked = context.selected_asset_keys, context.selected_asset_check_keys
        asked = [contract for contract in family if _key(contract) in made | {key.asset_key for key in checked}]
        with guarded("核查报送数据"):
            judged = judge_datasets(house, asked, int(context.partition_key), judges)
        for contract in asked:
            house.progress(f"核查{contract.name_zh}", 1, 1)
            if not isinstance(outcome := judged[contract.dataset], Exception):
                yield from _results(contract, outcome, made, checked)
        for fault in judged.values():
            if isinstance(fault, Exception):
                raise fault

    return staged


def judge_year(house: House, contract: Contract, year: int) -> list[Judgement]:
    """The judgements of a dataset's periods that a plan year is judged on; periods without a submission have none."""
    return [judgement for case in cases_of(house, [contract], year) if (judgement := case.judge())]


def _key(contract: Contract) -> dg.AssetKey:
    return dg.AssetKey(["staged", contract.dataset])


def _spec(contract: Contract, group: str) -> dg.AssetSpec:
    """The asset of a dataset; school lists come before what is held against them."""
    return spec_for(
        "staged", contract.dataset, group=group, columns=contract_columns(contract),
        deps=[SUBMISSIONS] if contract.dataset == SCHOOL_LIST else [SUBMISSIONS, SCHOOL],
        description=f"{contract.name_zh} · {contract.name_en}. {contract.purpose} Grain: {contract.grain}.",
    ).replace_attributes(code_version=hashlib.sha256(contract.fingerprint_text.encode()).hexdigest()[:12])  # fmt: skip


def _check(contract: Contract) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        CHECK, asset=_key(contract), partitions_def=YEARS, blocking=False,
        description=f"Great Expectations suite of {contract.dataset}: 必须修改 and 需说明 rules of its contract.",
    )  # fmt: skip


def _results(
    contract: Contract, judgements: list[Judgement], made: Set[dg.AssetKey], checked: Set[dg.AssetCheckKey]
) -> Staged:
    """What is told of a dataset: the asset with its check, or the one of both that was asked for.

    Where no version stands, nothing was delivered or all of it returned: the asset has then no version either.
    """
    key = _key(contract)
    checks = [_check_result(contract, judgements)] if dg.AssetCheckKey(key, CHECK) in checked else []
    if key not in made:
        yield from checks
    elif any(version.state != "returned" for _, version in _versions(judgements)):
        yield dg.MaterializeResult(asset_key=key, metadata=_metadata(judgements), check_results=checks)
    else:
        yield no_version(key)
        yield from checks


def _versions(judgements: list[Judgement]) -> list[tuple[Judgement, Version]]:
    return [(judgement, version) for judgement in judgements for version in judgement.versions]


def _metadata(judgements: list[Judgement]) -> dict[str, Any]:
    versions = _versions(judgements)
    standing = [(j, v) for j, v in versions if v.state != "returned"]
    rows = [
        {"unit": v.unit_code, "period": j.period, "version": v.version, "state": v.state, "read": v.rows_read,
         "accepted": v.rows_accepted, "quarantined": v.rows_quarantined, "ignored": v.rows_ignored,
         "current": v.rows_current}
        for j, v in standing
    ]  # fmt: skip
    current = sum(j.rows_current for j in judgements)
    return {
        "dagster/row_count": current, "dagster/partition_row_count": current,
        "rows_quarantined": sum(v.rows_quarantined for _, v in versions),
        "submissions": len(versions), "returned": len(versions) - len(standing),
        **shares([rule for judgement in judgements for rule in judgement.rules]),
        "versions": records(rows, ("unit", "period", "version", "state", "read", "accepted", "quarantined", "ignored",
                                   "current")),
    }  # fmt: skip


def _check_result(contract: Contract, judgements: list[Judgement]) -> dg.AssetCheckResult:
    outcomes = [(j.period, rule) for j in judgements for rule in j.rules]
    found = [rule for _, rule in outcomes if rule.status == "found"]
    must_fix = any(rule.severity == "must_fix" for rule in found)
    messages = {rule.id: rule.message for rule in rules_of(contract)}
    rows = [rule_row(period, rule, messages) for period, rule in outcomes]
    return dg.AssetCheckResult(
        asset_key=_key(contract), check_name=CHECK,
        passed=bool(outcomes) and not found,  # nothing delivered: nothing was asked, which is no pass
        severity=dg.AssetCheckSeverity.ERROR if must_fix else dg.AssetCheckSeverity.WARN,
        metadata={
            "rules": records(rows, RULE_COLUMNS), "rules_run": len(outcomes), "rules_found": len(found),
            "returned": sum(version.state == "returned" for _, version in _versions(judgements)),
            **shares([rule for judgement in judgements for rule in judgement.rules]),
        },
    )  # fmt: skip


def shares(rules: Sequence[RuleOutcome]) -> dict[str, Any]:
    """Numbers that Dagster plots over the runs: the share of all questions asked of rows that failed, and rows found.

    They stand with the check and with the asset, whose page shows plots.
    """
    asked = sum(rule.asked for rule in rules)
    found = {severity: sum(rule.found for rule in rules if rule.severity == severity) for severity in SEVERITIES}
    share = sum(found.values()) / asked if asked else 0.0
    return {"failing_share": share, **{f"{severity}_found": count for severity, count in found.items()}}


def rule_row(period: str, rule: RuleOutcome, messages: Mapping[str, str]) -> dict[str, str | int]:
    """A rule's outcome as the table of a check shows it."""
    shown = ", ".join(rule.first_places)
    places = f"{shown} ({len(rule.first_places)} of {rule.found})" if rule.found > len(rule.first_places) else shown
    return {"rule": rule.rule_id, "message": messages.get(rule.rule_id, ""), "period": period,
            "severity": rule.severity, "status": rule.status, "asked": rule.asked, "found": rule.found,
            "first_places": places}  # fmt: skip
