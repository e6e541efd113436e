"""What an unexpected error may say: its kind and place, never its text, which can quote cells of persons."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assets.indicators.errors import IndicatorError
from assets.intake.pseudonym import KeyRefused
from expectations.errors import ExpectationsError
from warehouse.errors import WarehouseError


class StepFailedError(Exception):
    """A step failed by our fault; what was published before still stands. The command `xiangxi run` tries again."""

    exit_code = 3
    retry = False


OURS = (ExpectationsError, WarehouseError, IndicatorError, KeyRefused, StepFailedError)
"""Errors that are worded without values; each knows its exit code."""


@contextmanager
def guarded(step: str) -> Iterator[None]:
    """Let our own errors through, which are worded without values; reduce any other to its kind and place.

    Raises:
        StepFailedError: in place of the unexpected error.
    """
    try:
        yield
    except OURS:
        raise
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames[-6:]))
        kind = type(error).__name__
        told = f"{kind}（{error.strerror}）" if isinstance(error, OSError) and error.strerror else kind
        raise StepFailedError(f"{step}：{told}，位于 {places}。已发布的数据没有变动。") from None
