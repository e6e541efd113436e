"""First reports: whether what a school reports is the first that was received of it, or sent again after an answer.

A rule may be stricter with the first (`first_report` in the catalogue): what is sent again with the same figures has
been looked at.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa

from assets.house import House
from assets.intake.clean import reader_of
from assets.intake.reception import Reception
from assets.intake.together import SUBMISSION
from expectations.comparison import Comparison


class FirstReports:
    """The reports of one dataset, by their submissions; nothing is read before it is asked."""

    def __init__(self, house: House, comparison: Comparison) -> None:
        self._house, self._dataset = house, comparison.answers_for

    def are_first(self, rows: pa.Table) -> Sequence[bool]:
        """Of rows with submission_id, period and school_code, whether no earlier submission of the sender told them.

        A row that is no school's is asked about its sender.
        """
        places = rows.select(["submission_id", "period", "school_code"]).to_pylist()
        return [self._is_first(p["submission_id"], p["period"], p["school_code"]) for p in places]

    def _is_first(self, submission_id: str, period: str, school_code: str | None) -> bool:
        mine = self._receptions.get(submission_id)
        if mine is None:
            return True
        earlier = [
            r for r in self._receptions.values()
            if r.unit_code == mine.unit_code and r.sequence < mine.sequence and period in r.periods_in(self._dataset)
        ]  # fmt: skip
        return not any(school_code is None or school_code in self._schools_of(r, period) for r in earlier)

    @functools.cached_property
    def _receptions(self) -> dict[str, Reception]:
        receptions = self._house.ledger.receptions()
        return {r.submission_id: r for r in receptions if self._dataset in r.datasets and r.state == "received"}

    def _schools_of(self, reception: Reception, period: str) -> Collection[str]:
        told = self._told_in(reception.raw_name, is_shared=bool(reception.together))
        return told.get((reception.submission_id if reception.together else "", period), ())

    @functools.cache  # noqa: B019 - as long as one comparison is judged
    def _told_in(self, raw_name: str, *, is_shared: bool) -> Mapping[tuple[str, str], Collection[str]]:
        """The schools of each submission ('' in a file of one) and period, their codes as they are judged."""
        names = ["school_code", "period", *([SUBMISSION] if is_shared else [])]
        raw = self._house.lake.read("raw", self._dataset, raw_name, columns=names)
        column = self._house.contracts[self._dataset].column("school_code")
        texts = raw["school_code"].unique().drop_null().to_pylist()
        read = reader_of(column, None, self._house.regions)
        codes = {text: read(text).value for text in texts}
        told: dict[tuple[str, str], set[str]] = {}
        for row in raw.group_by(names).aggregate([]).to_pylist():
            if code := codes.get(row["school_code"]):
                told.setdefault((row.get(SUBMISSION, ""), row["period"]), set()).add(str(code))
        return told
