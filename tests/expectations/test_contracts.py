"""Contracts: legal ODCS, one meaning per column name, and errors that name file and place."""

from pathlib import Path

import pytest
import yaml

from expectations.contract import FOLDER, load_contracts
from expectations.errors import ContractError

CONTRACTS = load_contracts()
DATASETS = {
    "school", "class_ledger", "enrolment", "staff", "facilities", "student_roll", "population", "pupils_by_age",
    "entrants_base", "technical_pupils", "disabled_children", "dropouts", "graduate_destinations",
    "term_calendar", "aid_entitled", "aid_payments", "student_loans", "loan_officers", "trainees", "nutrition_meals",
    "athletes", "coaches", "sports_instructors", "venues", "competitions", "competition_results", "signature_sports",
    "lottery_sales", "exam_results", "score_distribution", "exam_sittings", "admissions",
    "work_items",
}  # fmt: skip


def test_every_dataset_has_its_contract() -> None:
    assert set(CONTRACTS) == DATASETS


def test_a_column_name_has_one_type_and_unit_over_all_contracts() -> None:
    seen: dict[str, set[tuple[str, str, int]]] = {}
    for contract in CONTRACTS.values():
        for column in contract.columns:
            seen.setdefault(column.name, set()).add((column.type, column.unit, column.scale))
    assert len(seen) > 90
    assert {name: kinds for name, kinds in seen.items() if len(kinds) > 1} == {}


@pytest.mark.parametrize("dataset", sorted(DATASETS))
def test_keys_periods_and_senders_are_told(dataset: str) -> None:
    contract = CONTRACTS[dataset]
    assert all(contract.has(name) for name in (*contract.key, *contract.period))
    assert contract.expected and contract.titles
    assert not any(column.is_personal and column.name in {"name", "phone"} for column in contract.kept)


def folder_with(tmp_path: Path, change: dict[str, object]) -> Path:
    for name in ("common", "class_ledger"):
        document = yaml.safe_load((FOLDER / f"{name}.odcs.yaml").read_text("utf-8"))
        if name == "class_ledger":
            document |= change
        (tmp_path / f"{name}.odcs.yaml").write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return tmp_path


def test_a_key_that_the_standard_does_not_know_is_refused_with_file_and_place(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"class_ledger.odcs.yaml: \$.*colour"):
        load_contracts(folder_with(tmp_path, {"colour": "red"}))


def test_a_property_that_we_do_not_know_is_refused(tmp_path: Path) -> None:
    ours = yaml.safe_load((FOLDER / "class_ledger.odcs.yaml").read_text("utf-8"))["customProperties"]
    changed = {"customProperties": [*ours, {"property": "colour", "value": "red"}]}
    with pytest.raises(ContractError, match=r"class_ledger.odcs.yaml: unknown property \['colour'\]"):
        load_contracts(folder_with(tmp_path, changed))


def test_an_unknown_delivery_is_refused(tmp_path: Path) -> None:
    ours = yaml.safe_load((FOLDER / "class_ledger.odcs.yaml").read_text("utf-8"))["customProperties"]
    changed = [p if p["property"] != "delivery" else {"property": "delivery", "value": "sometimes"} for p in ours]
    with pytest.raises(ContractError, match="delivery 'sometimes'"):
        load_contracts(folder_with(tmp_path, {"customProperties": changed}))


def test_only_months_are_due_in_the_month_after(tmp_path: Path) -> None:
    ours = yaml.safe_load((FOLDER / "class_ledger.odcs.yaml").read_text("utf-8"))["customProperties"]
    due = {"property": "expected", "value": [{"from": "units", "due": "20", "nextMonth": True}]}
    with pytest.raises(ContractError, match=r"class_ledger.odcs.yaml: due in the month after"):
        load_contracts(
            folder_with(tmp_path, {"customProperties": [p if p["property"] != "expected" else due for p in ours]})
        )
