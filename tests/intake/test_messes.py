"""Every mess of docs/intake.md: what a drawing gives is what it says, and a workbook gives the same as a CSV."""

from pathlib import Path
from typing import Any

import pytest

from tests.intake.messes import MESS_FILES, Mess, Read, drawn, read

MESSES = [pytest.param(drawn(path), id=path.stem) for path in MESS_FILES]


def told(found: Read, facts: dict[str, Any]) -> dict[str, Any]:
    """Of what a drawing expects, what came of it."""
    state = found.state
    every: dict[str, Any] = {
        "dataset": found.reception.dataset, "state": state, "findings": found.findings,
        "ignored": found.reception.rows_ignored, "notes": list(found.reception.notes),
        "period": next(iter(found.reception.periods), None),
    }  # fmt: skip
    if "rows" in facts:
        rows = found.table("rows")
        every["rows"] = {name: [_shown(row[name]) for row in rows] for name in facts["rows"]}
    return {name: every[name] for name in facts if name in every}


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | str) else str(value)


@pytest.mark.parametrize("mess", MESSES)
def test_a_mess_gives_what_its_drawing_says(mess: Mess, tmp_path: Path) -> None:
    expected = {name: value for name, value in mess.facts.items() if name not in {"mess", "what", "landed"}}
    found = read(mess.text(tmp_path / "a.csv"), f"{mess.landed}.csv", tmp_path / "lake")
    expected = {"findings": [], **expected}
    assert told(found, expected) == expected


@pytest.mark.parametrize("mess", MESSES)
def test_a_workbook_gives_the_same_rows_as_a_text_file(mess: Mess, tmp_path: Path) -> None:
    text = read(mess.text(tmp_path / "a.csv"), f"{mess.landed}.csv", tmp_path / "text")
    book = read(mess.workbook(tmp_path / "a.xlsx"), f"{mess.landed}.xlsx", tmp_path / "book")
    same = ("dataset", "state", "rows_read", "rows_ignored", "periods", "units")
    assert [getattr(book.reception, name) for name in same] == [getattr(text.reception, name) for name in same]
    assert book.raw == text.raw
    assert [(q.rule_id, q.cell) for q in book.reception.questions] == [
        (q.rule_id, q.cell) for q in text.reception.questions
    ]
