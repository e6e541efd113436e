"""The rule catalogue: every rule holds where its examples say, and every rule of the authority is carried or told."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from assets.comparisons.compare import judge_comparison
from assets.comparisons.registry import MADE_BY
from expectations.catalogue import Carried, Compared, NotRun, Target, load_authority, load_catalogue, rules_on
from expectations.comparison import findings_of_comparison, load_comparisons, load_lists
from expectations.contract import load_contracts
from expectations.errors import ContractError
from expectations.plan import load_plans
from expectations.rule import rules_of

ENTRIES = load_catalogue()
RULES = [entry for entry in ENTRIES if isinstance(entry, Compared)]


def table_of(rule: Compared, rows: list[Any]) -> pa.Table:
    place = {"unit_code": "433199", "submission_id": "433199-0000000000000000", "period": "2020-2021", "row": 2}
    return pa.Table.from_pylist([{**place, **row} for row in rows], load_comparisons()[rule.asked_of].schema)


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_rule_passes_and_fails_where_its_examples_say(rule: Compared) -> None:
    holding = [*rule.examples["pass"], *rule.examples.get("limit", ())]
    failing = rule.examples["fail"]
    rows = table_of(rule, [*holding, *failing])
    (outcome,) = judge_comparison(load_comparisons()[rule.asked_of], rows, [rule])
    assert outcome.asked == rows.num_rows, "an example that is not asked shows nothing"
    assert outcome.places == tuple(range(len(holding), rows.num_rows))


def test_no_list_and_no_message_shows_what_tells_a_person() -> None:
    shown = {name: set(one.shown) for name, one in load_comparisons().items()}
    persons = {"registration_no", "other_no", "student_id", "birth_date", "days", "age", "account", "person"}
    assert {name: persons & columns for name, columns in shown.items() if persons & columns} == {}


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_a_finding_says_what_stands_there_in_two_sentences(rule: Compared) -> None:
    comparison = load_comparisons()[rule.asked_of]
    rows = table_of(rule, list(rule.examples["fail"]))
    outcomes = judge_comparison(comparison, rows, [rule])
    for finding in findings_of_comparison(comparison, outcomes, rows, lambda *_: "").to_pylist():
        assert "{" not in finding["message"] + finding["how_to_fix"]
        assert finding["message"].endswith("。")
        assert finding["message"].count("。") <= 2


def test_every_comparison_has_rules_and_is_made_by_one_function() -> None:
    comparisons = load_comparisons()
    assert comparisons.keys() == MADE_BY.keys()
    assert all(rules_on(name) for name in comparisons)
    contracts = load_contracts()
    for one in comparisons.values():
        needed = {one.answers_for, *one.needs.this, *one.needs.before, *one.needs.earlier}
        assert needed <= contracts.keys()


def test_severity_and_tolerance_are_set_without_code(tmp_path: Path) -> None:
    (tmp_path / "ours.yaml").write_text("cohorts.promotion: {severity: must_fix, tolerance: {least: 3}}\n", "utf-8")
    rule = next(rule for rule in rules_on("cohorts", tmp_path) if rule.id == "cohorts.promotion")
    assert rule.severity == "must_fix"
    assert (rule.tolerance["least"], rule.tolerance["share"]) == (3, 0.1)
    assert "3 人" in rule.rule.message
    (outcome,) = judge_comparison(
        load_comparisons()["cohorts"],
        table_of(rule, [{"stage": "小学", "before": 20, "pupils": 24, "difference": 4, "closed": 0}]),
        [rule],
    )
    assert outcome.places == (0,)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cohorts.promotion: {severity: fatal}", "severity"),
        ("cohorts.promotion: {tolerance: {most: 3}}", "no tolerances"),
        ("cohorts.nothing: {severity: must_fix}", "no rules"),
        ("cohorts.promotion: {holds: 'True'}", "Extra inputs"),
    ],
)
def test_an_override_of_what_is_not_there_is_refused(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "ours.yaml").write_text(text, "utf-8")
    with pytest.raises(ContractError, match=told):
        load_catalogue(tmp_path)


def test_a_folder_of_overrides_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="no such folder"):
        load_catalogue(tmp_path / "nowhere")


def test_a_rule_that_two_files_override_is_refused(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text("cohorts.promotion: {severity: must_fix}\n", "utf-8")
    with pytest.raises(ContractError, match="another file"):
        load_catalogue(tmp_path)


def test_every_rule_of_the_authority_is_carried_or_told() -> None:
    covered = {covers for entry in ENTRIES for covers in entry.covers}
    assert load_authority().keys() - covered == set()
    assert covered <= load_authority().keys()


def test_what_carries_a_rule_exists() -> None:
    written = {rule.id for contract in load_contracts().values() for rule in rules_of(contract)}
    commitments = {c.id for plan in load_plans().values() for c in plan.commitments}
    named = [name for entry in ENTRIES if isinstance(entry, Carried) for name in entry.carried_by]
    assert named
    at_intake = {name for name in named if name.startswith("intake.")}
    assert [name for name in set(named) - at_intake if not any(_fits(name, one) for one in written)] == []
    targets = {name for entry in ENTRIES if isinstance(entry, Target) for name in entry.target}
    assert targets
    assert targets <= commitments
    reasons = [entry.not_run for entry in ENTRIES if isinstance(entry, NotRun)]
    assert reasons
    assert all(len(reason) > 10 for reason in reasons)


def test_what_a_silent_rule_leaves_to_others_is_told_by_rules_of_the_same_dataset() -> None:
    written = {rule.id for contract in load_contracts().values() for rule in rules_of(contract)}
    silent = [rule for rule in RULES if rule.told_by]
    assert len(silent) >= 9
    for rule in silent:
        dataset = load_comparisons()[rule.asked_of].answers_for
        assert all(name.startswith(f"{dataset}.") for name in rule.told_by)
        assert all(any(_fits(name, one) for one in written) for name in rule.told_by)


def test_every_list_is_made_by_a_rule() -> None:
    assert {rule.list for rule in RULES if rule.list} == load_lists().keys()


def _fits(name: str, rule: str) -> bool:
    return rule.startswith(name[:-1]) if name.endswith("*") else rule == name


def test_what_is_compared_is_told_in_words() -> None:
    payments = load_comparisons()["payments_above"]
    row = {"term": "spring", "at_due": 0, "amount_paid": 62550, "standard": None, "unit_code": "433101"}
    told = {"term": "春季", "at_due": "否", "amount_paid": "625.5", "standard": "空", "unit_code": "433101"}
    assert payments.words(row) == told
    assert payments.words({"at_due": 1, "term": None, "row": 3}) == {"at_due": "是", "term": "空", "row": "3"}
