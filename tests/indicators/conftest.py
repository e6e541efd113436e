"""An empty year to draw in."""

from pathlib import Path

import pytest

from tests.indicators.year import Year


@pytest.fixture
def year(tmp_path: Path) -> Year:
    return Year(tmp_path)
