"""Proof: a rule that lets a fault through, or blames a clean row, is told; a proof that stands is not made again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assets.judging.cases import Case
from assets.judging.frames import References
from assets.judging.staging import judgement_of
from assets.proof.faults import Fault, facts, faults_of
from assets.proof.prove import ProofCase, _of_rules
from assets.proof.record import BLAMED, SURVIVED, UNPROVED, RuleProof, proof_of
from assets.proof.sample import FEWEST, Sample, sample_of
from assets.proof.trial import Trial, tried
from expectations.contract import load_contracts
from expectations.rule import Rule, rules_of
from tests.staging.desk import CONTRACTS, REGIONS, Desk, listing
from warehouse.lake import Lake

LEDGER = CONTRACTS["class_ledger"]
SCHOOLS = ["2143912601", "2143912602", "2143912603"]
HEAD = ["学校标识码", "学段", "年级", "班号", "班额", "男生", "女生"]
YEAR = "2020-2021"


def desk_of(root: Path, classes: int = 4, *more: list[object]) -> Desk:
    desk = Desk(root, {"433126": listing(*SCHOOLS)})
    rows = [[code, "小学", f"P{n + 1}", n, 40 + n, 20, 20 + n] for code in SCHOOLS for n in range(classes)]
    desk.arrives(f"433126/{YEAR}/班级台账.csv", HEAD, *rows, *more)
    desk.judged("class_ledger", YEAR)
    return desk


def case_of(desk: Desk) -> ProofCase:
    lake = Lake(desk.root / "lake")
    case = Case(lake, LEDGER, YEAR, tuple(desk.receptions), References(REGIONS, desk.schools))
    judgement = judgement_of(lake, "class_ledger", YEAR)
    assert judgement
    return ProofCase(case, judgement)


def sample(desk: Desk) -> Sample | None:
    asked = case_of(desk)
    return sample_of(asked.case.lake, LEDGER, asked.judgement, asked.case.receptions, asked.case.references)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    found = sample(desk_of(tmp_path_factory.mktemp("desk")))
    assert found
    return found


def proved(clean: Sample, faults: Sequence[Fault], rule: Rule) -> RuleProof:
    trial: Trial = tried(clean, faults, [rule])
    (one,) = _of_rules([rule], trial)
    return one


def faults_at(rule: Rule) -> list[Fault]:
    return [fault for fault in faults_of(LEDGER, REGIONS) if fault.rule_id == rule.id]


def rule(name: str) -> Rule:
    return next(each for each in rules_of(LEDGER) if each.id == f"class_ledger.{name}")


def test_every_rule_has_a_fault_that_it_is_to_tell() -> None:
    looked = 0
    for contract in load_contracts().values():
        aimed = {fault.rule_id for fault in faults_of(contract, REGIONS) if not fault.is_harmless}
        rules = {each.id for each in rules_of(contract)}
        assert rules <= aimed, "assets/proof/faults.py: what befalls a row that breaks this rule?"
        looked += len(rules)
    assert looked > 900


def test_every_kind_of_fault_has_a_name_and_is_used() -> None:
    faults = [fault for contract in load_contracts().values() for fault in faults_of(contract, REGIONS)]
    assert {fault.kind for fault in faults if not fault.is_harmless} == facts()["kinds"].keys()
    assert {fault.kind for fault in faults if fault.is_harmless} == facts()["harmless"].keys()


@pytest.mark.parametrize("name", ["pupils.filled", "pupils.typed", "sum_of_sexes", "key.unique", "key.elsewhere"])
def test_a_rule_as_it_stands_tells_its_faults_and_blames_no_clean_row(name: str, clean: Sample) -> None:
    one = proved(clean, faults_at(rule(name)), rule(name))
    assert (one.score, one.blamed, one.faults) == (1.0, 0, ())


@pytest.mark.parametrize(
    ("holds", "faults"), [("boys + girls >= 0", (SURVIVED,)), ("boys + girls > pupils", (BLAMED,))]
)
def test_a_rule_that_is_written_wrong_is_told(holds: str, faults: tuple[str, ...], clean: Sample) -> None:
    right = rule("sum_of_sexes")
    one = proved(clean, faults_at(right), replace(right, holds=holds))
    assert set(faults) <= set(one.faults)
    assert (SURVIVED in one.faults) == (one.caught < one.seeded)


def test_a_rule_that_nothing_is_aimed_at_is_not_proved(clean: Sample) -> None:
    assert proved(clean, [], rule("sum_of_sexes")).faults == (UNPROVED,)


def test_a_shifted_row_and_a_lost_digit_are_caught_by_some_rule(clean: Sample) -> None:
    others = [fault for fault in faults_of(LEDGER, REGIONS) if fault.kind in {"shifted", "off_by_one"}]
    seen = tried(clean, others, rules_of(LEDGER)).seen
    caught = {(one.seed.fault.kind, one.seed.fault.column) for one in seen if one.rules}
    assert ("off_by_one", "pupils") in caught
    assert any(kind == "shifted" for kind, _ in caught)


def test_rows_beside_a_finding_are_no_sample(tmp_path: Path) -> None:
    spoilt = [SCHOOLS[0], "小学", "P1", 9, 41, 20, 20]
    found = sample(desk_of(tmp_path, 4, spoilt))
    assert found and len(found.groups) == 2 * 4
    assert not any(SCHOOLS[0] in group for group in found.groups)


def test_a_handful_of_rows_proves_nothing(tmp_path: Path) -> None:
    assert len(SCHOOLS) * 2 < FEWEST
    desk = desk_of(tmp_path, 2)
    assert sample(desk) is None
    proof = case_of(desk).judge()
    assert (proof.rows, proof.rules) == (0, ())


def test_a_proof_stands_until_what_it_was_made_of_changes(tmp_path: Path) -> None:
    desk = desk_of(tmp_path)
    asked = case_of(desk)
    assert asked.is_news
    proof = asked.judge()
    assert proof_of(asked.case.lake, "class_ledger") == proof
    assert proof.caught == proof.seeded > 30
    assert [one.rule_id for one in proof.rules if one.faults] == []
    assert not case_of(desk).is_news
    desk.arrives(f"433126/{YEAR}/更正.csv", HEAD, [SCHOOLS[0], "小学", "P1", 1, 40, 20, 20])
    desk.judged("class_ledger", YEAR)
    assert case_of(desk).is_news
