"""Looking for persons in files of any kind that a run leaves: as they lie there, and unpacked."""

import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

OPEN_TO_PERSONS = {"archive", "outbox"}
TEXT = {".json", ".csv", ".yaml", ".html", ".made_of", ".key", ".lock"}
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
    elif path.suffix == ".xlsx":
        yield from workbook_texts(path)
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


def workbook_texts(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            yield book.read(name).decode("utf-8", errors="replace")


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
