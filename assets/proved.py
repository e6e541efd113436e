"""The proof that rules bite, with its check, and the data docs that show it beside what the suites found.

What is seeded and how it is judged is in `proof/`, the pages are `reports/data_docs.py`.

It comes after the release, which does not wait for it: a rule that lets a fault through is a fault of ours, told to us
and not to a unit, and stops nothing.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import dagster as dg

from assets.guard import OURS, guarded
from assets.house import House
from assets.judging.judges import Judges
from assets.proof.compared import prove_comparisons
from assets.proof.prove import cases_to_prove, proofs
from assets.proof.record import Proof, RuleProof
from assets.publication import RELEASE
from assets.reports.data_docs import write_data_docs
from assets.specs import Results, records, spec_for

KEY = dg.AssetKey(["proof", "rules"])
DOCS = dg.AssetKey(["reports", "data_docs"])
CHECK = "proof"
COLUMNS = ("rule", "fault", "seeded", "caught", "blamed", "survived")


def assets() -> list[dg.AssetsDefinition]:
    """The asset `["proof", "rules"]` with the check `proof`, and `["reports", "data_docs"]`."""
    spec = spec_for(
        "proof", "rules", group="proof", kinds=("great_expectations", "json"), yearly=False, deps=[RELEASE],
        description="规则验证 · Faults seeded into clean rows, judged by the same suites: what every rule caught.",
    )  # fmt: skip
    check = dg.AssetCheckSpec(
        CHECK, asset=KEY, description="Every rule catches the faults aimed at it, and blames no clean row."
    )

    docs = spec_for(
        "reports", "data_docs", group="reports", kinds=("html",), yearly=False, deps=[KEY],
        description="核查说明 · A page per dataset and period, and per comparison and year, in "
        "<home>/reports/data_docs: rules, findings, proof.",
    )  # fmt: skip

    @dg.multi_asset(name="proof", specs=[spec, docs], check_specs=[check])
    def proved(
        context: dg.AssetExecutionContext, house: dg.ResourceParam[House], judges: dg.ResourceParam[Judges]
    ) -> Results:
        with guarded("验证规则"):
            failed = prove_year(house, int(context.run.tags["dagster/partition"]), judges)
            standing = proofs(house)
            pages, written = write_data_docs(house)
        check_result = _check_result(standing, failed)
        yield dg.MaterializeResult(asset_key=KEY, metadata=_metadata(standing), check_results=[check_result])
        yield dg.MaterializeResult(asset_key=DOCS, metadata={"pages": pages, "written": written})

    return [proved]


def prove_year(house: House, year: int, judges: Judges) -> Mapping[str, Exception]:
    """Prove what is not yet proved as it stands; returns the error of each dataset that could not be."""
    asked = [case for case in cases_to_prove(house, year) if case.is_news]
    failed: dict[str, Exception] = {}
    for case, fault in judges.judge(asked):
        house.progress(f"验证{case.name_zh}的规则", 1, 1)
        if fault:
            failed[case.judgement.dataset] = fault
    try:
        prove_comparisons(house, year)
    except OURS as fault:
        failed["comparisons"] = fault
    return failed


def _metadata(standing: Mapping[str, Proof]) -> dict[str, Any]:
    seeded, caught = (sum(getattr(p, name) for p in standing.values()) for name in ("seeded", "caught"))
    return {
        "datasets": len(standing), "rules": sum(len(p.rules) for p in standing.values()), "seeded": seeded,
        "caught": caught, "mutation_score": caught / seeded if seeded else 0.0,
        "kinds": records(_kinds(standing.values()), ("dataset", "fault", "seeded", "caught")),
    }  # fmt: skip


def _kinds(standing: Iterable[Proof]) -> list[dict[str, Any]]:
    return [
        {"dataset": proof.dataset, "fault": kind.kind, "seeded": kind.seeded, "caught": kind.caught}
        for proof in standing for kind in proof.others
    ]  # fmt: skip


def _check_result(standing: Mapping[str, Proof], failed: Mapping[str, Exception]) -> dg.AssetCheckResult:
    rows = [_row(rule) for proof in standing.values() for rule in proof.rules if rule.faults]
    rows += [{"rule": name, "fault": "proof.failed", "survived": str(fault)} for name, fault in failed.items()]
    return dg.AssetCheckResult(
        asset_key=KEY, check_name=CHECK, passed=not rows, severity=dg.AssetCheckSeverity.WARN,
        metadata={"faults": len(rows), "rules": records(rows, COLUMNS)},
    )  # fmt: skip


def _row(rule: RuleProof) -> dict[str, Any]:
    return {"rule": rule.rule_id, "fault": ", ".join(rule.faults), "seeded": rule.seeded, "caught": rule.caught,
            "blamed": rule.blamed, "survived": ", ".join(rule.survived)}  # fmt: skip
