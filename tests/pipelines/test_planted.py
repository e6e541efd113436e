"""Every named list of a night over the sample holds the planted rows and no other, and nothing else is asked there."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from assets.comparisons.kept import all_kept
from assets.comparisons.lists import LAYER
from assets.house import House
from expectations.catalogue import compared_rules
from expectations.comparison import load_lists
from tests.pipelines.homes import Home
from warehouse.schema import finding

pytestmark = pytest.mark.xdist_group("sample")
Place = tuple[str, str, str, str]


def planted(root: Path) -> Counter[Place]:
    """What `planted.csv` says must be found: list, file, sheet and row."""
    with (root / "planted.csv").open(encoding="utf-8", newline="") as file:
        return Counter((row["list"], row["file"], row["sheet"], row["row"]) for row in csv.DictReader(file))


def listed(house: House) -> Counter[Place]:
    """What the lists of all years hold."""
    paths = {reception.submission_id: reception.path for reception in house.ledger.receptions()}
    found: Counter[Place] = Counter()
    for path in house.lake.path(LAYER).glob("*/*.parquet"):
        for row in house.lake.read(LAYER, path.parent.name, path.name).to_pylist():
            found[path.stem, paths[row["submission_id"]], row["sheet"] or "", str(row["row"])] += 1
    return found


def test_each_list_holds_the_planted_rows_and_nothing_else(sample: Home) -> None:
    expected, found = planted(sample.root), listed(sample.settings.house())
    assert {name for name, *_ in expected} == load_lists().keys()
    assert found - expected == Counter(), "asked without cause"
    assert expected - found == Counter(), "not found"


def test_comparisons_ask_about_planted_rows_and_no_others(sample: Home) -> None:
    house = sample.settings.house()
    paths = {reception.submission_id: reception.path for reception in house.ledger.receptions()}
    rules = {rule.id: rule for rule in compared_rules()}
    asked = [row for row in sample.rows(finding) if row["rule_id"] in rules]
    told = {(rules[row["rule_id"]].list, paths[row["submission_id"]], row["sheet"] or "", str(row["row"]))
            for row in asked}  # fmt: skip
    assert told <= planted(sample.root).keys()
    assert len(told) == len(asked) > 15
    assert {rule for row in asked for rule in rules[row["rule_id"]].told_by} == set()


def test_the_planted_places_name_no_person(sample: Home) -> None:
    text = (sample.root / "planted.csv").read_text("utf-8")
    assert text.startswith("list,unit,file,sheet,row,what\n")
    assert "433199" not in text and "样" not in text.replace("样例", "")


NOT_ASKED = {
    "changes.learnt_range", "cohorts.promotion",
    "entitled.maybe_on_a_roll", "recipients.maybe_on_a_roll",
    "registered_twice.one_unit_in_a_file",
}  # fmt: skip
"""Two years teach nothing of what is usual, all transfers are told, every roll is sent, no file repeats a number."""


def test_comparisons_ask_everything_of_the_sample(sample: Home) -> None:
    kept = all_kept(sample.settings.house().lake)
    assert {one.year for one in kept} == {2019, 2020}
    asked = {rule.rule_id for one in kept for rule in one.rules if rule.asked}
    assert {rule.id for rule in compared_rules()} - asked == NOT_ASKED


def test_years_before_the_last_have_only_what_their_ledgers_repeat(sample: Home) -> None:
    before = {name for name, file, *_ in planted(sample.root) if "/2019" in file}
    assert before <= {"aid_twice"}
