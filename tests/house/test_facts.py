"""A fact is told once, is used, and nothing in the project points outside it."""

import re
import subprocess
from pathlib import Path

import pytest

from assets.indicators.registry import indicators_of
from expectations.contract import load_contracts
from expectations.plan import load_plans
from tests.house.code import ROOT

TEXT = (".py", ".yaml", ".yml", ".md", ".toml", ".txt", ".csv", ".html", ".lock", "")
PLACES = sorted({str(ROOT), str(ROOT.parent), str(Path.home())} - {"/", "/tmp"})  # noqa: S108 - only compared


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).suffix in TEXT and path.is_file()]


def test_nothing_points_to_this_machine() -> None:
    files = tracked()
    assert len(files) > 150 and PLACES
    told = [f"{p.name}: {place}" for p in files for place in PLACES if f"{place}/".encode() in p.read_bytes()]
    assert told == []


def test_locks_hold_pins_and_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text("utf-8")
        pins = re.findall(r"^[a-z0-9._-]+==\S+", text, re.MULTILINE)
        assert len(pins) > 50
        assert "://" not in text and text.count("--hash=sha256:") >= len(pins)


def test_every_run_pin_is_a_development_pin_too() -> None:
    def pins(name: str) -> set[str]:
        return set(re.findall(r"^[a-z0-9._-]+==[^\s;\\]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))

    assert pins("requirements.lock") <= pins("requirements-dev.lock")


@pytest.mark.parametrize("year", sorted(load_plans()))
def test_every_commitment_has_its_indicators_and_every_planned_indicator_exists(year: int) -> None:
    plan = load_plans()[year]
    known = {item.id for item in indicators_of(plan.commitments)}
    named = {name for c in plan.commitments for name in (*c.indicator, *([c.worst] if c.worst else []))}
    assert named
    assert named - known == set()


def test_every_dataset_that_an_indicator_needs_has_a_contract() -> None:
    plan = load_plans()[2020]
    needed = {need.dataset for item in indicators_of(plan.commitments) for need in item.needs}
    assert len(needed) >= 9
    assert needed - set(load_contracts()) == set()
