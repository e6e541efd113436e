"""What every written file must be: the same for the same seed, complete, with clean keys and no real region."""

import csv
import hashlib
import re
from collections import Counter
from pathlib import Path

import pytest

from samples.facts import county_codes, kinds, read_yaml, unit_codes, writers
from samples.files import write_file
from samples.persons import Registry
from samples.prefecture import Prefecture, write_prefecture
from tests.samples.conftest import Written
from tests.samples.landed import BUREAU, decoded, files_of, header_of, read_lines, rows_of

KEYS = {
    "school": ("school_code",),
    "class_ledger": ("school_code", "stage", "grade", "class_no"),
    "enrolment": ("school_code", "stage", "grade"),
    "staff": ("school_code", "stage"),
    "facilities": ("school_code",),
    "student_roll": ("unit", "national_student_no"),
    "pupils_by_age": ("unit", "stage", "age"),
    "entrants_base": ("unit", "stage", "entry_year"),
    "technical_pupils": ("county_code",),
    "dropouts": ("student_id",),
    "population": ("county_code", "age"),
    "disabled_children": ("unit", "category"),
    "graduate_destinations": ("school_code",),
    "term_calendar": ("unit", "stage"),
    "aid_entitled": ("unit", "student_id"),
    "student_loans": ("contract_no",),
    "trainees": ("student_id",),
    "athletes": ("registration_no", "sport"),
    "venues": ("venue_no",),
    "competitions": ("event_name", "edition", "sport", "level", "role"),
    "signature_sports": ("unit", "item"),
    "exam_results": ("exam", "candidate_no", "subject"),
    "admissions": ("senior_school_code", "junior_school_code"),
    "score_distribution": ("unit", "subject_group", "batch", "score"),
}
"""With `unit`, where a case is planted of what two units tell."""


BOM = b"\xef\xbb\xbf"


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_seed_fixes_every_byte(written: Written, tmp_path: Path) -> None:
    write_prefecture(tmp_path, scale=0.01, seed=1, years=(2020,))
    first, second = digests(written.landing.parent), digests(tmp_path)
    assert len(first) == written.summary.files + 2
    assert first == second


def test_another_seed_makes_another_prefecture(written: Written, tmp_path: Path) -> None:
    made = Prefecture(scale=0.01, seed=2, years=(2020,))
    for unit, table in (pair for pair in made.tables() if pair[1].dataset == "class_ledger"):
        write_file(tmp_path, writers()[unit], table)
    first, second = digests(written.landing), digests(tmp_path)
    assert len(second) == len(unit_codes())
    assert all(first[name] != digest for name, digest in second.items())


SPORT = {"athletes", "coaches", "sports_instructors", "venues", "competitions", "competition_results"}
OF_COUNTIES = {"student_loans", "loan_officers", "trainees", "signature_sports"}
OF_TERMS = {"term_calendar", "aid_entitled", "aid_payments"}
OF_BUREAU = {"population", "technical_pupils", "score_distribution", "exam_sittings", "admissions", "work_items"}
OF_MONTHS = {"nutrition_meals", "lottery_sales"}


def senders(dataset: str) -> list[str]:
    """Who has to send a dataset."""
    if dataset in OF_BUREAU:
        second = read_yaml("planted").get(dataset if dataset != "score_distribution" else "score_tables", {})
        return [BUREAU, *filter(None, [second.get("unit")])]
    return sorted(county_codes() if dataset in OF_COUNTIES else [*unit_codes(), *[BUREAU][: dataset in SPORT]])


@pytest.mark.parametrize("dataset", sorted(read_yaml("layouts").keys() - OF_MONTHS - {"shared"}))
def test_whoever_has_to_send_a_dataset_sends_it_once(written: Written, dataset: str) -> None:
    for folder in ("2020春", "2020秋") if dataset in OF_TERMS else ("2020*",):
        sent = [path.parts[-3] for path in files_of(written.landing, dataset, folder)]
        assert sorted(sent) == senders(dataset)


@pytest.mark.parametrize("dataset", sorted(KEYS))
def test_keys_occur_once(written: Written, dataset: str) -> None:
    folders = {path.parts[-2] for path in files_of(written.landing, dataset)}
    looked = 0
    for folder in folders:
        rows = rows_of(written.landing, dataset, folder)
        keys = Counter(tuple(row.get(column, "") for column in KEYS[dataset]) for row in rows)
        looked += len(keys)
        assert keys.most_common(1)[0][1] == 1
    assert looked == written.summary.rows[dataset]


def test_no_header_of_a_file_is_spelled_twice(written: Written) -> None:
    looked = 0
    for dataset in read_yaml("layouts"):
        if dataset == "shared":
            continue
        for path in files_of(written.landing, dataset):
            _, columns = header_of(read_lines(path), dataset)
            assert len(columns) == len(set(columns)), path.name
            looked += 1
    assert looked == written.summary.files - written.summary.workbooks


def test_all_formats_are_there(written: Written) -> None:
    raw = [path.read_bytes() for path in written.landing.rglob("*.csv")]
    kinds_found = {"marked" if text.startswith(BOM) else "plain" if is_utf8(text) else "gb18030" for text in raw}
    assert kinds_found == {"marked", "plain", "gb18030"}
    assert len(list(written.landing.rglob("*.xlsx"))) > 50


def is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_identity_numbers_lie_in_the_unassigned_region(written: Written) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    looked = 0
    for dataset in ("aid_entitled", "athletes", "student_roll", "dropouts"):
        for row in (row for row in rows_of(written.landing, dataset) if row["student_id"]):
            number = row["student_id"]
            assert re.fullmatch(r"433199(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dX]", number)
            assert "10X98765432"[sum(int(d) * w for d, w in zip(number, weights, strict=False)) % 11] == number[17]
            looked += 1
    assert looked > 30_000


def test_no_file_holds_an_identity_number_of_another_region(written: Written) -> None:
    pattern = re.compile(r"(?<![\dA-Z])\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX](?!\d)")
    found = {number[:6] for path in written.landing.rglob("*.csv") for number in pattern.findall(decoded(path))}
    assert found == {"433199"}


def test_school_codes_lie_in_the_reserved_range_and_fit_the_kind(written: Written) -> None:
    names = {kind.name: code for code, kind in kinds().items()}
    looked = 0
    for row in rows_of(written.landing, "school"):
        kind = kinds()[names.get(row["kind"], row["kind"])]
        assert re.fullmatch(rf"{kind.prefix}439\d{{5}}", row["school_code"])
        looked += 1
    assert looked == written.summary.rows["school"]


def test_an_account_serves_at_most_three_pupils_but_where_more_are_planted(written: Written) -> None:
    pairs = {(row["account"], row["student_id"]) for row in rows_of(written.landing, "aid_payments", "2020秋")}
    pupils = Counter(account for account, _ in pairs)
    planted = [many for many in pupils.values() if many > 3]
    assert planted == [4, 4]
    assert max(many for many in pupils.values() if many <= 3) > 1


def test_every_planted_row_stands_in_its_file(written: Written) -> None:
    looked = 0
    with (written.landing.parent / "planted.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["file"].startswith(f"{row['unit']}/")
            line = read_lines(written.landing / row["file"])[int(row["row"]) - 1]
            assert len([cell for cell in line if cell]) > 4, row
            looked += 1
    assert looked == written.summary.planted > 40


def test_too_many_pupils_of_one_age_are_refused(written: Written) -> None:
    one = Prefecture(scale=0.01, seed=1, years=(2020,)).censuses[2020][0]
    one.pupils = 400_000
    with pytest.raises(ValueError, match="433199"):
        Registry([[one]])


def test_a_scale_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scale 0"):
        write_prefecture(tmp_path, scale=0)
