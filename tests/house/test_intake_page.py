"""The page of messes names every mess, and for each a test that exists and the file that it reads."""

import re

from tests.house.code import ROOT
from tests.house.test_docs import CODE, rows_of

PAGE = "docs/intake.md"
DRAWN = "drawn in the test"
FILES = {path.name for path in (ROOT / "tests" / "intake" / "files").rglob("*") if path.is_file()}
TESTS = set(
    re.findall(r"^def (test_\w+)", "\n".join(p.read_text("utf-8") for p in (ROOT / "tests").rglob("*.py")), re.M)
)
MESSES = [f"M{number}" for number in range(1, 23)]


def messes_of(rows: list[list[str]]) -> list[str]:
    return [row[0] for row in rows if row[0]]


def test_every_mess_stands_on_the_page_with_what_is_done() -> None:
    rows = rows_of(PAGE, "## Messes")
    assert messes_of(rows) == MESSES
    assert all(len(row) == 3 and all(row[1:]) for row in rows)


def test_every_mess_is_held_by_a_test_and_a_file_that_exist() -> None:
    rows = rows_of(PAGE, "## What holds them")
    assert messes_of(rows) == MESSES
    assert {name for row in rows for name in CODE.findall(row[1])} - TESTS == set()
    assert all(CODE.findall(row[1]) for row in rows)
    assert {name for row in rows for name in CODE.findall(row[2])} - FILES == set()
    assert all(CODE.findall(row[2]) or row[2] == DRAWN for row in rows)


def test_every_drawing_and_saved_file_is_told_or_of_a_kind_that_is() -> None:
    told = {name for row in rows_of(PAGE, "## What holds them") for name in CODE.findall(row[2])}
    drawn = {path.name for path in (ROOT / "tests" / "intake" / "files" / "messes").iterdir()}
    assert len(drawn) >= 20
    assert drawn - told == set()
