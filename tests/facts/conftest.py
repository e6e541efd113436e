"""A year drawn by hand, as indicators have it, with three listed schools."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.indicators.year import Year


@pytest.fixture
def year(tmp_path: Path) -> Year:
    """A year without rows but for the school list: a primary school, its teaching point, a school of another unit."""
    made = Year(tmp_path)
    made.put("school", {"school_code": "P", "kind": "211", "sponsor": "831"},
             {"school_code": "T", "kind": "218", "sponsor": "831", "parent_school_code": "P"})  # fmt: skip
    made.put("school", {"school_code": "Q", "kind": "312", "sponsor": "831"}, unit="433122")
    return made
