"""What became of every row and filled cell of each submission: the table `submission_count` of a release.

A row of a file is accepted, in quarantine, ignored, or not judged yet, because no run computed its year. A cell went on
into the lake or was ignored. Counting is `assets/intake/counts.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from assets.intake.reception import Reception
from assets.judging.judgement import Judgement
from assets.judging.staging import main_period
from assets.submitted.answers import Account, accounts_of

_SCHEMA = pa.schema(
    [(name, pa.string()) for name in ("submission_id", "dataset", "period", "kind", "outcome", "reason")]
    + [("n", pa.int32())]
)


def submission_counts(receptions: Sequence[Reception], judgements: Iterable[Judgement]) -> pa.Table:
    """A row per submission, dataset, period, kind, outcome and reason; of a file that was not read there is none.

    What is nothing has no row.
    """
    ignored = {r.submission_id: r.rows_ignored for r in receptions}
    rows = [row for a in accounts_of(receptions, judgements) for row in _rows(a, ignored[a.submission_id])]
    cells = [row for reception in receptions for row in _cells(reception)]
    return pa.Table.from_pylist([row for row in (*rows, *cells) if row["n"]], schema=_SCHEMA)


def _rows(account: Account, ignored: dict[str, int]) -> Iterator[dict[str, Any]]:
    about = {"submission_id": account.submission_id, "dataset": account.dataset, "period": account.period,
             "kind": "rows", "reason": None}  # fmt: skip
    unjudged = account.rows_read - account.rows_accepted - account.rows_quarantined - account.rows_ignored
    yield about | {"outcome": "accepted", "n": account.rows_accepted}
    yield about | {"outcome": "quarantined", "n": account.rows_quarantined}
    yield about | {"outcome": "unjudged", "n": unjudged}
    if account.rows_ignored:
        for reason, n in sorted(ignored.items()):
            yield about | {"outcome": "ignored", "reason": reason, "n": n}


def _cells(reception: Reception) -> Iterator[dict[str, Any]]:
    about = {"submission_id": reception.submission_id, "dataset": reception.dataset, "period": main_period(reception),
             "kind": "cells"}  # fmt: skip
    yield about | {"outcome": "placed", "reason": None, "n": reception.cells_placed}
    for reason, n in sorted(reception.cells_ignored.items()):
        yield about | {"outcome": "ignored", "reason": reason, "n": n}
