"""`xiangxi check` says of the sample's files with findings what the night said of them, one for one."""

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.pipelines.homes import Home, Row
from tests.pipelines.test_check import of_check, of_night, place_of, states_of, told
from warehouse.schema import submission

pytestmark = pytest.mark.xdist_group("sample")


def test_what_check_says_of_the_sample_is_what_the_night_said(sample: Home, tmp_path: Path) -> None:
    home, night = bare_home(sample, tmp_path), sample.findings()
    asked = few_of_each_dataset(night)
    ledger = home / "lake" / "submissions"
    paths = [json.loads((ledger / f"{name}.json").read_text("utf-8"))["path"] for name in asked]
    for name in asked:
        (ledger / f"{name}.json").unlink()
    code, files = told(home, *(sample.landing / path for path in paths))
    assert code == 1
    assert [file["submission_id"] for file in files] == asked
    assert of_check(files) == of_night(night, set(asked))
    assert len(of_check(files)) > 10
    assert {finding["severity"] for file in files for finding in file["findings"]} == {"must_fix", "must_explain"}
    assert states_of(files).items() <= {place_of(row): row["state"] for row in sample.rows(submission)}.items()


def few_of_each_dataset(findings: Iterable[Row]) -> list[str]:
    """Two submissions with findings of each dataset: the rest is judged in the same way."""
    mine: dict[str, set[str]] = {}
    for row in findings:
        mine.setdefault(row["dataset"], set()).add(row["submission_id"])
    return list(dict.fromkeys(name for names in mine.values() for name in sorted(names)[:2]))


def bare_home(home: Home, root: Path) -> Path:
    """The same home as far as a check reads it, by links, so that it costs no time; what has findings is unknown."""
    for part in ("submissions", "raw", "staged"):
        shutil.copytree(home.home / "lake" / part, root / "lake" / part, copy_function=os.link)
    os.link(home.home / "pseudonym.key", root / "pseudonym.key")
    return root
