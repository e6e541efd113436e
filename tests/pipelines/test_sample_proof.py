"""On the sample prefecture every rule catches every fault that is aimed at it, and no clean row is blamed."""

import pytest

from assets.proof.prove import cases_to_prove, proofs
from tests.pipelines.homes import Home

pytestmark = pytest.mark.xdist_group("sample")


def test_every_rule_bites_and_blames_no_clean_row(sample: Home) -> None:
    standing = proofs(sample.settings.house())
    faults = [(rule.rule_id, rule.faults, rule.survived) for p in standing.values() for rule in p.rules if rule.faults]
    assert faults == []
    assert sum(proof.seeded for proof in standing.values()) > 950
    assert len(standing) >= 33


def test_a_night_proves_the_newest_year_alone_and_once(sample: Home) -> None:
    house = sample.settings.house()
    assert cases_to_prove(house, 2019) == []
    assert [case.name_zh for case in cases_to_prove(house, 2020) if case.is_news] == []
