"""The messy sample through the whole job: what is found is what its manifest says, and nothing else is blamed."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assets.releases.lineage import lineage
from assets.releases.why import indicators_by_id
from pipelines.settings import Settings
from samples.facts import read_yaml
from samples.messy import CALENDAR, CENSUS
from samples.prefecture import write_prefecture
from tests.house.test_intake_page import MESSES
from tests.pipelines.homes import Home, Row
from warehouse.schema import submission

pytestmark = pytest.mark.xdist_group("messy")
Found = tuple[str, str, str, str, str]
OF_THE_SAMPLE = frozenset(
    {"aid_payments.key.unique", "coaches.key.elsewhere", "facilities.books.sources_agree",
     "loan_officers.rows.identical", "nutrition_meals.allocated_as_served"}
)  # fmt: skip
"""What the clean sample asks by intent: paid twice, two officers in one township, books told in two ways …"""
NO_LIST_BEFORE = "school_code.listed_that_year"
"""Asked of the spring term where the sample begins with its autumn."""


@pytest.fixture(scope="module")
def messy(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A small prefecture with every mess, its school lists and the ledgers that some mess touches, run once."""
    made = Home(tmp_path_factory.mktemp("messy"))
    write_prefecture(made.root, scale=0.01, years=(2020,), messy=True)
    titles = {name: facts["title"] for name, facts in read_yaml("layouts").items() if name != "shared"}
    touched = {dataset for _, dataset in (*CENSUS, *CALENDAR)} | {"school"}
    for path in [*made.landing.rglob("*.*")]:
        if any(path.stem.endswith(title) for name, title in titles.items() if name not in touched):
            path.unlink()
    assert made.run(2020).exit_code == 1
    return made


def manifest(home: Home) -> list[dict[str, str]]:
    with (home.root / "manifest.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def paths_of(home: Home) -> dict[str, str]:
    settings: Settings = home.settings
    return {reception.submission_id: reception.path for reception in settings.house().ledger.receptions()}


def planted(home: Home) -> set[tuple[str, str]]:
    """The rows in which the clean sample has a planted case, whatever a rule says of them."""
    with (home.root / "planted.csv").open(encoding="utf-8", newline="") as file:
        return {(row["file"], row["row"]) for row in csv.DictReader(file)}


def place(row: Row, file: str) -> Found:
    return file, row["rule_id"], row["sheet"] or "", str(row["row"] or ""), row["cell"] or ""


def test_every_mess_stands_in_the_manifest(messy: Home) -> None:
    told = {row["mess"] for row in manifest(messy)}
    assert told >= set(MESSES)
    assert len(told - set(MESSES)) >= 4


def test_what_is_found_is_what_the_manifest_says_and_nothing_else_is_blamed(messy: Home) -> None:
    paths, told, of_lists = paths_of(messy), manifest(messy), planted(messy)
    expected = Counter(
        (row["file"], row["rule_id"], row["sheet"], row["row"], row["cell"]) for row in told if row["rule_id"]
    )
    found = Counter(
        place(row, paths[row["submission_id"]])
        for row in messy.findings()
        if row["rule_id"] not in OF_THE_SAMPLE
        and not row["rule_id"].endswith(NO_LIST_BEFORE)
        and (paths[row["submission_id"]], str(row["row"])) not in of_lists
    )
    assert len(expected) >= 20
    assert found == expected


def test_every_file_is_in_the_state_that_the_manifest_says(messy: Home) -> None:
    paths = paths_of(messy)
    states = {paths[row["submission_id"]]: row["state"] for row in messy.rows(submission)}
    told = {row["file"]: row["state"] for row in manifest(messy)}
    assert {file: states.get(file, "") for file in told} == told
    others = {state for file, state in states.items() if file not in told}
    assert others <= {"accepted", "accepted_with_findings"}


def test_the_manifest_lies_beside_a_landing_folder_that_holds_its_files(messy: Home) -> None:
    assert {row["file"] for row in manifest(messy)} <= {told(path, messy) for path in messy.landing.rglob("*")}


def test_a_figure_leads_to_the_cells_of_the_census_forms_that_it_was_read_from(messy: Home) -> None:
    house = messy.settings.house()
    form = next(one for one in house.ledger.receptions() if one.parts and one.file_period == "2020-2021")
    school = house.lake.read("raw", "school", form.raw_name)["school_code"][0].as_py()
    indicator = indicators_by_id(house, 2020)["pupil_teacher_ratio_preschool"]
    origins = [one for one in lineage(house, indicator, school, 2020) if one.submission_id == form.submission_id]
    assert {one.dataset for one in origins} == {"enrolment", "staff"}
    book = load_workbook(messy.landing / form.path, data_only=True)
    for one in origins:
        (place,) = one.cells.values()
        assert Decimal(str(book[one.sheet][place].value)) == (one.numerator or one.denominator)


def told(path: Path, home: Home) -> str:
    return path.relative_to(home.landing).as_posix()
