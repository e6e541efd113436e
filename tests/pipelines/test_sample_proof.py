"""On the sample prefecture every rule catches every fault that is aimed at it, and no clean row is blamed."""

from collections import Counter

import pytest

from assets.proof.prove import cases_to_prove, proofs
from tests.pipelines.homes import Home
from tests.pipelines.test_messy import NO_LIST_BEFORE, OF_THE_SAMPLE, paths_of, planted

OF_BOTH_SIDES = "score_distribution.key.elsewhere"
"""Asked of the bureau's table, too, of which a county delivers a part once more; that part is planted."""
BESIDE_THE_PLANTED = {
    "student_roll.born_a_day_apart": 1, "aid_entitled.key.elsewhere": 2, "aid_payments.account_of_many": 5
}  # fmt: skip
"""Asked of rows that planted ones involve: a twin on another roll, an entitlement of two units, an account of three."""

pytestmark = pytest.mark.xdist_group("sample")


def test_every_rule_bites_and_blames_no_clean_row(sample: Home) -> None:
    standing = proofs(sample.settings.house())
    faults = [(rule.rule_id, rule.faults, rule.survived) for p in standing.values() for rule in p.rules if rule.faults]
    assert faults == []
    assert sum(proof.seeded for proof in standing.values()) > 950
    assert len(standing) >= 33


def test_of_clean_rows_nothing_is_asked_but_what_the_sample_plants(sample: Home) -> None:
    paths, of_lists = paths_of(sample), planted(sample)
    asked = Counter(
        row["rule_id"] for row in sample.findings()
        if row["rule_id"] not in {*OF_THE_SAMPLE, OF_BOTH_SIDES} and not row["rule_id"].endswith(NO_LIST_BEFORE)
        and (paths[row["submission_id"]], str(row["row"])) not in of_lists
    )  # fmt: skip
    assert len(of_lists) > 20
    assert asked == BESIDE_THE_PLANTED


def test_a_night_proves_the_newest_year_alone_and_once(sample: Home) -> None:
    house = sample.settings.house()
    assert cases_to_prove(house, 2019) == []
    assert [case.name_zh for case in cases_to_prove(house, 2020) if case.is_news] == []
