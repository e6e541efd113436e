"""Contracts: legal ODCS, one meaning per column name, and errors that name file and place."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.contract import FOLDER, load_contracts
from expectations.errors import ContractError

CONTRACTS = load_contracts()
DATASETS = {
    "school", "census_cell", "class_ledger", "enrolment", "staff", "facilities", "student_roll", "population",
    "pupils_by_age", "entrants_base", "technical_pupils", "disabled_children", "dropouts", "graduate_destinations",
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
    assert contract.titles and (contract.expected or contract.read_by == "codes")
    assert not any(column.is_personal and column.name in {"name", "phone"} for column in contract.kept)


@pytest.mark.parametrize("dataset", sorted(DATASETS))
def test_purpose_grain_and_meanings_are_told_in_chinese_and_in_english(dataset: str) -> None:
    contract = CONTRACTS[dataset]
    pairs = {"purpose": (contract.purpose_zh, contract.purpose), "grain": (contract.grain_zh, contract.grain)}
    pairs |= {column.name: (column.description_zh, column.description) for column in contract.columns}
    for name, (chinese, english) in pairs.items():
        assert re.search(r"[一-鿿]{2}", chinese), name
        assert re.search(r"[A-Za-z]{3}", english), name
    told = [column.title for column in contract.columns if column.description_zh == column.title]
    assert told == [], "a meaning that repeats the title tells nothing"


def folder_with(tmp_path: Path, change: Mapping[str, object]) -> Path:
    for name in ("common", "class_ledger"):
        document = yaml.safe_load((FOLDER / f"{name}.odcs.yaml").read_text("utf-8"))
        if name == "class_ledger":
            document = {**document, **change}
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


def without(items: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [item for item in items if item["property"] != name]


@pytest.mark.parametrize("name", ["purposeZh", "grainZh"])
def test_a_contract_without_chinese_is_refused_with_its_file(tmp_path: Path, name: str) -> None:
    ours = yaml.safe_load((FOLDER / "class_ledger.odcs.yaml").read_text("utf-8"))["customProperties"]
    with pytest.raises(ContractError, match=f"class_ledger.odcs.yaml: {name} is not told"):
        load_contracts(folder_with(tmp_path, {"customProperties": without(ours, name)}))


def test_a_column_without_chinese_is_refused_with_file_and_column(tmp_path: Path) -> None:
    schema = yaml.safe_load((FOLDER / "class_ledger.odcs.yaml").read_text("utf-8"))["schema"]
    (column,) = (item for item in schema[0]["properties"] if item["name"] == "class_kind")
    column["customProperties"] = without(column["customProperties"], "descriptionZh")
    with pytest.raises(ContractError, match="class_ledger.odcs.yaml: class_kind: descriptionZh is not told"):
        load_contracts(folder_with(tmp_path, {"schema": schema}))


def test_a_shared_column_changes_its_meaning_in_both_languages_or_in_none(tmp_path: Path) -> None:
    schema = yaml.safe_load((FOLDER / "class_ledger.odcs.yaml").read_text("utf-8"))["schema"]
    (column,) = (item for item in schema[0]["properties"] if item["name"] == "girls")
    column["description"] = "Girls of the class."
    with pytest.raises(ContractError, match="class_ledger.odcs.yaml: girls: description of its own"):
        load_contracts(folder_with(tmp_path, {"schema": schema}))
