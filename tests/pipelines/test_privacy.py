"""No person of the sample is found in what a run leaves, outside the archive and what goes back to the units."""

import json
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets.intake.archive import Archive
from tests.pipelines.homes import Home
from tests.pipelines.persons import LOOKS, WHOLE, Persons, kept_files, persons_in
from tests.samples.landed import decoded, rows_of

pytestmark = pytest.mark.xdist_group("sample")


@pytest.fixture(scope="module")
def persons(sample: Home) -> Persons:
    """Every identity number, name, telephone, account and candidate number in the sample's files."""
    texts = [delivered_text(path) for path in sorted(sample.landing.rglob("*.*"))]
    return {kind: frozenset(v for text in texts for v in look.findall(text)) for kind, look in WHOLE.items()}


def delivered_text(path: Path) -> str:
    if path.suffix == ".csv":
        return decoded(path)
    with zipfile.ZipFile(path) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def test_all_persons_of_the_ledgers_are_looked_for(sample: Home, persons: Persons) -> None:
    looked = 0
    for dataset in ("aid_payments", "aid_entitled", "exam_results", "athletes"):
        for row in rows_of(sample.landing, dataset, "2020*"):
            for kind in LOOKS.keys() & row.keys():
                assert row[kind] in persons[kind]
                looked += 1
    assert looked > 10_000
    assert all(len(values) > 1000 for values in persons.values())


def test_no_person_is_found_outside_the_archive(sample: Home, persons: Persons) -> None:
    files = kept_files(sample.home)
    kinds = {path.suffix for path in files}
    assert {".parquet", ".db", ".json", ".html"} <= kinds
    assert len(files) > 600
    assert [path.relative_to(sample.home).as_posix() for path in files if persons_in(path, persons)] == []


def test_the_search_finds_the_persons_of_the_archive(sample: Home, persons: Persons) -> None:
    receptions = sample.settings.house().ledger.receptions()
    ledgers = [r for r in receptions if r.dataset == "aid_payments" and r.unit_code in {"433101", "433123"}]
    archive = Archive(sample.home / "archive")
    assert len(ledgers) == 8
    for ledger in ledgers:
        assert len(persons_in(archive.path(ledger.sha256), persons)) > 100


@pytest.fixture
def planted(persons: Persons) -> set[str]:
    """One value of every kind."""
    return {min(values) for values in persons.values()}


def copied(sample: Home, pattern: str, to: Path) -> Path:
    path = next(path for path in kept_files(sample.home) if path.match(pattern))
    return Path(shutil.copy(path, to))


def test_a_person_planted_in_parquet_is_found(
    sample: Home, persons: Persons, planted: set[str], tmp_path: Path
) -> None:
    path = copied(sample, "raw/aid_payments/*.parquet", tmp_path)
    assert persons_in(path, persons) == set()
    table = pq.read_table(path).slice(0, len(planted))
    noted = table.append_column("remark", pa.array([f"见{value}。" for value in planted]))
    pq.write_table(noted, path, compression="zstd")
    assert persons_in(path, persons) == planted
    number = next(value for value in planted if len(value) == 15)
    pq.write_table(table.append_column("remark", pa.array([int(number)] * len(planted))), path)
    assert persons_in(path, persons) == {number}


@pytest.mark.parametrize("written", [str, json.dumps, lambda value: zlib.compress(json.dumps(value).encode())])
def test_a_person_planted_in_the_event_log_is_found(
    sample: Home, persons: Persons, planted: set[str], tmp_path: Path, written: Callable[[str], str | bytes]
) -> None:
    path = copied(sample, "dagster/history/runs/index.db", tmp_path)
    assert persons_in(path, persons) == set()
    with closing(sqlite3.connect(path)) as log, log:
        log.executemany("INSERT INTO event_logs (run_id, event) VALUES ('r', ?)", [(written(v),) for v in planted])
    assert persons_in(path, persons) == planted


@pytest.mark.parametrize("pattern", ["reports/*.html", "submissions/*.json"])
def test_a_person_planted_in_text_is_found(
    sample: Home, persons: Persons, planted: set[str], tmp_path: Path, pattern: str
) -> None:
    path = copied(sample, pattern, tmp_path)
    assert persons_in(path, persons) == set()
    path.write_text(path.read_text("utf-8") + "".join(planted), "utf-8")
    assert persons_in(path, persons) == planted
