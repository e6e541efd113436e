"""No person of the sample is found in what a run leaves, outside the archive and what goes back to the units."""

import json
import re
import shutil
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from assets.intake.archive import Archive
from tests.pipelines.homes import Home
from tests.samples.landed import decoded, rows_of

pytestmark = pytest.mark.xdist_group("sample")
OPEN_TO_PERSONS = {"archive", "outbox"}
TEXT = {".json", ".yaml", ".html", ".made_of", ".key", ".lock"}
BESIDE = {".db-wal", ".db-shm"}  # what SQLite writes beside a file that is open: read with that file
ESCAPED = re.compile(r"\\u([0-9a-f]{4})", re.IGNORECASE)
LOOKS = {
    "student_id": r"433199\d{11}[\dXx]",
    "account": r"9433199\d{12}",
    "phone": r"100433\d{5}",
    "candidate_no": r"(?:19|20)4331\d{2}\d{7}",
    "name": r"[彭向田覃冉石龙麻吴廖隆时杨张王罗]样[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]",
}
WHOLE = {kind: re.compile(rf"(?<!\d){look}(?!\d)") for kind, look in LOOKS.items()}
ANYWHERE = {kind: re.compile(rf"(?=({look}))") for kind, look in LOOKS.items()}  # inside a longer number, too
Persons = Mapping[str, frozenset[str]]


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


def kept_files(home: Path) -> list[Path]:
    """Every file of the home where no person may be."""
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return [path for path in files if path.relative_to(home).parts[0] not in OPEN_TO_PERSONS]


def texts_of(path: Path) -> Iterator[str]:
    """Everything that a file says as text: as it lies there, and unpacked where its kind packs it."""
    yield path.read_bytes().decode("utf-8", errors="replace")
    if path.suffix == ".parquet":
        yield from parquet_texts(pq.read_table(path, partitioning=None))
    elif path.suffix == ".db":
        yield from sqlite_texts(path)
    else:
        assert path.suffix in TEXT | BESIDE or not path.suffix, f"{path.name}: no one looks into files of this kind"


def parquet_texts(table: pa.Table) -> Iterator[str]:
    for column in table.columns:
        flat = column.cast(pa.string()) if not pa.types.is_string(column.type) else column
        yield "\n".join(filter(None, pc.unique(flat).to_pylist()))


def sqlite_texts(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - names come from the file itself
                yield "\n".join(cell_texts(row))


def cell_texts(row: Iterable[object]) -> Iterator[str]:
    for cell in row:
        if isinstance(cell, bytes):
            yield unpacked(cell).decode("utf-8", errors="replace")
        elif cell is not None:
            yield str(cell)


def unpacked(blob: bytes) -> bytes:
    try:
        return zlib.decompress(blob)
    except zlib.error:
        return blob


def persons_in(path: Path, persons: Persons) -> set[str]:
    """The personal values that a file holds, those written with \\u escapes included."""
    found: set[str] = set()
    for text in texts_of(path):
        plain = ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "\\u" in text else text
        for kind, look in ANYWHERE.items():
            found |= persons[kind].intersection(look.findall(plain))
    return found


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
