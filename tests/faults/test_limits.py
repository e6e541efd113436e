"""Every limit of a delivered file is a setting, stands on its page, and refuses what passes it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.house import House
from assets.intake.limits import Limits
from assets.intake.receive import receive
from assets.intake.reception import Delivery, Reception
from pipelines.settings import Settings
from tests.faults.hostile import ledger_csv, ledger_xml
from tests.house.test_docs import CODE, rows_of
from tests.intake.books import book


def answer(house: House, path: Path) -> str:
    """State of a file, or the reason why it is not read."""
    delivery = Delivery(
        archived=path, unit_code="433126", sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        path=f"433126/{path.name}", received_at=datetime(2020, 9, 15, tzinfo=UTC), sequence=1,
    )  # fmt: skip
    got = receive(
        delivery, house.contracts, house.regions, house.intake().pseudonymiser, house.home / "raw", house.limits
    )
    assert isinstance(got, Reception)
    return got.problems[0].rule_id if got.problems else got.state


@pytest.mark.parametrize(
    ("form", "lowered", "expected"),
    [
        ("xlsx", {"WORKBOOK_BYTES": "1000"}, "intake.too_large"),
        ("csv", {"TEXT_BYTES": "100"}, "intake.too_large"),
        ("xlsx", {"ZIP_MEMBERS": "4"}, "intake.unpacks_too_large"),
        ("xlsx", {"UNPACKED_BYTES": "1500"}, "intake.unpacks_too_large"),
        ("xlsx", {"UNPACKED_RATIO": "1", "RATIO_FROM_BYTES": "500"}, "intake.unpacks_too_large"),
        ("xlsx", {"UNPACKED_RATIO": "1", "RATIO_FROM_BYTES": "50000"}, "received"),
        ("xlsx", {"CELLS": "13"}, "intake.too_many_cells"),
        ("xlsx", {"CELL_CHARACTERS": "9"}, "intake.cell_too_long"),
        ("csv", {"CELL_CHARACTERS": "9"}, "intake.cell_too_long"),
        ("csv", {"HEAD_ROWS": "1"}, "intake.unrecognised"),
        ("xlsx", {}, "received"),
        ("csv", {"HEAD_ROWS": "2", "CELLS": "1", "WORKBOOK_BYTES": "1"}, "received"),
    ],
)
def test_each_limit_of_a_file_can_be_lowered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, lowered: dict[str, str], expected: str
) -> None:
    path = tmp_path / f"表.{form}"
    if form == "xlsx":
        book(path, ledger_xml())
    else:
        path.write_bytes("2020-2021学年\n".encode() + ledger_csv(45))
    for name, value in lowered.items():
        monkeypatch.setenv(f"XIANGXI_LIMITS__{name}", value)
    assert answer(Settings(home=tmp_path / "home").house(), path) == expected


def test_every_limit_stands_on_its_page_with_its_default_and_its_test() -> None:
    rows = rows_of("docs/intake.md", "## Limits")
    told = {CODE.findall(row[0])[0].lower(): int(row[1].replace(",", "")) for row in rows}
    assert told == asdict(Limits())
    tests = "".join(p.read_text("utf-8") for p in Path(__file__).parents[1].rglob("test_*.py"))
    assert [row[4] for row in rows if f"def {CODE.findall(row[4])[0]}(" not in tests] == []


def test_reasons_on_the_page_are_those_of_the_code() -> None:
    sections = ("## Hostile files and names", "## Limits")
    told = {
        name for place in sections for row in rows_of("docs/intake.md", place) for name in CODE.findall(" ".join(row))
    }
    code = "".join(p.read_text("utf-8") for p in (Path(__file__).parents[2] / "assets" / "intake").glob("*.py"))
    reasons = {name.removeprefix("intake.") for name in told if name.startswith("intake.")}
    assert len(reasons) >= 11
    assert [name for name in reasons if f'"{name}"' not in code and f'"intake.{name}"' not in code] == []
